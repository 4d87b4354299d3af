"""A small scanner that speaks clamd's INSTREAM and knows one sign."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

# The harmless text that every scanner takes for a virus, in two pieces so that no scanner stops at this file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + rb"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
NAME = "Eicar-Test-Signature"


def _exactly(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = line.recv(size - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def _serve(line: socket.socket, answer: bytes | None) -> None:
    if _exactly(line, 10) != b"zINSTREAM\0":
        line.sendall(b"UNKNOWN COMMAND\0")
        return
    sent = b""
    while size := struct.unpack(">I", _exactly(line, 4))[0]:
        sent += _exactly(line, size)
    found = f"stream: {NAME} FOUND\0" if EICAR in sent else "stream: OK\0"
    line.sendall(found.encode() if answer is None else answer)


def _listen(door: socket.socket, answer: bytes | None) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        with line:
            try:
                _serve(line, answer)
            except OSError:
                continue


@contextmanager
def scanner(folder: Path, answer: bytes | None = None, *, tcp: bool = False) -> Iterator[str]:
    """Run a scanner and give its address; `answer` is what it says whatever comes."""
    if tcp:
        door = socket.create_server(("127.0.0.1", 0))
        address = f"127.0.0.1:{door.getsockname()[1]}"
    else:
        path = folder / "clamd.ctl"
        path.unlink(missing_ok=True)
        door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        door.bind(str(path))
        door.listen()
        address = f"unix:{path}"
    thread = Thread(target=_listen, args=(door, answer), daemon=True)
    thread.start()
    try:
        yield address
    finally:
        # Closing alone does not wake a thread that waits for the next visitor.
        door.shutdown(socket.SHUT_RDWR)
        door.close()
        thread.join(5)
