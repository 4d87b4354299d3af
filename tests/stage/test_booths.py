"""The plan of the exhibition: the rule, the list, what the database refuses, the map and the files."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import openpyxl
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from contest.accounts.roles import Role
from contest.editions.models import Edition
from contest.editions.queries import round_by_code
from contest.errors import NotFound, RuleBroken
from contest.infra.db import db, unit_of_work
from contest.infra.models import AuditEntry
from contest.stage.booth_list import BoothRow, lines_of, read_booths
from contest.stage.booths import Guest, Kind, Side, Spot, Unplaced, drawn, ends, placed, wrapped
from contest.stage.models.booths import Exhibitor
from contest.stage.queries.booths import Fair, fair_of, remarks_of
from contest.stage.services import booths as services
from contest.submissions.lifecycle import SubmissionStatus
from tests.factories import NOON, Make

PDFINFO, PDFTOTEXT = (shutil.which(name) or name for name in ("pdfinfo", "pdftotext"))
ROW = [Spot(at, f"A{at}", "A", power=at > 3) for at in range(1, 7)]


def named(spots: list[Spot], guests: list[Guest], kept: dict[int, int] | None = None) -> dict[str, str]:
    plan = placed(spots, guests, kept or {})
    numbers = {spot.id: spot.number for spot in spots}
    codes = {guest.id: guest.code for guest in guests}
    return {codes[guest]: numbers[spot] for guest, spot in plan.places.items()}


def test_fields_stay_together_and_codes_go_up() -> None:
    guests = [Guest(1, Kind.TEAM, "T10", 1), Guest(2, Kind.TEAM, "T2", 1), Guest(3, Kind.TEAM, "T9", 0)]
    guests += [Guest(4, Kind.COMPANY, "Xưởng"), Guest(5, Kind.EXPERT, "An")]
    assert named(ROW, guests) == {"T9": "A1", "T2": "A2", "T10": "A3", "Xưởng": "A4", "An": "A5"}


def test_sponsors_take_the_ends_of_the_rows_and_hands_keep_theirs() -> None:
    guests = [Guest(1, Kind.TEAM, "T1", 0), Guest(2, Kind.SPONSOR, "S1"), Guest(3, Kind.SPONSOR, "S2", power=True)]
    assert ends(ROW) == {1, 6}
    assert named(ROW, guests) == {"S1": "A1", "S2": "A6", "T1": "A2"}
    assert named(ROW, guests, {1: 6}) == {"T1": "A6", "S1": "A1", "S2": "A4"}


def test_power_is_kept_for_those_who_need_it() -> None:
    spots = [Spot(1, "A1", "A", power=True), Spot(2, "A2", "A"), Spot(3, "A3", "A")]
    guests = [Guest(1, Kind.TEAM, "T1", 0), Guest(2, Kind.TEAM, "T2", 1, power=True), Guest(3, Kind.SPONSOR, "S")]
    assert named(spots, guests) == {"T2": "A1", "T1": "A2", "S": "A3"}


def test_who_finds_no_place_is_told_why() -> None:
    guests = [Guest(1, Kind.TEAM, "T1", power=True), Guest(2, Kind.TEAM, "T2"), Guest(3, Kind.TEAM, "T3")]
    plan = placed([Spot(1, "A1"), Spot(2, "A2", power=False)], guests, {})
    assert plan.unplaced == {1: Unplaced.NO_POWER}
    assert placed([], guests, {}).unplaced == {1: Unplaced.NO_POWER, 2: Unplaced.NO_BOOTH, 3: Unplaced.NO_BOOTH}


SPOTS = st.lists(st.tuples(st.sampled_from("AB"), st.booleans()), max_size=12)
GUESTS = st.lists(st.tuples(st.sampled_from(Kind), st.integers(0, 3), st.booleans()), max_size=12)


@given(SPOTS, GUESTS)
def test_nobody_stands_twice_power_holds_and_as_many_as_fit_are_placed(
    rows: list[tuple[str, bool]], people: list[tuple[Kind, int, bool]]
) -> None:
    spots = [Spot(at, f"{zone}{at}", zone, power) for at, (zone, power) in enumerate(rows)]
    guests = [Guest(at, kind, f"G{at}", field, power) for at, (kind, field, power) in enumerate(people)]
    plan = placed(spots, guests, {})
    assert len(set(plan.places.values())) == len(plan.places)
    assert plan.places.keys() | plan.unplaced.keys() == {guest.id for guest in guests}
    powered = {spot.id for spot in spots if spot.power}
    needy = {guest.id for guest in guests if guest.power}
    assert all(plan.places[guest] in powered for guest in needy & plan.places.keys())
    with_power = min(len(needy), len(powered))
    assert len(needy & plan.places.keys()) == with_power
    assert len(plan.places) == with_power + min(len(guests) - len(needy), len(spots) - with_power) or not spots


def test_a_list_is_read_with_ranges_words_and_cells_from_excel() -> None:
    text = "Số gian;Dãy\nA1-A3; Dãy A; 3x3; có\nB1\tDãy B\t\tkhông\tNgân hàng Xanh\tNhà tài trợ\n\nC1"
    assert read_booths(text).rows == (
        *(BoothRow(f"A{at}", "Dãy A", "3x3", power=True) for at in (1, 2, 3)),
        BoothRow("B1", "Dãy B", "", power=False, who="Ngân hàng Xanh", kind=Kind.SPONSOR),
        BoothRow("C1"),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ("booths_none", {})),
        ("A1\n; Dãy A", ("booth_number", {"line": 2})),
        ("A1;;;maybe", ("booth_power", {"item": "maybe", "line": 1})),
        ("A1;;;;X;robot", ("booth_kind", {"item": "robot", "line": 1})),
        ("A1-A3\nA2", ("booth_twice", {"line": 2, "item": "A2", "other": 1})),
        ("A1;1;2;;4;;7;8", ("booth_columns", {"count": 8, "limit": 6, "line": 1})),
        ("A" * 13, ("booth_long", {"item": "A" * 13, "limit": 12, "line": 1})),
        ("1-600", ("booths_many", {"limit": 500})),
    ],
)
def test_a_list_with_a_mistake_is_refused_whole_and_names_the_line(text: str, problem: tuple[str, Any]) -> None:
    found = read_booths(text)
    assert found.rows == ()
    assert [(one.code, one.facts) for one in found.problems] == [problem]


def test_the_map_shows_every_booth_once_and_none_over_another() -> None:
    spots = [*ROW, *(Spot(at, f"B{at}", "B") for at in range(10, 21))]
    drawing = drawn(spots)
    assert [square.id for square in drawing.squares] == [*range(1, 7), *range(10, 21)]
    assert [row.name for row in drawing.rows] == ["A", "B"]
    for square in drawing.squares:
        assert 0 <= square.x <= square.x + square.width <= drawing.width + 0.01
        assert square.y + square.height <= drawing.height + 0.01
        for other in drawing.squares:
            apart = (
                square.x + square.width <= other.x
                or other.x + other.width <= square.x
                or square.y + square.height <= other.y
                or other.y + other.height <= square.y
            )
            assert apart or other is square
    assert drawn([]).squares == ()


def test_twenty_booths_stand_in_two_rows_along_an_alley_between_entrance_and_stage() -> None:
    spots = [
        Spot(at, f"{row}{at}", f"Dãy {row}") for row, first in (("A", 1), ("B", 11)) for at in range(first, first + 10)
    ]
    drawing = drawn(spots, Side.LEFT, Side.RIGHT)
    upper, lower = sorted({square.y for square in drawing.squares})
    assert [sum(square.y == y for square in drawing.squares) for y in (upper, lower)] == [10, 10]
    (alley,) = drawing.alleys
    assert upper + drawing.squares[0].height < alley < lower
    assert {(mark.name, mark.side) for mark in drawing.marks} == {("entrance", Side.LEFT), ("stage", Side.RIGHT)}
    for mark in drawing.marks:
        assert mark.y + mark.height <= drawing.height
        assert mark.x + mark.width <= drawing.width
        for square in drawing.squares:
            assert square.x + square.width <= mark.x or mark.x + mark.width <= square.x


def test_entrance_and_stage_at_one_side_stand_one_above_the_other() -> None:
    stage, entrance = drawn(ROW, Side.LEFT, Side.LEFT).marks
    assert (stage.name, entrance.name, stage.x, entrance.x) == ("stage", "entrance", 0.0, 0.0)
    assert stage.y + stage.height <= entrance.y
    assert drawn(ROW).marks == ()


def test_a_sheet_goes_by_the_names_of_its_columns_or_by_their_order() -> None:
    header = ("Field", "Who stands there", "Booth", "Power")
    rows = [(2, ("Y tế", "'=1+1", "A1", "yes")), (4, ("", "Lá; Xanh|Việt", "A2", ""))]
    assert lines_of(header, rows) == "\nA1; ; ; yes; =1+1\n\nA2; ; ; ; Lá, Xanh,Việt"
    assert lines_of(("A1-A2", "Dãy A"), [(2, ("B1", "Dãy B"))]) == "A1-A2; Dãy A\nB1; Dãy B"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đội Ổ Điện", ("Đội Ổ", "Điện")),
        ("Siêudàikhôngcách", ("Siêudàik", "hôngcách")),
        ("một hai ba bốn năm sáu bảy", ("một hai", "ba bốn…")),
        ("", ()),
    ],
)
def test_long_names_are_wrapped_and_cut(text: str, expected: tuple[str, ...]) -> None:
    assert wrapped(text, 8, 2) == expected


class Hall:
    """An edition with three teams and short ways to act."""

    def __init__(self, make: Make) -> None:
        self.make, self.edition = make, make.edition()
        self.fields = [make.field(self.edition, code) for code in ("edtech", "fintech")]
        self.round = make.round(self.edition, "final")
        self.captain = make.member(self.edition, Role.CAPTAIN)
        self.teams = [
            make.team(self.edition, self.captain if not at else None, name=f"Đội {name}")
            for at, name in enumerate("XYZ")
        ]
        self.entries = [
            make.submission(self.edition, team, field_id=self.fields[at % 2].id) for at, team in enumerate(self.teams)
        ]

    @property
    def by(self) -> dict[str, Any]:
        return {"edition_id": self.edition.id, "actor_id": None, "now": NOON}

    @property
    def fair(self) -> Fair:
        return fair_of(self.edition.id)

    def list(self, text: str) -> int:
        with unit_of_work():
            return services.add_booths(rows=read_booths(text).rows, **self.by)

    def invite(self) -> int:
        round_ = round_by_code(self.edition.id, "final")
        assert round_ is not None
        with unit_of_work():
            return services.invite_round(round_=round_, actor_id=None, now=NOON)

    def assign(self) -> int:
        with unit_of_work():
            return services.assign(**self.by)

    def guest(self, name: str, booth: str, *, power: bool = False) -> None:
        line = next(one for one in self.fair.guests if one.name == name)
        spot = next((one.public_id for one in self.fair.booths if one.spot.number == booth), "")
        with unit_of_work():
            services.save_guest(guest=line.public_id, booth=spot, power=power, note="", **self.by)

    def plan(self) -> dict[str, str]:
        return {one.guest.name: one.spot.number for one in self.fair.booths if one.guest}


@pytest.fixture
def hall(app: Flask, make: Make) -> Hall:
    return Hall(make)


@pytest.mark.both_databases
def test_teams_are_placed_by_the_rule_and_by_hand(app: Flask, make: Make) -> None:
    hall = Hall(make)
    assert hall.list("A1-A4; Dãy A; 3x3; có") == 4
    assert (hall.invite(), hall.invite()) == (3, 0)
    assert hall.assign() == 0
    assert hall.plan() == {"Đội X": "A1", "Đội Z": "A2", "Đội Y": "A3"}
    hall.guest("Đội Z", "A4")
    assert hall.assign() == 0
    assert hall.plan() == {"Đội X": "A1", "Đội Y": "A2", "Đội Z": "A4"}
    with pytest.raises(RuleBroken) as refused:
        hall.guest("Đội X", "A4")
    assert (refused.value.code, refused.value.facts) == ("booth_taken", {"item": "A4", "other": "Đội Z"})
    hall.guest("Đội Z", "")
    hall.assign()
    assert hall.plan() == {"Đội X": "A1", "Đội Z": "A2", "Đội Y": "A3"}
    assert db.session.query(AuditEntry).filter_by(action="booths.assigned").count() == 3


@pytest.mark.both_databases
def test_the_database_refuses_two_in_one_booth_and_a_team_twice(app: Flask, make: Make) -> None:
    hall = Hall(make)
    hall.list("A1\nA2")
    hall.invite()
    hall.assign()
    taken = next(one.booth_id for one in hall.fair.guests if one.booth_id)
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.execute(update(Exhibitor).values(booth_id=taken))
    with pytest.raises(IntegrityError), unit_of_work():
        db.session.add(Exhibitor(edition_id=hall.edition.id, kind=Kind.TEAM, team_id=hall.teams[0].id))


@pytest.mark.both_databases
def test_a_list_names_who_stands_where_and_never_two(app: Flask, make: Make) -> None:
    hall = Hall(make)
    code = hall.entries[1].code
    hall.list(f"A1;;;;{code};đội\nA2;;;có;Ngân hàng Xanh;nhà tài trợ")
    assert hall.plan() == {"Đội Y": "A1", "Ngân hàng Xanh": "A2"}
    assert hall.list("A1; Dãy mới; 4x4; có; đội y; đội") == 0
    assert (hall.fair.booths[0].spot.zone, hall.plan()["Đội Y"]) == ("", "A1")
    for text, refusal in (
        ("A2;;;;Đội Z;đội", "booth_taken"),
        ("A3;;;;Đội Y;đội", "guest_twice"),
        ("A3;;;;Đội lạ;đội", "team_unknown"),
    ):
        with pytest.raises(RuleBroken) as refused:
            hall.list(text)
        assert refused.value.code == refusal
    assert len(hall.fair.booths) == 2


def test_guests_come_once_and_leave(hall: Hall) -> None:
    def add(kind: Kind, name: str) -> None:
        with unit_of_work():
            services.add_guest(kind=kind, name=name, power=False, note="", **hall.by)

    add(Kind.COMPANY, "Vườn ươm")
    add(Kind.TEAM, hall.entries[0].code)
    for kind, name, refusal in (
        (Kind.EXPERT, "vườn ƯƠM", "guest_twice"),
        (Kind.TEAM, "Đội X", "guest_twice"),
        (Kind.TEAM, "Đội lạ", "team_unknown"),
    ):
        with pytest.raises(RuleBroken) as refused:
            add(kind, name)
        assert refused.value.code == refusal
    assert [one.name for one in hall.fair.guests] == ["Đội X", "Vườn ươm"]
    with unit_of_work():
        services.remove_guest(guest=hall.fair.guests[1].public_id, **hall.by)
    assert [one.name for one in hall.fair.guests] == ["Đội X"]
    with pytest.raises(NotFound), unit_of_work():
        services.remove_guest(guest="nobody", **hall.by)


def test_what_is_not_right_yet_is_told(hall: Hall) -> None:
    hall.list("A1\nA2\nA3;;;có")
    hall.invite()
    hall.guest("Đội X", "A1", power=True)
    hall.guest("Đội Y", "A2")
    hall.entries[1].status = SubmissionStatus.WITHDRAWN
    db.session.commit()
    assert [(one.code, one.item, one.booth) for one in remarks_of(hall.fair)] == [
        ("booth_no_power", "Đội X", "A1"),
        ("booth_missing", "Đội Z", ""),
        ("booth_team_left", "Đội Y", "A2"),
    ]
    with unit_of_work():
        services.remove_booth(booth=hall.fair.booths[0].public_id, **hall.by)
    assert hall.plan() == {"Đội Y": "A2"}


@pytest.fixture
def address(hall: Hall) -> str:
    return f"/e/{hall.edition.code}/organise/booths"


def committee(app: Flask, hall: Hall) -> Any:
    client = app.test_client()
    client.set_cookie("locale", "en")
    hall.make.sign_in(client, hall.make.member(hall.edition, Role.ORGANISER))
    return client


def test_the_pages_from_the_list_to_the_release(app: Flask, hall: Hall, address: str, noon: datetime) -> None:
    client = committee(app, hall)
    wrong = client.post(f"{address}/list", data={"text": "A1;;;maybe"})
    assert (wrong.status_code, "Line 1: write yes or no for the power" in wrong.text) == (422, True)
    assert client.post(f"{address}/list", data={"text": "A1-A4; Row A; 3x3; yes"}).status_code == 303
    assert client.post(f"{address}/teams", data={"round": "final"}).status_code == 303
    sponsor = {"kind": "sponsor", "name": "=1+1", "power": "y"}
    assert client.post(f"{address}/guests", data=sponsor).status_code == 303
    assert client.post(f"{address}/guests", data=sponsor).status_code == 409
    public = f"/e/{hall.edition.code}/exhibition"
    anybody = app.test_client()
    anybody.set_cookie("locale", "en")
    assert anybody.get(public).status_code == 404
    assert "/exhibition" not in anybody.get(f"/e/{hall.edition.code}/").text
    assert client.post(f"{address}/assign").status_code == 303
    assert hall.plan() == {"=1+1": "A1", "Đội X": "A2", "Đội Z": "A3", "Đội Y": "A4"}
    client.post(f"{address}/release", data={"released": "y", "place": "Sân trước"})
    page = anybody.get(public)
    assert (page.status_code, "Đội Z" in page.text, "Sân trước" in page.text) == (200, True, True)
    assert "Your booth" not in page.text
    assert f"{public}" in anybody.get(f"/e/{hall.edition.code}/").text
    captain = app.test_client()
    captain.set_cookie("locale", "en")
    hall.make.sign_in(captain, hall.captain)
    assert "Your booth: A2" in captain.get(public).text
    client.post(f"{address}/release", data={"place": "Sân trước"})
    assert anybody.get(public).status_code == 404


def test_the_list_and_the_map_leave_as_files(app: Flask, hall: Hall, address: str, tmp_path: Path) -> None:
    client = committee(app, hall)
    client.post(f"{address}/list", data={"text": "A1-A4; Row A; 3x3; yes\nB1;;;;=1+1;sponsor"})
    hall.invite()
    hall.assign()
    listed = client.get(f"{address}/list.csv").get_data()
    assert listed.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(listed.decode("utf-8-sig"))))
    assert rows[0] == ["Booth", "Row of booths", "Size", "Power", "Who stands there", "Kind of guest", "Idea", "Field"]
    assert rows[1] == ["B1", "", "", "no", "'=1+1", "Sponsor", "", ""]
    assert rows[2][:6] == ["A1", "Row A", "3x3", "yes", "Đội X", "Team"]
    svg = ET.fromstring(client.get(f"{address}/map.svg").text)  # noqa: S314  our own file
    texts = ["".join(one.itertext()) for one in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert {"A1", "Đội X", "=1+1"} <= set(texts)
    for paper, size in (("a4", "841.89 x 595.276"), ("a3", "1190.55 x 841.89")):
        answer = client.get(f"{address}/plan-{paper}.pdf")
        file = tmp_path / f"{paper}.pdf"
        file.write_bytes(answer.get_data())
        told = subprocess.run([PDFINFO, str(file)], capture_output=True, text=True, check=True).stdout
        assert size in told
        text = subprocess.run([PDFTOTEXT, "-layout", str(file), "-"], capture_output=True, text=True, check=True).stdout
        map_page, list_page = text.split("\f")[:2]
        assert "Đội X" in map_page
        assert "A1" in map_page
        assert "3x3" in list_page


def test_a_sheet_is_shown_before_it_is_read_in(app: Flask, hall: Hall, address: str, tmp_path: Path) -> None:
    client = committee(app, hall)

    def look(name: str, data: bytes) -> Any:
        return client.post(f"{address}/sheet", data={"file": (io.BytesIO(data), name)})

    book = openpyxl.Workbook()
    page: Any = book.active
    page.append(["Kích thước", "Số gian", "Đơn vị", "Loại đơn vị", "Điện"])
    page.append(["3x3", "A1", "Đội X", "Đội thi", "Có"])
    page.append(["3x3", "A2-A4", None, None, "Không"])
    book.save(tmp_path / "gian.xlsx")
    seen = look("gian.xlsx", (tmp_path / "gian.xlsx").read_bytes())
    assert (seen.status_code, "4 booths would be read in" in seen.text) == (200, True)
    assert not hall.fair.booths
    (text,) = re.findall(r'<textarea[^>]*name="text"[^>]*>(.*?)</textarea>', seen.text, re.DOTALL)
    assert client.post(f"{address}/list", data={"text": text}).status_code == 303
    assert [(one.spot.number, one.size, one.spot.power) for one in hall.fair.booths] == [
        ("A1", "3x3", True),
        *[(f"A{at}", "3x3", False) for at in (2, 3, 4)],
    ]
    assert hall.plan() == {"Đội X": "A1"}

    wrong = look("gian.csv", b"Booth;Power\nB1;yes\nB2;maybe\nB1;no\n")
    assert wrong.status_code == 422
    assert "Line 3: write yes or no for the power" in wrong.text
    assert "Line 4: booth B1 stands in line 2 already" in wrong.text
    assert "gian.csv, row 2: This row has another number of cells" in look("gian.csv", b"Booth;Power\nB1;yes;3\n").text
    assert "or as .xlsx" in look("gian.xls", b"\xd0\xcf\x11\xe0" + bytes(600)).text
    assert look("gian.csv", b"").status_code == 422
    back = client.get(f"{address}/list.csv").get_data()
    assert "4 booths would be read in" in look("back.csv", back).text
    assert len(hall.fair.booths) == 4


def test_entrance_and_stage_are_on_the_map(app: Flask, hall: Hall, address: str) -> None:
    client = committee(app, hall)
    client.post(f"{address}/list", data={"text": "A1-A20"})
    sides = {"place": "Sân trước", "entrance": "left", "stage": "right"}
    assert "ENTRANCE" not in client.get(f"{address}/map.svg").text
    assert client.post(f"{address}/release", data={**sides, "stage": "above"}).status_code == 422
    assert client.post(f"{address}/release", data=sides).status_code == 303
    svg = client.get(f"{address}/map.svg").text
    assert [svg.count(word) for word in ("ENTRANCE", "STAGE", "ALLEY")] == [1, 1, 1]


def test_others_may_not_change_the_plan(app: Flask, hall: Hall, address: str, make: Make) -> None:
    observer = app.test_client()
    make.sign_in(observer, make.member(hall.edition, Role.OBSERVER))
    assert observer.get(address).status_code == 200
    assert observer.post(f"{address}/assign").status_code == 403
    captain = app.test_client()
    make.sign_in(captain, hall.captain)
    assert captain.get(address).status_code == 403


def test_an_edition_in_the_archive_keeps_its_plan(hall: Hall) -> None:
    hall.list("A1")
    db.session.execute(update(Edition).values(state="archived"))
    db.session.commit()
    with pytest.raises(RuleBroken) as refused:
        hall.list("A2")
    assert (refused.value.code, len(hall.fair.booths)) == ("edition_archived", 1)
