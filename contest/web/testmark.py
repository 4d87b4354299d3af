"""What belongs to a test (a rehearsal, the demo) says so: the pages by their base, everything else here."""

from __future__ import annotations

from typing import Any

import click
from flask import Flask, Response, g
from werkzeug.http import parse_options_header

MARK = "TEST"
NOT_FOR_ROBOTS = "noindex, nofollow, noarchive"


def in_test() -> bool:
    """Tell whether the edition of the running request is a test; the guards have put it there."""
    edition = g.get("edition")
    return edition is not None and bool(edition.is_test)


def marked_name(name: str) -> str:
    """Return the name of a file with the mark in front, once."""
    return name if name.startswith(MARK) else f"{MARK}_{name}"


def say_test(edition: Any) -> None:
    """Say on the command line's second channel that what follows is a test; the first may be data for a program."""
    if edition.is_test:
        words = "is a test: its teams, judges and scores are invented."
        click.echo(f"{MARK}: the edition {edition.code!r} {words}", err=True)


def init_app(app: Flask) -> None:
    """Put the mark before the name of every file that leaves a test, and keep search engines out."""
    app.jinja_env.globals["test_mark"] = MARK

    @app.after_request
    def mark(response: Response) -> Response:
        if not in_test():
            return response
        response.headers["X-Robots-Tag"] = NOT_FOR_ROBOTS
        kind, options = parse_options_header(response.headers.get("Content-Disposition"))
        if kind and options.get("filename"):
            response.headers.set("Content-Disposition", kind, filename=marked_name(options["filename"]))
        return response
