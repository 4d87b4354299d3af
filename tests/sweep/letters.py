"""Letters of the world: one that waits to be screened in a closed round, a released one in a published round."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from contest.feedback import services
from contest.feedback.queries.queue import letter_of, letters_of
from contest.feedback.states import Act, Languages
from contest.infra.db import db, unit_of_work
from contest.judging.models import Assignment, Scorecard
from tests.factories import NOON

PLAIN, FLAGGED = "Nên có thêm số liệu.", "Gọi 0903 123 782."


def write_letters(rounds: Mapping[str, int], organiser_id: int) -> dict[str, list[str]]:
    """Draft letters in the rounds "closed" and "published"; return the ids that addresses are made of.

    In the closed round one letter is screened, one waits, and one without comments is released already.
    """
    for round_id in rounds.values():
        _comments(round_id, FLAGGED if round_id == rounds["published"] else PLAIN)
        by: dict[str, Any] = {"round_id": round_id, "actor_id": organiser_id, "now": NOON}
        with unit_of_work():
            services.prepare_letters(languages=Languages.BOTH, with_place=True, **by)
    with unit_of_work():
        by = {"round_id": rounds["published"], "actor_id": organiser_id, "now": NOON}
        services.approve_unflagged(**by)
        services.release_screened(**by)
    by["round_id"] = rounds["closed"]
    letters = letters_of(rounds["closed"])
    held = [letter for letter in letters if letter.waiting]
    found = [letter_of(rounds["closed"], letter.public_id) for letter in held]
    comments = [one.comments[0] for one in found if one is not None]
    with unit_of_work():
        services.screen_comment(
            comment=comments[0].public_id, act=Act.APPROVED, text="", reason="", version=comments[0].version, **by
        )
        services.release_letter(letter=next(one.public_id for one in letters if not one.waiting), **by)
    return {
        "letter_id": [one.public_id for one in (*held, *(one for one in letters if not one.waiting))],
        "comment_id": [one.public_id for one in comments],
    }


def _comments(round_id: int, second: str) -> None:
    cards = db.session.scalars(
        select(Scorecard.id).join(Assignment).where(Assignment.round_id == round_id).order_by(Scorecard.id)
    ).all()
    with unit_of_work() as session:
        for number, card in enumerate(cards):
            text = second if number % 2 else PLAIN
            session.execute(update(Scorecard).where(Scorecard.id == card).values(feedback=text))
