"""What an edition consists of: tracks, fields and the parts of a submission. Rows are matched by code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError

from contest.editions.codes import check_code
from contest.editions.divisions import Division
from contest.editions.models import Field, Part, Track
from contest.editions.parts import PartSpec
from contest.editions.services.rows import edition_row, trace
from contest.errors import RuleBroken
from contest.infra.db import db

Row = Track | Field | Part


def set_tracks(*, edition_id: int, tracks: Sequence[Division], actor_id: int | None, now: datetime) -> None:
    """Make the tracks exactly these, in this order.

    Raises `RuleBroken` "track_in_use", "code_invalid", "code_twice", "edition_archived".
    """
    edition = edition_row(edition_id)  # held: a list outlives no parent that nobody holds
    rows = edition.tracks
    _apply(rows, [(one.code, _division(one)) for one in tracks], Track, "track_in_use")
    codes = [one.code for one in tracks]
    trace("edition.tracks_set", edition_id=edition_id, actor_id=actor_id, now=now, codes=codes)


def set_fields(*, edition_id: int, fields: Sequence[Division], actor_id: int | None, now: datetime) -> None:
    """Make the fields exactly these, in this order.

    Raises `RuleBroken` "field_in_use", "code_invalid", "code_twice", "edition_archived".
    """
    edition = edition_row(edition_id)  # held: a list outlives no parent that nobody holds
    rows = edition.fields
    _apply(rows, [(one.code, _division(one)) for one in fields], Field, "field_in_use")
    codes = [one.code for one in fields]
    trace("edition.fields_set", edition_id=edition_id, actor_id=actor_id, now=now, codes=codes)


def set_parts(*, edition_id: int, parts: Sequence[PartSpec], actor_id: int | None, now: datetime) -> None:
    """Make the parts of a submission exactly these, in this order.

    A part whose kind changes is a new one. Raises `RuleBroken` "part_in_use", "code_invalid", "code_twice".
    """
    edition = edition_row(edition_id)  # held: a list outlives no parent that nobody holds
    rows = edition.parts
    kinds = {one.code: one.kind for one in parts}
    _remove(rows, [row for row in rows if kinds.get(row.code, row.kind) != row.kind], "part_in_use")
    _apply(rows, [(one.code, _part(one)) for one in parts], Part, "part_in_use")
    codes = [one.code for one in parts]
    trace("edition.parts_set", edition_id=edition_id, actor_id=actor_id, now=now, codes=codes)


def _division(one: Division) -> dict[str, Any]:
    return {"name_vi": one.name.vi, "name_en": one.name.en}


def _part(one: PartSpec) -> dict[str, Any]:
    return {
        "name_vi": one.name.vi,
        "name_en": one.name.en,
        "help_vi": one.help.vi,
        "help_en": one.help.en,
        "kind": one.kind,
        "required": one.required,
        "accept": ",".join(one.accept),
        "max_mb": one.max_mb,
        "max_words": one.max_words,
    }


def _apply(rows: list[Any], wanted: list[tuple[str, dict[str, Any]]], make: Callable[..., Row], in_use: str) -> None:
    codes = [check_code(code) for code, _ in wanted]
    for code in codes:
        if codes.count(code) > 1:
            raise RuleBroken("code_twice", item=code)
    _remove(rows, [row for row in rows if row.code not in codes], in_use)
    known = {row.code: row for row in rows}
    for position, (code, values) in enumerate(wanted, start=1):
        if code not in known:
            rows.append(make(code=code, position=position, **values))
            continue
        known[code].position = position
        for name, value in values.items():
            setattr(known[code], name, value)


def _remove(rows: list[Any], gone: list[Any], in_use: str) -> None:
    """Delete rows; the database alone knows whether a submission still points at one."""
    for row in gone:
        code = row.code
        try:
            with db.session.begin_nested():
                rows.remove(row)
                db.session.flush()  # the foreign keys speak now, while the row's name is at hand
        except IntegrityError as used:
            raise RuleBroken(in_use, item=code) from used
