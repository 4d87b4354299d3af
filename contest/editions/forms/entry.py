"""Who may enter: one effect per rule, with its numbers beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FieldList, FormField, HiddenField, SelectField, TextAreaField
from wtforms.form import Form as Rows
from wtforms.validators import Length, Optional

from contest.editions.entry_rules import (
    LONGEST_LISTED,
    MOST_LISTED,
    MOST_PEOPLE,
    MOST_PER_SCHOOL,
    OLDEST,
    WHOLE_SHARE,
    AgeLimits,
    AgeRule,
    AwardedRule,
    Effect,
    EligibilityRules,
    MentorRule,
    MentorSchool,
    OutsiderRule,
    QuotaPer,
    QuotaRule,
    SizeRule,
)
from contest.editions.entry_rules_json import PLAIN
from contest.editions.forms.fields import between, blame
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.web.formats import local
from contest.web.forms import Form, WholeField, clean_line, no_nul

EFFECT_WORDS: dict[Effect, Any] = {Effect.OFF: _l("Off"), Effect.WARN: _l("Warns"), Effect.BLOCK: _l("Blocks")}
PER_WORDS: dict[QuotaPer, Any] = {QuotaPer.EDITION: _l("in the whole contest"), QuotaPer.TRACK: _l("in each track")}
MENTOR_WORDS: dict[MentorSchool, Any] = {
    MentorSchool.ANY: _l("from anywhere"),
    MentorSchool.SAME: _l("of the team's school"),
    MentorSchool.OTHER: _l("not of the team's school"),
}
_DAY_FORMATS = ["%Y-%m-%d", "%d/%m/%Y"]


def effect(label: Any) -> SelectField:
    """Return the field that switches a rule."""
    return SelectField(label, choices=[(one.value, words) for one, words in EFFECT_WORDS.items()], default="off")


def number(label: Any, low: int, high: int) -> WholeField:
    """Return a field for a limit that may be left out."""
    return WholeField(label, [Optional(), between(low, high)], render_kw={"inputmode": "numeric"})


class DayField(DateField):
    """A day without a time; what was typed stays when it cannot be read."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, format=_DAY_FORMATS, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the day, or none from an empty field."""
        self.data = None
        if valuelist and valuelist[0].strip():
            try:
                super().process_formdata([valuelist[0].strip()])
            except ValueError as refused:
                raise ValueError(_("Enter a day, for example 22/11/2026.")) from refused


class TrackAges(Rows):
    """The ages of one track; empty numbers are those of everybody."""

    code = HiddenField(validators=[Length(max=40), no_nul])
    least = number(_l("From age"), 0, OLDEST)
    most = number(_l("To age"), 0, OLDEST)
    by_oldest = BooleanField(_l("A mixed team counts by its oldest member"))


