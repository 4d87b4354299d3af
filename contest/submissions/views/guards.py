"""Guards of pages about one submission: they load whose it is and hand it to the view after the edition.

A submission of somebody else gets the same 404 as a missing one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort
from flask_login import current_user

from contest.accounts.roles import Identity, Nobody
from contest.editions.facts import EditionFacts
from contest.editions.views.guards import edition_guard, edition_public
from contest.submissions import policy, queries
from contest.submissions.facts import Access
from contest.web.guards import View, mark, sign_in_first

Check = Callable[[Identity | Nobody, EditionFacts, Access], bool]


def submission_guard(check: Check, name: str) -> Callable[[View], View]:
    """Return a guard for people who pass `check`; the view gets `edition` and `access` first."""

    def decorate(view: View) -> View:
        def checked(edition: EditionFacts, submission_id: str, **kwargs: Any) -> Any:
            access = queries.access_of(edition.id, submission_id)
            if access is None or not check(current_user, edition, access):
                abort(404)
            return view(edition, access, **kwargs)

        inside = edition_public(checked)

        @wraps(view)
        def guarded(**kwargs: Any) -> Any:
            return inside(**kwargs) if current_user.is_authenticated else sign_in_first()

        return mark(guarded, name, like=view)

    return decorate


def _edits(user: Identity | Nobody, edition: EditionFacts, access: Access) -> bool:
    del edition
    return policy.can_edit_submission(user, access)


def _lists(user: Identity | Nobody, edition: EditionFacts, access: Access) -> bool:
    del access
    return policy.can_list_submissions(user, edition)


def _decides(user: Identity | Nobody, edition: EditionFacts, access: Access) -> bool:
    del access
    return policy.can_decide_submission(user, edition)


def _anybody(user: Identity | Nobody, edition: EditionFacts) -> bool:
    del user, edition
    return True


signed_in_here = edition_guard(_anybody, "signed_in")
own_submission = submission_guard(_edits, "submission:own")
committee_submission = submission_guard(_lists, "submission:committee")
decided_submission = submission_guard(_decides, "submission:decide")
