"""IN-08: the naughty strings in every column of every table that is imported: taken, or refused with words."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from tests.fuzz.naughty import bundles, strings
from tests.sweep.forms import Filled, fill
from tests.sweep.hostile import Attack
from tests.sweep.site import Answer, Site, read
from tests.sweep.test_forms import TOLD, send

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(900)]
SHEETS = {
    "exchange.receive_sheet": "file",
    "exchange.receive_plan": "file",
    "results.read_measured": "file-file",
    "booths.read_sheet": "file",
}
# How many letters stand in one cell together: cells of names take few, cells of texts many.
ROOMS = (60, 1500)
Table = list[list[str]]


def rows_of(data: bytes) -> Table:
    text = data.decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ","))


def as_csv(rows: Table) -> bytes:
    made = StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode("utf-8", "replace")


def spoilt(rows: Table) -> Iterator[tuple[str, bytes]]:
    """Yield the table with the strings in one column after the other, one row each; then in all; then as the heads.

    A string stands alone in its cell; where a cell takes only few letters nobody hides behind another one.
    """
    head, first = rows[0], rows[1] if len(rows) > 1 else ["1"] * len(rows[0])
    for place, name in enumerate(head):
        yield name, as_csv([head, *([*first[:place], value, *first[place + 1 :]] for value in strings())])
    yield "every column", as_csv([head, *([value] * len(head) for value in strings())])
    for room in ROOMS:
        yield f"heads of {room}", as_csv([[*(" ".join(one) for one in bundles(room, strings()))], first])


def fault(site: Site, form: Filled) -> str:
    """Send the form and look at the page that follows; return what is wrong, or nothing."""
    answer = send(site, Attack("file", form))
    if 300 <= answer.status < 400 and answer.location:
        answer = read(site.person(form.role).get(answer.location))
    wrong = judged(answer)
    if not site.untouched():
        site.restore()
    return wrong


def judged(answer: Answer) -> str:
    if answer.status >= 500:
        return f"answered {answer.status}"
    told = any(mark in answer.text for mark in (*TOLD, 'role="alert"'))
    return "" if answer.status < 400 or told else f"answered {answer.status} without words"


@pytest.mark.parametrize("key", SHEETS)
def test_in_08_no_string_in_a_sheet_breaks_its_import(site: Site, key: str) -> None:
    form, name = fill(site, key), SHEETS[key]
    _, usual = form.data[name]
    found = {column: fault(site, form.having(name, ("to.csv", data))) for column, data in spoilt(rows_of(usual))}
    assert len(found) > 3
    assert {column: wrong for column, wrong in found.items() if wrong} == {}


def test_in_08_no_string_in_a_bundle_breaks_its_import(site: Site) -> None:
    form = fill(site, "exchange.receive_bundle")
    with ZipFile(BytesIO(site.world.own.bundle)) as archive:
        files = {one: archive.read(one) for one in archive.namelist()}
    tables = [one for one in files if one.endswith(".csv")]
    assert len(tables) > 5
    found = {
        f"{table} {column}": fault(site, form.having("files", ("mua.zip", packed({**files, table: data}))))
        for table in tables
        for column, data in spoilt(rows_of(files[table]))
    }
    assert {column: wrong for column, wrong in found.items() if wrong} == {}


def packed(files: dict[str, bytes]) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_in_08_no_string_in_a_list_of_the_panel_breaks_its_import(site: Site) -> None:
    form = fill(site, "panel.import_list")
    lists = {
        "a name each": "\n".join(" ".join(one.split()) for one in strings()),
        "behind a name": "\n".join(f"Trần Ngọc Ánh {n}; {one}" for n, one in enumerate(strings())),
        "in every cell": "\n".join(f"{one}; {one}; {one}; {one}" for one in strings()),
        **{f"alone: {one}": one for one in strings()[::8]},
    }
    found = {name: fault(site, form.having("text", value)) for name, value in lists.items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
