"""Texts of the database in the one form in which a bundle writes them, so that a bundle reads back as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from contest.editions.rules import LocalText
from contest.errors import RuleBroken
from contest.exchange.bundle.rows import is_email
from contest.exchange.cleaning import clean_block, clean_phone, clean_text
from contest.letters import fold


def local_line(vi: str, en: str) -> LocalText:
    """Return a wording of one line."""
    return LocalText(clean_text(vi), clean_text(en))


def local_block(vi: str, en: str) -> LocalText:
    """Return a longer wording."""
    return LocalText(clean_block(vi), clean_block(en))


def listed(values: Iterable[str]) -> tuple[str, ...]:
    """Return the values of a list that a bundle separates by semicolons; a semicolon inside becomes a comma."""
    return tuple(filter(None, (clean_text(value.replace(";", ",")) for value in values)))


def email(text: str) -> str:
    """Return an address that a bundle takes, "" for anything else."""
    clean = clean_text(text)
    return clean if is_email(clean) else ""


def phone(text: str) -> str:
    """Return the number as E.164, "" for what is no telephone number."""
    try:
        return clean_phone(text) if text else ""
    except RuleBroken:
        return ""


def field_codes(names: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the codes of the named fields, each once; a judge's field that the edition has not is left out.

    `known` maps folded codes and names to codes.
    """
    return tuple(dict.fromkeys(known[fold(name)] for name in names if fold(name) in known))
