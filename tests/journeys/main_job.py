"""The main job, told once for any driver: set up, register, submit, assign, score, rank, advance, final, workbook."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import openpyxl

from tests.journeys.driver import Driver
from tests.submissions.samples import pdf

CODE = "hanh-trinh"
BASE = f"/e/{CODE}"
HERE = ZoneInfo("Asia/Ho_Chi_Minh")
TEAMS = ("Đội Sóng Xanh", "Đội Mực Tím", "=1+1")
JUDGES = ("Vũ Hoàng Long", "Trần Ngọc Ánh", "Đỗ Minh Ân")
# Marks of each team in the preliminary round, by judge, the same for all six criteria of 0 to 10.
MARKS = {"Đội Sóng Xanh": ("8", "8.5", "9"), "Đội Mực Tím": ("7,5", "8", "7"), "=1+1": ("4", "5.5", "4,5")}
FINAL_MARKS = {"Đội Sóng Xanh": ("7", "7", "7.5"), "Đội Mực Tím": ("9", "8.5", "9")}


@dataclass
class Cast:
    """How to get drivers and one-time links."""

    new_person: Callable[[], Driver]
    organiser_token: str


def sign_in(person: Driver, token: str) -> None:
    person.open(f"/s/{token}")
    person.press("English")
    person.press("Sign in as")


def wall(moment: datetime) -> str:
    """Return what a date-and-time field holds."""
    return moment.astimezone(HERE).strftime("%Y-%m-%dT%H:%M")


def set_up(organiser: Driver, now: datetime) -> None:
    organiser.open("/editions/new")
    organiser.fill(name_vi="Hành trình thử", name_en="Trial journey", organiser="UBND Phường Thử", code=CODE)
    organiser.press("Create the edition")
    organiser.open(f"{BASE}/organise/setup/basics")
    organiser.fill(submissions_open=wall(now - timedelta(days=1)), submissions_close=wall(now + timedelta(days=1)))
    organiser.press("Save")
    organiser.open(f"{BASE}/organise/setup/parts")
    organiser.press("Add the usual parts")
    organiser.press("Save")
    for kind, template in (("preliminary", "ward-preliminary"), ("final", "ward-final")):
        organiser.open(f"{BASE}/organise/setup/rounds")
        organiser.fill(kind=kind, template=template)
        organiser.press("Add the round")
    for code, extra in zip(round_codes(organiser), ({"advance_top": "2"}, {}), strict=True):
        organiser.open(f"{BASE}/organise/setup/round/{code}")
        organiser.fill(judges_per_submission="3", min_judges="3", decimals="2", **extra)
        organiser.press("Save")
    organiser.open(f"{BASE}/organise/")
    organiser.press("Announce")


def round_codes(organiser: Driver) -> list[str]:
    organiser.open(f"{BASE}/organise/setup/rounds")
    return list(dict.fromkeys(re.findall(r"· ([a-z0-9-]+) ·", organiser.text)))


def register_and_submit(captain: Driver, team: str, number: int) -> None:
    captain.open(f"{BASE}/register")
    captain.press("English")
    captain.fill(
        name=team,
        school="THPT Hoa Phượng",
        captain_name=f"Đội trưởng {number}",
        captain_band="from_18",
        phone=f"09031237{number:02d}",
        password="bốn từ không liên quan",
        title=f"Ý tưởng của {team}",
    )
    captain.press("Register")
    consent(captain, f"Đội trưởng {number}")
    captain.open(f"{BASE}/team/")
    captain.fill(summary="Bản đồ ngập nước theo thời gian thực cho khu phố của chúng em.")
    captain.press("Save")
    upload_all(captain)
    captain.press("Check and hand in")
    captain.press("Hand in")
    assert "SHA-256" in captain.text, captain.text


def consent(captain: Driver, name: str) -> None:
    """Agree to take part, led by the checklist, as somebody of age who needs nobody else."""
    captain.open(f"{BASE}/team/")
    captain.follow(f"{name} agrees to take part")
    captain.fill(take_part="y", signed=name)
    captain.press("I agree to what I ticked")
    assert "Agreed" in captain.text, captain.text


def upload_all(captain: Driver) -> None:
    for place in range(2):  # two required parts are files
        captain.upload(place, "bai.pdf", pdf())
        captain.press("Upload")


def invite_judges(organiser: Driver) -> list[str]:
    """Paste the list of judges, print the sheet and return their six-digit codes."""
    organiser.open(f"{BASE}/organise/judges/import")
    organiser.fill(text="\n".join(f"{name}; Đơn vị {place}" for place, name in enumerate(JUDGES)))
    organiser.press("Check the list")
    organiser.press("Add 3 judges")
    organiser.open(f"{BASE}/organise/judges")
    organiser.press("Print codes for all")
    found = [re.search(rf"([0-9]{{3}} [0-9]{{3}}) {name}", organiser.text) for name in JUDGES]
    return [match[1].replace(" ", "") for match in found if match]


def enter_by_code(judge: Driver, code: str) -> None:
    judge.open(f"{BASE}/door")
    judge.press("English")
    judge.fill(code=code)
    judge.press("Enter")


def assign(organiser: Driver, round_code: str) -> None:
    organiser.open(f"{BASE}/organise/rounds/{round_code}/assignments")
    organiser.press("Propose a plan")
    organiser.press("Put this plan in force")
    organiser.open(f"{BASE}/organise/rounds/{round_code}/assignments")
    organiser.press("Open the scoring")


def score_everything(judge: Driver, seat: int, marks: Mapping[str, tuple[str, ...]]) -> None:
    """Score paper after paper, as the list offers them, until nothing is left."""
    for _ in marks:
        judge.open(f"{BASE}/judging/")
        judge.follow("Continue with" if "Continue with" in judge.text else "Start with")
        team = next(name for name in marks if f"Ý tưởng của {name}" in judge.text)
        judge.fill_all("mark", marks[team][seat])
        judge.fill(feedback="Ý tưởng gần với đời sống.")
        judge.press("Submit")
    judge.open(f"{BASE}/judging/")
    assert f"{len(marks)}/{len(marks)}" in judge.text, judge.text


def finish_round(organiser: Driver, round_code: str) -> None:
    organiser.open(f"{BASE}/organise/results/{round_code}")
    organiser.press("Close the scoring")
    organiser.press("Confirm the results")
    organiser.press("Finalise")


def expected(marks: Mapping[str, tuple[str, ...]], maximum: int = 100) -> dict[str, str]:
    """Return each team's printed result: every criterion has the same mark, so the total is mark x weights."""
    weights = Decimal(maximum) / 10
    results = {}
    for team, given in marks.items():
        total = sum((Decimal(mark.replace(",", ".")) * weights for mark in given), Decimal(0))
        results[team] = f"{total / len(given):.2f}"
    return results


