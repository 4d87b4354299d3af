"""LG-01, LG-02: every form that changes something leaves its entries in the trail, and none when the change falls."""

from __future__ import annotations

from typing import Any

import pytest

from contest.infra import audit
from contest.infra.db import db
from tests.factories import NOON
from tests.sweep.forms import PLACES, fill
from tests.sweep.hostile import Attack
from tests.sweep.site import Dump, Site, changes
from tests.sweep.test_forms import send

pytestmark = pytest.mark.sweep

# What keeps no act: the trail itself, mail and work that follow from one, what waits for a yes.
FOLLOWS = {"audit_entries", "audit_heads", "outbox_mails", "jobs", "looks", "import_drafts"}
# Forms whose changes leave no entry, with the reason.
SILENT = {
    "ceremony.press": "each press is a row of its own, with who and when",
    "ceremony.collect": "what a phone kept while it had no network becomes such rows",
    "judging.here": "a judge is at the desk: a sign of life, not an act",
    "judging.give_practice": "practice, which no result ever reads",
    "accounts.start_app": "a key that waits for its first code: until it is confirmed nothing asks for it",
}
COPIED = {
    *("edition.created", "edition.entry_rules_set", "edition.fields_set", "edition.parts_set", "edition.tracks_set"),
    *("role.granted", "round.added"),
}
# Forms that are several acts at once, or one act on several things: each has its entry.
SEVERAL = {
    "accounts.change_password": {"password.changed", "sessions.ended"},
    "accounts.pass_second_step": {"second.passed", "session.started"},
    "accounts.send_link": {"link.issued", "link.requested"},
    "assignments.apply": {"assignments.planned", "assignments.told"},
    "assignments.deploy": {"assignments.planned", "assignments.told"},
    "awards.usual": {"award.added"},
    "ceremony.pair": {"ceremony.phone_paired", "ceremony.phones_ended"},
    "ceremony.publish": {"awards.published", "ceremony.published", "round.published"},
    "certificate.end": {"consent.withdrawn", "consents.ended"},
    "certificate.record": {"consent.given", "consents.recorded"},
    "certificates.end": {"consent.withdrawn", "consents.ended"},
    "certificates.record": {"consent.given", "consents.recorded"},
    "certificates.reissue": {"certificates.reissued", "certificates.revoked"},
    "conflicts.remind_titles": {"link.issued", "titles.reminded"},
    "accounts.use_link": {"link.used", "session.started"},
    "door.enter": {"link.used", "session.started"},
    "editions.create": {"edition.created", "role.granted"},
    "editions.make_clone": COPIED,
    "editions.save_divisions": {"edition.fields_set", "edition.tracks_set"},
    "exchange.load_bundle": {"edition.loaded", "role.granted", "round.confirmed", "round.finalised", "round.published"},
    "live.open_desk": {"assignments.cleared", "live.opened"},
    "panel.add_judge": {"judge.added", "role.granted"},
    "panel.let_leave": {"judge.left", "links.revoked", "role.revoked"},
    "panel.remove_judge": {"judge.removed", "role.revoked"},
    "panel.sheet": {"link.issued", "links.revoked"},
    "people.remove_second_factor": {"second.removed", "sessions.ended"},
    "privacy.file_paper": {"consent.given"},
    "privacy.save_text": {"consent.text_written"},
    "progress.remind": {"judge.reminded", "link.issued"},
    "rehearsal.start": COPIED | {"rehearsal.started", "rehearsal.wiped", "scoring.opened"},
    "rehearsal.wipe": {"rehearsal.wiped"},
    "results.decide_correction": {"correction.approved", "round.corrected"},
    "results.record_order": {"ruling.recorded", "ruling.revoked"},
    "round_panels.apply": {"assignments.replaced", "panels.applied"},
    "submissions.do_register": {"submission.registered"},
    "submissions.take_over": {"role.granted", "session.started", "submission.confirmed"},
}  # fmt: skip


def changed_tables(before: Dump, after: Dump) -> set[str]:
    return {cell.partition(".")[0] for cell in changes(before, after)} - FOLLOWS


def new_entries(before: Dump, after: Dump) -> list[dict[str, Any]]:
    table = db.metadata.tables["audit_entries"]
    names = [column.name for column in table.columns]
    rows = after["audit_entries"]
    return [dict(zip(names, rows[key], strict=True)) for key in rows if key not in before["audit_entries"]]


@pytest.mark.parametrize("key", PLACES)
def test_lg_01_a_form_that_changes_something_leaves_its_entry(site: Site, key: str) -> None:
    form = fill(site, key)
    send(site, Attack("as it is", form))
    after = site.dump()
    changed, entries = changed_tables(site.pristine, after), new_entries(site.pristine, after)
    if key in SILENT or not changed:
        assert key not in SILENT or entries == []
        return
    assert entries, f"{key} changed {sorted(changed)} and nobody knows"
    acts = {one["action"] for one in entries}
    assert len(entries) == 1 or acts == SEVERAL.get(key, set()), acts
    for one in entries:
        assert str(one["at"])[:16] == NOON.isoformat(sep=" ")[:16]
        assert one["actor_id"] is not None or form.role == "visitor", one["action"]
        assert one["action"].count(".") == 1, one["action"]
        assert one["scope"]


@pytest.mark.parametrize("key", PLACES)
def test_lg_02_an_act_that_falls_leaves_neither_change_nor_entry(
    site: Site, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault comes at the last moment: everything is written, the entries too, and the commit fails."""
    form = fill(site, key)

    def fail(_link: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "_reactions", [*audit._reactions, fail])  # noqa: SLF001  there is no nearer place
    send(site, Attack("as it is", form))
    after = site.dump()
    entries = new_entries(site.pristine, after)
    changed = changed_tables(site.pristine, after)
    assert entries == []
    assert changed == set() or key in SILENT, sorted(changed)
