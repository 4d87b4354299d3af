"""Invented results for a rehearsal of the ceremony, and the words that the screens make of true ones.

A rehearsal is made from the declared awards alone: no submission, no result and no name of a person goes in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contest.results.award_list import Prize
from contest.results.award_rules import AwardSpec
from contest.results.publishing import public_prize
from contest.stage.script import Step, StepKind
from contest.submissions.public_names import PublicNames

LONGEST_SENTENCE = 220
MOST_INVENTED = 3
SHARING = 2
_END = re.compile(r"(?<=[.!?…])\s+")
# Long and short, with every mark above and below a letter, so that the rehearsal tries the screen as well.
TEAMS = (
    "Đội Thử Nghiệm Một",
    "Ỷ Lan Sáng Tạo (thử)",
    "Những Người Bạn Của Dòng Sông Xanh Thẳm (thử)",
    "Test Team Rainbow 🌈",
    "Đội Đường Đất Đỏ (thử)",
    "Thử Ẩn Số",
    "Cánh Diều Thử",
    "Test Team Seven",
)
TITLES = (
    "Ý tưởng thử: đèn đường biết tiết kiệm điện",
    "Ý tưởng thử: vườn rau trên mái nhà",
    "Invented idea: a bus stop that tells the air quality",
)
SCHOOLS = ("Trường Thử Nghiệm Số 1", "Trường Thử Nghiệm Số 2", "Invented School")
SENTENCE = "Câu này chỉ để thử màn hình, không phải một ý tưởng thật."


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the screen shows of a winner beside the frozen names: one sentence, a photo as a data address."""

    idea: str = ""
    photo: str = ""
    reading: str = ""


def one_sentence(text: str) -> str:
    """Return the first sentence of a text on one line, shortened at a word to `LONGEST_SENTENCE` characters."""
    line = " ".join(text.split())
    first = _END.split(line, maxsplit=1)[0]
    if len(first) <= LONGEST_SENTENCE:
        return first
    return first[:LONGEST_SENTENCE].rsplit(" ", 1)[0].rstrip(",;:–- ") + "…"


def monogram(team: str) -> str:
    """Return one or two letters that stand for a team without a photo; "★" where its name has no letter."""
    words = [word for word in re.findall(r"[^\W_]+", team) if not word.isdigit()]
    if not words:
        return "★"
    ends = words if len(words) == 1 else (words[0], words[-1])
    return "".join(word[0].upper() for word in ends)


def rehearsed(steps: Sequence[Step], specs: Sequence[AwardSpec]) -> tuple[Step, ...]:
    """Give every award invented winners: as many as it has places (three at most), two of them in a shared place."""
    places = {spec.code: spec.places for spec in specs}
    found, turn = [], 0
    for step in steps:
        if step.kind is StepKind.AWARD:
            code = step.key.split(":")[1]
            beats = _invented(turn, min(places.get(code, 1), MOST_INVENTED))
            turn += sum(map(len, beats))
            found.append(replace(step, beats=beats))
        else:
            found.append(step)
    return tuple(found)


def _invented(turn: int, count: int) -> tuple[tuple[Prize, ...], ...]:
    teams = tuple(_team(turn + number, shared=count > 1 and number < SHARING) for number in range(count))
    if count == 1:
        return (teams,)
    return (*((one,) for one in teams[SHARING:]), teams[:SHARING])


def _team(number: int, *, shared: bool) -> Prize:
    return Prize(
        submission=f"TEST-{number + 1}",
        title=TITLES[number % len(TITLES)],
        team=TEAMS[number % len(TEAMS)],
        school=SCHOOLS[number % len(SCHOOLS)],
        members=(),
        rank=None,
        result=None,
        shared=shared,
        amount=0,
    )


def invented_portraits(steps: Sequence[Step]) -> dict[str, Portrait]:
    """Return the same invented sentence for every invented winner."""
    return {prize.submission: Portrait(SENTENCE) for step in steps for beat in step.beats for prize in beat}


def public_step(step: Step, names: PublicNames) -> Step:
    """Return a step whose winners are named as far as they, and those who speak for them, agreed."""
    return replace(step, beats=tuple(tuple(public_prize(one, names) for one in beat) for beat in step.beats))


def shown_portraits(portraits: Mapping[str, Portrait], names: PublicNames) -> dict[str, Portrait]:
    """Return the portraits without the pictures that nobody agreed to show, and without what names a hidden team."""
    shown = {}
    for code, one in portraits.items():
        kept = one if code in names.photos else replace(one, photo=Portrait().photo)
        shown[code] = replace(kept, idea=names.told(code, kept.idea)) if kept.idea else kept
        if code in names.hidden:
            shown[code] = Portrait()
    return shown


def payload_of(step: Step, portraits: dict[str, Portrait]) -> dict[str, Any]:
    """Return a step as the operator's screen keeps it, ready for JSON; winners are known by no code."""
    return {
        "key": step.key,
        "kind": step.kind.value,
        "name": {"vi": step.name.vi, "en": step.name.en or step.name.vi},
        "track": {"vi": step.track.vi, "en": step.track.en or step.track.vi},
        "sponsor": step.sponsor,
        "presenter": step.presenter,
        "beats": [[_winner(one, portraits.get(one.submission, Portrait())) for one in beat] for beat in step.beats],
    }


def _winner(prize: Prize, portrait: Portrait) -> dict[str, Any]:
    return {
        "team": prize.team or prize.title,
        "title": prize.title,
        "school": prize.school,
        "shared": prize.shared,
        "amount": prize.amount,
        "monogram": monogram(prize.team or prize.title),
        "idea": portrait.idea,
        "photo": portrait.photo,
        "reading": portrait.reading,
    }
