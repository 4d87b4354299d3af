"""`bench web`: its client reads HTTP right, counts what is wrong, and leaves nothing behind."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import web
from benchmarks._contest import FINALISTS, JUDGES, OPEN, PANEL, SUBMISSIONS, contest
from benchmarks._http import Answer, Reader
from benchmarks._load import Lane, Run, Saving, Visit
from benchmarks._servers import Server, free_port, served
from benchmarks.web import Page
from contest.exchange.bundle.settle import settled
from contest.judging.states import ScorecardStatus

ROOT = Path(__file__).resolve().parent.parent
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello"
CHUNKED = b"HTTP/1.1 303 SEE OTHER\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"
EMPTY = b"HTTP/1.1 304 NOT MODIFIED\r\nETag: x\r\n\r\n"


# Answers


def read(*pieces: bytes) -> Answer | None:
    reader = Reader()
    answers = [reader.feed(piece) for piece in pieces]
    assert [one for one in answers[:-1] if one is not None] == []
    return answers[-1]


@given(st.sampled_from([(PLAIN, 200, b"hello"), (CHUNKED, 303, b"hello"), (EMPTY, 304, b"")]), st.data())
def test_an_answer_is_read_however_it_is_cut(case: tuple[bytes, int, bytes], data: st.DataObject) -> None:
    whole, status, body = case
    cuts = sorted(data.draw(st.sets(st.integers(1, len(whole) - 1), max_size=6)))
    answer = read(*(whole[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)))
    assert answer is not None
    assert (answer.status, answer.body, answer.size) == (status, body, len(whole))


def test_one_connection_reads_many_answers() -> None:
    reader = Reader()
    statuses = [answer.status for raw in (PLAIN, EMPTY, CHUNKED) if (answer := reader.feed(raw))]
    assert statuses == [200, 304, 303]


def test_headers_are_found_in_small_letters_and_bodies_unpacked() -> None:
    packed = gzip.compress(b"hello")
    head = f"HTTP/1.1 200 OK\r\nContent-ENCODING:gzip\r\nConnection: Close\r\nContent-Length: {len(packed)}\r\n\r\n"
    answer = read(head.encode() + packed)
    assert answer is not None
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content() == b"hello"
    assert not answer.keeps


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "closed"),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "not an HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\n\r\n", "without a length"),
        (PLAIN + b"x", "after the end"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", "chunk"),
        (b"HTTP/1.1 two OK\r\nContent-Length: 0\r\n\r\n", "invalid literal"),
    ],
)
def test_an_answer_against_the_rules_is_an_error(raw: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Reader().feed(raw)


# Load

Serve = Callable[[bytes], bytes]


@contextmanager
def server(answer: Serve, *, requests_per_link: int = 1_000_000) -> Iterator[tuple[str, int]]:
    """A server of raw bytes: `answer` gets the request and returns what to send; nothing hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def link(connection: socket.socket) -> None:
        with connection:
            for _ in range(requests_per_link):
                data = connection.recv(1 << 16)
                reply = answer(data) if data else b""
                if not reply:
                    return
                connection.sendall(reply)

    def listen() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            Thread(target=link, args=(connection,), daemon=True).start()

    thread = Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def reply(status: int, body: bytes = b"hello", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@pytest.fixture
def _cold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks._load.WARM_UP", 0.0)
    monkeypatch.setattr("benchmarks._load.PATIENCE", 0.3)


@pytest.mark.usefixtures("_cold")
def test_right_answers_are_counted_and_timed() -> None:
    with server(lambda _request: reply(200)) as address:
        run = Run([Lane(Visit("/", contains="hello"), address) for _ in range(3)], 0.1)
        figures = run.go()
    assert figures["wrong"] == []
    assert len(figures["times"]) > 3
    assert all(0 < one < 0.1 for one in figures["times"])
    assert len(figures["times"]) <= figures["sent"] <= len(figures["times"]) + 3
    assert figures["bytes"] == len(reply(200))
    assert figures["busy"] > 0


@pytest.mark.usefixtures("_cold")
@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(500), "/ answered 500"),
        (reply(302), "/ answered 302"),
        (reply(200, b"other words"), "/ answered 200"),
        (b"nonsense\r\n\r\n", "ValueError: not an HTTP/1.1 answer: 'nonsense'"),
        (b"", "ValueError: the connection was closed before the answer was whole"),
        (reply(200)[:-1], "no answer"),
    ],
)
def test_every_wrong_answer_counts_and_ends_its_connection(answer: bytes, reason: str) -> None:
    with server(lambda _request: answer) as address:
        figures = Run([Lane(Visit("/", contains="hello"), address)], 0.1).go()
    assert figures["wrong"] == [reason]
    assert figures["times"] == []


