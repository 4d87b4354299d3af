from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contest.errors import RuleBroken
from contest.submissions.links import LONGEST, Link, LinkKind, is_link, read_link


@pytest.mark.parametrize(
    ("typed", "url", "kind"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc", LinkKind.YOUTUBE),
        ("youtu.be/abc", "https://youtu.be/abc", LinkKind.YOUTUBE),
        ("https://m.youtube.com/shorts/abc", "https://m.youtube.com/shorts/abc", LinkKind.YOUTUBE),
        ("https://drive.google.com/file/d/1/view", "https://drive.google.com/file/d/1/view", LinkKind.DRIVE),
        ("https://docs.google.com/presentation/d/1", "https://docs.google.com/presentation/d/1", LinkKind.DRIVE),
        ("http://vimeo.com/1", "http://vimeo.com/1", LinkKind.VIMEO),
        ("  https://tiktok.com/@doi  ", "https://tiktok.com/@doi", LinkKind.OTHER),
        ("example.org:8443/video", "https://example.org:8443/video", LinkKind.OTHER),
        ("HTTPS://Example.ORG/Video", "HTTPS://Example.ORG/Video", LinkKind.OTHER),
        ("https://dự-án.vn/giới-thiệu", "https://dự-án.vn/giới-thiệu", LinkKind.OTHER),
    ],
)
def test_web_addresses_are_taken_and_recognised(typed: str, url: str, kind: LinkKind) -> None:
    link = read_link(typed)

    assert (link.url, link.kind) == (url, kind)


def test_the_host_is_told_in_lower_case() -> None:
    assert read_link("HTTPS://Example.ORG/V") == Link("HTTPS://Example.ORG/V", LinkKind.OTHER, "example.org")


def test_a_look_alike_is_not_youtube() -> None:
    assert read_link("https://youtube.com.evil.example/watch").kind is LinkKind.OTHER
    assert read_link("https://notyoutube.com/watch").kind is LinkKind.OTHER


@pytest.mark.parametrize(
    "typed",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,hello",
        "ftp://example.org/video",
        "mailto:an@example.org",
        "//example.org/video",
        "https://",
        "https:///video",
        "http://localhost/video",
        "http://127.0.0.1/video",
        "http://[::1]/video",
        "http://169.254.169.254/latest/meta-data",
        "http://0177.0.0.1/",
        "https://bank.example@evil.example/",
        "https://an:secret@example.org/",
        "https://example..org/",
        "https://example.org:99999/",
        "https://example.org/a b",
        "https://example.org/\u202e",
        "https://example.org\\@evil.example",
        'https://example.org/"onmouseover',
        "a video on my phone",
        "htt",
        "",
    ],
)
def test_everything_else_is_refused(typed: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        read_link(typed)

    assert refused.value.code == "link_not_web"
    assert not is_link(typed)


def test_a_link_has_a_longest_length() -> None:
    base = "https://example.org/"
    assert is_link(base + "a" * (LONGEST - len(base)))

    with pytest.raises(RuleBroken) as refused:
        read_link(base + "a" * (LONGEST - len(base) + 1))

    assert refused.value.code == "link_too_long"
    assert refused.value.facts == {"longest": 500}


@given(st.text(max_size=60))
def test_what_is_taken_is_always_http_with_a_named_host(typed: str) -> None:
    if is_link(typed):
        link = read_link(typed)
        assert link.url.lower().startswith(("http://", "https://"))
        assert "." in link.host


@given(st.text(max_size=60))
def test_reading_a_link_again_gives_the_same(typed: str) -> None:
    if is_link(typed):
        assert read_link(read_link(typed).url) == read_link(typed)
