"""Break rules of trust on purpose and see their tests go red: `python -m tests.tools.break_rules [RULE …]`.

Each break replaces one place of the source in a copy of the project. A rule whose test stays green is named, and the
command ends with 1.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("benchmarks", "contest", "docs", "migrations", "templates", "tests")
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Break:
    """A rule, the one place in a file that keeps it, what stands there instead, and the tests that must notice."""

    rule: str
    path: str
    old: str
    new: str
    tests: tuple[str, ...]


def of(rule: str, path: str, old: str, new: str, *tests: str) -> Break:
    """Return a break; paths of tests are given without `tests/`."""
    return Break(rule, path, old, new, tests)


SIGN_IN = "accounts/views/test_sign_in.py"
SECOND = "accounts/second/"
RECEIPTS = "judging/test_receipts.py"
EVENTS = "judging/test_score_events.py"
JUDGE = "judging/test_judge_views.py"
TYPES = "submissions/test_filetypes.py"
AUDIT = "infra/test_audit.py"

BREAKS = (
    of(
        "AC-02",
        "contest/web/guards.py",
        "if request.endpoint and not hasattr",
        "if False and not hasattr",
        "test_routes.py::test_a_view_without_a_guard_answers_403",
    ),
    of(
        "AC-02",
        "contest/__init__.py",
        '    import_module("contest.web.guards").demand_guards(app)\n',
        "",
        "web/test_guards.py::test_ac_02_no_application_starts_around_an_unguarded_view",
    ),
    of(
        "AC-17",
        "contest/web/doubled.py",
        "if request.endpoint is None or not contradicts():",
        "if True:",
        "web/test_doubled.py::test_two_answers_to_one_question_are_refused",
    ),
    of(
        "BR-05",
        "contest/web/responses.py",
        'answer.headers["Cache-Control"] = "no-store"',
        'answer.headers["Cache-Control"] = "no-cache"',
        "web/test_responses.py",
    ),
    of(
        "AC-03",
        "contest/judging/services/scoring.py",
        "key=key)\n    if paper is None or not paper.opens_to(actor_id):\n        raise NotFound",
        (
            "key=key)\n    if paper is None:\n        raise NotFound\n    if not paper.opens_to(actor_id):\n"
            '        raise RuleBroken("paper_voided")'
        ),
        JUDGE + "::test_a_foreign_paper_is_the_same_404_as_a_missing_one",
        "judging/test_scoring_services.py",
    ),
    of(
        "AC-05",
        "contest/judging/papers.py",
        "return self.listed and self.judge_user_id == user_id and",
        "return self.listed and",
        JUDGE + "::test_a_foreign_paper_is_the_same_404_as_a_missing_one",
    ),
    of(
        "AC-12",
        "contest/judging/policy.py",
        "return can_open(user, paper) and paper.state not in (PaperState.RECUSED, PaperState.VOIDED)",
        "return can_open(user, paper)",
        "judging/test_desk.py::test_a_judge_who_withdrew_reads_no_file_unless_another_round_opens_it",
        JUDGE,
    ),
    of(
        "AC-13",
        "contest/judging/queries/stakes.py",
        "    closed = closed_rounds(places)",
        "    closed = closed_rounds(places[:0])",
        "sweep/test_stakes.py::test_case_10_a_conflicted_organiser_learns_nothing_of_the_own_entry",
    ),
    of(
        "AC-15",
        "contest/accounts/services/links.py",
        "return SignInLink.used_at.is_(None), SignInLink.revoked_at",
        "return SignInLink.revoked_at",
        "accounts/test_services.py::test_a_link_works_once",
    ),
    of(
        "AC-15",
        "contest/accounts/policy.py",
        "return not person.is_admin and all(",
        "return all(",
        "accounts/test_policy.py",
    ),
    of(
        "SC-04",
        "contest/judging/marks.py",
        '_STRANGE = re.compile(r"^\\s|\\s$|^-0+(?:[.,]0*)?$")',
        '_STRANGE = re.compile(r"(?!)")',
        JUDGE + "::test_no_strange_mark_is_stored",
    ),
    of(
        "SC-05",
        "contest/judging/services/scoring.py",
        '    if not paper.round.scoring_open(now):\n        raise RuleBroken("scoring_closed")\n    return sheet_of',
        "    return sheet_of",
        EVENTS + "::test_the_deadline_is_the_first_moment_outside",
    ),
    of(
        "SC-06",
        "contest/judging/services/scoring.py",
        "event.content != fingerprint(entry.said()) or card is None",
        "card is None",
        EVENTS + "::test_an_earlier_key_with_another_content_is_refused",
    ),
    of(
        "SC-07",
        "contest/judging/services/scoring.py",
        "    if not _follows(paper, entry):\n        raise StaleScorecard(paper)\n",
        "",
        JUDGE + "::test_a_stale_script_gets_409_and_the_stored_values",
    ),
    of(
        "SC-08",
        "contest/judging/marks.py",
        "value = parse_decimal(text)",
        "value = Decimal(text.replace(',', ''))",
        "judging/test_marks.py",
    ),
    of(
        "SC-10",
        "contest/judging/marks.py",
        "    if not text:\n        return None",
        "    if not text:\n        return 0",
        "judging/test_marks.py",
    ),
    of(
        "SC-11",
        "contest/judging/marks.py",
        "    if complete:\n",
        "    if False:\n",
        JUDGE + "::test_handing_in_with_a_blank_is_refused",
    ),
    of(
        "SC-13",
        "contest/judging/services/scoring.py",
        "if stored.marks and not head.locked:",
        "if False:",
        "judging/test_cases.py::test_case_21_a_changed_panel_keeps_or_voids_the_old_scorecard_and_the_rubric_locks_at_the_first_score",
    ),
    of(
        "UP-01",
        "contest/submissions/filetypes.py",
        "    if inner & DANGEROUS:",
        "    if False:",
        TYPES + "::test_a_dangerous_ending_before_the_last_is_refused",
    ),
    of(
        "UP-01",
        "contest/submissions/filetypes.py",
        '    if stream.read(5) != b"%PDF-":',
        "    if False:",
        TYPES + "::test_bytes_that_are_not_what_the_name_says_are_refused",
    ),
    of(
        "UP-03",
        "contest/submissions/filetypes.py",
        "or unpacked > MAX_UNPACKED or unpacked > max(size * MAX_RATIO, FREE_UNPACKED)",
        "",
        TYPES + "::test_a_presentation_that_unpacks_to_too_much_is_refused",
    ),
    of(
        "UP-03",
        "contest/submissions/filetypes.py",
        "or _overlap(entries)",
        "",
        TYPES + "::test_entries_that_share_bytes_are_refused",
    ),
    of(
        "UP-05",
        "contest/infra/storage.py",
        "        if not key.isalnum():\n            raise FileNotFoundError(key)\n",
        "",
        "infra/test_storage.py::test_a_key_is_never_a_path",
    ),
    of(
        "UP-05",
        "contest/submissions/filenames.py",
        "if unicodedata.category(c) not in _INVISIBLE",
        "",
        "submissions/test_filenames.py",
    ),
    of(
        "UP-06",
        "contest/web/responses.py",
        "as_attachment=True",
        "as_attachment=False",
        "web/test_responses.py::test_a_download_keeps_its_vietnamese_name_and_runs_nothing",
    ),
    of(
        "UP-08",
        "contest/infra/page_child.py",
        "    _limit()\n",
        "",
        "infra/test_page_images.py::test_the_child_cannot_take_more_memory_than_it_may",
    ),
    of(
        "UP-09",
        "contest/infra/xlsx.py",
        '("ascii", "utf-16-le", "utf-16-be")',
        "()",
        "infra/test_xlsx.py::test_document_types_are_refused",
    ),
    of(
        "UP-10",
        "contest/submissions/filetypes.py",
        "            if width * height > MAX_PIXELS:",
        "            if False:",
        TYPES + "::test_a_picture_with_too_many_points_is_refused_before_it_is_unpacked",
    ),
    of(
        "UP-01",
        "contest/submissions/services/files.py",
        "            check_findings(inspection.inspect(kept, claimed.content_type), name)\n",
        "",
        "submissions/views/test_tus.py::test_what_arrived_is_checked_like_a_file_of_the_form",
        "submissions/services/test_files.py",
    ),
    of(
        "UP-04",
        "contest/submissions/quotas.py",
        "    if used.team_bytes + size > quota.team_bytes:",
        "    if False:",
        "submissions/services/test_files.py::test_uploads_are_counted_and_weighed_replaced_ones_included",
    ),
    of(
        "UP-04",
        "contest/infra/storage.py",
        "                self.require_room(len(chunk))\n",
        "",
        "submissions/services/test_files.py::test_a_disk_at_its_floor_takes_no_file_and_still_saves_texts",
    ),
    of(
        "UP-06",
        "contest/submissions/views/files.py",
        "as_attachment=True",
        "as_attachment=False",
        "submissions/views/test_names.py::test_however_a_file_is_asked_for_it_runs_nothing",
    ),
    of(
        "UP-09",
        "contest/infra/children/office.py",
        "    parser.StartDoctypeDeclHandler = refuse\n    parser.EntityDeclHandler = refuse\n",
        "",
        "infra/test_inspection.py::test_slides_that_do_more_than_show_themselves_are_known",
    ),
    of(
        "UP-10",
        "contest/submissions/views/files.py",
        'if not file.blind and file.kind != "image":',
        "if not file.blind:",
        "judging/test_pages.py::test_a_judge_gets_a_picture_without_what_the_camera_wrote_and_its_team_keeps_it",
    ),
    of(
        "UP-13",
        "contest/submissions/scans.py",
        "CLOSED = frozenset({ScanState.QUARANTINED, ScanState.UNSCANNED})",
        "CLOSED = frozenset({ScanState.QUARANTINED})",
        "submissions/views/test_scanning.py::test_while_the_scanner_is_away_files_are_kept_closed_and_scanned_later",
    ),
    of(
        "PR-10",
        "contest/infra/children/pdf.py",
        '        if "/Info" in document.trailer:\n            del document.trailer["/Info"]\n',
        "",
        "submissions/views/test_names.py::test_the_copy_of_a_blind_judge_has_a_neutral_name_and_no_author",
    ),
    of(
        "IN-06",
        "contest/infra/mail.py",
        'subject=" ".join(subject.split())[:300]',
        "subject=subject[:300]",
        "infra/test_mail.py::test_a_mail_waits_and_names_are_one_line",
    ),
    of(
        "EX-01",
        "contest/infra/workbook.py",
        "target.write_string(row, place, value[:TEXT_LIMIT],",
        "target.write_formula(row, place, value[:TEXT_LIMIT],",
        "results/test_exports.py::test_case_18_text_never_becomes_a_formula_or_link",
    ),
    of(
        "AU-01",
        "contest/accounts/passwords.py",
        "    if is_common(password, own=own) or _is_made_of(password, contest):",
        "    if _is_made_of(password, contest):",
        "accounts/test_passwords.py::test_what_everybody_tries_first_is_refused",
    ),
    of(
        "AU-01",
        "contest/accounts/services/passwords.py",
        "leaked=is_leaked)",
        "leaked=None)",
        "accounts/test_services.py::test_a_password_that_leaked_or_names_an_edition_is_refused",
    ),
    of(
        "AU-03",
        "contest/accounts/views/known.py",
        'return f"device:{mark}:" if own else ""',
        'return "" if own else ""',
        "accounts/views/test_sign_in.py::test_guessers_reach_a_hundred_passwords_and_the_owner_signs_in",
    ),
    of(
        "OU-02",
        "contest/infra/fetching.py",
        "if not own_network and not all(",
        "if not own_network and not any(",
        "infra/test_fetching.py::test_a_name_that_leads_into_the_own_network_is_refused",
    ),
    of(
        "AU-11",
        "contest/accounts/views/proving.py",
        "return _ask() if stale and concerns()",
        "return _ask() if stale and not concerns()",
        "accounts/views/test_proving.py::test_stale_sessions_are_asked_and_nothing_happens",
    ),
    of(
        "AU-11",
        "contest/exchange/views/files.py",
        "@organisers_only\n@proven\n@one_moment()\ndef export",
        "@organisers_only\n@one_moment()\ndef export",
        "accounts/views/test_proving.py::test_each_such_view_is_on_the_list_and_asks",
    ),
    of(
        "AU-04",
        "contest/submissions/views/register.py",
        "if isinstance(form, RegisterForm) and form.confirmed_by_mail:",
        "if isinstance(form, RegisterForm) and form.confirmed_by_mail and not user_by_login(form.captain.email):",
        "submissions/views/test_confirming.py::"
        "test_au_04_registering_answers_alike_whether_or_not_the_address_has_an_account",
    ),
    of(
        "AU-04",
        "contest/accounts/views/account.py",
        "waits = email if sends_mail() and email != me.email",
        "waits = email if False and email != me.email",
        "accounts/views/test_address.py::test_au_04_a_new_address_is_answered_alike_whether_or_not_it_has_an_account",
    ),
    of(
        "AU-04",
        "contest/infra/hashing.py",
        "_hasher.verify(stored or _DECOY, _typed(password))",
        "stored and _hasher.verify(stored, _typed(password))",
        "infra/test_hashing.py::test_a_missing_account_costs_as_much_time_as_a_wrong_password",
    ),
    of(
        "AU-06",
        "contest/accounts/services/sessions.py",
        (
            "        .where(UserSession.token_hash == token_hash(token), UserSession.revoked_at.is_(None))\n"
            "        .values(revoked_at=now)\n        .returning"
        ),
        "        .where(UserSession.id < 0)\n        .values(revoked_at=now)\n        .returning",
        SIGN_IN + "::test_signing_out_ends_the_session_everywhere_the_cookie_went",
    ),
    of(
        "AU-08",
        "contest/accounts/services/links.py",
        "token_hash=token_hash(link.token)",
        "token_hash=link.token",
        "accounts/test_services.py::test_many_links_have_different_codes_and_only_hashes_are_kept",
    ),
    of(
        "AU-10",
        "contest/accounts/views/entry.py",
        "    if not has_second_factor(user_id):\n",
        "    if user_id:\n",
        SECOND + "test_sign_in.py::test_a_link_does_not_go_around_the_second_step",
    ),
    of(
        "AU-10",
        "contest/accounts/second/factors.py",
        "if _same(code_at(step), code) and step > used]",
        "if _same(code_at(step), code)]",
        SECOND + "test_factors.py::test_a_used_step_and_those_before_are_refused",
    ),
    of(
        "AU-10",
        "contest/accounts/second/services/codes.py",
        "RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))\n        .where(RecoveryCode.code_hash",
        "RecoveryCode.user_id == user_id)\n        .where(RecoveryCode.code_hash",
        SECOND + "test_sign_in.py::test_a_recovery_code_opens_once_and_a_mail_tells",
    ),
    of(
        "AU-10",
        "contest/accounts/second/services/passkeys.py",
        "require_user_verification=user_id is None,",
        "require_user_verification=False,",
        SECOND + "test_passkeys.py::test_alone_it_needs_a_finger_a_face_or_a_pin",
    ),
    of(
        "AU-10",
        "contest/accounts/second/services/passkeys.py",
        ".where(PasskeyChallenge.holder_hash == token_hash(holder), PasskeyChallenge.asked == asked)",
        ".where(PasskeyChallenge.asked == asked)",
        SECOND + "test_passkeys.py::test_it_is_answered_by_the_browser_that_was_asked",
    ),
    of(
        "AU-10",
        "contest/editions/views/guards.py",
        "if not policy.needs_second_factor(current_user, edition) or",
        "if policy.needs_second_factor(current_user, edition) or",
        "editions/views/test_security.py::test_no_page_of_the_committee_is_left_open",
    ),
    of(
        "AU-05",
        "contest/accounts/services/sessions.py",
        ".values(token_hash=token_hash(fresh), proved_at=now)",
        ".values(proved_at=now)",
        SECOND + "test_proof.py::test_the_password_proves_and_renews_the_session",
    ),
    of(
        "AU-12",
        "config.py",
        'return f"__Host-{name}" if self.https else name',
        "return name",
        "test_config_use.py::test_cookies_over_https_are_bound_to_the_host",
    ),
    of(
        "BR-01",
        "contest/web/security.py",
        "\"script-src 'self'; \"",
        "\"script-src 'self' 'unsafe-inline'; \"",
        "test_routes.py::test_the_policy_for_scripts_has_no_holes",
    ),
    of(
        "BR-02",
        "contest/web/security.py",
        '    "X-Content-Type-Options": "nosniff",\n',
        "",
        "test_routes.py::test_every_answer_has_the_headers",
    ),
    of(
        "BR-05",
        "contest/web/security.py",
        'private = {**always, "Cache-Control": "no-store"}',
        "private = dict(always)",
        "web/test_templating.py::test_pages_are_private_and_dated_files_are_kept",
    ),
    of("OU-04", "contest/web/responses.py", 'or target.startswith(("//", "/\\\\"))', "", "web/test_responses.py"),
    of(
        "LG-02",
        "contest/infra/audit.py",
        "    session.info.pop(PENDING, None)",
        "    del session",
        AUDIT + "::test_an_act_that_is_rolled_back_leaves_no_entry",
    ),
    of(
        "LG-03",
        "contest/infra/chain.py",
        "ENTRY + bytes.fromhex(link.previous) + canonical_json",
        "ENTRY + canonical_json",
        "infra/test_chain.py",
    ),
    of(
        "LG-03",
        "contest/infra/chain.py",
        "        if link.seq != expected:\n            return Broken(link.scope, expected, Flaw.NUMBER)\n",
        "",
        "infra/test_chain.py",
    ),
    of(
        "LG-04",
        "contest/infra/merkle.py",
        'LEAF, NODE = b"\\x00", b"\\x01"',
        'LEAF, NODE = b"\\x01", b"\\x01"',
        "infra/test_merkle.py::test_lg_04_the_roots_are_those_of_the_standard",
    ),
    of(
        "EX-05",
        "contest/infra/db.py",
        '"REPEATABLE READ" if self.info.get("one moment") else "AUTOCOMMIT"',
        '"AUTOCOMMIT"',
        "exchange/test_one_moment.py::test_ex_05_a_draft_workbook_is_of_one_moment",
    ),
    of(
        "LG-06",
        "contest/judging/verify_receipt.py",
        'if facts["fingerprint"] != digest:',
        'if "fingerprint" not in facts:',
        RECEIPTS + "::test_lg_06_each_part_of_a_receipt_is_covered",
    ),
    of(
        "LG-06",
        "contest/judging/services/scoring.py",
        "now, fingerprint=event.digest)",
        "now)",
        RECEIPTS + "::test_lg_06_a_receipt_is_proved_by_a_script_alone_in_a_folder",
    ),
    of(
        "LG-06",
        "contest/judging/views/mine.py",
        "if dict(kept.event.marks) != marks.mark_texts(sheet, found.points(sheet)) or kept",
        "if kept",
        RECEIPTS + "::test_lg_06_an_altered_score_no_longer_fits_the_receipt",
    ),
    of(
        "LG-10",
        "contest/results/announcing.py",
        "bytes.fromhex(nonce) + said.encode()",
        "said.encode()",
        "exchange/test_promise.py::test_lg_10_the_same_result_has_another_code_each_time",
    ),
    of(
        "LG-11",
        "contest/judging/views/looks.py",
        "if told and (endpoint in NOTED or _tells_marks()):",
        "if endpoint in PAGES and told and _tells_marks():",
        "judging/test_looks.py::test_lg_11_a_judge_and_the_committee_are_noted_once_a_day",
    ),
    of(
        "LG-05",
        "contest/infra/heads.py",
        "return found if stands else [*found, HeadFlaw.TRAIL]",
        "return found",
        "infra/test_heads.py::test_a_history_written_anew_is_shown_by_a_head_alone",
    ),
    of(
        "LG-05",
        "contest/infra/heads.py",
        "    except (InvalidSignature, ValueError):\n        return False",
        "    except (InvalidSignature, ValueError):\n        return True",
        "infra/test_heads.py::test_a_head_that_was_changed_or_signed_elsewhere_is_refused",
    ),
    of(
        "LG-09",
        "migrations/versions/20261122_2032_chain_the_audit_trail.py",
        "BEFORE DELETE ON audit_entries BEGIN SELECT RAISE(ABORT, '{KEPT}'); END",
        "BEFORE DELETE ON audit_entries BEGIN SELECT 1; END",
        AUDIT + "::test_the_database_itself_refuses_to_change_an_entry",
    ),
    of(
        "RS-16",
        "contest/results/verify_results.py",
        "if sha256(files[name]) != listed[name]:",
        "if False:",
        "results/test_script.py::test_rs_16_one_changed_byte_in_any_file_fails_and_names_the_file",
    ),
    of(
        "RS-17",
        "contest/judging/numbers.py",
        "2 * abs(numerator) + denominator)",
        "2 * abs(numerator) + denominator - 1)",
        "results/test_laws.py::test_rs_17_halves_go_away_from_zero",
    ),
    of(
        "PR-10",
        "contest/submissions/queries/reading.py",
        "team=None if blind else _team(row.Team)",
        "team=_team(row.Team)",
        "submissions/queries/test_reading.py::test_a_blind_view_names_nobody",
    ),
    of(
        "CO-01",
        "contest/accounts/services/roles.py",
        "if list(organisers) == [user_id]:",
        "if False:",
        "accounts/test_services.py::test_the_last_organiser_stays",
    ),
    of(
        "CO-03",
        "contest/infra/db.py",
        '"database is locked", ',
        "",
        JUDGE + "::test_a_database_that_is_locked_asks_to_try_again_and_loses_nothing",
    ),
    of(
        "LG-01",
        "contest/accounts/views/sign_in.py",
        '        note_failure("password", login=login_key(form.login.data or ""))\n',
        "",
        "accounts/views/test_failures.py::test_lg_01_failed_sign_ins_are_one_entry_per_login_address_and_ten_minutes",
    ),
    of(
        "LG-01",
        "contest/editions/views/refusals.py",
        "        _refused.add((user_id, scope, who, status), now)\n",
        "",
        "editions/views/test_alarms.py::test_lg_01_refusals_are_one_entry_per_account_answer_and_ten_minutes",
    ),
    of(
        "LG-12",
        "contest/judging/services/events.py",
        "and card.marks != old.marks:",
        "and card.marks == old.marks:",
        "judging/test_alarms.py::test_lg_12_marks_changed_after_they_were_handed_in_raise_one_alarm",
    ),
    of(
        "LG-12",
        "contest/infra/alarms.py",
        ".on_conflict_do_nothing().returning(Alarm.id)",
        ".returning(Alarm.id)",
        "infra/test_alarms.py::test_lg_12_of_one_kind_and_one_account_one_alarm_is_raised_an_hour",
    ),
    of(
        "CF-01",
        "config.py",
        "return len(key) < MIN_KEY_LENGTH or len(set(key)) < MIN_KEY_VARIETY",
        "return False",
        "test_config_use.py::test_production_refuses_a_weak_key",
    ),
    of(
        "CF-01",
        "contest/infra/db.py",
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
        "infra/test_db.py::test_sqlite_opens_safe",
    ),
    of(
        "CF-03",
        "config.py",
        "secret_key: str = field(repr=False)",
        "secret_key: str",
        "test_config_use.py::test_secrets_are_not_shown_when_settings_are_printed",
    ),
    of(
        "PR-02",
        "contest/privacy/catalogue/people.py",
        'child="birth_date age_band school"',
        'child="age_band school"',
        "privacy/test_catalogue.py",
    ),
    of(
        "PR-05",
        "contest/privacy/queries/own.py",
        "mates = Person(names=frozenset(person.others))",
        "mates = Person()",
        "privacy/test_own_data.py",
    ),
    of(
        "PR-07",
        "contest/privacy/queries/plan.py",
        "    _beside_what_stands(plan, person)\n    return plan",
        "    return plan",
        "privacy/test_erasing.py",
    ),
    of(
        "PR-08",
        "contest/privacy/services/erasing.py",
        "return tuple(one for one in listed if one.token not in seen)",
        "return ()",
        "privacy/test_erasing.py",
    ),
    of(
        "PR-09",
        "contest/privacy/queries/aging.py",
        "return at is not None and at <= now",
        "return at is not None and at < now",
        "privacy/test_retention.py",
    ),
    of(
        "PR-14",
        "contest/privacy/queries/breach.py",
        "Look.first_at < until",
        "Look.first_at <= until",
        "privacy/test_breach.py",
    ),
    of(
        "PR-01",
        "contest/submissions/services/handing_in.py",
        "    require_consents(row, now)\n    _enter",
        "    _enter",
        "privacy/test_consents.py::test_pr_01_nothing_is_handed_in_before_the_consents_of_children_and_guardians",
    ),
    of(
        "PR-03",
        "contest/results/publishing.py",
        "members=names.members(entrant.code, entrant.members)",
        "members=entrant.members",
        "privacy/test_public_names.py::"
        "test_pr_03_public_pages_name_a_member_with_consent_only_and_no_longer_once_it_is_taken_back",
    ),
    of(
        "PR-04",
        "contest/submissions/services/consents.py",
        "if not given and Purpose.TAKE_PART in purposes:",
        "if False and Purpose.TAKE_PART in purposes:",
        "privacy/test_consents.py::test_pr_04_taking_back_is_one_click_and_hides_the_entry_from_judges_at_once",
    ),
    of(
        "PR-15",
        "templates/base.html",
        "url_for('privacy.notice', edition_code=edition.code)",
        "url_for('editions.public', edition_code=edition.code)",
        "privacy/test_consents.py::test_pr_15_the_notice_stands_in_the_language_of_the_reader_before_any_consent",
    ),
)


def main(arguments: list[str]) -> int:
    """Break the rules that are named, or all of them; return 1 when a test did not notice."""
    chosen = [one for one in BREAKS if not arguments or one.rule in arguments]
    missed = []
    with tempfile.TemporaryDirectory(prefix="break-") as folder:
        copy = Path(folder)
        _copy(copy)
        for one in chosen:
            started = time.monotonic()
            noticed = _noticed(copy, one)
            sys.stdout.write(
                f"{one.rule}  {'red' if noticed else 'STILL GREEN'}  {one.path}  {time.monotonic() - started:.0f} s\n"
            )
            sys.stdout.flush()
            if not noticed:
                missed.append(one)
    rules = len({one.rule for one in chosen})
    sys.stdout.write(f"{len(chosen)} breaks of {rules} rules, {len(missed)} unnoticed\n")
    return 1 if missed else 0


def _copy(folder: Path) -> None:
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.glob("*.*"):
        if path.is_file():
            shutil.copy(path, folder / path.name)


def _noticed(copy: Path, one: Break) -> bool:
    """Tell whether a test fails on the broken copy, which is more than that it cannot run; then mend the copy."""
    path = copy / one.path
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(one.old, one.new), encoding="utf-8")
    try:
        return _fails(copy, one.tests)
    finally:
        path.write_text(whole, encoding="utf-8")


def _fails(copy: Path, tests: tuple[str, ...]) -> bool:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-p",
        "no:cacheprovider",
        *(f"tests/{test}" for test in tests),
    ]
    environ = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=environ, capture_output=True, timeout=LONGEST, check=False)
    return done.returncode == 1 and b"\nFAILED " in done.stdout


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
