"""A small world with something in every state: an edition of our own, one of other people, a hidden draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from flask import Flask

from contest.accounts import services as accounts
from contest.accounts.models import User, UserSession
from contest.accounts.outside.models import OutsideLogin
from contest.accounts.roles import Role
from contest.editions import services as editions
from contest.editions.entry_rules import (
    AgeLimits,
    AgeRule,
    AwardedRule,
    Effect,
    EligibilityRules,
    MentorRule,
    MentorSchool,
    OutsiderRule,
    QuotaRule,
    SizeRule,
)
from contest.editions.facts import EditionFacts
from contest.editions.measures import Conversion, Measure
from contest.editions.models import Criterion, Edition, Round
from contest.editions.parts import PartKind
from contest.editions.phases import FROZEN, SETTLED, EditionState, RoundState
from contest.editions.queries import edition_by_code, round_by_code
from contest.editions.rules import Advance, CutTies, Decide, LocalText, RoundKind, RoundRules, Source
from contest.editions.rules_json import measure_to_json
from contest.exchange.bundle.dump import dump_bundle
from contest.exchange.mapping import guess_mapping
from contest.exchange.queries import bundle_of
from contest.exchange.services import keep_file, remember_mapping
from contest.exchange.waiting import Purpose
from contest.home.rehearsal.chance import Fill, Wish
from contest.home.services import start_rehearsal
from contest.infra import mail
from contest.infra.archive import zipped
from contest.infra.db import db, unit_of_work
from contest.infra.hashing import hash_password
from contest.infra.signing import fingerprint, seal_until
from contest.judging.models import (
    Advancement,
    Assignment,
    Conflict,
    Judge,
    KeyedPaper,
    LatePaper,
    PracticeEntry,
    PracticeMarks,
)
from contest.judging.papers import Entry
from contest.judging.rooms.models import LiveDesk, LiveEntry, LiveJudge
from contest.judging.rooms.states import EntryState
from contest.judging.services.draw import draw_order
from contest.judging.services.round_panels import save_panels
from contest.judging.services.scoring import save_scorecard
from contest.judging.states import LateState, ScorecardStatus
from contest.results import services as results
from contest.results.award_rules import AwardBy, AwardSpec, Scope
from contest.results.desk import DeskKey, DeskKind, Presence
from contest.results.exports import Extras, provenance, round_workbook
from contest.results.models import RulingRow
from contest.results.queries import frozen_report, latest_snapshot
from contest.results.queries.awards import choices_of
from contest.results.queries.desk import told_awards
from contest.results.rulings import RulingKind
from contest.results.services import awards
from contest.results.services.announcing import announce
from contest.submissions import services
from contest.submissions.facts import TeamDetails
from contest.submissions.lifecycle import SubmissionStatus
from contest.submissions.models import PartAnswer, Submission, SubmissionFile
from contest.submissions.queries import reviewed
from tests.factories import NOON, Make
from tests.submissions.samples import pdf
from tests.sweep.alarmed import raise_for_the_site, raise_some
from tests.sweep.consents import consent_some
from tests.sweep.diplomas import issue_some
from tests.sweep.factors import Guarded, give_app, guard
from tests.sweep.finals import begin_the_day
from tests.sweep.interests import ask_and_confine, withdraw_one
from tests.sweep.letters import write_letters
from tests.sweep.papers import file_one
from tests.sweep.plans import hold_ceremony, keep_plans

PDF = pdf()
PASSWORD = "bốn từ không liên quan"
SHEET = "Tên đội,Trường,Tên ý tưởng,Điện thoại\nĐội Nắng,THPT Phượng Vĩ,Vườn mái nhà,0903 123 777\n".encode()
# The last draft is empty; the round before it is final and waits to be published.
STATES = (
    RoundState.PUBLISHED, RoundState.SCORING, RoundState.CLOSED, RoundState.OPEN, RoundState.DRAFT,
    RoundState.CONFIRMED, RoundState.FINALISED, RoundState.DRAFT,
)  # fmt: skip
SCORED = (0, 2, 5, 6)
DECIDED = 2
RULES = RoundRules(min_judges=1, judges_per_submission=1, advance=Advance(top=2), appeal_days=7)
# In the round that is being scored the jury agrees on the places, the audience votes, and a tie waits at the line.
AGREED = replace(RULES, decide=Decide.AGREEMENT, advance=Advance(top=1, ties=CutTies.CHAIR))
ENTRY_RULES = EligibilityRules(
    size=SizeRule(Effect.WARN, 2, 5),
    age=AgeRule(Effect.WARN, None, AgeLimits(13, 25), (("A", AgeLimits(13, 18)),)),
    one_team=Effect.WARN,
    quota=QuotaRule(Effect.WARN, 1),
    mentor=MentorRule(Effect.WARN, school=MentorSchool.SAME),
    officials=Effect.WARN,
    awarded=AwardedRule(Effect.WARN, declaration=True),
    outsiders=OutsiderRule(Effect.WARN, 50),
)


@dataclass
class Side:
    """An edition with the true ids that its addresses are made of, by the name of the address's variable."""

    code: str
    ids: dict[str, list[str]] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    people_ids: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    judges: dict[str, Judge] = field(default_factory=dict)
    bundle: bytes = b""
    rehearsal: str = ""


