"""The demo edition as a bundle: settings, teams, seven judges, a half-scored first round and a final to come."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal

from contest.editions.parts import PartKind, PartSpec
from contest.editions.phases import EditionState, RoundState
from contest.editions.rubric_templates.house import FINAL, PRELIMINARY
from contest.editions.rules import Advance, Band, CriterionSpec, LocalText, RoundKind, RoundRules, Rubric
from contest.exchange.bundle.model import (
    Bundle,
    BundleAssignment,
    BundleEdition,
    BundleField,
    BundleJudge,
    BundleRound,
    BundleScore,
    BundleScorecard,
    BundleSubmission,
    BundleTrack,
)
from contest.home.demo.ideas import IDEAS, Idea
from contest.judging.states import ScorecardStatus
from contest.results.award_rules import USUAL, AwardBy, AwardSpec, AwardTies, Scope
from contest.submissions.lifecycle import SubmissionStatus

CODE = "y-tuong-2026"
SEED = 2026
JUDGES_EACH = 3
DRAFTS = 2  # the first two teams are still writing: the captain's link leads to one of them
PLAN = "ke-hoach"

TRACKS = (
    BundleTrack("hs", LocalText("Bảng Học sinh", "Pupils")),
    BundleTrack("sv", LocalText("Bảng Sinh viên", "Students")),
    BundleTrack("tn", LocalText("Bảng Thanh niên", "Young people")),
)
FIELDS = (
    BundleField("chinh-quyen", LocalText("Chính quyền số", "Digital government")),
    BundleField("thuong-mai", LocalText("Thương mại điện tử", "E-commerce")),
    BundleField("thanh-toan", LocalText("Thanh toán không tiền mặt", "Cashless payment")),
    BundleField("edtech", LocalText("Giáo dục số", "Edtech")),
    BundleField("suc-khoe", LocalText("Sức khỏe số", "Healthtech")),
    BundleField("nha-thong-minh", LocalText("Nhà thông minh", "Smart home")),
    BundleField("thanh-pho", LocalText("Đô thị thông minh", "Smart city")),
    BundleField("logistics", LocalText("Giao thông, vận chuyển", "Transport and logistics")),
    BundleField("du-lich", LocalText("Du lịch", "Tourism")),
    BundleField("moi-truong", LocalText("Môi trường", "Environment")),
)
JUDGES = (
    ("TS. Vũ Hoàng Long", "Viện Đổi mới Sông Tiền", ("edtech", "chinh-quyen"), 0),
    ("ThS. Nguyễn Thị Cẩm Tú", "Quỹ Hạt Mầm", ("thuong-mai", "thanh-toan"), 1),
    ("Ông Lê Quang Vinh", "Công ty Đèn Lồng", ("nha-thong-minh", "thanh-pho"), -1),
    ("Bà Trần Ngọc Ánh", "Hội Doanh nhân trẻ Bến Nghé Mới", ("thuong-mai", "du-lich"), 0),
    ("TS. Đỗ Minh Ân", "Bệnh viện Hoa Sen Trắng", ("suc-khoe", "moi-truong"), -2),
    ("KS. Phạm Đức Toàn", "Công ty Vận tải Xanh", ("logistics", "thanh-pho"), 1),
    ("ThS. Bùi Thu Phương", "Trung tâm Du lịch Kênh Rạch", ("du-lich", "moi-truong"), 0),
)
FEEDBACK = (
    "Ý tưởng gần với đời sống của phường. Nhóm nên nói rõ hơn ai sẽ trả tiền trong năm đầu.",
    "Giải pháp gọn, dễ làm thử. Cần thêm số liệu từ ít nhất mười người dùng thật.",
    "Phần trình bày mạch lạc. Nên so sánh với cách mọi người đang làm hiện nay.",
    "Tác động tốt cho cộng đồng. Hãy chia kế hoạch sáu tháng thành các mốc đo được.",
)


def demo_bundle(now: datetime) -> Bundle:
    """Return the demo as of `now`, the same for the same moment: entries close in three days, judging has begun."""
    chance = random.Random(SEED)  # noqa: S311  # nosec B311  # invented marks, not secrets
    pairs = _assignments()
    cards = [_scorecard(chance, number, judge, team) for number, (judge, team) in enumerate(pairs)]
    return Bundle(
        edition=_edition(now),
        submissions=tuple(_submission(number, idea) for number, idea in enumerate(IDEAS, start=1)),
        judges=tuple(
            BundleJudge(
                code=f"GK{number}",
                name=name,
                email=f"gk{number}@example.org",
                organisation=unit,
                fields=fields,
                max_load=14,
                languages=("vi",),
            )
            for number, (name, unit, fields, _severity) in enumerate(JUDGES, start=1)
        ),
        assignments=tuple(BundleAssignment("so-khao", f"GK{judge + 1}", _code(team + 1)) for judge, team in pairs),
        scores=tuple(score for _card, scores in cards for score in scores),
        scorecards=tuple(card for card, _scores in cards if card is not None),
    )


def _code(number: int) -> str:
    return f"BT-{number:03d}"


def _edition(now: datetime) -> BundleEdition:
    hour = now.replace(minute=0, second=0, microsecond=0)
    return BundleEdition(
        code=CODE,
        name=LocalText("Ý tưởng khởi nghiệp sáng tạo 2026", "Start-up ideas 2026"),
        organiser="UBND Phường Tân Hải Đăng",
        about=LocalText(
            "Sân chơi cho học sinh, sinh viên và thanh niên: một ý tưởng số giúp ích cho khu phố của bạn. "
            "Mười lăm ý tưởng vào chung kết và được trưng bày tại ngày hội.",
            "For pupils, students and young people: a digital idea that helps your neighbourhood. "
            "Fifteen ideas reach the final and are shown at the festival.",
        ),
        contact="khoinghiep@example.org",
        state=EditionState.ANNOUNCED,
        submissions_open=hour - timedelta(days=30),
        submissions_close=hour + timedelta(days=3),
        tracks=TRACKS,
        fields=FIELDS,
        parts=_parts(),
        rounds=_rounds(hour),
        awards=_awards(),
    )


def _rounds(hour: datetime) -> tuple[BundleRound, ...]:
    return (
        BundleRound(
            code="so-khao",
            name=LocalText("Sơ khảo", "Preliminary"),
            kind=RoundKind.PRELIMINARY,
            opens=hour - timedelta(days=2),
            closes=hour + timedelta(days=7),
            state=RoundState.SCORING,
            rules=RoundRules(
                decimals=2,
                min_judges=2,
                judges_per_submission=JUDGES_EACH,
                tie_breaks=(f"criterion:{_first(PRELIMINARY.rubric)}", "judges_preferring", "chair"),
                advance=Advance(top=5, threshold=Decimal(50)),
                spread_alarm=Decimal(30),
                appeal_days=3,
            ),
            criteria=Rubric(PRELIMINARY.rubric.criteria),
        ),
        BundleRound(
            code="chung-ket",
            name=LocalText("Chung kết", "Final"),
            kind=RoundKind.FINAL,
            opens=hour + timedelta(days=14),
            closes=hour + timedelta(days=15),
            rules=RoundRules(
                decimals=2,
                min_judges=3,
                tie_breaks=(f"criterion:{_first(FINAL.rubric)}", "judges_preferring", "earlier_round", "chair"),
                bands=(
                    Band("vang", LocalText("Ý tưởng vàng", "Golden idea"), Decimal(90)),
                    Band("bac", LocalText("Ý tưởng bạc", "Silver idea"), Decimal(80)),
                ),
                appeal_days=3,
            ),
            criteria=Rubric(FINAL.rubric.criteria),
        ),
    )


def _first(rubric: Rubric) -> str:
    return rubric.criteria[0].code


def _awards() -> tuple[AwardSpec, ...]:
    """Return a ladder of prizes in each track and one award that a sponsor's vote decides."""
    money = {"first": 10_000_000, "second": 7_000_000, "third": 4_000_000, "consolation": 2_000_000}
    ladder = tuple(
        AwardSpec(code, name, "chung-ket", places=1, exclusive=True, amount=money[code]) for code, name, _ in USUAL
    )
    green = AwardSpec(
        "y-tuong-xanh",
        LocalText("Giải Ý tưởng xanh", "Green idea award"),
        "chung-ket",
        by=AwardBy.VOTE,
        scope=Scope.ALL,
        ties=AwardTies.CHAIR,
        amount=5_000_000,
        sponsor="Hợp tác xã Mái Xanh (hư cấu)",
    )
    return (*ladder, green)


