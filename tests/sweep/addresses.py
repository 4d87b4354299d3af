"""Real addresses of every route: its variables filled with ids that exist."""

from __future__ import annotations

import tempfile
from functools import cache
from urllib.parse import quote

from flask import Flask
from werkzeug.routing import AnyConverter, Rule

from config import TestConfig
from contest import create_app
from tests.sweep.world import Side

# Whose ids stand for a variable whose name alone does not tell.
OWNERS = {
    ("judging", "public_id"): "paper",
    ("record", "public_id"): "paper",
    ("sheets", "public_id"): "paper",
    ("papers", "paper"): "printed paper",
    ("people", "public_id"): "person",
    ("accounts", "public_id"): "passkey",
    ("certificate", "token"): "certificate code",
    ("live", "person"): "present judge",
    ("assignments", "public_id"): "submission_id",
    ("exchange", "file_id"): "waiting form",
    ("privacy", "token"): "consent token",
    ("accounts", "sealed"): "address token",
    ("submissions", "sealed"): "registration token",
}
# What hangs on one round alone stands under that round.
ROUNDS_OF = {
    "job_id": "planned round",
    "person": "live round",
    "criterion": "decided round",
    "scan_id": "scanned round",
    "ruling_id": "decided round",
    "entry_id": "decided round",
    "letter_id": "lettered round",
    "file_id": "noted round",
}
BUNDLES = "/editions/import/"
FILES = ("static", "web.built")
# Spoken by a device through a script, and each question is used up: tests/accounts/second/test_passkeys.py sweeps them.
PASSKEYS = (
    *(
        "accounts.ask_any_passkey",
        "accounts.ask_new_passkey",
        "accounts.ask_own_passkey",
        "accounts.ask_second_passkey",
    ),
    *("accounts.sign_in_with_passkey", "accounts.add_passkey", "accounts.prove_with_passkey"),
    "accounts.pass_with_passkey",
)
# Spoken by a script in headers, no form: tests/submissions/views/test_tus.py sweeps it.
SPOKEN = ("submissions.begin_upload", *PASSKEYS)
MISSING = {
    "round_code": "khong-co",
    "number": "77777",
    "member_id": "77777",
    "mail_id": "77777",
    "alarm_id": "77777",
    "site_alarm_id": "77777",
    "session_id": "77777",
    "ruling_id": "77777",
    "entry_id": "77777",
    "choice_id": "77777",
}
NOBODY = "zzzzzzzzzz"


@cache
def routes() -> tuple[Rule, ...]:
    """Return every route of the application; asked while tests are collected, so nothing is stored."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(TestConfig.from_env({"DATABASE_URL": "sqlite://", "DATA_DIR": folder, "APP_ENV": "test"}))
        return tuple(sorted(app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule)))


def readable() -> list[Rule]:
    return [rule for rule in routes() if "GET" in (rule.methods or set()) and rule.endpoint not in FILES]


def writable() -> list[Rule]:
    return [rule for rule in routes() if "POST" in (rule.methods or set()) and rule.endpoint not in SPOKEN]


def variables(rule: Rule) -> list[str]:
    return list(rule._converters)  # noqa: SLF001  werkzeug offers no other way to list them


def kind_of(rule: Rule, name: str) -> str:
    """Return the name under which a side keeps the ids for a variable of a route."""
    if rule.rule.startswith(BUNDLES) and name == "file_id":
        return "waiting bundle"
    if rule.endpoint in ("exchange.preview_notes", "exchange.apply_notes") and name == "file_id":
        return "waiting notes"
    return OWNERS.get((rule.endpoint.partition(".")[0], name), name)


def true_values(rule: Rule, name: str, side: Side) -> list[str]:
    converter = rule._converters[name]  # noqa: SLF001  as above
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    if name == "edition_code":
        return [side.code]
    held = [ROUNDS_OF[other] for other in variables(rule) if other in ROUNDS_OF] if name == "round_code" else []
    return side.ids[held[0] if held else kind_of(rule, name)]


def missing_value(name: str) -> str:
    return MISSING.get(name, NOBODY)


def filled(app: Flask, rule: Rule, values: dict[str, str]) -> str:
    """Return the path of a route."""
    typed = {name: rule._converters[name].to_python(value) for name, value in values.items()}  # noqa: SLF001  as above
    built = rule.build(typed, append_unknown=False)
    assert built is not None, (app.name, rule.rule, values)
    return quote(built[1], safe="/%")


def true_paths(app: Flask, rule: Rule, side: Side) -> list[str]:
    """Return a path per id: variables walk in step, so that a file is asked of the submission that has it."""
    return [filled(app, rule, values) for values in true_sets(rule, side)]


def true_sets(rule: Rule, side: Side) -> list[dict[str, str]]:
    names = variables(rule)
    lists = {name: true_values(rule, name, side) for name in names}
    longest = max((len(one) for one in lists.values()), default=1)
    return [{name: one[turn % len(one)] for name, one in lists.items()} for turn in range(longest)]
