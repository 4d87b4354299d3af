"""Sentences for the refusals of ranking, advancing and publishing."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "rubric_empty": _l("This round has no criteria that judges score. Add a rubric first."),
        "no_next_round": _l("Round %(round)s is the last one: nobody advances from it."),
        "next_round_started": _l("Scoring of round %(round)s has begun: who takes part can no longer be changed."),
        "advance_not_set": _l(
            "The rules of round %(round)s do not say who advances. Set a number or a threshold first."
        ),
        "advance_without_line": _l("The rule for advancing has neither a number nor a threshold. Set one of them."),
        "advance_top_below_one": _l("The number of submissions that advance must be at least 1, not %(value)s."),
        "fields_missing": _l("The rule advances per field, but no submission names its field."),
        "awards_too_many": _l("An edition has at most %(most)s awards. Remove one first."),
        "award_without_places": _l("The award %(award)s needs at least one place."),
        "award_amount_out_of_range": _l("The money of the award %(award)s must lie between 0 and %(most)s dong."),
        "award_without_criterion": _l("Choose the criterion that decides this award."),
        "award_without_band": _l("Choose the band whose teams get this award."),
        "award_decided": _l("A decision on the award %(award)s is in the records, so it cannot be removed."),
        "award_submission_unknown": _l("There is no submitted entry %(item)s. Check the code."),
        "votes_not_asked": _l("The award %(award)s is not decided by a vote. Leave the number of votes empty."),
        "chosen_twice": _l("%(item)s has been chosen for this award already."),
        "awards_none": _l("There is no award to settle yet. Add the awards first."),
        "awards_pending": _l("The results of round %(rounds)s are not final yet. Finalise the round first."),
        "awards_awaiting": _l("Somebody has to choose first: %(awards)s. Write the decision down at the award."),
        "awards_not_settled": _l("Settle the list of awards first, then publish it."),
        "line_awaits_chair": _l(
            "%(submissions)s are tied at the line. The chair must choose in writing as many as there are places."
        ),
        "no_round_to_skip": _l("After round %(round)s there is no other, so nobody can skip it."),
        "ruling_without_submission": _l("This decision is about one submission. Choose it."),
        "ruling_with_submission": _l("This decision is about the whole round."),
        "ruling_value_missing": _l("Say which part or award this is about."),
        "ruling_value_unexpected": _l("This decision says nothing further: “%(value)s” does not belong here."),
        "ruling_place_invalid": _l("“%(value)s” is not a place. Write 1, 2, 3 …"),
        "ruling_stands": _l("A decision on the same stands already. Take it back first."),
        "cut_top_invalid": _l("“%(value)s” is not a number of places."),
        "submission_not_in_round": _l("The submission “%(item)s” is not in this round."),
        "order_incomplete": _l("Write a place for at least one submission."),
        "nobody_chosen": _l("Choose at least one submission."),
        "points_zero": _l("Zero points change nothing. Write what is given or taken."),
        "points_too_many": _l("At most %(limit)s points can be given or taken at once."),
        "count_not_whole": _l("Votes are counted in whole numbers from 0, not %(value)s."),
        "votes_too_many": _l("Only %(value)s votes are counted for this submission."),
    }
)