def _parts() -> tuple[PartSpec, ...]:
    return (
        PartSpec(
            code=PLAN,
            name=LocalText("Khách hàng và kế hoạch sáu tháng", "Customers and six-month plan"),
            kind=PartKind.TEXT,
            max_words=300,
        ),
        PartSpec(
            code="slide",
            name=LocalText("Slide trình bày", "Slides"),
            kind=PartKind.FILE,
            required=False,
            accept=("pdf", "slides"),
            max_mb=20,
        ),
        PartSpec(code="video", name=LocalText("Video giới thiệu", "Video"), kind=PartKind.LINK, required=False),
    )


def _submission(number: int, idea: Idea) -> BundleSubmission:
    return BundleSubmission(
        code=_code(number),
        title=idea.title,
        team=idea.team,
        track=idea.track,
        field=idea.field,
        school=idea.school,
        members=(idea.captain, *idea.members),
        mentor=idea.mentor,
        summary=idea.summary,
        status=SubmissionStatus.DRAFT if number <= DRAFTS else SubmissionStatus.SUBMITTED,
    )


def _assignments() -> list[tuple[int, int]]:
    """Deal the submitted teams to the judges in turn, three each; (judge, team) positions."""
    places = [(team, seat) for team in range(DRAFTS, len(IDEAS)) for seat in range(JUDGES_EACH)]
    return [(number % len(JUDGES), team) for number, (team, _seat) in enumerate(places)]


def _scorecard(
    chance: random.Random, number: int, judge: int, team: int
) -> tuple[BundleScorecard | None, tuple[BundleScore, ...]]:
    """Invent one paper: about half are handed in, some are drafts, one judge asked to be replaced."""
    names = ("so-khao", f"GK{judge + 1}", _code(team + 1))
    fate = number % 8
    if number == len(IDEAS):
        reason = "Tôi từng hướng dẫn nhóm này."
        return BundleScorecard(*names, ScorecardStatus.RECUSED, recusal_reason=reason), ()
    if fate in (1, 4, 6):
        return None, ()
    draft = fate == 7  # noqa: PLR2004  one in eight
    criteria = PRELIMINARY.rubric.criteria
    given = criteria[: len(criteria) // 2] if draft else criteria
    scores = tuple(
        BundleScore(*names, spec.code, _points(chance, spec, IDEAS[team].level + JUDGES[judge][3])) for spec in given
    )
    status = ScorecardStatus.DRAFT if draft else ScorecardStatus.SUBMITTED
    return BundleScorecard(*names, status, feedback="" if draft else FEEDBACK[number % len(FEEDBACK)]), scores


def _points(chance: random.Random, spec: CriterionSpec, level: int) -> int:
    share = 0.5 + 0.09 * level + chance.uniform(-0.12, 0.12)
    return max(0, min(spec.max_points, round(share * spec.max_points)))
