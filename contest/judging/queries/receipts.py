"""What a judge keeps of the scorecards handed in: what was said, its entry in the trail, its proof."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from sqlalchemy import select

from contest.editions.models import Round
from contest.infra import audit, heads
from contest.infra.chain import Link
from contest.infra.db import db
from contest.judging import verify_receipt
from contest.judging.events import ScoreEvent, receipt_of
from contest.judging.models import Assignment, Judge, Scorecard, ScoreEventRow
from contest.judging.queries.desk import EVENT_COLUMNS
from contest.judging.states import ScorecardStatus
from contest.submissions.models import Submission

Proven = tuple[heads.Proof, heads.Head]
WITH_ROOT = 3
"""So much does a head say of a chain since there are trees: number, digest, root."""


@dataclass(frozen=True, slots=True)
class KeptReceipt:
    """The last event of a scorecard that is handed in, as a judge can keep it.

    `link` is none when no entry of the trail names fingerprints of this scorecard (before they did so), `head` and
    `proof` are none until a head was signed over the entry.
    """

    submission: str
    judge: str
    event: ScoreEvent
    link: Link | None
    proof: heads.Proof | None
    head: heads.Head | None

    @property
    def flaws(self) -> tuple[str, ...]:
        """What `verify_receipt.py` finds wrong, as its codes; "no_head" while the next head is awaited."""
        return tuple(code for code, _ in verify_receipt.flaws(self.written(), verify_receipt.Noted()))

    def written(self) -> dict[str, Any]:
        """Return the receipt as plain JSON, for `verify_receipt.py`."""
        return {
            "format": verify_receipt.FORMAT,
            "receipt": receipt_of(self.event.digest),
            "judge": self.judge,
            "event": self.event.said(),
            "entry": None if self.link is None else _entry(self.link),
            "proof": None if self.proof is None else self.proof.written(),
            "head": None if self.head is None else self.head.written(),
        }


def _entry(link: Link) -> dict[str, Any]:
    at = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    facts = dict(link.facts)
    said = [link.scope, link.seq, at, link.actor_id, link.action, link.subject, facts]
    return {"previous": link.previous, "said": said}


def receipts_of(edition_id: int, papers: Collection[str]) -> tuple[KeptReceipt, ...]:
    """Return the receipts of those papers, by public id, that are handed in, by submission; whoever asks.

    Two queries, and two per head that they stand under.
    """
    chosen = (
        select(
            *(getattr(ScoreEventRow, name) for name in EVENT_COLUMNS),
            Assignment.public_id,
            Scorecard.id.label("scorecard_id"),
            Submission.code.label("submission"),
            Judge.code.label("judge"),
        )
        .join(Assignment, Assignment.id == ScoreEventRow.assignment_id)
        .join(Scorecard, (Scorecard.assignment_id == Assignment.id) & (Scorecard.version == ScoreEventRow.version))
        .join(Judge, Judge.id == Assignment.judge_id)
        .join(Submission, Submission.id == Assignment.submission_id)
        .join(Round, Round.id == Assignment.round_id)
        .where(Round.edition_id == edition_id, Assignment.public_id.in_(papers))
        .where(Scorecard.status == ScorecardStatus.SUBMITTED)
        .order_by(Submission.code, Assignment.id)
    )
    rows = db.session.execute(chosen).all()
    links = _links(f"edition:{edition_id}", rows)
    proven = _proven(f"edition:{edition_id}", (link.seq for link in links.values()))
    return tuple(_receipt(row, links.get(row.digest), proven) for row in rows)


def _receipt(row: Any, link: Link | None, proven: Mapping[int, Proven | None]) -> KeptReceipt:
    values = {name: getattr(row, name) for name in EVENT_COLUMNS if name != "assignment_id"}
    event = ScoreEvent(assignment=row.public_id, **{**values, "key": row.key or ""})
    proof, head = (proven[link.seq] if link else None) or (None, None)
    return KeptReceipt(row.submission, row.judge, event, link, proof, head)


def _links(scope: str, rows: Sequence[Any]) -> dict[str, Link]:
    """Return the entry that tells of each event by the fingerprint of the event.

    Where none does although the trail names fingerprints of this scorecard, the last of those: that shows it.
    """
    subjects = {row.digest: (f"scorecard:{row.scorecard_id}", f"assignment:{row.assignment_id}") for row in rows}
    told = audit.links_about(scope, {one for both in subjects.values() for one in both})
    named = [link for link in told if "fingerprint" in link.facts]
    found = {}
    for digest, about in subjects.items():
        mine = [link for link in named if link.subject in about]
        if mine:
            found[digest] = next((link for link in mine if link.facts["fingerprint"] == digest), mine[-1])
    return found


def _proven(scope: str, seqs: Iterable[int]) -> dict[int, Proven | None]:
    """Return for each entry its proof under the first head that was signed over it; none when there is none yet."""
    found: dict[int, Proven | None] = {}
    waiting = sorted(set(seqs))
    while waiting:
        head = heads.first_over(scope, waiting[0])
        size = waiting[-1] if head is None else head.ends[scope][0]
        under = [seq for seq in waiting if seq <= size]
        if head is None or len(head.ends[scope]) < WITH_ROOT:
            found |= dict.fromkeys(under)
        else:
            found |= {seq: (proof, head) for seq, proof in heads.proofs(scope, under, size=size).items()}
        waiting = waiting[len(under) :]
    return found
