"""What the database has no room for, how much a bundle holds, and the archive of it."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from zipfile import ZipFile

import pytest

from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.exchange.bundle.model import Bundle, BundleEdition, BundleField, BundleJudge, BundleTrack
from contest.exchange.counting import counts
from contest.exchange.storable import check_storable, remarks, storable_problems
from contest.infra.archive import zipped

EMPTY = Bundle(BundleEdition("e", LocalText("E")))


def judge(code: str = "GK1", email: str = "", fields: int = 0, languages: int = 0) -> BundleJudge:
    return BundleJudge(
        code,
        code,
        email=email,
        fields=tuple(f"linh-vuc-{number:03d}" for number in range(fields)),
        languages=tuple(f"tieng-{number:03d}" for number in range(languages)),
    )


@pytest.mark.parametrize(
    ("one", "columns"),
    [
        (judge(fields=38), []),
        (judge(fields=39), ["fields"]),
        (judge(languages=10), []),
        (judge(languages=11), ["languages"]),
    ],
)
def test_long_lists_are_named_by_row_and_column(one: BundleJudge, columns: list[str]) -> None:
    bundle = replace(EMPTY, judges=(judge("GK0"), one))
    found = list(storable_problems(bundle))
    assert [(each.file, each.row, each.column) for each in found] == [("judges.csv", 3, column) for column in columns]
    if columns:
        with pytest.raises(RuleBroken, match="list_too_long"):
            check_storable(bundle)
    else:
        check_storable(bundle)


def test_an_address_is_remarked_the_second_time() -> None:
    bundle = replace(EMPTY, judges=(judge("A", "x@y.vn"), judge("B"), judge("C", "X@Y.vn"), judge("D")))
    assert [(each.row, each.facts) for each in remarks(bundle)] == [
        (4, {"judge": "C", "other": "A", "email": "X@Y.vn"})
    ]


def test_empty_tables_are_not_counted_but_submissions_always_are() -> None:
    assert counts(EMPTY) == {"submissions": 0}
    edition = replace(
        EMPTY.edition, tracks=(BundleTrack("A", LocalText("A")),), fields=(BundleField("f", LocalText("F")),)
    )
    assert counts(replace(EMPTY, edition=edition, judges=(judge(),))) == {
        "tracks": 1,
        "fields": 1,
        "submissions": 0,
        "judges": 1,
    }


def test_an_archive_has_the_files_in_order_and_no_time_of_its_own() -> None:
    files = {"b.csv": b"2", "a.csv": "á".encode()}
    data = zipped(files)
    assert data == zipped(dict(files))
    with ZipFile(BytesIO(data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert archive.namelist() == ["b.csv", "a.csv"]