@dataclass
class World:
    """What the sweeps walk through: addresses, the session token of each role, and the hand that made it all."""

    make: Make
    own: Side
    foreign: Side
    hidden: Side
    tokens: Mapping[str, str]
    guarded: Guarded


def build(app: Flask) -> World:
    """Write the world into the empty database of `app`."""
    make = Make(app)
    own = _side(app, make, "mua-nha-2026")
    foreign = _side(app, make, "mua-ban-2026")
    hidden = Side("mua-kin-2026")
    secret = make.edition(hidden.code, state=EditionState.DRAFT)
    make.round(secret, state=RoundState.DRAFT)
    make.member(secret, Role.ORGANISER, foreign.people["organiser"])
    roles = {**own.people, "foreign organiser": foreign.people["organiser"], "foreign judge": foreign.people["judge"]}
    roles["administrator"] = make.user("Quản Trị", is_admin=True)
    roles["newcomer"] = make.user("Người Mới")
    guarded = guard(app, make)
    roles |= guarded.people
    for side, passkey in zip((own, foreign), guarded.passkeys, strict=True):
        give_app(app, side.people["chair"])
        side.ids["passkey"] = [passkey]
    with unit_of_work():
        tokens = {
            role: accounts.start_session(user_id=user.id, device="sweep", now=NOON) for role, user in roles.items()
        }
        accounts.start_session(user_id=roles["organiser"].id, device="another", now=NOON)
        linked = {"provider": "school", "issuer": "https://127.0.0.1", "subject": "1", "linked_at": NOON}
        db.session.add(OutsideLogin(user_id=roles["organiser"].id, **linked))
    for side in (own, foreign):
        _devices_and_links(app, side)
    raise_for_the_site(own, foreign)
    own.rehearsal = _rehearse(make, own)
    return World(make=make, own=own, foreign=foreign, hidden=hidden, tokens={**tokens, **guarded.old}, guarded=guarded)


def _side(app: Flask, make: Make, code: str) -> Side:
    edition = make.edition(code, contact="ban-to-chuc@example.org", about_vi="Dành cho học sinh.")
    side = Side(code)
    _people(make, edition, side)
    _contents(make, edition)
    _rounds(make, edition, side, _submissions(app, make, edition, side))
    hold_ceremony(app, side, edition.id)
    _entry_rules(edition.id, side)
    issue_some(app, make.facts(edition), side)
    _papers(app, edition, side)
    file_one(app, make, edition, side)
    consent_some(app, edition.id, side)
    raise_some(edition.id, side)
    return side


def _entry_rules(edition_id: int, side: Side) -> None:
    """Ask for everything, and let one thing pass: teams of this world break some rule each, and are warned."""
    organiser = side.people["organiser"].id
    with unit_of_work():
        editions.set_entry_rules(edition_id=edition_id, rules=ENTRY_RULES, actor_id=organiser, now=NOON)
    entrant, standing = reviewed(edition_id)[0]
    with unit_of_work():
        services.let_pass(
            submission_id=entrant.id, key=standing.findings[0].key, reason="Đã xem giấy", actor_id=organiser, now=NOON
        )


