"""LG-06: what a judge keeps of a score sheet is proved under a signed head, and shows an altered score."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from pysqlite3.dbapi2 import connect as sqlite
from sqlalchemy import URL, Connection, create_engine, make_url, text

from config import TestConfig
from contest import create_app
from contest.accounts.roles import Role
from contest.editions.queries import round_by_id
from contest.editions.rules import RoundRules
from contest.exchange.queries import results_bundle
from contest.infra import audit, heads, merkle
from contest.infra.db import db, unit_of_work
from contest.judging import verify_receipt as script
from contest.judging.exports import receipts_file
from contest.judging.queries.receipts import receipts_of
from tests.conftest import POSTGRES
from tests.factories import Make
from tests.infra.test_audit import unguarded
from tests.judging.test_judge_views import Judging, text_of
from tests.results.way import finalise

SCRIPT = Path(script.__file__)
Receipt = dict[str, Any]


@pytest.fixture
def judging(make: Make, client: FlaskClient, noon: datetime) -> Judging:
    client.set_cookie("locale", "en")
    return Judging(make, client)


@pytest.fixture
def folder(app: Flask) -> Path:
    return Path(app.config["DATA_DIR"])


def hand_in(judging: Judging, marks: dict[str, str] | None = None, **values: Any) -> str:
    answer = judging.autosave(marks or {"C1": "8", "C2": "7,5"}, act="submit", **values)
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["receipt"])


def sign_head(judging: Judging, folder: Path, noon: datetime) -> heads.Head:
    with unit_of_work():
        row = heads.keep(folder, scope=f"edition:{judging.edition_id}", reason="head.periodic", now=noon)
        return heads.Head.read(row.head)


def act(judging: Judging, noon: datetime, times: int) -> None:
    for number in range(times):
        with unit_of_work():
            audit.record(at=noon, actor_id=None, scope=f"edition:{judging.edition_id}", action="a", number=number)


def download(judging: Judging) -> dict[str, bytes]:
    answer = judging.client.get(f"{judging.desk_url}mine/{judging.round.code}/receipts.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def kept_receipt(judging: Judging) -> Receipt:
    kept: Receipt = json.loads(download(judging)[f"{judging.code}.json"])
    return kept


def run(path: Path, receipt: Receipt | None, *more: str, language: str = "en") -> tuple[int, str]:
    if receipt is not None:
        path.write_text(json.dumps(receipt), encoding="utf-8")
    said: list[str] = []
    status = script.main([str(path), "--language", language, *more], said.append)
    return status, "\n".join(said)


def page_of(judging: Judging) -> str:
    return text_of(judging.client.get(judging.url + "/receipt").text)


@pytest.fixture
def covered(judging: Judging, folder: Path, noon: datetime) -> heads.Head:
    """A score sheet that was handed in, between other acts, and a head over it."""
    act(judging, noon, 3)
    hand_in(judging)
    act(judging, noon, 4)
    return sign_head(judging, folder, noon)


# The whole way


@pytest.mark.both_databases
def test_lg_06_a_receipt_is_proved_by_a_script_alone_in_a_folder(
    judging: Judging, covered: heads.Head, tmp_path: Path
) -> None:
    for name, data in download(judging).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "head.json").write_text(covered.file)
    command = [sys.executable, "-I", "-S", "verify_receipt.py", ".", "--language", "en", "--code", covered.short]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"round r1, submission {judging.code}: C1 8, C2 7.5 (version 1" in done.stdout
    assert f"entry 4 of the trail stands under the head {covered.short}" in done.stdout
    assert done.stdout.endswith("VERDICT: everything agrees.\n")


def test_lg_06_the_page_says_what_is_proved_and_what_waits_for_the_next_head(
    judging: Judging, folder: Path, noon: datetime, tmp_path: Path
) -> None:
    sign_head(judging, folder, noon)  # before the entry: it says nothing of it
    hand_in(judging)
    assert "It will be covered by the next signed head" in page_of(judging)
    status, said = run(tmp_path / "r.json", kept_receipt(judging))
    assert (status, "will be covered by the next signed head" in said) == (3, True)
    assert "1 receipts have no signed head yet" in said
    head = sign_head(judging, folder, noon)
    assert f"stands under a signed head. Code of the head {head.short}" in page_of(judging)
    assert run(tmp_path / "r.json", kept_receipt(judging))[0] == 0
    own = judging.client.get(f"{judging.desk_url}mine/{judging.round.code}").text
    assert f"mine/{judging.round.code}/receipts.zip" in own


def test_lg_06_a_changed_sheet_has_a_proof_of_its_own_and_the_first_file_still_holds(
    judging: Judging, covered: heads.Head, folder: Path, noon: datetime, tmp_path: Path
) -> None:
    first = kept_receipt(judging)
    hand_in(judging, {"C1": "9", "C2": "7"}, key="another-key", version="1")
    assert "It will be covered by the next signed head" in page_of(judging)
    later = sign_head(judging, folder, noon)
    second = kept_receipt(judging)
    assert (second["event"]["version"], second["event"]["marks"]) == (2, {"C1": "9", "C2": "7"})
    assert second["head"] == later.written()
    assert [run(tmp_path / "r.json", one)[0] for one in (first, second)] == [0, 0]


def test_lg_06_receipts_under_several_heads_stand_in_one_file(
    judging: Judging, covered: heads.Head, folder: Path, noon: datetime, app: Flask
) -> None:
    one, two = judging.more(2)
    post_marks(judging, one)
    second = sign_head(judging, folder, noon)
    post_marks(judging, two)
    files = download(judging)
    script_file = files.pop("verify_receipt.py")
    assert script_file == SCRIPT.read_bytes()
    found = [json.loads(data)["head"] for data in files.values()]
    assert found == [covered.written(), second.written(), None]


def post_marks(judging: Judging, paper: str) -> None:
    data = {"version": "0", "rubric_version": "1", "key": f"key-{paper}", "act": "submit"}
    marks = {"mark-C1": "5", "mark-C2": "6", "feedback": "", "private_note": ""}
    assert judging.client.post(judging.desk_url + paper, data=data | marks).status_code == 303


# What was altered


@pytest.mark.both_databases
def test_lg_06_an_altered_score_no_longer_fits_the_receipt(
    judging: Judging, covered: heads.Head, folder: Path, tmp_path: Path
) -> None:
    """In the tables, with its event, with its entry, with the whole trail: the page tells, and the kept file stays."""
    kept = kept_receipt(judging)
    broken = "These are not the marks that you handed in"
    assert broken not in page_of(judging)
    with unit_of_work() as session:
        session.execute(text("UPDATE scores SET points = 1"))
    assert broken in page_of(judging)
    forged = {"C1": "0.5", "C2": "0.5"}
    with events_unguarded() as session:
        session.execute(text("UPDATE score_events SET marks = :marks"), {"marks": json.dumps(forged)})
    assert broken in page_of(judging)
    digest = script.fingerprint({**kept["event"], "marks": forged})
    with events_unguarded() as session:
        session.execute(text("UPDATE score_events SET digest = :digest"), {"digest": digest})
    assert broken in page_of(judging)
    assert run(tmp_path / "r.json", kept_receipt(judging))[0] == 1
    write_trail_anew(judging, digest)
    assert audit.broken() == []
    assert broken in page_of(judging)
    assert "does not stand under the head" in run(tmp_path / "r.json", kept_receipt(judging))[1]
    assert run(tmp_path / "r.json", kept, "--code", covered.short)[0] == 0  # the judge's own file still shows the truth


@contextmanager
def events_unguarded() -> Iterator[Any]:
    with unit_of_work() as session:
        if db.engine.dialect.name == "postgresql":
            session.execute(text("ALTER TABLE score_events DISABLE TRIGGER USER"))
            yield session
            session.execute(text("ALTER TABLE score_events ENABLE TRIGGER USER"))
            return
        name = "score_events_never_change"
        made = session.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name})
        session.execute(text(f"DROP TRIGGER {name}"))
        yield session
        session.execute(text(made))


def write_trail_anew(judging: Judging, digest: str) -> None:
    """What an owner of the database could do: name the other marks, and chain every entry once more."""
    links = list(audit.links_of(f"edition:{judging.edition_id}"))
    previous = "0" * 64
    with unguarded() as session:
        for link in links:
            facts = {**link.facts, **({"fingerprint": digest} if "fingerprint" in link.facts else {})}
            at = link.at.isoformat(timespec="microseconds")
            said = [link.scope, link.seq, at, link.actor_id, link.action, link.subject, facts]
            anew = hashlib.sha256(b"\x01" + bytes.fromhex(previous) + script.canonical(said)).hexdigest()
            session.execute(
                text(
                    "UPDATE audit_entries SET facts = :facts, previous = :previous, digest = :digest WHERE seq = :seq"
                ),
                {"facts": json.dumps(facts), "previous": previous, "digest": anew, "seq": link.seq},
            )
            previous = anew


def test_lg_06_each_part_of_a_receipt_is_covered(judging: Judging, covered: heads.Head, tmp_path: Path) -> None:
    kept, path = kept_receipt(judging), tmp_path / "r.json"

    def said(**parts: Any) -> str:
        status, words = run(path, {**kept, **parts})
        assert status == 1, words
        return words

    event, head, proof, entry = kept["event"], kept["head"], kept["proof"], kept["entry"]
    assert "the marks do not fit the receipt" in said(event={**event, "marks": {"C1": "9", "C2": "7.5"}})
    forged = {**event, "marks": {"C1": "9", "C2": "7.5"}}
    code = script.short(script.fingerprint(forged))
    assert "entry 4 of the trail names other marks" in said(event=forged, receipt=code)
    renamed = [*entry["said"][:6], {**entry["said"][6], "fingerprint": script.fingerprint(forged)}]
    words = said(event=forged, receipt=code, entry={**entry, "said": renamed})
    assert f"entry 4 does not stand under the head {covered.short}" in words
    assert "does not stand" in said(entry={**entry, "previous": "ab" * 32})
    assert "does not stand" in said(proof={**proof, "path": proof["path"][:-1]})
    assert "does not stand" in said(proof={**proof, "path": [*proof["path"], "ab" * 32]})
    assert "the signature of the head" in said(head={**head, "at": "2027-01-01T00:00:00.000+00:00"})
    other = Ed25519PrivateKey.generate()
    forger = b64encode(other.public_key().public_bytes_raw()).decode()
    assert "the signature of the head" in said(head={**head, "key": forger})


def test_lg_06_what_was_noted_elsewhere_is_compared(judging: Judging, covered: heads.Head, tmp_path: Path) -> None:
    kept, path, other = kept_receipt(judging), tmp_path / "r.json", tmp_path / "head.json"
    assert "compare the code of the head" in run(path, kept)[1]
    other.write_text(covered.file)
    good = ("--head", str(other), "--code", covered.short.lower().replace("-", " "), "--key", covered.key)
    status, said = run(path, kept, *good)
    assert (status, "compare the code" in said) == (0, False)
    other.write_text(json.dumps({**covered.written(), "at": "2027-01-01T00:00:00.000+00:00"}))
    assert run(path, kept, "--head", str(other))[0] == 1
    assert run(path, kept, "--code", "0000")[0] == 1
    assert "was signed with" in run(path, kept, "--key", "AAAA")[1]
    other.write_text("[]")
    assert run(path, kept, "--head", str(other))[0] == 2


def test_lg_06_published_marks_are_compared_with_the_receipt(
    make: Make, client: FlaskClient, noon: datetime, folder: Path, tmp_path: Path
) -> None:
    judging = Judging(make, client, rules=RoundRules(min_judges=1, judges_per_submission=1))
    hand_in(judging)
    organiser = make.member(judging.edition, Role.ORGANISER)
    finalise(make.facts(judging.edition), judging.round.id, organiser.id, noon)
    round_ = round_by_id(judging.round.id)
    assert round_ is not None
    bundle, kept = tmp_path / "results.zip", kept_receipt(judging)
    bundle.write_bytes(results_bundle(round_))
    assert run(tmp_path / "r.json", kept, "--results", str(bundle))[0] == 0
    with zipfile.ZipFile(bundle) as archive:
        told = archive.read("scores.csv").decode("utf-8-sig")
    for changed, words in (
        (told.replace(",7.5", ",9.5"), "criterion C2: the receipt says 7.5, the results count 9.5"),
        (told.splitlines()[0] + "\n", "the results hold no mark of judge"),
    ):
        with zipfile.ZipFile(bundle, "w") as archive:
            archive.writestr("scores.csv", changed)
        status, said = run(tmp_path / "r.json", kept, "--results", str(bundle))
        assert (status, words in said) == (1, True), said


# Elsewhere


@pytest.mark.both_databases
def test_lg_06_a_receipt_holds_after_a_restore_without_the_key(
    app: Flask, judging: Judging, covered: heads.Head, tmp_path: Path
) -> None:
    paper, edition = judging.id, judging.edition_id
    before = receipts_file(receipts_of(edition, [paper]))
    db.session.remove()
    with restored(app, tmp_path) as copy, copy.app_context():
        assert not (tmp_path / heads.KEY_FILE).exists()
        (found,) = receipts_of(edition, [paper])
        assert found.flaws == ()
        assert receipts_file([found]) == before
        with unit_of_work():
            audit.record(at=datetime.fromisoformat(covered.at), actor_id=None, scope=f"edition:{edition}", action="a")
        assert receipts_file(receipts_of(edition, [paper])) == before
        db.session.remove()
        db.engine.dispose()


@contextmanager
def restored(app: Flask, folder: Path) -> Iterator[Flask]:
    """The database of an application from its backup, under another application with an empty data folder."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        with closing(db.engine.raw_connection()) as live, closing(sqlite(folder / "restored.sqlite")) as copy:
            live.driver_connection.backup(copy)  # type: ignore[union-attr]
        yield fresh_app(f"sqlite:///{folder / 'restored.sqlite'}", folder)
        return
    there = make_url(POSTGRES).set(drivername="postgresql")
    name = f"{there.database}_restored_{os.getpid()}"
    copy_url = there.set(database=name)
    schema = str(url.query["options"]).partition("search_path=")[2].partition(" ")[0]
    dump = subprocess.run(
        [tool("pg_dump"), f"--schema={schema}", as_text(there)], capture_output=True, check=True
    ).stdout
    with admin(there) as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template0"))
    try:
        subprocess.run([tool("psql"), "-qX", "-v", "ON_ERROR_STOP=1", as_text(copy_url)], input=dump, check=True)
        options = f"?options=-csearch_path%3D{schema}"
        yield fresh_app(as_text(copy_url.set(drivername="postgresql+psycopg")) + options, folder)
    finally:
        with admin(there) as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@contextmanager
