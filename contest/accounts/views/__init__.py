"""Sign-in, one's own account, and sheets of QR codes."""

from __future__ import annotations

from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_login import current_user

from config import ConfigError
from contest import login_manager
from contest.accounts.forms import ROLE_WORDS
from contest.accounts.outside.providers import read_providers
from contest.accounts.roles import Identity, Nobody
from contest.accounts.views import account as _account  # registers its routes
from contest.accounts.views import failures as _failures  # counts what did not open
from contest.accounts.views import links as _links  # registers its routes
from contest.accounts.views import messages as _messages  # registers the sentences
from contest.accounts.views import outside as _outside  # registers its routes
from contest.accounts.views import proof as _proof  # registers its routes
from contest.accounts.views import proving as _proving  # registers its routes
from contest.accounts.views import second_factors as _second_factors  # registers its routes
from contest.accounts.views import second_step as _second_step  # registers its routes
from contest.accounts.views import seen as _seen  # notes when a device was used
from contest.accounts.views import sign_in as _sign_in  # registers its routes
from contest.accounts.views.blueprint import blueprint
from contest.accounts.views.device import device_tag, seal_key
from contest.accounts.views.entry import identity_here
from contest.infra import clock
from contest.phones import shown_phone
from contest.web.navigation import NavItem

blueprints = (blueprint,)


def init_app(app: Flask) -> None:
    """Tell Flask-Login how a session token becomes a person, and the templates how roles and phones are written."""
    login_manager.anonymous_user = Nobody
    # The cookie is renewed by `identity_here`; otherwise every answer, static files too, would set it again.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.jinja_env.globals["role_words"] = ROLE_WORDS
    app.jinja_env.globals.update(device_tag=device_tag, seal_key=seal_key)
    app.jinja_env.globals.update(outside_providers=_outside.providers, outside_links=_outside.links_of)
    app.jinja_env.globals.update(proving_providers=_outside.proving_providers)
    app.jinja_env.filters["phone"] = shown_phone
    app.extensions["outside"], faults = read_providers(app.config["OIDC"])
    if faults:
        raise ConfigError([f"OIDC_FILE: {fault}" for fault in faults])

    @login_manager.user_loader  # type: ignore[untyped-decorator]  # flask-login ships no types
    def load(token: str) -> Identity | None:
        return identity_here(token, clock.now())

    @app.context_processor
    def account_menu() -> dict[str, Any]:
        if not current_user.is_authenticated:
            return {}
        return {"account_nav": [NavItem(_("My account"), url_for("accounts.account"), "person")]}
