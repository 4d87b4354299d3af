"""Answers of a registration form become teams with submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from contest.editions.parts import PartKind
from contest.editions.queries import fields_of, parts_of, tracks_of
from contest.editions.services.rows import edition_row, trace
from contest.exchange.answers import FormSubmission
from contest.exchange.known import Seen, people_of, split_seen, summary_of
from contest.exchange.queries import entered_of
from contest.submissions.facts import Imported, TeamDetails
from contest.submissions.models import PartAnswer
from contest.submissions.services import create_imported
from contest.submissions.services.consents import hold_imported, submitted_in
from contest.submissions.services.teams import take_code


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """Codes of the submissions that were made, and the answers that were there already.

    `held` are those of the first that wait for consents.
    """

    codes: tuple[str, ...]
    seen: tuple[Seen, ...]
    held: tuple[str, ...] = ()


def import_answers(
    *,
    edition_id: int,
    answers: Sequence[FormSubmission],
    keep_shared_contacts: bool,
    actor_id: int | None,
    now: datetime,
) -> SheetOutcome:
    """Add the answers that the edition does not have yet as submitted submissions; the others change nothing.

    Raises `NotFound`, `RuleBroken` "edition_archived".
    """
    edition_row(edition_id)  # held until the end: the same sheet sent twice at once waits here and then finds its rows
    fresh, seen = split_seen(answers, entered_of(edition_id), keep_shared_contacts=keep_shared_contacts)
    target = _target(edition_id)
    before = submitted_in(edition_id)
    codes = tuple(_add(answer, target, now) for answer in fresh)
    trace(
        "submissions.imported",
        edition_id=edition_id,
        actor_id=actor_id,
        now=now,
        codes=codes,
        skipped=len(seen),
    )
    return SheetOutcome(codes, seen, hold_imported(edition_id, but=before, actor_id=actor_id, now=now))


@dataclass(frozen=True, slots=True)
class _Target:
    """Where answers go: row ids by code, and the part that takes a video's address, if there is one."""

    edition_id: int
    tracks: Mapping[str, int]
    fields: Mapping[str, int]
    link: int | None


def _target(edition_id: int) -> _Target:
    links = [part_id for part_id, part in parts_of(edition_id).items() if part.kind is PartKind.LINK]
    return _Target(
        edition_id,
        {row.code: row.id for row in tracks_of(edition_id)},
        {row.code: row.id for row in fields_of(edition_id)},
        links[0] if links else None,
    )


def _add(answer: FormSubmission, target: _Target, now: datetime) -> str:
    """Add one submission with its team and return its code."""
    code = take_code(target.edition_id)
    team = TeamDetails(name=answer.team, school=answer.school, members=people_of(answer), mentor_name=answer.mentor)
    imported = Imported(
        code=code,
        title=answer.title,
        team=team,
        summary=summary_of(answer, with_video=target.link is None),
        track_id=target.tracks.get(answer.track),
        field_id=target.fields.get(answer.field),
        email=answer.email,
        phone=answer.phone,
    )
    made = create_imported(edition_id=target.edition_id, imported=imported, now=now)
    if target.link is not None and answer.video:
        made.answers = [PartAnswer(part_id=target.link, text=answer.video)]
    return code
