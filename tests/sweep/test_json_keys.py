"""AC-11: what a script may read is listed here, key by key; an answer with one more, or one fewer, fails."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sweep.addresses import readable, true_paths
from tests.sweep.site import Site

pytestmark = pytest.mark.trust

ROLES = ("visitor", "captain", "judge", "chair", "organiser")


def keys_of(value: Any, at: str = "") -> set[str]:
    """Return the paths of all keys: "entries[].code"."""
    if isinstance(value, dict):
        return {path for key, one in value.items() for path in {f"{at}{key}"} | keys_of(one, f"{at}{key}.")}
    if isinstance(value, list):
        return {path for one in value for path in keys_of(one, f"{at.rstrip('.')}[].")}
    return set()


# Who gets an answer, and every key that is in one of them.
LISTED: dict[str, tuple[set[str], str]] = {
    "web.healthz": (set(ROLES), "status"),
    "offline.hello": ({"judge", "chair"}, "account csrf now"),
    "offline.papers": (
        {"judge", "chair"},
        """account digest papers papers[].code papers[].files papers[].files[].size papers[].files[].url papers[].paper
        papers[].round papers[].state papers[].title papers[].url papers[].version parts""",
    ),
    "pitch.state": (
        {"chair", "organiser"},
        """breakName breakTime breakUntil elapsed extra lengths lengths.answers lengths.pitch next next[].code
        next[].due next[].name next[].state next[].title now part revision running screen team team.code team.due
        team.name team.state team.title""",
    ),
    "published.promised_file": (set(ROLES), "digest document nonce"),
    "results.ranking_file": (
        {"chair", "organiser"},
        """count criteria criteria[].code criteria[].floor criteria[].maximum criteria[].minimum criteria[].name
        criteria[].name.en criteria[].name.vi criteria[].part criteria[].position criteria[].source criteria[].step
        criteria[].weight edition edition_name edition_name.en edition_name.vi exported_at fingerprint frozen_at method
        ranking ranking[].criteria ranking[].decided_by ranking[].field ranking[].judges ranking[].ledger
        ranking[].own_result ranking[].rank ranking[].result ranking[].school ranking[].status ranking[].submission
        ranking[].team ranking[].tied ranking[].title ranking[].track round round_name round_name.en round_name.vi
        rules rules.advance rules.advance.direct rules.advance.floors rules.advance.per rules.advance.percent
        rules.advance.threshold rules.advance.ties rules.advance.top rules.aggregate rules.answer_minutes
        rules.appeal_days rules.bands rules.blind rules.carry rules.change_minutes rules.clamp rules.combine
        rules.counting rules.decide rules.decimals rules.judges_per_submission rules.min_entries rules.min_judges
        rules.pitch_minutes rules.quorum rules.scale_to rules.spread_alarm rules.tie_breaks rules.trim rules.trim_from
        rules.whole_marks state test timezone version""",
    ),
}


def test_ac_11_every_answer_to_a_script_holds_the_listed_keys(site: Site) -> None:
    found: dict[str, dict[str, set[str]]] = {}
    for rule in readable():
        for role in ROLES:
            for path in true_paths(site.app, rule, site.world.own)[:8]:
                with site.person(role).get(path) as answer:
                    if answer.mimetype == "application/json" and answer.status_code == 200:
                        found.setdefault(rule.endpoint, {}).setdefault(role, set()).update(keys_of(answer.get_json()))
    told = {endpoint: (set(answers), set().union(*answers.values())) for endpoint, answers in found.items()}
    assert told == {endpoint: (roles, set(keys.split())) for endpoint, (roles, keys) in LISTED.items()}


@pytest.mark.parametrize("query", ["view=all", "fields=judges,private_note", "include=marks", "expand=ranking.judges"])
def test_ac_11_no_parameter_asks_for_more(site: Site, query: str) -> None:
    own = site.world.own
    path = f"/e/{own.code}/organise/results/{own.ids['round_code'][0]}/ranking.json"
    usual, asked = (site.person("chair").get(f"{path}{more}").get_json() for more in ("", f"?{query}"))
    assert keys_of(usual) == keys_of(asked)
