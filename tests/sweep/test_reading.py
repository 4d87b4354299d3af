"""Every page for every role: nothing crashes, nothing writes, nothing opens that should be closed."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from werkzeug.routing import AnyConverter, Rule

from tests.sweep.addresses import filled, kind_of, missing_value, readable, true_paths, true_sets, variables
from tests.sweep.hostile import HOSTILE, PRODUCT, SCRIPT
from tests.sweep.site import Answer, Site

pytestmark = pytest.mark.trust  # walks through the whole site

COMMITTEE = {"organiser", "secretary", "administrator"}
READERS = COMMITTEE | {"chair", "observer"}
SIGNED_IN = READERS | {
    "captain", "other captain", "judge", "idle judge", "foreign organiser", "foreign judge", "newcomer",
}  # fmt: skip
ROLES = sorted(SIGNED_IN | {"visitor"})
# Which roles each guard lets in; a guard that is not named here has to be thought about first.
OPEN_TO = {
    "public": set(ROLES),
    "edition_public": set(ROLES),
    "signed_in": SIGNED_IN,
    "administrator": {"administrator"},
    "creator": {"organiser", "administrator", "foreign organiser"},
    "organiser": COMMITTEE,
    "committee": READERS,
    "reviewer": COMMITTEE | {"chair"},
    "judge": {"judge", "idle judge", "chair"},
    "submission:own": {"captain", "other captain"},
    "captain": {"captain", "other captain"},
    "holder": {"captain", "other captain", "judge", "idle judge", "chair"},
    "submission:committee": READERS,
}
# Nobody has set a logo or photographed a sheet; waiting files belong to one person; one judge has all the papers.
EMPTY = {
    "accounts.come_back",
    "accounts.link_with",
    "accounts.sign_in_with",
    "judging.file_page",
    "editions.logo",
    "sheets.photo",
}
PERSONAL = {
    "accounts.new_address",
    "exchange.columns",
    "exchange.preview_sheet",
    "exchange.preview_bundle",
    "exchange.preview_notes",
}
PAPERS = {
    "judging.paper",
    "judging.recusal",
    "judging.abstention",
    "judging.file",
    "judging.receipt",
    "judging.late",
    "judging.own_marks",
    "judging.receipts",
    "judging.file_pages",
    "conflicts.titles",
    "judging.practice_entry",
    "judging.return_page",
    "certificate.own_pdf",
}
GLOBAL = {
    "token",
    "sealed",
    "purpose",
    "audience",
    "provider_key",
    "number",
    "edition_code",
    "mode",
    "verb",
    "filename",
    "paper",
}


def free(rule: Rule, names: set[str]) -> list[str]:
    """Return the variables that may hold any text: a choice of words has no missing one."""
    return sorted(name for name in names if not isinstance(rule._converters[name], AnyConverter))  # noqa: SLF001  as in addresses


def guard_of(site: Site, rule: Rule) -> str:
    return str(vars(site.app.view_functions[rule.endpoint])["__guard__"])


def shut(answer: Answer, role: str) -> bool:
    """Tell whether a page stayed closed: a visitor is sent to sign in, others are refused."""
    if role == "visitor":
        return answer.status == 303 and answer.location.startswith("/sign-in?")
    return answer.status in (403, 404)


def expected_somewhere(rule: Rule, role: str) -> bool:
    """Tell whether a role that a guard lets in must find at least one of its own things there."""
    if rule.endpoint in EMPTY or (rule.endpoint in PERSONAL and role != "organiser"):
        return False
    if rule.endpoint in ("appeals.appeal", "team_letters.file", "team_letters.letter") and role != "captain":
        return False  # the team of the first submission is asked about the published round, and has its letter
    if rule.endpoint == "plots.plots" and role in ("observer", "secretary"):
        return False  # who gave which marks is for the organiser and the chair
    return not (rule.endpoint in PAPERS and role != "judge")


@pytest.mark.parametrize("role", ROLES)
def test_every_page_answers_and_only_the_right_people_get_in(site: Site, role: str) -> None:
    for rule in readable():
        inside = role in OPEN_TO[guard_of(site, rule)]
        paths = true_paths(site.app, rule, site.world.own)
        answers = {path: site.get(role, path) for path in (paths if inside else paths[:2])}
        for path, answer in answers.items():
            assert answer.status < 500, path
            assert inside or shut(answer, role), (path, answer.status)
        if inside and expected_somewhere(rule, role):
            assert any(answer.status in (200, 303) for answer in answers.values()), rule.rule


@pytest.mark.parametrize("role", ["administrator", "captain", "judge", "organiser"])
def test_a_foreign_thing_is_answered_like_a_missing_one(site: Site, role: str) -> None:
    own, foreign = site.world.own, site.world.foreign
    for rule in readable():
        values = true_sets(rule, own)[0]
        for name in free(rule, set(variables(rule)) - GLOBAL):
            strange, nothing = foreign.ids[kind_of(rule, name)][0], missing_value(name)
            there = site.get(role, filled(site.app, rule, {**values, name: strange}))
            missing = site.get(role, filled(site.app, rule, {**values, name: nothing}))
            assert there.status == missing.status, (rule.rule, name)
            assert there.status >= 400, (rule.rule, name)
            # A number also stands inside other words, as in the mark of a style sheet.
            assert re.sub(rf"\b{re.escape(strange)}\b", nothing, there.text) == missing.text, (rule.rule, name)


@pytest.mark.parametrize("role", ["captain", "judge", "organiser", "visitor"])
def test_a_hidden_edition_is_answered_like_a_missing_one(site: Site, role: str) -> None:
    hidden, nothing = site.world.hidden.code, "mua-khong-co"
    for rule in readable():
        if "edition_code" not in variables(rule):
            continue
        values = true_sets(rule, site.world.own)[0]
        there = site.get(role, filled(site.app, rule, {**values, "edition_code": hidden}))
        missing = site.get(role, filled(site.app, rule, {**values, "edition_code": nothing}))
        assert shut(there, role) or (role == "visitor" and there.status == 404), rule.rule
        assert there.status == missing.status, rule.rule
        assert there.text.replace(hidden, nothing) == missing.text, rule.rule


@pytest.mark.parametrize("role", ["captain", "judge", "organiser"])
def test_a_closed_page_of_a_foreign_edition_is_answered_like_a_missing_one(site: Site, role: str) -> None:
    for rule in readable():
        if guard_of(site, rule) in ("public", "edition_public", "signed_in") or "edition_code" not in variables(rule):
            continue
        values = true_sets(rule, site.world.foreign)[0]
        # That an announced edition exists is no secret, what is in it is one.
        name = "submission_id" if "submission_id" in values else "edition_code"
        nothing = missing_value(name)
        there = site.get(role, filled(site.app, rule, values))
        missing = site.get(role, filled(site.app, rule, {**values, name: nothing}))
        assert (there.status, missing.status) == (404, 404), rule.rule
        assert there.text.replace(values[name], nothing) == missing.text, rule.rule


# What each parameter of any page may hold, in turns.
NUMBERS = dict.fromkeys(("before", "page", "seed"), ("9" * 400, "-1", "NaN"))
PLACES_TO_GO = {"next": ("//evil.example/", "\\\\evil.example", "https://evil.example/")}
TEXTS: dict[str, tuple[str | bytes, ...]] = dict.fromkeys(
    ("status", "track", "field", "q", "keep", "blind", "template", "locale", "judge", "submission", "v", "receipt"),
    (HOSTILE, b"\xed\xa0\x80\xff", "dài" * 300),
)
PARAMETERS: dict[str, tuple[str | bytes, ...]] = {**NUMBERS, **PLACES_TO_GO, **TEXTS}


@pytest.mark.parametrize("role", ["captain", "judge", "organiser", "visitor"])
def test_no_parameter_breaks_a_page_or_leads_away(site: Site, role: str) -> None:
    for rule in readable():
        if role not in OPEN_TO[guard_of(site, rule)] or (role != "visitor" and guard_of(site, rule) == "public"):
            continue
        path = true_paths(site.app, rule, site.world.own)[0]
        for turn in range(3):
            query = "&".join(f"{name}={quote(values[turn])}" for name, values in PARAMETERS.items())
            answer = site.get(role, f"{path}?{query}")
            assert answer.status < 500, (path, turn)
            assert SCRIPT not in answer.text, (path, turn)
            assert PRODUCT not in answer.text, (path, turn)
            assert not answer.location.startswith(("//", "\\", "http")), (path, answer.location)


@pytest.mark.parametrize("role", ["captain", "judge", "organiser"])
def test_no_name_in_an_address_breaks_a_page(site: Site, role: str) -> None:
    for rule in readable():
        if role not in OPEN_TO[guard_of(site, rule)]:
            continue
        values = true_sets(rule, site.world.own)[0]
        for name in free(rule, set(variables(rule)) - {"number", "filename"}):
            for wrong in ("%00", "%FF%ED%A0%80", quote(HOSTILE, safe=""), "..%2f..%2fetc", "%F0%9F%98%80", "x" * 5000):
                nothing = missing_value(name)
                path = filled(site.app, rule, {**values, name: nothing}).replace(nothing, wrong)
                answer = site.get(role, path)
                assert answer.status in (404, 410), (path, answer.status)
                assert SCRIPT not in answer.text, path
