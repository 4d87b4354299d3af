"""What a bundle implies is written out, and rows are brought into one order, whatever the order of the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from contest.exchange.bundle.model import Bundle, BundleAssignment, BundleMeasured, BundleScore, BundleScorecard
from contest.judging.states import ScorecardStatus

Card = tuple[str, str, str]  # round, judge, submission


def settled(bundle: Bundle) -> Bundle:
    """Add the implied assignments and scorecards; sort all but submissions, judges, adjustments and rulings.

    A score implies its judge's assignment and a scorecard with the status of `implied_status`. Settling twice changes
    nothing.
    """
    papers = scores_by_card(bundle)
    cards = {card_of(each): each for each in bundle.scorecards}
    judged = judged_criteria(bundle)
    for card, scores in papers.items():
        if card not in cards:
            cards[card] = BundleScorecard(*card, implied_status(scores, judged[card[0]]))
    assigned = {card_of(each): each for each in bundle.assignments}
    for card in cards:
        assigned.setdefault(card, BundleAssignment(*card))
    order = _Order(bundle)
    return replace(
        bundle,
        conflicts=tuple(
            sorted(bundle.conflicts, key=lambda each: (order.of("", each.judge, each.submission), each.party))
        ),
        assignments=tuple(sorted(assigned.values(), key=lambda each: order.of(*card_of(each)))),
        scores=tuple(sorted(bundle.scores, key=order.of_score)),
        scorecards=tuple(sorted(cards.values(), key=lambda each: order.of(*card_of(each)))),
        advancements=tuple(sorted(bundle.advancements, key=lambda each: order.of(each.round, "", each.submission))),
        measured=tuple(sorted(bundle.measured, key=order.of_measured)),
    )


def card_of(each: BundleScore | BundleScorecard | BundleAssignment) -> Card:
    """Return what identifies a judge's paper."""
    return each.round, each.judge, each.submission


def judged_criteria(bundle: Bundle) -> dict[str, frozenset[str]]:
    """Return the codes of the criteria that judges fill, by round."""
    return {each.code: frozenset(c.code for c in each.criteria.judged) for each in bundle.edition.rounds}


def scores_by_card(bundle: Bundle) -> dict[Card, list[BundleScore]]:
    """Group the judges' scores by paper; an organiser's or the audience's marks are on nobody's paper."""
    judged = judged_criteria(bundle)
    found: dict[Card, list[BundleScore]] = {}
    for score in bundle.scores:
        if score.criterion in judged[score.round]:
            found.setdefault(card_of(score), []).append(score)
    return found


def implied_status(scores: Iterable[BundleScore], judged: frozenset[str]) -> ScorecardStatus:
    """Tell a paper's status from its scores: recused or abstained by one word, submitted if complete, else a draft."""
    given = list(scores)
    if any(score.recused for score in given):
        return ScorecardStatus.RECUSED
    if any(score.abstained for score in given):
        return ScorecardStatus.ABSTAINED
    marked = {score.criterion for score in given if score.points is not None}
    return ScorecardStatus.SUBMITTED if marked and marked == judged else ScorecardStatus.DRAFT


class _Order:
    """Positions of rounds, judges, submissions and criteria; nobody comes before the first judge."""

    def __init__(self, bundle: Bundle) -> None:
        rounds = bundle.edition.rounds
        self.rounds = _positions(each.code for each in rounds)
        self.judges = _positions(each.code for each in bundle.judges)
        self.submissions = _positions(each.code for each in bundle.submissions)
        self.criteria: Mapping[str, Mapping[str, int]] = {
            each.code: _positions(criterion.code for criterion in each.criteria.criteria) for each in rounds
        }

    def of(self, round_code: str, judge: str, submission: str) -> tuple[int, int, int]:
        """Return a sorting key."""
        return self.rounds.get(round_code, -1), self.judges.get(judge, -1), self.submissions.get(submission, -1)

    def of_measured(self, each: BundleMeasured) -> tuple[int, int, int]:
        """Return a sorting key by round, criterion and submission."""
        round_, _, submission = self.of(each.round, "", each.submission)
        return round_, self.criteria[each.round][each.criterion], submission

    def of_score(self, score: BundleScore) -> tuple[int, int, int, int]:
        """Return a sorting key by round, judge, submission and criterion."""
        return (*self.of(*card_of(score)), self.criteria[score.round][score.criterion])


def _positions(codes: Iterable[str]) -> dict[str, int]:
    return {code: position for position, code in enumerate(codes)}