def _people(make: Make, edition: Edition, side: Side) -> None:
    secret = hash_password(PASSWORD)
    for role in (Role.ORGANISER, Role.SECRETARY, Role.CHAIR, Role.OBSERVER):
        side.people[role.value] = make.member(edition, role, make.user(f"Bà {role.value}", password_hash=secret))
    for name in ("captain", "other captain"):
        side.people[name] = make.member(edition, Role.CAPTAIN, make.user(f"Em {name}"))
    for name in ("judge", "idle judge"):
        side.judges[name] = make.judge(edition, make.user(f"Ông {name}"), organisation="Trường Đại học Sông Xanh")
        side.people[name] = db.session.get_one(User, side.judges[name].user_id)
    side.public = {name: person.public_id for name, person in side.people.items()}
    side.people_ids = {name: person.id for name, person in side.people.items()}
    side.ids["person"] = list(side.public.values())


def _contents(make: Make, edition: Edition) -> None:
    for code in ("A", "B"):
        make.track(edition, code)
    make.field(edition, "edtech")
    make.part(edition, "plan", PartKind.TEXT)
    make.part(edition, "video", PartKind.LINK, required=False)
    make.part(edition, "slides", PartKind.FILE, accept="pdf", required=False)


def _submissions(app: Flask, make: Make, edition: Edition, side: Side) -> list[Submission]:
    """Write submissions in every state, through the services; return those that are handed in."""
    values: dict[str, Any] = {"track_id": edition.tracks[0].id, "field_id": edition.fields[0].id}
    values |= {"status": SubmissionStatus.DRAFT, "submitted_at": None}
    made: list[tuple[SubmissionStatus, Submission]] = []
    for status, owner in (
        (SubmissionStatus.SUBMITTED, "captain"),
        (SubmissionStatus.SUBMITTED, "other captain"),
        (SubmissionStatus.SUBMITTED, "other captain"),
        (SubmissionStatus.DRAFT, "captain"),
        (SubmissionStatus.WITHDRAWN, "captain"),
        (SubmissionStatus.DISQUALIFIED, "captain"),
    ):
        captain = side.people[owner]
        team = make.team(edition, captain, email=f"doi{len(made)}@example.org", mentor_name="Cô Lan")
        made.append((status, make.submission(edition, team, **values)))
        side.ids.setdefault("file_id", []).append(fill_parts(app, edition, made[-1][1]))
        bring(made[-1][1].id, status, captain.id)
    side.ids["submission_id"] = [submission.public_id for _, submission in made]
    side.ids["number"] = ["1"]
    side.codes = {"judge": side.judges["idle judge"].code, "submission": made[0][1].code}
    return [submission for status, submission in made if status is SubmissionStatus.SUBMITTED]


def fill_parts(app: Flask, edition: Edition, submission: Submission) -> str:
    """Write every part of a submission and return the public id of its file."""
    parts = {part.code: part.id for part in edition.parts}
    stored = app.extensions["storage"].put(BytesIO(PDF), limit=len(PDF))
    file = SubmissionFile(
        submission_id=submission.id, part_id=parts["slides"], filename="Bài dự thi.pdf",
        content_type="application/pdf", size=stored.size, sha256=stored.sha256, storage_key=stored.key,
        uploaded_at=NOON,
    )  # fmt: skip
    with unit_of_work() as session:
        session.add(file)
        session.add(PartAnswer(submission_id=submission.id, part_id=parts["plan"], text="Ba bước."))
        session.add(PartAnswer(submission_id=submission.id, part_id=parts["video"], text="https://youtu.be/abc"))
    return str(file.public_id)


def bring(submission_id: int, status: SubmissionStatus, actor_id: int) -> None:
    """Bring a draft into a state on the way that a team and a committee would take."""
    if status is SubmissionStatus.DRAFT:
        return
    with unit_of_work():
        services.submit(submission_id=submission_id, actor_id=actor_id, now=NOON)
        if status is SubmissionStatus.WITHDRAWN:
            services.withdraw(submission_id=submission_id, actor_id=actor_id, now=NOON, reason="")
        elif status is SubmissionStatus.DISQUALIFIED:
            services.disqualify(submission_id=submission_id, actor_id=actor_id, now=NOON, reason="Sao chép")


