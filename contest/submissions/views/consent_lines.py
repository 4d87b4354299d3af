"""The lines of the checklist that only people can complete: who has yet to agree to take part."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from contest.editions.facts import EditionFacts
from contest.submissions.consenting import Giver
from contest.submissions.facts import Access
from contest.submissions.queries.consents import taking_part
from contest.submissions.views.wording import Line


def consent_lines(edition: EditionFacts, access: Access, now: datetime) -> list[Line]:
    """Return a line for each member who is asked to agree, with a link to the page where it is done; four queries."""
    return [
        Line(
            _("%(name)s agrees to take part", name=member.name),
            "missing" if absent else "done",
            url_for(
                "privacy.member",
                edition_code=edition.code,
                submission_id=access.public_id,
                member_id=member.member_id,
            ),
            _note(absent),
        )
        for member, absent in taking_part(edition.id, access.team_id, now)
    ]


def _note(absent: Collection[Giver]) -> str:
    """Return whose word is missing where that is not only the member's own."""
    if Giver.GUARDIAN not in absent:
        return ""
    if len(absent) == 1:
        return str(_("A parent or guardian has yet to agree."))
    return str(_("A parent or guardian has to agree, too."))
