"""What of a certificate is told once somebody took back to be named: the entry's code instead of the name. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from contest.letters import fold


def names_one(content: Mapping[str, Any], names: Sequence[str]) -> bool:
    """Tell whether a certificate says one of the names, as its own or inside of what stands on it."""
    return any(_says(words, name) for words in _words(content) for name in names)


def veiled(content: Mapping[str, Any], names: Sequence[str], alias: str) -> dict[str, Any]:
    """Return the content with `alias` in the place of each of the names; everything else stays as it was issued."""

    def told(words: str) -> str:
        for name in names:
            words = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", lambda _found: alias, words, flags=re.IGNORECASE)
            if _says(words, name):  # in another spelling: nothing of the line is left
                return alias
        return words

    said = {
        language: {**one, "lines": [told(line) for line in one["lines"]]} for language, one in content["said"].items()
    }
    return {**content, **{key: told(content[key]) for key in ("name", "team", "title")}, "said": said}


def _words(content: Mapping[str, Any]) -> list[str]:
    lines = [line for one in content["said"].values() for line in one["lines"]]
    return [content["name"], content["team"], content["title"], *lines]


def _says(words: str, name: str) -> bool:
    return bool(name) and f" {_plain(name)} " in f" {_plain(words)} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))
