"""Redirects stay on this site; downloads keep their names."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from contest.web.responses import attachment, safe_next


@pytest.mark.parametrize(
    "target", ["/", "/e/x/judging/?a=1&b=%20", "/a#part", "/bài-thi", "/a//b", "/a?next=https://x"]
)
def test_a_path_of_this_site_is_followed(target: str) -> None:
    assert safe_next(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "a",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "/a\\b",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\tevil",
        "/\r\nSet-Cookie: a=b",
        " /a",
        "/a\x00",
        "/\u202ea",
    ],
)
def test_anything_else_leads_home(target: str | None) -> None:
    assert safe_next(target) == "/"
    assert safe_next(target, "/account") == "/account"


@given(st.text(alphabet=st.sampled_from("/\\:?#@.abé \t\n\x00"), max_size=12))
def test_no_text_leads_to_another_site(target: str) -> None:
    parts = urlsplit(safe_next(target))
    assert (parts.scheme, parts.netloc) == ("", "")
    assert parts.path.startswith("/")


def test_a_download_keeps_its_vietnamese_name_and_runs_nothing() -> None:
    with Flask(__name__).test_request_context("/"):
        answer = attachment(b"abc", name="Bảng điểm.xlsx", mimetype="application/octet-stream")
        answer.direct_passthrough = False
    assert answer.get_data() == b"abc"
    assert "filename*=UTF-8''B%E1%BA%A3ng%20%C4%91i%E1%BB%83m.xlsx" in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_name_cannot_end_the_header() -> None:
    with Flask(__name__).test_request_context("/"):
        answer = attachment(b"", name='a"; filename="b.exe', mimetype="text/plain")
        answer.close()
        with pytest.raises(ValueError, match="newline"):
            attachment(b"", name="a\r\nX: y", mimetype="text/plain")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a\\"; filename=\\"b.exe"'
