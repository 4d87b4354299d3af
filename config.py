"""Settings: read once from the environment, checked as a whole, handed to Flask as one mapping.

`docs/settings.md` describes every name in `SETTINGS`.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar, NoReturn, Self
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

LOCALES = ("vi", "en")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOOPBACK = ("localhost", "127.0.0.1")
TIMEZONE = "Asia/Ho_Chi_Minh"
MIN_KEY_LENGTH = 32
MIN_KEY_VARIETY = 8
# No random key holds one; a key out of an example does.
KEY_WORDS = ("changeme", "secretkey", "password", "example", "default", "replaceme", "yoursecret", "insecure")
MIB = 1 << 20
MOST_COUNTED = 10_000
SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
ROOT = Path(__file__).resolve().parent


class SigningKey(str):
    """The key that signs, and the earlier ones that are still believed until they are taken off the settings."""

    __slots__ = ("earlier",)

    earlier: tuple[str, ...]

    def __new__(cls, key: str, earlier: tuple[str, ...] = ()) -> Self:
        """Return `key` itself, which knows the earlier ones."""
        made = super().__new__(cls, key)
        made.earlier = earlier
        return made


class ConfigError(SystemExit):
    """The environment cannot be used. `problems` holds one sentence per fault; uncaught, they are all that is shown."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(["The settings cannot be used:", *(f"  - {problem}" for problem in problems)]))


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings of one running instance. `from_env` makes the class that `APP_ENV` names."""

    app_env: ClassVar[str] = ""

    data_dir: Path
    # What is or may hold a secret stays out of a log that prints the settings.
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    secret_key_fallbacks: tuple[str, ...] = field(repr=False)
    host: str
    port: int
    base_url: str
    threads: int
    trusted_proxies: int
    extra_hosts: tuple[str, ...]
    allow_http: bool
    redis_url: str = field(repr=False)
    smtp_url: str = field(repr=False)
    security_contact: str
    mail_from: str
    default_locale: str
    default_timezone: str
    max_upload_mb: int
    team_quota_mb: int
    edition_quota_mb: int
    uploads_per_hour: int
    disk_floor_mb: int
    clamd: str
    heads_every_minutes: int
    oidc_file: str
    session_hours: int
    session_idle_hours: int
    alarm_reads: int
    alarm_refusals: int
    alarm_refusals_address: int
    alarm_sign_ins: int
    alarm_sign_ins_address: int
    alarm_changes: int
    log_level: str
    flask_debug: bool

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read and check the settings; raise `ConfigError` with every fault found. Touches no file."""
        values, problems = _read(environ)
        config = cls(**{name: value for name, value in values.items() if name != "app_env"})
        problems += config.faults()
        if problems:
            raise ConfigError(problems)
        return config

    def faults(self) -> list[str]:
        """Return what is unsafe about these settings, one sentence each."""
        return []

    @property
    def https(self) -> bool:
        """Whether people reach this instance over TLS."""
        return self.base_url.startswith("https://")

    @property
    def hosts(self) -> list[str] | None:
        """The names under which this instance answers; None when any will do."""
        return None

    @property
    def cookie_name(self) -> str:
        """The session cookie's name. Browsers do not keep ports apart, so instances on one host need their own."""
        port = urlsplit(self.base_url).port
        name = f"session-{port}" if port else "session"
        return f"__Host-{name}" if self.https else name

    def flask_settings(self) -> dict[str, Any]:
        """Return the mapping for `app.config`: absolute paths, lifetimes as timedeltas, sizes in bytes.

        Makes the data folder, and outside of production the key in it; raises `ConfigError` when that is impossible.
        """
        self._open_data_dir()
        key = SigningKey(self.secret_key or kept_key(self.data_dir), self.secret_key_fallbacks)
        return {
            **{name: getattr(self, name.lower()) for name in SETTINGS},
            "DEBUG": self.flask_debug,
            "TESTING": self.app_env == "test",
            "SECRET_KEY": key,
            "SECRET_KEY_FALLBACKS": list(key.earlier) or None,
            # The tokens of forms; of several keys the last one signs.
            "WTF_CSRF_SECRET_KEY": [*reversed(key.earlier), key],
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            # Room for the other fields and the part headers around a file of exactly the allowed size.
            "MAX_CONTENT_LENGTH": (self.max_upload_mb + 1) * MIB,
            # Of one typed text in a form with files, and of a whole form without any.
            "MAX_FORM_MEMORY_SIZE": 2 * MIB,
            "MAX_FORM_PARTS": 2000,
            "MAX_UPLOAD_BYTES": self.max_upload_mb * MIB,
            # Of the disk under DATA_DIR: below it no file is taken, so that marks can still be saved.
            "DISK_FLOOR_BYTES": self.disk_floor_mb * MIB,
            # An address with another host is answered 400. None outside of production: a laptop is reached by any name.
            "HOSTS": self.hosts,
            "PREFERRED_URL_SCHEME": "https" if self.https else "http",
            "PERMANENT_SESSION_LIFETIME": timedelta(hours=self.session_hours),
            "SESSION_IDLE_LIFETIME": timedelta(hours=self.session_idle_hours),
            "SESSION_COOKIE_NAME": self.cookie_name,
            # The providers outside, as their file describes them; contest/accounts/outside reads and checks them.
            "OIDC": _sections(self.oidc_file),
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_SECURE": self.https,
            # A judge may leave a score sheet open all afternoon; the token is as old as the session allows.
            "WTF_CSRF_TIME_LIMIT": None,
            "BABEL_DEFAULT_LOCALE": self.default_locale,
            "BABEL_DEFAULT_TIMEZONE": self.default_timezone,
            "RATELIMIT_STORAGE_URI": self.redis_url or "memory://",
            # Without its Redis the site counts in memory and goes on.
            "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": bool(self.redis_url),
        }

    def _open_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError([f"DATA_DIR cannot be used: {error}"]) from error


