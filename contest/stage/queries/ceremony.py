"""Reads about ceremonies: what was prepared, what the screens are to show, who may press."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from contest.editions.facts import RoundHead
from contest.editions.parts import PartKind
from contest.editions.phases import FROZEN
from contest.editions.queries import parts_of, round_heads, rounds_of, tracks_of
from contest.editions.rules import LocalText, RoundKind
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.infra.pictures import clean_picture
from contest.infra.signing import token_hash
from contest.infra.storage import Storage
from contest.letters import collate
from contest.results.award_list import AwardList
from contest.results.award_rules import AwardSpec
from contest.results.queries.awards import SettledList, award_specs, awards_now, in_rounds, latest_list, settled_awards
from contest.results.queries.snapshots import frozen_report, latest_snapshot
from contest.stage.ceremony import Portrait, one_sentence, rehearsed
from contest.stage.models import Ceremony, CeremonyLogo, CeremonyPress, CeremonyRemote
from contest.stage.script import Press, Step, arranged, outline, places_from, with_winners
from contest.submissions.models import Submission, SubmissionFile

PHOTO_SIDE = 900
PHOTO_BYTES = 30 << 20
FRESH = timedelta(seconds=10)
"""How old a press may be when it arrives: what was pressed while the net was away must not play itself out later."""


@dataclass(frozen=True, slots=True)
class CeremonyFacts:
    """A ceremony and its round."""

    id: int
    public_id: str
    edition_id: int
    round: RoundHead
    readings: Mapping[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo of the wall."""

    public_id: str
    name: str
    storage_key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A submission of the round, and how its team's name is read aloud."""

    code: str
    team: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the true ceremony can be played: the settled list, and whether it still says what the rounds say."""

    settled: SettledList | None
    awards: AwardList | None
    outdated: bool

    @property
    def ready(self) -> bool:
        """Tell whether winners may be loaded."""
        return self.settled is not None and not self.outdated


def finals_of(edition_id: int) -> list[RoundHead]:
    """Return the rounds that can have a ceremony: finals, and the last round whatever its kind."""
    rounds = round_heads(edition_id)
    return [one for one in rounds if one.kind is RoundKind.FINAL or one is rounds[-1]]


def ceremonies_of(edition_id: int) -> dict[int, str]:
    """Return the public ids of the ceremonies of an edition by the id of their round."""
    rows = db.session.execute(select(Ceremony.round_id, Ceremony.public_id).where(Ceremony.edition_id == edition_id))
    return {row.round_id: row.public_id for row in rows}


def ceremony_of(edition_id: int, public_id: str) -> CeremonyFacts | None:
    """Return a ceremony with its steps in order, nobody named; none when the edition has no such one."""
    row = db.session.scalar(select(Ceremony).where(Ceremony.edition_id == edition_id, Ceremony.public_id == public_id))
    if row is None:
        return None
    head = next(one for one in round_heads(edition_id) if one.id == row.round_id)
    tracks = [(track.code, LocalText(track.name_vi, track.name_en)) for track in tracks_of(edition_id)]
    steps = arranged(outline(specs_of(edition_id, head), tracks), places_from(row.places))
    return CeremonyFacts(row.id, row.public_id, edition_id, head, row.readings, steps)


def specs_of(edition_id: int, round_: RoundHead) -> tuple[AwardSpec, ...]:
    """Return the awards that a ceremony gives: those of its round; after the last round, those of all rounds."""
    rounds = rounds_of(edition_id)
    specs = in_rounds(award_specs(edition_id), rounds)
    last = bool(rounds) and rounds[-1].id == round_.id
    return tuple(spec for spec in specs if last or spec.round == round_.code)


def standing_of(ceremony: CeremonyFacts) -> Standing:
    """Tell whether there is a settled list, and whether anything about the awards of this ceremony changed since."""
    settled = latest_list(ceremony.edition_id)
    if settled is None:
        return Standing(None, None, outdated=False)
    awards = settled_awards(settled.id)
    own = {spec.code for spec in specs_of(ceremony.edition_id, ceremony.round)}
    return Standing(settled, awards, outdated=_own(awards_now(ceremony.edition_id), own) != _own(awards, own))


def _own(awards: AwardList, codes: Collection[str]) -> tuple[object, ...]:
    """Return the lines of some awards, and the versions of the rankings that they rest on."""
    lines = tuple(line for line in awards.lines if line.code in codes)
    rounds = {line.round for line in lines}
    return lines, tuple(source for source in awards.sources if source.round in rounds)


def true_steps(ceremony: CeremonyFacts, standing: Standing) -> tuple[Step, ...]:
    """Return the steps with their winners, from the settled list.

    Raises `RuleBroken` "ceremony_not_final" (round), "awards_not_settled", "ceremony_outdated".
    """
    if ceremony.round.state not in FROZEN:
        raise RuleBroken("ceremony_not_final", round=ceremony.round.code)
    if standing.settled is None or standing.awards is None:
        raise RuleBroken("awards_not_settled")
    if standing.outdated:
        raise RuleBroken("ceremony_outdated", version=standing.settled.version)
    return with_winners([step for step in ceremony.steps if step.shown], standing.awards)


def rehearsal_steps(ceremony: CeremonyFacts) -> tuple[Step, ...]:
    """Return the steps with invented winners; reads the declared awards and nothing of the results."""
    shown = [step for step in ceremony.steps if step.shown]
    return rehearsed(shown, specs_of(ceremony.edition_id, ceremony.round))


def readings_of(ceremony: CeremonyFacts) -> tuple[Reading, ...]:
    """Return the entries of the round in the order of the alphabet, each with how its name is read; never by rank."""
    snapshot = latest_snapshot(ceremony.round.id) if ceremony.round.state in FROZEN else None
    if snapshot is None:
        return ()
    entrants = [line.entrant for line in frozen_report(snapshot.id).lines]
    entrants.sort(key=lambda one: (collate(one.team), one.code))
    return tuple(Reading(one.code, one.team or one.title, ceremony.readings.get(one.code, "")) for one in entrants)


def portraits_of(ceremony: CeremonyFacts, steps: Sequence[Step], storage: Storage) -> dict[str, Portrait]:
    """Return sentence, photo and reading of every winner by code; a photo that cannot be read is left out."""
    codes = {prize.submission for step in steps for beat in step.beats for prize in beat}
    rows = db.session.execute(
        select(Submission.id, Submission.code, Submission.summary).where(
            Submission.edition_id == ceremony.edition_id, Submission.code.in_(codes)
        )
    ).all()
    photos = _photos(ceremony.edition_id, [row.id for row in rows])
    return {
        row.code: Portrait(
            idea=one_sentence(row.summary),
            photo=_data_address(photos.get(row.id), storage),
            reading=ceremony.readings.get(row.code, ""),
        )
        for row in rows
    }


def _photos(edition_id: int, submission_ids: Collection[int]) -> dict[int, str]:
    """Return the storage key of one picture per submission: of a part that takes pictures alone before any other."""
    parts = {
        id_: part for id_, part in parts_of(edition_id).items() if part.kind is PartKind.FILE and "image" in part.accept
    }
    rows = db.session.execute(
        select(SubmissionFile.submission_id, SubmissionFile.part_id, SubmissionFile.storage_key)
        .where(
            SubmissionFile.submission_id.in_(submission_ids),
            SubmissionFile.part_id.in_(parts),
            SubmissionFile.superseded_at.is_(None),
            SubmissionFile.content_type.like("image/%"),
        )
        .order_by(SubmissionFile.id)
    ).all()
    found: dict[int, str] = {}
    for row in sorted(rows, key=lambda one: len(parts[one.part_id].accept)):
        found.setdefault(row.submission_id, row.storage_key)
    return found


def _data_address(key: str | None, storage: Storage) -> str:
    if key is None:
        return ""
    try:
        with storage.open(key) as stream:
            clean = clean_picture(stream.read(), side=PHOTO_SIDE, max_bytes=PHOTO_BYTES, photo=True)
    except (FileNotFoundError, RuleBroken):
        return ""  # a ceremony goes on without a picture
    return "data:image/jpeg;base64," + base64.b64encode(clean).decode("ascii")


def logos_of(ceremony_id: int) -> tuple[Logo, ...]:
    """Return the logos of the wall in the order in which they came."""
    rows = db.session.scalars(
        select(CeremonyLogo).where(CeremonyLogo.ceremony_id == ceremony_id).order_by(CeremonyLogo.id)
    )
    return tuple(Logo(row.public_id, row.name, row.storage_key) for row in rows)


def picture_address(key: str | None, storage: Storage) -> str:
    """Return a stored PNG as a data address; empty for none, and for one that is gone."""
    if key is None:
        return ""
    try:
        with storage.open(key) as stream:
            return "data:image/png;base64," + base64.b64encode(stream.read()).decode("ascii")
    except FileNotFoundError:
        return ""


def remote_until(ceremony_id: int, now: datetime) -> datetime | None:
    """Return when the phone that is paired last loses its right; none when no pairing is in force."""
    return db.session.scalar(
        select(CeremonyRemote.expires_at)
        .where(
            CeremonyRemote.ceremony_id == ceremony_id,
            CeremonyRemote.revoked_at.is_(None),
            CeremonyRemote.expires_at > now,
        )
        .order_by(CeremonyRemote.id.desc())
        .limit(1)
    )


def remote_ceremony(edition_id: int, code: str, now: datetime) -> int | None:
    """Return the id of the edition's ceremony that a pairing code may drive; none for unknown, ended, expired."""
    return db.session.scalar(
        select(Ceremony.id)
        .join(CeremonyRemote, CeremonyRemote.ceremony_id == Ceremony.id)
        .where(
            Ceremony.edition_id == edition_id,
            CeremonyRemote.code_hash == token_hash(code),
            CeremonyRemote.revoked_at.is_(None),
            CeremonyRemote.expires_at > now,
        )
    )


def presses_after(ceremony_id: int, after: int, now: datetime) -> tuple[tuple[int, Press], ...]:
    """Return the presses that came after the press `after`, the oldest first; those older than `FRESH` are lost."""
    rows = db.session.execute(
        select(CeremonyPress.id, CeremonyPress.verb)
        .where(
            CeremonyPress.ceremony_id == ceremony_id,
            CeremonyPress.id > after,
            CeremonyPress.pressed_at > now - FRESH,
        )
        .order_by(CeremonyPress.id)
    )
    return tuple((row.id, row.verb) for row in rows)
