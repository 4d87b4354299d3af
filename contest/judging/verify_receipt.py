"""Check the receipts that a judge kept, without the software that gave them.

    python verify_receipt.py RECEIPTS [--language en] [--head FILE.json] [--code CODE] [--key KEY] [--results FILE.zip]

Kiểm tra biên nhận phiếu chấm mà không cần phần mềm đã cấp. Needs Python 3.11 or newer and nothing else: no network, no
installed package, no line of the application. RECEIPTS is a .zip, a folder or a single .json. For each receipt it
computes the fingerprint of the marks, the digest of the entry of the audit trail that names it, the way from that entry
to the root of the hash tree (RFC 9162), and the signature of the head that names this root (Ed25519, RFC 8032). What
was noted elsewhere is compared: a head that an observer kept, the code in the minutes, the key, published results.

Exit status: 0 all holds, 1 something does not, 2 cannot be read, 3 nothing is wrong but a receipt has no signed head
yet: it was handed in after the last one, and is to be downloaded again later.
"""

from __future__ import annotations

import argparse
import base64
import csv
import hashlib
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

FORMAT = "bang-vang-receipt/1"
SHORT = 20
KEY_BYTES = 32
LARGEST = 64 * 1024 * 1024  # bytes of one file
ENTRY, LEAF, NODE = b"\x01", b"\x00", b"\x01"

# == the signature (Ed25519, RFC 8032, section 5.1.7): whole numbers and no secret, so that slow and plain is enough ==

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def _added(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    found = ZERO
    while number:
        if number & 1:
            found = _added(found, point)
        point, number = _added(point, point), number >> 1
    return found


def _same(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def _point(data: bytes) -> Point | None:
    if len(data) != KEY_BYTES:
        return None
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE_Y = 4 * pow(5, -1, P) % P
BASE = _point(BASE_Y.to_bytes(KEY_BYTES, "little")) or ZERO


def signed(key: bytes, signature: bytes, text: bytes) -> bool:
    """Tell whether this is the Ed25519 signature of the text under the public key."""
    owner, start = _point(key), _point(signature[:KEY_BYTES])
    number = int.from_bytes(signature[KEY_BYTES:], "little")
    if owner is None or start is None or len(signature) != 2 * KEY_BYTES or number >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:KEY_BYTES] + key + text).digest(), "little") % ORDER
    return _same(_times(number, BASE), _added(start, _times(challenge, owner)))


# == fingerprints and the tree ==


def canonical(value: object) -> bytes:
    """Return the one spelling of a value: sorted keys, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def fingerprint(value: object) -> str:
    """Return the SHA-256 of the one spelling, as 64 hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def short(digest: str) -> str:
    """Return the first twenty digits in groups, as they are printed."""
    text = digest[:SHORT].upper()
    return "-".join(text[at : at + 4] for at in range(0, SHORT, 4))


