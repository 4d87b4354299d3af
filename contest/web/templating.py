"""What every template knows: hashed asset addresses, formats, the edition in view and its menu."""

from __future__ import annotations

import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import get_locale
from flask_login import current_user
from werkzeug.local import LocalProxy

from contest.infra import clock
from contest.web import formats, navigation
from contest.web.bundles import SPRITE, Shelf, with_fewer_icons
from contest.web.guards import public

YEAR = 31_536_000


class Assets:
    """Addresses of static files that change with their content, so that browsers may keep them for ever."""

    def __init__(self, folder: Path, *, watch: bool) -> None:
        self.folder = folder
        self.watch = watch
        self._digests: dict[str, str] = {}
        self._urls: dict[tuple[str, str], str] = {}

    def digest(self, name: str) -> str:
        """Return the first hex digits of the file's SHA-256; read once unless `watch`."""
        if self.watch or name not in self._digests:
            self._digests[name] = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()[:12]
        return self._digests[name]

    def url(self, name: str) -> str:
        """Return the address of a static file; built once per mount point unless `watch`."""
        place = (request.script_root, name)
        if self.watch or place not in self._urls:
            self._urls[place] = url_for("static", filename=name, v=self.digest(name))
        return self._urls[place]


def built(name: str) -> str:
    """Return the address of a bundle; it changes with its text."""
    return url_for("web.built", name=name, v=current_app.extensions["bundles"].get(name).digest)


def icons_from(name: str, html: str) -> str:
    """Let the icons that the bundle `name` draws come from there; any other still comes from the whole sprite."""
    return with_fewer_icons(html, current_app.extensions["assets"].url(SPRITE), name, built(name))


def _locale() -> str:
    return str(get_locale() or "vi")


def _nav() -> list[navigation.NavItem]:
    return navigation.items(g.get("edition"), current_user)


def init_app(app: Flask) -> None:
    """Install filters, globals and the caching of static files."""
    app.jinja_env.filters.update(
        localtime=formats.localtime,
        money=formats.money,
        decimal_text=formats.decimal_text,
        local=formats.local,
        filesize=formats.filesize,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["assets"] = assets = Assets(Path(str(app.static_folder)), watch=app.debug)
    app.extensions["bundles"] = Shelf(assets.folder)
    app.jinja_env.globals.update(asset=assets.url, built=built, now=clock.now, edition=None)

    @app.context_processor
    def context() -> dict[str, Any]:
        return {
            "edition": g.get("edition"),
            "nav": LocalProxy(cache(_nav)),  # asked for by pages that show it, and by those once
            "locale": _locale(),
            "theme": request.cookies.get("theme", "auto"),
        }

    public(app.view_functions["static"])

    @app.after_request
    def keep_static(response: Any) -> Any:
        if request.endpoint != "static" or response.status_code != HTTPStatus.OK:
            return response
        # Folders of vendor/ carry a version: the fonts, which style sheets ask for by their bare name, may be kept too.
        if request.args.get("v") or request.path.startswith(f"{app.static_url_path}/vendor/"):
            response.cache_control.no_cache = None
            response.cache_control.public = True
            response.cache_control.max_age = YEAR
            response.cache_control.immutable = True
        return response
