"""AC-17: a form with one field sent twice, or in the address too, or as a list, changes nothing."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest

from contest.web import doubled
from tests.sweep.forms import PLACES, Filled, fill
from tests.sweep.hostile import Attack
from tests.sweep.site import Site
from tests.sweep.test_forms import LETTERS, complaints, send

OTHER = "khác"


def scalars(form: Filled) -> list[str]:
    """Return the fields that hold one answer, one of each kind; the token is one of them."""
    names = {name: control.kind for name, control in form.kinds().items() if control.kind != "file"}
    single = {name: kind for name, kind in names.items() if name.rpartition("-")[2] not in doubled._many}  # noqa: SLF001  what the application says of itself
    first = {kind: name for name, kind in reversed(single.items())}
    return sorted({*first.values(), *(name for name in single if name == "csrf_token")})


@pytest.mark.trust
@pytest.mark.parametrize("key", PLACES)
def test_one_question_with_two_answers_changes_nothing(site: Site, key: str) -> None:
    form = fill(site, key)
    joint = "&" if "?" in form.path else "?"
    for name in scalars(form):
        usual = str(form.data.get(name, "1"))
        for value in (usual, OTHER):
            twice = form.having(name, usual, value)
            both = replace(form.having(name, usual), path=f"{form.path}{joint}{quote(name)}={quote(value)}")
            in_address = replace(form, path=f"{form.path}{joint}{quote(name)}=1&{quote(name)}={quote(value)}")
            for sent in (twice, both, in_address):
                answer = send(site, Attack(name, sent))
                assert (answer.status, site.untouched()) == (400, True), (name, value)
                assert LETTERS.search(complaints(answer)), name
    for name, control in form.kinds().items():
        if control.kind in ("text", "textarea", "select") and name in form.data:
            listed = form.having(name).having(f"{name}[]", str(form.data[name]), OTHER)
            answer = send(site, Attack(name, listed))
            assert (answer.status, site.untouched()) == (400, True), name
            break
