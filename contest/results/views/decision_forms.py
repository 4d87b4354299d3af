"""Forms for decisions in writing, the ledger and measured numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from contest.editions.forms.fields import ExactField, between, needed
from contest.results.queries.decisions import Participant
from contest.results.ruling_values import MOST_PLACES
from contest.results.rulings import RulingKind
from contest.web.forms import Form, WholeField, no_nul

LONGEST_REASON = 500


def reason_field() -> Any:
    return TextAreaField(_l("Reason"), [needed(), Length(max=LONGEST_REASON), no_nul])


def author_field() -> Any:
    return StringField(_l("Decided by, if not you"), [Optional(), Length(max=200), no_nul])


class SubmissionForm(Form):
    """A decision about one submission."""

    submission = SelectField(_l("Submission"))
    reason = reason_field()
    author = author_field()

    def offer(self, entrants: Sequence[Participant]) -> None:
        """Offer the submissions of the round."""
        self.submission.choices = [(one.code, f"{one.code} · {one.title}") for one in entrants]

    @property
    def value(self) -> str:
        """What the ruling says beside its kind."""
        return ""


class PartForm(SubmissionForm):
    part = SelectField(_l("Missing part"))

    @property
    def value(self) -> str:
        return str(self.part.data)


class PlacesForm(Form):
    """Another number of places than the rules have."""

    group = SelectField(_l("For"))
    places = WholeField(_l("Places"), [needed(), between(0, MOST_PLACES)])
    reason = reason_field()
    author = author_field()

    @property
    def value(self) -> str:
        return f"{self.group.data}:{self.places.data}" if self.group.data else str(self.places.data)


class OrderForm(Form):
    """Places in writing; the numbers come by submission, beside the form's own fields."""

    reason = reason_field()
    author = author_field()


class EntryForm(Form):
    submission = SelectField(_l("Submission"))
    points = ExactField(_l("Points"), [needed()])
    reason = reason_field()
    author = author_field()


class BackForm(Form):
    """Takes something back."""

    reason = StringField(_l("Reason"), [needed(), Length(max=LONGEST_REASON), no_nul])


class NumbersFileForm(Form):
    file = FileField(_l("File (.csv or .xlsx)"), [FileRequired(_l("Choose a file."))])


class VoidForm(Form):
    submission = SelectField(_l("Submission"))
    votes = WholeField(_l("Votes that do not count"), [needed(), between(1, 1_000_000_000)])
    reason = reason_field()


KIND_WORDS: dict[RulingKind, Any] = {
    RulingKind.MISSING_PART: _l("A part is missing"),
    RulingKind.CHAIR_ORDER: _l("Order of a tie"),
    RulingKind.AGREED_RANK: _l("Agreed rank"),
    RulingKind.ADVANCE: _l("Chosen at the line"),
    RulingKind.WILD_CARD: _l("Wild card"),
    RulingKind.HELD_BACK: _l("Held back"),
    RulingKind.CUT_TOP: _l("Another number of places"),
    RulingKind.SPREAD_SETTLED: _l("Spread looked at"),
    RulingKind.UNFINISHED_ACCEPTED: _l("Unfinished scorecards accepted"),
    RulingKind.QUORUM_ACCEPTED: _l("Missing quorum accepted"),
    RulingKind.FEW_ENTRIES_ACCEPTED: _l("Few submissions accepted"),
}
