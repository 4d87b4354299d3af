"""Who goes on: the first N of each group, everyone from a threshold on, or both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from contest.editions.rules import Advance, CutTies, Per
from contest.errors import RuleBroken
from contest.results.ranking import Standing, StandingStatus


@dataclass(frozen=True, slots=True)
class Line:
    """Where the cut fell in one group.

    `group` is a track or field position, None for "all" or for submissions without one. `result` is the lowest
    printed result that advances, None when nobody does. `candidates` counts the ranked submissions of the group.
    """

    group: int | None
    result: str | None
    candidates: int
    advancing: int


@dataclass(frozen=True, slots=True)
class TiedAtLine:
    """Equal results across the line: all of `submissions` advance, `extra` more than the rule's number."""

    group: int | None
    result: str
    submissions: tuple[int, ...]
    extra: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A submission that could not take part in the cut, and why."""

    submission: int
    status: StandingStatus


@dataclass(frozen=True, slots=True)
class Cut:
    """The outcome of a round: `advancing` by group, then by result; positions of submissions everywhere.

    `short` lists the groups with fewer candidates than places.
    """

    advancing: tuple[int, ...]
    lines: tuple[Line, ...]
    tied_at_line: tuple[TiedAtLine, ...]
    short: tuple[int | None, ...]
    left_out: tuple[LeftOut, ...]


def advance(standings: Iterable[Standing], rule: Advance, fields: Sequence[int | None] | None = None) -> Cut:
    """Draw the line through a ranking; comparisons are on the printed results.

    `rule.top` counts per track, per field (`fields` by submission position) or over all; `rule.threshold` is
    inclusive. With both, a submission must satisfy both. Those tied at the line all advance. Incomplete and unscored
    submissions never do and are named in `left_out`.

    Raises `RuleBroken` "not_supported_yet" (settings) for floors and for other ways to treat ties,
    "advance_without_line" when neither number is set, "advance_top_below_one" (value), "fields_missing".
    """
    _require_usable(rule, fields)
    groups: dict[int | None, list[tuple[Decimal, Standing]]] = {}
    left_out = []
    for standing in standings:
        if standing.status is not StandingStatus.RANKED or standing.value is None:
            left_out.append(LeftOut(standing.submission, standing.status))
            continue
        groups.setdefault(_group(standing, rule.per, fields), []).append((standing.value, standing))
    ordered = sorted(groups, key=lambda group: (group is None, group or 0))
    parts = [_cut(group, groups[group], rule) for group in ordered]
    return Cut(
        advancing=tuple(position for _, _, positions in parts for position in positions),
        lines=tuple(line for line, _, _ in parts),
        tied_at_line=tuple(tied for _, tied, _ in parts if tied is not None),
        short=tuple(line.group for line, _, _ in parts if rule.top is not None and line.candidates < rule.top),
        left_out=tuple(sorted(left_out, key=lambda one: one.submission)),
    )


def _require_usable(rule: Advance, fields: Sequence[int | None] | None) -> None:
    settings = []
    if rule.floors:
        settings.append("advance.floors")
    if rule.ties is not CutTies.ALL:
        settings.append(f"advance.ties={rule.ties.value}")
    if settings:
        raise RuleBroken("not_supported_yet", settings=tuple(settings))
    if rule.top is None and rule.threshold is None:
        raise RuleBroken("advance_without_line")
    if rule.top is not None and rule.top < 1:
        raise RuleBroken("advance_top_below_one", value=rule.top)
    if rule.per is Per.FIELD and fields is None:
        raise RuleBroken("fields_missing")


def _group(standing: Standing, per: Per, fields: Sequence[int | None] | None) -> int | None:
    if per is Per.FIELD and fields is not None:
        return fields[standing.submission]
    return standing.track if per is Per.TRACK else None


def _cut(
    group: int | None, candidates: list[tuple[Decimal, Standing]], rule: Advance
) -> tuple[Line, TiedAtLine | None, tuple[int, ...]]:
    """Cut one group; its candidates come back from best to worst, equal results by position."""
    ordered = sorted(candidates, key=lambda one: (-one[0], one[1].submission))
    able = [one for one in ordered if rule.threshold is None or one[0] >= rule.threshold]
    through = able if rule.top is None else [one for one in able if one[0] >= able[min(rule.top, len(able)) - 1][0]]
    positions = tuple(standing.submission for _, standing in through)
    lowest = through[-1] if through else None
    line = Line(group, lowest[1].result if lowest else None, len(candidates), len(through))
    if lowest is None or lowest[1].result is None or rule.top is None or len(through) <= rule.top:
        return line, None, positions
    tied = tuple(standing.submission for value, standing in through if value == lowest[0])
    return line, TiedAtLine(group, lowest[1].result, tied, len(through) - rule.top), positions
