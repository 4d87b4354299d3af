"""The judges of `bench judging`: each saves again and again, at a pace or as fast as the answers come.

Run as a process of its own (`python -m benchmarks._paced`): a plan as JSON comes in, the ledger as JSON goes out.
"""

from __future__ import annotations

import asyncio
import json
import random
import secrets
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks._http import Answer, Reader

PATIENCE = 20.0
TWICE = 10
"""Every so many saves the same one is sent again, as after a lost answer."""
CRITERIA = 8


@dataclass
class Judge:
    """One connection with what it has been told: the keys that were answered as saved, in order, and the last marks."""

    path: str
    cookie: str
    token: str
    rubric_version: int
    version: int = 0
    keys: list[str] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    async def work(self, port: int, until: float, every: float) -> None:
        """Save until the time is over; `every` 0 means without a pause."""
        if every:
            await asyncio.sleep(random.random() * every)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.monotonic() < until:
            began = time.monotonic()
            body = self.entry()
            await self.send(reader, writer, body)
            if self.keys and len(self.keys) % TWICE == 0 and self.path != "/":
                await self.send(reader, writer, body, again=True)
            if every:
                await asyncio.sleep(max(0.0, every - (time.monotonic() - began)))
        writer.close()

    def entry(self) -> dict[str, Any]:
        """Return the next save: one other mark, a new key."""
        turn = f"C{self.version % CRITERIA + 1}"
        marks = {**self.marks, turn: f"{secrets.randbelow(21) / 2:g}"}
        return {
            "version": self.version,
            "rubric_version": self.rubric_version,
            "key": secrets.token_hex(16),
            "marks": marks,
            "feedback": f"Nhận xét thứ {self.version}",
            "private_note": "",
        }

    async def send(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, entry: dict[str, Any], *, again: bool = False
    ) -> None:
        """Send one save and note what was answered."""
        body = json.dumps(entry).encode()
        head = [
            f"POST {self.path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Content-Type: application/json",
            f"X-CSRFToken: {self.token}",
            f"Cookie: {self.cookie}",
            f"Content-Length: {len(body)}",
        ]
        began = time.perf_counter()
        writer.write(("\r\n".join(head) + "\r\n\r\n").encode() + body)
        try:
            answer = await asyncio.wait_for(_heard(reader), PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            self.wrong.append(f"{self.path}: {type(error).__name__} {error}")
            raise
        self.times.append(time.perf_counter() - began)
        self.note(answer, entry, again=again)

    def note(self, answer: Answer, entry: dict[str, Any], *, again: bool) -> None:
        """Write into the ledger what the server called saved."""
        if answer.status != 200:  # noqa: PLR2004  the only right answer
            self.wrong.append(f"{self.path} answered {answer.status}: {answer.content()[:120]!r}")
            return
        said = json.loads(answer.content())
        if self.path == "/" or again:
            if again and said["version"] != self.version:
                self.wrong.append(f"{self.path}: the same save again became version {said['version']}")
            return
        self.version = said["version"]
        self.keys.append(entry["key"])
        self.marks = said["marks"]
        if said["marks"] != {code: mark for code, mark in entry["marks"].items() if mark}:
            self.wrong.append(f"{self.path}: other marks came back")


async def _heard(reader: asyncio.StreamReader) -> Answer:
    parser = Reader()
    while True:
        answer = parser.feed(await reader.read(1 << 16))
        if answer is not None:
            return answer


async def _run(plan: dict[str, Any]) -> dict[str, Any]:
    judges = [Judge(**one) for one in plan["judges"]]
    began = time.monotonic()
    work = [judge.work(plan["port"], began + plan["seconds"], plan["every"]) for judge in judges]
    await asyncio.gather(*work, return_exceptions=True)
    return {
        "seconds": time.monotonic() - began,
        "times": [one for judge in judges for one in judge.times],
        "wrong": [one for judge in judges for one in judge.wrong],
        "judges": [
            {
                "path": judge.path,
                "cookie": judge.cookie,
                "token": judge.token,
                "rubric_version": judge.rubric_version,
                "version": judge.version,
                "keys": judge.keys,
                "marks": judge.marks,
            }
            for judge in judges
        ],
    }


if __name__ == "__main__":
    json.dump(asyncio.run(_run(json.load(sys.stdin))), sys.stdout)
