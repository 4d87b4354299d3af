"""A new alarm is mailed once: to the committee of its edition, or to the administrators.

The mail names no entry, no mark and nobody of a team; what it is about stands on the page alone.
"""

from __future__ import annotations

from flask import url_for

from contest.accounts.people import Recipient
from contest.accounts.queries import administrators, alarmed_name, committee_of
from contest.editions.facts import EditionFacts
from contest.editions.queries import editions_by_ids
from contest.infra.alarms import Alarm, on_raised
from contest.web.mailing import absolute, write_to


@on_raised
def mail_the_alarm(alarm: Alarm) -> None:
    edition = _edition(alarm.scope)
    page = url_for("alarms.listed", edition_code=edition.code) if edition else url_for("alarms.of_site")
    name = alarmed_name(alarm.user_id) if alarm.user_id else ""
    facts = {"kind": alarm.kind.value, "who": name, "known": alarm.user_id is not None, "at": alarm.at}
    for one in _recipients(edition):
        write_to(
            one, "editions/alarm", scope=alarm.scope, now=alarm.at, name=one.name, edition=edition,
            url=absolute(page), **facts,
        )  # fmt: skip


def _edition(scope: str) -> EditionFacts | None:
    kind, _colon, number = scope.partition(":")
    found = editions_by_ids([int(number)]) if kind == "edition" else []
    return found[0] if found else None


def _recipients(edition: EditionFacts | None) -> list[Recipient]:
    return committee_of(edition.id) if edition else administrators()
