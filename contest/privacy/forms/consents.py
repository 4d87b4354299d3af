"""Giving a consent, asking a guardian, filing a paper."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from contest.accounts.forms import an_email
from contest.editions.privacy import COUNTRIES, LONGEST_CONTACT, AskAge, PrivacyRules
from contest.privacy.kinds import AskedBy, RequestKind
from contest.submissions.consent_words import LONGEST_WORDS
from contest.submissions.consenting import Giver, Purpose
from contest.submissions.forms.choices import REQUIRED
from contest.submissions.services.consent_giving import Ticked
from contest.web.forms import Form, WholeField, no_nul

PURPOSE_WORDS: dict[Purpose, Any] = {
    Purpose.TAKE_PART: _l("Take part in the contest"),
    Purpose.PUBLISH_NAME: _l("Show the name in public"),
    Purpose.PUBLISH_PHOTO: _l("Show photos and videos"),
    Purpose.KEEP_ALUMNI: _l("Keep in touch after the contest"),
}
SHORT_WORDS: dict[Purpose, Any] = {
    Purpose.TAKE_PART: _l("Taking part"),
    Purpose.PUBLISH_NAME: _l("Name in public"),
    Purpose.PUBLISH_PHOTO: _l("Photos"),
    Purpose.KEEP_ALUMNI: _l("Later contact"),
}
GIVER_WORDS: dict[Giver, Any] = {
    Giver.CHILD: _l("the member"),
    Giver.GUARDIAN: _l("a parent or guardian"),
    Giver.OF_AGE: _l("the member, of age"),
}
KIND_WORDS: dict[RequestKind, Any] = {
    RequestKind.ACCESS: _l("See which data you have"),
    RequestKind.CORRECTION: _l("Correct something"),
    RequestKind.WITHDRAWAL: _l("Take back a consent, or stop the use of the data"),
    RequestKind.OBJECTION: _l("Object to a use of the data"),
    RequestKind.ERASURE: _l("Have the data deleted"),
}


class GiveForm(Form):
    """One box per purpose, none of them ticked; beside each the fingerprint of the words that stand above it."""

    language = HiddenField(validators=[Length(max=5), no_nul])
    take_part = BooleanField(PURPOSE_WORDS[Purpose.TAKE_PART])
    take_part_seen = HiddenField(validators=[Length(max=64), no_nul])
    publish_name = BooleanField(PURPOSE_WORDS[Purpose.PUBLISH_NAME])
    publish_name_seen = HiddenField(validators=[Length(max=64), no_nul])
    publish_photo = BooleanField(PURPOSE_WORDS[Purpose.PUBLISH_PHOTO])
    publish_photo_seen = HiddenField(validators=[Length(max=64), no_nul])
    keep_alumni = BooleanField(PURPOSE_WORDS[Purpose.KEEP_ALUMNI])
    keep_alumni_seen = HiddenField(validators=[Length(max=64), no_nul])
    signed = StringField(
        _l("Full name, as a signature"),
        [DataRequired(REQUIRED), Length(max=200), no_nul],
        render_kw={"autocomplete": "off"},
    )

    @property
    def ticked(self) -> Ticked:
        """What was ticked, with the words that were read."""
        seen = {one: self[f"{one.value}_seen"].data or "" for one in Purpose if self[one.value].data}
        return Ticked("en" if self.language.data == "en" else "vi", seen)


class GuardianForm(Form):
    guardian = StringField(_l("Name of the parent or guardian"), [DataRequired(REQUIRED), Length(max=200), no_nul])
    email = EmailField(
        _l("E-mail of the parent or guardian"),
        [DataRequired(REQUIRED), Length(max=254), no_nul, an_email],
        render_kw={"autocomplete": "off"},
    )


class RequestForm(Form):
    kind = SelectField(_l("What do you want?"), choices=[(one.value, words) for one, words in KIND_WORDS.items()])
    words = TextAreaField(_l("In your own words"), [Optional(), Length(max=2000), no_nul])


class TakenInForm(RequestForm):
    """A request that reached the committee by word, letter or telephone."""

    name = StringField(_l("Whose data"), [DataRequired(REQUIRED), Length(max=200), no_nul])
    asked_by = SelectField(
        _l("Who asks"),
        choices=[
            (AskedBy.PERSON.value, _l("the person")),
            (AskedBy.GUARDIAN.value, _l("a parent or guardian")),
            (AskedBy.OTHER.value, _l("somebody else")),
        ],
    )
    asker = StringField(_l("Name of who asks"), [Optional(), Length(max=200), no_nul])
    email = EmailField(_l("E-mail for the answer"), [Optional(), Length(max=254), no_nul, an_email])


class AnswerForm(Form):
    words = TextAreaField(_l("Answer"), [DataRequired(REQUIRED), Length(max=2000), no_nul])
    act = SelectField(
        _l("What happens with it"),
        choices=[
            ("answer", _l("Answer now, carry out later")),
            ("done", _l("Carried out: close it")),
            ("refuse", _l("Refuse it, with the reason")),
            ("extend", _l("Take 15 days more, once, with the reason")),
        ],
    )


class PaperForm(Form):
    """A signed paper that the committee or the school files."""

    giver = SelectField(
        _l("Who signed"),
        choices=[
            ("both", _l("the member and a parent or guardian")),
            (Giver.GUARDIAN.value, _l("a parent or guardian")),
            (Giver.CHILD.value, _l("the member")),
            (Giver.OF_AGE.value, _l("the member, 18 or older")),
        ],
    )
    take_part = BooleanField(PURPOSE_WORDS[Purpose.TAKE_PART])
    publish_name = BooleanField(PURPOSE_WORDS[Purpose.PUBLISH_NAME])
    publish_photo = BooleanField(PURPOSE_WORDS[Purpose.PUBLISH_PHOTO])
    keep_alumni = BooleanField(PURPOSE_WORDS[Purpose.KEEP_ALUMNI])
    guardian = StringField(_l("Name of the parent or guardian"), [Optional(), Length(max=200), no_nul])
    attested = StringField(
        _l("Who attests the paper"),
        [DataRequired(REQUIRED), Length(max=200), no_nul],
        description=_l("For example the homeroom teacher or the school's Youth Union secretary."),
    )
    scan = FileField(_l("Scan of the paper"), description=_l("PDF or photo, at most 20 MB."))

    @property
    def purposes(self) -> list[Purpose]:
        """What the paper says yes to."""
        return [one for one in Purpose if self[one.value].data]

    @property
    def givers(self) -> list[Giver]:
        """Who signed it."""
        return [Giver.CHILD, Giver.GUARDIAN] if self.giver.data == "both" else [Giver(self.giver.data)]


LAWS = {
    "VN": _l("Vietnam"),
    "EU": _l("European Union: from 16 on alone"),
    "EU-13": _l("European Union: from 13 on alone, as some of its states say"),
    "GB": _l("United Kingdom"),
}


class PrivacyForm(Form):
    """How an edition asks for consents."""

    required = BooleanField(_l("Nobody takes part before the consents are there"))
    country = SelectField(_l("Ages by the law of"), choices=[(one, LAWS[one]) for one in COUNTRIES])
    guardian_under = WholeField(
        _l("A parent or guardian must agree under the age of"),
        [Optional()],
        description=_l("Empty: the age of the law. In Vietnam it is 16."),
        render_kw={"inputmode": "numeric"},
    )
    ask = SelectField(
        _l("How teams tell the age"),
        choices=[
            (AskAge.BAND.value, _l("A band of ages, which says less")),
            (AskAge.BIRTH_DATE.value, _l("The date of birth")),
        ],
    )
    contact = StringField(
        _l("Who answers for personal data"),
        [Optional(), Length(max=LONGEST_CONTACT), no_nul],
        description=_l("Name, e-mail or phone number. It stands in every text and on the page about your data."),
    )

    def rules(self) -> PrivacyRules:
        """Return what was chosen; raise `RuleBroken` for an age that makes no sense."""
        return PrivacyRules(
            required=bool(self.required.data),
            country=self.country.data,
            guardian_under=self.guardian_under.data,
            ask=AskAge(self.ask.data),
            contact=self.contact.data or "",
        )


class TextForm(Form):
    """Other words for one purpose, in both languages."""

    words_vi = TextAreaField(_l("In Vietnamese"), [DataRequired(REQUIRED), Length(max=LONGEST_WORDS), no_nul])
    words_en = TextAreaField(_l("In English"), [DataRequired(REQUIRED), Length(max=LONGEST_WORDS), no_nul])
