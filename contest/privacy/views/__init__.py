"""Pages about personal data."""

from __future__ import annotations

from threading import Lock

from flask import Flask

from contest.privacy.cli import erase_again
from contest.privacy.views import files, link, notice, organiser, own, person, queue, retention, team
from contest.privacy.views import messages as _messages  # registers the sentences
from contest.privacy.views import navigation as _navigation  # registers menu and cards
from contest.privacy.views.blueprint import blueprint

blueprints = (blueprint,)
# Importing the pages hangs their views on the blueprint.
PAGES = (files, link, notice, organiser, own, person, queue, retention, team)

_turn = Lock()


def init_app(app: Flask) -> None:
    """Before its first answer each process looks whether its database was restored, whatever server runs it."""
    looked: list[bool] = []

    @app.before_request
    def free() -> None:
        if looked:
            return
        with _turn:
            if not looked:
                erase_again()
                looked.append(True)