class DevConfig(Config):
    """A laptop: everything has a default."""

    app_env: ClassVar[str] = "development"


class TestConfig(Config):
    """The test run."""

    __test__ = False  # pytest would otherwise take the name for a class of tests
    app_env: ClassVar[str] = "test"


class ProdConfig(Config):
    """A public server: refuses to start unsafe."""

    app_env: ClassVar[str] = "production"

    @property
    def hosts(self) -> list[str]:
        """The host of the address that people type, what EXTRA_HOSTS adds, and this machine itself for its probes."""
        return [str(urlsplit(self.base_url).hostname), *self.extra_hosts, *LOOPBACK]

    def faults(self) -> list[str]:
        """Return everything that is unsafe, so that one start tells all."""
        checks = {
            f"SECRET_KEY must hold at least {MIN_KEY_LENGTH} random characters; make one with: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"': _weak(self.secret_key),
            f"SECRET_KEY_FALLBACKS: each must hold at least {MIN_KEY_LENGTH} random characters": any(
                _weak(key) for key in self.secret_key_fallbacks
            ),
            "BASE_URL must start with https:// (ALLOW_HTTP=1 permits http on a closed network)": not (
                self.https or self.allow_http
            ),
            "FLASK_DEBUG must be off": self.flask_debug,
            "REDIS_URL must name a password: whoever reaches an open Redis can lift every limit": _open_redis(
                self.redis_url
            ),
            "DATABASE_URL must name a password or a certificate, its server is on another machine": _open_database(
                self.database_url
            ),
        }
        return [sentence for sentence, broken in checks.items() if broken]


CLASSES: dict[str, type[Config]] = {cls.app_env: cls for cls in (DevConfig, TestConfig, ProdConfig)}


def from_env(environ: Mapping[str, str] | None = None) -> Config:
    """Return the settings of the class that `APP_ENV` names; raise `ConfigError`. Default: the process's own."""
    environ = os.environ if environ is None else environ
    name = environ.get("APP_ENV", "").strip() or DevConfig.app_env
    if name not in CLASSES:
        raise ConfigError([f"APP_ENV must be one of {', '.join(CLASSES)}, not {name!r}"])
    return CLASSES[name].from_env(environ)


