"""Reads about editions, rounds and rubrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, literal, or_, select

from contest.accounts import contest_names
from contest.accounts.models import Membership, User
from contest.accounts.roles import Identity, Nobody, Role
from contest.editions.basics import Basics
from contest.editions.entry_rules import Asks, EligibilityRules
from contest.editions.entry_rules_json import entry_rules_from_json
from contest.editions.extensions import Decision, Extension
from contest.editions.facts import EditionFacts, RoundFacts, RoundHead
from contest.editions.models import Criterion, DeadlineExtension, Edition, Field, Part, Round, Track
from contest.editions.parts import PartSpec
from contest.editions.phases import EditionState, RoundState
from contest.editions.privacy import AskAge, privacy_from_json
from contest.editions.readiness import SetUp
from contest.editions.rules import CriterionSpec, Guidance, LocalText, Rubric
from contest.editions.rules_json import measure_from_json, rules_from_json
from contest.errors import NotFound
from contest.infra import mail
from contest.infra.db import db, plain_rows

_FACTS = select(
    Edition.id,
    Edition.code,
    Edition.name_vi,
    Edition.name_en,
    Edition.organiser,
    Edition.timezone,
    Edition.languages,
    Edition.state,
    Edition.submissions_open,
    Edition.submissions_close,
    Edition.is_test,
    Edition.logo_key,
    Edition.rehearsal_of_id,
    Edition.grace_minutes,
    Edition.marks_shown,
    Edition.second_factor_required,
)
_BY_CODE = _FACTS.where(Edition.code == bindparam("code"))


def _facts(row: Row[*tuple[Any, ...]]) -> EditionFacts:
    return EditionFacts(
        id=row.id,
        code=row.code,
        name=LocalText(row.name_vi, row.name_en),
        organiser=row.organiser,
        timezone=row.timezone,
        languages=tuple(row.languages.split(",")),
        state=row.state,
        submissions_open=row.submissions_open,
        submissions_close=row.submissions_close,
        is_test=row.is_test,
        logo_key=row.logo_key,
        rehearsal_of_id=row.rehearsal_of_id,
        grace_minutes=row.grace_minutes,
        marks_shown=row.marks_shown,
        second_factor_required=row.second_factor_required,
    )


def edition_by_code(code: str) -> EditionFacts | None:
    """Return an edition."""
    row = plain_rows(_BY_CODE, code=code).one_or_none()
    return None if row is None else _facts(row)


def editions_by_ids(ids: Sequence[int]) -> list[EditionFacts]:
    """Return editions, newest first."""
    rows = db.session.execute(_FACTS.where(Edition.id.in_(ids)).order_by(Edition.id.desc()))
    return [_facts(row) for row in rows]


def editions_in_state(*states: object) -> list[EditionFacts]:
    """Return the editions in any of the states, newest first; rehearsals, which no stranger may see, are not listed."""
    rows = db.session.execute(
        _FACTS.where(Edition.state.in_(states), Edition.rehearsal_of_id.is_(None)).order_by(Edition.id.desc())
    )
    return [_facts(row) for row in rows]


@contest_names.source
def edition_names() -> list[str]:
    """Return the names of the newest editions in both languages, and who runs them, the newest first."""
    newest = select(Edition.name_vi, Edition.name_en, Edition.organiser).order_by(Edition.id.desc()).limit(50)
    return [name for row in plain_rows(newest) for name in row if name]


def rehearsal_of(edition_id: int) -> EditionFacts | None:
    """Return the rehearsal of an edition, if there is one."""
    row = db.session.execute(_FACTS.where(Edition.rehearsal_of_id == edition_id)).one_or_none()
    return None if row is None else _facts(row)


def visible_editions(user: Identity | Nobody) -> list[EditionFacts]:
    """Return the editions whose public page the person may see, newest first; agrees with `policy.can_see_public`."""
    open_to_all = and_(Edition.state != EditionState.DRAFT, Edition.rehearsal_of_id.is_(None))
    shown = or_(open_to_all, Edition.id.in_(list(user.roles)), literal(user.is_admin))
    rows = db.session.execute(_FACTS.where(shown).order_by(Edition.id.desc()))
    return [_facts(row) for row in rows]


def codes_like(base: str) -> frozenset[str]:
    """Return the codes of editions that begin with `base`."""
    return frozenset(db.session.scalars(select(Edition.code).where(Edition.code.startswith(base, autoescape=True))))


def basics_of(edition_id: int) -> Basics:
    """Return the plain settings of an edition. Raises `NotFound`."""
    row = db.session.get(Edition, edition_id)
    if row is None:
        raise NotFound
    return Basics(
        name=LocalText(row.name_vi, row.name_en),
        organiser=row.organiser,
        about=LocalText(row.about_vi, row.about_en),
        contact=row.contact,
        timezone=row.timezone,
        languages=tuple(row.languages.split(",")),
        submissions_open=row.submissions_open,
        submissions_close=row.submissions_close,
        grace_minutes=row.grace_minutes,
    )


def entry_rules_of(edition_id: int) -> EligibilityRules:
    """Return who may enter, in one query; all rules are off where nothing was set."""
    data = db.session.scalar(select(Edition.entry_rules).where(Edition.id == edition_id))
    return entry_rules_from_json(data or {})


def asks_of(edition_id: int) -> Asks:
    """Return what teams are asked about people: what the rules of entry need, and the age where consents are."""
    row = db.session.execute(select(Edition.entry_rules, Edition.privacy_rules).where(Edition.id == edition_id)).one()
    asks, privacy = entry_rules_from_json(row.entry_rules or {}).asks, privacy_from_json(row.privacy_rules or {})
    if not privacy.required or asks.birth_dates:
        return asks
    dates = privacy.ask is AskAge.BIRTH_DATE
    return replace(asks, birth_dates=dates, age_bands=not dates)


def extensions_of(edition_id: int) -> tuple[Extension, ...]:
    """Return the deadlines that were moved by a decision, oldest first, in one query."""
    rows = db.session.execute(
        select(DeadlineExtension, Round.code)
        .outerjoin(Round, Round.id == DeadlineExtension.round_id)
        .where(DeadlineExtension.edition_id == edition_id)
        .order_by(DeadlineExtension.id)
    )
    return tuple(
        Extension(one.was, one.until, Decision(one.decision, one.decided_on, one.reason), code or "")
        for one, code in rows
    )


def set_up_of(edition_id: int) -> SetUp:
    """Return what the checklist looks at, in four queries. Raises `NotFound`."""
    counts = db.session.execute(
        select(
            *(
                select(func.count()).where(model.edition_id == edition_id).scalar_subquery()
                for model in (Track, Field, Part)
            )
        )
    ).one()
    row = db.session.get(Edition, edition_id)  # held, so that the basics do not read it again
    basics, rounds = basics_of(edition_id), tuple(rounds_of(edition_id))
    on = row is not None and entry_rules_from_json(row.entry_rules).any_on
    return SetUp(basics, counts[0], counts[1], counts[2], rounds, entry_rules=on)


def tracks_of(edition_id: int) -> Sequence[Track]:
    """Return the tracks in their order; empty when all compete in one."""
    return db.session.scalars(select(Track).where(Track.edition_id == edition_id).order_by(Track.position)).all()


def fields_of(edition_id: int) -> Sequence[Field]:
    """Return the fields in their order."""
    return db.session.scalars(select(Field).where(Field.edition_id == edition_id).order_by(Field.position)).all()


def parts_of(edition_id: int) -> dict[int, PartSpec]:
    """Return the parts of a submission in their order, by row id."""
    rows = db.session.scalars(select(Part).where(Part.edition_id == edition_id).order_by(Part.position))
    return {row.id: _part(row) for row in rows}


def _part(row: Part) -> PartSpec:
    return PartSpec(
        code=row.code,
        name=LocalText(row.name_vi, row.name_en),
        kind=row.kind,
        required=row.required,
        accept=tuple(name for name in row.accept.split(",") if name),
        max_mb=row.max_mb,
        max_words=row.max_words,
        help=LocalText(row.help_vi, row.help_en),
    )


def spec_of(row: Criterion) -> CriterionSpec:
    """Return the exact criterion that a row describes."""
    return CriterionSpec(
        code=row.code,
        name=LocalText(row.name_vi, row.name_en),
        minimum=row.minimum,
        maximum=row.maximum,
        step=row.step,
        weight=row.weight,
        floor=row.floor,
        source=row.source,
        guidance=tuple(
            Guidance(Decimal(mark["mark"]), LocalText(mark.get("vi", ""), mark.get("en", ""))) for mark in row.guidance
        ),
        description=LocalText(row.description_vi, row.description_en),
        part=row.part_code,
        measure=None if row.measure is None else measure_from_json(row.measure),
    )


def _head_values(row: Round | Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """Return what a `RoundHead` and a `RoundFacts` have in common."""
    return {
        "id": row.id,
        "edition_id": row.edition_id,
        "code": row.code,
        "name": LocalText(row.name_vi, row.name_en),
        "kind": row.kind,
        "state": row.state,
        "opens_at": row.opens_at,
        "closes_at": row.closes_at,
        "position": row.position,
        "rubric_version": row.rubric_version,
        "locked": row.locked_at is not None,
        "published_at": row.published_at,
        "published_version": row.published_version,
    }


def _round_facts(row: Round, criteria: Sequence[Criterion]) -> RoundFacts:
    return RoundFacts(
        **_head_values(row),
        rules=rules_from_json(row.rules),
        rubric=Rubric(tuple(spec_of(criterion) for criterion in criteria)),
        criterion_ids=tuple(criterion.id for criterion in criteria),
    )


def rounds_of(edition_id: int) -> list[RoundFacts]:
    """Return the rounds in their order, each with its rubric, in two queries."""
    rounds = db.session.scalars(select(Round).where(Round.edition_id == edition_id).order_by(Round.position)).all()
    criteria = db.session.scalars(
        select(Criterion)
        .where(Criterion.round_id.in_([row.id for row in rounds]))
        .order_by(Criterion.round_id, Criterion.position)
    ).all()
    return [_round_facts(row, [c for c in criteria if c.round_id == row.id]) for row in rounds]


def round_by_code(edition_id: int, code: str) -> RoundFacts | None:
    """Return one round of an edition with its rubric, in two queries."""
    row = db.session.scalar(select(Round).where(Round.edition_id == edition_id, Round.code == code))
    return None if row is None else _with_rubric(row)


def round_by_id(round_id: int) -> RoundFacts | None:
    """Return one round with its rubric, in two queries."""
    row = db.session.get(Round, round_id)
    return None if row is None else _with_rubric(row)


def _with_rubric(row: Round) -> RoundFacts:
    criteria = db.session.scalars(
        select(Criterion).where(Criterion.round_id == row.id).order_by(Criterion.position)
    ).all()
    return _round_facts(row, criteria)


_HEAD = select(
    Round.id,
    Round.edition_id,
    Round.code,
    Round.name_vi,
    Round.name_en,
    Round.kind,
    Round.state,
    Round.opens_at,
    Round.closes_at,
    Round.position,
    Round.rubric_version,
    Round.locked_at,
    Round.published_at,
    Round.published_version,
)
_HEAD_BY_CODE = _HEAD.where(Round.edition_id == bindparam("edition_id"), Round.code == bindparam("code"))


def _head(row: Row[*tuple[Any, ...]]) -> RoundHead:
    return RoundHead(**_head_values(row))


def round_head(edition_id: int, code: str) -> RoundHead | None:
    """Return a round without its rubric, in one query."""
    row = plain_rows(_HEAD_BY_CODE, edition_id=edition_id, code=code).one_or_none()
    return None if row is None else _head(row)


def round_heads(edition_id: int) -> list[RoundHead]:
    """Return the rounds of an edition without their rubrics, in their order, in one query."""
    rows = db.session.execute(_HEAD.where(Round.edition_id == edition_id).order_by(Round.position))
    return [_head(row) for row in rows]


@mail.withhold
def is_test_scope(scope: str) -> bool:
    """Tell whether a scope such as "edition:3" belongs to a test, whose mails are never sent."""
    kind, _, number = scope.partition(":")
    if kind != "edition" or not number.isdecimal():
        return False
    return bool(db.session.scalar(select(Edition.is_test).where(Edition.id == int(number))))


_IS_OBSERVER = (Membership.role == Role.OBSERVER, User.is_active, User.email.is_not(None))
_OBSERVER: tuple[Any, ...] = (User.name, User.email, User.locale, Edition.name_vi.label("edition"))
_OBSERVERS: Select[Any] = (
    select(*_OBSERVER)
    .join(Membership, Membership.user_id == User.id)
    .join(Edition, Edition.id == Membership.edition_id)
    .where(*_IS_OBSERVER)
    .order_by(User.id)
)


def observers_of(scope: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Return who observes the edition of a scope such as "edition:3" and can be written to.

    Rows of `name`, `email`, `locale` and the name of the `edition`; none for any other scope.
    """
    kind, _, number = scope.partition(":")
    if kind != "edition" or not number.isdecimal():
        return []
    return db.session.execute(_OBSERVERS.where(Edition.id == int(number))).all()


FEWEST_OBSERVERS = 2
"""So many people outside of the committee should hold the signed heads: one alone can be talked over."""


@dataclass(frozen=True, slots=True)
class Watched:
    """An edition with a round in scoring, and how many observers can be written to."""

    id: int
    code: str
    is_test: bool
    observers: int

    @property
    def too_few(self) -> bool:
        """Whether fewer people keep the signed heads than should."""
        return not self.is_test and self.observers < FEWEST_OBSERVERS


def editions_in_scoring() -> list[Watched]:
    """Return the editions with a round in scoring, by id, in one query."""
    reachable = (
        select(func.count(func.distinct(User.id)))
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.edition_id == Edition.id, *_IS_OBSERVER)
        .correlate(Edition)
        .scalar_subquery()
    )
    scored = select(Round.edition_id).where(Round.state == RoundState.SCORING)
    rows = db.session.execute(
        select(Edition.id, Edition.code, Edition.is_test, reachable).where(Edition.id.in_(scored)).order_by(Edition.id)
    )
    return [Watched(*row) for row in rows]
