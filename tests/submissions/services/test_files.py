from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest

from contest.editions.rules import LocalText
from contest.errors import NotFound, RuleBroken, StorageFull
from contest.infra import room
from contest.infra.db import db, unit_of_work
from contest.submissions import services
from contest.submissions.completeness import MEGABYTE
from contest.submissions.filetypes import TYPES
from contest.submissions.models import SubmissionFile
from contest.submissions.queries import content_of
from contest.submissions.quotas import Quota
from tests.factories import NOON, Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import MACRO_TYPE, pdf, picture, pptx

TICK = timedelta(milliseconds=1)


def refused(entry: Entry, content: bytes, **values: object) -> RuleBroken:
    with pytest.raises(RuleBroken) as broken:
        entry.upload(content, **values)  # type: ignore[arg-type]
    assert entry.stored_keys == set()
    assert db.session.query(SubmissionFile).count() == 0
    return broken.value


@pytest.fixture(autouse=True)
def _empty_storage(entry: Entry) -> None:
    for key in entry.stored_keys:
        entry.storage.delete(key)


@pytest.mark.both_databases
def test_an_upload_is_stored_with_its_size_and_hash(entry: Entry) -> None:
    public_id = entry.upload(pdf(), name="C:\\Bài\\Kế hoạch.pdf")

    row = db.session.query(SubmissionFile).one()
    assert (row.public_id, row.filename, row.content_type) == (public_id, "Kế hoạch.pdf", "application/pdf")
    assert (row.size, row.sha256) == (len(pdf()), hashlib.sha256(pdf()).hexdigest())
    assert (row.uploaded_at, row.superseded_at) == (NOON, None)
    assert entry.bytes_of(row.storage_key) == pdf()
    assert content_of(entry.id).files == {"plan": len(pdf())}


@pytest.mark.both_databases
def test_a_new_version_supersedes_the_old_one_and_keeps_its_bytes(entry: Entry) -> None:
    entry.upload(pdf("cu"))
    entry.upload(pdf("moi"), now=NOON + TICK)

    old, new = db.session.query(SubmissionFile).order_by(SubmissionFile.id)
    assert (old.superseded_at, new.superseded_at) == (NOON + TICK, None)
    assert entry.bytes_of(old.storage_key) == pdf("cu")
    assert content_of(entry.id).files == {"plan": len(pdf("moi"))}


def test_each_part_has_its_own_file(entry: Entry) -> None:
    entry.upload(pdf())
    entry.upload(picture(), part="photo", name="ảnh.png")
    entry.upload(pptx(), part="photo", name="slides.pptx")

    assert content_of(entry.id).files == {"plan": len(pdf()), "photo": len(pptx())}


def test_every_change_of_files_is_a_new_version(entry: Entry) -> None:
    public_id = entry.upload()
    assert entry.row.version == 2

    entry.remove(public_id)
    assert entry.row.version == 3


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (pdf(), "plan.html", "file_type_refused"),
        (picture(), "plan.png", "file_type_refused"),
        (pdf(), "plan.html.pdf", "file_double_ending"),
        (pptx(), "plan.pdf", "file_differs"),
        (b"", "plan.pdf", "file_empty"),
        (pdf(pages=100)[:-300], "plan.pdf", "file_damaged"),
    ],
)
def test_a_refused_file_leaves_nothing_and_names_its_part(entry: Entry, content: bytes, name: str, code: str) -> None:
    broken = refused(entry, content, name=name)

    assert broken.code == code
    assert broken.facts["part"] == LocalText("Thuyết minh", "Plan")
    assert broken.facts["part_code"] == "plan"
    assert broken.facts["filename"] == name


def test_a_presentation_with_macros_is_refused(entry: Entry) -> None:
    broken = refused(entry, pptx(main_type=MACRO_TYPE), part="photo", name="slides.pptx")

    assert broken.code == "file_has_macros"


@pytest.mark.parametrize(
    ("name", "inside", "code"),
    [
        ("ppt/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0", "file_holds_files"),
        ("ppt/slides/slide1.xml", b'<s><hlinkClick action="ppaction://program"/></s>', "file_starts_something"),
        ("ppt/slides/slide1.xml", b"<s><unclosed></s>", "file_damaged"),
    ],
)
def test_what_is_found_inside_is_refused_and_leaves_nothing(entry: Entry, name: str, inside: bytes, code: str) -> None:
    assert refused(entry, pptx(extra={name: inside}), part="photo", name="slides.pptx").code == code


def _padded(size: int) -> bytes:
    """A PDF of exactly this many bytes."""
    small = pdf()
    return small.replace(b"%\xe2\xe3\xcf\xd3\n", b"%" + b"x" * (size - len(small) + 4) + b"\n")


def test_a_file_of_exactly_the_limit_is_taken(entry: Entry) -> None:
    entry.upload(_padded(MEGABYTE))

    assert content_of(entry.id).files == {"plan": MEGABYTE}


def test_one_byte_more_is_refused_with_part_limit_and_size(entry: Entry) -> None:
    broken = refused(entry, _padded(MEGABYTE + 1))

    assert broken.code == "file_too_large"
    assert broken.facts == {
        "part": LocalText("Thuyết minh", "Plan"),
        "part_code": "plan",
        "limit": 1,
        "size": Decimal("1.1"),
    }


class _Growing(BytesIO):
    """A stream that tells a smaller size than it has."""

    def seek(self, place: int, whence: int = 0) -> int:
        return 10 if whence == 2 else super().seek(place, whence)