class EntryRulesForm(Form):
    size_effect = effect(_l("Size of a team"))
    size_least = number(_l("At least (people)"), 1, MOST_PEOPLE)
    size_most = number(_l("At most (people)"), 1, MOST_PEOPLE)

    age_effect = effect(_l("Age of the members"))
    age_on = DayField(_l("Age on this day"), [Optional()])
    age_least = number(_l("From age"), 0, OLDEST)
    age_most = number(_l("To age"), 0, OLDEST)
    age_by_oldest = BooleanField(_l("A mixed team counts by its oldest member"))
    age_tracks = FieldList(FormField(TrackAges), max_entries=60)

    one_team = effect(_l("Each person in one team only"))
    one_captain = effect(_l("Each person leads one team only"))
    officials = effect(_l("Nobody of the committee or the jury enters"))
    one_idea = effect(_l("One submission per team"))

    quota_effect = effect(_l("Entries of one school or unit"))
    quota_most = number(_l("At most (entries)"), 1, MOST_PER_SCHOOL)
    quota_least = number(_l("At least (entries, never more than a warning)"), 1, MOST_PER_SCHOOL)
    quota_per = SelectField(_l("Counted"), choices=[(one.value, words) for one, words in PER_WORDS.items()])

    mentor_effect = effect(_l("Mentor"))
    mentor_required = BooleanField(_l("Every team needs a mentor"), default=True)
    mentor_school = SelectField(
        _l("The mentor is"), choices=[(one.value, words) for one, words in MENTOR_WORDS.items()]
    )

    outsiders_effect = effect(_l("Members of other schools"))
    outsiders_percent = number(_l("At most (percent of the team)"), 0, WHOLE_SHARE)

    awarded_effect = effect(_l("Ideas that won before"))
    awarded_declaration = BooleanField(
        _l("The team declares that the idea is its own, won no prize and is entered nowhere else")
    )
    awarded_listed = TextAreaField(
        _l("Earlier winners, one per line: a title, a team or a person"),
        [Optional(), Length(max=MOST_LISTED * LONGEST_LISTED), no_nul],
    )

    track = effect(_l("A track is chosen"))
    field = effect(_l("A field is chosen"))
    anonymous = effect(_l("Title and summary do not name the school"))

    names: Mapping[str, LocalText] = {}

    def offer(self, tracks: Mapping[str, LocalText]) -> None:
        """Give each track of the edition its row, in their order; rows of tracks that are gone disappear."""
        self.names = tracks
        sent = {row.form.code.data: row.data for row in self.age_tracks}
        while self.age_tracks.entries:
            self.age_tracks.pop_entry()
        for code in tracks:
            self.age_tracks.append_entry(sent.get(code, {"code": code}))

    def track_name(self, row: Any) -> str:
        """Return the name of the track that a row is about."""
        return local(self.names[row.form.code.data])

    def rules(self) -> EligibilityRules | None:
        """Return the rules, or put each refusal on its field."""
        built = {name: self._built(name, make) for name, make in self._makers().items()}
        if None in built.values():
            return None
        plain: dict[str, Any] = {name: Effect(self[name].data) for name in PLAIN}
        return EligibilityRules(**built, **plain)

    def _built(self, name: str, make: Callable[[], Any]) -> Any:
        try:
            return make()
        except RuleBroken as refused:
            blame(self, refused, {}, _BLAMED[name])
            return None

    def _makers(self) -> dict[str, Callable[[], Any]]:
        return {
            "size": lambda: SizeRule(Effect(self.size_effect.data), self.size_least.data, self.size_most.data),
            "age": self._age,
            "quota": lambda: QuotaRule(
                Effect(self.quota_effect.data),
                self.quota_most.data,
                self.quota_least.data,
                QuotaPer(self.quota_per.data),
            ),
            "mentor": lambda: MentorRule(
                Effect(self.mentor_effect.data), bool(self.mentor_required.data), MentorSchool(self.mentor_school.data)
            ),
            "awarded": lambda: AwardedRule(
                Effect(self.awarded_effect.data), bool(self.awarded_declaration.data), self._listed()
            ),
            "outsiders": lambda: OutsiderRule(
                Effect(self.outsiders_effect.data),
                OutsiderRule().percent if self.outsiders_percent.data is None else self.outsiders_percent.data,
            ),
        }

    def _age(self) -> AgeRule:
        rows = [(row.form.code.data or "", _limits(row.form)) for row in self.age_tracks]
        return AgeRule(
            effect=Effect(self.age_effect.data),
            on=self.age_on.data,
            limits=AgeLimits(self.age_least.data, self.age_most.data, bool(self.age_by_oldest.data)),
            tracks=tuple(sorted((code, limits) for code, limits in rows if limits.given)),
        )

    def _listed(self) -> tuple[str, ...]:
        lines = (clean_line(line) for line in (self.awarded_listed.data or "").splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))


# Where a refusal of a rule's own check is shown.
_BLAMED = {
    "size": "size_effect",
    "age": "age_effect",
    "quota": "quota_effect",
    "mentor": "mentor_effect",
    "awarded": "awarded_effect",
    "outsiders": "outsiders_effect",
}


def _limits(row: Any) -> AgeLimits:
    return AgeLimits(row.least.data, row.most.data, bool(row.by_oldest.data))


def _limits_data(limits: AgeLimits) -> dict[str, Any]:
    return {"least": limits.minimum, "most": limits.maximum, "by_oldest": limits.by_oldest}


def entry_rules_data(rules: EligibilityRules) -> dict[str, Any]:
    """Return stored rules as the data of the form."""
    age = rules.age
    return {
        "size_effect": rules.size.effect.value,
        "size_least": rules.size.minimum,
        "size_most": rules.size.maximum,
        "age_effect": age.effect.value,
        "age_on": age.on,
        **{f"age_{name}": value for name, value in _limits_data(age.limits).items()},
        "age_tracks": [{"code": code, **_limits_data(limits)} for code, limits in age.tracks],
        "quota_effect": rules.quota.effect.value,
        "quota_most": rules.quota.maximum,
        "quota_least": rules.quota.minimum,
        "quota_per": rules.quota.per.value,
        "mentor_effect": rules.mentor.effect.value,
        "mentor_required": rules.mentor.required,
        "mentor_school": rules.mentor.school.value,
        "outsiders_effect": rules.outsiders.effect.value,
        "outsiders_percent": rules.outsiders.percent,
        "awarded_effect": rules.awarded.effect.value,
        "awarded_declaration": rules.awarded.declaration,
        "awarded_listed": "\n".join(rules.awarded.listed),
        **{name: getattr(rules, name).value for name in PLAIN},
    }