def root_over(entry: bytes, place: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which the hashes lead from the entry at `place` (from 0); None for a path of wrong length."""
    if not 0 <= place < size:
        return None
    at, last, found = place, size - 1, hashlib.sha256(LEAF + entry).digest()
    for beside in path:
        if last == 0:
            return None
        if at % 2 or at == last:
            found = hashlib.sha256(NODE + beside + found).digest()
            while at and not at % 2:
                at, last = at >> 1, last >> 1
        else:
            found = hashlib.sha256(NODE + found + beside).digest()
        at, last = at >> 1, last >> 1
    return found if last == 0 else None


# == one receipt ==


class Unreadable(Exception):
    """Something cannot be read: a key of WORDS and its facts."""

    def __init__(self, key: str, /, **facts: object) -> None:
        super().__init__(key)
        self.key, self.facts = key, facts


@dataclass(frozen=True)
class Noted:
    """What was kept elsewhere, to be compared; empty where nothing was."""

    head: Mapping[str, Any] | None = None
    code: str = ""
    key: str = ""
    marks: Mapping[tuple[str, str, str], Mapping[str, str]] | None = None  # (round, judge, submission) -> marks


Found = tuple[str, Mapping[str, object]]  # a key of WORDS and its facts


def flaws(receipt: Mapping[str, Any], noted: Noted) -> Iterator[Found]:
    """Yield what does not hold in a receipt; "no_head" when it is not yet under a signed head.

    Raises `KeyError`, `TypeError`, `ValueError` or `IndexError` when it has another shape.
    """
    event, entry = receipt["event"], receipt["entry"]
    digest = fingerprint(event)
    if short(digest) != receipt["receipt"]:
        yield "marks_changed", {"code": receipt["receipt"], "found": short(digest)}
    yield from _against_results(receipt, noted)
    if entry is None:
        yield "no_entry", {}
        return
    scope, seq, facts = entry["said"][0], entry["said"][1], entry["said"][6]
    if facts["fingerprint"] != digest:
        yield "entry_of_another", {"seq": seq}
    if receipt["head"] is None:
        yield "no_head", {"seq": seq}
        return
    below = hashlib.sha256(ENTRY + bytes.fromhex(entry["previous"]) + canonical(entry["said"])).digest()
    yield from _under_head(receipt["proof"], receipt["head"], scope, seq, below)
    yield from _head_flaws(receipt["head"], noted)


def _under_head(
    proof: Mapping[str, Any], head: Mapping[str, Any], scope: str, seq: int, below: bytes
) -> Iterator[Found]:
    size, root = head["ends"][scope][0], head["ends"][scope][2]
    if root_over(below, seq - 1, size, [bytes.fromhex(one) for one in proof["path"]]) != bytes.fromhex(root):
        yield "not_under_head", {"seq": seq, "code": head_code(head)}


def _head_flaws(head: Mapping[str, Any], noted: Noted) -> Iterator[Found]:
    code = head_code(head)
    key, signature = (base64.b64decode(head[name], validate=True) for name in ("key", "signature"))
    if not signed(key, signature, canonical([head["at"], head["ends"]])):
        yield "bad_signature", {"code": code}
    if noted.key and noted.key != head["key"]:
        yield "other_key", {"found": head["key"], "wanted": noted.key}
    if noted.code and _plain(noted.code) != _plain(code):
        yield "other_code", {"found": code, "wanted": noted.code}
    if noted.head is not None and [noted.head["at"], noted.head["ends"]] != [head["at"], head["ends"]]:
        yield "other_head", {"found": code, "wanted": head_code(noted.head)}


def head_code(head: Mapping[str, Any]) -> str:
    """Return the code of a head as it is printed and mailed."""
    return short(fingerprint([head["at"], head["ends"]]))


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _against_results(receipt: Mapping[str, Any], noted: Noted) -> Iterator[Found]:
    if noted.marks is None or receipt["entry"] is None:
        return
    facts = receipt["entry"]["said"][6]
    where = (facts["round"].lower(), receipt["judge"].lower(), facts["submission"].lower())
    published = noted.marks.get(where)
    if published is None:
        yield "not_in_results", {"round": facts["round"], "judge": receipt["judge"]}
        return
    kept = {code.lower(): mark for code, mark in receipt["event"]["marks"].items()}
    for code in sorted(kept.keys() | published.keys()):
        mine, theirs = kept.get(code, ""), published.get(code, "")
        if _number(mine) != _number(theirs):
            yield "mark_differs", {"criterion": code.upper(), "mine": mine or "–", "theirs": theirs or "–"}


def _number(text: str) -> Decimal | None:
    return Decimal(text.replace(",", ".")) if text else None


# == files ==


def receipts_in(path: Path) -> dict[str, Mapping[str, Any]]:
    """Return the receipts of a .zip, a folder or a single file by name. Raises `Unreadable`."""
    found = {name: _json(name, data) for name, data in _files(path).items()}
    receipts: dict[str, Mapping[str, Any]] = {
        name: one for name, one in found.items() if isinstance(one, dict) and one.get("format") == FORMAT
    }
    if not receipts:
        raise Unreadable("no_receipt", file=path)
    return receipts


def _files(path: Path) -> dict[str, bytes]:
    try:
        if path.is_dir():
            return {one.name: _read(one) for one in sorted(path.glob("*.json"))}
        if path.suffix.lower() == ".json":
            return {path.name: _read(path)}
        return {name: data for name, data in _unpacked(path).items() if name.endswith(".json")}
    except OSError as error:
        raise Unreadable("no_file", file=path, why=error.strerror or error) from error


def _unpacked(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            for one in archive.infolist():
                _demand_small(path, one.file_size)
            return {one.filename: archive.read(one) for one in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise Unreadable("no_file", file=path, why=error) from error


def _read(path: Path) -> bytes:
    _demand_small(path, path.stat().st_size)
    return path.read_bytes()


def _demand_small(path: Path, size: int) -> None:
    if size > LARGEST:
        raise Unreadable("no_file", file=path, why="> 64 MiB")


def _json(name: str, data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise Unreadable("no_file", file=name, why=error) from error


def published_marks(path: Path) -> dict[tuple[str, str, str], dict[str, str]]:
    """Return the marks of a results bundle by round, judge and submission, codes in small letters."""
    try:
        files = _unpacked(path)
        rows = csv.DictReader(io.StringIO(files["scores.csv"].decode("utf-8-sig")))
        found: dict[tuple[str, str, str], dict[str, str]] = {}
        for row in rows:
            where = (row["round"].lower(), row["judge"].lower(), row["submission"].lower())
            found.setdefault(where, {})[row["criterion"].lower()] = row["score"]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise Unreadable("no_file", file=path, why=error) from error
    return found


# == words and main ==

WORDS = {  # key: (Vietnamese, English)
    "title": ("Kiểm tra biên nhận: {path}", "Checking receipts: {path}"),
    "ok": ("  [đúng] {text}", "  [ok]   {text}"),
    "bad": ("  [SAI]  {text}", "  [DIFF] {text}"),
    "note": ("  [!!]   {text}", "  [!!]   {text}"),
    "holds": ("KẾT LUẬN: mọi điều kiểm tra được đều khớp.", "VERDICT: everything agrees."),
    "fails": ("KẾT LUẬN: KHÔNG KHỚP, {count} chỗ sai lệch.", "VERDICT: IT DOES NOT AGREE, {count} differences."),
    "waits": (
        "KẾT LUẬN: không thấy sai lệch, nhưng {count} biên nhận chưa có mốc đã ký: hãy tải lại sau.",
        "VERDICT: no difference found, but {count} receipts have no signed head yet: download them again later.",
    ),
    "unreadable": ("KHÔNG KIỂM TRA ĐƯỢC: {text}", "CANNOT BE CHECKED: {text}"),
    "no_file": ("không đọc được {file}: {why}", "{file} cannot be read: {why}"),
    "no_receipt": ("{file} không có biên nhận nào", "there is no receipt in {file}"),
    "shape": ("{file} không đúng định dạng", "{file} does not have the right shape"),
    "marks": (
        "{file}: {code}, vòng {round}, bài {submission}: {marks} (phiên bản {version}, lưu lúc {at})",
        "{file}: {code}, round {round}, submission {submission}: {marks} (version {version}, saved {at})",
    ),
    "head": (
        "{file}: mục {seq} của nhật ký nằm dưới mốc {code} ký lúc {at}, khóa {key}",
        "{file}: entry {seq} of the trail stands under the head {code} signed {at}, key {key}",
    ),
    "compare": (
        "hãy so mã mốc với biên bản, với thư của quan sát viên, hoặc dùng --code, --head, --key",
        "compare the code of the head with the minutes or an observer's mail, or use --code, --head, --key",
    ),
    "marks_changed": (
        "{file}: điểm không khớp với mã biên nhận {code}: tính ra {found}",
        "{file}: the marks do not fit the receipt {code}: they make {found}",
    ),
    "entry_of_another": (
        "{file}: mục {seq} của nhật ký ghi dấu vết của điểm khác",
        "{file}: entry {seq} of the trail names other marks",
    ),
    "not_under_head": (
        "{file}: mục {seq} không nằm dưới mốc {code}",
        "{file}: entry {seq} does not stand under the head {code}",
    ),
    "bad_signature": ("{file}: chữ ký của mốc {code} sai", "{file}: the signature of the head {code} is wrong"),
    "other_key": (
        "{file}: mốc được ký bằng khóa {found}, không phải {wanted}",
        "{file}: the head was signed with {found}, not with {wanted}",
    ),
    "other_code": (
        "{file}: mốc là {found}, không phải {wanted}",
        "{file}: the head is {found}, not {wanted}",
    ),
    "other_head": (
        "{file}: mốc là {found}, không phải mốc được giữ {wanted}",
        "{file}: the head is {found}, not the one that was kept, {wanted}",
    ),
    "no_entry": (
        "{file}: nộp trước khi nhật ký ghi dấu vết của điểm: chỉ kiểm tra được mã biên nhận",
        "{file}: handed in before the trail named fingerprints: only the receipt itself can be checked",
    ),
    "no_head": (
        "{file}: mục {seq} chưa có mốc đã ký, mốc kế tiếp sẽ bao gồm nó: hãy tải lại sau",
        "{file}: entry {seq} will be covered by the next signed head: download it again later",
    ),
    "not_in_results": (
        "{file}: gói kết quả không có điểm của giám khảo {judge} ở vòng {round} cho bài này",
        "{file}: the results hold no mark of judge {judge} in round {round} for this submission",
    ),
    "mark_differs": (
        "{file}: tiêu chí {criterion}: biên nhận ghi {mine}, kết quả tính {theirs}",
        "{file}: criterion {criterion}: the receipt says {mine}, the results count {theirs}",
    ),
}
NOTES = ("no_entry", "no_head", "compare")


def words(language: str, key: str, /, **facts: object) -> str:
    """Return a sentence in Vietnamese ("vi") or English."""
    return WORDS[key][language != "vi"].format(**facts)


def checked(name: str, receipt: Mapping[str, Any], noted: Noted) -> list[Found]:
    """Return all that is to be said of one receipt, what it says first. Raises `Unreadable` "shape"."""
    try:
        event, entry, head = receipt["event"], receipt["entry"], receipt["head"]
        facts = entry["said"][6] if entry else {"round": "–", "submission": "–"}
        marks = ", ".join(f"{code} {mark}" for code, mark in sorted(event["marks"].items()))
        told = {"code": receipt["receipt"], "round": facts["round"], "submission": facts["submission"], "marks": marks}
        found: list[Found] = list(flaws(receipt, noted))
        said: list[Found] = [("marks", {**told, "version": event["version"], "at": event["at"]})]
        if head and not any(key not in NOTES for key, _ in found):
            said.append(("head", {"seq": entry["said"][1], "code": head_code(head), **head}))
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, InvalidOperation) as error:
        raise Unreadable("shape", file=name) from error
    return [(key, {**facts, "file": name}) for key, facts in (*said, *found)]


def main(arguments: Sequence[str] | None = None, write: Callable[[str], object] | None = None) -> int:
    """Check the receipts named on the command line, print what was found and return the exit status."""
    parser = argparse.ArgumentParser(description="Kiểm tra biên nhận phiếu chấm. Check the receipts of a judge.")
    parser.add_argument("receipts", type=Path, help=".zip, folder or .json / tệp .zip, thư mục hoặc .json")
    parser.add_argument("--language", choices=("vi", "en"), default="vi")
    parser.add_argument("--head", type=Path, help="a head that an observer kept / mốc do quan sát viên giữ")
    parser.add_argument("--code", default="", help="the code of the head in the minutes / mã mốc trong biên bản")
    parser.add_argument("--key", default="", help="the public key / khóa công khai")
    parser.add_argument("--results", type=Path, help="the results bundle, to compare the marks / gói kết quả")
    options = parser.parse_args(arguments)
    say, language = write or _to_screen, options.language
    say(words(language, "title", path=options.receipts))
    try:
        noted = _noted(options)
        found = [one for name, data in receipts_in(options.receipts).items() for one in checked(name, data, noted)]
    except Unreadable as error:
        say(words(language, "unreadable", text=words(language, error.key, **error.facts)))
        return 2
    return report(found, language, say, compared=bool(options.head or options.code or options.key))


def _noted(options: argparse.Namespace) -> Noted:
    head = None
    if options.head:
        (head,) = (_json(name, data) for name, data in _files(options.head).items())
        if not isinstance(head, dict) or not {"at", "ends"} <= head.keys():
            raise Unreadable("shape", file=options.head)
    marks = published_marks(options.results) if options.results else None
    return Noted(head, options.code, options.key, marks)


def report(found: Sequence[Found], language: str, say: Callable[[str], object], *, compared: bool) -> int:
    """Say what holds, what waits and what does not; return the exit status."""
    held = ("marks", "head")
    for key, facts in found:
        mark = "ok" if key in held else "note" if key in NOTES else "bad"
        say(words(language, mark, text=words(language, key, **facts)))
    wrong = sum(key not in held and key not in NOTES for key, _ in found)
    waiting = sum(key in NOTES for key, _ in found)
    if not compared and not wrong and any(key == "head" for key, _ in found):
        say(words(language, "note", text=words(language, "compare")))
    if wrong:
        say(words(language, "fails", count=wrong))
        return 1
    say(words(language, "waits" if waiting else "holds", count=waiting))
    return 3 if waiting else 0


def _to_screen(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