def _rounds(make: Make, edition: Edition, side: Side, submitted: list[Submission]) -> None:
    rounds: list[Round] = []
    for number, state in enumerate(STATES, start=1):
        first = RoundState.SCORING if state in SETTLED else state
        kind = RoundKind.FINAL if state is RoundState.DRAFT else RoundKind.PRELIMINARY
        rules = AGREED if number == DECIDED else RULES
        rounds.append(make.round(edition, f"{side.code.split('-')[1]}-{number}", rules=rules, state=first, kind=kind))
    with unit_of_work() as session:
        for later in rounds[1:-1]:
            for submission in submitted:
                session.add(Advancement(round_id=later.id, submission_id=submission.id, decided_at=NOON))
        session.add(
            Conflict(judge_id=side.judges["idle judge"].id, submission_id=submitted[2].id, reason="Cùng trường")
        )
    side.ids["round_code"] = [row.code for row in rounds]
    ask_and_confine(make, side, rounds, submitted)
    side.ids["practice_id"] = _practise(side, rounds)
    side.ids["paper"] = _assignments(make, side, rounds, submitted)
    withdraw_one(make, side, rounds, submitted)
    _late_paper(side, rounds[1].id)
    with unit_of_work():
        for scored in rounds[:3]:
            editions.lock_rubric(round_id=scored.id, now=NOON)
    for settled, state in zip(rounds, STATES, strict=True):
        _settle(side, make.facts(edition), settled.id, state)
    _reviews(side, make.facts(edition), rounds[0].id, submitted)
    _decisions(side, rounds[DECIDED - 1], submitted)
    _awards(side, edition.id, rounds[0].code, submitted)
    _order(side, make.facts(edition), rounds)
    begin_the_day(side, make.facts(edition), rounds)
    keep_plans(make, side, edition.id, rounds, submitted)
    _live(side, rounds[DECIDED - 1], submitted)
    _panels(side, rounds[STATES.index(RoundState.OPEN)])
    lettered = {"published": rounds[0], "closed": rounds[2]}
    side.ids["lettered round"] = [rounds[2].code]
    side.ids |= write_letters({name: one.id for name, one in lettered.items()}, side.people["organiser"].id)


def _live(side: Side, round_: Round, submitted: list[Submission]) -> None:
    """Open the live desk of the round that is being scored: its judge is here, an entry is away."""
    with unit_of_work() as session:
        side.ids["live round"], side.ids["present judge"] = [round_.code], [side.public["judge"]]
        session.add(LiveDesk(round_id=round_.id, batch=3, opened_at=NOON))
        session.add(LiveJudge(round_id=round_.id, judge_id=side.judges["judge"].id, since=NOON))
        session.add(LiveEntry(round_id=round_.id, submission_id=submitted[2].id, state=EntryState.AWAY, since=NOON))


def _panels(side: Side, round_: Round) -> None:
    """Put the two judges of a round into a panel each."""
    members = {judge.id: number for number, judge in enumerate(side.judges.values(), start=1)}
    by: dict[str, Any] = {"round_id": round_.id, "actor_id": side.people["organiser"].id, "now": NOON}
    with unit_of_work():
        save_panels(names=["Hội đồng 1", "Hội đồng 2"], members=members, **by)


