"""What organisers send about proposals, remedies and pins."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from contest.accounts.forms import REQUIRED
from contest.judging.views.panel_forms import LARGEST_SEED, ApplyForm, JudgeActionForm, PlanForm
from contest.web.forms import Form, WholeField, no_nul

LARGEST_NUMBER = 1_000_000


class TellForm(Form):
    tell = BooleanField(_l("Tell the judges whose list changes by e-mail"))


class PutForm(ApplyForm, TellForm):
    """The plan with this seed, as it was shown."""


class DeployForm(TellForm):
    digest = HiddenField(validators=[InputRequired(REQUIRED), Length(max=64), no_nul])


class WayForm(PlanForm):
    key = HiddenField(validators=[InputRequired(REQUIRED), Length(max=40), no_nul])
    number = WholeField(validators=[Optional(), NumberRange(1, LARGEST_NUMBER)])


class KeepForm(PlanForm):
    seed = WholeField(_l("Seed"), [Optional(), NumberRange(0, LARGEST_SEED)])


class MoveForm(JudgeActionForm):
    """One judge of one submission; a move names where the seat goes."""

    to_judge = StringField()
    to_submission = StringField()
