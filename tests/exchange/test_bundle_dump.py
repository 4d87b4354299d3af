"""Writing a bundle and reading it again gives the same bundle, and real panels survive it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contest.errors import Problem
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.bundle.model import DOCUMENT, READ_TABLES, Bundle, ParsedBundle
from contest.exchange.bundle.parse import parse_bundle
from contest.exchange.bundle.settle import settled
from contest.infra.bundle_files import read_bundle_folder
from contest.infra.tables import read_csv
from tests.exchange.strategies import bundles

PANELS = Path(__file__).parent.parent / "data" / "panels"


def reread(files: dict[str, bytes]) -> ParsedBundle:
    tables = {name[:-4]: read_csv(name, data) for name, data in files.items() if name != DOCUMENT}
    assert [table.problems for table in tables.values() if table.problems] == []
    return parse_bundle(files[DOCUMENT].decode(), tables)


def panel(name: str) -> Bundle:
    files = read_bundle_folder(PANELS / name, READ_TABLES)
    parsed = parse_bundle(files.document, files.tables)
    assert (files.problems, parsed.problems, parsed.warnings) == ((), (), ())
    assert parsed.bundle is not None
    return parsed.bundle


@given(bundles())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_parsing_what_was_dumped_gives_the_same_bundle(bundle: Bundle) -> None:
    parsed = reread(dump_bundle(bundle))
    assert parsed.problems == ()
    assert parsed.bundle == bundle
    assert settled(bundle) == bundle


@pytest.mark.parametrize(
    ("name", "submissions", "judges", "criteria", "scores", "papers"),
    [
        ("panel-mean-10x9-red", 10, 9, 1, 90, 90),
        ("panel-mean-10x9-white", 10, 9, 1, 90, 90),
        ("panel-trimmed-11x9", 11, 9, 5, 495, 99),
        ("panel-trimmed-37x9", 37, 9, 5, 1665, 333),
    ],
)
def test_real_panels(name: str, submissions: int, judges: int, criteria: int, scores: int, papers: int) -> None:
    bundle = panel(name)
    assert bundle.edition.code == name
    assert [len(each.criteria.criteria) for each in bundle.edition.rounds] == [criteria]
    assert (len(bundle.submissions), len(bundle.judges), len(bundle.scores)) == (submissions, judges, scores)
    assert len(bundle.scorecards) == len(bundle.assignments) == papers
    assert {card.status.value for card in bundle.scorecards} == {"submitted"}
    files = dump_bundle(bundle)
    assert sorted(files) == [DOCUMENT, "judges.csv", "scores.csv", "submissions.csv"]
    assert reread(files).bundle == bundle


def test_a_plain_panel_stays_plain() -> None:
    files = dump_bundle(panel("panel-trimmed-11x9"))
    assert files["submissions.csv"].decode().splitlines()[:2] == ["submission,title,team", "E01,Entry 01,Team 01"]
    assert files["scores.csv"].decode().splitlines()[:2] == [
        "round,judge,submission,criterion,score",
        "r1,J1,E01,CO,6.5",
    ]
    assert files[DOCUMENT].decode().partition("\n  [[rounds.criteria]]")[0] == (
        "[edition]\n"
        'code = "panel-trimmed-11x9"\n'
        'name = { vi = "Bài thi tự do", en = "Free programme" }\n'
        'organiser = "ISU panel"\n'
        'timezone = "Asia/Ho_Chi_Minh"\n'
        "\n"
        "[[rounds]]\n"
        'code = "r1"\n'
        'name = { vi = "Phần thi", en = "Segment" }\n'
        'kind = "final"\n'
        'combine = "criterion"\n'
        'aggregate = "trimmed"\n'
        "min_judges = 5\n"
    )


@given(st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_the_order_of_rows_does_not_matter(chance: random.Random) -> None:
    bundle = panel("panel-mean-10x9-red")
    files = dump_bundle(bundle)
    header, *rows = files["scores.csv"].decode().splitlines()
    chance.shuffle(rows)
    assert reread({**files, "scores.csv": "\n".join([header, *rows]).encode()}).bundle == bundle


@given(st.integers(0, 89), st.sampled_from(["doubled", "shifted", "unknown judge", "off step"]))
@settings(max_examples=20)
def test_a_changed_row_is_named(place: int, change: str) -> None:
    files = dump_bundle(panel("panel-mean-10x9-red"))
    lines = files["scores.csv"].decode().splitlines()
    cells = lines[place + 1].split(",")
    row, column = place + 2, "score"
    match change:
        case "doubled":
            lines.append(lines[place + 1])
            row, column = 92, ""
        case "shifted":
            lines[place + 1] = ",".join([*cells[1:], cells[0]])
            column = "round"
        case "unknown judge":
            lines[place + 1] = ",".join([cells[0], "J99", *cells[2:]])
            column = "judge"
        case _:
            lines[place + 1] = ",".join([*cells[:4], "7.3"])
    parsed = reread({**files, "scores.csv": "\n".join(lines).encode()})
    assert parsed.bundle is None
    first: Problem = parsed.problems[0]
    assert (first.file, first.row, first.column or "") == ("scores.csv", row, column)
