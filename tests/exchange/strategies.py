"""Settled bundles of every shape, for properties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st

from contest.editions.coherence import NEED_SCORECARDS, TIE_STEPS
from contest.editions.measures import Conversion, Measure
from contest.editions.parts import FILE_TYPES, PartKind, PartSpec
from contest.editions.phases import EditionState, RoundState
from contest.editions.privacy import COUNTRIES, GUARDIAN_AGES, AskAge, PrivacyRules
from contest.editions.rules import (
    Advance,
    Aggregate,
    Band,
    Combine,
    Counting,
    CriterionSpec,
    CutTies,
    Decide,
    Guidance,
    LocalText,
    Per,
    Quorum,
    RoundKind,
    RoundRules,
    Rubric,
    Source,
)
from contest.exchange.bundle.model import (
    Bundle,
    BundleAdjustment,
    BundleAdvancement,
    BundleAssignment,
    BundleChoice,
    BundleConflict,
    BundleEdition,
    BundleField,
    BundleJudge,
    BundleMeasured,
    BundleRound,
    BundleRuling,
    BundleScore,
    BundleScorecard,
    BundleSubmission,
    BundleTrack,
)
from contest.exchange.bundle.settle import settled
from contest.exchange.cleaning import clean_block, clean_text
from contest.judging.conflicts import ConflictReason
from contest.judging.states import Party, ScorecardStatus
from contest.results.award_rules import MOST_DONG, AwardBy, AwardSpec, AwardTies, Scope
from contest.results.ruling_values import OF_A_ROUND
from contest.results.rulings import RulingKind
from contest.submissions.lifecycle import SubmissionStatus

T = TypeVar("T")
_TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_MARKS = st.one_of(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters=_TURNS),
    st.sampled_from("=+-@'\"\\,; \t{}[]#đĐạẠ\u0323\u200d👩"),
)
LINE = st.text(_MARKS, max_size=12).map(clean_text)
WORD = LINE.map(lambda text: text or "x")
BLOCK = st.text(st.one_of(_MARKS, st.just("\n")), max_size=30).map(clean_block)
NAME = st.one_of(st.builds(LocalText, WORD, LINE), st.builds(LocalText, LINE, WORD))
LOCAL = st.builds(LocalText, BLOCK, BLOCK)
CODE = st.from_regex(r"[A-Za-z0-9_ạđ][A-Za-z0-9_.\-ạđ]{0,5}", fullmatch=True)
# Parts of a list are separated by semicolons.
ITEM = WORD.map(lambda text: clean_text(text.replace(";", "")) or "x")
ITEMS = st.lists(ITEM, max_size=3).map(tuple)
MOMENT = st.one_of(st.none(), st.datetimes(datetime(2001, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 -- hypothesis wants bounds without a zone
PHONE = st.sampled_from(["", "+84903123782", "+842838221234", "+14155552671"])
EMAIL = st.sampled_from(["", "a@b.vn", "trung+thi@example.org"])


def exact(low: int, high: int, places: int = 3) -> st.SearchStrategy[Decimal]:
    return st.integers(low * 10**places, high * 10**places).map(lambda units: Decimal(units).scaleb(-places))


def codes(low: int, high: int) -> st.SearchStrategy[list[str]]:
    return st.lists(CODE, min_size=low, max_size=high, unique_by=str.casefold)


@st.composite
def criteria(draw: st.DrawFn, code: str) -> CriterionSpec:
    step = draw(st.sampled_from(["1", "0.5", "0.25", "0.125", "0.01", "10"]).map(Decimal))
    minimum = draw(exact(-5, 5, 1))
    maximum = minimum + step * draw(st.integers(1, 20_000))
    source = draw(st.sampled_from(Source))
    inside = st.integers(0, 10).map(lambda tenths: minimum + (maximum - minimum) * tenths / 10)
    return CriterionSpec(
        code=code,
        name=draw(NAME),
        minimum=minimum,
        maximum=maximum,
        step=step,
        weight=draw(exact(1, 9)),
        floor=draw(st.one_of(st.none(), inside)),
        source=source,
        guidance=tuple(draw(st.lists(st.builds(Guidance, exact(-9, 99), LOCAL), max_size=2))),
        description=draw(LOCAL),
        part=draw(st.sampled_from(["", "video", "ý.tưởng"])),
        measure=None if source is Source.JUDGES else draw(st.none() | measures()),
    )


@st.composite
def measures(draw: st.DrawFn) -> Measure:
    conversion = draw(st.sampled_from(Conversion))
    ends = st.lists(exact(-99, 99), min_size=2, max_size=2, unique=True)
    best, worst = draw(ends) if conversion is Conversion.LINEAR or draw(st.booleans()) else (None, None)
    return Measure(conversion, best, worst, draw(st.booleans()))


@st.composite
def advances(draw: st.DrawFn) -> Advance:
    top = draw(st.none() | st.integers(1, 50))
    return Advance(
        top=top,
        per=draw(st.sampled_from(Per)),
        threshold=draw(exact(0, 100)),
        floors=draw(st.booleans()),
        ties=draw(st.sampled_from(CutTies)),
        percent=draw(st.none() | exact(1, 100)),
        direct=draw(st.none() | st.integers(1, top or 50)),
    )


@st.composite
def round_rules(draw: st.DrawFn, specs: list[CriterionSpec], earlier: list[str]) -> RoundRules:
    """Draw rules that go together: what cannot is refused by the reader."""
    ladder = [*TIE_STEPS, *(f"criterion:{each.code}" for each in specs), *(f"earlier_round:{each}" for each in earlier)]
    carried = draw(st.lists(st.sampled_from([*earlier, "self"]), unique=True))
    combine = draw(st.sampled_from(Combine))
    apart = combine is Combine.CRITERION
    aggregate = draw(st.sampled_from([one for one in Aggregate if not (apart and one in NEED_SCORECARDS)]))
    clamp = exact(1, 9) if aggregate is Aggregate.CLAMPED else st.none() | exact(1, 9)
    whole = all(not each.step % 1 and not each.minimum % 1 for each in specs if each.source is Source.JUDGES)
    lowest = draw(st.lists(exact(-9, 99), max_size=3, unique=True))
    bands = [Band(code, draw(NAME), low) for code, low in zip(draw(codes(3, 3)), lowest, strict=False)]
    return RoundRules(
        decimals=draw(st.integers(0, 6)),
        combine=combine,
        aggregate=aggregate,
        trim=draw(st.integers(0, 3)),
        trim_from=draw(st.none() | st.integers(1, 9)),
        clamp=draw(clamp),
        min_judges=draw(st.integers(1, 5)),
        judges_per_submission=draw(st.none() | st.integers(1, 5)),
        blind=draw(st.booleans()),
        counting=draw(st.sampled_from(Counting)),
        decide=draw(st.sampled_from(Decide)),
        whole_marks=whole and draw(st.booleans()),
        scale_to=draw(st.none() | exact(1, 100)),
        carry=tuple((each, draw(exact(1, 2))) for each in carried),
        tie_breaks=tuple(draw(st.lists(st.sampled_from(ladder), unique=True))),
        advance=draw(st.none() | advances()),
        spread_alarm=draw(st.none() | exact(1, 100)),
        pitch_minutes=draw(st.none() | st.integers(1, 600)),
        answer_minutes=draw(st.none() | st.integers(1, 600)),
        change_minutes=draw(st.none() | st.integers(1, 600)),
        quorum=draw(st.none() | st.builds(Quorum, st.integers(1, 9), st.booleans(), st.booleans())),
        min_entries=draw(st.none() | st.integers(1, 99)),
        bands=tuple(sorted(bands, key=lambda band: band.lowest, reverse=True)),
        appeal_days=draw(st.none() | st.integers(1, 30)),
    )


@st.composite
def rounds(draw: st.DrawFn, code: str, earlier: list[str]) -> BundleRound:
    specs = [draw(criteria(each)) for each in draw(codes(0, 3))]
    moments = sorted({moment for moment in (draw(MOMENT), draw(MOMENT)) if moment})
    return BundleRound(
        code=code,
        name=draw(NAME),
        kind=draw(st.sampled_from(RoundKind)),
        opens=moments[0] if moments else None,
        closes=moments[1] if len(moments) > 1 else None,
        state=draw(st.one_of(st.none(), st.sampled_from(RoundState))),
        rules=draw(round_rules(specs, earlier)),
        criteria=Rubric(tuple(specs)),
    )


@st.composite
def editions(draw: st.DrawFn) -> BundleEdition:
    tracks = [BundleTrack(code, draw(NAME)) for code in draw(codes(0, 3))]
    names = ["Môi trường", "Edtech", "=1+1"][: draw(st.integers(0, 3))]
    fields = [BundleField(f"f{number}", LocalText(vi=name)) for number, name in enumerate(names)]
    parts = [
        PartSpec(
            code=code,
            name=draw(NAME),
            kind=draw(st.sampled_from(PartKind)),
            required=draw(st.booleans()),
            accept=tuple(draw(st.lists(st.sampled_from(sorted(FILE_TYPES)), unique=True))),
            max_mb=draw(st.integers(1, 100)),
            max_words=draw(st.integers(1, 900)),
            help=draw(LOCAL),
        )
        for code in draw(codes(0, 2))
    ]
    ladder: list[BundleRound] = []
    for code in draw(codes(0, 3)):
        ladder.append(draw(rounds(code, [each.code for each in ladder])))
    awards = [
        AwardSpec(
            code=code,
            name=draw(NAME),
            round=draw(st.sampled_from(["", *(each.code for each in ladder)])),
            track=draw(st.sampled_from(["", *(each.code for each in tracks)])),
            places=draw(st.integers(1, 9)),
            exclusive=draw(st.booleans()),
            by=draw(st.sampled_from(AwardBy)),
            scope=draw(st.sampled_from(Scope)),
            criterion="VOTES",
            band="gold",
            threshold=draw(st.one_of(st.none(), exact(0, 100))),
            ties=draw(st.sampled_from(AwardTies)),
            amount=draw(st.integers(0, MOST_DONG)),
            sponsor=draw(LINE),
        )
        for code in draw(codes(0, 2))
    ]
    opens = draw(MOMENT)
    return BundleEdition(
        code=draw(st.from_regex(r"[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?", fullmatch=True)),
        name=draw(NAME),
        organiser=draw(LINE),
        timezone=draw(st.sampled_from(["Asia/Ho_Chi_Minh", "UTC", "Europe/Berlin", "America/St_Johns"])),
        about=draw(LOCAL),
        contact=draw(LINE),
        languages=draw(st.sampled_from([("vi", "en"), ("vi",), ("en",), ("en", "vi")])),
        state=draw(st.one_of(st.none(), st.sampled_from(EditionState))),
        submissions_open=opens,
        submissions_close=None,
        marks_shown=draw(st.booleans()),
        second_step=draw(st.booleans()),
        consents=draw(
            st.builds(
                # Not `required`: what has no marks would be held, see tests/privacy/test_imported.py.
                PrivacyRules,
                country=st.sampled_from(COUNTRIES),
                guardian_under=st.one_of(st.none(), st.integers(*GUARDIAN_AGES)),
                ask=st.sampled_from(AskAge),
                contact=LINE,
            )
        ),
        tracks=tuple(tracks),
        fields=tuple(fields),
        parts=tuple(parts),
        rounds=tuple(ladder),
        awards=tuple(awards),
    )


@st.composite
def bundles(draw: st.DrawFn) -> Bundle:
    edition = draw(editions())
    track = st.sampled_from([each.code for each in edition.tracks] or [""])
    field = st.sampled_from(["", *(each.code for each in edition.fields)])
    submissions = [
        BundleSubmission(
            code=code,
            title=draw(WORD),
            team=draw(WORD),
            track=draw(track),
            field=draw(field),
            school=draw(LINE),
            members=draw(ITEMS),
            mentor=draw(LINE),
            summary=draw(BLOCK),
            email=draw(EMAIL),
            phone=draw(PHONE),
            status=draw(st.sampled_from(SubmissionStatus)),
            mentor_email=draw(EMAIL),
            mentor_phone=draw(PHONE),
            status_reason=draw(LINE),
        )
        for code in draw(codes(0, 3))
    ]
    judges = [
        BundleJudge(
            code=code,
            name=draw(WORD),
            email=draw(EMAIL),
            phone=draw(PHONE),
            organisation=draw(LINE),
            fields=tuple(draw(st.lists(st.sampled_from([each.code for each in edition.fields]), unique=True)))
            if edition.fields
            else (),
            min_load=draw(st.one_of(st.none(), st.integers(0, 5))),
            max_load=draw(st.one_of(st.none(), st.integers(5, 9))),
            languages=draw(ITEMS),
            experience=draw(st.none() | st.integers(0, 60)),
            profile=draw(BLOCK),
        )
        for code in draw(codes(0, 3))
    ]
    raw = Bundle(edition, tuple(submissions), tuple(judges))
    return settled(_with_marks(draw, raw))


def _with_marks(draw: st.DrawFn, raw: Bundle) -> Bundle:
    """Add everything that refers to submissions, judges and rounds."""
    rounds_, judges, entries = raw.edition.rounds, raw.judges, raw.submissions
    pairs = [(judge.code, entry.code) for judge in judges for entry in entries]
    places = [(each.code, *pair) for each in rounds_ for pair in pairs]
    spots = [(each.code, entry.code) for each in rounds_ for entry in entries]
    scores: list[BundleScore] = []
    cards: list[BundleScorecard] = []
    for each in rounds_:
        for judge, entry in _some(draw, pairs):
            mine, card = _paper(draw, each, judge, entry)
            scores += mine
            cards += card
    adjusted = [(*spot, draw(exact(-20, 20)), draw(WORD), draw(WORD)) for spot in _some(draw, spots)]
    return Bundle(
        edition=raw.edition,
        submissions=entries,
        judges=judges,
        conflicts=tuple(_conflict(draw, pair) for pair in _some(draw, pairs)),
        assignments=tuple(BundleAssignment(*place, draw(st.booleans())) for place in _some(draw, places)),
        scores=tuple(scores),
        adjustments=tuple(BundleAdjustment(*each) for each in adjusted),
        scorecards=tuple(cards),
        advancements=tuple(BundleAdvancement(*spot) for spot in _some(draw, spots)),
        rulings=tuple(_rulings(draw, raw, spots)),
        choices=tuple(_choices(draw, raw)),
        measured=tuple(
            BundleMeasured(each.code, criterion.code, entry.code, draw(exact(-999, 99_999)))
            for each in rounds_
            for criterion in each.criteria.criteria
            for entry in _some(draw, list(entries))
            if criterion.measure is not None
        ),
    )


def _choices(draw: st.DrawFn, raw: Bundle) -> Iterator[BundleChoice]:
    for award in raw.edition.awards:
        for entry in _some(draw, list(raw.submissions)):
            votes = draw(st.none() | st.integers(0, 99)) if award.by is AwardBy.VOTE else None
            yield BundleChoice(award.code, entry.code, votes, draw(WORD), draw(WORD))
        if draw(st.booleans()):
            yield BundleChoice(award.code, "", None, draw(WORD), draw(WORD))


def _rulings(draw: st.DrawFn, raw: Bundle, spots: list[tuple[str, str]]) -> Iterator[BundleRuling]:
    values = {
        RulingKind.MISSING_PART: st.sampled_from(["video", "ảnh"]),
        RulingKind.CHAIR_ORDER: st.integers(1, 9).map(str),
        RulingKind.AGREED_RANK: st.integers(1, 9).map(str),
        RulingKind.CUT_TOP: st.sampled_from(["12", "0", "A:3"]),
    }
    for kind in RulingKind:
        about = [("", "")] if kind in OF_A_ROUND else _some(draw, spots)
        for round_code, entry in about[:2]:
            code = round_code or (raw.edition.rounds[0].code if raw.edition.rounds else "")
            if code:
                yield BundleRuling(code, kind, entry, draw(values.get(kind, st.just(""))), draw(WORD), draw(WORD))


def _conflict(draw: st.DrawFn, pair: tuple[str, str]) -> BundleConflict:
    kind, party = draw(st.sampled_from(ConflictReason)), draw(st.sampled_from(Party))
    return BundleConflict(*pair, draw(LINE), kind, party)


def _some(draw: st.DrawFn, things: list[T]) -> list[T]:
    return [thing for thing in things if draw(st.booleans())]


def _paper(
    draw: st.DrawFn, each: BundleRound, judge: str, entry: str
) -> tuple[list[BundleScore], list[BundleScorecard]]:
    word = draw(st.sampled_from(("", "", "recused", "abstained")))
    scores = []
    for criterion in [one for one in each.criteria.criteria if one.measure is None]:
        judged = criterion.source is Source.JUDGES
        points = None if word and judged else draw(st.one_of(st.none(), st.integers(0, criterion.max_points)))
        said = word if judged and draw(st.booleans()) else ""
        scores.append(
            BundleScore(each.code, judge, entry, criterion.code, points, said == "recused", said == "abstained")
        )
    words = draw(BLOCK), draw(BLOCK), draw(LINE)
    said = next((score.word for score in scores if score.word), "")
    marked = any(
        score.points is not None and score.criterion in {c.code for c in each.criteria.judged} for score in scores
    )
    allowed = [s for s in ScorecardStatus if not said or s.value == said]
    without = (ScorecardStatus.RECUSED, ScorecardStatus.ABSTAINED, ScorecardStatus.VOIDED)
    allowed = [s for s in allowed if not (s in without and marked)]
    card = BundleScorecard(each.code, judge, entry, draw(st.sampled_from(allowed)), *words)
    return scores, [card] if draw(st.booleans()) else []
