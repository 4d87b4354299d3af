"""A whole edition as a bundle, in 18 queries whatever its size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from contest.accounts.models import User
from contest.editions.entry_rules import EligibilityRules
from contest.editions.entry_rules_json import entry_rules_from_json
from contest.editions.extensions import Extension
from contest.editions.facts import RoundFacts
from contest.editions.models import Edition, Field, Round, Track
from contest.editions.parts import PartSpec
from contest.editions.privacy import PrivacyRules, privacy_from_json
from contest.editions.queries import extensions_of, fields_of, parts_of, rounds_of, tracks_of
from contest.editions.rules import CriterionSpec, Guidance, Rubric
from contest.errors import NotFound
from contest.exchange.bundle.model import (
    Bundle,
    BundleAdjustment,
    BundleAdvancement,
    BundleChoice,
    BundleConflict,
    BundleEdition,
    BundleField,
    BundleJudge,
    BundleRound,
    BundleRuling,
    BundleSubmission,
    BundleTrack,
)
from contest.exchange.bundle.settle import settled
from contest.exchange.canonical import email, field_codes, listed, local_block, local_line, phone
from contest.exchange.cleaning import clean_block, clean_text
from contest.exchange.queries.papers import Codes, papers_of
from contest.infra.db import db
from contest.judging.models import Advancement, Conflict, Judge
from contest.letters import fold
from contest.results.award_rules import AwardSpec
from contest.results.models import Adjustment, RulingRow
from contest.results.queries.awards import award_specs, choices_of
from contest.submissions.models import Submission, Team, TeamMember


def bundle_of(edition_id: int) -> Bundle:
    """Return the edition as a settled bundle: dumping, loading and dumping it again gives the same bytes.

    Not in it: accounts, files and answers of teams, receipts, snapshots, the logo, what was revoked or withdrawn.
    Marks on recused papers count for nothing and are left out, as are contacts that are neither address nor number.
    Raises `NotFound`.
    """
    rounds = rounds_of(edition_id)
    edition = _whole_edition(edition_id, rounds)
    submissions = _submissions(edition_id, edition.tracks[0].code if len(edition.tracks) == 1 else "")
    judges = _judges(edition_id, edition.fields)
    codes = Codes(
        rounds={each.id: each for each in rounds},
        submissions={row_id: each.code for row_id, each in submissions.items()},
        judges={row_id: each.code for row_id, each in judges.items()},
    )
    papers = papers_of(edition_id, codes)
    return settled(
        Bundle(
            edition=edition,
            submissions=tuple(submissions.values()),
            judges=tuple(judges.values()),
            conflicts=_conflicts(edition_id, codes),
            assignments=papers.assignments,
            scores=papers.scores,
            adjustments=_adjustments(edition_id, codes),
            scorecards=papers.scorecards,
            advancements=_advancements(edition_id, codes),
            rulings=_rulings(edition_id, codes),
            choices=_choices(edition_id),
            measured=papers.measured,
        )
    )


def _whole_edition(edition_id: int, rounds: Sequence[RoundFacts]) -> BundleEdition:
    row = db.session.get(Edition, edition_id)
    if row is None:
        raise NotFound
    return replace(
        _edition(row),
        tracks=tuple(BundleTrack(each.code, local_line(each.name_vi, each.name_en)) for each in tracks_of(edition_id)),
        fields=tuple(BundleField(each.code, local_line(each.name_vi, each.name_en)) for each in fields_of(edition_id)),
        parts=tuple(_part(part) for part in parts_of(edition_id).values()),
        rounds=tuple(_round(each) for each in rounds),
        awards=_awards(edition_id),
        extensions=tuple(_extension(each) for each in extensions_of(edition_id)),
    )


def _edition(row: Edition) -> BundleEdition:
    return BundleEdition(
        code=row.code,
        name=local_line(row.name_vi, row.name_en),
        organiser=clean_text(row.organiser),
        timezone=row.timezone,
        about=local_block(row.about_vi, row.about_en),
        contact=clean_text(row.contact),
        languages=tuple(row.languages.split(",")),
        state=row.state,
        submissions_open=row.submissions_open,
        submissions_close=row.submissions_close,
        grace_minutes=row.grace_minutes,
        marks_shown=row.marks_shown,
        second_step=row.second_factor_required,
        entry_rules=_entry_rules(row),
        consents=_consents(row),
    )


def _entry_rules(row: Edition) -> EligibilityRules:
    rules = entry_rules_from_json(row.entry_rules)
    listed = tuple(dict.fromkeys(filter(None, map(clean_text, rules.awarded.listed))))
    return replace(rules, awarded=replace(rules.awarded, listed=listed))


def _consents(row: Edition) -> PrivacyRules:
    rules = privacy_from_json(row.privacy_rules)
    return replace(rules, contact=clean_text(rules.contact))


def _extension(each: Extension) -> Extension:
    told = replace(each.decision, number=clean_text(each.decision.number), reason=clean_text(each.decision.reason))
    return replace(each, decision=told)


def _part(part: PartSpec) -> PartSpec:
    return replace(part, name=local_line(part.name.vi, part.name.en), help=local_block(part.help.vi, part.help.en))


def _round(each: RoundFacts) -> BundleRound:
    return BundleRound(
        code=each.code,
        name=local_line(each.name.vi, each.name.en),
        kind=each.kind,
        opens=each.opens_at,
        closes=each.closes_at,
        state=each.state,
        rules=each.rules,
        criteria=Rubric(tuple(_criterion(spec) for spec in each.rubric.criteria)),
    )


def _criterion(spec: CriterionSpec) -> CriterionSpec:
    return replace(
        spec,
        name=local_line(spec.name.vi, spec.name.en),
        description=local_block(spec.description.vi, spec.description.en),
        guidance=tuple(Guidance(each.mark, local_block(each.text.vi, each.text.en)) for each in spec.guidance),
    )


def _awards(edition_id: int) -> tuple[AwardSpec, ...]:
    return tuple(
        replace(each, name=local_line(each.name.vi, each.name.en), sponsor=clean_text(each.sponsor))
        for each in award_specs(edition_id)
    )


def _submissions(edition_id: int, only_track: str) -> dict[int, BundleSubmission]:
    """Return the submissions by row id in the order of their making; where there is one track, all are in it."""
    rows = db.session.execute(
        select(Submission, Team, Track.code.label("track"), Field.code.label("field"))
        .join(Team, Team.id == Submission.team_id)
        .outerjoin(Track, Track.id == Submission.track_id)
        .outerjoin(Field, Field.id == Submission.field_id)
        .where(Submission.edition_id == edition_id)
        .order_by(Submission.id)
    )
    members = _members(edition_id)
    return {
        row.id: BundleSubmission(
            code=row.code,
            title=clean_text(row.title),
            team=clean_text(team.name),
            track=track or only_track,
            field=field or "",
            school=clean_text(team.school),
            members=listed(members[team.id]),
            mentor=clean_text(team.mentor_name),
            summary=clean_block(row.summary),
            email=email(team.email),
            phone=phone(team.phone),
            status=row.status,
            mentor_email=email(team.mentor_email),
            mentor_phone=phone(team.mentor_phone),
            status_reason=clean_text(row.status_reason),
        )
        for row, team, track, field in rows
    }


def _members(edition_id: int) -> Mapping[int, Sequence[str]]:
    rows = db.session.execute(
        select(TeamMember.team_id, TeamMember.name)
        .join(Team, Team.id == TeamMember.team_id)
        .where(Team.edition_id == edition_id)
        .order_by(TeamMember.team_id, TeamMember.position, TeamMember.id)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for team_id, name in rows:
        found[team_id].append(name)
    return found


def _judges(edition_id: int, fields: Sequence[BundleField]) -> dict[int, BundleJudge]:
    """Return the judges by row id; a judge without an address on the panel's list has the account's."""
    known = {fold(name): each.code for each in fields for name in (each.name.en, each.name.vi, each.code) if name}
    rows = db.session.execute(
        select(Judge, User.email)
        .join(User, User.id == Judge.user_id)
        .where(Judge.edition_id == edition_id)
        .order_by(Judge.id)
    )
    return {
        row.id: BundleJudge(
            code=row.code,
            name=clean_text(row.name),
            email=email(row.email or address or ""),
            phone=phone(row.phone),
            organisation=clean_text(row.organisation),
            fields=field_codes(row.fields.split(";"), known),
            min_load=row.min_load,
            max_load=row.max_load,
            languages=listed(row.languages.split(";")),
            experience=row.experience,
            profile=clean_block(row.profile),
        )
        for row, address in rows
    }


def _conflicts(edition_id: int, codes: Codes) -> tuple[BundleConflict, ...]:
    rows = db.session.execute(
        select(Conflict.judge_id, Conflict.submission_id, Conflict.reason, Conflict.kind, Conflict.party)
        .join(Judge, Judge.id == Conflict.judge_id)
        .where(Judge.edition_id == edition_id)
    )
    return tuple(
        BundleConflict(codes.judges[judge], codes.submissions[submission], clean_text(reason), kind, party)
        for judge, submission, reason, kind, party in rows
    )


def _of_rounds(edition_id: int, model: type[Any], *columns: Any, conditions: Sequence[Any] = ()) -> Any:
    """Return rows that hang on the rounds of the edition, in the order of their making."""
    return db.session.execute(
        select(model.round_id, model.submission_id, *columns)
        .join(Round, Round.id == model.round_id)
        .where(Round.edition_id == edition_id, *conditions)
        .order_by(model.id)
    )


def _adjustments(edition_id: int, codes: Codes) -> tuple[BundleAdjustment, ...]:
    columns = (Adjustment.points, Adjustment.reason, Adjustment.author)
    rows = _of_rounds(edition_id, Adjustment, *columns, conditions=[Adjustment.withdrawn_at.is_(None)])
    return tuple(
        BundleAdjustment(
            codes.rounds[round_id].code, codes.submissions[submission], points, clean_text(reason), clean_text(author)
        )
        for round_id, submission, points, reason, author in rows
    )


def _rulings(edition_id: int, codes: Codes) -> tuple[BundleRuling, ...]:
    columns = (RulingRow.kind, RulingRow.value, RulingRow.reason, RulingRow.author)
    rows = _of_rounds(edition_id, RulingRow, *columns, conditions=[RulingRow.revoked_at.is_(None)])
    return tuple(
        BundleRuling(
            round=codes.rounds[round_id].code,
            kind=kind,
            submission="" if submission is None else codes.submissions[submission],
            value=clean_text(value),
            reason=clean_text(reason),
            author=clean_text(author),
        )
        for round_id, submission, kind, value, reason, author in rows
    )


def _choices(edition_id: int) -> tuple[BundleChoice, ...]:
    return tuple(
        BundleChoice(one.award, one.submission or "", one.votes, clean_text(one.reason), clean_text(one.author))
        for one in choices_of(edition_id)
    )


def _advancements(edition_id: int, codes: Codes) -> tuple[BundleAdvancement, ...]:
    rows = _of_rounds(edition_id, Advancement)
    return tuple(
        BundleAdvancement(codes.rounds[round_id].code, codes.submissions[submission]) for round_id, submission in rows
    )
