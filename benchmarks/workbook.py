"""`./run.py bench workbook`: the full workbook of a large round, in wall time and in memory at the peak.

--submissions N  (default 2,000)
--judges N       per submission (default 5)
--criteria N     (default 8)
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from time import perf_counter, process_time
from zipfile import ZipFile

from benchmarks import Report, Row
from config import from_env
from contest import create_app
from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import CriterionSpec, LocalText, RoundKind, RoundRules, Rubric
from contest.judging.scoring import Scorecard
from contest.results.building import build_report
from contest.results.exports import Provenance, round_workbook
from contest.results.inputs import RoundInputs
from contest.results.report import Entrant, JudgeEntry, Named, RoundReport

AT = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
SHEETS = 10
ZERO, TEN, HALF, WEIGHT = (Decimal(text) for text in ("0", "10", "0.5", "1.25"))
PER_JUDGE = 80
KB = 1024


def run(args: list[str]) -> Report:
    """Write the workbook in a process of its own, so that the peak is its alone; look at what came out."""
    parser = argparse.ArgumentParser(prog="bench workbook", description=__doc__, allow_abbrev=False)
    for name, size in (("submissions", 2000), ("judges", 5), ("criteria", 8)):
        parser.add_argument(f"--{name}", type=int, default=size)
    sizes = vars(parser.parse_args(args))
    rows: list[Row] = []
    wrong = 0
    for locale in ("vi", "both"):
        command = [sys.executable, "-m", __name__, json.dumps({**sizes, "locale": locale})]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[1])
        figures = json.loads(done.stdout.splitlines()[-1])
        wrong += figures["sheets"] != SHEETS
        rows.append({"locale": locale, **figures})
    return Report(facts=sizes, rows=tuple(rows), wrong=wrong)


def _measure(sizes: dict[str, int], locale: str) -> dict[str, float]:
    report = _report(sizes["submissions"], sizes["judges"], sizes["criteria"])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB
    source = Provenance("ab" * 32, 1, AT, AT, "bench")
    with create_app(from_env()).app_context():
        start, spent = perf_counter(), process_time()
        content = round_workbook(report, source, locale=locale)
        seconds, cpu = perf_counter() - start, process_time() - spent
    with ZipFile(BytesIO(content)) as archive:
        sheets = sum(name.startswith("xl/worksheets/sheet") for name in archive.namelist())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "before_mb": round(before),
        "peak_mb": round(peak),
        "file_mb": round(len(content) / KB / KB, 2),
        "sheets": sheets,
    }


def _report(submissions: int, per_submission: int, criteria: int) -> RoundReport:
    """Make a round as large cities have it: many judges share it; always the same marks."""
    rng = random.Random(7)
    judges = max(per_submission, submissions * per_submission // PER_JUDGE)
    rubric = Rubric(
        tuple(
            CriterionSpec(f"C{n}", LocalText(f"Tiêu chí {n}", f"Criterion {n}"), ZERO, TEN, HALF, WEIGHT)
            for n in range(criteria)
        )
    )
    cards = tuple(
        Scorecard(judge, one, tuple(rng.randint(4, 20) for _ in range(criteria)), submitted=True)
        for one in range(submissions)
        for judge in rng.sample(range(judges), per_submission)
    )
    inputs = RoundInputs(
        RoundRules(min_judges=3, tie_breaks=("criterion:C0", "highest_scorecard")),
        rubric,
        tuple(one % 3 for one in range(submissions)),
        cards,
    )
    return build_report(
        _edition(),
        _round(inputs),
        tracks=tuple(Named(f"T{n}", LocalText(f"Bảng {n}", f"Track {n}")) for n in range(3)),
        entrants=[_entrant(one) for one in range(submissions)],
        judges=[JudgeEntry(f"GK{n:03}", f"Giám khảo {n}", "Đại học") for n in range(judges)],
        inputs=inputs,
    )


def _entrant(one: int) -> Entrant:
    return Entrant(
        f"S{one:04}",
        f"Ý tưởng số {one}: nền tảng kết nối người dân với dịch vụ công trực tuyến tại phường",
        f"Đội {one}",
        f"Trường THPT số {one % 90}",
        ("Nguyễn Thị Ánh", "Trần Văn Bình", "Đỗ Thị Ỷ"),
        "Lê Văn Cường",
        f"T{one % 3}",
        f"F{one % 8}",
    )


def _edition() -> EditionFacts:
    return EditionFacts(
        id=1,
        code="bench",
        name=LocalText("Đo", "Bench"),
        organiser="UBND",
        timezone="Asia/Ho_Chi_Minh",
        languages=("vi", "en"),
        state=EditionState.ANNOUNCED,
        submissions_open=None,
        submissions_close=None,
        is_test=False,
        logo_key=None,
    )


def _round(inputs: RoundInputs) -> RoundFacts:
    return RoundFacts(
        id=1,
        edition_id=1,
        code="r1",
        name=LocalText("Chung kết", "Final"),
        kind=RoundKind.FINAL,
        state=RoundState.CLOSED,
        opens_at=None,
        closes_at=None,
        position=1,
        rules=inputs.rules,
        rubric=inputs.rubric,
        rubric_version=1,
        locked=True,
        criterion_ids=(),
    )


if __name__ == "__main__":
    wanted = json.loads(sys.argv[1])
    print(json.dumps(_measure(wanted, wanted.pop("locale"))))
