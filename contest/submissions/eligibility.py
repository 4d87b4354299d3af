"""Whether teams may enter: the rules of an edition, applied to its teams, with a finding for whatever they break.

A rule that cannot be checked (no date of birth, no school) gives a warning that says so; it never passes in silence.
A rule that names another team blocks only the one that came later: handing in takes the place, a draft takes none.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from contest.editions.entry_rules import Effect, EligibilityRules
from contest.submissions.entrants import Entrant, Finding, Official
from contest.submissions.entry_checks import own_findings
from contest.submissions.entry_crossings import Crowd, crossing_findings, unique


def review(
    rules: EligibilityRules,
    entrants: Sequence[Entrant],
    officials: Sequence[Official] = (),
    *,
    deadline: date | None = None,
    only: Collection[int] | None = None,
) -> dict[int, tuple[Finding, ...]]:
    """Return the findings by submission id, what blocks first, then in the order of the rules; empty ones included.

    `deadline` is the local day of the official deadline. Withdrawn and disqualified entrants have no findings and count
    for nobody; `only` names the submissions that are asked for, all when none.
    """
    crowd = Crowd(entrants, officials)
    wanted = [one for one in crowd.entrants.values() if only is None or one.id in only]
    return {
        one.id: unique((*own_findings(rules, one, deadline), *crossing_findings(rules, one, crowd))) for one in wanted
    }


@dataclass(frozen=True, slots=True)
class Passed:
    """A finding that the committee let pass in writing."""

    reason: str
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found about one submission, and what of it was let pass, by the key of the finding."""

    findings: tuple[Finding, ...] = ()
    passed: Mapping[str, Passed] = dataclasses.field(default_factory=dict)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """What forbids handing in."""
        return tuple(one for one in self.open if one.effect is Effect.BLOCK)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What is only pointed out."""
        return tuple(one for one in self.open if one.effect is Effect.WARN)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What was not let pass."""
        return tuple(one for one in self.findings if one.key not in self.passed)

    def finding(self, key: str) -> Finding | None:
        """Return the finding of this key, if it is still there."""
        return next((one for one in self.findings if one.key == key), None)