def _decisions(side: Side, round_: Round, submitted: list[Submission]) -> None:
    """Write agreed places, points of the ledger and votes of the audience into the round that is being scored."""
    first, second, vote = submitted[0].code, submitted[1].code, f"VOTE-{side.code.split('-')[1]}"
    by: dict[str, Any] = {"round_id": round_.id, "actor_id": side.people["organiser"].id, "now": NOON}
    with unit_of_work() as session:
        session.add(
            Criterion(
                round_id=round_.id, code=vote, name_vi="Bình chọn", minimum=Decimal(0), maximum=Decimal(10),
                step=Decimal("0.5"), weight=Decimal(1), max_points=20, source=Source.AUDIENCE,
                measure=measure_to_json(Measure(Conversion.LEADER)), position=9,
            )
        )  # fmt: skip
    with unit_of_work():
        results.set_numbers(criterion=vote, numbers={first: Decimal(5), second: Decimal(7)}, **by)
        entry = results.add_entry(submission=first, points=Decimal(1), reason="Thưởng", **by)
        results.record_order(places={first: "1", second: "1"}, kind=RulingKind.AGREED_RANK, reason="Thống nhất", **by)
    rulings = db.session.query(RulingRow.id).filter_by(round_id=round_.id).order_by(RulingRow.id)
    side.ids["decided round"], side.ids["criterion"] = [round_.code], [vote]
    side.ids["ruling_id"], side.ids["entry_id"] = [str(row.id) for row in rulings], [str(entry)]


def _awards(side: Side, edition_id: int, round_code: str, submitted: list[Submission]) -> None:
    """Settle and publish a list of awards, then write another decision down, so that the next list waits."""
    mark = side.code.split("-")[1]
    by: dict[str, Any] = {"edition_id": edition_id, "actor_id": side.people["organiser"].id, "now": NOON}
    specs = (
        AwardSpec(f"first-{mark}", LocalText("Giải Nhất", "First prize"), round_code, exclusive=True),
        AwardSpec(
            f"green-{mark}", LocalText("Giải xanh", "Green award"), round_code, by=AwardBy.CHAIR, scope=Scope.ALL
        ),
        AwardSpec(f"plain-{mark}", LocalText("Giải thêm", "One more"), round_code),
    )
    with unit_of_work():
        for spec in specs:
            awards.add_award(spec=spec, **by)
        awards.settle_awards(reason="", **by)
        awards.publish_awards(**by)
        awards.choose(
            code=specs[1].code, submission=submitted[0].code, votes=None, reason="Nhà tài trợ", author="BTC", **by
        )
        awards.settle_awards(reason="Thêm giải xanh", **by)
        awards.choose(code=specs[0].code, submission=None, votes=None, reason="Không trao", author="BTC", **by)
    side.ids["award_code"] = [spec.code for spec in specs]
    side.ids["choice_id"] = [str(one.id) for one in choices_of(edition_id)]


def _order(side: Side, edition: EditionFacts, rounds: list[Round]) -> None:
    """Draw the order of presentation of a round that is being scored."""
    round_ = next(row for row in rounds if row.state is RoundState.SCORING)
    facts = round_by_code(edition.id, round_.code)
    assert facts is not None
    with unit_of_work():
        draw_order(round_=facts, seed="5 2 6", reason="", actor_id=side.people["organiser"].id, now=NOON)


def _settle(side: Side, edition: EditionFacts, round_id: int, state: RoundState) -> None:
    """Bring a scored round into a state that comes after the chair's confirmation."""
    if state not in SETTLED:
        return
    organiser, chair = side.people["organiser"].id, side.people["chair"].id
    step: dict[str, Any] = {"edition": edition, "round_id": round_id, "now": NOON}
    with unit_of_work():
        results.close_round(actor_id=organiser, **step)
        results.confirm_round(actor_id=chair, **step)
        if state in FROZEN:
            results.finalise_round(actor_id=organiser, **step)
        if state is RoundState.PUBLISHED:
            announce(actor_id=organiser, **step)
            results.publish_round(actor_id=organiser, **step)


def _reviews(side: Side, edition: EditionFacts, round_id: int, submitted: list[Submission]) -> None:
    """Write an appeal that waits for an answer and a correction that waits for a second person."""
    with unit_of_work() as session:
        correction = results.ask_correction(
            edition=edition, round_id=round_id, reason="Nhập nhầm một điểm", actor_id=side.people["secretary"].id,
            now=NOON,
        )  # fmt: skip
        appeal = results.file_appeal(
            round_id=round_id, submission_id=submitted[1].id, text="Xin xem lại tổng điểm.",
            actor_id=side.people["other captain"].id, now=NOON,
        )  # fmt: skip
        session.flush()  # their public ids are needed
        side.ids["correction_id"], side.ids["appeal_id"] = [correction.public_id], [appeal.public_id]
    side.ids["submission_code"] = [submission.code for submission in submitted]


