"""The look editor as the organiser meets it, and the public page that proves a certificate."""

from __future__ import annotations

import base64
import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from contest.accounts.roles import Role
from contest.certificates.forms import look_data
from contest.certificates.kinds import Kind
from contest.certificates.look import Look
from contest.certificates.models import CertificateLook
from contest.certificates.queries.register import register_of
from contest.certificates.services import register
from contest.infra.db import db, unit_of_work
from tests.certificates.conftest import Night
from tests.factories import Make

PREVIEW = re.compile(r'src="data:image/png;base64,([^"]+)"')


@pytest.fixture
def room(client: FlaskClient, make: Make, night: Night) -> FlaskClient:
    make.sign_in(client, night.organiser)
    client.set_cookie("locale", "en")
    return client


def address(night: Night) -> str:
    return f"/e/{night.edition.code}/organise/certificates/look"


def typed(**values: Any) -> dict[str, Any]:
    """Return the form as it stands, with these fields changed; a box that is not ticked is not sent."""
    data = {**look_data(Look()), "shown": "winner", **values}
    return {name: value for name, value in data.items() if value not in (None, False)}


def drawn(page: str) -> Image.Image:
    found = PREVIEW.search(page)
    assert found is not None
    return Image.open(BytesIO(base64.b64decode(found[1])))


def picture(colour: str) -> bytes:
    out = BytesIO()
    Image.new("RGB", (2480, 1754), colour).save(out, "PNG")
    return out.getvalue()


def saved() -> int:
    db.session.rollback()
    return db.session.query(CertificateLook).count()


def test_an_unknown_placeholder_is_refused_with_its_place_and_nothing_is_kept(room: FlaskClient, night: Night) -> None:
    wrong = typed(text_winner_vi="{award}\ncủa {ten}", place="Tân Thuận")
    for button in ({}, {"preview": "1"}):
        answer = room.post(address(night), data={**wrong, **button})
        assert answer.status_code == 422
        assert "Line 2, letter 5: “{ten}” is no placeholder." in answer.text
        assert "{award}\ncủa {ten}" in answer.text.replace("\r", "")
        assert 'value="Tân Thuận"' in answer.text
        assert PREVIEW.search(answer.text) is None
    assert saved() == 0


def test_the_preview_shows_what_is_typed_and_saves_nothing(room: FlaskClient, night: Night) -> None:
    first = drawn(room.get(address(night)).text)
    assert first.width > first.height
    answer = room.post(address(night), data=typed(preview="1", orientation="portrait", accent="#0044cc"))
    assert answer.status_code == 200
    upright = drawn(answer.text)
    assert upright.width < upright.height
    assert (0, 0x44, 0xCC) in {colour for _, colour in upright.convert("RGB").getcolors(1 << 24) or []}
    assert "Not saved yet." in answer.text
    assert saved() == 0


def test_a_background_stands_in_the_preview_and_after_saving(room: FlaskClient, night: Night) -> None:
    def sent(**button: str) -> Any:
        file = (BytesIO(picture("#00ff00")), "nền.png")
        return room.post(
            address(night), data={**typed(**button), "background": file}, content_type="multipart/form-data"
        )

    shown = drawn(sent(preview="1").text).convert("RGB").getpixel((3, 3))
    assert isinstance(shown, tuple)
    assert shown[1] > 240
    assert shown[0] < 20
    assert saved() == 0
    assert sent().status_code == 303
    assert saved() == 1
    kept = drawn(room.get(address(night)).text).convert("RGB").getpixel((3, 3))
    assert kept == shown


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7 no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture("red")[:400]]
)
@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_what_is_no_picture_is_no_background(
    room: FlaskClient, night: Night, content: bytes, button: dict[str, str]
) -> None:
    data = {**typed(**button), "background": (BytesIO(content), "nền.png")}
    answer = room.post(address(night), data=data, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "bv-callout-danger" in answer.text
    assert saved() == 0


@pytest.mark.both_databases
def test_the_proof_of_one_that_is_revoked_changes_at_once(night: Night, client: FlaskClient) -> None:
    client.set_cookie("locale", "en")
    night.issue(Kind.JUDGE)
    row = register_of(night.edition.id)[0]
    page, code, public_id = f"/c/{row.code}", row.code, row.public_id
    unknown = client.get(f"/c/{'z' * 28}")
    for _ in range(2):  # drawn, and then kept
        answer = client.get(page)
        assert "This certificate is genuine" in answer.text
        assert f"/c/{code}/certificate.pdf" in answer.text
    client.set_cookie("locale", "vi")
    assert "Giấy chứng nhận này là thật" in client.get(page).text
    client.set_cookie("locale", "en")
    db.session.rollback()
    with unit_of_work():
        register.revoke(edition_id=night.edition.id, public_id=public_id, reason="Sai tên", **night.by)
    answer = client.get(page)
    assert "This certificate was revoked" in answer.text
    assert "certificate.pdf" not in answer.text
    assert "Sai tên" not in answer.text
    again = client.get(f"/c/{'z' * 28}")
    assert (unknown.status_code, again.status_code) == (404, 404)
    assert "No certificate is known under this address" in again.text


def test_a_kind_without_a_round_says_what_is_missing(client: FlaskClient, make: Make) -> None:
    edition = make.edition(code="trong")
    make.round(edition, "r1")
    make.sign_in(client, make.member(edition, Role.ORGANISER))
    client.set_cookie("locale", "en")
    for page in ("", "/for/finalist"):
        text = client.get(f"/e/{edition.code}/organise/certificates{page}").text
        assert "The contest has no such round yet." in text
        assert "round –" not in text


@pytest.mark.parametrize("sent", [{}, {"people": " \n ;\n"}])
def test_a_list_without_a_name_is_refused_in_words(room: FlaskClient, night: Night, sent: dict[str, str]) -> None:
    answer = room.post(f"/e/{night.edition.code}/organise/certificates/volunteers", data=sent)
    assert answer.status_code == 422
    assert "Write at least one name, or choose a list." in answer.text
