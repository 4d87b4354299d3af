"""PR-14: one command tells whose records were opened, and writes the letters; the record of processing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from contest.editions.privacy import AgeBand
from contest.infra.db import Base, db, unit_of_work
from contest.judging.models import Look
from contest.privacy.catalogue import CATALOGUE
from contest.privacy.classes import PERSONAL
from contest.privacy.incident import summary
from contest.privacy.queries.breach import affected
from contest.privacy.record import record_text
from contest.submissions.models import TeamMember
from tests.factories import Make
from tests.privacy.world import ANN, BEN, World, build

AT = datetime(2026, 10, 8, 5, 0, tzinfo=UTC)


@pytest.fixture
def looked(make: Make, app: Flask, noon: datetime) -> World:
    """The organiser opened the entry at noon; Ánh is 12, Bình tells a band of 16 and more."""
    world = build(make, app, noon)
    with unit_of_work() as session:
        ann, ben = db.session.query(TeamMember).order_by(TeamMember.position).all()
        ann.birth_date, ben.age_band = date(2014, 10, 9), AgeBand.FROM_16
        session.add(
            Look(
                edition_id=world.edition, user_id=world.organiser, page="submissions.one", subject="BT-1",
                submission_id=world.submission, day=noon.date(), first_at=noon,
            )
        )  # fmt: skip
    return world


def found(since: datetime, until: datetime, account: str = "") -> list[tuple[str, str]]:
    people = affected(since=since, until=until, account=account, today=AT.date())
    return [(one.name, one.child) for one in people]


@pytest.mark.both_databases
def test_pr_14_everybody_whose_record_was_opened_is_named_and_children_are_marked(looked: World) -> None:
    del looked
    assert found(AT, AT + timedelta(seconds=1)) == [(ANN, "yes"), (BEN, "no")]
    assert found(AT - timedelta(hours=1), AT) == []
    assert found(AT + timedelta(microseconds=1), AT + timedelta(hours=1)) == []


def test_pr_14_one_account_narrows_it(looked: World) -> None:
    users = Base.metadata.tables["users"]
    email = db.session.scalar(users.select().where(users.c.id == looked.organiser).with_only_columns(users.c.email))
    hour = (AT, AT + timedelta(hours=1))
    assert len(found(*hour, str(email))) == 2
    assert found(*hour, "somebody@example.org") == []


def test_pr_14_a_page_about_all_entries_affects_every_team(looked: World, make: Make) -> None:
    with unit_of_work() as session:
        session.query(Look).update({Look.submission_id: None})
    assert [name for name, _ in found(AT, AT + timedelta(hours=1))] == [ANN, BEN]
    del looked, make


def test_pr_14_the_command_writes_the_list_and_four_letters(looked: World, app: Flask, tmp_path: Path) -> None:
    del looked
    args = ["privacy", "breach", "--from", "2026-10-08", "--to", "2026-10-09", "--known", "2026-10-09T08:00"]
    result = app.test_cli_runner().invoke(args=[*args, "--out", str(tmp_path / "kit")], catch_exceptions=False)
    said = result.output
    assert "2 people, 1 children, 0 of unknown age" in said
    assert "tell the authority by 2026-10-12T08:00+00:00" in said
    assert sorted(path.name for path in (tmp_path / "kit").iterdir()) == [
        "affected.csv", "authority.en.txt", "authority.vi.txt", "people.en.txt", "people.vi.txt",
    ]  # fmt: skip
    letter = (tmp_path / "kit" / "authority.vi.txt").read_text(encoding="utf-8")
    assert "2026-10-12T08:00+00:00" in letter
    assert "trẻ em dưới 16 tuổi: 1" in letter
    assert ANN in (tmp_path / "kit" / "affected.csv").read_text(encoding="utf-8-sig")
    assert ANN not in letter


def test_the_clock_runs_72_hours_from_when_it_is_known() -> None:
    facts = summary(["yes", "unknown", "no", "no"], known_at=AT)
    assert (facts.people, facts.children, facts.unknown, facts.due_at - AT) == (4, 1, 1, timedelta(hours=72))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pr_02_the_record_of_processing_names_every_table_with_personal_data(language: str) -> None:
    text = record_text(language)
    named = {line.split(" | ")[0].removeprefix("| ") for line in text.splitlines() if line.startswith("| ")}
    assert {one.table for one in CATALOGUE.values() if one.of(*PERSONAL)} <= named
    assert "……" in text
