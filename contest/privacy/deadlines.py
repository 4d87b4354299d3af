"""By when a request about personal data is answered and carried out: Decree 356/2025, Vietnamese working days. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from contest.privacy.kinds import RequestKind

ANSWER_WORKING_DAYS = 2
CARRY_OUT_DAYS = {
    RequestKind.ACCESS: 10,
    RequestKind.CORRECTION: 10,
    RequestKind.WITHDRAWAL: 15,
    RequestKind.OBJECTION: 15,
    RequestKind.ERASURE: 20,
}
EXTENSION_DAYS = 15

# Labour Code, article 112. A holiday that is missing here makes a deadline earlier, never later.
_FIXED = {(1, 1), (4, 30), (5, 1), (9, 2)}
_LUNAR = frozenset(
    {
        # The eve and the first three days of Tết, then the Hùng Kings.
        *(date(2026, 2, day) for day in (16, 17, 18, 19)),
        date(2026, 4, 26),
        *(date(2027, 2, day) for day in (5, 6, 7, 8)),
        date(2027, 4, 16),
        *(date(2028, 1, day) for day in (25, 26, 27, 28)),
        date(2028, 4, 4),
    }
)
_SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Tell whether offices work: Monday to Friday, no public holiday."""
    return day.weekday() < _SATURDAY and (day.month, day.day) not in _FIXED and day not in _LUNAR


def answer_day(asked: date) -> date:
    """Return the last day for the answer: the second working day after the day of the request."""
    day, left = asked, ANSWER_WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day


def last_day(kind: RequestKind, asked: date) -> date:
    """Return the last day for carrying a request out."""
    return asked + timedelta(days=CARRY_OUT_DAYS[kind])
