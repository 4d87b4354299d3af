"""What a finalised round keeps for good: its report with inputs and rules, and the record of the meeting.

The payload is plain JSON with exact numbers as text; its canonical form is what the fingerprint is taken of.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from contest.results.preconditions import Member
from contest.results.reconcile import Tally
from contest.results.report import RoundReport, from_payload, to_payload

METHOD = "bang-vang-1"
"""Name of the way in which results are computed; it changes with every change that could move a result."""


@dataclass(frozen=True, slots=True)
class RulingLine:
    """A decision as the minutes tell it; `entry` is a code, empty when it is about the whole round."""

    kind: str
    entry: str
    value: str
    reason: str
    author: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class Record:
    """How the results came about. Moments are ISO texts in UTC; `missing` lists [entry, judge] by code.

    `confirmed_as`: "chair", "organiser" where the edition has no chair, "import" for results that came from a file.
    `correction`: why there is another version, empty for the first.
    """

    method: str
    version: int
    confirmed_by: str
    confirmed_as: str
    confirmed_at: str
    council: tuple[Member, ...]
    rulings: tuple[RulingLine, ...]
    total: Tally
    missing: tuple[tuple[str, str], ...]
    correction: str = ""

    @property
    def has_attendance(self) -> bool:
        """Tell whether anybody noted who was at the meeting."""
        return any(one.present is not None for one in self.council)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A snapshot read back; one that was made before records existed holds the report alone."""

    report: RoundReport
    record: Record | None


def freeze(report: RoundReport, record: Record) -> dict[str, Any]:
    """Return the payload: the report with its inputs and rules, and the record."""
    return {"report": to_payload(report), "record": asdict(record)}


def thaw(payload: Mapping[str, Any]) -> Frozen:
    """Read a payload back, also a report without a record. Raises `KeyError` or `TypeError` on anything else."""
    record = _read_record(payload["record"]) if "record" in payload else None
    return Frozen(report_in(payload), record)


def report_in(payload: Mapping[str, Any]) -> RoundReport:
    """Return the report alone: what most pages want of a snapshot."""
    return from_payload(payload.get("report", payload))


def _read_record(data: Mapping[str, Any]) -> Record:
    record = Record(**data)
    return replace(
        record,
        council=tuple(Member(**one) for one in data["council"]),
        rulings=tuple(RulingLine(**one) for one in data["rulings"]),
        total=Tally(**data["total"]),
        missing=tuple((entry, judge) for entry, judge in data["missing"]),
    )
