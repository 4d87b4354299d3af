from __future__ import annotations

from itertools import product

import pytest

from contest.errors import RuleBroken
from contest.submissions.lifecycle import Act, SubmissionStatus, after, allows

DRAFT, SUBMITTED, WITHDRAWN, DISQUALIFIED, HELD = SubmissionStatus

WAYS = {
    (DRAFT, Act.EDIT): DRAFT,
    (SUBMITTED, Act.EDIT): SUBMITTED,
    (DRAFT, Act.SUBMIT): SUBMITTED,
    (SUBMITTED, Act.SUBMIT): SUBMITTED,
    (SUBMITTED, Act.WITHDRAW): WITHDRAWN,
    (WITHDRAWN, Act.RESTORE): DRAFT,
    (SUBMITTED, Act.DISQUALIFY): DISQUALIFIED,
    (DISQUALIFIED, Act.REINSTATE): SUBMITTED,
    (SUBMITTED, Act.HOLD): HELD,
    (HELD, Act.REINSTATE): SUBMITTED,
    (HELD, Act.WITHDRAW): WITHDRAWN,
}


@pytest.mark.parametrize(("status", "act"), list(product(SubmissionStatus, Act)))
def test_every_way_is_open_or_named_as_closed(status: SubmissionStatus, act: Act) -> None:
    if (status, act) in WAYS:
        assert allows(status, act)
        assert after(status, act) is WAYS[status, act]
        return
    assert not allows(status, act)
    with pytest.raises(RuleBroken) as refused:
        after(status, act)
    assert refused.value.code == "wrong_status"
    assert refused.value.facts == {"status": status.value, "act": act.value}
