"""What a broken script may send instead of a form: JSON of the wrong shape."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sweep.forms import Filled, fill
from tests.sweep.site import Site, read

MARKS = (
    "8", 8.5, True, -1, 10**400, ["8"], {"a": "8"}, "\ud800", "NaN", "1e309", "\uff18", "8\x00", "8" * 1000, "=1+1",
)  # fmt: skip


def good(form: Filled) -> dict[str, Any]:
    data = form.data
    return {
        "version": int(data["version"]), "rubric_version": int(data["rubric_version"]), "key": "sweep-sweep-1",
        "marks": {"C1": "8", "C2": "7,5"}, "feedback": "Hay.", "private_note": "", "act": "draft",
    }  # fmt: skip


def post(site: Site, form: Filled, body: bytes) -> tuple[int, str]:
    answer = site.person(form.role).post(form.path, data=body, content_type="application/json")
    found = read(answer)
    return found.status, found.text


def bodies(usual: dict[str, Any]) -> list[Any]:
    return [
        None, [], "text", 7, {}, {**usual, "marks": None}, {**usual, "marks": []}, {**usual, "marks": "8"},
        *({**usual, "marks": {"C1": one}} for one in MARKS[1:]),
        *({**usual, "marks": {name: "8"}} for name in ("C9", "", "\ud800", "a\x00b", "x" * 5000)),
        *({**usual, name: one} for name in ("version", "rubric_version") for one in (None, -1, "x", 10**30, 1.5, [1])),
        *({**usual, "key": one} for one in (None, 7, "", "short", "é" * 10, "x" * 500, ["sweep-sweep-1"])),
        *({**usual, "feedback": one} for one in (["a"], {"a": 1}, True, "a\x00b", "x" * 100_000)),
    ]  # fmt: skip


def test_the_usual_json_is_saved(site: Site) -> None:
    form = fill(site, "judging.save")
    assert post(site, form, json.dumps(good(form)).encode())[0] == 200
    assert not site.untouched()


def test_json_of_the_wrong_shape_changes_nothing(site: Site) -> None:
    form = fill(site, "judging.save")
    for body in bodies(good(form)):
        status, told = post(site, form, json.dumps(body).encode())
        assert status in (400, 409, 422), (status, body)
        assert site.untouched(), body
        assert "message" in told


NO_JSON = (
    b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"marks": {"C1": NaN}}', b'{"version": 1e999}',
    b'{"version": ' + b"9" * 100_000 + b"}",
)  # fmt: skip


@pytest.mark.parametrize("body", NO_JSON)
def test_what_is_no_json_changes_nothing(site: Site, body: bytes) -> None:
    status, told = post(site, fill(site, "judging.save"), body)
    assert (status in (400, 422), site.untouched(), "message" in told) == (True, True, True)


def test_a_surrogate_in_a_text_is_left_out(site: Site) -> None:
    form = fill(site, "judging.save")
    body = {**good(form), "feedback": "rất \ud800hay\u202e", "private_note": "Tie\u0302\u0301ng"}
    assert post(site, form, json.dumps(body).encode())[0] == 200
    kept = [row for row in site.dump()["scorecards"].values() if "rất hay" in row]
    assert len(kept) == 1
    assert "Tiếng" in kept[0]
