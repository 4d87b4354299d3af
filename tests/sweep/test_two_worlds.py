"""H2: two worlds that differ in what is secret alone look the same to everybody who must not know it.

Each page, file, header and mail is compared, in an edition that is announced, taken back to a draft, or archived; its
rounds stand in every state at once.
"""

from __future__ import annotations

import random
import re
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, Response
from pypdfium2 import PdfDocument
from scipy.stats import mannwhitneyu
from sqlalchemy import func, select, update
from werkzeug.routing import Rule

from contest.editions import services as editions
from contest.editions.models import Edition
from contest.editions.phases import EditionState
from contest.infra import mail
from contest.infra.db import db, unit_of_work
from contest.judging.models import Score
from tests.factories import NOON
from tests.sweep.addresses import readable, true_paths
from tests.sweep.secret_values import MIRRORED, SHIFTED, change_secrets, edition_id_of, settle_again
from tests.sweep.site import Picture, Site
from tests.sweep.test_reading import OPEN_TO, guard_of

pytestmark = pytest.mark.trust

# Entitled to no mark at all, and judges, who are entitled to their own.
OUTSIDE = (
    "visitor", "newcomer", "captain", "other captain", "member", "mentor", "foreign organiser", "foreign judge",
    "closed account",
)  # fmt: skip
JUDGES = ("judge", "second judge", "idle judge", "barred judge")
BRIEF = ("visitor", "captain", "second judge", "member")
STATES = ("announced", "draft", "archived")
PUBLIC = ("public", "edition_public")
SIGNED = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}")
LINK = re.compile(r"/s/[\w-]+")  # into the site, for one person and once
KEY = re.compile(r'name="key" value="[^"]*"')  # of one sending, drawn anew for every page
PASSING = {"Date", "Expires", "Set-Cookie"}  # told by the clock of the server, which is not stopped
TRIES, PAIRS = 3, 200
ALIKE_SECONDS = 0.002

Seen = dict[str, tuple[int, object, object]]


@dataclass(frozen=True, slots=True)
class Worlds:
    """Pictures of the world as it is, and with other secrets."""

    one: Picture
    other: Picture


def picture_of(app: Flask, picture: Picture, *, changed: bool, spared: str = "", marks: str = MIRRORED) -> Picture:
    """Return the picture of a world, with other secrets when `changed`; both have been settled anew."""
    site = Site(app, picture)
    if changed:
        counted = change_secrets(site, spared=spared, marks=marks)
        assert counted["scores"] > 10
    settle_again(site)
    kept = site.kept(picture.world)
    site.close()
    return kept


@pytest.fixture(scope="session")
def pictures() -> dict[str, Picture]:
    """What was made already, by the name of the judge who is spared."""
    return {}


@pytest.fixture
def worlds_for(full_site: Site, full_picture: Picture, pictures: dict[str, Picture]) -> Callable[[str], Worlds]:
    def find(spared: str) -> Worlds:
        if "as it is" not in pictures:
            pictures["as it is"] = picture_of(full_site.app, full_picture, changed=False)
        if spared not in pictures:
            pictures[spared] = picture_of(full_site.app, full_picture, changed=True, spared=spared)
        return Worlds(pictures["as it is"], pictures[spared])

    return find


def bring(site: Site, state: str) -> None:
    """Bring the edition into a state: nothing leads back to a draft, so that one is written."""
    edition_id = edition_id_of(site)
    with unit_of_work() as session:
        if state == "draft":
            session.execute(update(Edition).where(Edition.id == edition_id).values(state=EditionState.DRAFT))
        elif state == "archived":
            editions.archive(edition_id=edition_id, actor_id=site.world.own.people_ids["organiser"], now=NOON)


def paths_for(site: Site, role: str, rules: Iterable[Rule], closed: int = 1) -> list[str]:
    """Return every address that a guard opens to a role, and a few of each that it does not."""
    found: list[str] = []
    for rule in rules:
        paths = true_paths(site.app, rule, site.world.own)
        inside = role in OPEN_TO[guard_of(site, rule)] or role in JUDGES
        found += paths if inside else paths[:closed]
    return list(dict.fromkeys(found))


