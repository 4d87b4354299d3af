"""Problems of files in words: where it is, what is wrong, what to do."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from contest.errors import Problem
from contest.exchange.answers import Duplicate
from contest.web.formats import decimal_text

PROBLEM_SENTENCES: dict[str, Any] = {
    "file_empty": _l("The file is empty. Export it again."),
    "file_too_large": _l("The file is larger than %(limit_mb)s MB. Split it or remove what does not belong here."),
    "file_not_plain": _l("This is a link or a folder, not a file. Put the file itself here."),
    "file_ignored": _l("This file is not part of a bundle and was left alone."),
    "folder_missing": _l("There is no such folder. Check the path."),
    "file_missing": _l("There is no such file or folder. Check the path."),
    "edition_exists": _l("There is an edition with the code “%(value)s” already. Choose another code."),
    "table_twice": _l("The same table is also there as %(other)s. Keep one of the two."),
    "document_missing": _l("The file with the edition's settings is missing."),
    "table_missing": _l("This table is required. Add it, with the header alone if there is nothing yet."),
    "table_needed": _l("Its rows name judges, but %(other)s is missing. Add it."),
    "wrong_encoding": _l("The text is not UTF-8 (found: %(encoding)s). Save it as “CSV UTF-8”, or as .xlsx."),
    "too_many_rows": _l("There are more than %(limit)s rows. Split the file."),
    "too_many_columns": _l("There are more than %(limit)s columns. Remove those that are not needed."),
    "header_empty": _l("Column %(position)s has no name. Name it or remove it."),
    "header_twice": _l("Two columns have this name. Rename one or remove it."),
    "nul_byte": _l("The cell holds a NUL byte. Type its text again."),
    "cell_too_long": _l("The cell holds more than %(limit_kb)s KB. Shorten it."),
    "ragged_row": _l(
        "The row has %(cells)s cells, the header %(columns)s. Look for a missing or an unquoted separator."
    ),
    "unbalanced_quotes": _l(
        "A quotation mark is not closed, or text follows it. Double a quotation mark inside a text."
    ),
    "error_cell": _l("The cell shows the error %(value)s. Put the value itself there."),
    "notes_not_ours": _l(
        "This is not a workbook of results from here, or its sheet “Source” was removed. Download the workbook again"
        " and fill in that one."
    ),
    "notes_other_edition": _l(
        "The workbook belongs to the edition “%(found)s”, this is “%(wanted)s”. Open the right edition, or choose the"
        " right file."
    ),
    "notes_other_round": _l(
        "The workbook belongs to the round “%(found)s”, this is “%(wanted)s”. Open the right round, or choose the right"
        " file."
    ),
    "notes_other_fingerprint": _l(
        "The workbook holds other results (fingerprint %(found)s) than those that stand now (%(wanted)s). Download it"
        " again and put your notes into the new one."
    ),
    "notes_sheet_gone": _l("This sheet is missing in the workbook. Download it again; do not remove sheets."),
    "notes_column_gone": _l("This column is missing. Put its heading back as it was, or download the workbook again."),
    "notes_row_unknown": _l(
        "“%(entry)s” does not belong to this sheet. Remove the row; if awards were decided since, download the workbook"
        " again."
    ),
    "notes_row_twice": _l("“%(entry)s” stands in row %(row)s already. Keep one of the two."),
    "notes_row_gone": _l("The row of “%(entry)s” is missing. Put it back, or download the workbook again."),
    "notes_row_changed": _l(
        "The row of “%(entry)s” shows “%(found)s” here, not “%(wanted)s”: it was shifted or overwritten. Only the"
        " yellow cells are taken over; undo the change."
    ),
    "notes_value_unknown": _l("“%(value)s” for “%(entry)s” is no attendance. Choose from the list of the cell."),
    "notes_value_long": _l("The note for “%(entry)s” has more than %(most)s characters. Shorten it."),
    "workbook_old_or_locked": _l("This is an old .xls file or has a password. Save it as .xlsx without a password."),
    "workbook_broken": _l("The workbook cannot be opened. Save it again as .xlsx, or as CSV UTF-8."),
    "zip_broken": _l("The file is damaged or of another kind than its name says. Make it again."),
    "zip_encrypted": _l("The archive has a password. Make it without one."),
    "zip_bomb": _l("Unpacked, the archive would be far larger than it looks, or than %(limit_mb)s MB."),
    "zip_too_many_entries": _l("The archive holds more than %(limit)s files."),
    "zip_unsafe_name": _l("The name points outside the archive or is a link. Remove it from the archive."),
    "toml_broken": _l("The file cannot be read as TOML: %(cause)s."),
    "key_unknown": _l("There is no setting “%(key)s”."),
    "value_missing": _l("“%(key)s” is missing or empty. Fill it in."),
    "value_not_text": _l("“%(key)s” must be a text in quotation marks."),
    "value_not_integer": _l("“%(key)s” must be a whole number from %(low)s to %(high)s, without quotation marks."),
    "value_not_boolean": _l("“%(key)s” must be true or false."),
    "value_not_choice": _l("“%(value)s” is none of: %(allowed)s."),
    "value_not_exact": _l('“%(key)s” decides results and must be exact: write it in quotation marks, "%(value)s".'),
    "value_not_number": _l('“%(key)s” must be a number in quotation marks, such as "2.5".'),
    "value_not_positive": _l("“%(key)s” must be above zero."),
    "value_not_moment": _l("“%(key)s” must be a date with a time, such as 2026-10-01T08:00:00+07:00."),
    "value_not_day": _l("“%(key)s” must be a day without quotation marks, such as 2026-11-22."),
    "value_not_list": _l('“%(key)s” must be a list of texts, such as ["a", "b"].'),
    "value_not_table": _l("“%(key)s” must be a group of settings in braces or under a heading of its own."),
    "value_not_tables": _l("“%(key)s” must be written with double brackets: [[%(key)s]]."),
    "text_too_long": _l("The text has %(length)s characters; %(limit)s are allowed."),
    "control_character": _l("The text holds the hidden character %(mark)s. Type it again."),
    "code_invalid": _l("“%(value)s” cannot be a code. Use letters, digits, hyphen, dot and underscore."),
    "code_twice": _l("The code “%(value)s” is used twice. Capitals make no difference."),
    "code_again": _l("The code “%(value)s” is already used in row %(first)s. Capitals make no difference."),
    "code_reserved": _l("“%(value)s” has a meaning of its own and cannot be a code."),
    "edition_code_invalid": _l("“%(value)s” cannot be the edition's code. Use a-z, 0-9 and hyphens."),
    "timezone_unknown": _l("There is no time zone “%(value)s”. Write it like Asia/Ho_Chi_Minh."),
    "closes_before_opens": _l("The end must come after the beginning."),
    "carry_not_earlier": _l("“%(value)s” is not an earlier round. Name one that comes before, or self."),
    "advance_empty": _l("Say who advances: give top, percent, threshold or floors."),
    "percent_out_of_range": _l("A share lies above 0 and not above 100 %%, not at %(value)s."),
    "direct_out_of_range": _l("No more can skip a round than advance: %(value)s is too many."),
    "clamp_missing": _l("With clamped, clamp must say how far a mark may lie from the mean."),
    "aggregate_needs_scorecards": _l("%(aggregate)s works on whole scorecards: set combine to scorecard."),
    "whole_marks_fraction": _l(
        "Only whole marks are wanted, but “%(criterion)s” has fractions on its scale. Change its step or min."
    ),
    "tie_break_not_earlier": _l("“%(value)s” is not an earlier round. Name one that comes before."),
    "bands_equal": _l("Two bands begin at %(value)s. Give each its own lowest result."),
    "measure_without_ends": _l("A linear measure needs best and worst, two different numbers."),
    "measure_for_judges": _l("“%(criterion)s” is filled by judges: set source to organiser or audience."),
    "part_unknown": _l("There is no part with the code “%(value)s”."),
    "criterion_without_measure": _l("“%(value)s” declares no measure: its marks belong into scores.csv."),
    "criterion_measured": _l("“%(value)s” declares a measure: its numbers belong into measured.csv."),
    "unknown_award": _l("There is no award with the code “%(value)s”."),
    "votes_not_counted": _l("Votes belong to a submission and to an award that is decided by a vote."),
    "ruling_without_submission": _l("This kind of ruling is about one submission. Name it."),
    "ruling_with_submission": _l("This kind of ruling is about the whole round. Leave the cell empty."),
    "ruling_value_missing": _l("The cell is empty. Write the code of the part."),
    "ruling_value_unexpected": _l("This kind of ruling has no value: remove “%(value)s”."),
    "ruling_place_invalid": _l("“%(value)s” is not a place. Write 1, 2, 3 …"),
    "cut_top_invalid": _l("“%(value)s” is not a number of places. Write 12, or A:12 for one group."),
    "entry_limit_missing": _l("The rule is on but has no limit. Give “min” or “max”, or leave its “effect” out."),
    "entry_limits_reversed": _l("“min” lies above “max”. Swap them, or leave one out."),
    "entry_mentor_asks_nothing": _l("The rule is on but asks for nothing. Set “required” or “school”."),
    "entry_awarded_asks_nothing": _l("The rule is on but asks for nothing. Set “declaration” or “listed”."),
    "entry_list_too_long": _l("At most %(most)s lines of at most %(longest)s characters each."),
    "extension_not_later": _l("“to” must be later than “from”."),
    "weights_sum_to_zero": _l("All weights are zero. Give at least one a weight."),
    "weight_negative": _l("The weight of “%(criterion)s” is negative."),
    "scale_empty": _l("On the scale of “%(criterion)s” there is no mark: max must exceed min, step must exceed 0."),
    "scale_not_whole_steps": _l("The scale of “%(criterion)s” is not a whole number of steps."),
    "scale_too_fine": _l("“%(criterion)s” has more than %(limit)s possible marks. Choose a larger step."),
    "floor_outside_scale": _l("The floor of “%(criterion)s” lies outside its scale."),
    "rounds_missing": _l("There is no round yet. Nothing can be scored."),
    "judges_few": _l("Round %(round)s wants %(wanted)s judges per submission, but there are %(judges)s."),
    "column_missing": _l("This column is missing. Add it."),
    "column_unknown": _l("There is no such column in this table. Rename it or remove it."),
    "cell_empty": _l("The cell is empty. Fill it in."),
    "cell_not_integer": _l("“%(value)s” is not a whole number."),
    "cell_not_boolean": _l("“%(value)s” is neither true nor false."),
    "list_too_long": _l("The list is longer than %(limit)s characters. Shorten it."),
    "email_invalid": _l("“%(value)s” is not an e-mail address."),
    "phone_unknown": _l("“%(text)s” is not a telephone number. Write 0903 123 782, or + and the country code."),
    "number_invalid": _l("“%(text)s” is not a number. Write 8.5 or 8,5."),
    "number_ambiguous": _l(
        "“%(text)s” could be a thousand or a decimal. Leave the separator out, or write another decimal."
    ),
    "score_out_of_range": _l("%(value)s is outside the scale of “%(criterion)s”: from %(low)s to %(high)s."),
    "score_off_step": _l("%(value)s is no mark of “%(criterion)s”: marks go from %(low)s in steps of %(step)s."),
    "unknown_judge": _l("There is no judge with the code “%(value)s”."),
    "unknown_submission": _l("There is no submission with the code “%(value)s”."),
    "unknown_round": _l("There is no round with the code “%(value)s”."),
    "unknown_track": _l("There is no track with the code or name “%(value)s”."),
    "unknown_field": _l("There is no field with the code or name “%(value)s”."),
    "unknown_criterion": _l("There is no criterion “%(value)s” in this round."),
    "track_missing": _l("A submitted submission needs a track here."),
    "loads_crossed": _l("The smallest load (%(low)s) is above the largest (%(high)s)."),
    "row_again": _l("The same as row %(first)s (%(what)s). Remove one of them."),
    "recused_without_judge": _l("Only a judge can recuse or abstain. Leave the cell empty."),
    "abstained_and_scored": _l(
        "%(judge)s has abstained from %(submission)s and yet gives marks. Keep one or the other."
    ),
    "voided_and_scored": _l(
        "The paper of %(judge)s for %(submission)s is set aside and yet gives marks. Keep one or the other."
    ),
    "recused_and_scored": _l("%(judge)s has recused from %(submission)s and yet gives marks. Keep one or the other."),
    "status_contradicts": _l("The status says %(value)s, the scores say %(implied)s."),
    "score_despite_conflict": _l("%(judge)s has a conflict of interest with %(submission)s and yet gives marks."),
    "judge_email_again": _l("%(judge)s and %(other)s share the address %(email)s. Only the first can sign in with it."),
    "too_many_problems": _l("There are more problems than the %(limit)s shown. Mend these first."),
    "pair_in_conflict": _l("%(judge)s has a conflict of interest with %(submission)s. Give it to another judge."),
    "load_passed": _l("%(judge)s may have %(limit)s submissions in a round at most."),
    "target_missing": _l("No column is chosen for “%(target)s”."),
    "answer_missing": _l("The answer is empty. Fill it in or remove the row."),
    "email_dropped": _l("“%(value)s” is not an e-mail address and is left out."),
    "phone_dropped": _l("“%(value)s” is not a telephone number and is left out."),
    "date_dropped": _l("“%(value)s” is not a date and is left out."),
    "date_ambiguous": _l("“%(value)s” is read as %(taken)s; it could also be %(other)s (day/month/year)."),
    "track_unknown": _l("There is no track “%(value)s”. Choose one after the import."),
    "field_unknown": _l("There is no field “%(value)s”. Choose one after the import."),
    "member_repeated": _l("“%(value)s” is named twice and is taken once."),
    "summary_long": _l("The summary is long: %(words)s words, %(length)s characters."),
    "link_later": _l("“%(value)s”: the link is still to come."),
    "link_refused": _l("“%(value)s” is not a web address and is left out for safety."),
    "link_unknown": _l("“%(value)s” cannot be read as a link and is left out."),
    "consent_missing": _l("The team has not agreed to the statement."),
    "team_namesake": _l("Another team is also called “%(value)s” (row %(first)s)."),
}

TARGET_LABELS: dict[str, Any] = {
    "timestamp": _l("Sent at"),
    "email": _l("E-mail"),
    "team": _l("Team name"),
    "track": _l("Track"),
    "school": _l("School or unit"),
    "captain": _l("Captain"),
    "captain_birth": _l("Captain's date of birth"),
    "phone": _l("Telephone"),
    "members": _l("Members"),
    "mentor": _l("Mentor"),
    "title": _l("Title of the submission"),
    "field": _l("Field"),
    "summary": _l("Summary"),
    "video": _l("Video link"),
    "address": _l("Address"),
    "consent": _l("Statement agreed to"),
}

_DUPLICATES: dict[str, Any] = {
    "team": _l("Row %(row)s: %(team)s sent the same title again in row %(kept)s. The newer answer counts."),
    "email": _l("Row %(row)s: %(team)s has the same e-mail as row %(kept)s. The newer answer counts."),
    "phone": _l("Row %(row)s: %(team)s has the same telephone as row %(kept)s. The newer answer counts."),
    "doubtful": _l(
        "Row %(row)s: %(team)s shares only a contact with %(kept_team)s in row %(kept)s. These may be two teams."
    ),
}

_PLACES: dict[str, Any] = {
    "in_row": _l("%(file)s, row %(row)s: %(what)s"),
    "in_cell": _l("%(file)s, row %(row)s, column “%(column)s”: %(what)s"),
    "in_column": _l("%(file)s, column “%(column)s”: %(what)s"),
    "in_file": _l("%(file)s: %(what)s"),
    "at_line": _l("%(file)s, line %(row)s: %(what)s"),
    "at_key": _l("%(file)s, line %(row)s, setting %(column)s: %(what)s"),
    "of_key": _l("%(file)s, setting %(column)s: %(what)s"),
    "meant": _l("%(what)s Did you mean “%(nearest)s”?"),
}

# Facts that are numbers of the rules, written with the page's decimal sign.
_NUMBERS = ("low", "high", "step")


def cause(problem: Problem) -> str:
    """Return what is wrong and what to do, without the place."""
    facts = {name: decimal_text(str(fact)) if name in _NUMBERS else fact for name, fact in problem.facts.items()}
    if "target" in facts:
        facts["target"] = str(TARGET_LABELS[str(facts["target"])])
    what = str(PROBLEM_SENTENCES[problem.code]) % facts
    if facts.get("nearest"):
        return str(_PLACES["meant"]) % {"what": what, "nearest": facts["nearest"]}
    return what


def sentence(problem: Problem) -> str:
    """Return file, row, column and cause as one sentence in the page's language."""
    facts = {"file": problem.file, "row": problem.row, "column": problem.column, "what": cause(problem)}
    return str(_PLACES[_place(problem)]) % facts


def _place(problem: Problem) -> str:
    row, column = problem.row is not None, problem.column is not None
    if problem.file.lower().endswith(".toml"):
        names = {(True, True): "at_key", (True, False): "at_line", (False, True): "of_key"}
    else:
        names = {(True, True): "in_cell", (True, False): "in_row", (False, True): "in_column"}
    return names.get((row, column), "in_file")


def duplicate_sentence(duplicate: Duplicate) -> str:
    """Return which answer gives way to which, and why."""
    facts = {
        "row": duplicate.row,
        "kept": duplicate.kept,
        "team": duplicate.team,
        "kept_team": duplicate.kept_team,
    }
    return str(_DUPLICATES["doubtful" if duplicate.doubtful else duplicate.by]) % facts
