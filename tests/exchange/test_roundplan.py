"""assignments.csv of one round: what may be named, and that it is read back as it was written."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from contest.exchange.roundplan import PlanFile, Scope, plan_csv, read_plan
from contest.infra.tables import read_csv

SCOPE = Scope("r1", ("BT-1", "BT-2"), ("GK1", "=GK2"), conflicts={("BT-2", "GK1")}, max_loads={"=GK2": 1})


def read(text: str, scope: Scope = SCOPE) -> PlanFile:
    table = read_csv("assignments.csv", text.encode())
    assert table.problems == ()
    return read_plan(table, scope)


def found(plan: PlanFile) -> list[tuple[str, int | None, str | None]]:
    return [(each.code, each.row, each.column) for each in plan.problems]


def test_a_plan_is_read_without_regard_to_case() -> None:
    plan = read("Round;JUDGE;submission;pinned\nR1;gk1;bt-1;có\n")
    assert (plan.pairs, plan.problems) == ({("BT-1", "GK1"): True}, ())


def test_pinned_may_be_absent() -> None:
    assert read("round,judge,submission\nr1,GK1,BT-1\n").pairs == {("BT-1", "GK1"): False}


def test_everything_that_cannot_be_is_named() -> None:
    plan = read(
        "round,judge,submission,pinned\n"
        "r2,GK1,BT-1,\n"
        "r1,GK3,BT-1,\n"
        "r1,GK1,BT-3,\n"
        "r1,GK1,BT-2,\n"
        "r1,=GK2,BT-1,\n"
        "r1,=GK2,BT-2,\n"
        "r1,=GK2,BT-2,\n"
        "r1,GK1,,\n"
    )
    assert found(plan) == [
        ("unknown_round", 2, "round"),
        ("unknown_judge", 3, "judge"),
        ("unknown_submission", 4, "submission"),
        ("pair_in_conflict", 5, "judge"),
        ("load_passed", 7, "judge"),
        ("row_again", 8, None),
        ("cell_empty", 9, "submission"),
    ]


def test_a_missing_column_is_enough() -> None:
    assert found(read("round,judge\nr1,GK1\n")) == [("column_missing", 1, "submission")]


codes = st.from_regex(r"[=+\-@']?[A-Za-zạđ0-9 ,\"']{0,4}[a-z0-9]", fullmatch=True)


@settings(max_examples=40)
@given(st.lists(codes, unique_by=str.casefold, min_size=1, max_size=4), st.data())
def test_what_is_written_is_read_back(names: list[str], data: st.DataObject) -> None:
    names = [" ".join(name.split()) for name in names]
    scope = Scope("r1", names, names)
    chosen = data.draw(st.dictionaries(st.tuples(st.sampled_from(names), st.sampled_from(names)), st.booleans()))
    written = plan_csv("r1", [(*pair, pinned) for pair, pinned in chosen.items()])
    if len({name.casefold() for name in names}) < len(names):
        return
    assert read(written.decode(), scope) == PlanFile(chosen)
