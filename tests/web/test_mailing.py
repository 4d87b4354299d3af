"""Mail texts, in the language of the one who reads them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from contest.web.mailing import absolute, render_mail

FACTS = {
    "name": "Đỗ Thị <Ánh> Tuyết",
    "edition_name": "Ý tưởng & khởi nghiệp",
    "roles": "Judge",
    "url": "https://x/s/abc",
    "code": "012345",
    "door": "https://x/e/y/door",
    "until": datetime(2026, 10, 8, 5, 0, tzinfo=UTC),
    "code_until": datetime(2026, 10, 8, 6, 0, tzinfo=UTC),
}


def test_the_first_line_is_the_subject_and_the_rest_the_body(app: Flask) -> None:
    subject, body = render_mail("accounts/invitation", "en", **FACTS)
    assert subject == "Your way in to Ý tưởng & khởi nghiệp"
    assert body.startswith("Hello Đỗ Thị <Ánh> Tuyết,\n\nyou take part in Ý tưởng & khởi nghiệp as: Judge.\n")
    assert "\nhttps://x/s/abc\n" in body
    assert body.endswith("\n")
    assert not body.endswith("\n\n")


def test_moments_are_local_and_digits_stay(app: Flask) -> None:
    _, body = render_mail("accounts/invitation", "en", **FACTS)
    assert "until 08/10/2026 12:00" in body
    assert "(until 08/10/2026 13:00): 012345" in body


def test_a_command_may_send_mail_without_a_request(app: Flask) -> None:
    with app.app_context():
        assert render_mail("accounts/sign_in_link", "en", name="Ân", url="u", minutes=30)[1].count("30 minutes") == 1


@pytest.mark.parametrize("locale", [None, "", "fr"])
def test_without_a_language_the_sites_own_is_used(app: Flask, locale: str | None) -> None:
    values = {"name": "Ân", "url": "u", "minutes": 30}
    assert render_mail("accounts/sign_in_link", locale, **values) == render_mail(
        "accounts/sign_in_link", "vi", **values
    )


def test_the_reader_decides_and_not_the_sender(app: Flask) -> None:
    with app.test_request_context(headers={"Cookie": "locale=vi"}):
        english = render_mail("accounts/sign_in_link", "en", name="Ân", url="u", minutes=30)
        assert english[0] == "Your sign-in link for Bảng Vàng"


def test_addresses_are_made_from_the_settings(app: Flask) -> None:
    with app.test_request_context(base_url="http://evil.example"):
        assert absolute("/s/abc") == "http://localhost/s/abc"
