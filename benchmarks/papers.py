"""`./run.py bench papers`: what each paper of a round costs, from a frozen report in memory to its bytes.

--teams N …   sizes of the round (default 60 500)
"""

from __future__ import annotations

import argparse
import resource
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from time import perf_counter

import pypdfium2
from flask import Flask

from benchmarks import Report, Row
from config import from_env
from contest import create_app
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import LocalText, RoundKind, RoundRules, Rubric
from contest.editions.rules_json import rules_to_json
from contest.papers.exports import PDF, WORD, make_paper
from contest.papers.kinds import KINDS, Paper
from contest.papers.queries import Dossier
from contest.results.award_list import AwardLine, AwardList, Prize, Source
from contest.results.frozen import Frozen
from contest.results.queries.awards import SettledList
from contest.results.queries.snapshots import SnapshotLine
from contest.results.report import Cell, CriterionLine, Entrant, JudgeEntry, Line, RoundReport

DAY = datetime(2026, 10, 8, 5, tzinfo=UTC)
JUDGES, CRITERIA = 5, 6
PRINT = "0" * 64


def run(args: list[str]) -> Report:
    """Make every paper of rounds of several sizes once, after one that warms the fonts."""
    parser = argparse.ArgumentParser(prog="bench papers", description=__doc__, allow_abbrev=False)
    parser.add_argument("--teams", type=int, nargs="+", default=[60, 500])
    options = parser.parse_args(args)
    rows: list[Row] = []
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="bench-papers-") as folder:
        app = _app(Path(folder))
        with app.app_context():
            make_paper(dossier(3), Paper.BADGES, "vi")
            for teams in options.teams:
                found = dossier(teams)
                for paper in Paper:
                    row, right = _measured(found, paper, teams)
                    rows.append(row)
                    wrong += not right
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Report(rows=tuple(rows), wrong=wrong, facts={"judges": JUDGES, "criteria": CRITERIA, "peak MB": round(peak)})


def _app(folder: Path) -> Flask:
    return create_app(from_env({"APP_ENV": "test", "DATA_DIR": str(folder), "DATABASE_URL": "sqlite://"}))


def _measured(found: Dossier, paper: Paper, teams: int) -> tuple[Row, bool]:
    start = perf_counter()
    made = make_paper(found, paper, "vi", PDF, address="https://thi.example.org/e/x/door")
    pdf = perf_counter() - start
    pages = len(pypdfium2.PdfDocument(made.content))
    word = 0.0
    if KINDS[paper].word:
        start = perf_counter()
        make_paper(found, paper, "vi", WORD)
        word = perf_counter() - start
    sheets = paper not in (Paper.SCORE_SHEETS, Paper.BLANK_SHEETS) or pages == teams * JUDGES
    row = {
        "teams": teams,
        "paper": paper.value,
        "pages": pages,
        "pdf s": round(pdf, 2),
        "pdf KB": len(made.content) // 1024,
        "word s": round(word, 2),
    }
    return row, sheets


def dossier(teams: int) -> Dossier:
    """Return a finalised round of `teams`, as papers see it; every fourth is awarded."""
    lines = tuple(_line(number, teams) for number in range(teams))
    name = LocalText("Ý tưởng khởi nghiệp 2026", "Start-up ideas 2026")
    report = RoundReport(
        edition="x", edition_name=name, organiser="UBND Phường", timezone="Asia/Ho_Chi_Minh", round="ck",
        round_name=LocalText("Chung kết", "Final"), kind="final", rubric_version=1, rules=rules_to_json(RoundRules()),
        criteria=tuple(_criterion(number) for number in range(CRITERIA)), tracks=(),
        judges=tuple(JudgeEntry(f"GK{one}", f"Giám khảo số {one}", "Trường") for one in range(JUDGES)), lines=lines,
    )  # fmt: skip
    edition = EditionFacts(
        1, "x", name, "UBND Phường", report.timezone, ("vi",), EditionState.ANNOUNCED, None, None, False, None  # noqa: FBT003  as the class has it
    )  # fmt: skip
    round_ = RoundFacts(
        1, 1, "ck", report.round_name, RoundKind.FINAL, RoundState.FINALISED, None, None, 1, 1, True,  # noqa: FBT003  as above
        rules=RoundRules(), rubric=Rubric(()), criterion_ids=(),
    )  # fmt: skip
    awards = AwardList((Source("ck", 1, PRINT),), (_award(lines),))
    settled = SettledList(1, 1, PRINT, "", DAY, "", None)
    snapshot = SnapshotLine(1, 1, f"{teams:064d}", DAY, "")
    return Dossier(edition, round_, snapshot, Frozen(report, None), awards, settled, "", {})


def _criterion(number: int) -> CriterionLine:
    return CriterionLine(f"C{number}", LocalText(f"Tiêu chí số {number}"), "0", "10", "0.01", "1", number)


def _line(number: int, teams: int) -> Line:
    entrant = Entrant(
        f"BT-{number:03d}", f"Ý tưởng về nước sạch số {number}", f"Đội {number}", f"THPT số {number % 40}",
        ("Trần Anh Dung", "Lê An"), "", None, None,
    )  # fmt: skip
    cells = tuple(_cell(number, judge, teams) for judge in range(JUDGES))
    result = f"{sum(Decimal(cell.total or '0') for cell in cells) / JUDGES:.2f}"
    return Line(entrant, number + 1, result, result, "ranked", JUDGES, tied=False, cells=cells)


def _cell(number: int, judge: int, teams: int) -> Cell:
    """Return marks that fall with the place, and differ between judges and criteria."""
    marks = tuple(
        f"{9 - number * 7 / teams + (number * 31 + judge * 17 + one * 7) % 97 / 100:.2f}" for one in range(CRITERIA)
    )
    return Cell(judge, "submitted", str(sum(map(Decimal, marks))), marks)


def _award(lines: tuple[Line, ...]) -> AwardLine:
    chosen = lines[: max(1, len(lines) // 4)]
    winners = tuple(
        Prize(one.entrant.code, one.entrant.title, one.entrant.team, one.entrant.school, one.entrant.members,
              one.rank, one.result, shared=False, amount=1_000_000)
        for one in chosen
    )  # fmt: skip
    empty = AwardLine("first", LocalText("Giải Nhất", "First prize"), "", "ck", None, LocalText(), 1_000_000, (), (),
                      (), 0, None, 0)  # fmt: skip
    return replace(empty, winners=winners)
