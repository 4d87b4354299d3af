"""Mail texts from templates, in the language of the one who reads them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol

from flask import current_app, g
from flask_babel import force_locale

from contest.infra import mail

LOCALES = ("vi", "en")


def render_mail(name: str, locale: str | None, /, **facts: Any) -> tuple[str, str]:
    """Return (subject, body) of `templates/mail/<name>.txt` in `locale`, or in the site's language.

    The first line of the template is the subject. Works in requests, commands and jobs alike; facts that are moments
    are shown with the filter `localtime`.
    """
    chosen = locale if locale in LOCALES else current_app.config["BABEL_DEFAULT_LOCALE"]
    with force_locale(chosen):
        # Not render_template: its context needs a request, and a mail must not depend on who causes it.
        text = current_app.jinja_env.get_template(f"mail/{name}.txt").render(**facts)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


class Addressee(Protocol):
    """Whom a mail goes to."""

    @property
    def name(self) -> Any:
        """As the mail calls the person."""

    @property
    def email(self) -> Any:
        """The address; none when there is none."""

    @property
    def locale(self) -> Any:
        """The language of the person's mails; none for the one of the site."""


def write_to(person: Addressee, template: str, /, *, scope: str, now: datetime, **facts: Any) -> None:
    """Render a mail to a person and put it into the outbox, in the running unit of work; nothing without an address."""
    if not person.email:
        return
    subject, body = render_mail(template, person.locale, **facts)
    mail.enqueue(scope=scope, recipient=person.email, recipient_name=person.name, subject=subject, body=body, now=now)


def sends_mail() -> bool:
    """Tell whether mails leave this site, so that an address can be confirmed by its owner.

    None leave an edition in view that is only for practice: whoever waited for one would wait for ever.
    """
    edition = g.get("edition")
    return bool(current_app.config["SMTP_URL"]) and not (edition is not None and edition.is_test)


def absolute(path: str) -> str:
    """Return the full address of a path of this site, from the configured base and never from the request."""
    return f"{current_app.config['BASE_URL']}{path}"
