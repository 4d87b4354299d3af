from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from contest.accounts.models import Membership
from contest.accounts.roles import Role
from contest.editions import services
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.editions.queries import basics_of, edition_by_code
from contest.editions.rules import LocalText
from contest.editions.services.editions import suggested_code
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.infra.storage import LocalStorage
from tests.editions.samples import at, basics
from tests.editions.services.trail import acts, last_act
from tests.factories import NOON, Make


@pytest.mark.both_databases
def test_the_creator_of_a_draft_becomes_its_organiser(app: Flask, make: Make) -> None:
    person = make.user()
    with unit_of_work():
        made = services.create_edition(basics=basics(), actor_id=person.id, now=NOON)
        found = made.id, made.code, made.state, made.created_at
    assert found[1:] == ("y-tuong-khoi-nghiep-2026", EditionState.DRAFT, NOON)
    held = db.session.query(Membership).one()
    assert (held.user_id, held.edition_id, held.role) == (person.id, found[0], Role.ORGANISER)
    assert basics_of(found[0]) == basics()
    assert acts() == ["edition.created", "role.granted"]


@pytest.mark.both_databases
def test_codes_are_suggested_free_and_refused_when_taken(app: Flask, make: Make) -> None:
    make.edition("y-tuong-khoi-nghiep-2026")
    assert suggested_code("Ý tưởng khởi nghiệp 2026") == "y-tuong-khoi-nghiep-2026-2"
    assert suggested_code("日本") == "mua-thi"
    with pytest.raises(RuleBroken) as taken, unit_of_work():
        services.create_edition(basics=basics(), code="y-tuong-khoi-nghiep-2026", actor_id=None, now=NOON)
    assert (taken.value.code, taken.value.facts) == ("edition_code_taken", {"item": "y-tuong-khoi-nghiep-2026"})
    with pytest.raises(RuleBroken, match="edition_code_invalid"), unit_of_work():
        services.create_edition(basics=basics(), code="Mùa Thu", actor_id=None, now=NOON)
    assert db.session.query(Edition).count() == 1
    assert acts() == []


def test_without_an_actor_nobody_becomes_organiser(app: Flask) -> None:
    with unit_of_work():
        services.create_edition(basics=basics(), actor_id=None, now=NOON, is_test=True)
    assert db.session.query(Membership).count() == 0
    assert db.session.query(Edition).one().is_test


@pytest.mark.both_databases
def test_a_change_is_traced_with_before_and_after_and_no_change_with_nothing(app: Flask, make: Make) -> None:
    edition, person = make.edition(), make.user()
    now_set = basics_of(edition.id)
    with unit_of_work():
        services.update_basics(edition_id=edition.id, basics=now_set, actor_id=person.id, now=NOON)
    assert acts() == []
    changed = basics(submissions_open=now_set.submissions_open, submissions_close=at(9), contact="")
    with unit_of_work():
        services.update_basics(edition_id=edition.id, basics=changed, actor_id=person.id, now=NOON)
    assert basics_of(edition.id) == changed
    assert last_act() == (
        "edition.updated",
        "",
        person.id,
        {"changes": {"submissions_close": ["2026-10-15T05:00:00+00:00", "2026-10-17T05:00:00+00:00"]}},
    )


def test_an_announced_edition_keeps_a_window_a_draft_need_not(app: Flask, make: Make) -> None:
    announced, draft = make.edition("a"), make.edition("d", state=EditionState.DRAFT)
    bare = basics(submissions_open=None, submissions_close=None)
    with pytest.raises(RuleBroken, match="window_needed"), unit_of_work():
        services.update_basics(edition_id=announced.id, basics=bare, actor_id=None, now=NOON)
    with unit_of_work():
        services.update_basics(edition_id=draft.id, basics=bare, actor_id=None, now=NOON)
    assert basics_of(announced.id).submissions_open == at(-7)
    assert basics_of(draft.id).submissions_open is None


def test_the_archive_is_read_only(app: Flask, make: Make) -> None:
    edition = make.edition(state=EditionState.ARCHIVED)
    with pytest.raises(RuleBroken, match="edition_archived"), unit_of_work():
        services.update_basics(edition_id=edition.id, basics=basics(), actor_id=None, now=NOON)
    with pytest.raises(RuleBroken, match="edition_archived"), unit_of_work():
        services.set_tracks(edition_id=edition.id, tracks=[], actor_id=None, now=NOON)
    with pytest.raises(NotFound), unit_of_work():
        services.update_basics(edition_id=edition.id + 1, basics=basics(), actor_id=None, now=NOON)


