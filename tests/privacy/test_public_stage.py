"""The screens of the ceremony and the exhibition name nobody without consent, and show no photo without one."""

from __future__ import annotations

from dataclasses import replace

from contest.editions.rules import LocalText
from contest.letters import name_digest
from contest.results.award_list import Prize
from contest.stage.booths import Guest, Kind, Spot
from contest.stage.ceremony import Portrait, payload_of, public_step, shown_portraits
from contest.stage.queries.booths import BoothLine, Fair, GuestLine, public_fair
from contest.stage.script import Step, StepKind
from contest.submissions.public_names import PublicNames

AN, BINH = "Trần Anh Dung", "Vũ Thị Bình"
NAMES = PublicNames(
    named={"MS-2": frozenset({name_digest(BINH)})},
    people={"MS-1": (AN,), "MS-2": (BINH,)},
    photos=frozenset({"MS-2"}),
)


def prize(code: str, team: str, *members: str) -> Prize:
    return Prize(code, "Bản đồ ngập", team, "THPT", members, 1, "90", shared=False, amount=0)


def step() -> Step:
    winners = (prize("MS-1", f"Đội {AN}", AN), prize("MS-2", f"Đội {BINH}", BINH))
    return Step("a", StepKind.AWARD, LocalText("Giải Nhất", "First"), beats=(winners,))


def test_pr_03_the_screens_say_the_code_of_a_team_that_bears_a_name_without_consent() -> None:
    shown = payload_of(public_step(step(), NAMES), {})
    assert [one["team"] for one in shown["beats"][0]] == ["MS-1", f"Đội {BINH}"]


def test_pr_03_no_photo_without_consent_and_nothing_of_a_hidden_team() -> None:
    held = {code: Portrait("Một ý tưởng hay", "data:image/png;base64,x", "đọc") for code in ("MS-1", "MS-2")}
    shown = shown_portraits(held, NAMES)
    assert (shown["MS-1"].photo, shown["MS-2"].photo) == ("", "data:image/png;base64,x")
    assert shown["MS-1"].idea == "Một ý tưởng hay"
    assert shown_portraits(held, replace(NAMES, hidden=frozenset({"MS-2"})))["MS-2"] == Portrait()


def test_pr_03_the_exhibition_tells_no_name_without_consent_nor_who_has_left() -> None:
    def guest(number: int, code: str, name: str, *, here: bool = True) -> GuestLine:
        held = Guest(number, Kind.TEAM, code)
        return GuestLine(held, f"g{number}", name, "Bản đồ", "", "", number, by_hand=False, team_id=number, here=here)

    guests = (guest(1, "MS-1", f"Đội {AN}"), guest(2, "MS-2", f"Đội {BINH}"), guest(3, "Đội Cũ", "Đội Cũ", here=False))
    booths = tuple(
        BoothLine(Spot(one.guest.id, str(one.guest.id), "A", power=False), f"b{one.guest.id}", "", "", one)
        for one in guests
    )
    shown = public_fair(Fair(None, "", booths, guests), NAMES)
    assert [one.name for one in shown.guests] == ["MS-1", f"Đội {BINH}", "–"]
    assert [one.guest.name for one in shown.booths if one.guest] == ["MS-1", f"Đội {BINH}", "–"]
