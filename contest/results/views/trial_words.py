"""“Would the winner change?” in words: one paragraph per track, for the page and for the minutes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.results.fair_facts import Fairness, TrackFairness, Trials
from contest.results.fairness import MOST_CARDS
from contest.results.report import RoundReport
from contest.results.robustness import Change, Without
from contest.results.views.fairness_words import entry_words, note_words
from contest.web.formats import local

MOST_NAMED = 5
METHODS = {
    "mean": _l("By the plain mean"),
    "severity": _l("With the strictness of each judge taken off"),
    "robust": _l("By the method that gives wild scores less weight"),
    "ceiling": _l("By the method that knows of the top of the scale"),
}


def verdict(facts: Fairness, track: TrackFairness, report: RoundReport, locale: str) -> str:
    """Return the paragraph about one track in a language, or why nothing was tried."""
    with force_locale(locale):
        if track.trials is not None:
            told = " ".join(_Trials(track.trials, report).sentences())
            return f"{told} {_ONLY_TOTALS}" if facts.totals_only else told
        if track.untried == "few":
            return str(_("Not tried: with fewer than three judges or two ranked submissions nothing can be left out."))
        if track.untried == "many":
            return str(
                _("Not tried: with more than %(most)s scorecards it would take too long.", most=f"{MOST_CARDS:,}")
            )
        return note_words(track.note or "no_scorecard")


_ONLY_TOTALS = _l(
    "This looks only at the judges’ totals, averaged; the result of the round also looks at other things or combines "
    "the marks in another way."
)


class _Trials:
    """The sentences of the trials in the language in force."""

    def __init__(self, trials: Trials, report: RoundReport) -> None:
        self.trials, self.report = trials, report
        self.criteria = [local(one.name) or one.code for one in report.criteria]
        self.named: set[int] = set()

    def sentences(self) -> Iterator[str]:
        trials = self.trials
        changed = sum(one.winner_changes for one in trials.changes)
        facts = {"method": str(METHODS[trials.method]), "winners": self._names(trials.winners)}
        if len(trials.winners) == 1:
            yield _("%(method)s, %(winners)s is first.", **facts)
        else:
            yield _("%(method)s, %(winners)s share the first place.", **facts)
        count = len(trials.changes)
        if changed:
            yield _(
                "One thing was changed at a time, %(count)s times; %(changed)s times the winner would be another.",
                count=count,
                changed=changed,
            )
        else:
            yield _(
                "One thing was changed at a time, %(count)s times, and the winner stays the same every time.",
                count=count,
            )
        yield from self._kind((Without.JUDGE,), _("Leaving out any one judge changes no winner."))
        yield from self._kind((Without.CRITERION,), _("Leaving out any one criterion changes no winner."))
        yield from self._kind(
            (Without.HEAVIER, Without.LIGHTER), _("Moving any one weight up or down by a tenth changes no winner.")
        )
        yield from self._kind((Without.SCORECARD,), _("Leaving out any one scorecard near the top changes no winner."))
        yield from self._kind((Without.METHOD,), _("The other methods name the same winner."))
        yield self._podium()

    def _kind(self, kinds: Sequence[Without], calm: str) -> Iterator[str]:
        tried = [one for one in self.trials.changes if one.without in kinds]
        changed = [one for one in tried if one.winner_changes]
        if tried and not changed:
            yield calm
        for one in changed[:MOST_NAMED]:
            yield self._outcome(one)
        if len(changed) > MOST_NAMED:
            yield ngettext(
                "The same goes for %(num)s more of this kind.",
                "The same goes for %(num)s more of this kind.",
                len(changed) - MOST_NAMED,
            )

    def _outcome(self, one: Change) -> str:
        facts = {"what": self._what(one), "winners": self._names(one.winners)}
        if len(one.winners) > 1:
            return str(_("%(what)s, %(winners)s would share the first place.", **facts))
        return str(_("%(what)s, %(winners)s would be first.", **facts))

    def _what(self, one: Change) -> str:
        if one.without is Without.METHOD:
            return str(METHODS[str(one.which)])
        which = int(one.which)
        if one.without is Without.JUDGE:
            return str(_("Without judge %(judge)s", judge=self._judge(self.trials.judges[which])))
        if one.without is Without.SCORECARD:
            submission, judge = self.trials.cards[which]
            return str(
                _(
                    "Without the scorecard of %(judge)s for %(submission)s",
                    judge=self._judge(judge),
                    submission=self.report.lines[submission].entrant.code,
                )
            )
        return self._weight(one.without, self.criteria[which])

    def _weight(self, without: Without, criterion: str) -> str:
        words = {
            Without.CRITERION: _("Without the criterion %(criterion)s", criterion=criterion),
            Without.HEAVIER: _("With the weight of %(criterion)s raised by a tenth", criterion=criterion),
            Without.LIGHTER: _("With the weight of %(criterion)s lowered by a tenth", criterion=criterion),
        }
        return str(words[without])

    def _podium(self) -> str:
        changed = [one for one in self.trials.changes if one.podium_changes]
        if not changed:
            return str(_("The first three places go to the same submissions every time."))
        new = {one for change in changed for one in change.podium} - set(self.trials.podium)
        if not new:
            return str(
                ngettext(
                    "Ties at the third place come and go in %(num)s case.",
                    "Ties at the third place come and go in %(num)s cases.",
                    len(changed),
                )
            )
        return str(
            ngettext(
                "In %(num)s case the first three places go to others; who may come in: %(names)s.",
                "In %(num)s cases the first three places go to others; who may come in: %(names)s.",
                len(changed),
                names=self._names(sorted(new)),
            )
        )

    def _judge(self, judge: int) -> str:
        return str(self.report.judges[judge].name or self.report.judges[judge].code)

    def _names(self, positions: Sequence[int]) -> str:
        return ", ".join(map(self._name, positions)) or str(_("nobody"))

    def _name(self, position: int) -> str:
        """Name a submission in full the first time, by its code from then on."""
        line = self.report.lines[position]
        words = line.entrant.code if position in self.named else entry_words(line)
        self.named.add(position)
        return words
