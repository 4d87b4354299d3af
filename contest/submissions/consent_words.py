"""The words of a consent until an organiser writes others: short, for a child of eleven to read. Pure."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping

from contest.submissions.consenting import Giver, Purpose

LANGUAGES = ("vi", "en")
LONGEST_WORDS = 4_000
PLACEHOLDERS = ("contest", "organiser", "contact")

_CHILD = {
    (Purpose.TAKE_PART, "vi"): (
        "Em muốn tham gia {contest}. {organiser} lưu họ tên, tuổi, trường và bài dự thi của em để tổ chức cuộc thi. "
        "Ban Tổ chức và giám khảo đọc bài dự thi. Em có thể đổi ý bất cứ lúc nào, không ai được trách em. "
        "Hỏi hoặc yêu cầu xóa: {contact}."
    ),
    (Purpose.TAKE_PART, "en"): (
        "I want to take part in {contest}. {organiser} keeps my name, my age, my school and our idea to run the "
        "contest. The committee and the judges read the idea. I may change my mind at any time, and nobody may be "
        "angry with me. To ask or to have it deleted: {contact}."
    ),
    (Purpose.PUBLISH_NAME, "vi"): (
        "Em đồng ý cho in họ tên em trên giấy chứng nhận, trên trang kết quả và trên màn hình lễ trao giải. Nếu em "
        "không đồng ý, mọi người chỉ thấy tên đội hoặc mã bài; em vẫn được thi như các bạn. Hỏi: {contact}."
    ),
    (Purpose.PUBLISH_NAME, "en"): (
        "My name may stand on the certificate, on the results page and on the screen of the award ceremony. If I do "
        "not agree, people see the team's name or a code only, and I take part all the same. To ask: {contact}."
    ),
    (Purpose.PUBLISH_PHOTO, "vi"): (
        "{organiser} được đăng ảnh và video có mặt em khi viết về {contest}. Nếu em không đồng ý thì không ai đăng "
        "ảnh em; em vẫn được thi như các bạn. Hỏi: {contact}."
    ),
    (Purpose.PUBLISH_PHOTO, "en"): (
        "{organiser} may show photos and videos with me in them when telling about {contest}. If I do not agree, "
        "nobody shows them, and I take part all the same. To ask: {contact}."
    ),
    (Purpose.KEEP_ALUMNI, "vi"): (
        "{organiser} được giữ tên và cách liên lạc của em sau {contest} để mời em dự các chương trình sau. Em có thể "
        "rút lại bất cứ lúc nào. Hỏi: {contact}."
    ),
    (Purpose.KEEP_ALUMNI, "en"): (
        "{organiser} may keep my name and how to reach me after {contest}, to invite me to later programmes. I may "
        "take it back at any time. To ask: {contact}."
    ),
}
_GUARDIAN = {
    (Purpose.TAKE_PART, "vi"): (
        "Tôi là cha, mẹ hoặc người giám hộ. Tôi đồng ý cho con tôi tham gia {contest} và đồng ý để {organiser} xử lý "
        "họ tên, tuổi, trường và bài dự thi của cháu nhằm tổ chức và chấm thi. Tôi có quyền xem, sửa, hạn chế, phản "
        "đối, yêu cầu xóa và rút lại đồng ý này bất cứ lúc nào bằng chính đường liên kết này hoặc qua {contact}."
    ),
    (Purpose.TAKE_PART, "en"): (
        "I am the parent or guardian. I agree that my child takes part in {contest} and that {organiser} processes the "
        "child's name, age, school and idea to run and judge the contest. I may see, correct, restrict, object to and "
        "have erased these data, and take this consent back at any time by this same link or through {contact}."
    ),
    (Purpose.PUBLISH_NAME, "vi"): (
        "Tôi đồng ý cho in và công bố họ tên của con tôi trên giấy chứng nhận, trang kết quả và màn hình lễ trao giải. "
        "Nếu không đồng ý, chỉ tên đội hoặc mã bài được nêu. Rút lại bất cứ lúc nào. Liên hệ: {contact}."
    ),
    (Purpose.PUBLISH_NAME, "en"): (
        "I agree that my child's name is printed on the certificate and published on the results page and on the "
        "screen of the award ceremony. Without it the team's name or a code is shown. To ask: {contact}."
    ),
    (Purpose.PUBLISH_PHOTO, "vi"): (
        "Tôi đồng ý cho {organiser} đăng ảnh và video có con tôi khi đưa tin về {contest}. Không đồng ý cũng không ảnh "
        "hưởng đến việc dự thi. Rút lại bất cứ lúc nào. Liên hệ: {contact}."
    ),
    (Purpose.PUBLISH_PHOTO, "en"): (
        "I agree that {organiser} shows photos and videos with my child when reporting on {contest}. Refusing changes "
        "nothing about taking part. I may take it back at any time. To ask: {contact}."
    ),
    (Purpose.KEEP_ALUMNI, "vi"): (
        "Tôi đồng ý cho {organiser} giữ tên và cách liên lạc của con tôi sau {contest} để mời cháu dự các chương trình "
        "sau. Rút lại bất cứ lúc nào. Liên hệ: {contact}."
    ),
    (Purpose.KEEP_ALUMNI, "en"): (
        "I agree that {organiser} keeps my child's name and how to reach the child after {contest}, to invite to later "
        "programmes. I may take it back at any time. To ask: {contact}."
    ),
}


def audience_of(giver: Giver) -> Giver:
    """Return for whom the text is written: a member's own words are the same for a child and for somebody of age."""
    return Giver.GUARDIAN if giver is Giver.GUARDIAN else Giver.CHILD


def usual_words(purpose: Purpose, audience: Giver, language: str) -> str:
    """Return the words that hold until an organiser writes others, with their placeholders."""
    return (_GUARDIAN if audience is Giver.GUARDIAN else _CHILD)[purpose, language if language in LANGUAGES else "vi"]


def filled(words: str, values: Mapping[str, str]) -> str:
    """Return the words with their placeholders filled in; nothing else in braces is touched."""
    for name in PLACEHOLDERS:
        words = words.replace("{" + name + "}", values.get(name, ""))
    return unicodedata.normalize("NFC", words)


def digest(words: str) -> str:
    """Return the SHA-256 of a text as it was shown, as 64 hex digits."""
    return hashlib.sha256(words.encode()).hexdigest()
