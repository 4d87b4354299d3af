"""Mails that tell a person what became of their second factors."""

from __future__ import annotations

from datetime import datetime

from contest.accounts.queries import user_by_id
from contest.web.mailing import write_to


def tell(user_id: int, what: str, now: datetime) -> None:
    """Write the mail about `what` (see `templates/mail/accounts/second_factor.txt`), in the running unit of work."""
    user = user_by_id(user_id)
    if user is not None:
        write_to(user, "accounts/second_factor", scope="accounts", now=now, name=user.name, what=what, at=now)
