"""The pages of a ceremony: preparing it, what a screen loads, phones, publishing, and what none of them tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from contest.accounts.roles import Role
from contest.errors import NotFound, RuleBroken
from contest.infra import clock
from contest.infra.db import db, unit_of_work
from contest.infra.models import AuditEntry
from contest.results.queries.awards import latest_list
from contest.stage.models import CeremonyLogo, CeremonyPress, CeremonyRemote
from contest.stage.queries.ceremony import ceremony_of, presses_after
from contest.stage.script import Press
from contest.stage.services import ceremony as services
from contest.submissions.models import Submission
from tests.factories import Make
from tests.results import way
from tests.stage.shows import FIELD, LONG, Show, perform, photo, prepare, settle_all

TEAMS = [team for team, *_ in FIELD]
MODES = ("live", "rehearsal")


@dataclass
class House:
    show: Show
    home: str
    client: FlaskClient

    @property
    def public_id(self) -> str:
        return self.home.rpartition("/")[2]

    def post(self, path: str, **data: object) -> tuple[int, str]:
        answer = self.client.post(f"{self.home}/{path}", data=data, headers={"X-Requested-With": "fetch"})
        return answer.status_code, answer.text


@pytest.fixture
def house(app: Flask, make: Make, client: FlaskClient, noon: datetime) -> House:
    show = perform(app, make, noon)
    made = prepare(show, noon)
    make.sign_in(client, show.organiser)
    client.set_cookie("locale", "en")
    return House(show, f"{show.home}/{made}", client)


def steps_of(house: House, mode: str = "live") -> list[dict[str, object]]:
    answer = house.client.post(f"{house.home}/{mode}/load", headers={"X-Requested-With": "fetch"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found: list[dict[str, object]] = answer.get_json()["steps"]
    return found


def named(steps: list[dict[str, object]]) -> dict[str, list[list[str]]]:
    return {
        str(step["key"]): [[winner["team"] for winner in beat] for beat in step["beats"]]  # type: ignore[attr-defined]
        for step in steps
        if step["beats"]
    }


@pytest.mark.both_databases
def test_the_screen_loads_the_settled_list_in_the_order_of_naming(house: House) -> None:
    steps = steps_of(house)
    assert named(steps) == {
        "award:audience:": [["Tia Nắng Nhỏ"]],
        "award:consolation:": [["@x -5%"], [TEAMS[4]]],
        "award:third:": [["فريق النور"]],
        "award:second:": [["=1+1", TEAMS[2]]],
        "award:first:": [["Đỗ Thị Ỷ"]],
    }
    assert [step["kind"] for step in steps] == ["waiting", "opening", *["award"] * 5, "thanks"]
    first = steps[-2]["beats"][0][0]  # type: ignore[index]
    assert (first["title"], first["idea"]) == (LONG, "Camera rẻ tiền đếm chỗ trống và báo cho người tìm.")
    assert first["photo"].startswith("data:image/jpeg;base64,")
    assert steps[2]["beats"][0][0]["photo"] == ""  # type: ignore[index]
    assert "BT-" not in str(steps).replace(first["photo"], "")
    assert db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.like("ceremony.%")).order_by(AuditEntry.id)
    ).all() == [
        "ceremony.prepared",
        "ceremony.loaded",
    ]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("screen", ["operator", "projector"])
def test_no_screen_holds_a_name_when_it_opens(house: House, mode: str, screen: str) -> None:
    answer = house.client.get(f"{house.home}/{mode}/{screen}")
    assert answer.status_code == 200
    told = answer.text + str(answer.headers)
    assert [team for team in TEAMS if team in told] == []
    assert answer.headers["Cache-Control"] == "no-store"
    assert ("TEST" in answer.text) == (mode == "rehearsal")
    assert "<noscript>" in answer.text


def test_the_page_that_prepares_tells_no_winner(house: House) -> None:
    page = house.client.get(house.home).text
    assert "Who gets what is not shown on this page" in page
    places = [page.index(f'dir="auto">{team}') for team in sorted_by_letters(page)]
    assert places == sorted(places)


def sorted_by_letters(page: str) -> list[str]:
    """Return the teams of the list of readings as the alphabet has them, whoever won."""
    return [team for team in ("Đỗ Thị Ỷ", "Không Giải", "Những Người Bạn Của Dòng Sông Đồng Nai") if team in page]


@pytest.mark.both_databases
def test_a_rehearsal_holds_no_code_name_or_title_of_a_real_entry(house: House) -> None:
    answer = house.client.post(f"{house.home}/rehearsal/load", headers={"X-Requested-With": "fetch"})
    pack = answer.get_json()
    told = answer.text.encode().decode("unicode_escape", "replace") + str(pack)
    for entry in house.show.entries:
        fresh = db.session.get_one(Submission, entry.id)
        assert [text for text in (fresh.title, fresh.code, fresh.public_id) if text in told] == []
    assert [team for team in TEAMS if team in told] == []
    assert pack["test"] is True
    assert (pack["version"], pack["fingerprint"]) == (0, "")
    assert set(named(pack["steps"])) == {
        f"award:{code}:" for code in ("audience", "consolation", "third", "second", "first")
    }


def test_two_worlds_rehearse_alike(app: Flask, make: Make, client: FlaskClient, noon: datetime) -> None:
    """RS-09: what a rehearsal loads does not depend on any mark."""
    show = perform(app, make, noon, settle=False)
    made = prepare(show, noon)
    make.sign_in(client, show.organiser)
    before = client.post(f"{show.home}/{made}/rehearsal/load").text
    settle_all(show, noon)
    assert client.post(f"{show.home}/{made}/rehearsal/load").text == before


def test_nothing_is_loaded_before_the_list_is_settled(
    app: Flask, make: Make, client: FlaskClient, noon: datetime
) -> None:
    show = perform(app, make, noon, settle=False)
    made = prepare(show, noon)
    make.sign_in(client, show.organiser)
    client.set_cookie("locale", "en")
    load = f"{show.home}/{made}/live/load"
    early = client.post(load, headers={"X-Requested-With": "fetch"})
    assert (early.status_code, early.get_json()["error"]) == (409, "ceremony_not_final")
    assert "The results are not final yet" in client.get(f"{show.home}/{made}").text
    way.finalise(show.facts, show.final.id, show.organiser.id, noon)
    unsettled = client.post(load, headers={"X-Requested-With": "fetch"})
    assert (unsettled.status_code, unsettled.get_json()["error"]) == (409, "awards_not_settled")


@pytest.mark.both_databases
def test_a_list_that_no_longer_holds_is_not_played(house: House, noon: datetime) -> None:
    """A winner disqualified after the list was settled is called by nobody."""
    with unit_of_work() as session:
        session.get_one(Submission, house.show.entries[0].id).status = "disqualified"  # type: ignore[assignment]
    status, text = house.post("live/load")
    assert (status, "ceremony_outdated" in text) == (409, True)
    assert "Something changed after the list was settled" in house.client.get(house.home).text
    made = ceremony_of(house.show.edition.id, house.public_id)
    assert made is not None
    with pytest.raises(RuleBroken, match="ceremony_outdated"), unit_of_work():
        services.publish_everything(edition=house.show.facts, ceremony=made, actor_id=None, now=noon)


def script(house: House, **changes: str) -> dict[str, str]:
    keys = [
        "waiting",
        "opening",
        *(f"award:{code}:" for code in ("audience", "consolation", "third", "second", "first")),
    ]
    typed: dict[str, str] = {}
    for place, key in enumerate([*keys, "thanks"]):
        typed |= {f"steps-{place}-key": key, f"steps-{place}-number": str(place + 1), f"steps-{place}-shown": "y"}
    return {**typed, **changes}


@pytest.mark.both_databases
def test_the_organiser_changes_order_presenters_and_readings(house: House) -> None:
    code = house.show.entries[1].code
    typed = script(
        house, **{
            "steps-2-number": "7", "steps-6-number": "3", "steps-6-presenter": "Bà Chủ tịch", "readings-0-code": code,
            "readings-0-text": "một cộng một",
        },
    )  # fmt: skip
    del typed["steps-3-shown"]
    assert house.client.post(f"{house.home}/script", data=typed).status_code == 303
    steps = steps_of(house)
    keys = [str(step["key"]).split(":")[1] for step in steps if step["kind"] == "award"]
    assert keys == ["first", "third", "second", "audience"]
    assert steps[2]["presenter"] == "Bà Chủ tịch"
    assert steps[4]["beats"][0][0]["reading"] == "một cộng một"  # type: ignore[index]
    page = house.client.get(house.home).text
    assert 'value="Bà Chủ tịch"' in page
    assert 'value="một cộng một"' in page


@pytest.mark.parametrize("number", ["", "0", "x", "501"])
def test_a_bad_number_is_refused_at_its_field(house: House, number: str) -> None:
    answer = house.client.post(f"{house.home}/script", data=script(house, **{"steps-3-number": number}))
    assert answer.status_code == 422
    assert 'data-error-for="steps-3-number"' in answer.text


@pytest.mark.both_databases
def test_logos_go_on_the_wall_and_off(house: House, app: Flask) -> None:
    add = {"name": "Quỹ Hạt Giống", "logo": (BytesIO(photo()), "quy.jpg")}
    assert house.client.post(f"{house.home}/logos", data=add).status_code == 303
    (logo,) = db.session.scalars(select(CeremonyLogo))
    key, logo_id = logo.storage_key, logo.public_id
    pack = house.client.post(f"{house.home}/live/load").get_json()
    assert [one["name"] for one in pack["logos"]] == ["Quỹ Hạt Giống"]
    assert pack["logos"][0]["picture"].startswith("data:image/png;base64,")
    assert "Quỹ Hạt Giống" in house.client.get(house.home).text
    assert house.client.post(f"{house.home}/logos/{logo_id}/remove").status_code == 303
    assert not app.extensions["storage"].exists(key)
    assert house.client.post(f"{house.home}/logos/{logo_id}/remove").status_code == 404


def test_what_is_no_picture_is_refused(house: House) -> None:
    add = {"name": "X", "logo": (BytesIO(b"<svg/>"), "x.svg")}
    answer = house.client.post(f"{house.home}/logos", data=add)
    assert answer.status_code == 422
    assert 'data-error-for="logo"' in answer.text
    assert db.session.scalars(select(CeremonyLogo)).all() == []


def paired(house: House) -> str:
    answer = house.client.post(f"{house.home}/live/phone", headers={"X-Requested-With": "fetch"})
    code: str = answer.get_json()["code"]
    return code


@pytest.mark.both_databases
def test_a_phone_presses_through_the_server(house: House, app: Flask, noon: datetime) -> None:
    code, phone = paired(house), app.test_client()
    remote = f"/e/{house.show.edition.code}/remote"
    said = phone.post(remote, data={"code": code, "verb": "next"}, headers={"X-Requested-With": "fetch"}).get_json()
    assert said["heard"] is False  # no screen is listening yet
    status, text = house.post("live/presses", after="0")
    assert (status, '"verb":"next"' in text.replace(" ", "")) == (200, True)
    shown = "-".join(code[start : start + 4] for start in (0, 4, 8)).upper()
    answer = phone.post(remote, data={"code": f" {shown} ", "verb": "blackout"})
    assert (answer.status_code, "Đã gửi." in answer.text) == (200, True)
    rows = db.session.execute(select(CeremonyPress.id, CeremonyPress.verb).order_by(CeremonyPress.id)).all()
    assert [row.verb for row in rows] == [Press.NEXT, Press.BLACKOUT]
    assert "next" not in house.post("live/presses", after=str(rows[0].id))[1]
    with clock.stopped_at(noon + timedelta(seconds=11)):
        assert "blackout" not in house.post("live/presses", after="0")[1]  # what is old is lost


@pytest.mark.parametrize("end", ["expired", "ended", "replaced", "foreign", "wrong"])
def test_a_code_that_does_not_hold_presses_nothing(
    house: House, app: Flask, make: Make, noon: datetime, end: str
) -> None:
    code, where, at = paired(house), house.show.edition.code, noon
    if end == "expired":
        at = noon + services.PAIRED
    elif end == "ended":
        assert house.client.post(f"{house.home}/phone/end").status_code == 303
    elif end == "replaced":
        assert paired(house) != code
    elif end == "foreign":
        where = make.edition("mua-khac-2026").code
    else:
        code = code[:-1] + ("b" if code[-1] != "b" else "c")
    phone = app.test_client()
    with clock.stopped_at(at):
        answer = phone.post(f"/e/{where}/remote", data={"code": code, "verb": "next"})
    assert answer.status_code == 409
    assert db.session.scalars(select(CeremonyPress)).all() == []


def test_guessing_codes_is_slowed_down(house: House, app: Flask) -> None:
    phone, remote = app.test_client(), f"/e/{house.show.edition.code}/remote"
    answers = [phone.post(remote, data={"code": f"guess{turn}", "verb": "next"}).status_code for turn in range(21)]
    assert answers == [409] * 20 + [429]


def test_only_the_hash_of_a_code_is_kept(house: House) -> None:
    code = paired(house)
    (row,) = db.session.scalars(select(CeremonyRemote))
    assert code not in str(vars(row))
    assert len(code) == services.CODE_LENGTH


@pytest.mark.both_databases
def test_publishing_is_one_act_for_results_and_awards(house: House, app: Flask) -> None:
    stranger, code = app.test_client(), house.show.edition.code
    publics = (f"/e/{code}/results/ck", f"/e/{code}/awards")
    steps_of(house)  # the ceremony has run
    assert [stranger.get(page).status_code for page in publics] == [404, 404]
    assert house.client.post(f"{house.home}/publish", data={"confirm": "sai"}).status_code == 422
    assert [stranger.get(page).status_code for page in publics] == [404, 404]
    assert house.client.post(f"{house.home}/publish", data={"confirm": "ck"}).status_code == 303
    assert [stranger.get(page).status_code for page in publics] == [200, 200]
    assert latest_list(house.show.edition.id, published=True) is not None


def test_publishing_is_all_or_nothing(app: Flask, make: Make, client: FlaskClient, noon: datetime) -> None:
    show = perform(app, make, noon, settle=False)
    made = prepare(show, noon)
    way.finalise(show.facts, show.final.id, show.organiser.id, noon)
    make.sign_in(client, show.organiser)
    assert client.post(f"{show.home}/{made}/publish", data={"confirm": "ck"}).status_code == 409
    assert app.test_client().get(f"/e/{show.edition.code}/results/ck").status_code == 404


def test_publishing_later_asks_who_it_is(house: House, app: Flask, noon: datetime) -> None:
    with clock.stopped_at(noon + timedelta(hours=3)):
        assert house.client.post(f"{house.home}/publish", data={"confirm": "ck"}).status_code == 422
    assert app.test_client().get(f"/e/{house.show.edition.code}/results/ck").status_code == 404


@pytest.mark.parametrize("role", [Role.CHAIR, Role.OBSERVER, Role.JUDGE, Role.CAPTAIN])
def test_nobody_else_opens_a_screen(house: House, app: Flask, make: Make, role: Role) -> None:
    other = app.test_client()
    make.sign_in(other, make.member(house.show.edition, role))
    paths = ["", "/live/operator", "/live/projector", "/rehearsal/operator"]
    assert {other.get(house.home + path).status_code for path in paths} == {403}
    assert other.post(f"{house.home}/live/load").status_code == 403
    assert app.test_client().post(f"{house.home}/live/load").status_code == 401


@pytest.mark.both_databases
def test_a_ceremony_is_made_once_per_final(house: House, make: Make, noon: datetime) -> None:
    assert prepare(house.show, noon) == house.public_id
    early = make.round(house.show.edition, "sk", position=0)
    with pytest.raises(NotFound), unit_of_work():
        services.prepare_ceremony(edition_id=house.show.edition.id, round_code=early.code, actor_id=None, now=noon)
    assert house.client.get(f"{house.show.home}/khong-co").status_code == 404


def test_presses_are_read_in_their_order(house: House, noon: datetime) -> None:
    code = paired(house)
    for verb in (Press.NEXT, Press.NEXT, Press.BACK):
        with unit_of_work():
            services.press(edition_id=house.show.edition.id, code=code, verb=verb, now=noon)
    made = ceremony_of(house.show.edition.id, house.public_id)
    assert made is not None
    assert [verb for _, verb in presses_after(made.id, 0, noon)] == [Press.NEXT, Press.NEXT, Press.BACK]
