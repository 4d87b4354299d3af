"""The stand-alone script as anybody runs it: on real panels, on sealed bundles, on broken ones."""

from __future__ import annotations

import ast
import json
import re
import string
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from contest.results import verify_results as script
from tests.judging.panels import PANEL_NAMES, PANELS

SCRIPT = Path(script.__file__)
PANEL = PANELS / "panel-trimmed-11x9"
Files = dict[str, bytes]

TINY = b"""
[edition]
code = "tiny"
[[rounds]]
code = "r1"
decimals = 1
bands = [{ code = "gold", lowest = "9" }]
  [[rounds.criteria]]
  code = "A"
  max = "10"
"""


def run(path: Path, *more: str, language: str = "en") -> tuple[int, str]:
    said: list[str] = []
    status = script.main([str(path), "--language", language, *more], said.append)
    return status, "\n".join(said)


def tiny(one: str = "9", rank: int = 1) -> Files:
    lines = [
        {"submission": "S1", "rank": rank, "result": "9.0", "own_result": "9.0", "status": "ranked", "band": "gold"},
        {"submission": "S2", "rank": 2, "result": "8.0", "own_result": "8.0", "status": "ranked", "band": None},
    ]
    results = {"format": script.FORMAT, "rounds": [{"round": "r1", "lines": lines}]}
    return {
        "edition.toml": TINY,
        "submissions.csv": b"submission,title,team\nS1,One,T1\nS2,Two,T2\n",
        "scores.csv": f"round,judge,submission,criterion,score\nr1,J1,S1,A,{one}\nr1,J1,S2,A,8\n".encode(),
        "results.json": json.dumps(results).encode(),
    }


def folder(path: Path, files: Files) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def archive(path: Path, files: Files) -> Path:
    path.write_bytes(script.packed(files))
    return path


