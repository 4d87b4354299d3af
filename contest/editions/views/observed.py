"""Observers keep the signed heads of the trail: each one goes to whoever observes the edition and has an address."""

from __future__ import annotations

from contest.editions.queries import observers_of
from contest.infra import heads, mail
from contest.infra.heads import Head, KeptHead
from contest.web.mailing import render_mail


@heads.on_signed
def mail_the_head(kept: KeptHead) -> None:
    """Add a mail per observer to the running unit of work."""
    head = Head.read(kept.head)
    for one in observers_of(kept.scope):
        facts = {"name": one.name, "edition": one.edition, "short": kept.short, "at": kept.at, "reason": kept.reason}
        subject, body = render_mail("editions/head", one.locale, **facts, head=head.file)
        mail.enqueue(
            scope=kept.scope, recipient=one.email, recipient_name=one.name, subject=subject, body=body, now=kept.at
        )
