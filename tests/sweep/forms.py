"""Every form of the application: who fills it in, on which page it stands, and what a person would type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from contest.editions.queries import edition_by_code, round_by_code
from contest.results.exports import Extras, provenance, round_workbook
from contest.results.queries import report_of
from contest.results.queries.desk import told_awards
from tests.factories import NOON
from tests.journeys.pages import Control, Form, Page
from tests.sweep.addresses import readable, true_paths
from tests.sweep.papers import SCAN, certificate
from tests.sweep.plans import PICTURE
from tests.sweep.site import Visitors
from tests.sweep.world import PASSWORD, SHEET

Sent = MultiDict[str, Any]
File = tuple[str, bytes]
ROW = re.compile(r"\d+")


@dataclass(frozen=True)
class Place:
    """A form: the role that may send it, the endpoint of its page, and what is typed before it is sent.

    `opens` tells that a good answer is a page (something to print, or a preview) and no redirect; `nth` skips forms
    that would be refused; `script` sends it as the script of the page does.
    """

    role: str
    page: str
    typed: dict[str, str] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    button: str = ""
    opens: bool = False
    script: bool = False
    nth: int = 0


TEAM = {"name": "Đội Hoa Nắng", "school": "THPT Lê Thánh Tôn", "members-0": "Lê An"}
EDITION = {"name_vi": "Mùa mới", "name_en": "New season", "organiser": "UBND Phường", "code": "mua-moi"}

# By endpoint, and where its address has a verb, by verb.
PLACES: dict[str, Place] = {
    "accounts.change_password": Place("organiser", "accounts.account", {
        "password-current": PASSWORD, "password-new": "năm từ rất khác nhau"}),
    "accounts.change_profile": Place("captain", "accounts.account"),
    "accounts.confirm_who": Place("organiser", "accounts.confirm"),
    "accounts.end_device": Place("organiser", "accounts.account"),
    "accounts.confirm_app": Place("guarded", "accounts.app_key"),
    "accounts.pass_second_step": Place("halfway", "accounts.second_step"),
    "accounts.prove_who": Place("long ago", "accounts.prove"),
    "accounts.remove_app": Place("guarded", "accounts.second_factors"),
    "accounts.remove_passkey": Place("guarded", "accounts.second_factors"),
    "accounts.renew_codes": Place("guarded", "accounts.second_factors", opens=True),
    "accounts.start_app": Place("guarded", "accounts.second_factors"),
    "accounts.send_link": Place("visitor", "accounts.ask_for_link", {"email": "user7@example.org"}),
    "accounts.sign_in_with_password": Place("visitor", "accounts.sign_in", {
        "login": "user1@example.org", "password": PASSWORD}),
    "accounts.sign_out": Place("judge", "accounts.account"),
    "accounts.sign_out_everywhere": Place("judge", "accounts.account"),
    "accounts.sign_out_others": Place("organiser", "accounts.account"),
    "accounts.unlink": Place("organiser", "accounts.account"),
    "accounts.take_address": Place("organiser", "accounts.new_address"),
    "accounts.use_link": Place("visitor", "accounts.link"),
    "alarms.look_at": Place("organiser", "alarms.listed", {"note": "Đã hỏi: thử nhầm địa chỉ."}),
    "alarms.look_at_site": Place("administrator", "alarms.of_site"),
    "appeals.file": Place("captain", "appeals.appeal", {"text": "Xin xem lại điểm.", "sure": "y"}),
    "assignments.adjust pin": Place("organiser", "assignments.proposal_submission"),
    "assignments.adjust unassign": Place("organiser", "assignments.proposal_submission"),
    "assignments.apply": Place("organiser", "assignments.propose", {"reason": "Bù chỗ trống"}),
    "assignments.assign": Place("organiser", "assignments.submission", {"reason": "Bù chỗ trống"}),
    "assignments.clear": Place("organiser", "assignments.assignments", {"reason": "Bù chỗ trống"}),
    "assignments.deploy": Place("organiser", "assignments.proposal", {"reason": "Bù chỗ trống"}),
    "assignments.drop": Place("organiser", "assignments.assignments"),
    "assignments.hold pin": Place("organiser", "assignments.submission"),
    "assignments.keep": Place("organiser", "assignments.propose"),
    "assignments.open_scoring": Place("organiser", "assignments.assignments"),
    "assignments.remedy": Place("organiser", "assignments.propose"),
    "assignments.take_back": Place("organiser", "assignments.undo"),
    "assignments.unassign": Place("organiser", "assignments.submission", {"reason": "Bù chỗ trống"}),
    "awards.arrange down": Place("organiser", "awards.awards"),
    "awards.arrange remove": Place("organiser", "awards.awards", nth=2),
    "awards.arrange up": Place("organiser", "awards.awards"),
    "awards.decide": Place("organiser", "awards.awards", {"reason": "Hội đồng thống nhất"}),
    "awards.edit": Place("organiser", "awards.edit", {"amount": "7000000"}),
    "awards.new": Place("organiser", "awards.new", {"name_vi": "Giải Nhì"}),
    "awards.publish": Place("organiser", "awards.awards"),
    "awards.settle": Place("organiser", "awards.awards", {"reason": "Không trao giải Nhất"}),
    "awards.take_back": Place("organiser", "awards.awards"),
    "awards.usual": Place("organiser", "awards.awards"),
    "booths.add": Place("organiser", "booths.plan", {"text": "B1-B2; Dãy B; 3x3; có"}),
    "booths.add_guest": Place("organiser", "booths.plan", {"kind": "company", "name": "Công ty Lá Xanh"}),
    "booths.assign": Place("organiser", "booths.plan"),
    "booths.invite": Place("organiser", "booths.plan"),
    "booths.read_sheet": Place("organiser", "booths.plan", opens=True, files={
        "file": ("gian.csv", "Số gian;Dãy;Điện\nC1;Dãy C;có\n".encode())}),
    "booths.release": Place("organiser", "booths.plan"),
    "booths.remove": Place("organiser", "booths.plan"),
    "booths.remove_guest": Place("organiser", "booths.plan"),
    "booths.save_guest": Place("organiser", "booths.plan"),
    "capacity.use": Place("organiser", "capacity.calculator"),
    "ceremony.add_logo": Place("organiser", "ceremony.ceremony", {"name": "Quỹ Hạt Giống"}, files={
        "logo": ("logo.png", PICTURE)}),
    "ceremony.collect": Place("organiser", "ceremony.operator", opens=True, script=True),
    "ceremony.load": Place("organiser", "ceremony.operator", opens=True, script=True),
    "ceremony.pair": Place("organiser", "ceremony.operator", opens=True, script=True),
    "ceremony.prepare": Place("organiser", "ceremony.ceremonies"),
    "ceremony.press": Place("visitor", "ceremony.remote", opens=True),
    "ceremony.publish": Place("organiser", "ceremony.ceremony", {"confirm": "nha-7"}),
    "ceremony.remove_logo": Place("organiser", "ceremony.ceremony"),
    "ceremony.save_script": Place("organiser", "ceremony.ceremony", {"steps-0-presenter": "Bà Chủ tịch"}),
    "ceremony.unpair": Place("organiser", "ceremony.ceremony"),
    "changes.put": Place("organiser", "changes.change", {"reason": "Thêm giám khảo"}, nth=1),
    "judging.take_back": Place("idle judge", "judging.return_page", {"reason": "Trùng tên người khác"}),
    "certificate.end": Place("other captain", "certificate.mine"),
    "certificate.record": Place("captain", "certificate.mine", {"how": "Đơn có chữ ký"}),
    "certificates.add": Place("organiser", "certificates.volunteers", {"people": "Lê An; Hậu cần; an@example.org"}),
    "certificates.end": Place("organiser", "certificates.consents"),
    "certificates.issue": Place("organiser", "certificates.roll"),
    "certificates.mail_out": Place("organiser", "certificates.index"),
    "certificates.make pdf": Place("organiser", "certificates.index"),
    "certificates.make zip": Place("organiser", "certificates.index"),
    "certificates.record": Place("organiser", "certificates.consents", {"how": "Đơn có chữ ký"}),
    "certificates.reissue": Place("organiser", "certificates.one", {"why": "Sai dấu"}),
    "certificates.remove": Place("organiser", "certificates.volunteers"),
    "certificates.revoke": Place("organiser", "certificates.one", {"reason": "Sai tên"}),
    "certificates.save": Place("organiser", "certificates.look"),
    "conflicts.return_recused": Place("organiser", "conflicts.conflicts", {"reason": "Trùng tên người khác"}),
    "conflicts.answer_titles": Place("judge", "conflicts.titles"),
    "conflicts.call_titles close": Place("organiser", "conflicts.titles_call"),
    "conflicts.call_titles open": Place("organiser", "conflicts.titles_call"),
    "conflicts.confine": Place("organiser", "conflicts.rules", {"prize": "Giải xanh"}),
    "conflicts.decide_finding": Place("organiser", "conflicts.conflicts", {"reason": "Số của văn phòng"}),
    "conflicts.free": Place("organiser", "conflicts.rules"),
    "conflicts.remind_titles": Place("organiser", "conflicts.titles_call"),
    "conflicts.save_rules": Place("organiser", "conflicts.rules", {"aliases": "ĐH Bách khoa = HCMUT"}),
    "conflicts.name_judge": Place("captain", "conflicts.known_judges", {"kind": "mentor", "reason": "Cô giáo cũ"}),
    "conflicts.unname_judge": Place("captain", "conflicts.known_judges"),
    "conflicts.declare": Place("organiser", "conflicts.conflicts", {"reason": "Cùng cơ quan"}),
    "conflicts.withdraw": Place("organiser", "conflicts.conflicts"),
    "door.enter": Place("visitor", "door.door"),
    "editions.add_round": Place("organiser", "editions.setup_rounds"),
    "editions.change_ladder remove": Place("organiser", "editions.setup_rounds", {"confirm": "nha-8"}, nth=7),
    "editions.create": Place("organiser", "editions.new", EDITION),
    "editions.edition_act archive": Place("organiser", "editions.overview"),
    "editions.extend_deadline": Place("organiser", "editions.deadlines", {
        "until": "2026-12-30T17:00", "number": "2762/QĐ-UBND", "decided_on": "2026-10-07", "reason": "Bão số 9"}),
    "editions.make_clone": Place("organiser", "editions.clone", {"code": "mua-moi"}),
    "editions.open_round": Place("organiser", "editions.overview"),
    "editions.switch_security": Place("organiser", "editions.security"),
    "editions.save_basics": Place("organiser", "editions.setup_basics"),
    "editions.save_divisions": Place("organiser", "editions.setup_divisions"),
    "editions.save_entry": Place("organiser", "editions.setup_entry"),
    "editions.save_parts": Place("organiser", "editions.setup_parts"),
    "editions.save_round": Place("organiser", "editions.setup_round"),
    "editions.save_rubric": Place("organiser", "editions.setup_rubric"),
    "draw.draw": Place("organiser", "draw.order", {"reason": "Một đội chưa có tên"}),
    "draw.move": Place("organiser", "draw.order", {"reason": "Vắng khi gọi"}),
    "exchange.import_sheet": Place("organiser", "exchange.preview_sheet"),
    "exchange.load_bundle": Place("organiser", "exchange.preview_bundle"),
    "exchange.receive_bundle": Place("organiser", "exchange.upload_bundle", files={"files": ("mua.zip", b"")}),
    "exchange.apply_notes": Place("organiser", "exchange.preview_notes"),
    "exchange.receive_notes": Place("organiser", "exchange.result_files", files={"file": ("so.xlsx", b"")}),
    "exchange.receive_plan": Place("organiser", "exchange.upload_plan", nth=4, files={"file": ("phan-cong.csv", b"")}),
    "exchange.receive_sheet": Place("organiser", "exchange.upload_sheet", files={"file": ("dang-ky.csv", SHEET)}),
    "exchange.save_columns": Place("organiser", "exchange.columns"),
    "fit.save": Place("organiser", "fit.fit"),
    "judging.abstain": Place("judge", "judging.abstention", {"reason": "Tôi không nghe được phần trình bày"}),
    "judging.resume": Place("judge", "judging.paper"),
    "judging.recuse": Place("judge", "judging.recusal", {"reason": "Học trò cũ của tôi"}),
    "sheets.give_back": Place("organiser", "sheets.sheet", {"reason": "Số 1, không phải số 7"}),
    "sheets.key": Place("organiser", "sheets.sheet", {"mark-C1": "8,5", "mark-C2": "7", "feedback": "Hay."}),
    "judging.here": Place("judge", "judging.desk"),
    "judging.give_practice": Place("judge", "judging.practice_entry", {"mark-C1": "8,5", "mark-C2": "7"}),
    "progress.pair": Place("organiser", "progress.devices", opens=True),
    "progress.add_practice": Place("organiser", "progress.practice", {
        "title": "Nước sạch cho trường", "summary": "Lọc nước bằng cát.", "mark-C1": "6", "note": "Chưa có số liệu."}),
    "progress.remove_practice": Place("organiser", "progress.practice"),
    "progress.show_practice": Place("organiser", "progress.practice"),
    "judging.save": Place("judge", "judging.paper", {
        "mark-C1": "8,5", "mark-C2": "7", "feedback": "Hay."}, button="submit", nth=2),
    "outbox.by_hand": Place("organiser", "outbox.outbox"),
    "outbox.retry": Place("organiser", "outbox.outbox"),
    "letters.approve": Place("organiser", "letters.queue", nth=0),
    "letters.decide hold": Place("organiser", "letters.letter"),
    "letters.decide release": Place("organiser", "letters.letter"),
    "letters.prepare": Place("organiser", "letters.queue"),
    "letters.release_all": Place("organiser", "letters.queue"),
    "letters.screen": Place("organiser", "letters.letter"),
    "team_letters.answer": Place("captain", "team_letters.letter"),
    "live.check_in": Place("organiser", "live.desk"),
    "live.check_out": Place("organiser", "live.desk"),
    "live.close_desk": Place("organiser", "live.desk"),
    "live.next_entry": Place("judge", "judging.desk"),
    "live.open_desk": Place("organiser", "live.desk", nth=1),
    "live.send_on": Place("organiser", "live.desk"),
    "live.set_entry": Place("organiser", "live.desk"),
    "panel.add_judge": Place("organiser", "panel.new_judge", {
        "name": "Vũ Hoàng Long", "email": "long@example.org", "reason": "Thay người ốm"}),
    "panel.change_judge": Place("organiser", "panel.judge"),
    "panel.import_list": Place("organiser", "panel.import_page", {"text": "Trần Ngọc Ánh; Trường Y"}, opens=True),
    "panel.let_leave": Place("organiser", "panel.leave", {"reason": "Đi công tác"}),
    "panel.remove_judge": Place("organiser", "panel.judge", {"reason": "Không nhận lời"}, nth=2),
    "panel.sheet": Place("organiser", "panel.judges", opens=True),
    "pitch.act": Place("organiser", "pitch.day"),
    "pitch.add_break": Place("organiser", "pitch.day", {"after": "2", "minutes": "10"}),
    "pitch.place": Place("organiser", "pitch.day", {"place": "3", "reason": "Kẹt xe"}),
    "pitch.press": Place("organiser", "pitch.control"),
    "pitch.remove_break": Place("organiser", "pitch.day"),
    "pitch.save_day": Place("organiser", "pitch.day"),
    "pitch.show": Place("organiser", "pitch.control"),
    "papers.save_details": Place("organiser", "papers.details", {"place": "Phường Bến Nghé"}),
    "papers.file_scan": Place("organiser", "papers.papers", files={"scan-scan": ("bien-ban.pdf", SCAN)}),
    "papers.sign": Place("organiser", "papers.papers", opens=True, files={
        "sign-certificate": ("khoa.p12", certificate())}),
    "people.add": Place("organiser", "people.people", {"name": "Đỗ Minh Ân", "contact": "an@example.org"}),
    "people.grant": Place("organiser", "people.person"),
    "people.end_device": Place("organiser", "people.person"),
    "people.issue": Place("organiser", "people.person", opens=True),
    "people.mail_link": Place("organiser", "people.person"),
    "people.remove_role": Place("organiser", "people.person", nth=1),
    "people.remove_second_factor": Place("administrator", "people.person"),
    "people.revoke": Place("organiser", "people.person"),
    "people.sheet": Place("organiser", "people.people", opens=True),
    "progress.remind": Place("organiser", "progress.progress"),
    "record.decide_late accept": Place("organiser", "record.late", {"accept-reason": "Mất mạng"}),
    "record.decide_late dismiss": Place("organiser", "record.late", {"dismiss-reason": "Quá muộn"}),
    "results.accept": Place("organiser", "results.ranking", {"reason": "Giám khảo ốm"}),
    "results.add_entry": Place("organiser", "results.ledger", {"entry-points": "2,5", "entry-reason": "Thưởng"}),
    "results.answer_appeal": Place("organiser", "results.appeals"),
    "results.ask_correction": Place("organiser", "results.versions", {"reason": "Nhập nhầm một điểm"}),
    "results.choose_at_line": Place("chair", "results.decisions", {"order-reason": "Ý tưởng mới hơn"}),
    "results.confirm": Place("chair", "results.ranking"),
    "rehearsal.start": Place("organiser", "rehearsal.rehearsal", {"running": "test-mua-nha-2026"}),
    "rehearsal.wipe": Place("organiser", "rehearsal.rehearsal", {"confirm": "test-mua-nha-2026"}),
    "results.decide advance": Place("organiser", "results.advance", nth=1),
    "results.decide close": Place("organiser", "results.ranking"),
    "results.decide finalise": Place("organiser", "results.ranking"),
    "results.decide open": Place("organiser", "results.ranking"),
    "results.decide reopen": Place("organiser", "results.ranking"),
    "results.decide start": Place("organiser", "results.ranking"),
    "results.decide_correction": Place("organiser", "results.versions", button="approve"),
    "results.note_attendance": Place("organiser", "results.attendance"),
    "results.promote": Place("organiser", "results.advance"),
    "results.promise": Place("organiser", "results.ranking"),
    "results.publish": Place("organiser", "results.ranking", {"confirm": "nha-7"}),
    "results.read_measured": Place("organiser", "results.measured", opens=True, files={
        "file-file": ("phieu.csv", b"submission,votes\nkhong-co,3\n")}),
    "results.record": Place("chair", "results.decisions", {"wild_card-reason": "Đáng xem"}),
    "results.record_order": Place("chair", "results.decisions", {"order-reason": "Thống nhất"}),
    "results.revoke": Place("chair", "results.decisions", {"back-reason": "Nhầm"}),
    "results.save_measured": Place("organiser", "results.measured"),
    "results.assign_top_up": Place("organiser", "results.top_up", {"reason": "Sát nút"}),
    "results.unconfirm": Place("organiser", "results.ranking", {"unconfirm-reason": "Thiếu chữ ký"}),
    "results.void_votes": Place("organiser", "results.measured", {"void-votes": "2", "void-reason": "Thư rác"}),
    "results.withdraw_entry": Place("organiser", "results.ledger", {"back-reason": "Nhầm"}),
    "round_panels.apply": Place("organiser", "round_panels.panels"),
    "privacy.clear_file delete": Place("organiser", "privacy.queue"),
    "privacy.clear_file keep": Place("organiser", "privacy.queue"),
    "privacy.answer": Place("organiser", "privacy.request_page", {"words": "Sẽ gửi trong tuần này."}),
    "privacy.ask": Place("captain", "privacy.member", {"words": "Xin sửa tên."}),
    "privacy.ask_by_link": Place("visitor", "privacy.link", {"words": "Xin xem dữ liệu."}),
    "privacy.ask_guardian": Place("captain", "privacy.member", {"guardian": "Mẹ Hoa", "email": "me@example.org"}),
    "privacy.download_my_data": Place("captain", "privacy.my_data", opens=True),
    "privacy.erase": Place("organiser", "privacy.person", {"confirm": "Trần Anh Dung"}),
    "privacy.file_paper": Place("organiser", "privacy.one_member", {"take_part": "y", "attested": "Cô Lan"}, {
        "scan": ("giay.pdf", SCAN)}),
    "privacy.give": Place("visitor", "privacy.link", {"take_part": "y", "signed": "Mẹ Hoa"}),
    "privacy.give_own": Place("captain", "privacy.member", {"take_part": "y", "signed": "Trần Anh Dung"}),
    "privacy.hand_out": Place("organiser", "privacy.person", opens=True),
    "privacy.save_retention": Place("organiser", "privacy.retention", {"entries": "100"}),
    "privacy.save_settings": Place("organiser", "privacy.settings"),
    "privacy.save_text": Place("organiser", "privacy.text", {"words_vi": "Em đồng ý.", "words_en": "I agree."}),
    "privacy.take_back": Place("visitor", "privacy.link"),
    "privacy.take_back_own": Place("captain", "privacy.member"),
    "privacy.take_in": Place("organiser", "privacy.queue", {"name": "Vũ Bình"}),
    "round_panels.save": Place("organiser", "round_panels.panels"),
    "sights.switch": Place("organiser", "sights.seen"),
    "submissions.autosave": Place("captain", "submissions.draft", opens=True, script=True),
    "submissions.decide_finding pass": Place("organiser", "submissions.eligibility", {"reason": "Đã xem giấy"}),
    "submissions.decide_finding return": Place("organiser", "submissions.eligibility", {"reason": "Nhầm"}),
    "submissions.disqualify": Place("organiser", "submissions.detail", {"reason": "Sao chép"}),
    "submissions.do_register": Place("visitor", "submissions.register", {
        **TEAM, "captain_name": "Lê An", "phone": "0903 123 999", "email": "le-an@example.org", "password": PASSWORD,
        "title": "Vườn mái nhà"}),
    "submissions.reinstate": Place("organiser", "submissions.detail", {"reason": "Nhầm"}),
    "submissions.restore": Place("captain", "submissions.draft"),
    "submissions.save": Place("captain", "submissions.draft"),
    "submissions.save_people": Place("captain", "submissions.people", TEAM),
    "submissions.submit": Place("captain", "submissions.check"),
    "submissions.take_over": Place("visitor", "submissions.confirm", {"password": PASSWORD}),
    "submissions.withdraw": Place("captain", "submissions.draft", {"reason": "Bận thi"}),
    "web.set_locale": Place("visitor", "accounts.sign_in"),
    "web.set_theme": Place("visitor", "accounts.sign_in"),
}  # fmt: skip


@dataclass(frozen=True)
class Filled:
    """A form as a person would send it."""

    key: str
    role: str
    page: str
    path: str
    controls: tuple[Control, ...]
    data: Sent
    opens: bool = False
    script: bool = False

    def having(self, name: str, *values: Any) -> Filled:
        """Return the same with other values of one field; none leaves it out."""
        data = self.data.copy()
        data.poplist(name)
        for value in values:
            data.add(name, value)
        return replace(self, data=data)

    def kinds(self) -> dict[str, Control]:
        """Return one control per field; of rows of the same fields the first row stands for all."""
        found: dict[str, Control] = {}
        seen: set[str] = set()
        for control in self.controls:
            pattern = ROW.sub("#", control.name)
            if pattern in seen and control.name not in found:
                continue
            seen.add(pattern)
            found.setdefault(control.name, control)
        return found


def fill(site: Visitors, key: str) -> Filled:
    """Find the form on the pages of its place and fill it in; asked again, return the same."""
    if key not in site.forms:
        site.forms[key] = _found(site, key)
        site.settle()  # a look at single marks is noted
    form: Filled = site.forms[key]
    return form


def _found(site: Visitors, key: str) -> Filled:
    place, (endpoint, _, verb) = PLACES[key], key.partition(" ")
    rule = next(rule for rule in readable() if rule.endpoint == place.page)
    left = place.nth
    for path, form in _forms(site, place.role, true_paths(site.app, rule, site.world.own)):
        target = _target(site, path, form, endpoint)
        if target.endswith(verb) and target:
            if not left:
                return _filled(site, key, place, path, target, form)
            left -= 1
    raise AssertionError(f"no page of {place.page} shows {place.role} a form for {key}")


def _forms(site: Visitors, role: str, paths: list[str]) -> Iterator[tuple[str, Form]]:
    """Yield the forms of pages; a page that sends on is followed once."""
    for path in paths:
        answer = site.get(role, path)
        place = answer.location or path
        shown = site.get(role, place) if answer.location else answer
        yield from ((place, form) for form in (Page(shown.text).forms if shown.status == 200 else ()))


def _target(site: Visitors, path: str, form: Form, endpoint: str) -> str:
    """Return the address of a form when the endpoint answers there."""
    target = urldefrag(urljoin(path, form.action or path)).url
    try:
        found, _values = site.app.url_map.bind("localhost").match(urlsplit(target).path, "POST")
    except HTTPException:
        return ""
    if form.method == "post" and (found, endpoint) == ("submissions.save", "submissions.autosave"):
        return f"{target}autosave"  # the script of the page sends the same form there
    return target if form.method == "post" and found == endpoint else ""


def _filled(site: Visitors, key: str, place: Place, path: str, target: str, form: Form) -> Filled:
    data: Sent = MultiDict()
    for control in form.controls:
        for value in control.values():
            # A textarea begins after the first line break.
            data.add(control.name, value.lstrip("\r\n") if control.kind == "textarea" else value)
    button = next((one for one in form.buttons if place.button in (one.value, "")), None)
    if button is not None and button.name:
        data.add(button.name, button.value)
    for name, value in {**place.typed, **_live(site, key, form)}.items():
        assert any(control.name == name for control in form.controls), f"{key} has no field {name}"
        data.setlist(name, [value])
    for name, file in place.files.items():
        data.setlist(name, [file])
    for name, file in _made(site, key, path).items():
        data.setlist(name, [file])
    return Filled(key, place.role, path, target, tuple(form.controls), data, place.opens, place.script)


def _made(site: Visitors, key: str, path: str) -> dict[str, File]:
    """Return the files that have to fit this world."""
    if key == "exchange.receive_bundle":
        return {"files": ("mua.zip", site.world.own.bundle)}
    if key == "exchange.receive_notes":
        return {"file": ("so.xlsx", _book(site, path.split("/")[-2]))}
    return {"file": ("phan-cong.csv", _plan(site))} if key == "exchange.receive_plan" else {}


def _book(site: Visitors, round_code: str) -> bytes:
    """Return the workbook of a round; made here, because a download is noted as a look at marks."""
    with site.app.app_context():
        edition = edition_by_code(site.world.own.code)
        assert edition is not None
        round_ = round_by_code(edition.id, round_code)
        assert round_ is not None
        report, snapshot = report_of(edition, round_)
        source = provenance(report, snapshot, actor="An", now=NOON)
        return round_workbook(report, source, locale="vi", extras=Extras(*told_awards(edition.id)))


def _live(site: Visitors, key: str, form: Form) -> dict[str, str]:
    """Return what can be typed only into this world: codes and choices that exist in it."""
    ids, submission = site.world.own.ids, site.world.own.ids["submission_code"][0]
    known = {
        "accounts.confirm_app": {"code": site.world.guarded.first_code},
        "accounts.pass_second_step": {"code": site.world.guarded.code},
        "accounts.prove_who": {"one_time": site.world.guarded.code},
        "ceremony.press": {"code": ids["pairing"][0]},
        "door.enter": {"code": ids["code"][0]},
        "certificate.record": {"member": ids["member"][0]},
        "certificates.record": {"member": ids["member"][0]},
        "draw.move": {"submission": submission},
        "awards.decide": {"submission": submission},
        "results.answer_appeal": {f"{ids['appeal_id'][0]}-answer": "Điểm đã được cộng đúng."},
        "results.choose_at_line": {"chosen": submission},
        "people.sheet": {"person": site.world.own.public["judge"]},
        "panel.sheet": {"person": site.world.own.public["judge"]},
        "conflicts.name_judge": {"judge": site.world.own.public["judge"]},
    }
    if key == "conflicts.declare":
        return {name: _last_option(form, name) for name in ("judge", "submission")}
    if key == "conflicts.confine":
        return {name: _last_option(form, name) for name in ("judge", "round")}
    return known.get(key, {})


def _plan(site: Visitors) -> bytes:
    own = site.world.own
    return (
        f"round,judge,submission\n{own.ids['round_code'][4]},{own.codes['judge']},{own.codes['submission']}\n".encode()
    )


def _last_option(form: Form, name: str) -> str:
    control = next(control for control in form.controls if control.name == name)
    return control.options[-1][0]


def encoded(data: Sent) -> Sent:
    """Return the data as the test client takes it: every file gets a stream of its own."""
    sent: Sent = MultiDict()
    for name, value in data.items(multi=True):
        sent.add(name, (BytesIO(value[1]), value[0]) if isinstance(value, tuple) else value)
    return sent
