"""The mail that tells a team of its letter: once, with the publication or with a release after it."""

from __future__ import annotations

from datetime import datetime

from contest.editions.facts import EditionFacts
from contest.editions.queries import round_by_id
from contest.feedback import services
from contest.feedback.queries.teams import Addressee
from contest.results.services.rounds import after_publication
from contest.web.mailing import LOCALES, absolute, render_mail


@after_publication
def tell(*, edition: EditionFacts, round_id: int, actor_id: int | None, now: datetime) -> int:
    """Put the mails that are due into the outbox, in the running unit of work."""
    round_ = round_by_id(round_id)
    if round_ is None:
        return 0

    def write(one: Addressee) -> tuple[str, str]:
        locale = one.locale if one.locale in LOCALES else None
        path = f"/e/{edition.code}/team/{one.submission}/results/{round_.code}/letter"
        return render_mail(
            "feedback/letter",
            locale,
            name=one.name,
            title=one.title,
            round_name=round_.name.in_(locale or "vi"),
            edition_name=edition.name.in_(locale or "vi"),
            url=absolute(path),
        )

    return services.tell_teams(round_id=round_id, write=write, actor_id=actor_id, now=now)
