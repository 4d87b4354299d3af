"""A round: its name, window and rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from contest.editions.basics import RoundBasics
from contest.editions.coherence import check_coherent
from contest.editions.facts import RoundFacts
from contest.editions.forms.fields import WallTimeField, at_most, blame, needed
from contest.editions.forms.rules import BLAMES as RULE_BLAMES
from contest.editions.forms.rules import OF_SETTING, RulesForm, choices, rules_data
from contest.editions.moments import to_utc, to_wall
from contest.editions.rules import LocalText, RoundKind, RoundRules
from contest.errors import RuleBroken
from contest.web.forms import Form, no_nul

KIND_WORDS: dict[RoundKind, Any] = {
    RoundKind.SCREENING: _l("Screening"),
    RoundKind.PRELIMINARY: _l("Preliminary"),
    RoundKind.SEMIFINAL: _l("Semi-final"),
    RoundKind.FINAL: _l("Final"),
}
# What a round is called when nobody gives it another name.
KIND_NAMES: dict[RoundKind, LocalText] = {
    RoundKind.SCREENING: LocalText("Sơ loại", "Screening"),
    RoundKind.PRELIMINARY: LocalText("Sơ khảo", "Preliminary"),
    RoundKind.SEMIFINAL: LocalText("Bán kết", "Semi-final"),
    RoundKind.FINAL: LocalText("Chung kết", "Final"),
}
BLAMES = {**RULE_BLAMES, "round_without_name": "name_vi", "round_window_reversed": "closes_at"}


class AddRoundForm(Form):
    kind = SelectField(_l("Kind"), choices=choices(KIND_WORDS))
    name_vi = StringField(_l("Name in Vietnamese"), [Optional(), at_most(200), no_nul])
    template = SelectField(_l("Rubric to start from"))

    def basics(self) -> RoundBasics:
        """Return the new round; without a name its kind names it."""
        kind = RoundKind(self.kind.data)
        name = LocalText(self.name_vi.data) if self.name_vi.data else KIND_NAMES[kind]
        return RoundBasics(name, kind)


class RemoveRoundForm(Form):
    confirm = StringField(_l("Code of the round"), [needed(), at_most(40)])

    def confirms(self, code: str) -> bool:
        """Tell whether the code was typed; capitals do not matter."""
        return bool(self.validate_on_submit()) and (self.confirm.data or "").casefold() == code.casefold()


class RoundForm(RulesForm):
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    kind = SelectField(_l("Kind"), choices=choices(KIND_WORDS))
    opens_at = WallTimeField(_l("Scoring opens"), [Optional()])
    closes_at = WallTimeField(_l("Scoring closes"), [Optional()])

    def basics(self, timezone: str) -> RoundBasics | None:
        """Return name, kind and window, or put the refusal on its field."""
        try:
            return RoundBasics(
                name=LocalText(self.name_vi.data or "", self.name_en.data or ""),
                kind=RoundKind(self.kind.data),
                opens_at=to_utc(self.opens_at.data, timezone),
                closes_at=to_utc(self.closes_at.data, timezone),
            )
        except RuleBroken as refused:
            self.blame(refused)
            return None

    def rules(self, facts: RoundFacts, earlier: Sequence[RoundFacts]) -> RoundRules | None:
        """Return the rules as typed, or put the refusal on its field."""
        try:
            rules = self.changed(facts.rules)
            check_coherent(rules, facts.rubric, [one.code for one in earlier])
        except RuleBroken as refused:
            self.blame(refused)
            return None
        return rules

    def blame(self, refused: RuleBroken) -> None:
        """Put a refusal on the field that it speaks of, or on the form."""
        setting = str(refused.facts.get("setting", ""))
        blame(self, refused, BLAMES, setting if setting in OF_SETTING else "")


def round_data(facts: RoundFacts, timezone: str, earlier: Sequence[RoundFacts] = ()) -> dict[str, Any]:
    """Return a stored round as the data of the form."""
    return {
        "name_vi": facts.name.vi,
        "name_en": facts.name.en,
        "kind": facts.kind.value,
        "opens_at": to_wall(facts.opens_at, timezone),
        "closes_at": to_wall(facts.closes_at, timezone),
        **rules_data(facts.rules, earlier),
    }
