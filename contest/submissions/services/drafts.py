"""Saving a draft, from the form or by autosave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from contest.editions.parts import PartKind
from contest.errors import RuleBroken
from contest.infra.db import db
from contest.submissions.completeness import LONGEST_TEXT, LONGEST_TITLE, Content
from contest.submissions.drafts import merged
from contest.submissions.facts import Draft
from contest.submissions.lifecycle import Act, SubmissionStatus
from contest.submissions.links import read_link
from contest.submissions.models import PartAnswer, Submission
from contest.submissions.queries.contents import content_of
from contest.submissions.services.eligibility import blocks_of, hold_others, refuse_new_blocks
from contest.submissions.services.rows import locked_for, note, part_rows, refuse_incomplete
from contest.submissions.services.teams import field_id_of, track_id_of


@dataclass(frozen=True, slots=True)
class Saved:
    """The version that is now stored, since when, and its content."""

    version: int
    saved_at: datetime
    content: Content


def save_draft(*, submission_id: int, version: int, draft: Draft, actor_id: int | None, now: datetime) -> Saved:
    """Save the texts of a draft that was read at `version`; nothing happens when it equals what is stored.

    A text may be longer than its part allows (nothing typed is lost; handing in waits). Raises `NotFound`, `RuleBroken`
    "stale_version" (somebody saved another text since), "wrong_status", "submissions_not_open", "submissions_closed",
    "choice_unknown", "part_unknown", "title_too_long", "answer_too_long", "link_not_web", "link_too_long", and
    "would_be_incomplete" or "would_be_ineligible" for a submitted one.
    """
    hold_others(submission_id)
    row = locked_for(submission_id, Act.EDIT, now)
    current = content_of(submission_id)
    wanted = merged(current, _checked(row.edition_id, draft))
    if wanted == current:  # also an autosave that comes twice because its answer was lost
        return Saved(row.version, row.updated_at, current)
    if version != row.version:
        raise RuleBroken("stale_version", version=row.version)
    refuse_incomplete(row, wanted)
    blocked = blocks_of(row)
    _write(row, wanted)
    refuse_new_blocks(row, blocked)
    row.version, row.updated_at = row.version + 1, now
    if row.status is SubmissionStatus.SUBMITTED:
        note(row, "changed", actor_id=actor_id, now=now, version=row.version)
    return Saved(row.version, now, wanted)


def _checked(edition_id: int, draft: Draft) -> Draft:
    if len(draft.title) > LONGEST_TITLE:
        raise RuleBroken("title_too_long", longest=LONGEST_TITLE)
    parts = part_rows(edition_id)
    texts = {}
    for code, text in draft.texts.items():
        if code not in parts or parts[code].kind is PartKind.FILE:
            raise RuleBroken("part_unknown", part=code)
        is_link = parts[code].kind is PartKind.LINK and text
        texts[code] = read_link(text).url if is_link else text
    if any(len(text) > LONGEST_TEXT for text in (draft.summary, *texts.values())):
        raise RuleBroken("answer_too_long", longest=LONGEST_TEXT)
    return replace(draft, texts=texts)


def _write(row: Submission, content: Content) -> None:
    row.title, row.summary = content.title, content.summary
    row.track_id = track_id_of(row.edition_id, content.track)
    row.field_id = field_id_of(row.edition_id, content.field)
    stored = {
        answer.part_id: answer
        for answer in db.session.scalars(select(PartAnswer).where(PartAnswer.submission_id == row.id))
    }
    for code, part in part_rows(row.edition_id).items():
        text, answer = content.texts.get(code, ""), stored.get(part.id)
        if answer is not None and not text:
            db.session.delete(answer)
        elif answer is not None:
            answer.text = text
        elif text:
            db.session.add(PartAnswer(submission_id=row.id, part_id=part.id, text=text))
