"""Guards of views that hang on an edition: they load it, check the role and hand it to the view.

A person without any role in a hidden edition gets the same 404 as for a missing one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, g, request, url_for
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody, Role
from contest.accounts.second.queries import has_second_factor
from contest.editions import policy
from contest.editions.facts import EditionFacts
from contest.editions.queries import edition_by_code
from contest.errors import NotAllowed
from contest.web.guards import View, mark, sign_in_first
from contest.web.responses import see_other

Check = Callable[[Identity | Nobody, EditionFacts], bool]


def _load(edition_code: str) -> EditionFacts:
    edition = edition_by_code(edition_code)
    if edition is None or not policy.can_see_public(current_user, edition):
        abort(404)
    _ask_second_factor(edition)
    g.edition = edition
    return edition


def _ask_second_factor(edition: EditionFacts) -> None:
    """Lead the committee of an edition that wants it to set up a second factor, before anything else opens."""
    if not policy.needs_second_factor(current_user, edition) or has_second_factor(current_user.id):
        return
    if request.method != "GET" or request.headers.get("X-Requested-With"):
        raise NotAllowed("second_factor_missing")
    abort(see_other(url_for("accounts.second_factors", next=request.path)))


def edition_public(view: View) -> View:
    """Let in whoever may see the edition's public page; the view gets `edition` first."""

    @wraps(view)
    def guarded(edition_code: str, **kwargs: Any) -> Any:
        return view(_load(edition_code), **kwargs)

    return mark(guarded, "edition_public", like=view)


def edition_guard(check: Check, name: str) -> Callable[[View], View]:
    """Return a guard for people who pass `check`; visitors sign in first, people without the right get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(edition_code: str, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return sign_in_first()
            edition = _load(edition_code)
            if not check(current_user, edition):
                if not current_user.roles_in(edition.id):
                    g.pop("edition")  # the page must be the one of a missing edition, byte for byte
                    abort(404)
                raise NotAllowed
            return view(edition, **kwargs)

        return mark(guarded, name, like=view)

    return decorate


def edition_roles(*roles: Role) -> Callable[[View], View]:
    """Return a guard for holders of any of the roles."""

    def check(user: Identity | Nobody, edition: EditionFacts) -> bool:
        return user.holds(edition.id, *roles)

    return edition_guard(check, "roles:" + ",".join(sorted(roles)))


organisers_only = edition_guard(policy.can_organise, "organiser")
committee_readers = edition_guard(policy.can_see_committee_pages, "committee")


def creators_only(view: View) -> View:
    """Let in whoever may start an edition; visitors sign in first, others get 403."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return sign_in_first()
        if not policy.can_create_editions(current_user):
            raise NotAllowed("cannot_create_editions")
        return view(*args, **kwargs)

    return mark(guarded, "creator", like=view)
