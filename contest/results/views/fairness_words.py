"""Fairness in words: why a score moved, why a method is off, and what leaving one thing out would do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contest.results.fairness import Example, FairLine, Reason, Trials
from contest.results.report import Line, RoundReport
from contest.results.robustness import Change, Without
from contest.web.formats import decimal_text, local

SURELY, HARDLY = 0.995, 0.005
MOST_NAMED = 5
NOTES = {
    "all_judged_all": _l(
        "Every judge scored every submission, so strict and kind judges meet all of them alike: the plain mean is fair "
        "as it is."
    ),
    "too_few_judges_to_compare": _l(
        "Fewer than three judges scored: a strict judge cannot be told from a weak submission, so the plain "
        "mean stands."
    ),
    "too_few_entries_to_compare": _l(
        "Fewer than six submissions are scored: too few to tell how strict a judge is, so the plain mean stands."
    ),
    "judges_not_linked": _l(
        "The judges fall into groups that share no submission. How strict one group is beside another cannot be known, "
        "so the plain mean stands, and it should not be used to compare the groups."
    ),
    "no_scorecard": _l("No scorecard counts yet."),
}
METHODS = {
    "mean": _l("By the plain mean"),
    "severity": _l("With the strictness of each judge taken off"),
    "robust": _l("By the method that gives wild scores less weight"),
}


def note_words(note: str) -> str:
    return str(NOTES[note])


def signed(number: object) -> str:
    text = str(number)
    if not text.strip("-0."):
        return decimal_text(text.lstrip("-"))
    return decimal_text(text if text.startswith("-") else f"+{text}").replace("-", "−")


def chance_words(chance: float) -> str:
    if chance > SURELY:
        return "> 99%"
    if chance < HARDLY:
        return "< 1%"
    return f"{chance:.0%}"


REASONS = {
    "none": _l("Its judges together were neither stricter nor kinder than the panel."),
    "stricter": _l("Its judges together were a little stricter than the panel: %(points)s"),
    "kinder": _l("Its judges together were a little kinder than the panel: %(points)s"),
    "few": _l("It has more or fewer scorecards than the others, and few of them are trusted less: %(points)s"),
}


def reason_words(line: FairLine) -> str:
    points = signed(line.change)
    if line.reason.code in REASONS:
        return str(REASONS[line.reason.code]) % {"points": points}
    return _third_words(line.reason, points)


def _third_words(reason: Reason, points: str) -> str:
    facts = {"judges": reason.judges, "points": points}
    if reason.code == "strict":
        return str(
            ngettext(
                "%(num)s of its %(judges)s judges was among the strictest: %(points)s",
                "%(num)s of its %(judges)s judges were among the strictest: %(points)s",
                reason.some,
                **facts,
            )
        )
    return str(
        ngettext(
            "%(num)s of its %(judges)s judges was among the kindest: %(points)s",
            "%(num)s of its %(judges)s judges were among the kindest: %(points)s",
            reason.some,
            **facts,
        )
    )


def entry_words(line: Line) -> str:
    return f"{line.entrant.code} “{line.entrant.title}”" if line.entrant.title else line.entrant.code


def example_words(example: Example, report: RoundReport) -> list[str]:
    """Return the worked example, one sentence per scorecard, then the mean and what it changes."""
    told = [_card_words(number, card) for number, card in enumerate(example.cards, 1)]
    told.append(
        _(
            "The mean of what is left is %(mean)s; the plain mean is %(raw)s.",
            mean=decimal_text(example.mean),
            raw=decimal_text(example.raw),
        )
    )
    if example.mean != example.fair:
        told.append(
            _("With all digits, and few scorecards trusted less, that makes %(fair)s.", fair=decimal_text(example.fair))
        )
    return [_("Example: %(submission)s.", submission=entry_words(report.lines[example.position])), *told]


def _card_words(number: int, card: object) -> str:
    total, severity, left = (getattr(card, name) for name in ("total", "severity", "left"))
    facts = {"number": number, "total": decimal_text(total), "left": decimal_text(left)}
    if not severity:
        return str(_("Judge %(number)s gave %(total)s and marks like the panel: %(left)s stays.", **facts))
    facts["points"] = decimal_text(abs(severity))
    if severity < 0:
        return str(_("Judge %(number)s gave %(total)s and is %(points)s stricter than the panel: %(left)s.", **facts))
    return str(_("Judge %(number)s gave %(total)s and is %(points)s kinder than the panel: %(left)s.", **facts))


def trials_text(trials: Trials, report: RoundReport, locale: str) -> str:
    """Return "would the winner change?" as one paragraph in a language: it can be copied into the minutes."""
    with force_locale(locale):
        return " ".join(_Trials(trials, report).sentences())


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
