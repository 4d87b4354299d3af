"""Giving and taking back consents, by whoever speaks: each purpose by itself, on the words that were read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from contest.errors import NotFound, RuleBroken
from contest.infra.db import db
from contest.submissions.consenting import OWN, Giver, Means, Purpose, needed
from contest.submissions.models import ConsentLink, Team
from contest.submissions.queries.consents import MemberConsents, day_in, members_with_consents, privacy_rules_of
from contest.submissions.services.consent_texts import keep_text
from contest.submissions.services.consents import Word, say


@dataclass(frozen=True, slots=True)
class Ticked:
    """What somebody ticked: for each purpose the SHA-256 of the words that were shown, in one language."""

    language: str
    seen: Mapping[Purpose, str]


def give(
    *,
    edition_id: int,
    team_id: int,
    name: str,
    giver: Giver,
    ticked: Ticked,
    word: Word,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Record a consent for each purpose that was ticked, with the text that was read.

    Raises `RuleBroken` "consent_nothing_ticked", "consent_text_changed".
    """
    if not ticked.seen:
        raise RuleBroken("consent_nothing_ticked")
    for purpose, seen in ticked.seen.items():
        text = keep_text(
            edition_id=edition_id, purpose=purpose, giver=giver, language=ticked.language, seen=seen,
            actor_id=actor_id, now=now,
        )  # fmt: skip
        say(
            team_id=team_id, name=name, purposes=[purpose], givers=[giver], given=True,
            word=replace(word, text_id=text), actor_id=actor_id, now=now,
        )  # fmt: skip


def give_own(
    *, edition_id: int, member: MemberConsents, ticked: Ticked, signed: str, actor_id: int | None, now: datetime
) -> None:
    """Record a member's own word, given on the team's page and signed with the name.

    Raises `RuleBroken` "consent_not_signed", "consent_not_own" for a child too young, and those of `give`.
    """
    if " ".join(signed.casefold().split()) != " ".join(member.name.casefold().split()):
        raise RuleBroken("consent_not_signed", name=member.name)
    giver = own_giver(edition_id, member, now)
    if giver is None:
        raise RuleBroken("consent_not_own")
    give(
        edition_id=edition_id, team_id=member.team_id, name=member.name, giver=giver, ticked=ticked,
        word=Word(Means.SITE, by_team=True), actor_id=actor_id, now=now,
    )  # fmt: skip


def own_giver(edition_id: int, member: MemberConsents, now: datetime) -> Giver | None:
    """Return how a member speaks on the day of `now`; none for a child who is too young to."""
    day = day_in(edition_id, now)
    wanted = needed(member.age, privacy_rules_of(edition_id).policy(day), day)
    return next((one for one in wanted if one in OWN), None)


def take_back(
    *,
    member: MemberConsents,
    purposes: Sequence[Purpose],
    givers: Sequence[Giver],
    word: Word,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Take back what these givers gave; who gave nothing says no all the same, which ends the purpose, too."""
    say(
        team_id=member.team_id, name=member.name, purposes=purposes, givers=givers, given=False, word=word,
        actor_id=actor_id, now=now,
    )  # fmt: skip


def member_with_consents(edition_id: int, member_id: int, *, team_id: int | None = None) -> MemberConsents:
    """Return a member of an edition with what was said, of one team when given; raises `NotFound`."""
    teams = None if team_id is None else [team_id]
    held = members_with_consents(edition_id, team_ids=teams)
    found = next((one for one in held if one.member_id == member_id), None)
    if found is None:
        raise NotFound
    return found


def member_of_link(link: ConsentLink) -> MemberConsents:
    """Return the member that a link speaks for; raises `NotFound` when the team has taken the name off."""
    edition_id = db.session.scalar(select(Team.edition_id).where(Team.id == link.team_id))
    held = members_with_consents(edition_id or 0, team_ids=[link.team_id])
    found = next((one for one in held if one.key == (link.team_id, link.name_key)), None)
    if found is None:
        raise NotFound
    return found
