"""The edition itself: its row, tracks, fields, parts, rounds with rules and rubric, awards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contest.editions.entry_rules import NO_RULES
from contest.editions.entry_rules_json import entry_rules_to_json
from contest.editions.models import Criterion, DeadlineExtension, Edition, Field, Part, Round, Track
from contest.editions.parts import PartSpec
from contest.editions.phases import SETTLED, EditionState, RoundState
from contest.editions.privacy import NO_CONSENTS, privacy_to_json
from contest.editions.rules import CriterionSpec
from contest.editions.rules_json import measure_to_json, rules_to_json
from contest.errors import RuleBroken
from contest.exchange.bundle.model import BundleEdition, BundleRound
from contest.exchange.services.bulk import insert_rows
from contest.infra.db import db
from contest.results.models import Award


@dataclass(frozen=True, slots=True)
class Frame:
    """Row ids by code; a criterion is found by round and code and comes with its highest points."""

    edition_id: int
    tracks: Mapping[str, int]
    fields: Mapping[str, int]
    rounds: Mapping[str, int]
    criteria: Mapping[tuple[str, str], tuple[int, int]]


def create_frame(edition: BundleEdition, scored: Collection[str], now: datetime) -> Frame:
    """Write the edition without its people; `scored` names the rounds whose rubric must not change any more.

    Raises `RuleBroken` "edition_exists".
    """
    row = _edition(edition, now)
    row.tracks = [
        Track(code=each.code, name_vi=each.name.vi, name_en=each.name.en, position=place)
        for place, each in enumerate(edition.tracks, start=1)
    ]
    row.fields = [
        Field(code=each.code, name_vi=each.name.vi, name_en=each.name.en, position=place)
        for place, each in enumerate(edition.fields, start=1)
    ]
    row.parts = [_part(each, place) for place, each in enumerate(edition.parts, start=1)]
    row.rounds = [
        _round(each, place, now if each.code in scored else None) for place, each in enumerate(edition.rounds, start=1)
    ]
    _save(row)
    _add_awards(row.id, edition)
    _add_extensions(row, edition, now)
    return Frame(
        edition_id=row.id,
        tracks={track.code: track.id for track in row.tracks},
        fields={field.code: field.id for field in row.fields},
        rounds={each.code: each.id for each in row.rounds},
        criteria={(each.code, c.code): (c.id, c.max_points) for each in row.rounds for c in each.criteria},
    )


def _save(row: Edition) -> None:
    if db.session.scalar(select(Edition.id).where(Edition.code == row.code)) is not None:
        raise RuleBroken("edition_exists", value=row.code)
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()  # the ids are needed, and the database alone knows whether the code is still free
    except IntegrityError as taken:
        raise RuleBroken("edition_exists", value=row.code) from taken


def _edition(edition: BundleEdition, now: datetime) -> Edition:
    return Edition(
        code=edition.code,
        name_vi=edition.name.vi,
        name_en=edition.name.en,
        organiser=edition.organiser,
        about_vi=edition.about.vi,
        about_en=edition.about.en,
        contact=edition.contact,
        timezone=edition.timezone,
        languages=",".join(edition.languages),
        # Nobody outside sees an edition from a file before its organiser has looked at it, unless the file says so.
        state=edition.state or EditionState.DRAFT,
        submissions_open=edition.submissions_open,
        submissions_close=edition.submissions_close,
        grace_minutes=edition.grace_minutes,
        marks_shown=edition.marks_shown,
        second_factor_required=edition.second_step,
        privacy_rules=privacy_to_json(edition.consents) if edition.consents != NO_CONSENTS else {},
        entry_rules=entry_rules_to_json(edition.entry_rules) if edition.entry_rules != NO_RULES else {},
        created_at=now,
    )


def _part(part: PartSpec, place: int) -> Part:
    return Part(
        code=part.code,
        name_vi=part.name.vi,
        name_en=part.name.en,
        help_vi=part.help.vi,
        help_en=part.help.en,
        kind=part.kind,
        required=part.required,
        accept=",".join(part.accept),
        max_mb=part.max_mb,
        max_words=part.max_words,
        position=place,
    )


def _round(each: BundleRound, place: int, locked_at: datetime | None) -> Round:
    # A finalised or published round becomes one only when its results are frozen: see `load`.
    # Nobody has confirmed results here yet; that a file says so is no confirmation.
    said = RoundState.CLOSED if each.state in SETTLED else each.state
    row = Round(
        code=each.code,
        name_vi=each.name.vi,
        name_en=each.name.en,
        kind=each.kind,
        state=said or (RoundState.SCORING if locked_at else RoundState.DRAFT),
        opens_at=each.opens,
        closes_at=each.closes,
        rules=rules_to_json(each.rules),
        locked_at=locked_at,
        position=place,
    )
    row.criteria = [_criterion(spec, number) for number, spec in enumerate(each.criteria.criteria, start=1)]
    return row


def _criterion(spec: CriterionSpec, place: int) -> Criterion:
    return Criterion(
        code=spec.code,
        name_vi=spec.name.vi,
        name_en=spec.name.en,
        description_vi=spec.description.vi,
        description_en=spec.description.en,
        minimum=spec.minimum,
        maximum=spec.maximum,
        step=spec.step,
        weight=spec.weight,
        floor=spec.floor,
        max_points=spec.max_points,
        source=spec.source,
        guidance=[{"mark": format(each.mark, "f"), "vi": each.text.vi, "en": each.text.en} for each in spec.guidance],
        part_code=spec.part,
        measure=None if spec.measure is None else measure_to_json(spec.measure),
        position=place,
    )


def _add_extensions(row: Edition, edition: BundleEdition, now: datetime) -> None:
    rounds = {each.code: each.id for each in row.rounds}
    insert_rows(
        DeadlineExtension,
        [
            {
                "edition_id": row.id,
                "round_id": rounds.get(each.round_code),
                "was": each.was,
                "until": each.until,
                "decision": each.decision.number,
                "decided_on": each.decision.on,
                "reason": each.decision.reason,
                "at": now,
            }
            for each in edition.extensions
        ],
    )


def _add_awards(edition_id: int, edition: BundleEdition) -> None:
    insert_rows(
        Award,
        [
            {
                "edition_id": edition_id,
                "code": each.code,
                "name_vi": each.name.vi,
                "name_en": each.name.en,
                "round_code": each.round,
                "track_code": each.track,
                "places": each.places,
                "exclusive": each.exclusive,
                "by": each.by,
                "scope": each.scope,
                "criterion_code": each.criterion,
                "band_code": each.band,
                "threshold": each.threshold,
                "ties": each.ties,
                "amount": each.amount,
                "sponsor": each.sponsor,
                "position": place,
            }
            for place, each in enumerate(edition.awards, start=1)
        ],
    )
