"""The states of a submission and the ways between them."""

from __future__ import annotations

from enum import StrEnum

from contest.errors import RuleBroken


class SubmissionStatus(StrEnum):
    """Only submitted ones are judged, ranked and exported. A held one waits because a consent was taken back."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    DISQUALIFIED = "disqualified"
    HELD = "held"


class Act(StrEnum):
    """What can be done with a submission."""

    EDIT = "edit"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    RESTORE = "restore"
    DISQUALIFY = "disqualify"
    REINSTATE = "reinstate"
    HOLD = "hold"


_S = SubmissionStatus
# A withdrawn one comes back as a draft: it must be handed in again, knowingly, to count.
_WAYS: dict[Act, dict[SubmissionStatus, SubmissionStatus]] = {
    Act.EDIT: {_S.DRAFT: _S.DRAFT, _S.SUBMITTED: _S.SUBMITTED},
    Act.SUBMIT: {_S.DRAFT: _S.SUBMITTED, _S.SUBMITTED: _S.SUBMITTED},
    Act.WITHDRAW: {_S.SUBMITTED: _S.WITHDRAWN, _S.HELD: _S.WITHDRAWN},
    Act.RESTORE: {_S.WITHDRAWN: _S.DRAFT},
    Act.DISQUALIFY: {_S.SUBMITTED: _S.DISQUALIFIED},
    Act.REINSTATE: {_S.DISQUALIFIED: _S.SUBMITTED, _S.HELD: _S.SUBMITTED},
    Act.HOLD: {_S.SUBMITTED: _S.HELD},
}


def allows(status: SubmissionStatus, act: Act) -> bool:
    """Tell whether the act is possible in this state."""
    return status in _WAYS[act]


def after(status: SubmissionStatus, act: Act) -> SubmissionStatus:
    """Return the state after the act; raise `RuleBroken` "wrong_status" when it is not possible."""
    if not allows(status, act):
        raise RuleBroken("wrong_status", status=status.value, act=act.value)
    return _WAYS[act][status]