def kept_key(data_dir: Path) -> str:
    """Return the key kept in `data_dir`, made at the first call. Of two processes at once, both get the same."""
    path = data_dir / "secret_key"
    if not path.exists():
        draft = data_dir / f"secret_key.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)  # unlike a rename it never replaces
        except FileExistsError:  # another process was first
            pass
        except OSError:  # a disk without hard links
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    key = path.read_text(encoding="ascii").strip()
    if _weak(key):
        raise ConfigError([f"the key in {path} is damaged: remove that file, a new one will be made"])
    return key


def _sections(path: str) -> dict[str, Any]:
    """Return the sections of a TOML file; none without a path."""
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).expanduser().read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError([f"OIDC_FILE cannot be read: {error}"]) from error


def _weak(key: str) -> bool:
    plain = "".join(filter(str.isalnum, key)).lower()
    return len(key) < MIN_KEY_LENGTH or len(set(key)) < MIN_KEY_VARIETY or any(word in plain for word in KEY_WORDS)


def _open_redis(url: str) -> bool:
    parts = urlsplit(url)
    return bool(url) and not parts.password and parts.hostname not in LOOPBACK


def _open_database(url: str) -> bool:
    if url.startswith("sqlite"):
        return False
    parts = urlsplit(url)
    if parts.hostname in (None, *LOOPBACK):  # a socket, or this machine
        return False
    return not parts.password and not set(parse_qs(parts.query)) & {"password", "passfile", "sslcert", "service"}


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)


def _folder(text: str) -> Path:
    try:
        return Path(text).expanduser().absolute()
    except RuntimeError:  # ~name of nobody
        _refuse(text)


def _origin(text: str) -> str:
    parts = urlsplit(text.rstrip("/"))
    bare = not (parts.path or parts.query or parts.fragment or parts.username)
    good = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and bare
    return parts.geturl() if good else _refuse(text)


def _hosts(text: str) -> tuple[str, ...]:
    names = tuple(name.strip().lower() for name in text.split(","))
    good = all(name and urlsplit(f"//{name}").hostname == name for name in names)
    return names if good else _refuse(text)


def _keys(text: str) -> tuple[str, ...]:
    keys = tuple(key.strip() for key in text.split(","))
    return keys if all(keys) else _refuse(text)


def _contact(text: str) -> str:
    if text.startswith("https://"):
        return text if urlsplit(text).hostname and text.isascii() and not set(text) & set(" \r\n") else _refuse(text)
    return _mailbox(text)


def _scanner(text: str) -> str:
    kind, _, rest = text.partition(":")
    good = rest.startswith("/") if kind == "unix" else kind and rest.isdecimal() and 0 < int(rest) < 1 << 16
    return text if good else _refuse(text)


def _mailbox(text: str) -> str:
    name, _, domain = text.partition("@")
    good = name and domain and not set(text) & set("<>\r\n \t") and "@" not in domain
    return text if good else _refuse(text)


