"""Sentences for the refusals of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "privacy_country_unknown": _l("No ages are known for “%(item)s”."),
        "privacy_age_out_of_range": _l("The age lies between %(low)s and %(high)s years."),
        "number_invalid": _l("“%(text)s” is not a number. Write it like 8,5 or 8.5."),
        "number_ambiguous": _l(
            "“%(text)s” could be a thousand or a decimal. Write it without three digits at the end."
        ),
        "edition_without_name": _l("Give the edition a name."),
        "timezone_unknown": _l("The time zone “%(timezone)s” does not exist."),
        "languages_unknown": _l("Choose at least one language."),
        "window_reversed": _l("Submissions must close after they open."),
        "window_needed": _l("The edition is announced: it needs both an opening and a closing time."),
        "edition_code_invalid": _l("Use only a-z, 0-9 and single hyphens, at most 60 characters."),
        "edition_code_taken": _l("The code “%(item)s” belongs to another edition."),
        "edition_archived": _l("This edition is archived. Take it out of the archive to change it."),
        "edition_not_archived": _l("This edition is not archived."),
        "edition_not_announced": _l("Only an announced edition can be archived."),
        "edition_not_ready": _l("Not ready yet: the checklist still shows missing things (%(count)s)."),
        "edition_in_use": _l("Something was handed in already, so the edition stays announced."),
        "rehearsal_not_copied": _l(
            "A rehearsal cannot be copied: it is wiped one day. Copy the edition that it rehearses."
        ),
        "rehearsal_of_rehearsal": _l("This is a rehearsal already."),
        "rehearsal_exists": _l("There is a rehearsal already (%(edition)s). Wipe it before you start another one."),
        "cannot_create_editions": _l("Only administrators and organisers may create an edition."),
        "picture_too_large": _l("The picture may have at most %(limit_mb)s MB."),
        "picture_too_many_pixels": _l("The picture may have at most %(limit)s million pixels."),
        "picture_unreadable": _l("This is not a picture that can be read. Choose a PNG, JPEG or WebP file."),
        "code_invalid": _l(
            "“%(item)s” cannot be a code. Use letters without marks, digits, hyphen, point or underscore."
        ),
        "code_twice": _l("The code “%(item)s” occurs twice."),
        "division_code_invalid": _l(
            "Line %(line)s: “%(item)s” cannot be a code. Use letters without marks and digits."
        ),
        "division_without_name": _l("Line %(line)s: the name is missing."),
        "division_too_long": _l("Line %(line)s: a name may have at most %(limit)s characters."),
        "division_twice": _l("Line %(line)s: the code “%(item)s” occurs twice."),
        "divisions_too_many": _l("At most %(limit)s lines."),
        "track_in_use": _l("The track “%(item)s” has submissions, so it cannot be removed."),
        "field_in_use": _l("The field “%(item)s” has submissions, so it cannot be removed."),
        "part_in_use": _l(
            "Teams have filled in the part “%(item)s” already: it can be neither removed nor turned into another kind."
        ),
        "part_too_large": _l("This server takes files of at most %(limit)s MB."),
        "round_without_name": _l("Give the round a name."),
        "round_window_reversed": _l("Scoring must close after it opens."),
        "round_window_over": _l("The scoring time of this round ended at %(closes)s. Set a later closing time first."),
        "round_without_rubric": _l("The round “%(item)s” has no rubric yet."),
        "round_in_use": _l(
            "Something hangs on the round “%(item)s”, so it cannot be removed. Clear its assignments and drop its kept "
            "proposals first (Assign and follow); a round with results stays."
        ),
        "rounds_started": _l("A round has begun, so the order of the rounds is fixed."),
        "round_cannot_open": _l("Only a round that is being set up can be opened to the judges."),
        "round_cannot_start": _l("Scoring of this round was opened before."),
        "round_cannot_close": _l("Scoring of this round is not open."),
        "round_cannot_reopen": _l("Scoring can be opened again only while the round is closed and not yet confirmed."),
        "round_cannot_confirm": _l("Only a closed round can be confirmed."),
        "round_cannot_unconfirm": _l("Only a confirmed round that is not finalised yet can be taken back."),
        "round_cannot_finalise": _l("Only a confirmed round can be finalised."),
        "round_cannot_publish": _l("Finalise the round first, then publish."),
        "round_cannot_correct": _l("Only a finalised or published round can be corrected."),
        "rubric_locked": _l("The first score is written, so the rubric and the rules of “%(item)s” are locked."),
        "scale_too_fine": _l("“%(criterion)s” has too many marks. Choose a larger step."),
        "criterion_without_code": _l("A criterion has no code."),
        "criterion_twice": _l("Two criteria have the code “%(criterion)s”."),
        "scale_empty": _l("The highest mark must lie above the lowest, and the step above zero."),
        "scale_not_whole_steps": _l("The step does not lead from the lowest to the highest mark."),
        "weight_negative": _l("A weight cannot be negative."),
        "weights_sum_to_zero": _l("At least one criterion needs a weight above zero."),
        "floor_outside_scale": _l("The floor must lie within the scale."),
        "decimals_out_of_range": _l("Results have 0 to 6 decimal places."),
        "clamp_missing": _l("Say how far a mark may lie from the mean before it is drawn in."),
        "rule_not_positive": _l("%(value)s must be above zero."),
        "rule_below_one": _l("%(value)s must be at least 1."),
        "percent_out_of_range": _l("A share lies above 0 and not above 100 %%, not at %(value)s."),
        "direct_out_of_range": _l("Between 1 and all of those who advance can skip a round, not %(value)s."),
        "quorum_below_one": _l("At least one person must be present."),
        "bands_equal": _l("Two bands begin at the same result."),
        "measure_without_ends": _l(
            "Say which number is worth the highest mark and which the lowest; they must differ."
        ),
        "measure_for_judges": _l("“%(criterion)s” is filled by judges, so there is nothing to convert."),
        "aggregate_needs_scorecards": _l(
            "This way to combine works on whole scorecards: choose “each judge's total, then combined”."
        ),
        "whole_marks_fraction": _l(
            "Only whole marks are wanted, but “%(criterion)s” has fractions on its scale. "
            "Change its step or its lowest mark."
        ),
        "tie_break_unknown": _l(
            "The ladder for ties names “%(step)s”, which this round and the rounds before it do not have."
        ),
        "carry_round_unknown": _l("“%(round)s” is not a round before this one, so nothing can be carried from it."),
        "carry_weights_zero": _l("All weights of the rounds are zero. Give at least one a weight."),
        "trim_negative": _l("The number of dropped marks cannot be negative."),
        "min_judges_below_one": _l("At least one scorecard is needed."),
        "judges_per_submission_below_one": _l("At least one judge is needed."),
        "guidance_line_invalid": _l(
            "Line %(line)s: write the mark, a colon and its meaning, for example “8: Clear value”."
        ),
        "guidance_twice": _l("Line %(line)s: the mark %(mark)s occurs twice."),
        "guidance_too_long": _l("At most %(limit)s marks can be explained."),
        "guidance_off_scale": _l("The scale has no mark %(mark)s."),
    }
)