def _assignments(make: Make, side: Side, rounds: list[Round], submitted: list[Submission]) -> list[str]:
    """Let the one judge have two submissions per round: scored, one of two started, or not begun."""
    judge, papers = side.judges["judge"], []
    for number, round_ in enumerate(rounds[:-1]):
        for place, submission in enumerate(submitted[:2]):
            assignment = make.assignment(round_, judge, submission)
            papers.append(assignment.public_id)
            if number == place == 0:
                _handed_in(side, round_.edition_id, assignment.public_id)
            elif number in SCORED:
                make.scorecard(assignment, [10 + place, 12])
            elif number == 1 and place == 0:
                make.scorecard(assignment, [8, None], ScorecardStatus.DRAFT)
            elif number == 1:
                _typed_in(side, assignment)
        if number == 1:
            assignment = make.assignment(round_, judge, submitted[2])
            make.scorecard(assignment, [None, None], ScorecardStatus.ABSTAINED)
            papers.append(assignment.public_id)
    return papers


def _practise(side: Side, rounds: list[Round]) -> list[str]:
    """Let the judge have scored a practice entry of a round that is being scored."""
    with unit_of_work() as session:
        row = PracticeEntry(
            round_id=rounds[1].id, title="Bài mẫu",
            summary="Ứng dụng nhắc uống nước.", anchors={"C1": "6"}, note="Ý tưởng đã cũ.", created_at=NOON,
        )  # fmt: skip
        session.add(row)
        session.flush()  # its id is needed
        session.add(
            PracticeMarks(
                entry_id=row.id, judge_id=side.judges["judge"].id, marks={"C1": "7", "C2": "5"}, given_at=NOON
            )
        )
        return [row.public_id]


def _typed_in(side: Side, assignment: Assignment) -> None:
    """Let the secretary have typed in a sheet that waits for a second person."""
    with unit_of_work() as session:
        session.add(
            KeyedPaper(
                assignment_id=assignment.id, rubric_version=1, marks={"C1": "7", "C2": "6.5"}, feedback="Rõ ràng.",
                keyed_at=NOON, keyed_by=side.people["secretary"].id,
            )
        )  # fmt: skip


def _handed_in(side: Side, edition_id: int, paper: str) -> None:
    """Let the judge hand a scorecard in, so that there is a receipt."""
    entry = Entry(version=0, rubric_version=1, key=f"key-{paper}", texts={"C1": "5", "C2": "6"}, submit=True)
    with unit_of_work():
        save_scorecard(edition_id=edition_id, assignment=paper, actor_id=side.people["judge"].id, entry=entry, now=NOON)


def _late_paper(side: Side, round_id: int) -> None:
    """Let one of the judge's papers come too late and wait for the organiser."""
    judge = side.judges["judge"]
    with unit_of_work() as session:
        held = session.query(Assignment).filter_by(round_id=round_id, judge_id=judge.id).order_by(Assignment.id)
        late = LatePaper(
            round_id=round_id, assignment_id=held[0].id, submission_id=held[0].submission_id, actor_id=judge.user_id,
            key=f"late-{round_id}", version=1,
            rubric_version=1, submit=True, marks={"C1": "9", "C2": "7,5"}, feedback="Rõ.", private_note="Riêng.",
            received_at=NOON, state=LateState.OFFERED,
        )  # fmt: skip
        session.add(late)
        session.flush()  # its public id is needed
        side.ids["late_id"] = [late.public_id]


