"""Whether teams may enter: the rules of an edition, applied to its teams, with a finding for whatever they break.

A rule that cannot be checked (no date of birth, no school) gives a warning that says so; it never passes in silence.
A rule that names another team blocks only the one that came later: handing in takes the place, a draft takes none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

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


def blocking(findings: Sequence[Finding], accepted: Collection[str] = ()) -> tuple[Finding, ...]:
    """Return what forbids handing in; `accepted` holds the keys of findings that the committee let pass in writing."""
    return tuple(one for one in findings if one.effect is Effect.BLOCK and one.key not in accepted)