def seen(site: Site, role: str, paths: list[str]) -> Seen:
    """Return what a role gets: status, headers, how many cookies, and what the body says."""
    found: Seen = {}
    client = site.person(role)
    for path in paths:
        with client.get(path) as answer:
            typeset = answer.mimetype == "application/pdf"
            passing = PASSING | ({"Content-Length", "ETag"} if typeset else set())
            headers = sorted((name, value) for name, value in answer.headers if name not in passing)
            cookies = len(answer.headers.getlist("Set-Cookie"))
            found[path] = (answer.status_code, (headers, cookies), said(answer.get_data(), typeset=typeset))
    return found


def said(data: bytes, *, typeset: bool) -> object:
    """Return a body without its tokens; of a typeset file, which holds a random number, the text of each page."""
    if typeset and data.startswith(b"%PDF") and len(data) > 1000:
        with PdfDocument(data) as document:
            return [page.get_textpage().get_text_bounded() for page in document]
    return KEY.sub("", SIGNED.sub("", data.decode("utf-8", "replace")))


def differing(app: Flask, worlds: Worlds, state: str, roles: Iterable[str]) -> list[str]:
    """Return what differs between the worlds, as "role path"."""
    answers: list[dict[str, Seen]] = []
    for picture in (worlds.one, worlds.other):
        site = Site(app, picture)
        bring(site, state)
        answers.append({role: seen(site, role, paths_for(site, role, readable())) for role in roles})
        site.close()
    one, other = answers
    assert all(len(one[role]) > 150 for role in roles)
    return [f"{role} {path}" for role in roles for path in one[role] if one[role][path] != other[role][path]]


@pytest.mark.parametrize("state", STATES)
def test_rs_01_nobody_outside_sees_which_of_two_worlds_it_is(
    full_site: Site, worlds_for: Callable[[str], Worlds], state: str
) -> None:
    roles = OUTSIDE if state == "announced" else [role for role in OUTSIDE if role in BRIEF]
    assert differing(full_site.app, worlds_for(""), state, roles) == []


@pytest.mark.parametrize("role", JUDGES)
def test_rs_01_a_judge_sees_nothing_of_what_others_wrote(
    full_site: Site, worlds_for: Callable[[str], Worlds], role: str
) -> None:
    for state in ("announced", "archived") if role in BRIEF else ("announced",):
        assert differing(full_site.app, worlds_for(role), state, [role]) == []


def test_whoever_may_know_sees_that_the_worlds_differ(full_site: Site, worlds_for: Callable[[str], Worlds]) -> None:
    worlds, own = worlds_for(""), full_site.world.own
    shown: list[dict[str, Seen]] = []
    results = [f"/e/{own.code}/organise/results/{code}" for code in own.ids["round_code"][2:3]]
    for picture in (worlds.one, worlds.other):
        site = Site(full_site.app, picture)
        shown.append({"organiser": seen(site, "organiser", results)})
        site.close()
    assert [path for path in results if shown[0]["organiser"][path] != shown[1]["organiser"][path]] == results


def hidden_sum() -> int:
    return int(db.session.scalar(select(func.sum(Score.points * Score.criterion_id))) or 0)


@pytest.mark.parametrize("plant", ["header", "body", "length"])
def test_a_planted_leak_is_noticed(
    full_site: Site, worlds_for: Callable[[str], Worlds], monkeypatch: pytest.MonkeyPatch, plant: str
) -> None:
    app = full_site.app
    view: Callable[..., Any] = app.view_functions["editions.public"]

    def telling(*args: Any, **kwargs: Any) -> Response:
        answer = app.make_response(view(*args, **kwargs))
        if plant == "header":
            answer.headers["X-Order"] = str(hidden_sum())
        elif plant == "body":
            answer.set_data(answer.get_data() + f"<!-- {hidden_sum()} -->".encode())
        else:
            answer.set_data(answer.get_data() + b" " * (hidden_sum() % 97))
        return answer

    vars(telling)["__guard__"] = "edition_public"
    monkeypatch.setitem(app.view_functions, "editions.public", telling)
    found = differing(app, worlds_for(""), "announced", ["visitor"])
    assert f"visitor /e/{full_site.world.own.code}/" in found


