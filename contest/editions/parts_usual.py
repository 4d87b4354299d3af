"""Parts that most contests ask for, offered with one click."""

from __future__ import annotations

from contest.editions.parts import PartKind, PartSpec
from contest.editions.rules import LocalText

USUAL_PARTS = (
    PartSpec(
        code="thuyet-minh",
        name=LocalText("Bản thuyết minh", "Description"),
        kind=PartKind.FILE,
        accept=("pdf",),
        max_mb=20,
        help=LocalText(
            "Hiện trạng, giải pháp, khách hàng, kế hoạch, tài chính, tác động; phân công từng thành viên.",
            "Situation, solution, customers, plan, finance, effect; what each member does.",
        ),
    ),
    PartSpec(
        code="slide",
        name=LocalText("Slide trình bày", "Slides"),
        kind=PartKind.FILE,
        accept=("pdf", "slides"),
        max_mb=30,
        help=LocalText("Tối đa 10 trang.", "At most 10 slides."),
    ),
    PartSpec(
        code="video",
        name=LocalText("Video giới thiệu", "Video"),
        kind=PartKind.LINK,
        required=False,
        help=LocalText(
            "Đường dẫn YouTube hoặc Google Drive, tối đa 3 phút, ai có đường dẫn đều xem được.",
            "A YouTube or Google Drive link, at most 3 minutes, open to anyone who has the link.",
        ),
    ),
)
