"""A finalised final with hostile names, ties, a judge who stepped back, awards with money: what papers are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.models import Edition
from contest.editions.queries import round_by_code
from contest.editions.rules import LocalText, RoundKind, RoundRules
from contest.infra.db import unit_of_work
from contest.judging.states import ScorecardStatus
from contest.papers.queries import Dossier, dossier_of
from contest.results import services as results
from contest.results.award_rules import USUAL, AwardSpec
from contest.results.rulings import RulingKind
from contest.results.services import awards
from tests.factories import Make
from tests.results import way

# As a team, an idea or a school may be called; NFD and NFC, right to left, markup of typst, formulas of a spreadsheet.
HOSTILE = (
    "Đỗ Thị Ỷ",
    "=1+1",
    "+84903123456",
    "-5%",
    "@x",
    '#read("/etc/passwd") *đậm* $x^2$ <nhãn>',
    "Ca\u0302y tre tra\u0306m do\u0302\u0301t",
    "Tên lửa 🚀 xanh",
    "عربي עברית",
    "{{ 7*7 }} {% raw %} &amp; <b>",
)
LONG = ("Bản đồ ngập nước theo thời gian thực cho từng con hẻm của phường " * 5)[:300].strip()
AMOUNTS = (7_000_000, 5_000_000, 3_150_000, 1_005_000)
JUDGES = ("TS. Vũ Hoàng Long", "ThS. Đặng Thị Quỳnh Hương", "Nguyễn Trần Phương Uyên", "PGS. TS. Lê Quý", "Bùi Ỷ Lan")


@dataclass(frozen=True)
class Final:
    """A finalised round and who runs it."""

    edition: EditionFacts
    round: RoundFacts
    organiser: User
    row: Edition

    @property
    def dossier(self) -> Dossier:
        return dossier_of(self.edition, self.round)


def final(make: Make, noon: datetime, *, teams: int = 12, settle: bool = True, **edition: Any) -> Final:
    """A finalised final of `teams`, five judges and three criteria; with `settle` its awards are settled."""
    row = make.edition(**edition)
    organiser = make.member(row, Role.ORGANISER, make.user("Trần Minh Châu"))
    secretary = make.member(row, Role.SECRETARY, make.user("Hoàng Thị Thư Ký"))
    people = [make.user(name) for name in JUDGES]
    judges = [make.judge(row, one, organisation="Trường Đại học Sông Xanh") for one in people]
    chair = make.member(row, Role.CHAIR, make.user("Phạm Quốc Chủ"))
    round_ = make.round(
        row, "chung-ket", criteria=3, rules=RoundRules(decimals=2, min_judges=3), kind=RoundKind.FINAL,
        name_vi="Vòng chung kết", name_en="Final",
    )  # fmt: skip
    for number in range(teams):
        name = HOSTILE[number] if number < len(HOSTILE) else f"Đội số {number + 1}"
        team = make.team(row, name=name, school="THPT Lê Thánh Tôn" if number % 3 else "ĐH Bách khoa")
        title = LONG if number == 1 else name if number % 4 == 0 else f"Ý tưởng {name}"
        submission = make.submission(row, team, title=title)
        for place, judge in enumerate(judges):
            assignment = make.assignment(round_, judge, submission)
            if number == 0 and place == 4:  # the last judge
                make.scorecard(assignment, [None] * 3, ScorecardStatus.ABSTAINED)
            elif not (number == 2 and place == 3):  # one sheet is missing
                make.scorecard(assignment, [20 - number, 19 - (number + place) % 5, 18 - place])
    facts = make.facts(row)
    found = round_by_code(facts.id, "chung-ket")
    assert found is not None
    with unit_of_work():
        results.note_attendance(
            edition=facts, round_id=found.id,
            present=frozenset(one.public_id for one in (secretary, chair, *people[:4])),
            actor_id=organiser.id, now=noon,
        )  # fmt: skip
    way.close(facts, found.id, noon)
    way.accept(found.id, RulingKind.UNFINISHED_ACCEPTED, chair.id, noon)
    with unit_of_work():
        results.confirm_round(edition=facts, round_id=found.id, actor_id=chair.id, now=noon)
    way.freeze(facts, found.id, organiser.id, noon)
    if settle:
        _settle(row.id, organiser.id, noon)
    after = round_by_code(facts.id, "chung-ket")
    assert after is not None
    return Final(facts, after, organiser, row)


def _settle(edition_id: int, actor_id: int, noon: datetime) -> None:
    by: dict[str, Any] = {"edition_id": edition_id, "actor_id": actor_id, "now": noon}
    with unit_of_work():
        for (code, name, places), amount in zip(USUAL, AMOUNTS, strict=True):
            awards.add_award(
                spec=AwardSpec(
                    code, LocalText(name.vi, name.en), "chung-ket", places=places, exclusive=True, amount=amount
                ),
                **by,
            )
        awards.settle_awards(reason="", **by)
