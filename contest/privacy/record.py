"""The record of processing and the template of an impact assessment, written from the classes of the columns. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from contest.privacy.catalogue import CATALOGUE
from contest.privacy.classes import PERSONAL, Data, Keep, Seen, TableEntry
from contest.privacy.retention import USUAL

WORDS = {
    "vi": {
        "title": "Hồ sơ xử lý dữ liệu cá nhân",
        "head": ("Bảng", "Mục đích", "Dữ liệu", "Ai xem", "Lưu", "Khi xóa"),
        "dpia": "Đánh giá tác động xử lý dữ liệu cá nhân (mẫu)",
        "ask": (
            "Bên kiểm soát dữ liệu, người liên hệ",
            "Cơ sở pháp lý: sự đồng ý của trẻ từ 7 tuổi và của người đại diện",
            "Máy chủ, thư điện tử, kho tệp đặt ở đâu; có chuyển ra nước ngoài không",
            "Nguy cơ với trẻ em và cách giảm nguy cơ",
            "Ai duyệt, ngày duyệt, ngày xem lại",
        ),
        "days": "ngày",
        "always": "không hạn",
    },
    "en": {
        "title": "Record of processing personal data",
        "head": ("Table", "Purpose", "Data", "Seen by", "Kept", "On erasure"),
        "dpia": "Data protection impact assessment (template)",
        "ask": (
            "Controller and contact",
            "Legal basis: consent of the child from 7 years on, and of the guardian",
            "Where server, mail and file store stand; whether data leave the country",
            "Risks to children, and what lowers them",
            "Approved by, on, to be looked at again on",
        ),
        "days": "days",
        "always": "without end",
    },
}
SEEN = {
    Seen.NOBODY: ("không ai", "nobody"),
    Seen.COMMITTEE: ("Ban Tổ chức", "the committee"),
    Seen.JUDGES: ("giám khảo, Ban Tổ chức", "judges and the committee"),
    Seen.EVERYBODY: ("mọi người", "everybody"),
}


def record_text(language: str) -> str:
    """Return both as Markdown in "vi" or "en": one row for each table with personal data, then the open questions."""
    words = WORDS[language]
    head = words["head"]
    lines = [f"# {words['title']}", "", f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    lines += [f"| {' | '.join(_row(one, language))} |" for one in CATALOGUE.values() if one.of(*PERSONAL)]
    lines += ["", f"## {words['dpia']}", "", *(f"- {ask}: ……" for ask in words["ask"]), ""]
    return "\n".join(lines)


def _row(entry: TableEntry, language: str) -> Iterator[str]:
    words = WORDS[language]
    personal = entry.of(*(one for one in Data if one in PERSONAL))
    yield entry.table
    yield entry.purpose
    yield ", ".join(f"{name} ({entry.columns[name].value})" for name in personal)
    yield SEEN[entry.seen][language == "en"]
    yield str(words["always"]) if entry.keep is Keep.ALWAYS else f"{USUAL[entry.keep]} {words['days']}"
    yield "delete" if entry.gone else ", ".join(dict.fromkeys(entry.fate(name).value for name in personal))