@pytest.mark.usefixtures("_cold")
def test_nobody_listening_counts() -> None:
    figures = Run([Lane(Visit("/"), ("127.0.0.1", free_port()))], 0.1).go()
    assert figures["wrong"] == ["ConnectionRefusedError while sending"]


@pytest.mark.usefixtures("_cold")
def test_a_server_that_hangs_up_politely_is_called_again() -> None:
    with server(lambda _request: reply(200, b"hello", "Connection: close"), requests_per_link=1) as address:
        figures = Run([Lane(Visit("/"), address)], 0.1).go()
    assert figures["wrong"] == []
    assert len(figures["times"]) > 1


@pytest.mark.usefixtures("_cold")
def test_every_save_is_new_and_the_next_version() -> None:
    requests: list[bytes] = []

    def answer(request: bytes) -> bytes:
        requests.append(request)
        return reply(303, b"") if len(requests) < 6 else reply(409, b"")

    saving = Saving("/paper", status=303, cookie="s=1", form={"csrf_token": "t"}, marks={"C1": 0, "C2": 20})
    with server(answer) as address:
        figures = Run([Lane(saving, address)], 5).go()
    forms = [parse_qs(request.partition(b"\r\n\r\n")[2].decode(), strict_parsing=True) for request in requests]
    assert [form["version"] for form in forms] == [[str(number)] for number in range(6)]
    assert len({form["key"][0] for form in forms}) == 6
    assert [(form["mark-C1"], form["mark-C2"]) for form in forms[:3]] == [
        (["0,5"], ["10"]),
        (["0,5"], ["0"]),
        (["1"], ["0"]),
    ]
    assert all(form["csrf_token"] == ["t"] and form["action"] == ["draft"] for form in forms)
    assert all(b"\r\nCookie: s=1\r\n" in request for request in requests)
    assert figures["wrong"] == ["/paper answered 409"]
    assert saving.version == 5


# The contest


def test_the_contest_has_the_promised_size() -> None:
    whole = settled(contest())
    assert len(whole.submissions) == SUBMISSIONS == 500
    done = [card for card in whole.scorecards if card.round != OPEN]
    assert len(done) == SUBMISSIONS * PANEL == 1500
    assert {card.status for card in done} == {ScorecardStatus.SUBMITTED}
    assert len({(card.judge, card.submission) for card in done}) == 1500
    assert [len(each.criteria.criteria) for each in whole.edition.rounds] == [6, 6]
    assert {each.judge for each in whole.assignments if each.round == OPEN} == {"GK01"}
    loads = [sum(card.judge == judge.code for card in done) for judge in whole.judges]
    assert (len(loads), min(loads), max(loads)) == (JUDGES, 50, 50)
    assert FINALISTS >= web.CONNECTIONS


def test_the_contest_is_the_same_every_time() -> None:
    assert contest() == contest()


# Verdict

SERVER = Server(pid=-1, port=0, seconds=0.0)


