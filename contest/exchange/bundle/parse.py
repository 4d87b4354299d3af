"""A bundle from its files: everything is checked, nothing is raised, and one problem is enough to refuse it all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from contest.errors import Problem
from contest.exchange.bundle.decisions import read_choices, read_measured, read_rulings
from contest.exchange.bundle.document import Document, read_document
from contest.exchange.bundle.findings import MAX_PROBLEMS, Findings
from contest.exchange.bundle.marks import (
    read_adjustments,
    read_advancements,
    read_assignments,
    read_scorecards,
    read_scores,
)
from contest.exchange.bundle.model import (
    DOCUMENT,
    Bundle,
    BundleScore,
    BundleScorecard,
    ParsedBundle,
    TableLike,
)
from contest.exchange.bundle.references import Index, index_of
from contest.exchange.bundle.rows import Cells
from contest.exchange.bundle.settle import Card, card_of, implied_status, judged_criteria, scores_by_card, settled
from contest.exchange.bundle.teams import read_conflicts, read_judges, read_submissions
from contest.judging.states import ScorecardStatus

_NEED_JUDGES = ("conflicts", "assignments", "scorecards", "scores")


def parse_bundle(document: str | None, tables: Mapping[str, TableLike]) -> ParsedBundle:
    """Read `edition.toml` and the tables by stem ("submissions", …); unknown stems are left alone.

    Returns the settled bundle, or None with every problem found (200 at most, the last one then says so).
    """
    findings = Findings()
    if document is None:
        findings.add((DOCUMENT, None, None), "document_missing")
    read = None if document is None else read_document(document, findings)
    if "submissions" not in tables:
        findings.add(("submissions.csv", None, None), "table_missing")
    bundle = None if read is None else _read(read, tables, findings)
    if findings.problems or bundle is None:
        return ParsedBundle(None, _capped(findings.problems), tuple(findings.warnings))
    return ParsedBundle(settled(bundle), (), tuple(findings.warnings))


def _capped(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) < MAX_PROBLEMS:
        return tuple(problems)
    more = Problem(problems[-1].file, None, None, "too_many_problems", {"limit": MAX_PROBLEMS})
    return (*problems[: MAX_PROBLEMS - 1], more)


def _read(document: Document, tables: Mapping[str, TableLike], findings: Findings) -> Bundle | None:
    index = index_of(document, findings)
    submissions = [each for table in _table(tables, "submissions") for each in read_submissions(table, index)]
    judges = [each for table in _table(tables, "judges") for each in read_judges(table, index)]
    usable = dict(_usable(tables, findings))
    conflicts = [each for table in _table(usable, "conflicts") for each in read_conflicts(table, index)]
    assignments = [each for table in _table(usable, "assignments") for each in read_assignments(table, index)]
    cards = [each for table in _table(usable, "scorecards") for each in read_scorecards(table, index)]
    scores = [each for table in _table(usable, "scores") for each in read_scores(table, index)]
    adjustments = [each for table in _table(tables, "adjustments") for each in read_adjustments(table, index)]
    advancements = [each for table in _table(tables, "advancements") for each in read_advancements(table, index)]
    rulings = [each for table in _table(tables, "rulings") for each in read_rulings(table, index)]
    measured = [each for table in _table(tables, "measured") for each in read_measured(table, index)]
    choices = [each for table in _table(tables, "award_choices") for each in read_choices(table, index)]
    if document.edition is None:
        return None
    raw = Bundle(
        edition=replace(document.edition, fields=(*document.fields, *index.new_fields)),
        submissions=tuple(submissions),
        judges=tuple(judges),
        conflicts=tuple(conflicts),
        assignments=tuple(assignments),
        scores=tuple(score for score, _ in scores),
        adjustments=tuple(adjustments),
        advancements=tuple(advancements),
        rulings=tuple(rulings),
        measured=tuple(measured),
        choices=tuple(choices),
    )
    _check_words(raw, scores)
    bundle = replace(raw, scorecards=tuple(_statuses(raw, cards)))
    _warn(bundle, index, scores)
    return bundle


def _table(tables: Mapping[str, TableLike], stem: str) -> Iterable[TableLike]:
    return (tables[stem],) if stem in tables else ()


def _usable(tables: Mapping[str, TableLike], findings: Findings) -> Iterator[tuple[str, TableLike]]:
    """Yield the tables that name judges, unless there is no list of judges: then one problem each is enough."""
    for stem in _NEED_JUDGES:
        table = tables.get(stem)
        if table is not None and table.rows and "judges" not in tables:
            findings.add((table.name, None, None), "table_needed", other="judges.csv")
        elif table is not None:
            yield stem, table


# States in which a paper holds no mark that counts.
_WITHOUT_MARKS = (ScorecardStatus.RECUSED, ScorecardStatus.ABSTAINED, ScorecardStatus.VOIDED)


def _check_words(raw: Bundle, scores: Iterable[tuple[BundleScore, Cells]]) -> None:
    """Report papers on which a judge recuses or abstains and yet gives marks, or does both."""
    papers: dict[Card, str] = {}
    judged = judged_criteria(raw)
    for score, row in scores:
        silent = score.points is None and not score.word
        if silent or score.criterion not in judged[score.round]:
            continue
        first = papers.setdefault(card_of(score), score.word)
        if first != score.word:
            recused = "recused" in (first, score.word)
            who = {"judge": score.judge, "submission": score.submission}
            row.problem("score", "recused_and_scored" if recused else "abstained_and_scored", **who)


def _statuses(raw: Bundle, cards: Iterable[tuple[BundleScorecard, Cells]]) -> Iterator[BundleScorecard]:
    """Give cards without a status the one that their scores imply, and check the others against the scores."""
    papers, judged = scores_by_card(raw), judged_criteria(raw)
    for card, row in cards:
        scores = papers.get(card_of(card), [])
        implied = implied_status(scores, judged[card.round])
        if not row.raw("status").strip():
            yield replace(card, status=implied)
            continue
        if card.status in _WITHOUT_MARKS and any(score.points is not None for score in scores):
            _refuse_marks(card, row)
        if implied in _WITHOUT_MARKS and card.status is not implied:
            row.problem("status", "status_contradicts", value=card.status.value, implied=implied.value)
        yield card


def _refuse_marks(card: BundleScorecard, row: Cells) -> None:
    who = {"judge": card.judge, "submission": card.submission}
    if card.status is ScorecardStatus.VOIDED:
        row.problem("status", "voided_and_scored", **who)
    else:
        recused = card.status is ScorecardStatus.RECUSED
        row.problem("status", "recused_and_scored" if recused else "abstained_and_scored", **who)


def _warn(bundle: Bundle, index: Index, scores: Iterable[tuple[BundleScore, Cells]]) -> None:
    """Name what is odd but may be right."""
    if not bundle.edition.rounds:
        index.findings.warn((DOCUMENT, None, None), "rounds_missing")
    for each in bundle.edition.rounds:
        wanted = each.rules.judges_per_submission
        if wanted and bundle.judges and wanted > len(bundle.judges):
            index.findings.warn(
                (DOCUMENT, None, "judges_per_submission"),
                "judges_few",
                round=each.code,
                wanted=wanted,
                judges=len(bundle.judges),
            )
    conflicts = {(each.judge, each.submission) for each in bundle.conflicts}
    for score, row in scores:
        if (score.judge, score.submission) in conflicts and not score.word:
            index.findings.warn(
                row.place("score"), "score_despite_conflict", judge=score.judge, submission=score.submission
            )
