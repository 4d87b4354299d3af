"""Writes about awards: declare them, decide in writing, settle the list, make it public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from contest.commitments import Book
from contest.editions.codes import LONGEST, check_code, free_code, slug
from contest.editions.models import Edition
from contest.errors import NotFound, RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import canonical_json, fingerprint
from contest.results.award_list import to_payload
from contest.results.award_rules import USUAL, AwardBy, AwardSpec
from contest.results.models import Award, AwardChoice, AwardList
from contest.results.persons import with_people
from contest.results.queries.awards import awards_now, latest_list
from contest.results.queries.snapshots import known_names
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import Submission

MOST_AWARDS = 100


def add_award(*, edition_id: int, spec: AwardSpec, actor_id: int | None, now: datetime) -> Award:
    """Declare an award below the others; without a code its name gives one. Flushes for the id.

    Raises `RuleBroken` "awards_too_many", "code_invalid", "code_twice".
    """
    rows = _locked(edition_id)
    if len(rows) >= MOST_AWARDS:
        raise RuleBroken("awards_too_many", most=MOST_AWARDS)
    taken = [row.code for row in rows]
    base = slug(spec.name.en or spec.name.vi) or "award"
    code = check_code(spec.code) if spec.code else free_code(base, taken, LONGEST)
    if code in taken:
        raise RuleBroken("code_twice", item=code)
    row = Award(edition_id=edition_id, code=code, position=max((one.position for one in rows), default=0) + 1)
    _write(row, spec)
    db.session.add(row)
    db.session.flush()  # the caller wants the code to stand
    _trace("award.added", edition_id, code, actor_id, now)
    return row


def add_usual_awards(*, edition_id: int, actor_id: int | None, now: datetime) -> int:
    """Declare first, second, third and consolation prizes, those that are missing; return how many were added."""
    taken = {row.code for row in _locked(edition_id)}
    missing = [(code, name, places) for code, name, places in USUAL if code not in taken]
    for code, name, places in missing:
        spec = AwardSpec(code=code, name=name, places=places, exclusive=True)
        add_award(edition_id=edition_id, spec=spec, actor_id=actor_id, now=now)
    return len(missing)


def update_award(*, edition_id: int, code: str, spec: AwardSpec, actor_id: int | None, now: datetime) -> None:
    """Change an award; its code stays. Raises `NotFound`."""
    _write(_award(edition_id, code), spec)
    _trace("award.updated", edition_id, code, actor_id, now)


def remove_award(*, edition_id: int, code: str, actor_id: int | None, now: datetime) -> None:
    """Remove an award on which nothing was decided. Raises `NotFound`, `RuleBroken` "award_decided"."""
    row = _award(edition_id, code)
    if db.session.scalar(select(AwardChoice.id).where(AwardChoice.award_id == row.id).limit(1)) is not None:
        raise RuleBroken("award_decided", award=code)
    db.session.delete(row)
    _trace("award.removed", edition_id, code, actor_id, now)


def move_award(*, edition_id: int, code: str, places: int, actor_id: int | None, now: datetime) -> None:
    """Move an award up (negative) or down: the order says which of two exclusive awards is the higher."""
    rows = _locked(edition_id)
    place = next((index for index, row in enumerate(rows) if row.code == code), None)
    if place is None:
        raise NotFound
    rows.insert(min(max(place + places, 0), len(rows) - 1), rows.pop(place))
    for position, row in enumerate(rows, start=1):
        row.position = position
    _trace("award.moved", edition_id, code, actor_id, now, order=[row.code for row in rows])


def _write(row: Award, spec: AwardSpec) -> None:
    row.name_vi, row.name_en = spec.name.vi, spec.name.en
    row.round_code, row.track_code = spec.round, spec.track
    row.places, row.exclusive, row.amount, row.sponsor = spec.places, spec.exclusive, spec.amount, spec.sponsor
    row.by, row.scope, row.ties = spec.by, spec.scope, spec.ties
    row.criterion_code, row.band_code, row.threshold = spec.criterion, spec.band, spec.threshold


def choose(
    *,
    edition_id: int,
    code: str,
    submission: str | None,
    votes: int | None,
    reason: str,
    author: str,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Write a decision down: a submission chosen, its votes counted, or (none) a place left empty.

    Votes take the place of an earlier count. Raises `NotFound` for an award that the edition has not, `RuleBroken`
    "award_submission_unknown", "reason_missing", "votes_not_asked", "chosen_twice".
    """
    award = _award(edition_id, code)
    if not reason:
        raise RuleBroken("reason_missing")
    chosen = None if submission is None else _submission(edition_id, submission)
    if votes is not None and award.by is not AwardBy.VOTE:
        raise RuleBroken("votes_not_asked", award=code)
    standing = _standing(award.id, chosen, votes=votes is not None)
    if standing is not None and votes is None and submission is not None:
        raise RuleBroken("chosen_twice", item=submission)
    if standing is not None and votes is not None:
        standing.revoked_at = now
    db.session.add(
        AwardChoice(
            award_id=award.id,
            submission_id=chosen,
            votes=votes,
            reason=reason,
            author=author,
            author_id=actor_id,
            decided_at=now,
        )
    )
    _trace("award.decided", edition_id, code, actor_id, now, submission=submission, votes=votes, reason=reason)


