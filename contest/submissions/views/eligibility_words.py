"""What the rules of entry find, in words: the team, the person, the number and what to do, one sentence or two each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_babel import lazy_gettext as _l

from contest.editions.rules import LocalText
from contest.errors import Refused, RuleBroken
from contest.submissions.entrants import Code, Finding
from contest.web import messages
from contest.web.formats import local
from contest.web.messages import sentence

SENTENCES = {
    Code.SIZE_UNDER: _l(
        "“%(team)s” has %(count)s of at least %(least)s members. Add the missing ones on the team's page."
    ),
    Code.SIZE_OVER: _l(
        "“%(team)s” has %(count)s members, at most %(most)s may enter. Take somebody off on the team's page."
    ),
    Code.AGE_UNDER: _l(
        "%(person)s of “%(team)s” is %(age)s years old on %(on)s, the youngest age is %(least)s. "
        "Correct the date of birth or let somebody else take part."
    ),
    Code.AGE_OVER: _l(
        "%(person)s of “%(team)s” is %(age)s years old on %(on)s, the highest age is %(most)s. "
        "Correct the date of birth or let somebody else take part."
    ),
    Code.AGE_UNKNOWN: _l(
        "The age cannot be checked in “%(team)s”: the date of birth is missing for %(people)s. "
        "Enter it on the team's page."
    ),
    Code.AGE_TRACK_MISSING: _l(
        "The age cannot be checked in “%(team)s”, because it depends on the track. Choose a track."
    ),
    Code.AGE_DAY_MISSING: _l(
        "The age cannot be checked in “%(team)s”, because there is no day on which it counts. "
        "The organising committee sets it or the deadline."
    ),
    Code.TWO_TEAMS: _l(
        "%(person)s of “%(team)s” is in the team “%(other)s”, too; everybody may be in one team only. "
        "Take the name off in one of the two."
    ),
    Code.MAYBE_TWO_TEAMS: _l(
        "It cannot be checked whether %(person)s of “%(team)s” is the person of the same name in “%(other)s”. "
        "If so, take the name off in one of the two; if not, nothing needs to be done."
    ),
    Code.LEADS_TWO: _l(
        "%(person)s leads “%(team)s” and the team “%(other)s”; everybody may lead one team only. "
        "Somebody else must lead one of the two: ask the organising committee."
    ),
    Code.MAYBE_LEADS_TWO: _l(
        "It cannot be checked whether %(person)s, who leads “%(team)s”, is the captain of the same name of “%(other)s”."
        " If so, somebody else must lead one of the two; if not, nothing needs to be done."
    ),
    Code.SAME_CONTACT: _l(
        "“%(team)s” and “%(other)s” have the same e-mail address or phone number. "
        "If this is one person in both teams, take the name off in one of the two."
    ),
    Code.QUOTA_OVER: _l(
        "%(school)s has handed in the %(most)s entries that one school may have, before “%(team)s”. "
        "One of them must be withdrawn first."
    ),
    Code.QUOTA_OVER_TRACK: _l(
        "%(school)s has handed in the %(most)s entries that one school may have in the track %(track)s, "
        "before “%(team)s”. One of them must be withdrawn first, or choose another track."
    ),
    Code.QUOTA_UNDER: _l(
        "%(school)s has handed in %(count)s of at least %(least)s entries. “%(team)s” can enter; "
        "the school is asked to send more."
    ),
    Code.SCHOOL_UNKNOWN: _l(
        "The number of entries of the school cannot be checked for “%(team)s”, because no school or unit is named. "
        "Enter it on the team's page."
    ),
    Code.MENTOR_MISSING: _l("“%(team)s” has no mentor, and one is needed. Name the mentor on the team's page."),
    Code.MENTOR_NOT_SAME_SCHOOL: _l(
        "%(mentor)s, the mentor of “%(team)s”, is of %(mentor_school)s and not of %(school)s. "
        "Name a mentor of the team's school."
    ),
    Code.MENTOR_SAME_SCHOOL: _l(
        "%(mentor)s, the mentor of “%(team)s”, is of the team's own school, %(school)s. "
        "Name a mentor from somewhere else."
    ),
    Code.MENTOR_SCHOOL_UNKNOWN: _l(
        "It cannot be checked where %(mentor)s, the mentor of “%(team)s”, comes from. "
        "Enter the school of the mentor and of the team on the team's page."
    ),
    Code.IS_JUDGE: _l(
        "%(person)s of “%(team)s” is a judge of this contest, and judges may not enter. Take the name off the team, "
        "or ask the organising committee to replace the judge."
    ),
    Code.IS_COMMITTEE: _l(
        "%(person)s of “%(team)s” is in the committee of this contest, whose people may not enter. "
        "Take the name off the team."
    ),
    Code.MAYBE_JUDGE: _l(
        "%(person)s of “%(team)s” has the same name as a judge of this contest, and judges may not enter. "
        "If they are two people, nothing needs to be done."
    ),
    Code.MAYBE_COMMITTEE: _l(
        "%(person)s of “%(team)s” has the same name as somebody of the committee, whose people may not enter. "
        "If they are two people, nothing needs to be done."
    ),
    Code.AWARDED: _l(
        "The idea of “%(team)s” is on the list of earlier winners as “%(line)s”, and those may not enter again. "
        "Hand in another idea, or show the organising committee what is new."
    ),
    Code.MAYBE_AWARDED: _l(
        "“%(line)s” is on the list of earlier winners and is a name of “%(team)s”. "
        "If the idea is another one, nothing needs to be done."
    ),
    Code.NOT_DECLARED: _l(
        "“%(team)s” has not declared that the idea is its own, won no prize and is entered nowhere else. "
        "Tick the declaration on the team's page."
    ),
    Code.OUTSIDERS_OVER: _l(
        "%(count)s of %(total)s members of “%(team)s” are not of %(school)s, at most %(most)s %% may be. "
        "Take somebody off, or add members of the school."
    ),
    Code.OUTSIDERS_UNKNOWN: _l(
        "The share of members of other schools cannot be checked in “%(team)s”: the school is missing for %(people)s. "
        "Enter it on the team's page."
    ),
    Code.SECOND_IDEA: _l(
        "“%(team)s” has another entry, %(other)s, and one idea per team is allowed. Withdraw one of the two."
    ),
    Code.TRACK_MISSING: _l("“%(team)s” has not chosen a track. Choose it beside the title."),
    Code.FIELD_MISSING: _l("“%(team)s” has not chosen a field. Choose it beside the title."),
    Code.NAMES_SCHOOL: _l(
        "Title or summary of “%(team)s” name the school (%(school)s), and judges must not know it. Write it without."
    ),
}

messages.register({code.value: words for code, words in SENTENCES.items()})
messages.register(
    {
        "not_eligible": _l("Not handed in, because the rules on who may enter forbid it: %(findings)s"),
        "would_be_ineligible": _l(
            "The submission has been handed in, and with this change the rules on who may enter would forbid it: "
            "%(findings)s Nothing was saved."
        ),
        "finding_gone": _l("This remark is not there any more: what it was about has changed. Look at the list again."),
    }
)


def words(finding: Finding, tracks: Mapping[str, LocalText]) -> str:
    """Return the sentence of a finding; `tracks` gives their names by code."""
    facts = {name: _fact(name, value, tracks) for name, value in finding.facts.items()}
    return sentence(RuleBroken(finding.code.value, **facts))


def _fact(name: str, value: object, tracks: Mapping[str, LocalText]) -> object:
    if name == "track" and value in tracks:
        return local(tracks[str(value)])
    return value.strftime("%d/%m/%Y") if isinstance(value, date) else value


def refusal(refused: Refused, tracks: Mapping[str, LocalText]) -> str:
    """Return the words for a refusal that lists findings."""
    listed = " ".join(words(one, tracks) for one in refused.facts["findings"])
    return sentence(RuleBroken(refused.code, findings=listed))
