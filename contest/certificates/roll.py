"""Who may get a certificate and for what, from the frozen results and the lists of people. Pure."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from contest.certificates.kinds import Basis, Hold, Kind, Want
from contest.certificates.look import To
from contest.certificates.texts import tidy
from contest.editions.rules import LocalText
from contest.letters import name_digest
from contest.results.award_list import AwardList
from contest.results.report import Entrant, RoundReport
from contest.submissions.consenting import age_at

OF_AGE = 18
GUARDIAN_UNDER = 16
NONE = LocalText("", "")


@dataclass(frozen=True, slots=True)
class Source:
    """The frozen results that a certificate rests on; the list of awards stands behind winners only."""

    round: str
    version: int
    fingerprint: str
    list_version: int | None = None
    list_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One certificate that may be issued. `submission` is a code, empty where none stands behind it.

    `whole_team`: it names no person. `subject` is the same for the same person, kind and award, 64 hex digits.
    """

    kind: Kind
    name: str
    subject: str = ""
    award_code: str = ""
    award: LocalText = NONE
    team: str = ""
    school: str = ""
    title: str = ""
    track: LocalText = NONE
    task: str = ""
    submission: str = ""
    whole_team: bool = False
    source: Source | None = None
    user_id: int | None = None
    email: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """What is known of a team member today; `basis` of a consent in force, `alone` when no guardian has agreed.

    `ended`: to be named was taken back.
    """

    birth_date: date | None = None
    basis: Basis | None = None
    alone: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Roll:
    """The candidates of a kind in their order, or why there are none yet (with the round it is about)."""

    candidates: tuple[Candidate, ...] = ()
    want: Want | None = None
    about: str = ""


def winners(awards: AwardList, list_version: int, list_fingerprint: str, to: To) -> Iterator[Candidate]:
    """Yield a candidate per winner of a settled list, the highest award first."""
    sources = {source.round: source for source in awards.sources}
    for line in awards.lines:
        frozen = sources[line.round]
        source = Source(line.round, frozen.version, frozen.fingerprint, list_version, list_fingerprint)
        for prize in line.winners:
            entrant = Entrant(
                prize.submission, prize.title, prize.team, prize.school, prize.members, "", line.track, None
            )
            for one in _people(Kind.WINNER, entrant, line.track_name, source, to):
                yield replace(one, award_code=line.code, award=line.name)


def entrants(kind: Kind, report: RoundReport, source: Source, to: To) -> Iterator[Candidate]:
    """Yield a candidate per team of a frozen round, by code: the order tells nothing of the result."""
    for line in sorted(report.lines, key=lambda line: line.entrant.code):
        yield from _people(kind, line.entrant, report.track_name(line.entrant.track), source, to)


def _people(kind: Kind, entrant: Entrant, track: LocalText, source: Source, to: To) -> Iterator[Candidate]:
    team = tidy(entrant.team)
    common = Candidate(
        kind, team, team=team, school=tidy(entrant.school), title=tidy(entrant.title), track=track,
        submission=entrant.code, source=source,
    )  # fmt: skip
    names = [tidy(name) for name in entrant.members if tidy(name)]
    if to is To.TEAM or not names:
        yield replace(common, whole_team=True)
        return
    yield from (replace(common, name=name) for name in names)


def named(candidates: Iterable[Candidate], keys: Mapping[int, str] | None = None) -> tuple[Candidate, ...]:
    """Return the candidates each with its subject; two namesakes of one team are told apart by their order.

    `keys`: by position, what tells people apart who stand on no team.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for place, one in enumerate(candidates):
        who = (keys or {}).get(place) or ("*" if one.whole_team else name_digest(one.name))
        parts = (one.kind.value, one.award_code, one.submission, who)
        seen[parts] += 1
        text = json.dumps([*parts, seen[parts]])
        found.append(replace(one, subject=hashlib.sha256(text.encode()).hexdigest()))
    return tuple(found)


def hold_of(candidate: Candidate, member: Member, today: date) -> Hold | None:
    """Tell why a name may not be printed today: a minor, or nobody knows whether one, without a recorded consent.

    A consent that the young person gave alone counts from the age at which nobody else is asked. Only members of teams
    are asked about; a certificate for a whole team names no person.
    """
    if candidate.whole_team or not candidate.submission or candidate.kind is Kind.MENTOR:
        return None
    if member.basis is not None and not member.alone:
        return None
    if member.birth_date is None:
        return Hold.AGE_UNKNOWN
    years = age_at(member.birth_date, today)
    if years < (GUARDIAN_UNDER if member.basis else OF_AGE):
        return Hold.MINOR
    return Hold.TAKEN_BACK if member.ended else None
