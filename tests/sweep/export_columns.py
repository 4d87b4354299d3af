"""What each file holds that is given out, part by part, and who gets it: see `test_export_columns.py`."""

from __future__ import annotations

from tests.sweep.access_matrix import ROLES

ORGANISERS = frozenset({"organiser", "secretary", "administrator"})
COMMITTEE = ORGANISERS | {"chair", "observer"}
JUDGES = frozenset({"judge", "idle judge"})
EVERYBODY = frozenset(ROLES)

# Parts of a file by name; ".xlsx#Title" is a sheet. Nothing after a name: text, or a file that is no table.
EXPORTS: dict[str, tuple[frozenset[str], dict[str, str]]] = {
    "booths.listed": (
        COMMITTEE,
        {
            "file.csv": "Dãy | Gian | Kích thước | Loại đơn vị | Lĩnh vực | Ý tưởng | Điện | Đơn vị",
        },
    ),
    "certificates.merge": (
        ORGANISERS,
        {
            "file.xlsx#Trộn chứng nhận": (
                "Giải thưởng | Họ và tên | Loại | Mã kiểm chứng | Ngày | Nội dung giấy | Số vào sổ | Trạng thái |"
                " Ý tưởng | Địa chỉ kiểm tra | Đội thi"
            ),
        },
    ),
    "exchange.export": (
        ORGANISERS,
        {
            "file.zip/adjustments.csv": "author | points | reason | round | submission",
            "file.zip/advancements.csv": "round | submission",
            "file.zip/assignments.csv": "judge | pinned | round | submission",
            "file.zip/award_choices.csv": "author | award | reason | submission | votes",
            "file.zip/conflicts.csv": "judge | kind | party | reason | submission",
            "file.zip/edition.toml": "",
            "file.zip/judges.csv": "email | judge | name | organisation | phone",
            "file.zip/measured.csv": "criterion | round | submission | value",
            "file.zip/rulings.csv": "author | kind | reason | round | submission | value",
            "file.zip/scorecards.csv": "feedback | judge | recusal_reason | round | status | submission",
            "file.zip/scores.csv": "criterion | judge | round | score | submission",
            "file.zip/submissions.csv": (
                "email | field | members | mentor | mentor_phone | school | status | status_reason | submission |"
                " summary | team | title | track"
            ),
        },
    ),
    "exchange.plan_file": (
        ORGANISERS,
        {
            "file.csv": "judge | pinned | round | submission",
        },
    ),
    "exchange.proof": (
        COMMITTEE,
        {
            "file.zip/README.txt": "",
            "file.zip/advancements.csv": "round | submission",
            "file.zip/edition.toml": "",
            "file.zip/judges.csv": "judge | name | organisation",
            "file.zip/manifest.json": (
                "files | files.README.txt | files.advancements.csv | files.edition.toml | files.judges.csv | "
                "files.participants.csv | files.results.json | files.scores.csv | files.snapshots/nha-#.json | "
                "files.submissions.csv | files.verify_results.py | format | rounds | rounds.nha-#"
            ),
            "file.zip/participants.csv": "round | submission",
            "file.zip/results.json": (
                "format | rounds | rounds[].advancing | rounds[].earlier | rounds[].fingerprint | rounds[].lines "
                "| rounds[].lines[].band | rounds[].lines[].decided_by | rounds[].lines[].own_result | "
                "rounds[].lines[].rank | rounds[].lines[].result | rounds[].lines[].status | "
                "rounds[].lines[].submission | rounds[].round | rounds[].version"
            ),
            "file.zip/scores.csv": "criterion | judge | round | score | submission",
            "file.zip/snapshots/nha-#.json": (
                "record | record.confirmed_as | record.confirmed_at | record.confirmed_by | record.correction | "
                "record.council | record.council[].chair | record.council[].judge | record.council[].name | "
                "record.council[].present | record.council[].secretary | record.method | record.missing | "
                "record.rulings | record.total | record.total.abstained | record.total.expected | "
                "record.total.missing | record.total.recused | record.total.scored | record.version | report | "
                "report.criteria | report.criteria[].code | report.criteria[].floor | report.criteria[].maximum |"
                " report.criteria[].minimum | report.criteria[].name | report.criteria[].name.en | "
                "report.criteria[].name.vi | report.criteria[].part | report.criteria[].position | "
                "report.criteria[].source | report.criteria[].step | report.criteria[].weight | report.earlier | "
                "report.edition | report.edition_name | report.edition_name.en | report.edition_name.vi | "
                "report.format | report.judges | report.judges[].code | report.judges[].name | "
                "report.judges[].organisation | report.kind | report.lines | report.lines[].alarm | "
                "report.lines[].awaits_chair | report.lines[].band | report.lines[].cells | "
                "report.lines[].cells[].judge | report.lines[].cells[].marks | report.lines[].cells[].state | "
                "report.lines[].cells[].total | report.lines[].criteria | report.lines[].decided_by | "
                "report.lines[].earlier | report.lines[].entrant | report.lines[].entrant.code | "
                "report.lines[].entrant.field | report.lines[].entrant.members | report.lines[].entrant.mentor | "
                "report.lines[].entrant.school | report.lines[].entrant.team | report.lines[].entrant.title | "
                "report.lines[].entrant.track | report.lines[].entries | report.lines[].judges | "
                "report.lines[].ledger | report.lines[].measured | report.lines[].note | "
                "report.lines[].own_result | report.lines[].rank | report.lines[].reason | report.lines[].result "
                "| report.lines[].spread | report.lines[].status | report.lines[].tied | report.measured | "
                "report.organiser | report.round | report.round_name | report.round_name.en | "
                "report.round_name.vi | report.rubric_version | report.rules | report.rules.advance | "
                "report.rules.advance.direct | report.rules.advance.floors | report.rules.advance.per | "
                "report.rules.advance.percent | report.rules.advance.threshold | report.rules.advance.ties | "
                "report.rules.advance.top | report.rules.aggregate | report.rules.answer_minutes | "
                "report.rules.appeal_days | report.rules.bands | report.rules.blind | report.rules.carry | "
                "report.rules.change_minutes | report.rules.clamp | report.rules.combine | report.rules.counting "
                "| report.rules.decide | report.rules.decimals | report.rules.judges_per_submission | "
                "report.rules.min_entries | report.rules.min_judges | report.rules.pitch_minutes | "
                "report.rules.quorum | report.rules.scale_to | report.rules.spread_alarm | "
                "report.rules.tie_breaks | report.rules.trim | report.rules.trim_from | report.rules.whole_marks "
                "| report.rulings | report.timezone | report.tracks | report.tracks[].code | report.tracks[].name"
                " | report.tracks[].name.en | report.tracks[].name.vi"
            ),
            "file.zip/submissions.csv": "field | members | mentor | school | submission | team | title | track",
            "file.zip/verify_results.py": "",
        },
    ),
    "judging.receipts": (
        JUDGES,
        {
            "file.zip/BT-#.json": (
                "entry | entry.previous | entry.said | entry.said[].fingerprint | entry.said[].round | "
                "entry.said[].submission | entry.said[].version | event | event.actor | event.assignment | "
                "event.at | event.content | event.event | event.final | event.key | event.kind | event.marks | "
                "event.marks.C# | event.previous | event.rubric_version | event.texts | event.version | format | "
                "head | head.at | head.ends | head.ends.edition:# | head.key | head.signature | judge | proof | "
                "proof.digest | proof.path | proof.root | proof.scope | proof.seq | proof.size | receipt"
            ),
            "file.zip/verify_receipt.py": "",
        },
    ),
    "looks.sheet": (
        ORGANISERS,
        {
            "file.csv": "Bài dự thi | Lần đầu trong ngày | Người mở | Trang | Về",
        },
    ),
    "published.promised_file": (
        EVERYBODY,
        {
            "file.json": "digest | document | nonce",
        },
    ),
    "results.ranking_file": (
        COMMITTEE,
        {
            "file.csv": (
                "Bản chốt | Bảng thi | Dấu vân tay (SHA-#) | Giám khảo | Hạng | Kết quả | Mã | Tiêu chí # | "
                "Trường / đơn vị | Trạng thái | Xuất lúc | Ý tưởng | Điểm cộng, trừ | Đội thi"
            ),
            "file.json": (
                "count | criteria | criteria[].code | criteria[].floor | criteria[].maximum | criteria[].minimum "
                "| criteria[].name | criteria[].name.en | criteria[].name.vi | criteria[].part | "
                "criteria[].position | criteria[].source | criteria[].step | criteria[].weight | edition | "
                "edition_name | edition_name.en | edition_name.vi | exported_at | fingerprint | frozen_at | "
                "method | ranking | ranking[].criteria | ranking[].decided_by | ranking[].field | "
                "ranking[].judges | ranking[].ledger | ranking[].own_result | ranking[].rank | ranking[].result |"
                " ranking[].school | ranking[].status | ranking[].submission | ranking[].team | ranking[].tied | "
                "ranking[].title | ranking[].track | round | round_name | round_name.en | round_name.vi | rules |"
                " rules.advance | rules.advance.direct | rules.advance.floors | rules.advance.per | "
                "rules.advance.percent | rules.advance.threshold | rules.advance.ties | rules.advance.top | "
                "rules.aggregate | rules.answer_minutes | rules.appeal_days | rules.bands | rules.blind | "
                "rules.carry | rules.change_minutes | rules.clamp | rules.combine | rules.counting | rules.decide"
                " | rules.decimals | rules.judges_per_submission | rules.min_entries | rules.min_judges | "
                "rules.pitch_minutes | rules.quorum | rules.scale_to | rules.spread_alarm | rules.tie_breaks | "
                "rules.trim | rules.trim_from | rules.whole_marks | state | test | timezone | version"
            ),
        },
    ),
    "results.workbook": (
        COMMITTEE,
        {
            "file.xlsx#Chi tiết tiêu chí": (
                "Ghi chú | Giám khảo | Mã | Tiêu chí # (#-#) | Trạng thái | Tổng điểm | Ý tưởng"
            ),
            "file.xlsx#Danh sách đội": (
                "Bảng thi | Lĩnh vực | Mã | Người hướng dẫn | Thành viên | Trường / đơn vị | Ý tưởng | Điểm danh "
                "hội đồng | Đội thi"
            ),
            "file.xlsx#Giám khảo": (
                "Cao (+) hoặc thấp (-) hơn hội đồng | Cao nhất | Giám khảo | Không tính | Mã | Số bài được giao |"
                " Thấp nhất | Trung bình | Tính | Đơn vị | Độ phân tán (độ lệch chuẩn)"
            ),
            "file.xlsx#Giải thưởng": (
                "Bảng thi | Ghi chú về giải | Giải thưởng | Hạng | Kết quả | Mã | Mã giải | Nhà tài trợ | Tiền "
                "thưởng (đồng) | Trường / đơn vị | Ý tưởng | Đồng giải | Đội thi"
            ),
            "file.xlsx#Lên sân khấu": (
                "Bảng thi | Cách đọc (đã thống nhất) | Cách đọc (đề xuất) | Giải thưởng | Mã | Mã giải | Thành "
                "viên | Thứ tự | Trường / đơn vị | Ý tưởng | Đội thi"
            ),
            "file.xlsx#Ma trận điểm": "Bảng thi | GK# | Hạng | Kết quả | Mã | Trung bình các giám khảo | Ý tưởng",
            "file.xlsx#Nguồn": "Giá trị | Khóa | Mục",
            "file.xlsx#Trộn chứng nhận": (
                "Bảng thi | Giải thưởng | Hạng | Họ và tên | Kết quả | Mã | Mùa thi | Ngày | Trường / đơn vị | "
                "Trạng thái | Vòng thi | Ý tưởng | Đội thi"
            ),
            "file.xlsx#Tổng hợp bảng, lĩnh vực, trường": (
                "Bài dự thi | Kết quả cao nhất | Kết quả trung bình | Nhóm | Nhóm theo | Được xếp hạng"
            ),
            "file.xlsx#Xếp hạng": (
                "Bình chọn | Bình chọn (điểm đo) | Bảng thi | Ghi chú | Giám khảo | Hạng | Hạng chốt | Khớp (#) "
                "hay không (#) | Kết quả | Kết quả chốt | Mã | Số đội cùng hạng | Tiêu chí # | Trường / đơn vị | "
                "Ý tưởng | Điểm cộng, trừ | Điểm xét hạng | Đội thi"
            ),
        },
    ),
}
