"""Passkeys (WebAuthn): questions are kept here and answered once; host and origin come from the settings alone."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import delete, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from contest.accounts.models import User
from contest.accounts.second.factors import CHALLENGE_LIFE, LONGEST_NAME, MOST_PASSKEYS, Asked, Site
from contest.accounts.second.models import Passkey, PasskeyChallenge
from contest.accounts.second.queries import credential_ids
from contest.errors import RuleBroken
from contest.infra import audit
from contest.infra.db import db
from contest.infra.signing import token_hash

NAME = "Bảng Vàng"
LONGEST_ANSWER = 20_000
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
# What the library, its decoders and ours raise for answers that no browser would send.
_BROKEN = (
    WebAuthnException,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
)


class Shown(NamedTuple):
    """Whose passkey answered, and whether the device made sure of the person (a finger, a face, a PIN)."""

    user_id: int
    verified: bool


def _descriptors(user_id: int) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(one)) for one in credential_ids(user_id)]


def _keep(challenge: bytes, asked: Asked, user_id: int | None, holder: str, now: datetime) -> None:
    db.session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
    db.session.add(
        PasskeyChallenge(
            challenge_hash=token_hash(bytes_to_base64url(challenge)),
            holder_hash=token_hash(holder),
            asked=asked,
            user_id=user_id,
            expires_at=now + CHALLENGE_LIFE,
        )
    )


def ask_new_passkey(*, user_id: int, site: Site, holder: str, now: datetime) -> str:
    """Ask the person's device for a new passkey: return the options for the browser as JSON.

    `holder` is the secret of the browser that must answer. Raises `RuleBroken` "too_many_passkeys".
    """
    user = db.session.get_one(User, user_id)
    present = _descriptors(user_id)
    if len(present) >= MOST_PASSKEYS:
        raise RuleBroken("too_many_passkeys", most=MOST_PASSKEYS)
    options = generate_registration_options(
        rp_id=site.host,
        rp_name=NAME,
        user_name=user.email or user.phone or user.name,
        user_id=user.public_id.encode(),
        user_display_name=user.name,
        exclude_credentials=present,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )
    _keep(options.challenge, Asked.ADD, user_id, holder, now)
    return options_to_json(options)


def ask_passkey(*, asked: Asked, user_id: int | None, site: Site, holder: str, now: datetime) -> str:
    """Ask for a passkey of a person, or without `user_id` for any that the device offers; return options as JSON."""
    alone = asked is Asked.ENTER
    options = generate_authentication_options(
        rp_id=site.host,
        allow_credentials=_descriptors(user_id) if user_id is not None else None,
        user_verification=UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED,
    )
    _keep(options.challenge, asked, user_id, holder, now)
    return options_to_json(options)


def _take(answer: str, asked: Asked, user_id: int | None, holder: str, now: datetime) -> tuple[dict[str, Any], bytes]:
    """Use up the question that an answer names and return (answer, challenge); raise `ValueError` when it was none."""
    if len(answer) > LONGEST_ANSWER:
        raise ValueError("too long")
    read = json.loads(answer)
    challenge = json.loads(base64url_to_bytes(read["response"]["clientDataJSON"]))["challenge"]
    mine = (
        delete(PasskeyChallenge)
        .where(PasskeyChallenge.challenge_hash == token_hash(challenge), PasskeyChallenge.expires_at > now)
        .where(PasskeyChallenge.holder_hash == token_hash(holder), PasskeyChallenge.asked == asked)
        .where(PasskeyChallenge.user_id.is_not_distinct_from(user_id))
        .returning(PasskeyChallenge.id)
    )
    if db.session.scalar(mine) is None:
        raise ValueError("nobody asked")
    return read, base64url_to_bytes(challenge)


def add_passkey(*, user_id: int, name: str, answer: str, site: Site, holder: str, now: datetime) -> bool:
    """Keep the new passkey that the device made; tell whether the answer was right. The question is used up anyway."""
    try:
        read, challenge = _take(answer, Asked.ADD, user_id, holder, now)
        made = verify_registration_response(
            credential=read, expected_challenge=challenge, expected_rp_id=site.host, expected_origin=site.origin
        )
    except _BROKEN:
        return False
    credential = bytes_to_base64url(made.credential_id)
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == credential)) is not None:
        return False
    db.session.add(
        Passkey(
            user_id=user_id,
            credential_id=credential,
            public_key=bytes_to_base64url(made.credential_public_key),
            sign_count=made.sign_count,
            name=name[:LONGEST_NAME],
            added_at=now,
        )
    )
    db.session.flush()  # whoever asks next, in the same unit of work, must find it
    audit.record(at=now, actor_id=user_id, scope="accounts", action="second.passkey_added", subject=f"user:{user_id}")
    return True


def show_passkey(
    *, asked: Asked, user_id: int | None, answer: str, site: Site, holder: str, now: datetime
) -> Shown | None:
    """Return whose passkey answered the question, none for any fault. The question is used up anyway.

    A counter that does not grow tells of a copied key and is refused; of two simultaneous uses exactly one succeeds.
    Without `user_id` the device must have made sure of the person.
    """
    try:
        read, challenge = _take(answer, asked, user_id, holder, now)
        row = _passkey(read["id"], user_id)
        if row is None or not _names(read, row.public_id):
            return None
        seen = verify_authentication_response(
            credential=read,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=base64url_to_bytes(row.public_key),
            credential_current_sign_count=row.sign_count,
            require_user_verification=user_id is None,
        )
    except _BROKEN:
        return None
    counted = (
        update(Passkey)
        .where(Passkey.id == row.id, Passkey.sign_count == row.sign_count)
        .values(sign_count=seen.new_sign_count, used_at=now)
        .returning(Passkey.user_id)
        .execution_options(synchronize_session=False)
    )
    owner = db.session.scalar(counted)
    if owner is None:
        return None
    if asked is Asked.ENTER:
        audit.record(at=now, actor_id=owner, scope="accounts", action="passkey.entered", subject=f"user:{owner}")
    return Shown(owner, seen.user_verified)


def _passkey(credential_id: str, user_id: int | None) -> Any:
    if not _BASE64URL.fullmatch(credential_id):  # PostgreSQL fails on a NUL where SQLite searches in vain
        return None
    wanted = (
        select(Passkey.id, Passkey.user_id, Passkey.public_key, Passkey.sign_count, User.public_id)
        .join(User, User.id == Passkey.user_id)
        .where(Passkey.credential_id == credential_id, User.is_active)
    )
    if user_id is not None:
        wanted = wanted.where(Passkey.user_id == user_id)
    return db.session.execute(wanted).one_or_none()


def _names(read: dict[str, Any], public_id: str) -> bool:
    """Tell whether the answer names its owner, if it names anybody."""
    handle = read["response"].get("userHandle")
    return not handle or base64url_to_bytes(handle) == public_id.encode()