def _standing(award_id: int, submission_id: int | None, *, votes: bool) -> AwardChoice | None:
    """Return the decision of the same kind that stands for this submission."""
    kind = AwardChoice.votes.is_not(None) if votes else AwardChoice.votes.is_(None)
    return db.session.scalar(
        select(AwardChoice).where(
            AwardChoice.award_id == award_id,
            AwardChoice.submission_id == submission_id,
            AwardChoice.revoked_at.is_(None),
            kind,
        )
    )


def take_back(*, edition_id: int, choice_id: int, actor_id: int | None, now: datetime) -> None:
    """Take a written decision back; it stays in the records. Raises `NotFound`."""
    row = db.session.scalar(
        select(AwardChoice)
        .join(Award)
        .where(AwardChoice.id == choice_id, Award.edition_id == edition_id, AwardChoice.revoked_at.is_(None))
    )
    if row is None:
        raise NotFound
    row.revoked_at = now
    _trace("award.decision_taken_back", edition_id, str(choice_id), actor_id, now, reason=row.reason)


def settle_awards(*, edition_id: int, reason: str, actor_id: int | None, now: datetime) -> str:
    """Write the awards as they stand as the next unchangeable list and return its fingerprint.

    Nothing is written when the newest list says the same. Raises `RuleBroken` "awards_none", "awards_pending" (rounds),
    "awards_awaiting" (awards), and "reason_missing" from the second version on.
    """
    _locked(edition_id)
    awards = awards_now(edition_id)
    if awards.pending:
        raise RuleBroken("awards_pending", rounds=", ".join(awards.pending))
    if not awards.lines:
        raise RuleBroken("awards_none")
    if awards.awaiting:
        raise RuleBroken("awards_awaiting", awards=", ".join(dict.fromkeys(line.code for line in awards.awaiting)))
    book = Book(known_names(edition_id))
    payload = with_people(to_payload(awards), book.put)
    digest = fingerprint(payload)
    newest = latest_list(edition_id)
    if newest is not None and newest.fingerprint == digest:
        return digest
    if newest is not None and not reason:
        raise RuleBroken("reason_missing")
    version = 1 if newest is None else newest.version + 1
    db.session.add(
        AwardList(
            edition_id=edition_id,
            version=version,
            payload=canonical_json(payload),
            names=book.names,
            fingerprint=digest,
            reason=reason,
            created_at=now,
            created_by=actor_id,
        )
    )
    _trace("awards.settled", edition_id, f"version {version}", actor_id, now, fingerprint=digest, reason=reason)
    return digest


def publish_awards(*, edition_id: int, actor_id: int | None, now: datetime) -> None:
    """Make the newest settled list public. Raises `RuleBroken` "awards_not_settled"."""
    newest = latest_list(edition_id)
    if newest is None:
        raise RuleBroken("awards_not_settled")
    if newest.published_at is not None:
        return
    row = db.session.get_one(AwardList, newest.id)
    row.published_at = now
    _trace("awards.published", edition_id, f"version {newest.version}", actor_id, now, fingerprint=newest.fingerprint)


def _locked(edition_id: int) -> list[Award]:
    """Return the awards in their order; the edition is held, so that two hands change them one after the other."""
    db.session.execute(select(Edition.id).where(Edition.id == edition_id).with_for_update())
    return list(db.session.scalars(select(Award).where(Award.edition_id == edition_id).order_by(Award.position)))


def _award(edition_id: int, code: str) -> Award:
    row = db.session.scalar(select(Award).where(Award.edition_id == edition_id, Award.code == code))
    if row is None:
        raise NotFound
    return row


def _submission(edition_id: int, code: str) -> int:
    found = db.session.scalar(
        select(Submission.id).where(
            Submission.edition_id == edition_id,
            Submission.code == code,
            Submission.status == SubmissionStatus.SUBMITTED,
        )
    )
    if found is None:
        raise RuleBroken("award_submission_unknown", item=code)
    return found


def _trace(action: str, edition_id: int, subject: str, actor_id: int | None, now: datetime, **facts: object) -> None:
    audit.record(
        at=now, actor_id=actor_id, scope=f"edition:{edition_id}", action=action, subject=f"award:{subject}", **facts
    )
