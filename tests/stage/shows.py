"""A final round with awkward names, ranked, finalised and with settled awards: what a ceremony is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from flask import Flask
from PIL import Image, ImageDraw

from contest.accounts.models import User
from contest.accounts.roles import Role
from contest.editions.facts import EditionFacts
from contest.editions.models import Edition, Round
from contest.editions.parts import PartKind
from contest.editions.queries import edition_by_code
from contest.editions.rules import LocalText, RoundKind, RoundRules
from contest.infra.db import unit_of_work
from contest.results.award_rules import AwardBy, AwardSpec, Scope
from contest.results.services import awards
from contest.stage.services import ceremony as services
from contest.submissions.models import Submission, SubmissionFile
from tests.factories import Make
from tests.results import way

LONG = ("Hệ thống gợi ý chỗ đậu xe thông minh cho các ngõ hẻm " * 6)[:299] + "."
# Team, title, summary, school, marks. The second and third are tied; the last gets nothing.
FIELD = (
    ("Đỗ Thị Ỷ", LONG, "Camera rẻ tiền đếm chỗ trống và báo cho người tìm. Câu thứ hai.", "THPT Lê Thánh Tôn", 20),
    ("=1+1", "Máy tính bỏ túi biết nói", "Đọc phép tính thành tiếng.", "THCS Nguyễn Hữu Thọ", 17),
    ("Nghiêng Ngả 🚀👩‍🔬", "Tên lửa nước tái chế", "Bắn bằng chai nhựa.", "Trường Đại học Bách khoa Thành phố", 17),
    ("فريق النور", "مصباح شمسي للأكواخ", "مصباح يعمل بالشمس طوال الليل.", "Trường Quốc tế", 15),
    ("Những Người Bạn Của Dòng Sông Đồng Nai", "Thuyền gom rác", "Thuyền tự lái.", "Đại học Tôn Đức Thắng", 13),
    ("@x -5%", "<b>Chữ đậm</b> & dấu", "", "", 12),
    ("Tia Nắng Nhỏ", "Giàn phơi tự thu khi mưa", "Biết trước cơn mưa mười phút.", "THPT Tân Phong", 9),
    ("Không Giải", "Ý tưởng không có giải", "Không ai đọc câu này.", "THPT Bình Khánh", 5),
)
AWARDS = (
    ("first", LocalText("Giải Nhất", "First prize"), 1, 30_000_000),
    ("second", LocalText("Giải Nhì", "Second prize"), 2, 20_000_000),
    ("third", LocalText("Giải Ba", "Third prize"), 1, 10_000_000),
    ("consolation", LocalText("Giải Khuyến khích", "Consolation prize"), 2, 5_000_000),
)


@dataclass
class Show:
    """What the tests look at."""

    edition: Edition
    facts: EditionFacts
    final: Round
    organiser: User
    entries: tuple[Submission, ...]
    people: dict[str, User] = field(default_factory=dict)

    @property
    def home(self) -> str:
        """The list of ceremonies."""
        return f"/e/{self.edition.code}/organise/ceremony"


def photo() -> bytes:
    """Return a picture of a team that is not there."""
    picture = Image.new("RGB", (1200, 800), "#1c4f86")
    pen = ImageDraw.Draw(picture)
    for place in range(4):
        pen.ellipse((140 + place * 240, 260, 320 + place * 240, 440), fill="#e9bf5c")
        pen.rectangle((130 + place * 240, 460, 330 + place * 240, 800), fill="#a2181e")
    out = BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def perform(app: Flask, make: Make, now: datetime, *, settle: bool = True, marks: dict[int, int] | None = None) -> Show:
    """Write it all; with `settle` finalised and with a settled list. `marks` changes marks by number of entry."""
    edition = make.edition(
        code="dem-trao-giai", name_vi="Sáng tạo trẻ Phường Tân Thuận 2026", name_en="Young Inventors"
    )
    part = make.part(edition, "photo", PartKind.FILE, accept="image", required=False)
    final = make.round(
        edition,
        "ck",
        rules=RoundRules(min_judges=1, judges_per_submission=1),
        kind=RoundKind.FINAL,
        name_vi="Chung kết",
    )
    judge, organiser = make.judge(edition), make.member(edition, Role.ORGANISER, make.user("Bà Tổ Chức"))
    entries = []
    for number, (team, title, summary, school, mark) in enumerate(FIELD):
        captain = make.member(edition, Role.CAPTAIN) if number == 0 else None
        owner = make.team(edition, captain, name=team, school=school)
        entries.append(make.submission(edition, owner, title=title, summary=summary))
        given = (marks or {}).get(number, mark)
        make.scorecard(make.assignment(final, judge, entries[-1]), [given, given])
    stored = app.extensions["storage"].put(BytesIO(photo()), limit=1 << 24)
    with unit_of_work() as session:
        session.add(
            SubmissionFile(
                submission_id=entries[0].id, part_id=part.id, filename="do-thi-y.jpg", content_type="image/jpeg",
                size=stored.size, sha256=stored.sha256, storage_key=stored.key, uploaded_at=now,
            )
        )  # fmt: skip
        for code, name, places, amount in AWARDS:
            spec = AwardSpec(code=code, name=name, places=places, amount=amount, exclusive=True)
            awards.add_award(edition_id=edition.id, spec=spec, actor_id=None, now=now)
        crowd = AwardSpec(
            code="audience", name=LocalText("Giải Khán giả bình chọn", "Audience award"), by=AwardBy.VOTE,
            scope=Scope.ALL, sponsor="Quỹ Hạt Giống",
        )  # fmt: skip
        awards.add_award(edition_id=edition.id, spec=crowd, actor_id=None, now=now)
    facts = edition_by_code(edition.code)
    assert facts is not None
    show = Show(edition, facts, final, organiser, tuple(entries))
    if settle:
        settle_all(show, now)
    return show


def settle_all(show: Show, now: datetime) -> None:
    """Finalise the round, count the audience's votes for the seventh team, and settle the list of awards."""
    way.finalise(show.facts, show.final.id, show.organiser.id, now)
    with unit_of_work():
        awards.choose(
            edition_id=show.edition.id, code="audience", submission=show.entries[6].code, votes=212,
            reason="Kiểm phiếu tại chỗ", author="Tổ kiểm phiếu", actor_id=None, now=now,
        )  # fmt: skip
        awards.settle_awards(edition_id=show.edition.id, reason="", actor_id=None, now=now)


def prepare(show: Show, now: datetime) -> str:
    """Prepare the ceremony of the final and return its public id."""
    with unit_of_work():
        return services.prepare_ceremony(
            edition_id=show.edition.id, round_code="ck", actor_id=show.organiser.id, now=now
        )