def _papers(app: Flask, edition: Edition, side: Side) -> None:
    """Write mails and the two kinds of waiting files."""
    scope, organiser = f"edition:{edition.id}", side.people["organiser"].id
    storage = app.extensions["storage"]
    side.bundle = bundle = zipped(dump_bundle(bundle_of(edition.id)))
    noted, book = _noted_book(edition, side)
    side.ids["noted round"] = [noted]
    waiting = (
        (Purpose.BUNDLE, "mua.zip", bundle, None),
        (Purpose.FORM, "dang-ky.csv", SHEET, edition.id),
        (Purpose.NOTES, "so.xlsx", book, edition.id),
    )
    with unit_of_work() as session:
        for number in range(2):
            mail.enqueue(
                scope=scope, recipient=f"ai{number}@example.org", subject="Mời chấm", body="Xin mời.", now=NOON
            )
        for purpose, name, data, edition_id in waiting:
            stored = storage.put(BytesIO(data), limit=len(data))
            side.ids[f"waiting {purpose.value}"] = [
                keep_file(
                    filename=name, stored=stored, purpose=purpose, user_id=organiser, edition_id=edition_id, now=NOON
                )
            ]
        session.flush()  # the ids of the mails are needed
        found = list(session.query(mail.OutboxMail).filter_by(scope=scope).order_by(mail.OutboxMail.id))
        mail.mark_failed(found[0].id, attempts=mail.MAX_ATTEMPTS, error="550 no such user", now=NOON)
        side.ids["mail_id"] = [str(one.id) for one in found]
        header = SHEET.decode().splitlines()[0].split(",")
        remember_mapping(
            edition_id=edition.id, fingerprint=fingerprint(header), columns=guess_mapping(header), actor_id=organiser,
            now=NOON,
        )  # fmt: skip


def _noted_book(edition: Edition, side: Side) -> tuple[str, bytes]:
    """Return the code of a finalised round and its workbook, in which one team is noted as present."""
    facts = edition_by_code(side.code)
    assert facts is not None
    for code in side.ids["round_code"]:
        round_ = round_by_code(edition.id, code)
        assert round_ is not None
        snapshot = latest_snapshot(round_.id)
        if snapshot is not None:
            report = frozen_report(snapshot.id)
            notes = {DeskKey(DeskKind.ATTENDANCE, report.lines[0].entrant.code): Presence.PRESENT.value}
            awards, settled = told_awards(edition.id)
            source = provenance(report, snapshot, actor="An", now=NOON)
            return code, round_workbook(report, source, locale="vi", extras=Extras(awards, settled, notes))
    raise AssertionError("no round of the world is final")


def _rehearse(make: Make, side: Side) -> str:
    """Start a small rehearsal and return its code."""
    edition = edition_by_code(side.code)
    assert edition is not None
    wish = Wish(teams=1, judges=2, rounds=1, fill=Fill.HALF)
    with unit_of_work():
        made = start_rehearsal(edition_id=edition.id, wish=wish, actor_id=side.people_ids["organiser"], now=NOON)
    return str(db.session.get_one(Edition, made).code)


def _waiting_team(edition_id: int, key: str) -> str:
    """Register a team whose captain has still to open the mail, and return what the mail carries."""
    email = f"cho-{edition_id}@example.org"
    with unit_of_work():
        made = services.register_team(
            edition_id=edition_id, captain=services.Unconfirmed("Em Chờ", email), actor_id=None, now=NOON,
            team=TeamDetails("Đội Chờ", "THPT Lê Thánh Tôn", (), "", "", ""),
        )  # fmt: skip
    return services.confirmation_token(
        submission_public_id=made.submission_public_id, email=email, secret_key=key, now=NOON
    )


def _devices_and_links(app: Flask, side: Side) -> None:
    judge, organiser = side.people["judge"], side.people["organiser"]
    edition_id = next(member.edition_id for member in judge.memberships)
    with unit_of_work():
        link = accounts.issue_link(
            user_id=judge.id, edition_id=edition_id, secret_key=app.config["SECRET_KEY"],
            actor_id=organiser.id, now=NOON, life=timedelta(days=2),
        )  # fmt: skip
    facts = (str(organiser.id), organiser.email or "", f"moi-{side.code}@example.org")
    key = app.config["SECRET_KEY"]
    side.ids["address token"] = [seal_until(key, "own address", facts, NOON + timedelta(minutes=30))]
    side.ids["registration token"] = [_waiting_team(edition_id, key)]
    side.ids["provider_key"] = ["school"]
    side.ids["token"], side.ids["code"] = [link.token], [link.code]
    sessions = db.session.query(UserSession).filter_by(user_id=organiser.id)
    side.ids["session_id"] = [str(one.id) for one in sessions]
