"""From finalised rounds in the database to a file that proves them: command, page, and what later changes do to it."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.accounts.roles import Role
from contest.editions.queries import round_by_id
from contest.errors import RuleBroken
from contest.exchange.queries import results_bundle
from contest.infra.db import db, unit_of_work
from contest.judging.models import Score
from contest.results import verify_results as script
from contest.submissions.models import Submission
from tests.factories import Make
from tests.results.conftest import Scored, scored
from tests.results.way import finalise

__all__ = ["scored"]


def proof(round_id: int) -> bytes:
    round_ = round_by_id(round_id)
    assert round_ is not None
    return results_bundle(round_)


@pytest.fixture
def bundle(scored: Scored, noon: datetime) -> bytes:
    """The results bundle of the finalised first round."""
    finalise(scored.facts, scored.first.id, scored.organiser.id, noon)
    return proof(scored.first.id)


def test_the_command_writes_what_the_other_command_verifies(
    app: Flask, scored: Scored, bundle: bytes, tmp_path: Path
) -> None:
    out, runner = tmp_path / "r1.zip", app.test_cli_runner()
    written = runner.invoke(args=["results", "bundle", "mua-thu-2026", "r1", "--out", str(out)])
    assert written.exit_code == 0, written.output
    assert out.read_bytes() == bundle
    assert script.sha256(bundle) in written.output
    checked = runner.invoke(args=["results", "verify", str(out), "--language", "en"])
    assert checked.exit_code == 0, checked.output
    assert "round r1: 3 submissions computed again and compared (aggregate: mean)" in checked.output
    assert "VERDICT: everything agrees." in checked.output
    assert "KẾT LUẬN: mọi điều kiểm tra được đều khớp." in runner.invoke(args=["results", "verify", str(out)]).output


def test_the_command_names_what_does_not_exist(app: Flask, scored: Scored, tmp_path: Path) -> None:
    out, runner = str(tmp_path / "r1.zip"), app.test_cli_runner()
    for words, message in (
        (("nope", "r1"), "no edition 'nope'"),
        (("mua-thu-2026", "nope"), "has no round 'nope'"),
        (("mua-thu-2026", "r1"), "There are no final results of the round “r1” yet"),
    ):
        answer = runner.invoke(args=["results", "bundle", *words, "--out", out])
        assert answer.exit_code == 1
        assert message in answer.output
    assert not Path(out).exists()


def test_rs_16_anyone_with_the_bundle_recomputes_the_ranking_offline(bundle: bytes, tmp_path: Path) -> None:
    """The script that travels in the bundle, alone in a folder, without packages; then with one byte changed."""
    with zipfile.ZipFile(io.BytesIO(bundle)) as opened:
        (tmp_path / "check.py").write_bytes(opened.read("verify_results.py"))
    flipped = bundle[:500] + bytes([bundle[500] ^ 1]) + bundle[501:]
    for data, status, words in (
        (bundle, 0, "VERDICT: everything agrees."),
        (flipped, 2, "bundle.zip: README.txt: not a .zip, or broken"),
    ):
        (tmp_path / "bundle.zip").write_bytes(data)
        command = [sys.executable, "-I", "-S", "check.py", "bundle.zip", "--language", "en"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stderr) == (status, "")
        assert words in done.stdout


def test_rs_16_one_byte_in_any_file_of_the_bundle_fails_and_names_it(bundle: bytes, tmp_path: Path) -> None:
    files = script.unpacked(bundle, "bundle.zip")
    assert sorted(files) == [
        "README.txt",
        "edition.toml",
        "judges.csv",
        "manifest.json",
        "participants.csv",
        "results.json",
        "scores.csv",
        "snapshots/r1.json",
        "submissions.csv",
        "verify_results.py",
    ]
    for name, data in files.items():
        changed = {**files, name: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]}
        (tmp_path / "b.zip").write_bytes(script.packed(changed))
        said: list[str] = []
        assert script.main([str(tmp_path / "b.zip"), "--language", "en"], said.append) == 1
        assert name in "\n".join(said)


def test_a_mark_that_contradicts_the_snapshot_is_found_though_the_manifest_agrees(
    bundle: bytes, tmp_path: Path
) -> None:
    files = script.unpacked(bundle, "bundle.zip")
    rounds = {"r1": script.sha256(files["snapshots/r1.json"])}
    rows = files["scores.csv"].decode().splitlines(keepends=True)
    rows[1] = rows[1].rpartition(",")[0] + ",0\n"
    changed = {name: data for name, data in files.items() if name != "manifest.json"}
    changed["scores.csv"] = "".join(rows).encode()
    (tmp_path / "b.zip").write_bytes(script.packed(script.sealed(changed, rounds)))
    said: list[str] = []
    assert script.main([str(tmp_path / "b.zip"), "--language", "en"], said.append) == 1
    assert any("the snapshot says" in line for line in said)
    assert any("result: published" in line for line in said)


def test_later_changes_of_data_do_not_change_the_bundle(scored: Scored, bundle: bytes) -> None:
    with unit_of_work() as session:
        for score in session.query(Score):
            score.points = 0
        submission = session.get(Submission, scored.submissions[0].id)
        assert submission is not None
        submission.title = "Tên khác"
    db.session.expire_all()
    assert proof(scored.first.id) == bundle


def test_a_round_without_final_results_has_no_bundle(scored: Scored, bundle: bytes) -> None:
    with pytest.raises(RuleBroken) as refused:
        proof(scored.final.id)
    assert (refused.value.code, refused.value.facts) == ("no_frozen_results", {"round": "final"})


def test_the_committee_downloads_it_and_nobody_else(
    make: Make, client: FlaskClient, scored: Scored, bundle: bytes
) -> None:
    address = "/e/mua-thu-2026/organise/results/r1/bundle.zip"
    make.sign_in(client, make.member(scored.edition, Role.JUDGE))
    assert client.get(address).status_code == 403
    make.sign_in(client, scored.organiser)
    answer = client.get(address)
    assert (answer.status_code, answer.data) == (200, bundle)
    assert "mua-thu-2026_r1_results.zip" in answer.headers["Content-Disposition"]
    assert address in client.get("/e/mua-thu-2026/organise/results/r1").text
    assert client.get(address.replace("/r1/", "/final/")).status_code == 409
    assert client.get(address.replace("/r1/", "/nope/")).status_code == 404