def flipped(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


def test_it_runs_alone_from_another_folder_without_any_package(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(PANEL), "--language", "en"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "11 submissions computed again and compared" in done.stdout
    assert done.stdout.endswith("VERDICT: everything agrees.\n")


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or node.lineno) - node.lineno < 46, node.name


@pytest.mark.parametrize("panel", PANEL_NAMES)
def test_the_real_panels_agree_and_nothing_is_claimed_about_their_files(panel: str) -> None:
    status, said = run(PANELS / panel)
    assert status == 0
    assert "nothing proves that the files are unchanged" in said


def test_one_mark_of_a_real_panel_changes_a_result(tmp_path: Path) -> None:
    files, _ = script.read_files(PANEL)
    files["scores.csv"] = files["scores.csv"].replace(b"r1,J2,E01,CO,7.0", b"r1,J2,E01,CO,9.0")
    status, said = run(folder(tmp_path, files))
    assert status == 1
    assert "round r1, submission E01, result: published 53.87, computed" in said


def test_a_sealed_bundle_agrees_as_a_folder_and_as_an_archive(tmp_path: Path) -> None:
    files = script.sealed(tiny(), {})
    for path in (folder(tmp_path / "folder", files), archive(tmp_path / "tiny.zip", files)):
        status, said = run(path)
        assert status == 0, said
        assert f"fingerprint is {script.sha256(files['manifest.json'])}" in said
    assert script.packed(files) == script.packed(dict(reversed(files.items())))


def test_rs_16_one_changed_byte_in_any_file_fails_and_names_the_file(tmp_path: Path) -> None:
    files = script.sealed(tiny(), {})
    for name, data in files.items():
        for position in (0, len(data) // 2, len(data) - 1):
            status, said = run(archive(tmp_path / "b.zip", {**files, name: flipped(data, position)}))
            assert status == 1, (name, position)
            assert name in said
            assert "VERDICT: IT DOES NOT AGREE" in said


def test_rs_16_every_single_byte_of_the_archive_matters(tmp_path: Path) -> None:
    whole = script.packed(script.sealed(tiny(), {}))
    path = tmp_path / "b.zip"
    for position in range(len(whole)):
        path.write_bytes(flipped(whole, position))
        assert run(path)[0] in (1, 2), position
    path.write_bytes(whole + b"\0")
    assert run(path)[0] == 1


def test_an_archive_that_was_packed_again_asks_for_the_folder(tmp_path: Path) -> None:
    files = script.sealed(tiny(), {})
    with zipfile.ZipFile(tmp_path / "again.zip", "w", zipfile.ZIP_DEFLATED) as again:
        for name, data in files.items():
            again.writestr(f"tiny/{name}", data)
    status, said = run(tmp_path / "again.zip")
    assert status == 1
    assert "unpack it and check the folder" in said


def test_a_change_that_the_manifest_knows_shows_in_the_results(tmp_path: Path) -> None:
    status, said = run(archive(tmp_path / "b.zip", script.sealed(tiny(one="7"), {})))
    assert status == 1
    for line in (
        "round r1, submission S1, rank: published 1, computed 2",
        "round r1, submission S1, result: published 9.0, computed 7.0",
        "round r1, submission S1, band: published gold, computed -",
        "round r1, submission S2, rank: published 2, computed 1",
    ):
        assert line in said


def test_a_changed_rank_alone_is_named(tmp_path: Path) -> None:
    status, said = run(archive(tmp_path / "b.zip", script.sealed(tiny(rank=2), {})), language="vi")
    assert status == 1
    assert "vòng r1, bài S1, rank: công bố 2, tính lại 1" in said
    assert "KẾT LUẬN: KHÔNG KHỚP, 1 chỗ sai lệch." in said


def test_lines_without_a_partner_are_named(tmp_path: Path) -> None:
    files = tiny()
    files["submissions.csv"] = b"submission,title,team\nS1,One,T1\nS3,Three,T3\n"
    files["scores.csv"] = b"round;judge;submission;criterion;score\r\nr1;J1;s1;a;9,0\r\n"
    status, said = run(folder(tmp_path, files))
    assert status == 1
    assert "submission S2: published, but it does not take part" in said
    assert "submission S3: takes part in this round, but its result is not published" in said


Change = Callable[[Files], Files]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: {k: v for k, v in f.items() if k != "edition.toml"}, "the file edition.toml is missing"),
        (lambda f: {k: v for k, v in f.items() if k != "submissions.csv"}, "the file submissions.csv is missing"),
        (lambda f: {k: v for k, v in f.items() if k != "results.json"}, "results.json / expected.csv is missing"),
        (lambda f: {**f, "edition.toml": b"[edition"}, "edition.toml cannot be read"),
        (lambda f: {**f, "edition.toml": b"\xff\xfe"}, "edition.toml cannot be read"),
        (lambda f: {**f, "edition.toml": b"rounds = 3"}, "does not have the right shape"),
        (lambda f: {**f, "edition.toml": TINY + b'min = "x"'}, "edition.toml: 'x' is not a number"),
        (lambda f: {**f, "edition.toml": TINY.replace(b"decimals = 1", b'aggregate = "best"')}, "'best' is unknown"),
        (lambda f: {**f, "edition.toml": TINY.replace(b"decimals = 1", b'aggregate = "clamped"')}, "needs clamp"),
        (lambda f: {**f, "edition.toml": TINY.replace(b'"r1"', b'"r9"')}, "the code 'r1' is unknown"),
        (lambda f: {**f, "results.json": b"{"}, "results.json cannot be read"),
        (lambda f: {**f, "results.json": b'{"format": 0}'}, "this script reads bang-vang-results/1"),
        (lambda f: {**f, "results.json": b"[]"}, "does not have the right shape"),
        (lambda f: {**f, "scores.csv": f["scores.csv"].replace(b",9", b",9 points")}, "'9 points' is not a number"),
        (lambda f: {**f, "scores.csv": f["scores.csv"].replace(b"S1", b"S9")}, "scores.csv, row 2: the code 'S9'"),
        (lambda f: {**f, "scores.csv": f["scores.csv"].replace(b",A,", b",B,")}, "the code 'B' is unknown"),
        (lambda f: {**f, "adjustments.xlsx": b"PK"}, "adjustments.xlsx: save this sheet as .csv"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_gives_2(tmp_path: Path, change: Change, words: str) -> None:
    status, said = run(folder(tmp_path, change(tiny())))
    assert status == 2
    assert "CANNOT BE CHECKED" in said
    assert words in said


def test_broken_archives_and_missing_paths_give_2(tmp_path: Path) -> None:
    whole = script.packed(script.sealed(tiny(), {}))
    broken = tmp_path / "broken.zip"
    for data in (b"", b"PK", whole[: len(whole) // 2], b"x" * 100):
        broken.write_bytes(data)
        status, said = run(broken)
        assert status == 2
        assert "broken.zip: not a .zip, or broken" in said
    assert run(tmp_path / "nothing.zip")[0] == 2


def test_a_bundle_of_another_format_names_its_own_script(tmp_path: Path) -> None:
    files = script.sealed(tiny(), {})
    files["manifest.json"] = files["manifest.json"].replace(b"bang-vang-results/1", b"bang-vang-results/0")
    status, said = run(folder(tmp_path, files))
    assert status == 2
    assert "use the verify_results.py of that bundle" in said


def test_a_listed_file_that_is_missing_and_one_that_is_not_listed(tmp_path: Path) -> None:
    files = script.sealed(tiny(), {})
    lacking = {name: data for name, data in files.items() if name != "scores.csv"}
    assert run(folder(tmp_path / "a", lacking)) == (2, run(tmp_path / "a")[1])
    assert "the file scores.csv is missing" in run(tmp_path / "a")[1]
    status, said = run(folder(tmp_path / "b", {**files, "rulings.csv": b"round,kind,submission,value\n"}))
    assert status == 1
    assert "the file rulings.csv is not listed" in said


def test_an_announced_fingerprint_must_be_that_of_the_bundle(tmp_path: Path) -> None:
    files = script.sealed(tiny(), {})
    path = archive(tmp_path / "b.zip", files)
    status, said = run(path, "--fingerprint", script.sha256(files["manifest.json"]).upper())
    assert status == 0, said
    status, said = run(path, "--fingerprint", "ab" * 32)
    assert status == 1
    assert "does not belong to this bundle" in said


def test_an_estimate_is_not_claimed_to_be_checked(tmp_path: Path) -> None:
    files = tiny()
    files["edition.toml"] = TINY.replace(b"decimals = 1", b'decimals = 1\naggregate = "severity"')
    rows = [f"S{number},T,T" for number in range(1, 7)]
    files["submissions.csv"] = "\n".join(("submission,title,team", *rows)).encode()
    marks = [f"r1,J{judge},S{number},A,{number}" for number in range(1, 7) for judge in range(3) if judge != number]
    files["scores.csv"] = "\n".join(("round,judge,submission,criterion,score", *marks)).encode()
    status, said = run(folder(tmp_path, files))
    assert status == 3
    assert "not recomputed: severity" in said
    assert "everything agrees" not in said


def test_without_anything_published_nothing_is_claimed(tmp_path: Path) -> None:
    files = tiny()
    del files["results.json"]
    files["expected.csv"] = b"round,submission,result,rank\n"
    status, said = run(folder(tmp_path, files))
    assert status == 3
    assert "NOTHING was compared" in said
    assert "everything agrees" not in said


FOUR_ROUNDS = """
[edition]
code = "four"
""" + "".join(
    f"""
[[rounds]]
code = "r{number}"
decimals = 1
aggregate = "clamped"
clamp = "1"
{'carry = { r1 = "0.2", R2 = "0.2", r3 = "0.1", self = "0.5" }' if number == 4 else ""}
  [[rounds.criteria]]
  code = "A"
  max = "10"
"""
    for number in range(1, 5)
)


def test_clamped_marks_are_carried_over_four_rounds(tmp_path: Path) -> None:
    """By hand: 2, 6, 7 -> mean 5.0, clamped to 4, 6, 6 -> 5.3; S1 carries 0.2 x 5.3 + 0.2 x 8 + 0.1 x 9 + 0.5 x 4."""
    marks = {("r1", "S1"): (2, 6, 7), ("r1", "S2"): (5, 5, 5), ("r2", "S1"): (8,), ("r2", "S2"): (7,)}
    marks |= {("r3", "S1"): (9,), ("r3", "S2"): (6,), ("r4", "S1"): (4,), ("r4", "S2"): (6,)}
    rows = [f"{round_},J{j},{s},A,{mark}" for (round_, s), given in marks.items() for j, mark in enumerate(given)]
    files = {
        "edition.toml": FOUR_ROUNDS.encode(),
        "submissions.csv": b"submission,title,team\nS1,One,T1\nS2,Two,T2\n",
        "scores.csv": "\n".join(("round,judge,submission,criterion,score", *rows)).encode(),
        "expected.csv": b"round,submission,result,rank\nr1,S1,5.3,1\nr1,S2,5.0,2\nr4,S1,5.6,2\nr4,S2,6.0,1\n",
    }
    status, said = run(folder(tmp_path, files))
    assert status == 0, said
    assert "round r2: 2 submissions computed again, but nothing published is there to compare with" in said


def test_both_languages_say_the_same_things() -> None:
    for key, pair in script.WORDS.items():
        vietnamese, english = ({name for _, name, _, _ in string.Formatter().parse(text) if name} for text in pair)
        assert vietnamese == english, key
    used = set(re.findall(r'(?:Unreadable|differs|words)\((?:language, )?"(\w+)"', SCRIPT.read_text(encoding="utf-8")))
    assert used <= script.WORDS.keys()
    assert {"missing_file", "differs", "title"} <= used
