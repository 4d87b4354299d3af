"""Start the application for people: one command from an empty folder to a running site."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass

import click
import segno
import waitress
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from config import ConfigError
from contest import create_app
from contest.home import services
from contest.home.cli.gunicorn_server import run_gunicorn
from contest.home.queries import count_editions
from contest.infra import clock, startup
from contest.infra.background import start_worker
from contest.infra.db import release_connections, unit_of_work
from contest.infra.mailer import start_mailer
from contest.privacy.cli import erase_again

ANYWHERE = "0.0.0.0"  # noqa: S104  # nosec B104  # asked for by --lan
HEADER_BYTES = 64 << 10


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen, and the address that people type."""

    host: str
    port: int
    address: str


@click.command("serve")
@click.option("--host", help="Address to listen on (default: HOST).")
@click.option("--port", type=int, help="Port to listen on (default: PORT).")
@click.option("--server", type=click.Choice(["waitress", "gunicorn"]), help="Default: gunicorn in production.")
@click.option("--lan", is_flag=True, help="Listen on the local network and print the address with its QR code.")
@click.option("--demo/--no-demo", default=None, help="Load the demo edition when the database is empty.")
@with_appcontext
def serve(host: str | None, port: int | None, server: str | None, lan: bool, demo: bool | None) -> None:
    """Migrate the database, print one-time sign-in links and serve."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  the documented way
    production = app.config["APP_ENV"] == startup.PRODUCTION
    if production and demo:
        raise click.ClickException("the demo stays out of production")
    listen = _listen(app, host, port, lan=lan)
    upgrade()
    erase_again()  # a database that was restored knows people who were erased since
    if production:
        _look_at_the_machine()
    if demo if demo is not None else not production:
        _seed_when_empty()
    if not production:
        _print_ways_in(app, listen)
    release_connections()
    chosen = server or ("gunicorn" if production and sys.platform != "win32" else "waitress")
    click.echo(f"Serving on {listen.address} ({chosen}). Stop with Ctrl+C.")
    app = _at_its_address(app, listen)
    if chosen == "gunicorn":
        run_gunicorn(listen.host, listen.port, threads=app.config["THREADS"])
        return
    start_mailer(app)
    start_worker(app)
    waitress.serve(
        app,
        host=listen.host,
        port=listen.port,
        threads=app.config["THREADS"],
        ident="",
        max_request_header_size=HEADER_BYTES,
        channel_timeout=120,
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"] + 1,
        clear_untrusted_proxy_headers=not app.config["TRUSTED_PROXIES"],
    )


def _look_at_the_machine() -> None:
    problems = startup.database_faults()
    if problems:
        raise ConfigError(problems)
    for sentence in startup.warnings():
        click.echo(f"Warning: {sentence}.", err=True)


def _listen(app: Flask, host: str | None, port: int | None, *, lan: bool) -> Listen:
    where = host or (ANYWHERE if lan else app.config["HOST"])
    number = port or app.config["PORT"]
    if lan:
        return Listen(where, number, f"http://{_lan_address()}:{number}")
    own = app.config["BASE_URL"] if port is None and host is None else f"http://{where}:{number}"
    return Listen(where, number, own)


def _at_its_address(app: Flask, listen: Listen) -> Flask:
    """Return the application whose links, QR codes and cookie carry the address that is really served."""
    if "BASE_URL" in os.environ or listen.address == app.config["BASE_URL"]:
        return app
    os.environ["BASE_URL"] = listen.address  # gunicorn's workers build theirs from the environment
    return create_app()


def _lan_address() -> str:
    """Return this machine's address in the local network; connecting a datagram socket sends nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _seed_when_empty() -> None:
    if count_editions():
        return
    click.echo("The database is empty: loading the demo edition.")
    with unit_of_work():
        services.seed_demo(now=clock.now())


def _print_ways_in(app: Flask, listen: Listen) -> None:
    with unit_of_work():
        ways = services.ways_in(secret_key=app.config["SECRET_KEY"], now=clock.now())
    if ways:
        click.echo("One-time sign-in links (each works once, for 24 hours):")
        for way in ways:
            click.echo(f"  {way.role:<10} {way.name:<24} {listen.address}/s/{way.token}")
    if listen.host == ANYWHERE:
        click.echo(f"On this network: {listen.address}")
        segno.make(listen.address).terminal(compact=True)
