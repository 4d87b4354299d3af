"""The load: connections that are kept alive and each send the next request when the answer is there.

Run as a process of its own (`python -m benchmarks._load`): a plan as JSON comes in, the figures as JSON go out. It uses
nothing but sockets, and one thread, so that the servers have the processors.
"""

from __future__ import annotations

import json
import secrets
import selectors
import socket
import sys
import time
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks._http import Answer, Reader

PATIENCE = 15.0  # seconds without any answer after which a server counts as dead
WARM_UP = 0.4  # seconds that are sent and checked, but not counted
MOST_POINTS = 20


@dataclass
class Visit:
    """One connection that asks for the same page again and again, and what a right answer is."""

    path: str
    status: int = 200
    contains: str = ""
    cookie: str = ""
    gzip: bool = True

    def request(self) -> bytes:
        """Return the next request."""
        return self.head("GET")

    def head(self, method: str, *more: str) -> bytes:
        """Return the request line and the headers."""
        lines = [f"{method} {self.path} HTTP/1.1", "Host: 127.0.0.1", "User-Agent: benchmark", *more]
        lines += ["Accept-Encoding: gzip"] * self.gzip + [f"Cookie: {self.cookie}"] * bool(self.cookie)
        return ("\r\n".join(lines) + "\r\n\r\n").encode()

    def fits(self, answer: Answer) -> bool:
        """Tell whether the answer is the right one."""
        return answer.status == self.status and self.contains.encode() in answer.content()


@dataclass
class Saving(Visit):
    """One connection that saves a scorecard again and again: every time one other mark, the next version, a new key."""

    form: dict[str, str] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)
    version: int = 0

    def request(self) -> bytes:
        """Return the next save."""
        codes = sorted(self.marks)
        turn = codes[self.version % len(codes)]
        self.marks[turn] = (self.marks[turn] + 1) % (MOST_POINTS + 1)
        texts = {f"mark-{code}": f"{points / 2:g}".replace(".", ",") for code, points in self.marks.items()}
        values = {**self.form, **texts, "version": str(self.version), "key": secrets.token_hex(16)}
        body = urlencode({**values, "feedback": f"Nhận xét thứ {self.version}", "action": "draft"}).encode()
        form = "Content-Type: application/x-www-form-urlencoded"
        return self.head("POST", form, f"Content-Length: {len(body)}") + body

    def fits(self, answer: Answer) -> bool:
        """Tell whether it was saved."""
        saved = super().fits(answer)
        self.version += saved
        return saved


@dataclass
class Lane:
    """A connection at work."""

    visit: Visit
    address: tuple[str, int]
    reader: Reader = field(default_factory=Reader)
    sent_at: float = 0.0
    link: socket.socket | None = None

    def send(self) -> socket.socket:
        """Send the next request over the kept connection, or over a new one."""
        if self.link is None:
            self.link = socket.create_connection(self.address, timeout=PATIENCE)
            self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.reader = Reader()
        request = self.visit.request()
        self.sent_at = time.perf_counter()
        self.link.sendall(request)
        return self.link

    def close(self) -> None:
        """Hang up."""
        if self.link is not None:
            self.link.close()
            self.link = None


class Run:
    """One round of load and its figures."""

    def __init__(self, lanes: list[Lane], seconds: float) -> None:
        self.lanes = lanes
        self.seconds = seconds
        self.times: list[float] = []
        self.wrong: list[str] = []
        self.size = self.sent = 0
        self.selector = selectors.DefaultSelector()

    def go(self) -> dict[str, Any]:
        """Send for `seconds` and wait for what is under way; a lane with a wrong answer stops."""
        began = time.perf_counter() + WARM_UP
        until, work = began + self.seconds, time.process_time()
        for lane in self.lanes:
            self._send(lane)
        while self.selector.get_map():
            ready = self.selector.select(PATIENCE)
            if not ready:
                self.wrong.append("no answer")
                break
            for key, _ in ready:
                self._hear(key.data, began, until)
        for lane in self.lanes:
            lane.close()
        return {
            "seconds": self.seconds,
            "times": self.times,
            "wrong": self.wrong,
            "bytes": self.size,
            "sent": self.sent,
            "busy": (time.process_time() - work) / (time.perf_counter() - began + WARM_UP),
            "lanes": [asdict(lane.visit) for lane in self.lanes],
        }

    def _send(self, lane: Lane) -> None:
        self.sent += 1
        try:
            self.selector.register(lane.send(), selectors.EVENT_READ, lane)
        except OSError as error:
            self._stop(lane, f"{type(error).__name__} while sending")

    def _hear(self, lane: Lane, began: float, until: float) -> None:
        assert lane.link is not None  # noqa: S101 - a lane is heard only while it is connected
        try:
            answer = lane.reader.feed(lane.link.recv(1 << 18))
        except (OSError, ValueError) as error:
            self._stop(lane, f"{type(error).__name__}: {error}")
            return
        if answer is None:
            return
        now = time.perf_counter()
        if not lane.visit.fits(answer):
            self._stop(lane, f"{lane.visit.path} answered {answer.status}")
            return
        self.size = answer.size
        if began <= now <= until:
            self.times.append(now - lane.sent_at)
        self.selector.unregister(lane.link)
        if not answer.keeps:
            lane.close()
        if now < until:
            self._send(lane)

    def _stop(self, lane: Lane, reason: str) -> None:
        self.wrong.append(reason)
        if lane.link is not None and lane.link in self.selector.get_map():
            self.selector.unregister(lane.link)
        lane.close()


def main() -> None:
    """Read the plan, run it, write the figures."""
    plan = json.load(sys.stdin)
    address = ("127.0.0.1", int(plan["port"]))
    make = Saving if plan["kind"] == "save" else Visit
    run = Run([Lane(make(**one), address) for one in plan["lanes"]], plan["seconds"])
    json.dump(run.go(), sys.stdout)


if __name__ == "__main__":
    main()
