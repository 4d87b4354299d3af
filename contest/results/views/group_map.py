"""A map of groups that cannot be compared, as numbers for SVG: who judged what, and who could link the groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from contest.results.fair_facts import Part
from contest.results.report import RoundReport

MOST_SHOWN = 10  # judges or submissions of a group that are drawn
ROW, HEAD, GAP = 24, 34, 18


@dataclass(frozen=True, slots=True)
class Node:
    # A judge or a submission: its name and its height in the drawing.
    name: str
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    # One group: heights are pixels, `lines` pairs of heights (judge, submission).
    title: str
    y: int
    height: int
    judges: list[Node]
    submissions: list[Node]
    lines: list[tuple[int, int]]
    more: str


@dataclass(frozen=True, slots=True)
class Link:
    # A scorecard that would link two groups: heights of judge and submission, and the sentence.
    judge: int
    submission: int
    words: str


@dataclass(frozen=True, slots=True)
class GroupMap:
    # What the macro `group_map` draws.
    boxes: list[Box]
    links: list[Link]
    height: int


def group_map(parts: Sequence[Part], report: RoundReport) -> GroupMap:
    """Draw the groups below each other; a judge of the largest group could link each of the others to it."""
    largest = max(range(len(parts)), key=lambda at: len(parts[at].submissions))
    bridge = _least(parts[largest].judges, [judge for _, judge in parts[largest].pairs])
    wanted = [_least(part.submissions, [one for one, _ in part.pairs]) for part in parts]
    boxes, top = [], 0
    judge_at: dict[int, int] = {}
    entry_at: dict[int, int] = {}
    for number, part in enumerate(parts):
        judges, entries = _first(part.judges, bridge), _first(part.submissions, wanted[number])
        judge_at |= _heights(judges, top)
        entry_at |= _heights(entries, top)
        box = _box(number, part, report, top, (judge_at, entry_at), (judges, entries))
        boxes.append(box)
        top += box.height + GAP
    links = [
        Link(judge_at[bridge], entry_at[one], _link_words(report, bridge, one))
        for number, one in enumerate(wanted)
        if number != largest
    ]
    return GroupMap(boxes, links, top - GAP)


def _least(candidates: Sequence[int], seen: Sequence[int]) -> int:
    """Return who has the fewest scorecards: a judge with time, or a submission that needs one."""
    counts = Counter(seen)
    return min(candidates, key=lambda one: (counts[one], one))


def _first(members: Sequence[int], chosen: int) -> list[int]:
    """Return those who are drawn, the chosen one among them."""
    shown = list(members[:MOST_SHOWN])
    return shown if chosen in shown or chosen not in members else [*shown[:-1], chosen]


def _heights(members: Sequence[int], top: int) -> dict[int, int]:
    return {one: top + HEAD + ROW // 2 + ROW * at for at, one in enumerate(members)}


def _box(
    number: int,
    part: Part,
    report: RoundReport,
    top: int,
    at: tuple[dict[int, int], dict[int, int]],
    shown: tuple[list[int], list[int]],
) -> Box:
    (judge_at, entry_at), (judges, entries) = at, shown
    hidden = len(part.judges) - len(judges), len(part.submissions) - len(entries)
    rows = max(len(judges), len(entries)) + any(hidden)
    return Box(
        title=_title(number, part),
        y=top,
        height=HEAD + ROW * rows + ROW // 2,
        judges=[Node(report.judges[one].name or report.judges[one].code, judge_at[one]) for one in judges],
        submissions=[Node(report.lines[one].entrant.code, entry_at[one]) for one in entries],
        lines=[(judge_at[judge], entry_at[one]) for one, judge in part.pairs if judge in judges and one in entries],
        more=_("not drawn: %(judges)s judges, %(entries)s submissions", judges=hidden[0], entries=hidden[1])
        if any(hidden)
        else "",
    )


def _title(number: int, part: Part) -> str:
    judges = ngettext("%(num)s judge", "%(num)s judges", len(part.judges))
    entries = ngettext("%(num)s submission", "%(num)s submissions", len(part.submissions))
    return str(_("Group %(number)s: %(judges)s, %(entries)s", number=number + 1, judges=judges, entries=entries))


def _link_words(report: RoundReport, judge: int, submission: int) -> str:
    return str(
        _(
            "%(judge)s could score %(submission)s.",
            judge=report.judges[judge].name or report.judges[judge].code,
            submission=report.lines[submission].entrant.code,
        )
    )
