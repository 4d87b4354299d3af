"""Browsers in words."""

from __future__ import annotations

import pytest

from contest.accounts.devices import coarse_place, device_name

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 {}Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME.format("Linux; Android 13; SM-A135F", "Mobile "), "Chrome · Android"),
        (CHROME.format("Windows NT 10.0; Win64; x64", "") + " Edg/142.0.0.0", "Edge · Windows"),
        (CHROME.format("Windows NT 10.0; Win64; x64", "") + " coc_coc_browser/140.0", "Cốc Cốc · Windows"),
        (CHROME.format("Linux; Android 13", "SamsungBrowser/26.0 Mobile "), "Samsung Internet · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Zalo iOS/589", "Zalo · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox · Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15",
            "Safari · Mac",
        ),
        ("curl/8.5", ""),
        ("", ""),
    ],
)
def test_the_name_is_one_a_person_knows(user_agent: str, name: str) -> None:
    assert device_name(user_agent) == name


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("113.161.20.7", "113.161.x.x"),
        ("::ffff:113.161.20.7", "113.161.x.x"),
        ("2001:ee0:4f3a:1::9", "2001:ee0:x"),
        ("::1", "0:0:x"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_a_place_is_an_address_without_its_end(address: str, place: str) -> None:
    assert coarse_place(address) == place
