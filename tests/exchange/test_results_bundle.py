"""Finalised rounds as a bundle that anybody can check: whatever the rules, it verifies, and any change shows."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import Phase, assume, given, settings

from contest.editions.facts import EditionFacts, RoundFacts
from contest.editions.phases import EditionState, RoundState
from contest.editions.rules import LocalText, RoundKind
from contest.exchange.bundle.results import FrozenRound, fingerprints, read_frozen, results_files
from contest.infra.signing import canonical_json, fingerprint
from contest.results import verify_results as script
from contest.results.building import build_report
from contest.results.frozen import METHOD, Record, freeze
from contest.results.inputs import RoundInputs
from contest.results.ranking import rank
from contest.results.reconcile import Tally
from contest.results.report import Entrant, JudgeEntry, Named
from tests.results.contests import Contest, contests, field_of, name, with_earlier

QUICK = (Phase.explicit, Phase.generate)  # shrinking a whole contest takes minutes
EDITION = EditionFacts(
    id=1,
    code="tiny",
    name=LocalText("Nhỏ", "Tiny"),
    organiser="Đoàn phường",
    timezone="Asia/Ho_Chi_Minh",
    languages=("vi", "en"),
    state=EditionState.ANNOUNCED,
    submissions_open=None,
    submissions_close=None,
    is_test=False,
    logo_key=None,
)
TRACKS = (Named("A", LocalText("Bảng A")), Named("B", LocalText("Bảng B")))


def frozen_round(position: int, code: str, inputs: RoundInputs) -> FrozenRound:
    facts = RoundFacts(
        id=position,
        edition_id=1,
        code=code,
        name=LocalText(f"Vòng {position}"),
        kind=RoundKind.PRELIMINARY,
        state=RoundState.FINALISED,
        position=position,
        opens_at=None,
        closes_at=None,
        rules=inputs.rules,
        rubric=inputs.rubric,
        rubric_version=1,
        locked=True,
        criterion_ids=(),
    )
    entrants = [
        Entrant(
            name(p),
            f"Ý tưởng {p}",
            "=1+1",
            "",
            ("An", "Bình"),
            "",
            None if t is None else TRACKS[t].code,
            field_of(p) or None,
        )
        for p, t in enumerate(inputs.tracks)
    ]
    judges = [JudgeEntry(f"J{number}", f"Cô {number}", "") for number in range(6)]
    report = build_report(EDITION, facts, tracks=TRACKS, entrants=entrants, judges=judges, inputs=inputs)
    record = Record(METHOD, 1, "", "chair", "", (), (), Tally(), ())
    payload = freeze(report, record)
    return read_frozen(1, fingerprint(payload), canonical_json(payload))


def frozen_contest(contest: Contest) -> list[FrozenRound]:
    earlier: dict[str, tuple[Decimal | None, ...]] = {}
    found = []
    for position, (code, bare) in enumerate(contest.rounds):
        inputs = with_earlier(bare, earlier)
        found.append(frozen_round(position, code, inputs))
        own = {one.submission: one.own_result for one in rank(inputs)}
        texts = [own[p] for p in range(len(inputs.tracks))]
        earlier[code] = tuple(None if text is None else Decimal(text) for text in texts)
    return found


def checked(files: dict[str, bytes]) -> script.Verdict:
    verdict = script.Verdict()
    script.check_integrity(files, script.packed(files), verdict)
    if not verdict.differences:
        script.check_results(files, verdict)
    return verdict


def sealed(rounds: list[FrozenRound]) -> dict[str, bytes]:
    return script.sealed(results_files(rounds), fingerprints(rounds))


@settings(deadline=None, derandomize=True, phases=QUICK, max_examples=60)
@given(contests(most_rounds=3))
def test_every_contest_becomes_a_bundle_that_verifies(contest: Contest) -> None:
    rounds = frozen_contest(contest)
    verdict = checked(sealed(rounds))
    assert verdict.differences == []
    assert [facts["round"] for key, facts in verdict.checked if key == "frozen"] == [code for code, _ in contest.rounds]


@settings(deadline=None, derandomize=True, phases=QUICK, max_examples=15)
@given(contests(most_rounds=2))
def test_the_same_snapshots_give_the_same_bytes(contest: Contest) -> None:
    rounds = frozen_contest(contest)
    again = [read_frozen(each.version, each.fingerprint, each.payload) for each in rounds]
    assert script.packed(sealed(rounds)) == script.packed(sealed(again))


@settings(deadline=None, derandomize=True, phases=QUICK, max_examples=40)
@given(contests(most_rounds=1))
def test_a_result_changed_together_with_its_manifest_is_named(contest: Contest) -> None:
    rounds = frozen_contest(contest)
    files = results_files(rounds)
    published = json.loads(files["results.json"])
    lines = [line for line in published["rounds"][0]["lines"] if line["rank"] is not None]
    assume(lines)
    lines[0]["rank"] += 1
    files["results.json"] = json.dumps(published).encode()
    verdict = checked(script.sealed(files, fingerprints(rounds)))
    named = [(facts.get("submission"), facts.get("field")) for key, facts in verdict.differences if key == "differs"]
    assert verdict.status == 1
    assert (lines[0]["submission"], "rank") in named or ("not_recomputed" in [key for key, _ in verdict.skipped])