def admin(url: URL) -> Iterator[Connection]:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def tool(name: str) -> str:
    path = shutil.which(name)
    assert path, f"{name} of the PostgreSQL client is not installed"
    return path


def as_text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def fresh_app(url: str, folder: Path) -> Flask:
    return create_app(TestConfig.from_env({"DATABASE_URL": url, "DATA_DIR": str(folder), "APP_ENV": "test"}))


# The script by itself


@given(st.binary(max_size=80), st.integers(0, 95), st.integers(1, 255))
def test_lg_06_the_signature_is_judged_as_another_implementation_does(text_: bytes, at: int, flip: int) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    public, signature = key.public_key().public_bytes_raw(), key.sign(text_)
    assert script.signed(public, signature, text_)
    both = bytearray(signature + public)
    both[at] ^= flip
    changed, owner = bytes(both[:64]), bytes(both[64:])
    assert script.signed(owner, changed, text_) == by_the_library(owner, changed, text_)
    assert not script.signed(public, signature, text_ + b"x")


def by_the_library(key: bytes, signature: bytes, text_: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text_)
    except (InvalidSignature, ValueError):
        return False
    return True


# RFC 8032, section 7.1, tests 1 to 3: public key, message, signature.
VECTORS = (
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
)


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_signatures_of_the_standard_hold(key: str, message: str, signature: str) -> None:
    parts = [bytes.fromhex(one) for one in (key, signature, message)]
    assert script.signed(parts[0], parts[1], parts[2])
    assert not script.signed(parts[0], parts[1][:-1], parts[2])
    beyond = parts[1][:32] + (int.from_bytes(parts[1][32:], "little") + script.ORDER).to_bytes(32, "little")
    assert not script.signed(parts[0], beyond, parts[2])  # the same number again: not the one spelling of it


