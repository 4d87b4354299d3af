"""Reads for papers: the frozen snapshot of a round, the settled awards that rest on it, the scans filed back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import FROZEN
from contest.editions.queries import round_heads
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.infra import heads
from contest.infra.db import db
from contest.papers.details import UNSAID, Details, from_json
from contest.papers.kinds import KINDS, Paper
from contest.papers.models import PaperDetails, PaperScan
from contest.results.award_list import AwardList
from contest.results.frozen import Frozen
from contest.results.queries.awards import SettledList, latest_list, settled_awards
from contest.results.queries.snapshots import SnapshotLine, frozen, latest_snapshot
from contest.results.report import RoundReport


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the papers of a round tell. `awards` are those of this round, none while `awards_why` says why.

    `head` is the signed end of the audit trail when the results were frozen, None where none was signed.
    `awards_why`: "paper_awards_not_settled", or "paper_awards_outdated" when they were settled on another version.
    """

    edition: EditionFacts
    round: RoundFacts
    snapshot: SnapshotLine
    frozen: Frozen
    awards: AwardList | None
    settled: SettledList | None
    awards_why: str
    rounds: dict[str, LocalText]
    details: Details = UNSAID
    head: heads.Head | None = None

    @property
    def report(self) -> RoundReport:
        """The frozen report."""
        return self.frozen.report

    def refusal(self, paper: Paper) -> str:
        """Return the code of why a paper cannot be had; empty when it can."""
        if KINDS[paper].awards and self.awards is None:
            return self.awards_why
        return ""


def dossier_of(edition: EditionFacts, round_: RoundFacts) -> Dossier:
    """Return what the papers of a finalised round tell. Raises `RuleBroken` "papers_before_final" (`round`)."""
    snapshot = latest_snapshot(round_.id) if round_.state in FROZEN else None
    if snapshot is None:
        raise RuleBroken("papers_before_final", round=round_.name)
    settled = latest_list(edition.id)
    awards, why = _awards(settled, round_.code, snapshot)
    names = {one.code: one.name for one in round_heads(edition.id)}
    return Dossier(
        edition=edition,
        round=round_,
        snapshot=snapshot,
        frozen=frozen(snapshot.id),
        awards=awards,
        settled=settled if awards else None,
        awards_why=why,
        rounds=names,
        details=details_of(edition.id),
        head=heads.head_at(
            f"edition:{edition.id}", reason="round.finalised", subject=f"round:{round_.id}", at=snapshot.created_at
        ),
    )


def details_of(edition_id: int) -> Details:
    """Return what the papers of an edition say besides the results; all empty while nothing was saved."""
    said = db.session.scalar(select(PaperDetails.said).where(PaperDetails.edition_id == edition_id))
    return from_json(said or {})


def _awards(settled: SettledList | None, round_code: str, snapshot: SnapshotLine) -> tuple[AwardList | None, str]:
    """Return the settled awards of a round, or why there are none that rest on this very snapshot."""
    if settled is None:
        return None, "paper_awards_not_settled"
    found = settled_awards(settled.id)
    lines = tuple(line for line in found.lines if line.round == round_code)
    source = next((one for one in found.sources if one.round == round_code), None)
    if source is None or not lines:
        return None, "paper_awards_not_settled"
    if source.fingerprint != snapshot.fingerprint:
        return None, "paper_awards_outdated"
    return AwardList((source,), lines), ""


@dataclass(frozen=True, slots=True)
class ScanLine:
    """A signed paper that was filed back. `fingerprint` is that of the results which the paper was made of."""

    public_id: str
    paper: Paper
    filename: str
    content_type: str
    size: int
    sha256: str
    fingerprint: str
    version: int
    storage_key: str
    filed_at: datetime
    filed_by: str


_SCANS = select(PaperScan, User.name.label("by")).outerjoin(User, User.id == PaperScan.filed_by)


def scans_of(round_id: int) -> tuple[ScanLine, ...]:
    """Return the scans of a round in the order in which they were filed, in one query."""
    rows = db.session.execute(_SCANS.where(PaperScan.round_id == round_id).order_by(PaperScan.id))
    return tuple(_scan(row.PaperScan, row.by) for row in rows)


def scan_of(round_id: int, public_id: str) -> ScanLine | None:
    """Return one scan of a round."""
    row = db.session.execute(
        _SCANS.where(PaperScan.round_id == round_id, PaperScan.public_id == public_id)
    ).one_or_none()
    return None if row is None else _scan(row.PaperScan, row.by)


def _scan(row: PaperScan, by: str | None) -> ScanLine:
    return ScanLine(
        public_id=row.public_id,
        paper=row.paper,
        filename=row.filename,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        fingerprint=row.fingerprint,
        version=row.version,
        storage_key=row.storage_key,
        filed_at=row.filed_at,
        filed_by=by or "",
    )
