"""The menu entries of judges."""

from __future__ import annotations

from collections.abc import Iterable

from flask import url_for
from flask_babel import gettext as _

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.judging import policy
from contest.web.navigation import NavItem, provider


@provider
def judge_items(edition: EditionFacts | None, identity: Identity | Nobody) -> Iterable[NavItem]:
    if edition is not None and policy.can_judge(identity, edition):
        desk = url_for("judging.desk", edition_code=edition.code)
        yield NavItem(_("Score submissions"), desk, "clipboard-check", order=20)
