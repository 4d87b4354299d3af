"""Short codes in addresses and files, made from names."""

from __future__ import annotations

import re
from collections.abc import Collection

from contest.errors import RuleBroken
from contest.letters import fold

LONGEST_EDITION = 60
LONGEST = 40
_OTHER = re.compile(r"[^a-z0-9]+")
_EDITION = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")
_ANY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def slug(text: str, longest: int = LONGEST) -> str:
    """Return `text` in a-z, 0-9 and single hyphens, cut at a hyphen where possible; may be empty."""
    bare = _OTHER.sub("-", fold(text)).strip("-")
    if len(bare) <= longest:
        return bare
    cut = bare[: longest + 1].rpartition("-")[0] or bare[:longest]
    return cut.strip("-")


def free_code(base: str, taken: Collection[str], longest: int = LONGEST) -> str:
    """Return `base`, or `base-2`, `base-3` … until it is not taken."""
    number, code = 1, base
    while code in taken:
        number += 1
        ending = f"-{number}"
        code = base[: longest - len(ending)].rstrip("-") + ending
    return code


def check_edition_code(code: str) -> str:
    """Return the code of an edition. Raises `RuleBroken` "edition_code_invalid"."""
    if len(code) > LONGEST_EDITION or not _EDITION.fullmatch(code):
        raise RuleBroken("edition_code_invalid", item=code[:LONGEST_EDITION])
    return code


def check_code(code: str) -> str:
    """Return the code of a track, field, part, round or criterion. Raises `RuleBroken` "code_invalid"."""
    if len(code) > LONGEST or not _ANY.fullmatch(code):
        raise RuleBroken("code_invalid", item=code[:LONGEST])
    return code


def next_year(text: str) -> str:
    """Return the name of next year's edition: the last year in the text grows by one, a name without one stays."""
    years = list(_YEAR.finditer(text))
    if not years:
        return text
    start, end = years[-1].span()
    return f"{text[:start]}{int(text[start:end]) + 1}{text[end:]}"
