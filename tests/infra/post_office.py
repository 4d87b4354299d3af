"""A real mail server on a free port, which keeps what it takes and can be told to refuse."""

from __future__ import annotations

from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from contest.infra.mail import SmtpServer

SENDER = "no-reply@bangvang.example"


class PostOffice:
    """The handler: `refusals` holds the answers for the next mails, then every mail is taken."""

    def __init__(self, *refusals: str) -> None:
        self.refusals = list(refusals)
        self.taken: list[EmailMessage] = []
        self.port = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        if self.refusals:
            return self.refusals.pop(0)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        return "250 taken"

    @property
    def server(self) -> SmtpServer:
        return SmtpServer.from_url(self.url, SENDER)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"


class FreePort(Controller):
    """A controller on whatever port the system gives."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd left this one without types


def _login(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (b"bang@vang", b"con/meo"))


@contextmanager
def post_office(*refusals: str, locked: bool = False) -> Iterator[PostOffice]:
    """Run the server; a locked one takes mail from `bang@vang` with the password `con/meo` only."""
    office = PostOffice(*refusals)
    wanted: dict[str, Any] = (
        {"auth_required": True, "auth_require_tls": False, "authenticator": _login} if locked else {}
    )
    controller = FreePort(office, hostname="127.0.0.1", port=0, **wanted)
    controller.start()
    office.port = controller.port
    try:
        yield office
    finally:
        controller.stop()
