"""The Merkle tree of RFC 9162 over a list of entries: one root says them all, a short proof shows one of them.

A leaf is hashed as `SHA-256(0x00 + entry)`, a node as `SHA-256(0x01 + left + right)`; the tree over n entries is split
at the largest power of two below n. Another proof shows that an older tree only grew. Everything is bytes in, bytes
out; trees are given as their leaf hashes in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

LEAF, NODE = b"\x00", b"\x01"
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without entries."""


def leaf(entry: bytes) -> bytes:
    """Return the hash of one entry."""
    return hashlib.sha256(LEAF + entry).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Return the hash over two hashes."""
    return hashlib.sha256(NODE + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the leaf hashes, 32 bytes."""
    level = list(leaves)
    while len(level) > 1:  # pairs from the left; the odd one goes up as it is, which is the split of the standard
        pairs = [node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) & ~1 :]
    return level[0] if level else EMPTY


def inclusion(leaves: Sequence[bytes], place: int) -> list[bytes]:
    """Return the proof that the entry at `place` (from 0) is in the tree: the hashes beside its way up."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if place < split:
        return [*inclusion(leaves[:split], place), root(leaves[split:])]
    return [*inclusion(leaves[split:], place - split), root(leaves[:split])]


def includes(entry: bytes, place: int, size: int, proof: Sequence[bytes], top: bytes) -> bool:
    """Tell whether the leaf hash `entry` stands at `place` of the tree of `size` entries with the root `top`."""
    if not 0 <= place < size:
        return False
    sides = _way(place, size - 1, len(proof))
    found = entry
    for left, beside in zip(sides or (), proof, strict=False):
        found = node(beside, found) if left else node(found, beside)
    return sides is not None and found == top


def _way(at: int, last: int, length: int) -> list[bool] | None:
    """Return for each hash of a proof whether it stands left of the way up from `at`; None for a wrong length."""
    sides = []
    for _ in range(length):
        if last == 0:
            return None
        left = at % 2 == 1 or at == last
        while left and at % 2 == 0 and at:
            at, last = at >> 1, last >> 1
        sides.append(left)
        at, last = at >> 1, last >> 1
    return sides if last == 0 else None


def consistency(leaves: Sequence[bytes], before: int) -> list[bytes]:
    """Return the proof that the tree of the first `before` entries (at least one) only grew into this one."""
    if not 0 < before <= len(leaves):
        raise IndexError(before)
    return list(_grown(leaves, before, whole=True))


def _grown(leaves: Sequence[bytes], before: int, *, whole: bool) -> Iterator[bytes]:
    if before == len(leaves):
        if not whole:  # the verifier knows the whole old root, and no other
            yield root(leaves)
        return
    split = _split(len(leaves))
    if before <= split:
        yield from _grown(leaves[:split], before, whole=whole)
        yield root(leaves[split:])
    else:
        yield from _grown(leaves[split:], before - split, whole=False)
        yield root(leaves[:split])


def grew(before: int, old: bytes, size: int, top: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether the tree of `size` entries with the root `top` begins with the one of `before` entries and `old`."""
    if not 0 < before <= size:
        return False
    if before == size:
        return not proof and old == top
    path = [old, *proof] if before & (before - 1) == 0 else list(proof)
    shift = (before & -before).bit_length() - 1  # the old tree ends in a whole subtree of that height
    sides = _way((before - 1) >> shift, (size - 1) >> shift, len(path) - 1)
    if sides is None:
        return False
    first = second = path[0]
    for left, beside in zip(sides, path[1:], strict=True):
        if left:
            first = node(beside, first)
        second = node(beside, second) if left else node(second, beside)
    return first == old and second == top


def _split(size: int) -> int:
    """Return the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
