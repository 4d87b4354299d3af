"""Translations look up fast and say what Flask-Babel would."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale, get_locale, get_translations, gettext, lazy_gettext, ngettext
from markupsafe import Markup

from contest.web.wording import Catalogues, locale_here

SIGN_IN = {"vi": "Đăng nhập", "en": "Sign in"}
NUMBER = "{{ ngettext('%(num)s submission advances.', '%(num)s submissions advance.', count) }}"


@pytest.fixture(params=["vi", "en"])
def locale(request: pytest.FixtureRequest, sqlite_app: Flask) -> Iterator[str]:
    with sqlite_app.test_request_context("/", headers={"Cookie": f"locale={request.param}"}):
        yield request.param


def test_templates_and_code_speak_the_language_of_the_request(locale: str) -> None:
    expected = SIGN_IN[locale]
    assert render_template_string("{{ _('Sign in') }}") == expected
    assert render_template_string("{{ gettext('Sign in') }}") == expected
    assert render_template_string("{% trans %}Sign in{% endtrans %}") == expected
    assert gettext("Sign in") == expected
    assert str(lazy_gettext("Sign in")) == expected


def test_a_forced_language_holds_inside_its_block_only(locale: str) -> None:
    template = "{{ _('Sign in') }}"
    before = render_template_string(template)
    other = "en" if locale == "vi" else "vi"
    with force_locale(other):
        assert locale_here() == get_locale()
        assert render_template_string(template) == gettext("Sign in") == SIGN_IN[other]
        with force_locale(locale):
            assert render_template_string(template) == gettext("Sign in") == SIGN_IN[locale]
    assert render_template_string(template) == gettext("Sign in") == before == SIGN_IN[locale]


def test_a_forced_language_holds_outside_of_requests_too(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        for locale in ("en", "vi", "en"):
            with force_locale(locale):
                template = sqlite_app.jinja_env.from_string("{{ _('Sign in') }}")
                assert template.render() == gettext("Sign in") == SIGN_IN[locale]


def test_outside_of_an_application_the_source_is_shown() -> None:
    assert locale_here() is None
    assert Catalogues().get_translations().ugettext("Sign in") == "Sign in"


def test_two_requests_in_turn_do_not_share_a_language(sqlite_app: Flask) -> None:
    for locale in ("vi", "en", "vi"):
        with sqlite_app.test_request_context("/", headers={"Cookie": f"locale={locale}"}):
            assert render_template_string("{{ _('Sign in') }}") == SIGN_IN[locale]


def test_values_are_escaped_and_the_text_is_not(locale: str) -> None:
    shown = render_template_string("{{ _('Account of %(name)s', name=who) }}", who="<b>")
    assert "&lt;b&gt;" in shown
    assert "<b>" not in shown
    assert isinstance(get_translations().ugettext("x"), str)
    assert render_template_string("{{ _('<i>not in any catalogue</i>') }}") == "<i>not in any catalogue</i>"


def test_markup_put_into_a_message_stays_markup(locale: str) -> None:
    shown = render_template_string("{{ _('Account of %(name)s', name=who) }}", who=Markup("<b>An</b>"))
    assert "<b>An</b>" in shown


def test_mails_are_not_escaped(sqlite_app: Flask) -> None:
    with sqlite_app.app_context(), force_locale("en"):
        template = sqlite_app.jinja_env.overlay(autoescape=False).from_string(
            "{{ _('Account of %(name)s', name=who) }} {{ _('A & B') }}"
        )
        assert template.render(who="A & B") == "Account of A & B A & B"


@pytest.mark.parametrize("template", ["{{ _('100%%') }}", "{{ gettext('100%%') }}"])
def test_a_percent_sign_is_written_twice_in_every_message(sqlite_app: Flask, template: str) -> None:
    with sqlite_app.test_request_context("/"):
        assert render_template_string(template) == "100%"


def test_numbers_choose_their_form(locale: str) -> None:
    one, many = (render_template_string(NUMBER, count=count) for count in (1, 3))
    assert one.startswith("1 ")
    assert many.startswith("3 ")
    assert one == ngettext("%(num)s submission advances.", "%(num)s submissions advance.", 1)
    assert many == ngettext("%(num)s submission advances.", "%(num)s submissions advance.", 3)
    assert (one == many.replace("3", "1")) == (locale == "vi")


def test_a_named_number_wins_over_the_counted_one(sqlite_app: Flask) -> None:
    with sqlite_app.test_request_context("/", headers={"Cookie": "locale=en"}):
        assert render_template_string("{{ ngettext('%(num)s x', '%(num)s xs', 2, num='two') }}") == "two xs"


def test_without_a_choice_the_site_speaks_its_default(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'lang="vi"' in app.test_client().get("/sign-in").get_data(as_text=True)
    monkeypatch.setitem(app.config, "DEFAULT_LOCALE", "en")
    assert '<html lang="en"' in app.test_client().get("/sign-in").get_data(as_text=True)
