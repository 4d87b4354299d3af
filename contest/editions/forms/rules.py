"""The rules of a round on one page: everything that `RoundRules` can say, in the order of its sections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField
from wtforms.validators import Optional

from contest.editions.codes import free_code, slug
from contest.editions.coherence import BY_CRITERION, BY_ROUND, OWN
from contest.editions.facts import RoundFacts
from contest.editions.forms.fields import ExactField, at_most, between, given, needed
from contest.editions.rules import (
    Advance,
    Aggregate,
    Band,
    Combine,
    Counting,
    CutTies,
    Decide,
    LocalText,
    Per,
    Quorum,
    RoundRules,
)
from contest.web.formats import local
from contest.web.forms import Form, WholeField, no_nul

STEPS = 6
MOST_STEPS = 20
SPARE_BANDS = 2
MOST_BANDS = 20

AGGREGATE_WORDS: dict[Aggregate, Any] = {
    Aggregate.MEAN: _l("Mean of all judges"),
    Aggregate.TRIMMED: _l("Mean without the highest and lowest"),
    Aggregate.MEDIAN: _l("Median"),
    Aggregate.CLAMPED: _l("Mean with outliers drawn in"),
    Aggregate.SEVERITY: _l("Corrected for the severity of judges"),
    Aggregate.ZSCORE: _l("Standard scores (z-scores)"),
    Aggregate.RANKS: _l("Places that each judge gives"),
}
COMBINE_WORDS: dict[Combine, Any] = {
    Combine.SCORECARD: _l("Each judge's total, then combined"),
    Combine.CRITERION: _l("Each criterion over the judges, rounded, then summed"),
}
COUNTING_WORDS: dict[Counting, Any] = {
    Counting.SUBMITTED: _l("When it is handed in"),
    Counting.COMPLETE: _l("As soon as its last mark is given"),
}
DECIDE_WORDS: dict[Decide, Any] = {
    Decide.SCORES: _l("The numbers"),
    Decide.AGREEMENT: _l("The agreement of the jury, with the numbers beside"),
}
PER_WORDS: dict[Per, Any] = {
    Per.TRACK: _l("in each track"),
    Per.FIELD: _l("in each field"),
    Per.ALL: _l("in the whole round"),
}
CUT_TIE_WORDS: dict[CutTies, Any] = {
    CutTies.ALL: _l("All of them advance"),
    CutTies.NONE: _l("None of them advances"),
    CutTies.CHAIR: _l("The chair chooses, in writing"),
}
STEP_WORDS: dict[str, Any] = {
    "judges_preferring": _l("Majority of the judges who scored both"),
    "highest_scorecard": _l("Highest single scorecard"),
    "lower_spread": _l("Judges closer together"),
    "earlier_round": _l("Result of the nearest earlier round"),
    "chair": _l("The chair decides, in writing"),
}
BLAMES = {
    "decimals_out_of_range": "decimals",
    "trim_negative": "trim",
    "clamp_missing": "clamp",
    "min_judges_below_one": "min_judges",
    "judges_per_submission_below_one": "judges_per_submission",
    "percent_out_of_range": "advance_percent",
    "direct_out_of_range": "advance_direct",
    "quorum_below_one": "quorum_present",
    "aggregate_needs_scorecards": "aggregate",
    "whole_marks_fraction": "whole_marks",
}
OF_SETTING = ("clamp", "scale_to", "spread_alarm", "trim_from", "min_entries", "appeal_days")
MINUTES = ("pitch_minutes", "answer_minutes", "change_minutes")
MOST_MINUTES = 600
"""Settings that the core names in a fact; their fields have the same names."""


def choices(words: dict[Any, Any]) -> list[tuple[str, Any]]:
    """Return an enumeration with its words as the choices of a select."""
    return [(one.value, word) for one, word in words.items()]


class RowForm(Form):
    class Meta(Form.Meta):
        csrf = False  # a row of a form that carries the token


class CarryForm(RowForm):
    code = HiddenField(validators=[no_nul])
    weight = ExactField(_l("Weight"), [Optional()])


class BandForm(RowForm):
    code = HiddenField(validators=[no_nul])
    name_vi = StringField(_l("Name in Vietnamese"), [Optional(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    lowest = ExactField(_l("From"), [Optional()])


class RulesForm(Form):
    """The rules; `offer` must be told what the ladder and the carry may name."""

    judges_per_submission = WholeField(_l("Judges per submission"), [Optional(), between(1, 100)])
    blind = BooleanField(_l("Hide team and member names from judges"))
    aggregate = SelectField(_l("How judges' marks become one"), choices=choices(AGGREGATE_WORDS))
    decimals = WholeField(_l("Decimal places of the result"), [needed(), between(0, 6)])

    combine = SelectField(_l("What is combined"), choices=choices(COMBINE_WORDS))
    trim = WholeField(_l("How many highest and lowest are dropped"), [Optional(), between(0, 20)])
    trim_from = WholeField(_l("Fewest scorecards for dropping any"), [Optional(), between(1, 100)])
    clamp = ExactField(_l("Farthest from the mean before it is drawn in"), [Optional()])
    scale_to = ExactField(_l("Scale the total to"), [Optional()])
    whole_marks = BooleanField(_l("Only whole marks"))
    carry = FieldList(FormField(CarryForm), max_entries=60)

    min_judges = WholeField(_l("Fewest scorecards for a place"), [needed(), between(1, 100)])
    counting = SelectField(_l("A scorecard counts"), choices=choices(COUNTING_WORDS), default=Counting.SUBMITTED.value)
    decide = SelectField(_l("The places are decided by"), choices=choices(DECIDE_WORDS), default=Decide.SCORES.value)
    spread_alarm = ExactField(_l("Alarm when two judges are further apart than"), [Optional()])
    quorum_present = WholeField(_l("Fewest present at the meeting"), [Optional(), between(1, 1_000)])
    quorum_chair = BooleanField(_l("The chair must be present"))
    quorum_secretary = BooleanField(_l("The secretary must be present"))
    min_entries = WholeField(_l("Fewest submissions"), [Optional(), between(1, 100_000)])

    ties = FieldList(SelectField(_l("Step"), validate_choice=False), max_entries=MOST_STEPS)

    advance_top = WholeField(_l("Best submissions that advance"), [Optional(), between(1, 100_000)])
    advance_per = SelectField(_l("Counted"), choices=choices(PER_WORDS))
    advance_threshold = ExactField(_l("Result needed to advance"), [Optional()])
    advance_percent = ExactField(_l("Best share that advances"), [Optional()])
    advance_floors = BooleanField(_l("Nobody below the floor of a criterion advances"))
    advance_ties = SelectField(_l("A tie at the line"), choices=choices(CUT_TIE_WORDS), default=CutTies.ALL.value)
    advance_direct = WholeField(_l("The first of them skip a round"), [Optional(), between(1, 100_000)])

    bands = FieldList(FormField(BandForm), max_entries=MOST_BANDS)

    appeal_days = WholeField(_l("Days for an appeal after publication"), [Optional(), between(1, 365)])

    pitch_minutes = WholeField(_l("Minutes on stage"), [Optional(), between(1, MOST_MINUTES)])
    answer_minutes = WholeField(_l("Minutes for answers"), [Optional(), between(1, MOST_MINUTES)])
    change_minutes = WholeField(_l("Minutes between two teams"), [Optional(), between(1, MOST_MINUTES)])

    def offer(self, facts: RoundFacts, earlier: Sequence[RoundFacts]) -> None:
        """Offer what the ladder may name, and give the rows of the carry the names of their rounds."""
        steps = [
            ("", "–"),
            *((code, words) for code, words in STEP_WORDS.items() if earlier or code != "earlier_round"),
        ]
        steps += [
            (f"{BY_CRITERION}{one.code}", _("Criterion: %(name)s", name=local(one.name)))
            for one in facts.rubric.criteria
        ]
        steps += [(f"{BY_ROUND}{one.code}", _("Result of %(round)s", round=local(one.name))) for one in earlier]
        while len(self.ties) < STEPS:
            self.ties.append_entry("")
        for number, field in enumerate(self.ties, start=1):
            unknown = [] if field.data in dict(steps) or not field.data else [(field.data, field.data)]
            field.choices = [*steps, *unknown]
            field.label.text = _("Step %(number)s", number=number)
        names = {one.code: local(one.name) for one in earlier} | {OWN: _("This round")}
        for row in self.carry:
            code = row.form.code.data or ""
            row.form.weight.label.text = names.get(code, code)

    def changed(self, stored: RoundRules) -> RoundRules:
        """Return the stored rules with all that the page says. Raises what the core raises."""
        return replace(
            stored,
            decimals=given(self.decimals),
            combine=Combine(self.combine.data),
            aggregate=Aggregate(self.aggregate.data),
            trim=stored.trim if self.trim.data is None else self.trim.data,
            trim_from=self.trim_from.data,
            clamp=self.clamp.data,
            scale_to=self.scale_to.data,
            whole_marks=bool(self.whole_marks.data),
            carry=self._carry(),
            min_judges=given(self.min_judges),
            judges_per_submission=self.judges_per_submission.data,
            blind=bool(self.blind.data),
            counting=Counting(self.counting.data),
            decide=Decide(self.decide.data),
            spread_alarm=self.spread_alarm.data,
            quorum=self._quorum(),
            min_entries=self.min_entries.data,
            tie_breaks=tuple(dict.fromkeys(step for step in self.ties.data if step)),
            advance=self._advance(),
            bands=self._bands(),
            appeal_days=self.appeal_days.data,
            **{name: self[name].data for name in MINUTES},
        )

    def _carry(self) -> tuple[tuple[str, Decimal], ...]:
        rows = [(row.form.code.data or "", row.form.weight.data) for row in self.carry]
        return tuple((code, weight) for code, weight in rows if weight is not None)

    def _quorum(self) -> Quorum | None:
        if self.quorum_present.data is None:
            return None
        return Quorum(self.quorum_present.data, bool(self.quorum_chair.data), bool(self.quorum_secretary.data))

    def _advance(self) -> Advance | None:
        advance = Advance(
            top=self.advance_top.data,
            per=Per(self.advance_per.data),
            threshold=self.advance_threshold.data,
            floors=bool(self.advance_floors.data),
            ties=CutTies(self.advance_ties.data),
            percent=self.advance_percent.data,
            direct=self.advance_direct.data,
        )
        return advance if advance.has_line else None

    def _bands(self) -> tuple[Band, ...]:
        rows = [row.form for row in self.bands if row.form.lowest.data is not None]
        codes: list[str] = []
        for row in rows:
            wish = row.code.data or slug(row.name_vi.data or "") or "band"
            codes.append(wish if row.code.data and wish not in codes else free_code(wish, codes))
        named = [
            Band(
                code, LocalText(row.name_vi.data or row.name_en.data or code, row.name_en.data or ""), given(row.lowest)
            )
            for code, row in zip(codes, rows, strict=True)
        ]
        return tuple(sorted(named, key=lambda band: band.lowest, reverse=True))


def rules_data(rules: RoundRules, earlier: Sequence[RoundFacts]) -> dict[str, Any]:
    """Return stored rules as the data of the form; the carry has a row for each earlier round and for this one."""
    advance, quorum = rules.advance or Advance(), rules.quorum
    weights = dict(rules.carry)
    carried = [*(one.code for one in earlier), OWN] if earlier else []
    return {
        "decimals": rules.decimals,
        "combine": rules.combine.value,
        "aggregate": rules.aggregate.value,
        "trim": rules.trim,
        "trim_from": rules.trim_from,
        "clamp": rules.clamp,
        "scale_to": rules.scale_to,
        "whole_marks": rules.whole_marks,
        "carry": [{"code": code, "weight": weights.get(code)} for code in dict.fromkeys([*carried, *weights])],
        "min_judges": rules.min_judges,
        "judges_per_submission": rules.judges_per_submission,
        "blind": rules.blind,
        "counting": rules.counting.value,
        "decide": rules.decide.value,
        "spread_alarm": rules.spread_alarm,
        "quorum_present": quorum.present if quorum else None,
        "quorum_chair": quorum.chair if quorum else True,
        "quorum_secretary": quorum.secretary if quorum else True,
        "min_entries": rules.min_entries,
        "ties": list(rules.tie_breaks),
        "advance_top": advance.top,
        "advance_per": advance.per.value,
        "advance_threshold": advance.threshold,
        "advance_percent": advance.percent,
        "advance_floors": advance.floors,
        "advance_ties": advance.ties.value,
        "advance_direct": advance.direct,
        "bands": [
            *(
                {"code": band.code, "name_vi": band.name.vi, "name_en": band.name.en, "lowest": band.lowest}
                for band in rules.bands
            ),
            *({} for _spare in range(SPARE_BANDS)),
        ],
        "appeal_days": rules.appeal_days,
        **{name: getattr(rules, name) for name in MINUTES},
    }
