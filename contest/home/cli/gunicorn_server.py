"""gunicorn from inside the command: threads for many slow phones, one process per core."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from contest import create_app
from contest.infra.background import start_worker
from contest.infra.mailer import start_mailer

if sys.platform != "win32":  # gunicorn needs fork()
    from gunicorn.app.base import BaseApplication

MOST_WORKERS = 8


def server_settings(host: str, port: int, *, threads: int, workers: int | None = None) -> dict[str, Any]:
    """Return gunicorn's settings, its limits among them."""
    return {
        "bind": f"{host}:{port}",
        "worker_class": "gthread",
        "workers": workers or min(os.cpu_count() or 1, MOST_WORKERS),
        "threads": threads,
        "keepalive": 30,
        "control_socket_disable": True,
        # A worker that hangs, and whatever one has gathered over days, end with it.
        "timeout": 60,
        "graceful_timeout": 30,
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 8190,
        "limit_request_fields": 100,
        "limit_request_field_size": 8190,
    }


def run_gunicorn(host: str, port: int, *, threads: int, workers: int | None = None) -> None:
    """Serve until stopped. Each worker builds its own application, so that no connection crosses the fork."""
    if sys.platform == "win32":
        raise click.ClickException("gunicorn does not run on this system: use --server waitress")

    class Server(BaseApplication):
        def load_config(self) -> None:
            settings = server_settings(host, port, threads=threads, workers=workers)
            for name, value in settings.items():
                if name in self.cfg.settings:
                    self.cfg.set(name, value)

        def load(self) -> Any:
            app = create_app()
            start_mailer(app)
            start_worker(app)
            return app

    Server().run()
