"""OU-02: the one place that asks other sites goes nowhere but where the settings say."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from contest.infra import fetching
from contest.infra.fetching import Unreachable, Way, allowed, fetch_json, is_open

OWN = Way({"127.0.0.1"}, own_network=True)
PRIVATE = [
    *("127.0.0.1", "127.8.8.8", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("224.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1%eth0", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
    *("64:ff9b:1::1", "2001:db8::1", "2002:7f00:1::1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "::ffff:169.254.169.254"),
]
PUBLIC = ["8.8.8.8", "142.250.204.46", "2404:6800:4005:80b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_open(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "142.250.204.46", "2404:6800:4005:80b::200e", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_open(address: str) -> None:
    assert is_open(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://id.example.vn/",
        "https://evil.example/",
        "https://id.example.vn.evil.example/",
        "https://id.example.vn@evil.example/",
        "https://user@id.example.vn/",
        "ftp://id.example.vn/",
        "file:///etc/passwd",
        "//id.example.vn/",
        "",
    ],
)
def test_only_the_hosts_of_the_settings_are_asked_over_tls(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", pytest.fail)
    assert not allowed(url, Way({"id.example.vn"}))
    with pytest.raises(Unreachable):
        fetch_json(url, Way({"id.example.vn"}))


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1"])
def test_a_name_that_leads_into_the_own_network_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("8.8.8.8", address)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_values: found)
    monkeypatch.setattr(socket, "create_connection", pytest.fail)
    with pytest.raises(Unreachable, match="private network"):
        fetch_json("https://id.example.vn/", Way({"id.example.vn"}))


def test_the_name_is_resolved_once_and_the_connection_goes_there(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved, reached = [], []

    def resolve(host: str, *_rest: object, **_values: object) -> list[object]:
        resolved.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))]

    def connect(address: tuple[str, int], _seconds: float) -> socket.socket:
        reached.append(address)
        raise OSError("far enough")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable):
        fetch_json("https://id.example.vn/", Way({"id.example.vn"}))
    assert (resolved, reached) == (["id.example.vn"], [("8.8.8.8", 443)])


@contextmanager
def speaking(*pieces: bytes, hold: bool = False) -> Iterator[str]:
    """Answer one request on the loopback with the given bytes; `hold` keeps the line open afterwards."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def speak() -> None:
            line, _where = door.accept()
            with line:
                line.recv(65_536)
                for piece in pieces:
                    line.sendall(piece)
                if hold:
                    done.wait(10)

        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}/"
        done.set()
        thread.join()


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"


def test_an_object_comes_back() -> None:
    with speaking(OK, b'{"issuer": "x"}') as url:
        assert fetch_json(url, OWN) == {"issuer": "x"}


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        OK + b"[1, 2]",
        OK + b"<html>",
        OK + b"\xff\xfe",
        b"nonsense\r\n\r\n",
        b"",
    ],
)
def test_anything_else_is_no_answer(answer: bytes) -> None:
    with speaking(answer) as url, pytest.raises(Unreachable):
        fetch_json(url, OWN)


def test_an_answer_ends_at_its_size_and_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with speaking(OK, b'{"a": "', b"x" * fetching.MOST_BYTES) as url, pytest.raises(Unreachable, match="too long"):
        fetch_json(url, OWN)
    monkeypatch.setattr(fetching, "SECONDS", 0.05)
    with speaking(OK, b'{"a": ', hold=True) as url, pytest.raises(Unreachable):
        fetch_json(url, OWN)
