"""What people send about conflicts of interest: a declaration, a look at a finding, the rules, a sponsor's judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from contest.accounts.forms import REQUIRED
from contest.errors import RuleBroken
from contest.judging.conflicts import DECLARABLE, ConflictReason
from contest.judging.states import Bid, Colleagues, Party
from contest.judging.titles import TitleWord
from contest.web.forms import Form, clean_line, no_nul

LONGEST_UNIT = 200
LONGEST_WHY = 300
KIND_CHOICES: dict[ConflictReason, Any] = {
    ConflictReason.RELATIVE: _l("Relative"),
    ConflictReason.MENTOR: _l("Mentor, teacher or adviser"),
    ConflictReason.MEMBER: _l("Member of the team"),
    ConflictReason.SAME_UNIT: _l("Same school or organisation"),
    ConflictReason.EMPLOYER: _l("Employer, investor or partner"),
    ConflictReason.DECLARED: _l("Another reason"),
}
_WHY = [DataRequired(_l("Write the reason in a few words.")), Length(max=300), no_nul]


def kind_choices() -> list[tuple[str, Any]]:
    return [(kind.value, KIND_CHOICES[kind]) for kind in DECLARABLE]


class ConflictForm(Form):
    judge = SelectField(_l("Judge"), [InputRequired(REQUIRED)])
    submission = SelectField(_l("Submission"), [InputRequired(REQUIRED)])
    kind = SelectField(_l("Kind"), default=ConflictReason.DECLARED.value)
    reason = StringField(
        _l("Reason"), _WHY, description=_l("Who and what, for example: aunt of the captain; investor since 2024.")
    )

    def offer(self, judges: Sequence[tuple[str, str]], submissions: Sequence[tuple[str, str]]) -> None:
        self.judge.choices = list(judges)
        self.submission.choices = list(submissions)
        self.kind.choices = kind_choices()


class PairForm(Form):
    judge = StringField()
    submission = StringField()
    party = SelectField(choices=[(one.value, one.value) for one in Party], default=Party.ORGANISER.value)
    because = StringField(_l("Reason"), [Length(max=300), no_nul])


class FindingForm(Form):
    judge = StringField()
    submission = StringField()
    evidence = StringField(validators=[Length(max=64), no_nul])
    reason = StringField(_l("Reason"), [Length(max=300), no_nul])
    act = StringField()


class ReturnForm(Form):
    assignment = StringField(validators=[Length(max=16), no_nul])
    reason = TextAreaField(
        _l("Why is it no conflict of interest after all?"),
        [DataRequired(_l("Write the reason in a few words.")), Length(max=500), no_nul],
    )


class TeamConflictForm(Form):
    judge = SelectField(_l("Judge"), [InputRequired(REQUIRED)])
    kind = SelectField(_l("Kind"), default=ConflictReason.RELATIVE.value)
    reason = StringField(_l("Reason"), _WHY)

    def offer(self, judges: Sequence[tuple[str, str]]) -> None:
        self.judge.choices = list(judges)
        self.kind.choices = kind_choices()


class RulesForm(Form):
    colleagues = RadioField(
        _l("Two judges of one school or firm on one submission"),
        choices=[
            (Colleagues.ALLOW.value, _l("are allowed")),
            (Colleagues.WARN.value, _l("are pointed out on the page of the plan")),
            (Colleagues.NEVER.value, _l("are never assigned together")),
        ],
        default=Colleagues.WARN.value,
    )
    teams_declare = BooleanField(
        _l("Teams may name judges whom they know"),
        description=_l("A team then sees the list of judges and can say whom it knows."),
    )
    aliases = TextAreaField(
        _l("Names that mean one school or organisation"),
        [Optional(), Length(max=20_000), no_nul],
        description=_l("One pair per line with “=” between the names, for example: ĐH Bách khoa = HCMUT"),
    )

    def validate_aliases(self, field: TextAreaField) -> None:
        for line in (field.data or "").splitlines():
            names = [clean_line(name) for name in line.split("=")]
            if line.strip() and (len(names) < 2 or not all(names)):  # noqa: PLR2004  # a pair
                raise ValidationError(
                    _l("“%(line)s” is no pair. Write two names with “=” between them.") % {"line": line}
                )
            if any(len(name) > LONGEST_UNIT for name in names):
                raise ValidationError(_l("At most %(limit)s characters.") % {"limit": LONGEST_UNIT})

    def pairs(self) -> list[tuple[str, str]]:
        """Return the pairs; a line with several names pairs the first with each other one."""
        found = []
        for line in (self.aliases.data or "").splitlines():
            first, *others = (clean_line(name) for name in line.split("="))
            found += [(first, other) for other in others]
        return found


class SponsorForm(Form):
    judge = SelectField(_l("Judge"), [InputRequired(REQUIRED)])
    prize = StringField(_l("Prize"), [DataRequired(REQUIRED), Length(max=200), no_nul])
    round = SelectField(_l("Round in which it is decided"), [InputRequired(REQUIRED)])
    track = SelectField(_l("Track"), [Optional()], default="")

    def offer(
        self,
        judges: Sequence[tuple[str, str]],
        rounds: Sequence[tuple[str, str]],
        tracks: Sequence[tuple[str, str]],
    ) -> None:
        self.judge.choices, self.round.choices, self.track.choices = list(judges), list(rounds), list(tracks)


NO_BID = "none"
BID_CHOICES: dict[Bid, Any] = {
    Bid.WANT: _l("Gladly"),
    Bid.CAN: _l("I can"),
    Bid.RATHER_NOT: _l("Rather not"),
}


def read_titles(public_ids: Sequence[str]) -> dict[str, TitleWord]:
    """Return what was said of each submission on the page; what the form did not hold keeps what was said before."""
    typed = request.form
    return {one: _word(one) for one in public_ids if f"kind-{one}" in typed}


def _word(public_id: str) -> TitleWord:
    bid, kind = request.form.get(f"bid-{public_id}", NO_BID), request.form.get(f"kind-{public_id}", "")
    raw = request.form.get(f"reason-{public_id}", "")
    reason = clean_line(raw)
    if bid not in {NO_BID, *Bid} or (kind and kind not in set(DECLARABLE)):
        raise RuleBroken("entry_malformed", field=public_id)
    if "\x00" in raw:
        raise RuleBroken("reason_nul")
    if len(reason) > LONGEST_WHY:
        raise RuleBroken("reason_too_long", limit=LONGEST_WHY)
    return TitleWord(
        None if bid == NO_BID else Bid(bid), ConflictReason(kind) if kind else None, reason if kind else ""
    )