@given(st.integers(1, 40), st.data())
def test_lg_06_the_way_to_the_root_is_that_of_the_tree(size: int, data: st.DataObject) -> None:
    entries = [str(number).encode() for number in range(size)]
    leaves, place = [merkle.leaf(one) for one in entries], data.draw(st.integers(0, size - 1))
    path, top = merkle.inclusion(leaves, place), merkle.root(leaves)
    assert script.root_over(entries[place], place, size, path) == top
    other = data.draw(st.integers(-1, size))
    assert (script.root_over(entries[place], other, size, path) == top) is (other == place)
    assert script.root_over(entries[place], place, size, [*path, top]) is None
    if path:
        assert script.root_over(entries[place], place, size, path[:-1]) is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("r.json", b"{"),
        ("r.json", b"[]"),
        ("r.json", b'{"format": "bang-vang-receipt/9"}'),
        ("r.json", b'{"format": "bang-vang-receipt/1"}'),
        ("r.json", b'{"format": "bang-vang-receipt/1", "event": {"marks": []}, "entry": [], "head": 1}'),
        ("r.zip", b"PK"),
        ("r.zip", b""),
    ],
)
def test_what_is_no_receipt_cannot_be_checked(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    for language, words in (("en", "CANNOT BE CHECKED"), ("vi", "KHÔNG KIỂM TRA ĐƯỢC")):
        status, said = run(tmp_path / name, None, language=language)
        assert (status, words in said) == (2, True)
    assert run(tmp_path / "none.json", None)[0] == 2


def test_every_sentence_of_the_script_has_both_languages() -> None:
    for vietnamese, english in script.WORDS.values():
        fields = [sorted(name for _, name, _, _ in Formatter().parse(one) if name) for one in (vietnamese, english)]
        assert fields[0] == fields[1]
        assert vietnamese != english or "{text}" in english


def test_it_imports_nothing_but_the_standard_library() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"))
    names = [each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names
    assert len(SCRIPT.read_text(encoding="utf-8").splitlines()) < 500
