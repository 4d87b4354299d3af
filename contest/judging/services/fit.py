"""The organiser weighs how well judges fit."""

from __future__ import annotations

from datetime import datetime

from contest.editions.services.rows import edition_row
from contest.infra import audit
from contest.judging.affinity import FitRules, rules_from_json, rules_to_json


def set_fit_rules(*, edition_id: int, rules: FitRules, actor_id: int | None, now: datetime) -> None:
    """Weigh the parts of the fit for every plan from now on; plans in force stay.

    The trace holds what differs; nothing differs leaves none. Raises `RuleBroken` "edition_archived".
    """
    row = edition_row(edition_id)
    before, after = rules_to_json(rules_from_json(row.fit_rules)), rules_to_json(rules)
    if before == after:
        return
    row.fit_rules = after
    audit.record(
        at=now,
        actor_id=actor_id,
        scope=f"edition:{edition_id}",
        action="fit.weighed",
        subject=f"edition:{edition_id}",
        changes={name: [before[name], value] for name, value in after.items() if before[name] != value},
    )
