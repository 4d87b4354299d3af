"""A round: its name, window and rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional

from contest.editions.basics import RoundBasics
from contest.editions.facts import RoundFacts
from contest.editions.forms.fields import (
    ExactField,
    WallTimeField,
    at_most,
    between,
    blame,
    given,
    needed,
)
from contest.editions.moments import to_utc, to_wall
from contest.editions.rules import Advance, Aggregate, Combine, LocalText, Per, RoundKind, RoundRules
from contest.errors import RuleBroken
from contest.web.forms import Form, WholeField, no_nul

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
AGGREGATE_WORDS: dict[Aggregate, Any] = {
    Aggregate.MEAN: _l("Mean of all judges"),
    Aggregate.TRIMMED: _l("Mean without the highest and lowest"),
    Aggregate.MEDIAN: _l("Median (not ranked yet)"),
    Aggregate.CLAMPED: _l("Mean with outliers drawn in (not ranked yet)"),
    Aggregate.SEVERITY: _l("Corrected for severity (not ranked yet)"),
}
COMBINE_WORDS: dict[Combine, Any] = {
    Combine.SCORECARD: _l("Each judge's total, then combined"),
    Combine.CRITERION: _l("Each criterion over the judges, rounded, then summed"),
}
PER_WORDS: dict[Per, Any] = {
    Per.TRACK: _l("in each track"),
    Per.FIELD: _l("in each field"),
    Per.ALL: _l("in the whole round"),
}
# Offered for a new choice; a stored rule outside of it stays selectable so that saving keeps it.
RANKED = (Aggregate.MEAN, Aggregate.TRIMMED)
BLAMES = {
    "round_without_name": "name_vi",
    "round_window_reversed": "closes_at",
    "decimals_out_of_range": "decimals",
    "trim_negative": "trim",
    "min_judges_below_one": "min_judges",
    "judges_per_submission_below_one": "judges_per_submission",
}


def choices(words: dict[Any, Any]) -> list[tuple[str, Any]]:
    """Return an enumeration with its words as the choices of a select."""
    return [(one.value, word) for one, word in words.items()]


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


class RoundForm(Form):
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    kind = SelectField(_l("Kind"), choices=choices(KIND_WORDS))
    opens_at = WallTimeField(_l("Scoring opens"), [Optional()])
    closes_at = WallTimeField(_l("Scoring closes"), [Optional()])
    judges_per_submission = WholeField(_l("Judges per submission"), [Optional(), between(1, 100)])
    min_judges = WholeField(_l("Fewest scorecards for a place"), [needed(), between(1, 100)])
    blind = BooleanField(_l("Hide team and member names from judges"))
    combine = SelectField(_l("What is combined"), choices=choices(COMBINE_WORDS))
    aggregate = SelectField(_l("How judges' marks become one"))
    trim = WholeField(_l("How many highest and lowest are dropped"), [Optional(), between(0, 20)])
    decimals = WholeField(_l("Decimal places of the result"), [needed(), between(0, 6)])
    advance_top = WholeField(_l("Best submissions that advance"), [Optional(), between(1, 100_000)])
    advance_per = SelectField(_l("Counted"), choices=choices(PER_WORDS))
    advance_threshold = ExactField(_l("Result needed to advance"), [Optional()])

    def offer(self, stored: RoundRules) -> None:
        """Offer the aggregates that can be ranked, and the stored one."""
        offered = [one for one in AGGREGATE_WORDS if one in (*RANKED, stored.aggregate)]
        self.aggregate.choices = [(one.value, AGGREGATE_WORDS[one]) for one in offered]

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
            blame(self, refused, BLAMES)
            return None

    def rules(self, stored: RoundRules) -> RoundRules | None:
        """Return the stored rules with what the page can change, or put the refusal on its field."""
        try:
            return replace(
                stored,
                decimals=given(self.decimals),
                combine=Combine(self.combine.data),
                aggregate=Aggregate(self.aggregate.data),
                trim=stored.trim if self.trim.data is None else self.trim.data,
                min_judges=given(self.min_judges),
                judges_per_submission=self.judges_per_submission.data,
                blind=bool(self.blind.data),
                advance=self._advance(stored.advance),
            )
        except RuleBroken as refused:
            blame(self, refused, BLAMES)
            return None

    def _advance(self, stored: Advance | None) -> Advance | None:
        top, threshold = self.advance_top.data, self.advance_threshold.data
        if top is None and threshold is None:
            return None
        return replace(stored or Advance(), top=top, per=Per(self.advance_per.data), threshold=threshold)


def round_data(facts: RoundFacts, timezone: str) -> dict[str, Any]:
    """Return a stored round as the data of the form."""
    rules = facts.rules
    return {
        "name_vi": facts.name.vi,
        "name_en": facts.name.en,
        "kind": facts.kind.value,
        "opens_at": to_wall(facts.opens_at, timezone),
        "closes_at": to_wall(facts.closes_at, timezone),
        "judges_per_submission": rules.judges_per_submission,
        "min_judges": rules.min_judges,
        "blind": rules.blind,
        "combine": rules.combine.value,
        "aggregate": rules.aggregate.value,
        "trim": rules.trim,
        "decimals": rules.decimals,
        "advance_top": rules.advance.top if rules.advance else None,
        "advance_per": rules.advance.per.value if rules.advance else Per.TRACK.value,
        "advance_threshold": rules.advance.threshold if rules.advance else None,
    }
