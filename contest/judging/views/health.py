"""Is the panel well? Signs in the scorecards of a round, each with a hint and what to do; nobody is accused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template
from flask.typing import ResponseReturnValue

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import RoundState
from contest.editions.views.guards import committee_readers
from contest.infra import clock
from contest.judging.health import Finding, Sign
from contest.judging.queries.health import PanelHealth, panel_health
from contest.judging.views.assignments import round_of
from contest.judging.views.health_words import LABELS, advice_words, noticed_words
from contest.judging.views.progress import blueprint

EARLY = (RoundState.DRAFT, RoundState.OPEN)


@dataclass(frozen=True, slots=True)
class Noticed:
    # One sign in words.
    label: str
    words: str
    advice: str


@dataclass(frozen=True, slots=True)
class Subject:
    # A judge or a submission with its signs.
    name: str
    code: str
    signs: list[Noticed] = field(default_factory=list)


@blueprint.get("/e/<edition_code>/organise/rounds/<round_code>/health")
@committee_readers
def health(edition: EditionFacts, round_code: str) -> ResponseReturnValue:
    round_ = round_of(edition, round_code)
    panel = panel_health(round_, elapsed_of(round_, clock.now()))
    names = [judge.name or judge.code for judge in panel.judges]
    return render_template(
        "judging/panel/health.html",
        round=round_,
        panel=panel,
        judges=_subjects(panel.of_judges, lambda one: one.judge, lambda at: (names[at], panel.judges[at].code), names),
        submissions=_subjects(panel.of_submissions, lambda one: one.submission, lambda at: _entry(panel, at), names),
    )


def elapsed_of(round_: RoundFacts, now: datetime) -> float | None:
    # None: not begun, or nobody said until when. Scoring that is closed is over, whatever the clock says.
    if round_.state in EARLY:
        return None
    if round_.state is not RoundState.SCORING:
        return 1.0
    if round_.opens_at is None or round_.closes_at is None or round_.closes_at <= round_.opens_at:
        return None
    return max(0.0, min(1.0, (now - round_.opens_at) / (round_.closes_at - round_.opens_at)))


def _entry(panel: PanelHealth, at: int) -> tuple[str, str]:
    line = panel.submissions[at]
    return line.title or line.code, f"{line.code} · {line.team}"


def _subjects(
    found: Iterable[Finding],
    whose: Callable[[Finding], int | None],
    called: Callable[[int], tuple[str, str]],
    names: list[str],
) -> list[Subject]:
    subjects: dict[int, Subject] = {}
    for one in found:
        at = whose(one)
        if at is not None:
            subject = subjects.setdefault(at, Subject(*called(at)))
            subject.signs.append(_noticed(one, names))
    return [subjects[at] for at in sorted(subjects)]


def _noticed(one: Finding, names: list[str]) -> Noticed:
    other = names[int(one.facts["other"])] if one.sign is Sign.SAME_AS else ""
    return Noticed(str(LABELS[one.sign]), noticed_words(one, other), advice_words(one.sign))
