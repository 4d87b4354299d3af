"""The cable between a browser and the server, to be cut: a relay for TCP connections."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from enum import StrEnum

RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closing answers with a reset
CHUNK = 1 << 16


class Cable(StrEnum):
    """Whole; cut (every connection is reset); dumb (no answer comes back); dead (nothing comes through, silently)."""

    WHOLE = "whole"
    CUT = "cut"
    DUMB = "dumb"
    DEAD = "dead"


class Proxy:
    """Listens on a port of its own and relays to `target` as long as the cable is whole."""

    def __init__(self, target: int, port: int = 0) -> None:
        self.target = target
        self.state = Cable.WHOLE
        self.swallowed = 0
        self._pairs: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def set(self, state: Cable) -> None:
        """Change the cable; a change ends the connections that are open."""
        with self._lock:
            self.state = state
            open_ends, self._pairs = self._pairs, set()
        if state is not Cable.DUMB:
            for end in open_ends:
                _reset(end)

    def close(self) -> None:
        """Stop listening."""
        self.set(Cable.CUT)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.state is Cable.CUT:
                _reset(client)
            else:
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=5)
            server.settimeout(None)
        except OSError:
            _reset(client)
            return
        with self._lock:
            self._pairs |= {client, server}
        threading.Thread(target=self._relay, args=(client, server), kwargs={"answers": False}, daemon=True).start()
        self._relay(server, client, answers=True)

    def _relay(self, source: socket.socket, sink: socket.socket, *, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(CHUNK):
                if self.state is Cable.DEAD:
                    continue
                if answers and self.state is Cable.DUMB:
                    self.swallowed += 1
                    break
                sink.sendall(data)
        for end in (source, sink):
            _reset(end)
        with self._lock:
            self._pairs -= {source, sink}


def _reset(end: socket.socket) -> None:
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        end.close()
