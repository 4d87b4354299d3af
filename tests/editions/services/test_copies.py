from __future__ import annotations

import pytest
from flask import Flask

from contest.accounts.models import Membership
from contest.accounts.roles import Role
from contest.editions import services
from contest.editions.basics import Basics, RoundBasics
from contest.editions.divisions import USUAL_FIELDS, USUAL_TRACKS
from contest.editions.models import Edition
from contest.editions.parts_usual import USUAL_PARTS
from contest.editions.phases import EditionState, RoundState
from contest.editions.queries import basics_of, fields_of, parts_of, rounds_of, tracks_of
from contest.editions.rubric_templates import template
from contest.editions.rules import Advance, LocalText, RoundKind, RoundRules
from contest.errors import NotFound
from contest.infra.db import db, unit_of_work
from contest.submissions.models import Submission
from tests.editions.samples import at
from tests.factories import NOON, Make


def _full(make: Make) -> Edition:
    edition: Edition = make.edition(about_vi="Thể lệ", contact="0903", logo_key="ab12", is_test=True, languages="vi")
    rules = RoundRules(judges_per_submission=3, advance=Advance(top=5))
    with unit_of_work():
        services.set_tracks(edition_id=edition.id, tracks=USUAL_TRACKS, actor_id=None, now=NOON)
        services.set_fields(edition_id=edition.id, fields=USUAL_FIELDS, actor_id=None, now=NOON)
        services.set_parts(edition_id=edition.id, parts=USUAL_PARTS, actor_id=None, now=NOON)
        for code, kind, key in (("r1", RoundKind.PRELIMINARY, "ward-preliminary"), ("f", RoundKind.FINAL, "isef")):
            chosen = template(key)
            assert chosen is not None
            basics = RoundBasics(LocalText(f"Vòng {code}"), kind, at(1), at(2))
            services.add_round(
                edition_id=edition.id,
                basics=basics,
                code=code,
                rules=rules,
                rubric=chosen.rubric,
                actor_id=None,
                now=NOON,
            )
        for row in db.session.query(Edition).one().rounds:
            row.state, row.locked_at, row.rubric_version = RoundState.PUBLISHED, NOON, 7
    return edition


@pytest.mark.both_databases
def test_settings_come_along_people_teams_scores_and_dates_do_not(app: Flask, make: Make) -> None:
    source, person = _full(make), make.user()
    make.member(source, Role.ORGANISER)
    make.judge(source)
    make.submission(source)
    with unit_of_work():
        made = services.clone_edition(
            edition_id=source.id, name=LocalText("Mùa 2027", "Season 2027"), actor_id=person.id, now=NOON
        )
        clone_id, code, state, logo, is_test, parent = (
            *(made.id, made.code, made.state, made.logo_key, made.is_test),
            made.cloned_from_id,
        )
    assert (code, state, logo, is_test, parent) == ("mua-2027", EditionState.DRAFT, "ab12", False, source.id)
    assert basics_of(clone_id) == Basics(
        name=LocalText("Mùa 2027", "Season 2027"),
        organiser="UBND Phường Tân Thuận",
        about=LocalText("Thể lệ"),
        contact="0903",
        languages=("vi",),
    )
    assert [row.code for row in tracks_of(clone_id)] == [one.code for one in USUAL_TRACKS]
    assert [row.name_en for row in fields_of(clone_id)] == [one.name.en for one in USUAL_FIELDS]
    assert tuple(parts_of(clone_id).values()) == USUAL_PARTS
    old, new = rounds_of(source.id), rounds_of(clone_id)
    assert [(one.code, one.name, one.kind, one.rules, one.rubric) for one in new] == [
        (one.code, one.name, one.kind, one.rules, one.rubric) for one in old
    ]
    assert {(one.state, one.locked, one.rubric_version, one.opens_at, one.closes_at) for one in new} == {
        (RoundState.DRAFT, False, 1, None, None)
    }
    held = [(row.user_id, row.role) for row in db.session.query(Membership).filter_by(edition_id=clone_id)]
    assert held == [(person.id, Role.ORGANISER)]
    assert db.session.query(Submission).filter_by(edition_id=clone_id).count() == 0
    assert [one.state for one in old] == [RoundState.PUBLISHED] * 2


def test_an_archived_edition_can_be_copied_a_missing_one_cannot(app: Flask, make: Make) -> None:
    source = make.edition(state=EditionState.ARCHIVED)
    with unit_of_work():
        made = services.clone_edition(
            edition_id=source.id, name=LocalText("Mùa sau"), code="mua-sau", actor_id=None, now=NOON
        )
        assert (made.code, made.state) == ("mua-sau", EditionState.DRAFT)
    with pytest.raises(NotFound), unit_of_work():
        services.clone_edition(edition_id=99, name=LocalText("x"), actor_id=None, now=NOON)
