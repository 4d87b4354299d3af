"""An upload is stored once and waits for its person: the row in the database, the bytes in the storage."""

from __future__ import annotations

from io import BytesIO

from flask import current_app
from flask_login import current_user

from contest.errors import NotFound
from contest.exchange import services
from contest.exchange.queries import waiting_file
from contest.exchange.waiting import Purpose, WaitingFile
from contest.infra import clock
from contest.infra.db import unit_of_work
from contest.infra.storage import Storage


def _storage() -> Storage:
    storage: Storage = current_app.extensions["storage"]
    return storage


def keep(name: str, data: bytes, purpose: Purpose, edition_id: int | None = None) -> str:
    """Store the bytes and return the public id of the waiting file; what nobody needs any more is removed."""
    storage = _storage()
    stored = storage.put(BytesIO(data), limit=len(data))
    try:
        with unit_of_work():
            swept = services.sweep_files(user_id=current_user.id, now=clock.now())
            public_id = services.keep_file(
                filename=name,
                stored=stored,
                purpose=purpose,
                user_id=current_user.id,
                edition_id=edition_id,
                now=clock.now(),
            )
    except BaseException:
        storage.delete(stored.key)
        raise
    for key in swept:
        storage.delete(key)
    return public_id


def opened(file_id: str, purpose: Purpose, edition_id: int | None = None) -> tuple[WaitingFile, bytes]:
    """Return a person's own waiting file with its bytes, or answer 404."""
    found = waiting_file(file_id, user_id=current_user.id, purpose=purpose, edition_id=edition_id, now=clock.now())
    if found is None:
        raise NotFound
    try:
        with _storage().open(found.storage_key) as stream:
            return found, stream.read()
    except FileNotFoundError as gone:
        raise NotFound from gone


def discard(file: WaitingFile) -> None:
    """Remove the bytes of a file that was used, after its row is gone."""
    _storage().delete(file.storage_key)
