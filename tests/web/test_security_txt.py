"""Whom to tell about a hole: /.well-known/security.txt, from the settings."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from config import ConfigError, from_env


@pytest.mark.parametrize(
    ("setting", "contact"),
    [
        ("security@thi.example.vn", "mailto:security@thi.example.vn"),
        ("https://thi.example.vn/bao-mat", "https://thi.example.vn/bao-mat"),
        ("", "http://localhost/"),
    ],
)
def test_it_names_the_contact_of_the_settings(
    app: Flask, noon: datetime, monkeypatch: pytest.MonkeyPatch, setting: str, contact: str
) -> None:
    monkeypatch.setitem(app.config, "SECURITY_CONTACT", setting)
    answer = app.test_client().get("/.well-known/security.txt")
    assert answer.mimetype == "text/plain"
    assert answer.get_data(as_text=True).splitlines() == [
        f"Contact: {contact}",
        "Expires: 2027-04-06T05:00:00Z",
        "Preferred-Languages: vi, en",
        "Canonical: http://localhost/.well-known/security.txt",
    ]


@pytest.mark.parametrize("setting", ["nobody", "http://thi.example.vn", "a@b\r\nContact: x", "https://a b"])
def test_what_is_no_contact_is_refused(setting: str) -> None:
    with pytest.raises(ConfigError, match="SECURITY_CONTACT must be"):
        from_env({"SECURITY_CONTACT": setting})
