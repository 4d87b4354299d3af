"""Answers that an edition has already, so that importing a sheet again adds only what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from contest.exchange.answers import FormSubmission
from contest.letters import fold


@dataclass(frozen=True, slots=True)
class Entered:
    """A submission of the edition as an answer is compared with it."""

    code: str
    team: str
    title: str
    email: str


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer that is left out: the submission `code` has the same "team" and title, or the same "email"."""

    row: int
    team: str
    code: str
    by: str


@dataclass
class Roll:
    """The submissions of an edition, found by team with title and by e-mail."""

    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    emails: dict[str, Entered] = field(default_factory=dict)

    def add(self, entered: Entered) -> None:
        """Note a submission; the first one of an address stays."""
        self.titles.setdefault((fold(entered.team), fold(entered.title)), entered.code)
        if entered.email:
            self.emails.setdefault(entered.email.casefold(), entered)

    def find(self, answer: FormSubmission, *, keep_shared_contacts: bool) -> Seen | None:
        """Return what the answer repeats.

        With `keep_shared_contacts` an address alone is not enough when both team and title differ.
        """
        code = self.titles.get((fold(answer.team), fold(answer.title)))
        if code is not None:
            return Seen(answer.row, answer.team, code, "team")
        other = self.emails.get(answer.email.casefold()) if answer.email else None
        if other is None:
            return None
        differs = fold(other.team) != fold(answer.team) and fold(other.title) != fold(answer.title)
        return None if keep_shared_contacts and differs else Seen(answer.row, answer.team, other.code, "email")


def split_seen(
    answers: Sequence[FormSubmission], entered: Iterable[Entered], *, keep_shared_contacts: bool
) -> tuple[tuple[FormSubmission, ...], tuple[Seen, ...]]:
    """Return the answers that are new to the edition, and those that are in it, both in the order of the sheet."""
    roll = Roll()
    for each in entered:
        roll.add(each)
    found = [(answer, roll.find(answer, keep_shared_contacts=keep_shared_contacts)) for answer in answers]
    return tuple(answer for answer, seen in found if seen is None), tuple(seen for _, seen in found if seen is not None)


def people_of(answer: FormSubmission) -> tuple[str, ...]:
    """Return captain and members, each once, the captain first."""
    people: dict[str, str] = {}
    for name in filter(None, (answer.captain, *answer.members)):
        people.setdefault(fold(name), name)
    return tuple(people.values())


def summary_of(answer: FormSubmission, *, with_video: bool) -> str:
    """Return the summary; the video's address goes below it when the edition has no place for a link."""
    if not (with_video and answer.video):
        return answer.summary
    return "\n\n".join(filter(None, (answer.summary, f"Video: {answer.video}")))
