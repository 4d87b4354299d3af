"""What a sound bundle may hold and this system cannot keep, and what needs a second look."""

from __future__ import annotations

from collections.abc import Iterator

from contest.errors import Problem, RuleBroken
from contest.exchange.bundle.model import DOCUMENT, Bundle

MOST_POINTS = 1_000_000
MOST_FIELDS = 500
MOST_LANGUAGES = 100


def check_storable(bundle: Bundle) -> None:
    """Raise the first of `storable_problems` as `RuleBroken`."""
    for problem in storable_problems(bundle):
        raise RuleBroken(problem.code, **problem.facts)


def storable_problems(bundle: Bundle) -> Iterator[Problem]:
    """Yield what the columns of the database have no room for: `scale_too_fine`, `list_too_long`."""
    for each in bundle.edition.rounds:
        for criterion in each.criteria.criteria:
            if criterion.max_points > MOST_POINTS:
                path = f"{each.code}.{criterion.code}"
                yield Problem(
                    DOCUMENT, None, path, "scale_too_fine", {"criterion": criterion.code, "limit": MOST_POINTS}
                )
    # Row 1 is the header.
    for number, judge in enumerate(bundle.judges, start=2):
        lists = (("fields", judge.fields, MOST_FIELDS), ("languages", judge.languages, MOST_LANGUAGES))
        for column, values, limit in lists:
            if len(";".join(values)) > limit:
                yield Problem("judges.csv", number, column, "list_too_long", {"limit": limit, "judge": judge.code})


def remarks(bundle: Bundle) -> Iterator[Problem]:
    """Yield what is loaded as it is and needs a second look."""
    seen: dict[str, str] = {}
    for number, judge in enumerate(bundle.judges, start=2):
        address = judge.email.casefold()
        if address and address in seen:
            facts = {"judge": judge.code, "other": seen[address], "email": judge.email}
            yield Problem("judges.csv", number, "email", "judge_email_again", facts)
        seen.setdefault(address, judge.code)
