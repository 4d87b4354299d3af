"""Sentences for the refusals on the organiser's side of judging."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from contest.errors import Problem, RuleBroken
from contest.web import messages

messages.register(
    {
        "practice_over": _l("The round %(round)s is closed: nobody practises for it any more."),
        "practice_enough": _l("There are %(limit)s practice entries. Remove one first."),
        "practice_shown": _l("All marks of this practice entry are shown already. Nothing was changed."),
        "sheet_of_your_own": _l("This is your own sheet: somebody else of the committee has to type it in."),
        "sheet_scored_online": _l("This submission is scored by this judge already. Nothing was changed."),
        "sheets_differ": _l(
            "Nothing counts yet: what you read differs from what the first person typed. The lines are marked."
        ),
        "judge_listed": _l("%(name)s is on the panel already with this e-mail or phone number."),
        "judge_code_taken": _l("There is a judge with the code %(judge)s already."),
        "contacts_differ": _l(
            "The e-mail and the phone number belong to two different accounts. Leave one of them out."
        ),
        "judge_has_scorecards": _l(
            "%(name)s has begun %(count)s scorecards, so the judge stays on the panel. "
            "Take the other assignments away instead."
        ),
        "reason_needed": _l(
            "The round %(round)s has its first score: from now on the panel changes only with a written reason."
        ),
        "reason_nul": _l("The reason holds a NUL byte. Type it again instead of pasting it."),
        "reason_too_long": _l("The reason may have at most %(limit)s characters."),
        "leave_without_reason": _l("Write why the judge leaves. It goes into the minutes."),
        "judge_left": _l("%(judge)s has left the panel."),
        "successor_same": _l("Nobody can take over from themselves. Choose another judge."),
        "effect_changed": _l("Something has changed since the effect was shown. Look at it again, then confirm."),
        "loads_crossed": _l("The least number of submissions is higher than the most."),
        "panel_empty": _l("There is nobody in the list."),
        "panel_too_long": _l("A list may have at most %(limit)s lines."),
        "panel_name_column_missing": _l("There is no column with the names. Its heading must be “name” or “Họ tên”."),
        "panel_name_missing": _l("The name is missing."),
        "panel_line_unclear": _l(
            "This line cannot be told apart. Write name, organisation, e-mail and phone, with “;” between them."
        ),
        "panel_text_too_long": _l("At most %(limit)s characters."),
        "panel_load_invalid": _l("“%(text)s” is not a whole number."),
        "panel_years_invalid": _l("“%(text)s” is not a number of years."),
        "panel_twice": _l("The same judge as in line %(line)s."),
        "conflict_of_interest": _l("%(judge)s has a conflict of interest with %(submission)s and cannot judge it."),
        "dismissal_without_reason": _l("Write why it is no conflict of interest. The reason is kept."),
        "withdrawal_without_reason": _l("Write why the conflict does not hold. The reason is kept."),
        "stake_in_round": _l(
            "You have a stake in an entry of this round, as its captain, member or mentor. Until the round is "
            "published, its marks, ranks and counts are closed to you. Somebody else of the committee sees them."
        ),
        "titles_too_late": _l("Scoring of round %(round)s is over: its titles are not asked about any more."),
        "titles_closed": _l("The list of titles of round %(round)s is closed. Nothing was changed."),
        "conflict_without_reason": _l("%(submission)s: write in a few words what you are to this team."),
        "too_many_aliases": _l("At most %(limit)s pairs of names are kept."),
        "colleagues_together": _l(
            "%(judge)s and %(other)s come from one school or firm and are kept apart: not both judge %(submission)s."
        ),
        "judge_full": _l(
            "%(judge)s would have more than %(limit)s submissions. Raise the maximum of this judge first."
        ),
        "judge_recused": _l("%(judge)s has withdrawn from %(submission)s and cannot be asked again."),
        "scorecard_started": _l("%(judge)s has begun to score %(submission)s, so the assignment stays."),
        "assignments_closed": _l("Scoring of round %(round)s is over: its assignments stay as they are."),
        "plan_changed": _l("Something has changed since this plan was shown. Look at the new plan, then apply it."),
        "round_not_scoring": _l("Scoring of round %(round)s is not open, so there is nobody to remind."),
        "nothing_to_remind": _l("No scorecard is missing here: nobody needs a reminder."),
        "reminded_just_now": _l("The last reminder went out at %(time)s. Wait ten minutes before the next one."),
    }
)


# The same words as for the files of a bundle, which lie to the right of this package.
_FILE_WORDS: dict[str, Any] = {
    "file_empty": _l("The file is empty. Export it again."),
    "file_too_large": _l("The file is larger than %(limit_mb)s MB. Split it or remove what does not belong here."),
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
    "workbook_old_or_locked": _l("This is an old .xls file or has a password. Save it as .xlsx without a password."),
    "workbook_broken": _l("The workbook cannot be opened. Save it again as .xlsx, or as CSV UTF-8."),
    "zip_broken": _l("The file is damaged or of another kind than its name says. Make it again."),
    "zip_encrypted": _l("The archive has a password. Make it without one."),
    "zip_bomb": _l("Unpacked, the archive would be far larger than it looks, or than %(limit_mb)s MB."),
    "zip_too_many_entries": _l("The archive holds more than %(limit)s files."),
}


def words_of(problem: Problem) -> str:
    """Say what is wrong with a line of a list or with a file."""
    if problem.code in _FILE_WORDS:
        return str(_FILE_WORDS[problem.code]) % problem.facts
    return messages.sentence(RuleBroken(problem.code, **problem.facts))