def test_a_logo_is_cleaned_stored_replaced_and_taken_away(app: Flask, make: Make, tmp_path: Path) -> None:
    edition, storage = make.edition(), LocalStorage(tmp_path)
    out = BytesIO()
    Image.new("RGB", (2000, 1000), "red").save(out, "JPEG")
    with unit_of_work():
        services.set_logo(edition_id=edition.id, data=out.getvalue(), storage=storage, actor_id=None, now=NOON)
    found = edition_by_code(edition.code)
    assert found is not None
    assert found.logo_key is not None
    with storage.open(found.logo_key) as stream, Image.open(stream) as stored:
        assert (stored.format, stored.size) == ("PNG", (512, 256))
    with pytest.raises(RuleBroken, match="picture_unreadable"), unit_of_work():
        services.set_logo(edition_id=edition.id, data=b"x", storage=storage, actor_id=None, now=NOON)
    with unit_of_work():
        services.set_logo(edition_id=edition.id, data=None, storage=storage, actor_id=None, now=NOON)
    after = edition_by_code(edition.code)
    assert after is not None
    assert after.logo_key is None
    assert acts() == ["edition.logo_set", "edition.logo_removed"]


def _ready(make: Make) -> Edition:
    edition = make.edition(state=EditionState.DRAFT)
    make.round(edition, "final", kind="final")
    return edition


def _state(edition: Edition) -> EditionState:
    db.session.expire_all()
    return edition.state


def test_announcing_needs_what_the_checklist_asks_for(app: Flask, make: Make) -> None:
    bare = make.edition("bare", state=EditionState.DRAFT, organiser="", submissions_open=None)
    with pytest.raises(RuleBroken) as refused, unit_of_work():
        services.announce(edition_id=bare.id, actor_id=None, now=NOON)
    assert (refused.value.code, refused.value.facts) == ("edition_not_ready", {"count": 3})
    ready = _ready(make)
    with unit_of_work():
        services.announce(edition_id=ready.id, actor_id=None, now=NOON)
        services.announce(edition_id=ready.id, actor_id=None, now=NOON)
    assert (_state(bare), _state(ready)) == (EditionState.DRAFT, EditionState.ANNOUNCED)
    assert acts() == ["edition.announced"]


@pytest.mark.both_databases
def test_an_announcement_is_taken_back_only_before_work_came_in(app: Flask, make: Make) -> None:
    edition, other = make.edition(), make.edition("other")
    make.submission(edition, status="draft", submitted_at=None)
    make.submission(other)
    with unit_of_work():
        services.unannounce(edition_id=edition.id, actor_id=None, now=NOON)
    assert _state(edition) is EditionState.DRAFT
    with pytest.raises(RuleBroken, match="edition_in_use"), unit_of_work():
        services.unannounce(edition_id=other.id, actor_id=None, now=NOON)
    assert _state(other) is EditionState.ANNOUNCED
    withdrawn = make.edition("withdrawn")
    make.submission(withdrawn, status="withdrawn")
    with pytest.raises(RuleBroken, match="edition_in_use"), unit_of_work():
        services.unannounce(edition_id=withdrawn.id, actor_id=None, now=NOON)


def test_into_the_archive_and_out_of_it(app: Flask, make: Make) -> None:
    edition, draft = make.edition(), make.edition("draft", state=EditionState.DRAFT)
    with pytest.raises(RuleBroken, match="edition_not_announced"), unit_of_work():
        services.archive(edition_id=draft.id, actor_id=None, now=NOON)
    with pytest.raises(RuleBroken, match="edition_not_archived"), unit_of_work():
        services.restore(edition_id=edition.id, actor_id=None, now=NOON)
    with unit_of_work():
        services.archive(edition_id=edition.id, actor_id=None, now=NOON)
    assert _state(edition) is EditionState.ARCHIVED
    with pytest.raises(RuleBroken, match="edition_archived"), unit_of_work():
        services.archive(edition_id=edition.id, actor_id=None, now=NOON)
    with unit_of_work():
        services.restore(edition_id=edition.id, actor_id=None, now=NOON)
    assert _state(edition) is EditionState.ANNOUNCED
    assert acts() == ["edition.archived", "edition.restored"]


def test_english_alone_names_the_code(app: Flask) -> None:
    with unit_of_work():
        made = services.create_edition(basics=basics(name=LocalText("", "Spring 2027")), actor_id=None, now=NOON)
        assert made.code == "spring-2027"
