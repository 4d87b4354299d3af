"""What an organiser says to start a rehearsal, and to wipe it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from contest.accounts.forms import REQUIRED
from contest.home.rehearsal.chance import MOST_JUDGES, MOST_TEAMS, Fill, Wish
from contest.web.forms import Form, WholeField, no_nul

MOST_ROUNDS = 20
FILL_WORDS = {
    Fill.TEAMS: _l("Teams and judges only: nothing is assigned or scored yet"),
    Fill.HALF: _l("Half scored: the last of these rounds is in the middle of its scoring"),
    Fill.ALL: _l("All scored: every judge has handed everything in"),
}


class RehearsalForm(Form):
    fill = RadioField(
        _l("How far it has gone"),
        [InputRequired(REQUIRED)],
        choices=[(one.value, words) for one, words in FILL_WORDS.items()],
        default=Fill.HALF.value,
    )
    rounds = WholeField(
        _l("How many rounds"),
        [InputRequired(REQUIRED), NumberRange(1, MOST_ROUNDS, _l("Give a whole number from 1 on."))],
        description=_l("The rounds before the last one are scored to the end, and the best advance."),
    )
    teams = WholeField(
        _l("Teams per track"),
        [InputRequired(REQUIRED), NumberRange(1, MOST_TEAMS, _l("From %(min)d to %(max)d."))],
    )
    judges = WholeField(
        _l("Judges"), [InputRequired(REQUIRED), NumberRange(1, MOST_JUDGES, _l("From %(min)d to %(max)d."))]
    )

    running = StringField(_l("Code of the rehearsal to wipe first"), [Optional(), Length(max=60), no_nul])

    def wish(self, seed: int) -> Wish:
        return Wish(
            teams=self.teams.data or 0,
            judges=self.judges.data or 0,
            rounds=self.rounds.data or 0,
            fill=Fill(self.fill.data),
            seed=seed,
        )


class WipeForm(Form):
    confirm = StringField(_l("Type the code of the rehearsal"), [DataRequired(REQUIRED), Length(max=60), no_nul])