def _database(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if separator and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if not separator or scheme != "sqlite":
        _refuse(text)
    # Flask-SQLAlchemy would look for a relative file in its instance folder, not where the person stands.
    relative = rest.startswith("/") and rest != "/:memory:" and not Path(rest[1:]).is_absolute()
    return f"sqlite:///{Path(rest[1:]).absolute().as_posix()}" if relative else text


@dataclass(frozen=True, slots=True)
class _Setting:
    """How one setting is read. A callable default is worked out from the settings listed before it."""

    default: Any
    parse: Callable[[str], Any] = str
    wanted: str = ""


def _whole(default: int, low: int, high: int) -> _Setting:
    wanted = f"a whole number from {low} to {high}"
    return _Setting(default, lambda text: int(text) if low <= int(text) <= high else _refuse(text), wanted)


def _choice(default: str, choices: tuple[str, ...]) -> _Setting:
    known = {choice.lower(): choice for choice in choices}
    return _Setting(default, lambda text: known[text.lower()], "one of " + ", ".join(choices))


def _address(*schemes: str) -> _Setting:
    def parse(text: str) -> str:
        parts = urlsplit(text)
        good = parts.scheme in schemes and parts.hostname and parts.port != 0  # .port raises for a broken one
        return text if good else _refuse(text)

    return _Setting("", parse, "an address that starts with " + " or ".join(f"{scheme}://" for scheme in schemes))


def _default_database(values: dict[str, Any]) -> str:
    return f"sqlite:///{(values['data_dir'] / 'bang-vang.sqlite3').as_posix()}"


SETTINGS: dict[str, _Setting] = {
    "APP_ENV": _choice(DevConfig.app_env, tuple(CLASSES)),
    "DATA_DIR": _Setting(ROOT / "var", _folder, "a folder"),
    "DATABASE_URL": _Setting(_default_database, _database, "an address like sqlite:///file or postgresql://host/name"),
    "SECRET_KEY": _Setting(""),
    "SECRET_KEY_FALLBACKS": _Setting((), _keys, "earlier keys with commas between them"),
    "HOST": _Setting("127.0.0.1"),
    "PORT": _whole(8000, 1, 65535),
    "BASE_URL": _Setting(
        lambda known: f"http://127.0.0.1:{known['port']}", _origin, "like https://host, without a path"
    ),
    "THREADS": _whole(16, 1, 512),
    "TRUSTED_PROXIES": _whole(0, 0, 9),
    "EXTRA_HOSTS": _Setting((), _hosts, "host names with commas between them, such as chamthi.example.vn"),
    "ALLOW_HTTP": _Setting(False, lambda text: SWITCH[text.lower()], "1 or 0"),  # noqa: FBT003 - the default, beside its name
    "REDIS_URL": _address("redis", "rediss"),
    "SMTP_URL": _address("smtp", "smtps"),
    "SECURITY_CONTACT": _Setting("", _contact, "an e-mail address, or a page that starts with https://"),
    "MAIL_FROM": _Setting(lambda known: f"no-reply@{urlsplit(known['base_url']).hostname}", _mailbox, "a bare address"),
    "DEFAULT_LOCALE": _choice(LOCALES[0], LOCALES),
    "DEFAULT_TIMEZONE": _Setting(TIMEZONE, lambda text: ZoneInfo(text).key, f"a time zone such as {TIMEZONE}"),
    "MAX_UPLOAD_MB": _whole(50, 1, 4096),
    "TEAM_QUOTA_MB": _whole(500, 1, 1 << 20),
    "EDITION_QUOTA_MB": _whole(20 << 10, 1, 1 << 30),
    "UPLOADS_PER_HOUR": _whole(40, 1, 10_000),
    "DISK_FLOOR_MB": _whole(1024, 0, 1 << 30),
    "CLAMD": _Setting("", _scanner, "unix:/path/of/the/socket or host:port"),
    "HEADS_EVERY_MINUTES": _whole(15, 0, 24 * 60),
    "OIDC_FILE": _Setting(""),
    "SESSION_HOURS": _whole(336, 1, 24 * 365),
    "SESSION_IDLE_HOURS": _whole(72, 1, 24 * 365),
    # How many raise an alarm, 0 none. A whole venue is one address: what counts by address is far above an account's.
    "ALARM_READS": _whole(30, 0, MOST_COUNTED),
    "ALARM_REFUSALS": _whole(60, 0, MOST_COUNTED),
    "ALARM_REFUSALS_ADDRESS": _whole(1000, 0, MOST_COUNTED),
    "ALARM_SIGN_INS": _whole(20, 0, MOST_COUNTED),
    "ALARM_SIGN_INS_ADDRESS": _whole(200, 0, MOST_COUNTED),
    "ALARM_CHANGES": _whole(1, 0, MOST_COUNTED),
    "LOG_LEVEL": _choice("INFO", LOG_LEVELS),
    "FLASK_DEBUG": _Setting(False, lambda text: SWITCH[text.lower()], "1 or 0"),  # noqa: FBT003 - as above
}


def _read(environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return a value per setting, by its name in small letters, and a sentence per setting that cannot be read."""
    values: dict[str, Any] = {}
    problems = []
    for name, setting in SETTINGS.items():
        default = setting.default(values) if callable(setting.default) else setting.default
        text = environ.get(name, "").strip()
        try:
            values[name.lower()] = setting.parse(text) if text else default
        except (ValueError, LookupError):
            values[name.lower()] = default
            problems.append(f"{name} must be {setting.wanted}")
    return values, problems
