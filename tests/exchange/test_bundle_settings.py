"""Every setting of an edition and of its rounds travels in a bundle, or stands here with the reason why not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from contest.editions.entry_rules import Effect, EligibilityRules
from contest.editions.entry_rules_json import entry_rules_to_json
from contest.editions.models import Edition, Round
from contest.editions.phases import EditionState, RoundState
from contest.editions.privacy import AskAge, PrivacyRules, privacy_to_json
from contest.editions.rules import RoundKind, RoundRules
from contest.editions.rules_json import rules_to_json
from contest.exchange.bundle.document import read_document
from contest.exchange.bundle.findings import Findings
from contest.infra.db import db
from tests.conftest import NOON
from tests.exchange.test_roundtrip import dumped, loaded, through_files
from tests.factories import Make

# Values that no edition begins with, so that a column that is forgotten shows.
EDITION: dict[str, Any] = {
    "name_vi": "Mùa xuân",
    "name_en": "Spring",
    "organiser": "Đoàn phường",
    "about_vi": "Giới thiệu",
    "about_en": "About",
    "contact": "btc@example.org",
    "timezone": "Europe/Berlin",
    "languages": "en,vi",
    "state": EditionState.ANNOUNCED,
    "submissions_open": NOON - timedelta(days=3),
    "submissions_close": NOON + timedelta(days=3),
    "grace_minutes": 7,
    "entry_rules": entry_rules_to_json(EligibilityRules(one_team=Effect.BLOCK)),
    "privacy_rules": privacy_to_json(
        PrivacyRules(required=True, country="EU-13", guardian_under=15, ask=AskAge.BIRTH_DATE, contact="Cô Lan")
    ),
    "marks_shown": False,
    "second_factor_required": True,
}
ROUND: dict[str, Any] = {
    "code": "so-khao",
    "name_vi": "Sơ khảo",
    "name_en": "Preliminary",
    "kind": RoundKind.FINAL,
    "state": RoundState.OPEN,
    "opens_at": NOON - timedelta(days=1),
    "closes_at": NOON + timedelta(days=1),
    "rules": RoundRules(blind=True, decimals=3),  # the factory writes them as JSON
}
STAYS = {
    "editions.id": "a number of this database",
    "editions.code": "the importer may choose another one",
    "editions.logo_key": "a stored file; files do not travel in bundles",
    "editions.next_number": "follows from the codes of the submissions",
    "editions.fit_rules": "weighs the judges of this site anew; nothing that a team or a mark depends on",
    "editions.is_test": "what comes out of a file is an edition of its own, and a rehearsal is made here",
    "editions.rehearsal_of_id": "names an edition of this database",
    "editions.cloned_from_id": "names an edition of this database",
    "editions.created_at": "a moment of this database",
    "rounds.id": "a number of this database",
    "rounds.edition_id": "a number of this database",
    "rounds.rubric_version": "counts the changes that were made here",
    "rounds.locked_at": "follows from the marks",
    "rounds.published_at": "nobody has published it here yet",
    "rounds.published_version": "nobody has published it here yet",
    "rounds.position": "follows from the order",
}


def columns(table: type[Edition | Round]) -> set[str]:
    return {column.name for column in table.__table__.columns}


def test_every_column_travels_or_says_why_not() -> None:
    every = {f"editions.{name}" for name in columns(Edition)} | {f"rounds.{name}" for name in columns(Round)}
    travels = {f"editions.{name}" for name in EDITION} | {f"rounds.{name}" for name in ROUND}
    assert travels | set(STAYS) == every
    assert not travels & set(STAYS)
    assert all(STAYS.values())


@pytest.mark.both_databases
def test_each_setting_comes_back_as_it_was_set(app: Flask, make: Make, tmp_path: Path) -> None:
    edition = make.edition("mua-xuan", **EDITION)
    make.round(edition, **ROUND)
    plain = Edition(code="x", name_vi="x", created_at=NOON)
    db.session.commit()
    assert not [name for name, value in EDITION.items() if getattr(plain, name) == value]

    again = loaded(through_files(dumped(edition.id), tmp_path / "b"))

    db.session.rollback()
    row = db.session.get_one(Edition, again)
    assert {name: getattr(row, name) for name in EDITION} == EDITION
    wanted = {**ROUND, "rules": rules_to_json(ROUND["rules"])}
    assert {name: getattr(row.rounds[0], name) for name in ROUND} == wanted


def test_what_is_usual_is_not_written(app: Flask, make: Make) -> None:
    text = dumped(make.edition("mua-xuan").id)["edition.toml"].decode()
    assert not [word for word in ("marks_shown", "second_step", "[consents]") if word in text]


@pytest.mark.parametrize(
    ("lines", "key", "code"),
    [
        ("marks_shown = 1", "marks_shown", "value_not_boolean"),
        ('second_step = "yes"', "second_step", "value_not_boolean"),
        ('[consents]\ncountry = "XX"', "country", "value_not_choice"),
        ("[consents]\nguardian_under = 30", "guardian_under", "value_not_integer"),
        ("[consents]\nwanted = true", "wanted", "key_unknown"),
    ],
)
def test_what_is_wrong_is_named_by_line_and_key(lines: str, key: str, code: str) -> None:
    findings = Findings()
    read_document(f'[edition]\ncode = "x"\nname = "X"\n{lines}\n', findings)
    assert [(one.code, key in str(one)) for one in findings.problems] == [(code, True)]
