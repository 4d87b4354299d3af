"""What organisers send when a round changes in its middle."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from contest.judging.panel_change import Fate
from contest.judging.queries.panel import PanelJudge
from contest.judging.queries.reshuffles import Asked
from contest.judging.views.panel_forms import LONGEST_REASON
from contest.web.forms import Form, WholeField, no_nul

MOST_SEATS = 100


class ChangeForm(Form):
    seats = WholeField(
        _l("Judges per submission"),
        [Optional(), NumberRange(1, MOST_SEATS, _l("Give a whole number from 1 to 100."))],
        description=_l("Empty: everybody judges everything."),
    )
    leave = SelectMultipleField(
        _l("These judges leave"),
        [Optional()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    fate = RadioField(
        _l("What they handed in already"),
        [InputRequired()],
        choices=[
            (Fate.STAY.value, _l("stays and counts")),
            (Fate.ASIDE.value, _l("is set aside in writing: kept on record, counted for nothing, judged again")),
        ],
        default=Fate.STAY.value,
    )
    late = RadioField(
        _l("Judges who hold nothing yet"),
        [InputRequired()],
        choices=[
            ("seats", _l("get empty seats only: nobody else notices")),
            ("share", _l("get a fair share: what nobody began moves to them from those who hold most")),
        ],
        default="seats",
    )
    move = BooleanField(_l("Judges may swap what they have not begun where only that fills a seat"))

    def offer(self, judges: Iterable[PanelJudge]) -> None:
        self.leave.choices = [SelectChoice(one.person, f"{one.name} ({one.code})") for one in judges]

    def asked(self, judges: Iterable[PanelJudge]) -> Asked:
        chosen = set(self.leave.data or ())
        return Asked(
            wanted=self.seats.data,
            leaving=frozenset(one.id for one in judges if one.person in chosen),
            fate=Fate(self.fate.data or Fate.STAY.value),
            share=self.late.data == "share",
            move=bool(self.move.data),
        )


class PutForm(ChangeForm):
    reason = StringField(
        _l("Reason"),
        [
            DataRequired(_l("Write why the round changes. It stays on record.")),
            Length(max=LONGEST_REASON, message=_l("At most %(max)d characters.")),
            no_nul,
        ],
    )
    mail = BooleanField(_l("Write to the judges whose list changes, and to nobody else"))
    digest = HiddenField(validators=[InputRequired(), Length(max=64)])

    def hidden(self) -> list[tuple[str, Any]]:
        """Return what was asked for, to be sent again unseen."""
        asked = [("seats", "" if self.seats.data is None else self.seats.data)]
        asked += [("leave", one) for one in self.leave.data or ()]
        asked += [("fate", self.fate.data), ("late", self.late.data)]
        return asked + ([("move", "y")] if self.move.data else [])
