"""Translations at the price of a lookup: Flask-Babel spells the locale anew and asks several proxies at each message.

A page of a hundred messages spends two thirds of its time on that. What is shown does not change: the language is
still the one Flask-Babel answers, also inside `force_locale`.
"""

from __future__ import annotations

from typing import Any

from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g
from flask_babel import Domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

_NOTHING = NullTranslations()


class Wording:
    """What one locale says: its catalogue, and the messages without placeholders ready to be shown."""

    def __init__(self, translations: Any) -> None:
        self.translations = translations
        self._plain: dict[str, str] = {}
        self._markup: dict[str, str] = {}

    def shown(self, message: str, *, escape: bool) -> str:
        """Return a message without placeholders as templates print it; `%%` is a percent sign, as in all of them."""
        kept = self._markup if escape else self._plain
        if message not in kept:
            kept[message] = _dressed(self.translations.ugettext(message), escape=escape) % {}
        return kept[message]


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel ships no types
    """The messages of the site by locale."""

    def __init__(self, domain: str = "messages") -> None:
        super().__init__(domain=domain)
        self._found: dict[Locale | None, Wording] = {}

    def get_translations(self) -> Any:
        """Return the catalogue of the locale in force; an empty one outside of an application."""
        return self.wording().translations

    def wording(self) -> Wording:
        """Return what the locale in force says."""
        locale = locale_here()
        found = self._found.get(locale)
        if found is None:
            found = Wording(_NOTHING if locale is None else super().get_translations())
            self._found[locale] = found
        return found


def locale_here() -> Locale | None:
    """Return what `flask_babel.get_locale` answers; what it has noted for the request is read directly."""
    try:
        noted = getattr(getattr(g, "_flask_babel", None), "babel_locale", None)
    except RuntimeError:  # outside of an application
        return None
    locale: Locale | None = noted or get_locale()
    return locale


def _dressed(message: str, *, escape: bool) -> str:
    """Mark a translation as safe HTML, where values put into it are escaped."""
    return Markup(message) if escape else message  # noqa: S704  # nosec B704  # written by translators, by no visitor


def init_app(app: Flask) -> None:
    """Put the catalogues in Flask-Babel's place, and behind `_`, `gettext` and `ngettext` of the templates."""
    catalogues = Catalogues(app.extensions["babel"].default_domain)
    app.extensions["babel"].instance.domain_instance = catalogues

    @pass_context
    def gettext(context: Context, message: str, /, **variables: Any) -> str:
        escape = context.eval_ctx.autoescape
        wording = catalogues.wording()
        if not variables:
            return wording.shown(message, escape=escape)
        return _dressed(wording.translations.ugettext(message), escape=escape) % variables

    @pass_context
    def ngettext(context: Context, singular: str, plural: str, num: int, /, **variables: Any) -> str:
        message = catalogues.get_translations().ungettext(singular, plural, num)
        return _dressed(message, escape=context.eval_ctx.autoescape) % {"num": num, **variables}

    app.jinja_env.globals.update(gettext=gettext, _=gettext, ngettext=ngettext)
