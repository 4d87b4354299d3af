"""PR-05: the export holds exactly the person's data, by the classes of the columns."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, String, Text, update

from contest.infra.db import Base, db, unit_of_work
from contest.infra.storage import current_storage
from contest.infra.types import EnumText, ExactDecimal
from contest.privacy.catalogue import CATALOGUE
from contest.privacy.classes import Data, Whose
from contest.privacy.exports import own_data_zip
from contest.privacy.persons import Subject
from contest.privacy.queries.own import own_data
from contest.privacy.queries.people import person_of, rows_of, table_of
from tests.factories import Make
from tests.privacy.world import ANN, BEN, BYTES, JUDGE, World, build, freeze

TOLD = {Data.IDENTITY, Data.CONTACT, Data.CHILD, Data.CONTENT, Data.MARKS}
# Constraints that a planted word would break, and what finds the person again.
LEFT = {"users.name", "team_members.name", "certificates.content", "volunteers.email", "outbox_mails.recipient"}


def opened(subject: Subject, now: datetime) -> tuple[dict[str, Any], dict[str, bytes]]:
    made = own_data_zip(own_data(person_of(subject)), current_storage(), now=now)
    with zipfile.ZipFile(io.BytesIO(made)) as held:
        return json.loads(held.read("data.json")), {name: held.read(name) for name in held.namelist()}


def plant(subject: Subject, mark: str) -> set[str]:
    """Write a word of its own into every text column of the rows that are the person's alone; return those told."""
    person = person_of(subject)
    told: set[str] = set()
    for entry in CATALOGUE.values():
        table = table_of(entry)
        if entry.whose is not Whose.PERSON or entry.table in ("audit_entries", "score_events"):
            continue
        where = rows_of(entry, person)
        for name, data in entry.columns.items():
            column = table.c[name]
            place = f"{entry.table}.{name}"
            plain = isinstance(column.type, String | Text) and not isinstance(
                column.type, EnumText | ExactDecimal | JSON
            )
            if not plain or place in LEFT or column.unique or column.foreign_keys or data is Data.FILE:
                continue
            word = f"{mark}{len(told)}x"[: getattr(column.type, "length", None) or 40]
            if data in (Data.TECHNICAL, Data.CREDENTIAL, Data.LINK):
                continue
            with unit_of_work() as session:
                done: Any = session.execute(update(table).where(where).values({name: word}))
                if done.rowcount and data in TOLD and name not in entry.hidden:
                    told.add(word)
    return told


def test_pr_05_it_holds_every_word_of_the_person_and_nobody_elses(make: Make, app: Flask, noon: datetime) -> None:
    world = build(make, app, noon)
    mine, theirs = plant(world.subject, "annword"), plant(world.ben, "benword")
    judges = plant(Subject(user_id=judge_user(world)), "judgeword")
    assert min(len(mine), len(judges)) > 5
    assert theirs
    said, _ = opened(world.subject, noon)
    text = json.dumps(said, ensure_ascii=False)
    assert {word for word in mine if word in text} == mine
    assert "benword" not in text
    assert "judgeword" not in text
    assert (BEN in text, JUDGE in text, ANN in text) == (False, False, True)


def judge_user(world: World) -> int:
    judges = Base.metadata.tables["judges"]
    found = db.session.scalars(judges.select().where(judges.c.id == world.judge).with_only_columns(judges.c.user_id))
    return int(found.one())


def test_pr_05_the_entry_is_told_without_the_names_of_the_others(make: Make, app: Flask, noon: datetime) -> None:
    world = build(make, app, noon)
    said, files = opened(world.subject, noon)
    (entry,) = said["tables"]["submissions"]
    assert entry["summary"] == f"Ý tưởng của {ANN}, gọi 0912.345.678 và […]"
    assert [one["name"] for one in said["tables"]["team_members"]] == [ANN]
    assert files["files/01-bai.pdf"] == BYTES
    assert set(files) == {"files/01-bai.pdf", "data.json", "README.txt"}


def test_pr_05_results_are_told_once_they_are_public_and_marks_never(make: Make, app: Flask, noon: datetime) -> None:
    world = build(make, app, noon)
    assert opened(world.subject, noon)[0]["results"] == []
    freeze(make, world, noon)
    said, _ = opened(world.subject, noon)
    assert [(one["round"], one["rank"]) for one in said["results"]] == [("r1", 1)]
    assert {"scorecards", "scores", "score_events", "feedback_comments", "judges"} & set(said["tables"]) == set()


def test_pr_05_a_judge_gets_the_own_papers(make: Make, app: Flask, noon: datetime) -> None:
    world = build(make, app, noon)
    said, _ = opened(Subject(user_id=judge_user(world)), noon)
    assert [one["points"] for one in said["tables"]["scores"]] == [8, 9]
    assert said["tables"]["judges"][0]["profile"] == f"{JUDGE} là chuyên gia"
    assert not {"team_members", "submissions", "submission_files"} & set(said["tables"])


def test_pr_05_a_member_without_an_account_has_an_export(make: Make, app: Flask, noon: datetime) -> None:
    world = build(make, app, noon)
    said, _ = opened(world.ben, noon)
    text = json.dumps(said, ensure_ascii=False)
    assert (BEN in text, ANN in text, "canary-ann" in text) == (True, False, False)
    assert "users" not in said["tables"]


def test_the_same_rows_are_never_told_twice(make: Make, app: Flask, noon: datetime) -> None:
    world = build(make, app, noon)
    said, _ = opened(world.subject, noon)
    assert {name: len(rows) for name, rows in said["tables"].items() if len(rows) > 1} == {}


@pytest.mark.both_databases
def test_a_missing_file_is_named(make: Make, app: Flask, noon: datetime) -> None:
    world = build(make, app, noon)
    current_storage().delete(world.key)
    assert opened(world.subject, noon)[0]["missing"] == ["01-bai.pdf"]
