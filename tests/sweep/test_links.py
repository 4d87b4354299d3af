"""AC-09: what a page lists is what its reader may open, no more and no less; a predicate and a query say the same."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.sweep.addresses import filled, readable, true_paths, true_sets, writable
from tests.sweep.site import Site
from tests.sweep.test_access_matrix import SENT, WRITE_CLASS

pytestmark = pytest.mark.trust

LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
# A form without a button only shows what stands there.
FORM = re.compile(
    r'<form\b[^>]*?\smethod="post"[^>]*?\saction="(/[^"#]*)"[^>]*>(?:(?!</form).)*?type="submit"',
    re.IGNORECASE | re.DOTALL,
)
CLOSED = (401, 403, 404, 405, 410, 500)
OPENED, STAKE = 200, 403
KEPT_OUT = frozenset("34")
FEWEST = 4
ROLES = (
    *("visitor", "newcomer", "foreign organiser", "member", "captain", "other captain", "judge", "barred judge"),
    *("idle judge", "observer", "chair", "organiser", "secretary", "administrator", "organiser who judges"),
    "organiser who leads a team",
)
# The committee's menu stays whole: the page says why somebody with a stake may not read it now.
STAKED = ("organiser who mentors", "organiser who leads a team")
REACHED_OTHERWISE = frozenset({
    # by a mail, a printed code or a screen
    "accounts.link", "privacy.link", "certificate.proof", "door.choose", "ceremony.remote", "next_up.now",
    "next_up.page",
    "accounts.new_address", "submissions.confirm", "ceremony.projector",
    # by sending a file
    "exchange.preview_bundle", "exchange.preview_notes", "exchange.preview_sheet",
    # while the round is in a state for it; without it the page only tells
    "assignments.submission", "record.history", "results.sum_of", "sheets.sheet",
    # on the way to something else, or for somebody who is not signed in
    "accounts.ask_for_link", "accounts.confirm", "editions.index",
    # by a script, a picture or a machine
    "judging.file_page", "judging.file_pages", "offline.hello", "offline.manifest", "offline.papers", "offline.worker",
    "submissions.check", "web.healthz", "web.security_txt",
    # empty for whoever has nothing there
    "appeals.mine", "appeals.own_results", "judging.late", "judging.own_marks", "results.own_marking",
    "submissions.mine",
})  # fmt: skip


@dataclass(slots=True)
class Sight:
    """What one role sees of the whole site."""

    pages: set[str] = field(default_factory=set)
    links: dict[str, str] = field(default_factory=dict)  # where it leads: a page that says so
    forms: dict[str, str] = field(default_factory=dict)

    def read(self, path: str, text: str) -> None:
        self.pages.add(path)
        for pattern, found in ((LINK, self.links), (FORM, self.forms)):
            for target in pattern.findall(text):
                found.setdefault(html.unescape(target), path)


def walk(site: Site, role: str) -> Sight:
    """Open every address of our own edition that there is, and read what stands on the pages that open."""
    sight = Sight()
    for rule in readable():
        for path in true_paths(site.app, rule, site.world.own):
            with site.person(role).get(path) as answer:
                if answer.status_code == OPENED:
                    sight.read(path, answer.get_data(as_text=True) if answer.mimetype == "text/html" else "")
    return sight


def endpoint_of(site: Site, path: str) -> str:
    return str(site.app.url_map.bind("localhost").match(path, "GET")[0])


def names_a_thing(site: Site, path: str) -> bool:
    """Tell whether an address names more than an edition and a round, whose pages come and go with its state."""
    return bool(set(site.app.url_map.bind("localhost").match(path, "GET")[1]) - {"edition_code", "round_code"})


def closed_links(site: Site, role: str, sight: Sight) -> Iterator[tuple[str, str]]:
    """Yield each link that does not open, with the page that offers it."""
    for target, page in sight.links.items():
        with site.person(role).get(target) as answer:
            excused = answer.status_code == STAKE and role in STAKED and "/organise/" in target
            if answer.status_code in CLOSED and not excused:
                yield target, f"{answer.status_code}, linked from {page}"


def refused_forms(site: Site, role: str, sight: Sight) -> Iterator[tuple[str, str]]:
    """Yield each form that the access matrix, which speaks of the first thing of each kind, says is refused."""
    first = {filled(site.app, rule, true_sets(rule, site.world.own)[0]): rule.endpoint for rule in writable()}
    for target, page in sight.forms.items():
        endpoint = first.get(target.partition("?")[0])
        if endpoint and SENT[WRITE_CLASS[endpoint]][role] in KEPT_OUT:
            yield target, page


@pytest.mark.parametrize("role", ROLES)
def test_ac_09_a_list_holds_what_its_reader_may_open_and_all_of_it(full_site: Site, role: str) -> None:
    sight = walk(full_site, role)
    assert len(sight.links) >= FEWEST
    assert dict(closed_links(full_site, role, sight)) == {}, "a page offers what its reader may not open"
    assert dict(refused_forms(full_site, role, sight)) == {}, "a page offers a form that its reader may not send"
    linked = {target.partition("?")[0] for target in sight.links}
    hidden = {path: endpoint_of(full_site, path) for path in sight.pages - linked if names_a_thing(full_site, path)}
    lost = sorted({endpoint for endpoint in hidden.values() if endpoint not in REACHED_OTHERWISE})
    assert lost == [], "nothing leads to a thing that its reader may open"
