"""Forms of the papers: what they say besides the results; sign one, file a scan."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, Optional

from contest.editions.forms.fields import at_most
from contest.papers.details import NAMES as DETAILS
from contest.papers.details import Details
from contest.papers.kinds import Paper
from contest.papers.queries import Dossier
from contest.web.forms import Form, clean, clean_line, no_nul

CHOOSE = _l("Choose a file.")
MOST_REASON = 200
MOST_PASSWORD = 200

NAMES = {
    Paper.SCORE_SHEETS: _l("Score sheets, filled in"),
    Paper.BLANK_SHEETS: _l("Score sheets, blank"),
    Paper.SUMMARY: _l("Summary of scores"),
    Paper.MINUTES: _l("Minutes of the jury’s meeting"),
    Paper.TALLY: _l("Minutes of the count"),
    Paper.PROPOSAL: _l("Proposal, with the list of those to be honoured"),
    Paper.DECISION: _l("Decision to recognise the results"),
    Paper.RECEIPTS: _l("List to sign on receipt of the prizes"),
    Paper.BADGES: _l("Badges with QR code, judges and teams"),
    Paper.SCRIPT: _l("Script for the master of ceremonies"),
    Paper.REPORT: _l("Closing report with charts"),
}


class PaperForm(Form):
    """What both forms ask: which paper."""

    paper = SelectField(_l("Paper"))

    def offer(self, dossier: Dossier) -> None:
        """Offer the papers that can be had."""
        self.paper.choices = [(one.value, str(NAMES[one])) for one in Paper if not dossier.refusal(one)]


class SignForm(PaperForm):
    language = SelectField(_l("Language"), choices=[("vi", _l("Vietnamese")), ("en", _l("English"))])
    certificate = FileField(_l("Your certificate with its key (.p12 or .pfx)"), [FileRequired(CHOOSE)])
    password = PasswordField(_l("Password of the certificate"), [Length(max=MOST_PASSWORD), no_nul])
    reason = StringField(_l("Reason, optional"), [Length(max=MOST_REASON), no_nul])


class ScanForm(PaperForm):
    scan = FileField(_l("The signed paper as PDF or JPEG"), [FileRequired(CHOOSE)])


def _line(label: LazyString, longest: int = 200) -> StringField:
    return StringField(label, [Optional(), at_most(longest), no_nul])


class DetailsForm(Form):
    superior = _line(_l("Superior body, above in the head"))
    issuer = _line(_l("Issuing body"))
    place = _line(_l("Place, before the date"), 100)
    authority = _line(_l("Competent authority, who decides"))
    rules_decision = _line(_l("Decision on the rules of the contest, number"), 100)
    council_decision = _line(_l("Decision that set up the jury, number"), 100)
    minutes_number = _line(_l("Number of the minutes of the jury"), 60)
    tally_number = _line(_l("Number of the minutes of the count"), 60)
    proposal_number = _line(_l("Number of the proposal"), 60)
    decision_number = _line(_l("Number of the decision"), 60)
    report_number = _line(_l("Number of the closing report"), 60)
    organiser_role = _line(_l("Signs for the organising committee as"))
    organiser_name = _line(_l("Name of who signs for the organising committee"), 120)
    authority_role = _line(_l("Signs for the authority as"))
    authority_name = _line(_l("Name of who signs for the authority"), 120)
    accountant_name = _line(_l("Name of the accountant"), 120)
    maker_name = _line(_l("Name of who draws the papers up"), 120)
    presenters = TextAreaField(_l("Who presents which award"), [Optional(), at_most(4000), no_nul])

    def details(self) -> Details:
        """Return what was typed."""
        typed = {name: self[name].data or "" for name in DETAILS}
        return Details(**{name: (clean if name == "presenters" else clean_line)(text) for name, text in typed.items()})