def check_ranking(organiser: Driver, round_code: str, marks: Mapping[str, tuple[str, ...]]) -> None:
    """The page and the reopened workbook say the same, to the last digit."""
    results = expected(marks)
    order = sorted(results, key=lambda team: -Decimal(results[team]))
    organiser.open(f"{BASE}/organise/results/{round_code}")
    places = [organiser.text.index(f"Ý tưởng của {team}") for team in order]
    assert places == sorted(places)
    assert all(results[team] in organiser.text for team in order)
    sheet = openpyxl.load_workbook(BytesIO(organiser.download("Excel workbook")), data_only=True)["Ranking"]
    rows = [(row[0], row[3], f"{row[6]:.2f}") for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert rows == [(place, team, results[team]) for place, team in enumerate(order, start=1)]


def run(cast: Cast, now: datetime) -> None:
    """Tell the whole story."""
    organiser = cast.new_person()
    sign_in(organiser, cast.organiser_token)
    set_up(organiser, now)
    first, final = round_codes(organiser)
    for number, team in enumerate(TEAMS):
        register_and_submit(cast.new_person(), team, number)
    judges = [cast.new_person() for _ in JUDGES]
    for judge, code in zip(judges, invite_judges(organiser), strict=True):
        enter_by_code(judge, code)
    for round_code, marks in ((first, MARKS), (final, FINAL_MARKS)):
        assign(organiser, round_code)
        for seat, judge in enumerate(judges):
            score_everything(judge, seat, marks)
        finish_round(organiser, round_code)
        check_ranking(organiser, round_code, marks)
        if round_code == first:
            organiser.follow("Who advances")
            organiser.press("Let these 2 advance")
    organiser.open(f"{BASE}/organise/results/{final}")
    organiser.fill(confirm=final)
    organiser.press("Publish")
    visitor = cast.new_person()
    visitor.open(f"{BASE}/results/{final}")
    assert visitor.text.index("Đội Mực Tím") < visitor.text.index("Đội Sóng Xanh")
