"""Invitations by mail: a one-time link in the recipient's language."""

from __future__ import annotations

from flask import current_app, url_for
from flask_babel import force_locale
from flask_login import current_user

from contest.accounts import services
from contest.accounts.forms import ROLE_WORDS
from contest.accounts.people import PersonFacts
from contest.accounts.roles import Role
from contest.accounts.views.sheets import SheetEdition, link_url
from contest.infra import clock, mail
from contest.web.mailing import LOCALES, absolute, render_mail


def mail_invitation(person: PersonFacts, edition: SheetEdition, *, private: bool = False) -> None:
    """Issue a link and write the mail, in the running unit of work; `person.email` must be there.

    A private mail stays out of the edition's outbox, whose readers could use the link themselves.
    """
    now = clock.now()
    issued = services.issue_link(
        user_id=person.id,
        edition_id=edition.id,
        secret_key=current_app.config["SECRET_KEY"],
        actor_id=current_user.id,
        now=now,
    )
    locale = person.locale if person.locale in LOCALES else str(current_app.config["BABEL_DEFAULT_LOCALE"])
    held = sorted(person.roles_in(edition.id), key=list(Role).index)
    with force_locale(locale):
        roles = ", ".join(str(ROLE_WORDS[role]) for role in held)
    subject, body = render_mail(
        "accounts/invitation",
        locale,
        name=person.name,
        edition_name=edition.name.in_(locale),
        roles=roles,
        url=link_url(issued),
        code=issued.code,
        door=absolute(url_for("door.door", edition_code=edition.code)),
        until=issued.expires_at,
        code_until=issued.code_expires_at,
    )
    mail.enqueue(
        scope="accounts" if private else f"edition:{edition.id}",
        about=f"edition:{edition.id}",
        recipient=person.email or "",
        recipient_name=person.name,
        subject=subject,
        body=body,
        now=now,
    )
