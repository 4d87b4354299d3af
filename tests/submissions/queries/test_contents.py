from __future__ import annotations

import pytest
from flask import Flask

from contest.editions.parts import PartKind
from contest.editions.queries import parts_of
from contest.submissions.completeness import Content, Requirements, flaws
from contest.submissions.queries import content_of, contents_of, files_of, requirements_of
from tests.counting import counted
from tests.factories import Make
from tests.submissions.conftest import Entry, entry_in
from tests.submissions.samples import pdf, picture


@pytest.mark.both_databases
def test_an_edition_asks_for_its_parts_tracks_and_fields(make: Make, entry: Entry) -> None:
    wanted = requirements_of(entry.edition.id)

    assert [(part.code, part.kind, part.required) for part in wanted.parts] == [
        ("problem", PartKind.TEXT, True),
        ("notes", PartKind.TEXT, False),
        ("plan", PartKind.FILE, True),
        ("photo", PartKind.FILE, False),
        ("video", PartKind.LINK, True),
    ]
    assert (wanted.with_track, wanted.with_field) == (True, True)
    assert requirements_of(make.edition("mua-2027").id) == Requirements()


@pytest.mark.both_databases
def test_a_complete_submission_has_no_flaws(entry: Entry) -> None:
    entry.complete()

    assert flaws(content_of(entry.id), requirements_of(entry.edition.id)) == ()


@pytest.mark.both_databases
def test_contents_of_several_are_kept_apart(app: Flask, make: Make, entry: Entry) -> None:
    other = entry_in(app, make, entry.edition, "Sao Mai")
    entry.complete()
    entry.upload(pdf("moi"))

    found = contents_of([entry.id, other.id])

    assert found[other.id] == Content(title="Bản đồ", track="A")
    assert found[entry.id].files == {"plan": len(pdf("moi"))}
    assert found[entry.id].texts == {"problem": "Nước ngập mỗi mùa mưa", "video": "https://youtu.be/abc"}


@pytest.mark.both_databases
@pytest.mark.parametrize("rows", [1, 3])
def test_contents_cost_three_queries(app: Flask, make: Make, entry: Entry, rows: int) -> None:
    ids = [entry.complete().id]
    ids += [entry_in(app, make, entry.edition, f"Đội {n}").complete().id for n in range(rows - 1)]

    with counted(app) as queries:
        assert len(contents_of(ids)) == rows

    assert len(queries) == 3


@pytest.mark.both_databases
def test_files_stand_in_the_order_of_the_parts_and_superseded_ones_are_left_out(entry: Entry) -> None:
    entry.upload(picture(), part="photo", name="ảnh.png")
    entry.upload(pdf("cu"), name="cũ.pdf")
    entry.upload(pdf("moi"), name="mới.pdf")

    found = files_of(entry.id, parts_of(entry.edition.id))

    assert [(file.part.code, file.name, file.kind) for file in found] == [
        ("plan", "mới.pdf", "pdf"),
        ("photo", "ảnh.png", "image"),
    ]


def test_a_blind_panel_sees_no_names_in_files(entry: Entry) -> None:
    entry.upload(picture(), part="photo", name="Lê Thị Ánh.png")

    (file,) = files_of(entry.id, parts_of(entry.edition.id), blind_code="BT-001")

    assert file.name == "BT-001-photo.png"
