"""What the committee types about awards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import Optional

from contest.editions.forms.fields import ExactField, at_most, between, blame, given, needed
from contest.editions.forms.rules import choices
from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.results.award_rules import MOST_DONG, AwardBy, AwardSpec, AwardTies, Scope
from contest.web.forms import Form, WholeField, no_nul

BY_WORDS: dict[AwardBy, Any] = {
    AwardBy.RANK: _l("The ranking of the round"),
    AwardBy.CRITERION: _l("One criterion, for example the audience's vote"),
    AwardBy.BAND: _l("A band: everybody whose result lies in it"),
    AwardBy.CHAIR: _l("The chair or the sponsor chooses, in writing"),
    AwardBy.VOTE: _l("A vote that is counted and entered"),
}
SCOPE_WORDS: dict[Scope, Any] = {
    Scope.TRACK: _l("In each track"),
    Scope.ALL: _l("Once over all tracks"),
}
TIE_WORDS: dict[AwardTies, Any] = {
    AwardTies.SHARE: _l("They share it and divide the money"),
    AwardTies.CHAIR: _l("The chair chooses, in writing"),
    AwardTies.NONE: _l("Nobody gets it"),
}
BLAMES = {
    "award_without_criterion": "criterion",
    "award_without_band": "band",
    "award_amount_out_of_range": "amount",
    "award_without_places": "places",
}
CHOICE_BLAMES = {"votes_not_asked": "votes", "reason_missing": "reason"}


class AwardForm(Form):
    name_vi = StringField(_l("Name in Vietnamese"), [needed(), at_most(200), no_nul])
    name_en = StringField(_l("Name in English"), [Optional(), at_most(200), no_nul])
    by = SelectField(_l("Decided by"), choices=choices(BY_WORDS))
    round = SelectField(_l("Round"))
    scope = SelectField(_l("Given"), choices=choices(SCOPE_WORDS))
    track = SelectField(_l("Only in the track"), [Optional()])
    places = WholeField(_l("How many"), [needed(), between(1, 1_000)])
    amount = WholeField(_l("Money for each, in dong"), [Optional(), between(0, MOST_DONG)])
    exclusive = BooleanField(_l("A team with a higher exclusive award is passed over"))
    ties = SelectField(_l("When teams are tied across the last place"), choices=choices(TIE_WORDS))
    threshold = ExactField(_l("Nobody below"), [Optional()])
    criterion = SelectField(_l("Criterion"), [Optional()])
    band = SelectField(_l("Band"), [Optional()])
    sponsor = StringField(_l("Sponsor"), [Optional(), at_most(200), no_nul])

    def offer(
        self, rounds: Sequence[Any], tracks: Sequence[Any], criteria: Mapping[str, str], bands: Mapping[str, str]
    ) -> AwardForm:
        """Fill the lists to choose from."""
        self.round.choices = [("", _("The last round")), *((one.code, _name(one)) for one in rounds)]
        self.track.choices = [("", _("All tracks")), *((one.code, _name(one)) for one in tracks)]
        self.criterion.choices = [("", "–"), *criteria.items()]
        self.band.choices = [("", "–"), *bands.items()]
        return self

    def spec(self, code: str = "") -> AwardSpec | None:
        """Return the award, or put the refusal on its field."""
        try:
            return AwardSpec(
                code=code,
                name=LocalText(self.name_vi.data or "", self.name_en.data or ""),
                round=self.round.data or "",
                track=self.track.data or "",
                places=given(self.places),
                exclusive=bool(self.exclusive.data),
                by=AwardBy(self.by.data),
                scope=Scope(self.scope.data),
                criterion=self.criterion.data or "",
                band=self.band.data or "",
                threshold=self.threshold.data,
                ties=AwardTies(self.ties.data),
                amount=self.amount.data or 0,
                sponsor=self.sponsor.data or "",
            )
        except RuleBroken as refused:
            blame(self, refused, BLAMES)
            return None


def _name(one: Any) -> str:
    return f"{one.name.vi or one.name.en} ({one.code})" if hasattr(one, "name") else f"{one.name_vi} ({one.code})"


def award_data(spec: AwardSpec) -> dict[str, Any]:
    """Return an award as the form's data."""
    return {
        "name_vi": spec.name.vi,
        "name_en": spec.name.en,
        "by": spec.by.value,
        "round": spec.round,
        "scope": spec.scope.value,
        "track": spec.track,
        "places": spec.places,
        "amount": spec.amount or None,
        "exclusive": spec.exclusive,
        "ties": spec.ties.value,
        "threshold": spec.threshold,
        "criterion": spec.criterion,
        "band": spec.band,
        "sponsor": spec.sponsor,
    }


class ChoiceForm(Form):
    submission = StringField(_l("Code of the submission"), [Optional(), at_most(40), no_nul])
    votes = WholeField(_l("Votes"), [Optional(), between(0, 1_000_000)])
    reason = StringField(_l("Reason, as it will stand in the minutes"), [needed(), at_most(500), no_nul])


class SettleForm(Form):
    reason = StringField(_l("What has changed since the last list"), [Optional(), at_most(500), no_nul])
