"""A bundle back into its files: only what differs from the default, in one canonical form."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from zoneinfo import ZoneInfo

from contest.editions.measures import Measure
from contest.editions.parts import PartSpec
from contest.editions.rules import Advance, Band, CriterionSpec, LocalText, RoundRules, Source
from contest.exchange.bundle.consents import consent_pairs
from contest.exchange.bundle.document import LANGUAGES
from contest.exchange.bundle.entry import eligibility_pairs, extension_pairs
from contest.exchange.bundle.findings import mark_is_ambiguous, plain
from contest.exchange.bundle.model import DEFAULT_ZONE, DOCUMENT, Bundle, BundleEdition, BundleRound
from contest.exchange.bundle.rows import columns, shielded
from contest.exchange.bundle.settle import card_of, implied_status, judged_criteria, scores_by_card
from contest.exchange.bundle.toml_text import Value, toml_pair
from contest.judging.conflicts import ConflictReason
from contest.judging.states import Party
from contest.results.award_rules import AwardSpec
from contest.submissions.lifecycle import SubmissionStatus

Pairs = dict[str, Value]
Record = dict[str, str]


def dump_bundle(bundle: Bundle) -> dict[str, bytes]:
    """Return file name -> bytes for a settled bundle; parsing them gives the same bundle.

    UTF-8 without BOM, LF, commas, every cell that is not plain quoted. A table or an optional column that would be
    empty is left out. Text that looks like a formula is written as it is: the files are data, not sheets to calculate.
    """
    files = {DOCUMENT: document_text(bundle.edition).encode()}
    for stem, records in _tables(bundle).items():
        if records or stem == "submissions":
            files[f"{stem}.csv"] = _csv(stem, records).encode()
    return files


def document_text(edition: BundleEdition) -> str:
    """Write `edition.toml`."""
    zone = ZoneInfo(edition.timezone)
    blocks = [_block("[edition]", _edition(edition, zone))]
    entry = eligibility_pairs(edition.entry_rules)
    if entry:
        blocks.append(_block("[eligibility]", entry))
    consents = consent_pairs(edition.consents)
    if consents:
        blocks.append(_block("[consents]", consents))
    blocks += [_block("[[extensions]]", extension_pairs(each, zone)) for each in edition.extensions]
    for header, named in (("[[tracks]]", edition.tracks), ("[[fields]]", edition.fields)):
        blocks += [_block(header, {"code": each.code, "name": _local(each.name)}) for each in named]
    blocks += [_block("[[parts]]", _part(each)) for each in edition.parts]
    for each in edition.rounds:
        blocks.append(_block("[[rounds]]", _round(each, zone)))
        blocks += [_block("[[rounds.bands]]", _band(band), indent="  ") for band in each.rules.bands]
        for criterion in each.criteria.criteria:
            blocks.append(_block("[[rounds.criteria]]", _criterion(criterion), indent="  "))
            for guidance in criterion.guidance:
                pairs: Pairs = {"mark": guidance.mark, **_local(guidance.text)}
                blocks.append(_block("[[rounds.criteria.guidance]]", pairs, indent="    "))
    blocks += [_block("[[awards]]", _award(each)) for each in edition.awards]
    return "\n".join(blocks)


def _block(header: str, pairs: Pairs, indent: str = "") -> str:
    lines = [header, *(toml_pair(key, value) for key, value in pairs.items())]
    return "".join(f"{indent}{line}\n" for line in lines)


def _local(text: LocalText) -> dict[str, Value]:
    return {key: value for key, value in (("vi", text.vi), ("en", text.en)) if value}


def _changed(pairs: Mapping[str, Value | None], defaults: Mapping[str, Value]) -> Pairs:
    """Leave out what is unset, empty, or as the default has it."""
    return {
        key: value
        for key, value in pairs.items()
        if value is not None and value not in ("", (), {}) and value != defaults.get(key)
    }


def _moment(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)


def _edition(edition: BundleEdition, zone: ZoneInfo) -> Pairs:
    pairs: Pairs = {"code": edition.code, "name": _local(edition.name)}
    if edition.organiser:
        pairs["organiser"] = edition.organiser
    pairs["timezone"] = edition.timezone or DEFAULT_ZONE
    extra: dict[str, Value | None] = {
        "about": _local(edition.about),
        "contact": edition.contact,
        "languages": edition.languages,
        "state": edition.state.value if edition.state else None,
        "submissions_open": _moment(edition.submissions_open, zone),
        "submissions_close": _moment(edition.submissions_close, zone),
        "grace_minutes": edition.grace_minutes,
        "marks_shown": edition.marks_shown,
        "second_step": edition.second_step,
    }
    usual: dict[str, Value] = {"languages": LANGUAGES, "grace_minutes": 0, "marks_shown": True, "second_step": False}
    return pairs | _changed(extra, usual)


def _part(part: PartSpec) -> Pairs:
    pairs: dict[str, Value | None] = {
        "code": part.code,
        "name": _local(part.name),
        "kind": part.kind.value,
        "required": part.required,
        "accept": part.accept,
        "max_mb": part.max_mb,
        "max_words": part.max_words,
        "help": _local(part.help),
    }
    return _changed(pairs, {"required": True, "max_mb": 20, "max_words": 500})


def _round(each: BundleRound, zone: ZoneInfo) -> Pairs:
    pairs: dict[str, Value | None] = {
        "code": each.code,
        "name": _local(each.name),
        "kind": each.kind.value,
        "state": each.state.value if each.state else None,
        "opens": _moment(each.opens, zone),
        "closes": _moment(each.closes, zone),
    }
    return _changed(pairs, {}) | _changed(_rules(each.rules), _rules(RoundRules()))


def _band(band: Band) -> Pairs:
    return {"code": band.code, "name": _local(band.name), "lowest": band.lowest}


def _rules(rules: RoundRules) -> Mapping[str, Value]:
    pairs: dict[str, Value | None] = {
        "judges_per_submission": rules.judges_per_submission,
        "blind": rules.blind,
        "decimals": rules.decimals,
        "combine": rules.combine.value,
        "aggregate": rules.aggregate.value,
        "trim": rules.trim,
        "trim_from": rules.trim_from,
        "clamp": rules.clamp,
        "min_judges": rules.min_judges,
        "counting": rules.counting.value,
        "decide": rules.decide.value,
        "whole_marks": rules.whole_marks,
        "scale_to": rules.scale_to,
        "carry": dict(rules.carry),
        "tie_breaks": rules.tie_breaks,
        "advance": _advance(rules.advance),
        "spread_alarm": rules.spread_alarm,
        "quorum": None if rules.quorum is None else asdict(rules.quorum),
        "min_entries": rules.min_entries,
        "appeal_days": rules.appeal_days,
        "pitch_minutes": rules.pitch_minutes,
        "answer_minutes": rules.answer_minutes,
        "change_minutes": rules.change_minutes,
    }
    return {key: value for key, value in pairs.items() if value is not None}


def _advance(advance: Advance | None) -> Pairs | None:
    if advance is None:
        return None
    pairs: dict[str, Value | None] = {
        "top": advance.top,
        "per": advance.per.value,
        "threshold": advance.threshold,
        "floors": advance.floors,
        "ties": advance.ties.value,
        "percent": advance.percent,
        "direct": advance.direct,
    }
    return _changed(pairs, {"floors": False})


def _criterion(criterion: CriterionSpec) -> Pairs:
    pairs: Pairs = {
        "code": criterion.code,
        "name": _local(criterion.name),
        "min": criterion.minimum,
        "max": criterion.maximum,
        "step": criterion.step,
        "weight": criterion.weight,
    }
    extra: dict[str, Value | None] = {
        "floor": criterion.floor,
        "source": criterion.source.value,
        "description": _local(criterion.description),
        "part": criterion.part,
        "measure": _measure(criterion.measure),
    }
    return pairs | _changed(extra, {"source": Source.JUDGES.value})


def _measure(measure: Measure | None) -> Pairs | None:
    if measure is None:
        return None
    pairs: dict[str, Value | None] = {
        "conversion": measure.conversion.value,
        "best": measure.best,
        "worst": measure.worst,
        "lower_is_better": measure.lower_is_better,
    }
    return _changed(pairs, {"lower_is_better": False})


def _award(award: AwardSpec) -> Pairs:
    pairs: dict[str, Value | None] = {
        "code": award.code,
        "name": _local(award.name),
        "round": award.round,
        "track": award.track,
        "places": award.places,
        "exclusive": award.exclusive,
        "by": award.by.value,
        "scope": award.scope.value,
        "criterion": award.criterion,
        "band": award.band,
        "threshold": award.threshold,
        "ties": award.ties.value,
        "amount": award.amount,
        "sponsor": award.sponsor,
    }
    return _changed(pairs, {"exclusive": False, "by": "rank", "scope": "track", "ties": "share", "amount": 0})


def _tables(bundle: Bundle) -> dict[str, list[Record]]:
    return {
        "submissions": list(_submissions(bundle)),
        "judges": list(_judges(bundle)),
        "conflicts": [
            {
                "judge": each.judge,
                "submission": each.submission,
                "reason": each.reason,
                "kind": "" if each.kind is ConflictReason.DECLARED else each.kind.value,
                "party": "" if each.party is Party.ORGANISER else each.party.value,
            }
            for each in bundle.conflicts
        ],
        "assignments": list(_assignments(bundle)),
        "scores": list(_scores(bundle)),
        "adjustments": [
            {
                "round": each.round,
                "submission": each.submission,
                "points": _unmistakable(plain(each.points)),
                "reason": each.reason,
                "author": each.author,
            }
            for each in bundle.adjustments
        ],
        "scorecards": list(_scorecards(bundle)),
        "advancements": [{"round": each.round, "submission": each.submission} for each in bundle.advancements],
        "rulings": list(_rulings(bundle)),
        "award_choices": [
            {
                "award": each.award,
                "submission": each.submission,
                "votes": "" if each.votes is None else str(each.votes),
                "reason": each.reason,
                "author": each.author,
            }
            for each in bundle.choices
        ],
        "measured": [
            {
                "round": each.round,
                "criterion": each.criterion,
                "submission": each.submission,
                "value": _unmistakable(plain(each.value)),
            }
            for each in bundle.measured
        ],
    }


def _rulings(bundle: Bundle) -> Iterator[Record]:
    for each in bundle.rulings:
        yield {
            "round": each.round,
            "kind": each.kind.value,
            "submission": each.submission,
            "value": each.value,
            "reason": each.reason,
            "author": each.author,
        }


def _submissions(bundle: Bundle) -> Iterator[Record]:
    for each in bundle.submissions:
        yield {
            "submission": each.code,
            "title": each.title,
            "team": each.team,
            "track": each.track,
            "field": each.field,
            "school": each.school,
            "members": ";".join(each.members),
            "mentor": each.mentor,
            "summary": each.summary,
            "email": each.email,
            "phone": each.phone,
            "status": "" if each.status is SubmissionStatus.SUBMITTED else each.status.value,
            "mentor_email": each.mentor_email,
            "mentor_phone": each.mentor_phone,
            "status_reason": each.status_reason,
        }


def _judges(bundle: Bundle) -> Iterator[Record]:
    for each in bundle.judges:
        yield {
            "judge": each.code,
            "name": each.name,
            "email": each.email,
            "phone": each.phone,
            "organisation": each.organisation,
            "fields": ";".join(each.fields),
            "min_load": "" if each.min_load is None else str(each.min_load),
            "max_load": "" if each.max_load is None else str(each.max_load),
            "languages": ";".join(each.languages),
            "experience": "" if each.experience is None else str(each.experience),
            "profile": each.profile,
        }


def _assignments(bundle: Bundle) -> Iterator[Record]:
    """Yield every assignment, or none when the papers imply them all."""
    papers = scores_by_card(bundle)
    if all(card_of(each) in papers and not each.pinned for each in bundle.assignments):
        return
    for each in bundle.assignments:
        pinned = "true" if each.pinned else ""
        yield {"round": each.round, "judge": each.judge, "submission": each.submission, "pinned": pinned}


def _scores(bundle: Bundle) -> Iterator[Record]:
    specs = {(each.code, c.code): c for each in bundle.edition.rounds for c in each.criteria.criteria}
    for each in bundle.scores:
        criterion = specs[each.round, each.criterion]
        mark = "" if each.points is None else plain(criterion.value_of(each.points))
        yield {
            "round": each.round,
            "judge": each.judge,
            "submission": each.submission,
            "criterion": each.criterion,
            "score": each.word or (f"{mark}0" if mark and mark_is_ambiguous(mark, criterion) else mark),
        }


def _unmistakable(number: str) -> str:
    """Write a fourth decimal after three, so that nobody takes the point for a group's."""
    return f"{number}0" if len(number.partition(".")[2]) == 3 else number  # noqa: PLR2004 -- the digits of a group


def _scorecards(bundle: Bundle) -> Iterator[Record]:
    """Yield the papers that say more than their scores imply."""
    papers, judged = scores_by_card(bundle), judged_criteria(bundle)
    for each in bundle.scorecards:
        scores = papers.get(card_of(each), [])
        words = each.feedback or each.private_note or each.recusal_reason
        if words or not scores or each.status is not implied_status(scores, judged[each.round]):
            yield {
                "round": each.round,
                "judge": each.judge,
                "submission": each.submission,
                "status": each.status.value,
                "feedback": each.feedback,
                "private_note": each.private_note,
                "recusal_reason": each.recusal_reason,
            }


def _csv(stem: str, records: Iterable[Record]) -> str:
    rows = list(records)
    required, optional = columns(stem)
    header = [*required, *(column for column in optional if any(row[column] for row in rows))]
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([shielded(row[column]) for column in header] for row in rows)
    return stream.getvalue()
