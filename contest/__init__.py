"""Bảng Vàng: the application factory."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from flask import Flask, current_app, request
from flask_babel import Babel
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config, ConfigError, from_env
from contest.infra import startup
from contest.infra.db import db, engine_options
from contest.infra.i18n import compile_stale
from contest.infra.storage import LocalStorage
from contest.web.hosts import KnownHosts

ROOT = Path(__file__).resolve().parent.parent
# The chain of HOUSE rules, left to right. A package offers `views.blueprints` and `cli.groups`, if it has them.
PACKAGES = (
    "infra",
    "web",
    "accounts",
    "editions",
    "submissions",
    "judging",
    "results",
    "feedback",
    "certificates",
    "stage",
    "papers",
    "exchange",
    "privacy",
    "home",
)

login_manager = LoginManager()
csrf = CSRFProtect()
migrate = Migrate(render_as_batch=True, compare_type=True)


def create_app(config: Config | None = None) -> Flask:
    """Build the application: configuration, extensions, blueprints, commands. It never migrates nor prompts."""
    settings = config or from_env()
    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "contest" / "static"))
    app.config.from_mapping(settings.flask_settings())
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(app.config["SQLALCHEMY_DATABASE_URI"])
    app.extensions["storage"] = LocalStorage(
        Path(app.config["DATA_DIR"]) / "files", floor=app.config["DISK_FLOOR_BYTES"]
    )
    if app.config["HOSTS"]:  # inside of the proxies, whose word about the host counts
        app.wsgi_app = KnownHosts(app.wsgi_app, app.config["HOSTS"])  # type: ignore[method-assign]  # as below
    if app.config["TRUSTED_PROXIES"]:
        hops = app.config["TRUSTED_PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # the documented way
    _init_extensions(app)
    _init_web(app)
    for package in PACKAGES:
        _plug_in(app, package)
    import_module("contest.web.guards").demand_guards(app)
    _stay_closed_when_unsafe(app)
    return app


def _stay_closed_when_unsafe(app: Flask) -> None:
    problems = startup.faults(app) if app.config["APP_ENV"] == startup.PRODUCTION else []
    if problems:
        raise ConfigError(problems)


def _init_extensions(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.session_protection = None  # sessions are rows; a phone that changes networks stays signed in
    compile_stale(ROOT / "contest" / "translations")
    Babel(
        app,
        default_locale=app.config["DEFAULT_LOCALE"],
        default_translation_directories=str(ROOT / "contest" / "translations"),
        locale_selector=_locale,
    )


def _locale() -> str:
    chosen = request.cookies.get("locale") or current_user.locale
    return chosen if chosen in ("vi", "en") else str(current_app.config["DEFAULT_LOCALE"])


def _init_web(app: Flask) -> None:
    for name in (
        "security",
        "errors",
        "wording",
        "templating",
        "testmark",
        "limits",
        "watching",
        "compression",
        "doubled",
    ):
        import_module(f"contest.web.{name}").init_app(app)
    import_module("contest.web.guards").refuse_unguarded(app)


def _plug_in(app: Flask, package: str) -> None:
    for layer in ("models", "views", "cli"):
        module = _optional(f"contest.{package}.{layer}")
        for blueprint in getattr(module, "blueprints", ()):
            app.register_blueprint(blueprint)
        for group in getattr(module, "groups", ()):
            app.cli.add_command(group)
        if module is not None and hasattr(module, "init_app"):
            module.init_app(app)


def _optional(name: str) -> ModuleType | None:
    return import_module(name) if find_spec(name) else None