def test_rs_04_public_lists_stand_alike_whatever_the_marks_are(full_site: Site, full_picture: Picture) -> None:
    app, shown = full_site.app, []
    pictures = [picture_of(app, full_picture, changed=True, marks=marks) for marks in (MIRRORED, SHIFTED)]
    for picture in (picture_of(app, full_picture, changed=False), *pictures):
        site = Site(app, picture)
        rules = [rule for rule in readable() if guard_of(site, rule) in PUBLIC]
        shown.append(seen(site, "visitor", paths_for(site, "visitor", rules)))
        site.close()
    assert len(shown[0]) > 30
    assert [path for path in shown[0] if not shown[0][path] == shown[1][path] == shown[2][path]] == []


def test_rs_01_mails_tell_nothing(full_site: Site, worlds_for: Callable[[str], Worlds]) -> None:
    """Every mail is the same in both worlds, but for signed heads of the trail, which are drawn from chance."""
    sent: list[list[tuple[str, str, str]]] = []
    worlds, own = worlds_for(""), full_site.world.own
    open_to_titles = f"/e/{own.code}/organise/rounds/{own.ids['round_code'][3]}/titles"
    for picture in (worlds.one, worlds.other):
        site = Site(full_site.app, picture)
        organiser = site.person("organiser")
        organiser.post(f"{open_to_titles}/open")
        for path in (f"{open_to_titles}/remind", f"/e/{own.code}/organise/booths/invite"):
            organiser.post(path)
        until = {"until": "2026-12-30T17:00", "number": "2762", "decided_on": "2026-10-07", "reason": "Bão số 9"}
        organiser.post(f"/e/{own.code}/organise/deadlines", data=until)
        db.session.rollback()
        found = db.session.scalars(select(mail.OutboxMail).order_by(mail.OutboxMail.id))
        sent.append(
            [(one.recipient, one.subject, LINK.sub("", one.body)) for one in found if "head.json" not in one.body]
        )
        site.close()
    assert sent[0] == sent[1]


SENSITIVE = (
    ("visitor", "/e/{code}/results/{confirmed}"),
    ("visitor", "/e/{code}/"),
    ("captain", "/e/{code}/team/{submission}/results"),
    ("judge", "/e/{code}/judging/"),
)


@pytest.mark.parametrize(("role", "path"), SENSITIVE)
def test_rs_03_no_time_tells_the_worlds_apart(
    full_site: Site, worlds_for: Callable[[str], Worlds], role: str, path: str
) -> None:
    """Pairs in random order; a busy machine may spoil a try, so that one good try of three is enough."""
    own = full_site.world.own
    address = path.format(code=own.code, confirmed=own.ids["round_code"][5], submission=own.ids["submission_id"][0])
    worlds = worlds_for(role if role == "judge" else "")
    sites = [Site(full_site.app, picture) for picture in (worlds.one, worlds.other)]
    order = random.Random(5)
    try:
        assert any(alike(sites, role, address, order) for _ in range(TRIES))
    finally:
        for site in sites:
            site.close()


def alike(sites: list[Site], role: str, address: str, order: random.Random) -> bool:
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(2 * PAIRS // 20):  # twenty requests to a world before the other takes its place
        for place in order.sample((0, 1), 2):
            sites[place].restore()
            client = sites[place].person(role)
            client.get(address)  # the first one fills what the process keeps
            for _ in range(10):
                began = time.perf_counter()
                client.get(address).close()
                spent[place].append(time.perf_counter() - began)
        del turn
    assert len(spent[0]) == len(spent[1]) == PAIRS
    close = abs(statistics.median(spent[0]) - statistics.median(spent[1])) < ALIKE_SECONDS
    return close or bool(mannwhitneyu(*spent).pvalue > 0.01)
