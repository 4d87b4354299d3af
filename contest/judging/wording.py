"""How alike two sets of short texts are: TF-IDF over Vietnamese syllables and pairs of them, folded.

A Vietnamese word is mostly two syllables, so that a pair of neighbouring syllables counts in full and a syllable alone
half. Words that join others count nothing. Marks and case are folded away, so that hasty spelling finds its match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from contest.lazy import lazy
from contest.letters import fold

if TYPE_CHECKING:
    import numpy as np

    from contest.judging.plan import Floats, Ints
else:
    np = lazy("numpy")

LONGEST = 20_000  # characters read of one text
ALONE = 0.5  # what a syllable alone counts against a pair
SHOWN = 5
CELLS = 4_000_000  # of a dense block at a time
_WORD = re.compile(r"[^\W\d_]{2,}")
_JOINING_WORDS = """
và là của các cho với những nhưng như một này có không được trong khi đến từ về do để thì sẽ đã đang tại theo trên dưới
cũng rất hơn nhiều mọi mỗi hay hoặc nếu mà vì bởi nên bị ra vào nhau chỉ còn gì ai em tôi chúng
the and of to in for on with by at an is are be it its as or that this we our their from can will
"""
_ENGLISH_WORDS = "the and of for with by is are that this we our their from can will"
_JOINING, _ENGLISH = frozenset(_JOINING_WORDS.split()), frozenset(_ENGLISH_WORDS.split())


def terms(text: str) -> list[tuple[str, ...]]:
    """Return the terms of a text as they are compared, in its order: folded syllables and pairs of neighbours."""
    known = _Folding()
    ids = known.ids(text)
    words = known.words()
    single = [(words[one],) for one in ids if one >= 0]
    return single + [(words[a], words[b]) for a, b in pairwise(ids) if a >= 0 <= b]


def _plain(word: str) -> str:
    """Return a word folded, "" for one that only joins others; `trong` joins, `trồng` is a word."""
    return "" if word in _JOINING else fold(word)


class _Folding:
    """Numbers for folded words, each spelling folded once; -1 for a word that only joins others."""

    def __init__(self) -> None:
        self._spelled: dict[str, int] = {}
        self._folded: dict[str, int] = {}

    def ids(self, text: str) -> list[int]:
        spelled = self._spelled
        found = _WORD.findall(unicodedata.normalize("NFC", text[:LONGEST]).lower())
        return [spelled[word] if word in spelled else self._learn(word) for word in found]

    def _learn(self, word: str) -> int:
        plain = _plain(word)
        number = self._folded.setdefault(plain, len(self._folded)) if plain else -1
        self._spelled[word] = number
        return number

    def words(self) -> list[str]:
        return list(self._folded)


def likeness(texts: Sequence[str], others: Sequence[str]) -> Floats:
    """Return the square root of the cosine of each text with each other one, 0 to 1, as a matrix texts x others.

    The square root because a good match of a short profile with a summary has a cosine of .1 to .3. A text without
    words is like nothing.
    """
    folding = _Folding()
    document, term, count = _counted([folding.ids(text) for text in (*texts, *others)], folding)
    if not len(term):
        return np.zeros((len(texts), len(others)), dtype=np.float32)
    documents = len(texts) + len(others)
    seen = np.bincount(term)
    weight = (1 + np.log(count)) * np.log((1 + documents) / seen)[term]
    weight *= np.where(term < len(folding.words()), ALONE, 1.0)
    length = np.sqrt(np.bincount(document, weight**2, minlength=documents))
    weight /= np.maximum(length[document], 1e-12)
    return np.sqrt(np.clip(_products(document, term, weight, len(texts), len(others)), 0.0, 1.0))


def _counted(documents: list[list[int]], folding: _Folding) -> tuple[Ints, Ints, Ints]:
    """Return (document, term, times), once each; pairs of words get the numbers above those of single words."""
    words = len(folding.words())
    sizes = np.array([len(one) for one in documents], dtype=np.int64)
    ids = np.fromiter((one for found in documents for one in found), dtype=np.int64, count=int(sizes.sum()))
    owner = np.repeat(np.arange(len(documents)), sizes)
    near = (owner[1:] == owner[:-1]) & (ids[1:] >= 0) & (ids[:-1] >= 0)
    pairs, numbers = np.unique(ids[:-1][near] * words + ids[1:][near], return_inverse=True)
    terms_ = np.concatenate([ids[ids >= 0], words + numbers])
    owners = np.concatenate([owner[ids >= 0], owner[1:][near]])
    total = words + len(pairs)
    codes, count = np.unique(owners * max(1, total) + terms_, return_counts=True)
    document, term = np.divmod(codes, max(1, total))
    return document, term, count


def _products(document: Ints, term: Ints, weight: Floats, texts: int, others: int) -> Floats:
    """Multiply the rows of the texts with those of the others, over the terms that both have, block by block."""
    first = document < texts
    shared = np.intersect1d(term[first], term[~first])
    place = np.minimum(np.searchsorted(shared, term), max(0, len(shared) - 1))
    useful = shared[place] == term if len(shared) else np.zeros(len(term), dtype=bool)
    right = np.zeros((len(shared), others), dtype=np.float32)
    side = useful & ~first
    right[place[side], document[side] - texts] = weight[side]
    found = np.zeros((texts, others), dtype=np.float32)
    side = np.flatnonzero(useful & first)
    block = max(1, CELLS // max(1, len(shared)))
    ends = np.searchsorted(document[side], np.arange(0, texts + block, block))
    for number, start in enumerate(range(0, texts, block)):
        inside = side[ends[number] : ends[number + 1]]
        left = np.zeros((min(block, texts - start), len(shared)), dtype=np.float32)
        left[document[inside] - start, place[inside]] = weight[inside]
        found[start : start + block] = left @ right
    return found


def shared_words(text: str, other: str) -> tuple[str, ...]:
    """Return at most `SHOWN` things that both texts speak of, as the first spells them, pairs of syllables first."""
    spelled = _WORD.findall(unicodedata.normalize("NFC", text[:LONGEST]).lower())
    theirs = set(terms(other))
    plain = [_plain(word) for word in spelled]
    found: dict[tuple[str, ...], str] = {}
    for a, b, one, two in zip(plain, plain[1:], spelled, spelled[1:], strict=False):
        if (a, b) in theirs:
            found.setdefault((a, b), f"{one} {two}")
    inside = {word for pair in found for word in pair}
    for a, one in zip(plain, spelled, strict=True):
        if (a,) in theirs and a not in inside:
            found.setdefault((a,), one)
    return tuple(found.values())[:SHOWN]


_LETTERS_OF_VIETNAMESE = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]")
_FEWEST_LETTERS = 30
_VIETNAMESE = 0.1  # in Vietnamese prose about every fourth letter carries a mark; in English next to none


def language_of(text: str) -> str:
    """Return "vi" or "en", the language that a text is written in; "" when there is too little of it to tell."""
    words = _WORD.findall(unicodedata.normalize("NFC", text[:LONGEST]).lower())
    letters = sum(map(len, words))
    if letters < _FEWEST_LETTERS:
        return ""
    marked = sum(len(_LETTERS_OF_VIETNAMESE.findall(word)) for word in words)
    return "vi" if marked >= _VIETNAMESE * letters else _unmarked(words)


def _unmarked(words: Sequence[str]) -> str:
    """Tell English from Vietnamese typed without marks, by the little words of English."""
    return "en" if sum(word in _ENGLISH for word in words) * 20 >= len(words) else ""