@pytest.mark.parametrize(
    ("stored", "problems"),
    [
        ({"/a": (2, {"C1": 3}), "/b": (1, {"C1": 0})}, 0),
        ({"/a": (2, {"C1": 3})}, 1),
        ({"/a": (3, {"C1": 3}), "/b": (1, {"C1": 0})}, 1),
        ({"/a": (1, {"C1": 3}), "/b": (1, {"C1": 0})}, 1),
        ({"/a": (2, {"C1": 4}), "/b": (1, {"C1": 0})}, 1),
        ({"/a": (2, {"C1": 3}), "/b": (1, {"C1": 0}), "/c": (1, {})}, 1),
        ({}, 2),
    ],
)
def test_a_lost_doubled_or_changed_save_is_found(
    stored: dict[str, tuple[int, dict[str, int]]], problems: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "stored_papers", lambda _app: stored)
    lanes = [
        {"path": "/a", "version": 2, "marks": {"C1": 3}},
        {"path": "/b", "version": 1, "marks": {"C1": 0}},
    ]
    found = web._miscounted(None, Page("save", SERVER, lanes))  # type: ignore[arg-type]  # noqa: SLF001  the application is only handed on
    assert len(found) == problems


def test_a_share_compares_with_the_bare_rounds_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = {"hello": Page("visit", SERVER, []), "scoring": Page("visit", SERVER, [])}
    counts = iter([100, 30, 200, 10, 100])  # bare, page, bare, page, bare

    def loaded(plan: dict[str, object], seconds: float) -> dict[str, object]:
        times = [0.001] * next(counts)
        return {
            "seconds": seconds,
            "times": times,
            "wrong": [],
            "bytes": 7,
            "busy": 0.5,
            "sent": 9,
            "lanes": plan["lanes"],
        }

    monkeypatch.setattr(web, "_round_of_load", loaded)
    web._take_turns(pages, 2, 1.0)  # noqa: SLF001  the order of the turns is what is tested
    assert pages["scoring"].rates == [30, 10]
    assert pages["scoring"].shares == pytest.approx([0.2, 1 / 15])
    row = pages["scoring"].row("scoring")
    assert (row["req/s"], row["requests"], row["bytes"], row["wrong"]) == (20, 40, 7, 0)
    assert (row["p50 ms"], row["p95 ms"]) == (1, 1)


def test_a_server_that_cannot_start_is_an_error() -> None:
    with (
        pytest.raises(RuntimeError, match="did not start"),
        served("benchmarks._hello:no_such_app", "/", {}, free_port()),
    ):
        pass


def test_a_server_is_gone_after_its_block() -> None:
    port = free_port()
    with served("benchmarks._hello:app", "/", {}, port) as found:
        assert found.seconds > 0
        assert 0 < found.cpu_seconds() < 60
        with socket.create_connection(("127.0.0.1", port), 5) as link:
            link.sendall(Visit("/").request())
            reader = Reader()
            while (answer := reader.feed(link.recv(1 << 16))) is None:
                pass
            assert answer.content() == b"hello"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), 5)


# All of it


@pytest.mark.load
def test_the_whole_measurement_counts_right(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks", "web", "--seconds=0.5", "--rounds=2", f"--json={figures}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(figures.read_text(encoding="utf-8"))
    assert found["wrong"] == 0
    assert [row["page"] for row in found["rows"]] == ["hello", "scoring", "save", "ranking"]
    assert all(row["requests"] > 0 and row["wrong"] == 0 for row in found["rows"])


@pytest.mark.load
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes where Linux lists them")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_measurement_that_is_stopped_takes_its_servers_along(number: signal.Signals, tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "benchmarks", "web"]
    with subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.DEVNULL, start_new_session=True) as child:
        wait_until(lambda: len(family(child.pid)) >= 2)  # a server and its worker
        child.send_signal(number)
        assert child.wait(30) != 0
    wait_until(lambda: family(child.pid) == [])
    assert list(tmp_path.iterdir()) == []


def family(group: int) -> list[int]:
    """The running processes that a process leading its own group has started, and those they have."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, _parent, its_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except OSError:  # gone meanwhile
            continue
        if int(its_group) == group and state != "Z" and int(folder.name) != group:
            found.append(int(folder.name))
    return found


def wait_until(done: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not done():
        assert time.monotonic() < until
        time.sleep(0.1)
