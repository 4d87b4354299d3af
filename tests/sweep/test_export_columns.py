"""EX-03: what stands in each file that is given out, column by column, and for whom: one more, or one fewer, fails."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import PurePosixPath

import openpyxl
import pytest

from tests.sweep.access_matrix import ROLES
from tests.sweep.addresses import readable, true_paths
from tests.sweep.export_columns import COMMITTEE, EXPORTS, ORGANISERS
from tests.sweep.site import Site
from tests.sweep.test_json_keys import keys_of

pytestmark = [pytest.mark.trust, pytest.mark.timeout(300)]
KINDS = {
    "text/csv": ".csv",
    "application/json": ".json",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}
ASKED = ("organiser", "captain", "judge")
"""Who asks for every address there is: between them they get each kind of file."""
PERSONAL = re.compile(r"e-?mail|thư điện tử|phone|điện thoại|birth|sinh|address$|địa chỉ$", re.IGNORECASE)
HEADINGS_WITHIN = 6
Shape = dict[str, set[str]]


def shape_of(data: bytes, name: str) -> Shape:
    """Return the headings or keys of a file by its name, and those of each sheet or file in it; a number is "#"."""
    kind = PurePosixPath(name).suffix
    if kind == ".csv":
        return {name: set(next(csv.reader(io.StringIO(data.decode("utf-8-sig"))), ()))}
    if kind == ".json":
        return {name: keys_of(json.loads(data))}
    if kind == ".xlsx":
        return headings_of(data, name)
    found: Shape = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for one in archive.namelist():
            suffix = PurePosixPath(one).suffix
            found |= (
                shape_of(archive.read(one), f"{name}/{one}") if suffix in KINDS.values() else {f"{name}/{one}": set()}
            )
    return found


def headings_of(data: bytes, name: str) -> Shape:
    """Return the fullest of the first rows of each sheet."""
    found: Shape = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(data), data_only=True):
        first = sheet.iter_rows(max_row=HEADINGS_WITHIN, values_only=True)
        rows = [{str(cell) for cell in row if cell is not None} for row in first]
        found[f"{name}#{sheet.title}"] = max(rows, key=len, default=set())
    return found


def without_numbers(shape: Shape) -> Shape:
    found: Shape = {}
    for name, columns in shape.items():
        plain = {re.sub(r"\d+", "#", one) for one in columns}
        found.setdefault(re.sub(r"(?<=[-\w])\d+(?=\.json)", "#", name), set()).update(plain)
    return found


def files_of(site: Site, role: str, endpoint: str = "") -> dict[str, Shape]:
    """Return what a role gets at every address, or at those of one, by endpoint."""
    found: dict[str, Shape] = {}
    for rule in readable():
        if endpoint not in ("", rule.endpoint):
            continue
        for path in true_paths(site.app, rule, site.world.own)[: 8 if endpoint else 1]:
            with site.person(role).get(path) as answer:
                kind = KINDS.get(str(answer.mimetype))
                told = answer.headers.get("Content-Disposition", "")
                if answer.status_code != 200 or kind is None or not told.startswith("attachment"):
                    continue
                held = found.setdefault(rule.endpoint, {})
                for name, columns in without_numbers(shape_of(answer.get_data(), f"file{kind}")).items():
                    held.setdefault(name, set()).update(columns)
    return found


def test_ex_03_every_role_gets_the_columns_that_are_declared(site: Site) -> None:
    roles = [role for role in ROLES if role in ("visitor", *site.world.tokens)]
    for endpoint, (entitled, parts) in EXPORTS.items():
        declared = {name: set(text.split(" | ")) - {""} for name, text in parts.items()}
        got = {role: files_of(site, role, endpoint).get(endpoint) for role in roles}
        given = {role: shape for role, shape in got.items() if shape is not None}
        assert set(given) == entitled & set(roles), endpoint
        for role, shape in given.items():  # who has handed nothing in gets no receipt: fewer parts, no other ones
            assert shape == {name: declared.get(name) for name in shape}, (endpoint, role)
        assert set().union(*given.values()) == set(declared), endpoint


@pytest.mark.parametrize("role", ASKED)
def test_ex_03_no_file_is_given_out_that_is_not_declared(site: Site, role: str) -> None:
    assert {endpoint for endpoint in files_of(site, role) if endpoint not in EXPORTS} == set()


def test_ex_03_only_organisers_are_given_addresses_numbers_and_birthdays() -> None:
    """Nobody else has a column that tells how to reach a person, or when one was born."""
    for endpoint, (entitled, parts) in EXPORTS.items():
        told = [one for text in parts.values() for one in text.split(" | ") if PERSONAL.search(one)]
        assert not told or entitled <= ORGANISERS, (endpoint, told)
    assert COMMITTEE > ORGANISERS
    assert any(PERSONAL.search(text) for _, parts in EXPORTS.values() for text in parts.values())
