"""RS-01: while a ceremony is prepared, rehearsed and played, nobody without the right sees anything of who won.

Two worlds that differ in who wins alone (points of the ledger, which only the committee sees) are walked through by
everybody else: every page, file and header must be the same until the results are published.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from contest.editions.models import Edition, Round
from contest.editions.queries import edition_by_code
from contest.editions.rules import LocalText, RoundKind
from contest.infra import mail
from contest.infra.db import db, unit_of_work
from contest.results import services as results
from contest.results.award_rules import AwardSpec
from contest.results.services import awards
from contest.stage.models import Ceremony
from contest.stage.queries.ceremony import ceremony_of
from contest.stage.services import ceremony as services
from tests.factories import NOON
from tests.sweep.addresses import readable, true_paths
from tests.sweep.site import Site
from tests.sweep.test_reading import GLOBAL
from tests.sweep.test_stakes import known

pytestmark = pytest.mark.trust  # walks through the whole site

CONFIRMED = 5  # the place of the confirmed round in the world's list
OUTSIDERS = ("visitor", "captain", "judge")
STEPS = ("rehearsed", "played")
# Typeset anew at each request: their bytes hold a random number. What they say is tested where they are made.
TYPESET = (".pdf", ".docx", ".zip")
SIGNED = re.compile(r"[\w-]{20,}\.[\w-]{6}\.[\w-]{27}")
KEY = re.compile(r'name="key" value="[^"]*"')  # of one sending, drawn anew for every page
PASSING = {"Date", "Set-Cookie"}


def crown(site: Site, winner: int) -> tuple[int, int]:
    """Let one of two entries win the confirmed round, settle its award; return the edition's and the round's id."""
    site.restore()
    code = site.world.own.ids["round_code"][CONFIRMED]
    edition = edition_by_code(site.world.own.code)
    assert edition is not None
    edition_id = edition.id
    round_id = db.session.scalars(select(Round.id).where(Round.edition_id == edition_id, Round.code == code)).one()
    people, entry = site.world.own.people_ids, site.world.own.ids["submission_code"][winner]
    by: dict[str, Any] = {"actor_id": people["organiser"], "now": NOON}
    chair: dict[str, Any] = {"actor_id": people["chair"], "now": NOON}
    spec = AwardSpec("crown", LocalText("Giải Vương miện", "Crown"), code)
    with unit_of_work() as session:
        session.execute(update(Round).where(Round.id == round_id).values(kind=RoundKind.FINAL))
        results.unconfirm_round(round_id=round_id, reason="Cộng điểm", **chair)
        results.add_entry(round_id=round_id, submission=entry, points=Decimal(15), reason="Thưởng", **by)
        results.confirm_round(edition=edition, round_id=round_id, **chair)
        results.finalise_round(edition=edition, round_id=round_id, **by)
        awards.add_award(edition_id=edition_id, spec=spec, **by)
        awards.settle_awards(edition_id=edition_id, reason="Thêm giải", **by)
    return edition_id, round_id


def stage(site: Site, edition_id: int, step: str) -> str:
    """Bring the ceremony as far as `step`; return what the operator's screen holds then."""
    code = site.world.own.ids["round_code"][CONFIRMED]
    by: dict[str, Any] = {"actor_id": site.world.own.people_ids["organiser"], "now": NOON}
    with unit_of_work():
        made = services.prepare_ceremony(edition_id=edition_id, round_code=code, **by)
    home, operator = f"/e/{site.world.own.code}/organise/ceremony/{made}", site.person("organiser")
    told: str = operator.post(f"{home}/rehearsal/load").get_data(as_text=True)
    if step == "rehearsed":
        return told
    answer = operator.post(f"{home}/live/load")
    assert answer.status_code == 200, answer.text
    ceremony = ceremony_of(edition_id, made)
    assert ceremony is not None
    with unit_of_work():
        pairing = services.pair_phone(ceremony=ceremony, **by)
    remote = f"/e/{site.world.own.code}/remote"
    for verb in ("next", "next", "blackout"):
        assert site.person("visitor").post(remote, data={"code": pairing, "verb": verb}).status_code == 200
    assert operator.post(f"{home}/live/presses", data={"after": "0"}).status_code == 200
    return str(answer.get_json()["steps"])


def pages(site: Site) -> Iterator[str]:
    for rule in readable():
        if set(rule.arguments) <= GLOBAL | {"round_code"} or known(rule, site):
            yield from (path for path in true_paths(site.app, rule, site.world.own)[:2] if not path.endswith(TYPESET))


def seen(site: Site, role: str, paths: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for path in paths:
        with site.person(role).get(path) as answer:
            headers = sorted((name, value) for name, value in answer.headers if name not in PASSING)
            found[path] = (
                answer.status_code,
                headers,
                KEY.sub("", SIGNED.sub("", answer.get_data().decode("utf-8", "replace"))),
            )
    return found


@pytest.mark.parametrize("step", STEPS)
def test_two_worlds_look_alike_to_everybody_outside(site: Site, step: str) -> None:
    worlds, packs, paths = [], [], sorted(set(pages(site)))
    for winner in (0, 1):
        edition_id, _ = crown(site, winner)
        packs.append(stage(site, edition_id, step))
        mails = db.session.scalars(select(mail.OutboxMail).order_by(mail.OutboxMail.id))
        # A signed head of the trail is a salted digest of all that was done: it differs and tells nothing.
        letters = [(one.recipient, one.subject, one.body) for one in mails if "head.json" not in one.body]
        worlds.append(({role: seen(site, role, paths) for role in OUTSIDERS}, letters))
    (one, sent), (other, also) = worlds
    assert [(role, path) for role in OUTSIDERS for path in paths if one[role][path] != other[role][path]] == []
    assert sent == also
    assert (packs[0] == packs[1]) == (step != "played")  # the worlds do differ, for whoever may know
    assert len(paths) > 100


@pytest.mark.parametrize("role", [*OUTSIDERS, "newcomer", "foreign organiser", "observer", "chair"])
def test_nobody_else_opens_the_screens(site: Site, role: str) -> None:
    edition_id, _ = crown(site, 0)
    stage(site, edition_id, "played")
    public_id = db.session.scalars(
        select(Ceremony.public_id).join(Edition).where(Edition.id == edition_id).order_by(Ceremony.id.desc())
    ).first()
    home = f"/e/{site.world.own.code}/organise/ceremony"
    person = site.person(role)
    answers = [person.get(f"{home}/{public_id}/live/{screen}").status_code for screen in ("operator", "projector")]
    answers += [person.post(f"{home}/{public_id}/{mode}/load").status_code for mode in ("live", "rehearsal")]
    assert not set(answers) & {200}
    assert set(answers) <= {303, 401, 403, 404}
