from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from contest.editions import services
from contest.editions.divisions import USUAL_FIELDS, USUAL_TRACKS, Division
from contest.editions.parts import PartKind
from contest.editions.parts_usual import USUAL_PARTS
from contest.editions.queries import fields_of, parts_of, tracks_of
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.infra.db import db, unit_of_work
from contest.submissions.models import PartAnswer
from tests.editions.services.trail import last_act
from tests.factories import NOON, Make

pytestmark = pytest.mark.both_databases


def _tracks(edition_id: int) -> list[tuple[str, str, str]]:
    db.session.rollback()
    return [(row.code, row.name_vi, row.name_en) for row in tracks_of(edition_id)]


def test_tracks_are_added_renamed_ordered_and_removed_by_code(app: Flask, make: Make) -> None:
    edition, person = make.edition(), make.user()
    with unit_of_work():
        services.set_tracks(edition_id=edition.id, tracks=USUAL_TRACKS, actor_id=person.id, now=NOON)
    before = {row.code: row.id for row in tracks_of(edition.id)}
    wanted = [
        Division("thanh-nien", LocalText("Thanh niên", "Youth")),
        USUAL_TRACKS[0],
        Division("mo", LocalText("Mở")),
    ]
    with unit_of_work():
        services.set_tracks(edition_id=edition.id, tracks=wanted, actor_id=person.id, now=NOON)
    assert _tracks(edition.id) == [
        ("thanh-nien", "Thanh niên", "Youth"),
        ("hoc-sinh", "Học sinh", "Pupils"),
        ("mo", "Mở", ""),
    ]
    after = {row.code: row.id for row in tracks_of(edition.id)}
    assert after["thanh-nien"] == before["thanh-nien"]
    assert last_act() == ("edition.tracks_set", "", person.id, {"codes": ["thanh-nien", "hoc-sinh", "mo"]})


def test_a_track_with_submissions_stays_and_nothing_else_changes(app: Flask, make: Make) -> None:
    edition = make.edition()
    used, free = make.track(edition, "A"), make.track(edition, "B")
    make.submission(edition, track_id=used.id)
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.set_tracks(edition_id=edition.id, tracks=[Division("C", LocalText("Mới"))], actor_id=None, now=NOON)
    assert (refused.value.code, refused.value.facts) == ("track_in_use", {"item": "A"})
    assert [code for code, _, _ in _tracks(edition.id)] == [used.code, free.code]
    renamed = [Division("A", LocalText("Bảng mới"))]
    with unit_of_work():
        services.set_tracks(edition_id=edition.id, tracks=renamed, actor_id=None, now=NOON)
    assert _tracks(edition.id) == [("A", "Bảng mới", "")]


def test_fields_follow_the_same_rules(app: Flask, make: Make) -> None:
    edition = make.edition()
    with unit_of_work():
        services.set_fields(edition_id=edition.id, fields=USUAL_FIELDS, actor_id=None, now=NOON)
    rows = fields_of(edition.id)
    assert [row.code for row in rows] == [one.code for one in USUAL_FIELDS]
    make.submission(edition, field_id=rows[4].id)
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.set_fields(edition_id=edition.id, fields=[], actor_id=None, now=NOON)
    assert (refused.value.code, refused.value.facts) == ("field_in_use", {"item": "thanh-toan"})


@pytest.mark.parametrize(("codes", "code"), [(["A", "A"], "code_twice"), (["A", "b c"], "code_invalid")])
def test_codes_must_be_valid_and_differ(app: Flask, make: Make, codes: list[str], code: str) -> None:
    edition = make.edition()
    tracks = [Division(one, LocalText("Tên")) for one in codes]
    with pytest.raises(RuleBroken, match=code), unit_of_work():
        services.set_tracks(edition_id=edition.id, tracks=tracks, actor_id=None, now=NOON)
    assert _tracks(edition.id) == []


def test_the_usual_parts_come_back_as_they_went_in(app: Flask, make: Make) -> None:
    edition = make.edition()
    with unit_of_work():
        services.set_parts(edition_id=edition.id, parts=USUAL_PARTS, actor_id=None, now=NOON)
    assert tuple(parts_of(edition.id).values()) == USUAL_PARTS
    assert last_act()[3] == {"codes": ["thuyet-minh", "slide", "video"]}


def test_a_part_changes_kind_only_while_nobody_filled_it_in(app: Flask, make: Make) -> None:
    edition = make.edition()
    part = make.part(edition, "plan", PartKind.TEXT)
    as_file = replace(parts_of(edition.id)[part.id], kind=PartKind.FILE, accept=("pdf",))
    submission = make.submission(edition)
    with unit_of_work() as session:
        session.add(PartAnswer(submission_id=submission.id, part_id=part.id, text="Kế hoạch"))
    for parts in ([as_file], []):
        with pytest.raises(RuleBroken) as refused, unit_of_work():
            services.set_parts(edition_id=edition.id, parts=parts, actor_id=None, now=NOON)
        assert (refused.value.code, refused.value.facts) == ("part_in_use", {"item": "plan"})
    assert [spec.kind for spec in parts_of(edition.id).values()] == [PartKind.TEXT]
    with unit_of_work() as session:
        session.query(PartAnswer).delete()
    with unit_of_work():
        services.set_parts(edition_id=edition.id, parts=[as_file], actor_id=None, now=NOON)
    assert list(parts_of(edition.id).values()) == [as_file]