def test_a_stream_that_lies_about_its_size_is_stopped_while_it_is_copied(entry: Entry) -> None:
    stream = _Growing(_padded(MEGABYTE + 1))

    with (
        pytest.raises(RuleBroken, match="file_too_large"),
        services.received_file(entry.storage, stream, filename="plan.pdf", part=entry.part("plan")),
    ):
        pytest.fail("it was taken")

    assert entry.stored_keys == set()


def test_bytes_are_removed_when_the_transaction_fails(entry: Entry) -> None:
    def crash() -> None:
        stream, plan = BytesIO(pdf()), entry.part("plan")
        with (
            services.received_file(entry.storage, stream, filename="plan.pdf", part=plan) as received,
            unit_of_work(),
        ):
            services.add_file(submission_id=entry.id, received=received, actor_id=None, now=NOON)
            assert entry.storage.exists(received.stored.key)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()

    assert entry.stored_keys == set()
    assert db.session.query(SubmissionFile).count() == 0


@pytest.mark.both_databases
def test_the_last_moment_works_and_the_first_after_does_not(entry: Entry) -> None:
    closes = entry.edition.submissions_close
    assert closes

    for late in (closes, closes + TICK):
        assert refused(entry, pdf(), now=late).code == "submissions_closed"
    entry.upload(now=closes - TICK)

    assert content_of(entry.id).files == {"plan": len(pdf())}


@pytest.mark.parametrize("code", ["problem", "nonsense"])
def test_only_file_parts_take_files(entry: Entry, code: str) -> None:
    stored = entry.storage.put(BytesIO(pdf()), limit=MEGABYTE)
    received = services.Received(code, "plan.pdf", TYPES[".pdf"].content_type, stored)

    with pytest.raises(RuleBroken) as broken, unit_of_work():
        services.add_file(submission_id=entry.id, received=received, actor_id=None, now=NOON)

    assert (broken.value.code, broken.value.facts) == ("part_unknown", {"part": code})


@pytest.mark.both_databases
def test_uploads_are_counted_and_weighed_replaced_ones_included(entry: Entry) -> None:
    size, hour = len(pdf()), timedelta(hours=1)
    entry.upload()
    entry.upload(now=NOON + TICK)

    for quota, now, code in (
        (Quota(per_submission=2), NOON, "too_many_uploads"),
        (Quota(per_hour=2), NOON + hour - TICK, "too_many_uploads_now"),
        (Quota(team_bytes=3 * size - 1), NOON, "team_quota"),
        (Quota(edition_bytes=3 * size - 1), NOON, "edition_quota"),
    ):
        with pytest.raises(RuleBroken, match=code):
            entry.upload(now=now, quota=quota)
        assert len(entry.stored_keys) == 2
    entry.upload(now=NOON + hour, quota=Quota(3 * size, 3 * size, 2, 3))


def test_a_team_shares_its_room_and_others_have_their_own(entry: Entry, make: Make) -> None:
    size = len(pdf())
    entry.upload()
    other = entry_in(entry.app, make, entry.edition, "Bình Minh", entry.captain)

    other.upload(quota=Quota(team_bytes=size, per_hour=1))
    with pytest.raises(RuleBroken, match="edition_quota"):
        other.upload(quota=Quota(edition_bytes=2 * size))


def test_a_disk_at_its_floor_takes_no_file_and_still_saves_texts(entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry.storage, "floor", 1000)
    monkeypatch.setattr(room, "usage", lambda _path: (10_000, 1000 + len(pdf()) - 1))
    with pytest.raises(StorageFull):
        entry.upload()
    assert entry.stored_keys == set()
    entry.save()
    assert content_of(entry.id).title

    monkeypatch.setattr(room, "usage", lambda _path: (10_000, 1000 + len(pdf())))
    entry.upload()
    assert content_of(entry.id).files == {"plan": len(pdf())}


@pytest.mark.both_databases
def test_a_removed_file_is_gone_from_the_submission_but_kept_for_receipts(entry: Entry) -> None:
    public_id = entry.upload()

    entry.remove(public_id, now=NOON + TICK)

    row = db.session.query(SubmissionFile).one()
    assert row.superseded_at == NOON + TICK
    assert entry.storage.exists(row.storage_key)
    assert content_of(entry.id).files == {}


def test_a_file_is_removed_once_and_only_from_its_own_submission(entry: Entry) -> None:
    public_id = entry.upload()
    entry.remove(public_id)

    for missing in (public_id, "nonsense"):
        with pytest.raises(NotFound):
            entry.remove(missing)


@pytest.mark.both_databases
def test_a_required_file_of_a_submitted_one_is_replaced_but_not_removed(entry: Entry) -> None:
    entry.submitted()
    optional = entry.upload(picture(), part="photo", name="a.png")
    current = entry.upload(pdf("moi"))

    entry.remove(optional)
    with pytest.raises(RuleBroken) as broken:
        entry.remove(current)

    assert (broken.value.code, broken.value.facts) == ("would_be_incomplete", {"items": ("part-plan",)})
    assert content_of(entry.id).files == {"plan": len(pdf("moi"))}


def test_after_the_deadline_nothing_is_removed(entry: Entry) -> None:
    public_id, closes = entry.upload(), entry.edition.submissions_close
    assert closes

    with pytest.raises(RuleBroken, match="submissions_closed"):
        entry.remove(public_id, now=closes)
