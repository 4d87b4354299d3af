"""Papers about awards: the proposal, the decision, the list to sign on receipt, and the script of the ceremony."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _

from contest.papers.blocks import (
    Block,
    Break,
    Column,
    Document,
    Heading,
    Items,
    Para,
    Signatures,
    Signer,
    Table,
    Title,
    numbered,
)
from contest.papers.exports.common import DOTS, Desk
from contest.papers.reading import read_aloud
from contest.papers.spelling import dong, spelled
from contest.results.award_list import AwardLine, Prize


def given(desk: Desk) -> list[tuple[AwardLine, Prize]]:
    """Return who gets what, the highest award first."""
    awards = desk.dossier.awards
    return [(line, prize) for line in (awards.lines if awards else ()) for prize in line.winners]


def award_name(desk: Desk, line: AwardLine) -> str:
    """Return the name of an award with its track."""
    track = desk.of(line.track_name)
    return f"{desk.of(line.name)} – {track}" if track else desk.of(line.name)


def whose(prize: Prize) -> str:
    """Return the team with its members, or the idea without a team."""
    members = ", ".join(prize.members)
    team = prize.team or prize.title
    return f"{team} ({members})" if members else team


def rules_decision(desk: Desk) -> str:
    """Return the number of the decision that issued the rules, or dots to write it on."""
    return desk.details.rules_decision or DOTS * 2


def proposal(desk: Desk) -> Document:
    """Return the proposal to recognise the results, with the list of those to be honoured as its annex."""
    record = desk.dossier.frozen.record
    blocks: list[Block] = [
        desk.head(_("Organising committee"), "TTr-BTC", desk.details.proposal_number),
        Title(
            _("Proposal to recognise the results"),
            _("On recognising the results and honouring the teams of %(contest)s", contest=desk.contest),
        ),
        Para(desk.details.authority or DOTS * 8, lead=_("To:")),
        Para(_("Given the rules of the contest issued with Decision No. %(blank)s;", blank=rules_decision(desk))),
        Para(
            _(
                "Given the minutes of the jury’s meeting and the summary of scores of %(round)s, frozen on %(time)s "
                "(version %(version)s);",
                round=desk.round,
                time=f"{desk.day:%d/%m/%Y %H:%M}",
                version=record.version if record else desk.dossier.snapshot.version,
            )
        ),
        Para(_("The organising committee respectfully proposes to recognise the results and to award:")),
        _totals(desk),
        *_money_words(desk),
        Para(_("The list of names is annexed. Please consider and decide.")),
        Signatures((desk.organisers(),), (_("as above"), _("for the archive")), _("Copies to:")),
        *_annex(desk),
    ]
    return desk.document(_("Proposal to recognise the results"), blocks, awards=True)


def _totals(desk: Desk) -> Table:
    awards = desk.dossier.awards
    lines = awards.lines if awards else ()
    rows = numbered(
        (
            award_name(desk, line),
            str(len(line.winners)),
            desk.money(sum(one.amount for one in line.winners)),
        )
        for line in lines
        if line.winners
    )
    last = ("", _("Together"), str(len(given(desk))), desk.money(_sum(desk)))
    columns = (
        Column(_("No."), 0.6, "centre"),
        Column(_("Award"), 4),
        Column(_("Number of teams"), 1, "right"),
        Column(_("Amount (dong)"), 2, "right"),
    )
    return Table(columns, (*rows, last), bold=(len(rows),))


def _sum(desk: Desk) -> int:
    return sum(prize.amount for _line, prize in given(desk))


def _money_words(desk: Desk) -> Iterator[Block]:
    yield Para(f"{dong(_sum(desk), desk.language)}.", lead=_("Total in words:"), style="")


def _annex(desk: Desk) -> Iterator[Block]:
    yield Break()
    yield Title(_("List of those to be honoured"), f"{desk.contest} – {desk.round}")
    yield honoured(desk)
    yield from _money_words(desk)
    yield Signatures((desk.maker(), desk.organisers()))


def honoured(desk: Desk) -> Table:
    """Return everybody who is honoured: award, idea, team and members, school, result, money."""
    rows = numbered(
        (
            award_name(desk, line),
            f"{prize.submission} – {prize.title or prize.team}",
            whose(prize),
            prize.school or "–",
            desk.number(prize.result),
            desk.money(prize.amount),
        )
        for line, prize in given(desk)
    )
    columns = (
        Column(_("No."), 0.5, "centre"),
        Column(_("Award"), 1.6),
        Column(_("Idea"), 2.2),
        Column(_("Team and members"), 2.4),
        Column(_("School"), 1.7),
        Column(_("Result"), 0.9, "right"),
        Column(_("Amount (dong)"), 1.4, "right"),
    )
    return Table(columns, rows, small=True)


def decision(desk: Desk) -> Document:
    """Return the decision to recognise the results, to be completed by whoever issues it; the list is annexed."""
    blocks: list[Block] = [
        desk.head("", "QĐ-……", desk.details.decision_number),
        Title(_("Decision"), _("On the results and prizes of %(contest)s", contest=desk.contest)),
        Para(_("Competent authority: %(blank)s", blank=desk.details.authority or DOTS * 4), style="centre"),
        Para(_("Given %(blank)s on the duties and powers of the authority;", blank=DOTS * 4), style="italic"),
        Para(
            _("Given Decision No. %(blank)s on the rules of the contest;", blank=rules_decision(desk)), style="italic"
        ),
        Para(
            _(
                "Given the minutes of the jury’s meeting and the results of %(round)s frozen on %(time)s;",
                round=desk.round,
                time=f"{desk.day:%d/%m/%Y %H:%M}",
            ),
            style="italic",
        ),
        Para(_("At the proposal of the organising committee,"), style="italic"),
        Para(_("DECIDES:"), style="centre"),
        Para(
            _(
                "The results of %(round)s of %(contest)s are recognised; %(count)s prizes (%(words)s) are awarded to "
                "the teams in the annexed list.",
                round=desk.round,
                contest=desk.contest,
                count=len(given(desk)),
                words=spelled(len(given(desk)), desk.language),
            ),
            lead=_("Article 1."),
        ),
        Para(
            _(
                "The prizes amount to %(amount)s dong (%(words)s), from the budget of the contest and other lawful "
                "sources.",
                amount=desk.money(_sum(desk)),
                words=dong(_sum(desk), desk.language),
            ),
            lead=_("Article 2."),
        ),
        Para(
            _("This decision takes effect on the day it is signed. The organising committee, %(blank)s and the teams "
              "named carry it out.", blank=DOTS * 2),
            lead=_("Article 3."),
        ),
        *_annex_of_decision(desk),
    ]  # fmt: skip
    return desk.document(_("Decision"), blocks, awards=True)


def _annex_of_decision(desk: Desk) -> Iterator[Block]:
    details = desk.details
    signer = Signer(
        details.authority_role or _("Competent authority"), _("(signature, full name, stamp)"), details.authority_name
    )
    yield Signatures((signer,), (_("as in Article 3"), _("for the archive")), _("Copies to:"))
    yield Break()
    yield Title(
        _("List of the teams awarded"), _("(With Decision No. %(blank)s)", blank=details.decision_number or DOTS * 3)
    )
    yield honoured(desk)
    yield from _money_words(desk)


def receipts(desk: Desk) -> Document:
    """Return the list to sign on receipt of money and certificates, with sums in figures and in words."""
    rows = numbered(
        (
            whose(prize),
            award_name(desk, line),
            desk.money(prize.amount),
            dong(prize.amount, desk.language),
            "",
            "",
        )
        for line, prize in given(desk)
    )
    last = ("", _("Together"), "", desk.money(_sum(desk)), dong(_sum(desk), desk.language), "", "")
    columns = (
        Column(_("No."), 0.5, "centre"),
        Column(_("Team and members"), 2.8),
        Column(_("Award"), 1.6),
        Column(_("Amount (dong)"), 1.3, "right"),
        Column(_("In words"), 2.2),
        Column(_("Received by, ID number"), 2.1),
        Column(_("Signature"), 1.5),
    )
    blocks: list[Block] = [
        desk.head(_("Organising committee")),
        Title(_("List to sign on receipt of the prizes"), f"{desk.contest} – {desk.round}"),
        Table(columns, (*rows, last), bold=(len(rows),), tall=True, small=True),
        *_money_words(desk),
        Signatures((desk.maker(), Signer(_("Accountant"),
                    _("(signature, full name)"), desk.details.accountant_name), desk.organisers())),
    ]  # fmt: skip
    return desk.document(_("List to sign on receipt"), blocks, landscape=True, awards=True)


def script(desk: Desk) -> Document:
    """Return what the master of ceremonies says: from the last award to the first, and how each name is read."""
    awards = desk.dossier.awards
    blocks: list[Block] = [
        Title(_("Script of the award ceremony"), f"{desk.contest} – {desk.round}"),
        Para(_("Secret until the ceremony. Awards are called from the last to the first."), style="italic"),
    ]
    for number, line in enumerate(reversed([one for one in awards.lines if one.winners] if awards else []), start=1):
        blocks += _scene(desk, number, line)
    blocks.append(Para(_("Thank you all. Please stay for the photograph."), lead=_("MC:")))
    return desk.document(_("Script of the award ceremony"), blocks, awards=True)


def _scene(desk: Desk, number: int, line: AwardLine) -> Iterator[Block]:
    yield Heading(f"{number}. {award_name(desk, line)}")
    sponsor = f" ({line.sponsor})" if line.sponsor else ""
    yield Para(f"{desk.details.presenter(line.code) or DOTS * 3}{sponsor}", lead=_("Presented by:"))
    # The lowest place of the award is called first.
    for prize in reversed(line.winners):
        yield Para(_calling(desk, line, prize), lead=_("MC:"))
        yield Items(tuple(_notes(desk, prize)))


def _calling(desk: Desk, line: AwardLine, prize: Prize) -> str:
    team, title = read_aloud(prize.team or prize.title), prize.title or prize.team
    facts = {"award": award_name(desk, line), "team": team, "title": title}
    if prize.school:
        return str(_("%(award)s goes to the team %(team)s of %(school)s, with the idea “%(title)s”!",
                     school=read_aloud(prize.school), **facts))  # fmt: skip
    return str(_("%(award)s goes to the team %(team)s, with the idea “%(title)s”!", **facts))


def _notes(desk: Desk, prize: Prize) -> Iterator[str]:
    if prize.members:
        yield _("Members, in this order: %(names)s", names=" · ".join(prize.members))
    if prize.result is not None:
        yield _("Result: %(figures)s, read “%(words)s”", figures=desk.number(prize.result),
                words=spelled(prize.result, desk.language))  # fmt: skip
    if prize.amount:
        yield _("Prize: %(figures)s dong, read “%(words)s”", figures=desk.money(prize.amount),
                words=dong(prize.amount, desk.language))  # fmt: skip
    if prize.shared:
        yield _("Shares this award with the others who are called here.")
