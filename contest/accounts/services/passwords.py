"""A password is taken only when nobody would guess it."""

from __future__ import annotations

from contest.accounts.contest_names import contest_names
from contest.accounts.passwords import check_password
from contest.infra.hashing import hash_password
from contest.infra.leaked import is_leaked


def hash_chosen(password: str, *, own: tuple[str | None, ...]) -> str:
    """Return what the database keeps of a password that somebody chose; `own` is what others know of the person.

    Raises the codes of `passwords.check_password`.
    """
    check_password(password, own=[text for text in own if text], contest=contest_names(), leaked=is_leaked)
    return hash_password(password)
