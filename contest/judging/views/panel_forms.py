"""What organisers send about the panel: a judge, a list, a conflict, a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from contest.accounts.forms import REQUIRED, a_phone, an_email
from contest.accounts.logins import login_phone, normal_email
from contest.editions.models import Field
from contest.errors import RuleBroken
from contest.judging.affinity import languages_of, words_of
from contest.judging.panel_change import Fate
from contest.judging.panel_list import LOAD_LIMIT, LONGEST_PROFILE, MOST_YEARS, PanelEntry
from contest.judging.queries.panel import PanelJudge
from contest.web.formats import local
from contest.web.forms import Form, WholeField, no_nul
from contest.web.messages import sentence

LARGEST_SEED = 2**31 - 1
LONGEST_LIST = 200_000
LONGEST_REASON = 500
_LOAD = [Optional(), NumberRange(0, LOAD_LIMIT, _l("Give a whole number from 0 on."))]


class JudgeForm(Form):
    name = StringField(_l("Full name"), [DataRequired(REQUIRED), Length(max=200), no_nul])
    organisation = StringField(
        _l("Organisation"),
        [Optional(), Length(max=200), no_nul],
        description=_l("Teams of the same school or organisation are never given to this judge."),
    )
    email = EmailField(_l("E-mail"), [Optional(), Length(max=254), no_nul, an_email])
    phone = StringField(_l("Phone number"), [Optional(), Length(max=30), no_nul, a_phone])
    fields = SelectMultipleField(
        _l("Fields this judge knows"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    languages = SelectMultipleField(
        _l("Languages this judge reads"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    experience = WholeField(
        _l("Years of experience"), [Optional(), NumberRange(0, MOST_YEARS, _l("Give a number of years."))]
    )
    profile = TextAreaField(
        _l("What the judge works on"),
        [Optional(), Length(max=LONGEST_PROFILE), no_nul],
        description=_l(
            "A few lines in the judge's own words; they are compared with the summaries of the submissions."
        ),
    )
    min_load = WholeField(_l("At least so many submissions per round"), _LOAD)
    max_load = WholeField(_l("At most so many submissions per round"), _LOAD)
    chair = BooleanField(_l("Chairs the jury"))

    def validate_min_load(self, field: Any) -> None:
        if field.data is not None and self.max_load.data is not None and field.data > self.max_load.data:
            raise ValidationError(sentence(RuleBroken("loads_crossed")))

    def offer(self, fields: Sequence[Field], judge: PanelJudge | None = None) -> None:
        """Offer the edition's fields; what an imported judge knows beside them stays and can be unticked."""
        known = [(row.code, local(row)) for row in fields]
        words = {word: row.code for row in fields for word in words_of(row.code, row.name_vi, row.name_en)}
        held = [_code_of(text, words) for text in (judge.fields if judge else ())]
        extra = [text for text in dict.fromkeys(held) if text not in dict(known)]
        self.fields.choices = [*known, *((text, text) for text in extra)]
        spoken = languages_in_order(judge.languages if judge else "")
        self.languages.choices = [(code, word) for code, word in language_words(spoken).items()]
        if judge is not None and not self.is_submitted():
            self.fields.data, self.languages.data = held, list(spoken)

    def entry(self) -> PanelEntry:
        return PanelEntry(
            name=self.name.data or "",
            email=normal_email(self.email.data) if self.email.data else "",
            phone=login_phone(self.phone.data) if self.phone.data else "",
            organisation=self.organisation.data or "",
            fields=tuple(self.fields.data or ()),
            languages=";".join(self.languages.data or ()),
            profile=self.profile.data or "",
            experience=self.experience.data,
            min_load=self.min_load.data,
            max_load=self.max_load.data,
            chair=bool(self.chair.data),
        )


def languages_in_order(text: str) -> tuple[str, ...]:
    """Return the codes of a judge's languages as listed, each once."""
    return tuple(dict.fromkeys(code for part in text.replace(",", ";").split(";") for code in languages_of(part)))


def language_words(others: Sequence[str] = ()) -> dict[str, str]:
    """Return the languages to choose from, by code; those that are not ours stand for themselves."""
    ours = {"vi": gettext("Vietnamese"), "en": gettext("English")}
    return ours | {code: code for code in others if code not in ours}


def _code_of(text: str, words: dict[str, str]) -> str:
    return next((words[word] for word in words_of(text) if word in words), text)


class ListForm(Form):
    text = TextAreaField(
        _l("The list"),
        [Optional(), Length(max=LONGEST_LIST), no_nul],
        description=_l("One judge per line: name; organisation; e-mail; phone. Lines copied from Excel work, too."),
    )
    file = FileField(_l("Or a file"), [Optional()])


class ConflictForm(Form):
    judge = SelectField(_l("Judge"), [InputRequired(REQUIRED)])
    submission = SelectField(_l("Submission"), [InputRequired(REQUIRED)])
    reason = StringField(
        _l("Reason"),
        [DataRequired(_l("Write the reason in a few words.")), Length(max=300), no_nul],
        description=_l("For example: relative, former teacher, investor."),
    )


class JudgeActionForm(Form):
    judge = StringField()


class ReasonForm(Form):
    reason = StringField()


def given_reason() -> str:
    """Return why the panel changes, as typed on any page; "" where the page does not ask."""
    field = ReasonForm().reason
    if any("\x00" in raw for raw in field.raw_data or ()):
        raise RuleBroken("reason_nul")
    said = field.data or ""
    if len(said) > LONGEST_REASON:
        raise RuleBroken("reason_too_long", limit=LONGEST_REASON)
    return said


class LeaveForm(Form):
    successor = SelectField(_l("Who takes over what is not finished"), [Optional()], default="")
    fate = RadioField(
        _l("What was handed in already"),
        [InputRequired(REQUIRED)],
        choices=[
            (Fate.STAY.value, _l("stays and counts")),
            (Fate.ASIDE.value, _l("is set aside in writing: kept on record, counted for nothing, judged again")),
        ],
        default=Fate.STAY.value,
    )
    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l("Write why the judge leaves. It goes into the minutes.")),
            Length(max=LONGEST_REASON, message=_l("At most %(max)d characters.")),
            no_nul,
        ],
    )
    digest = HiddenField(validators=[InputRequired(), Length(max=64)])

    def offer(self, judges: Sequence[PanelJudge]) -> None:
        nobody = SelectChoice("", gettext("Nobody: the seats stay empty"))
        self.successor.choices = [nobody, *(SelectChoice(one.person, f"{one.name} ({one.code})") for one in judges)]


class PairForm(JudgeActionForm):
    submission = StringField()


class PlanForm(Form):
    seed = WholeField(_l("Seed"), [InputRequired(REQUIRED), NumberRange(0, LARGEST_SEED)])
    keep = BooleanField(_l("Keep what is assigned now and only fill the gaps"))


class ApplyForm(PlanForm):
    digest = HiddenField(validators=[InputRequired(), Length(max=64)])
