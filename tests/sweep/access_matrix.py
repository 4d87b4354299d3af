"""H1: what each address answers to whom, written down apart from the guards that decide it.

A route that is not named here fails `test_access_matrix.py`. Each class of addresses is a line of answers, one per role
in the order of `ROLES`; three letters stand for an edition that is a draft, announced, archived:
"." opens (200), ">" sends on (303), "2" cannot be answered (422), "3" is refused (403), "4" is not there (404), "9" not
as things stand (409).
"""

from __future__ import annotations

ROLES = (
    "visitor", "closed account", "newcomer", "foreign organiser", "foreign judge", "member",
    "mentor", "captain", "other captain", "judge", "second judge", "barred judge",
    "idle judge", "judge who observes", "observer", "chair", "organiser", "secretary",
    "administrator", "organiser who judges", "organiser who mentors", "organiser who leads a team",
)  # fmt: skip
"""The idle judge has withdrawn from the one paper it had, the barred judge has a conflict with its first,
and the organisers of two roles judge, mentor the first entry, or lead the third."""

READS = """
committee                  | >   >   4   4   4   3   3   3   3   3   3   3   3   .   .   .   .   .   .   .   .   .
committee without a stake  | >   >   4   4   4   3   3   3   3   3   3   3   3   .   .   .   .   .   .   .   3   3
who sees strictness        | >   >   4   4   4   3   3   3   3   3   3   3   3   3   3   .   .   3   .   .   .   .
who may start an edition   | >   >   3   .   3   3   3   3   3   3   3   3   3   3   3   3   .   3   .   .   .   .
the one who sent the bundle| >   >   3   4   3   3   3   3   3   3   3   3   3   3   3   3   .   3   4   4   4   4
nothing there yet          | 4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4
everybody, announced       | 4.. 4.. 4.. 4.. 4.. .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
who may hold a certificate | >   >   4   4   4   .   .   .   .   .   .   .   .   .   3   .   3   3   4   .   .   .
the team with the certificate| >   >   4   4   4   4   4   4   4   4.. 4   4   4   4   3   4   3   3   4   4   4   4
jury                       | >   >   4   4   4   3   3   3   3   .   .   .   .   .   3   .   3   3   4   .   3   3
jury, practice             | >   >   4   4   4   3   3   3   3   .   .   .   .   .   3   4   3   3   4   .   3   3
judges of the entry        | >   >   4   4   4   3   3   3   3   .   .   4   4   .   3   4   3   3   4   .   3   3
the judge of the paper     | >   >   4   4   4   3   3   3   3   .   4   4   4   4   3   4   3   3   4   4   3   3
judges asked about titles  | >   >   4   4   4   3   3   3   3   .   .   .   .   .   3   4   3   3   4   .   3   3
everybody, sent on         | >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >
visitors, elsewhere        | 2   2   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >
the judge of an open paper | >   >   4   4   4   3   3   3   3   .   4   4   4   4   3   4   3   3   4   4   3   3
the judge of it, sent on   | >   >   4   4   4   3   3   3   3   >   4   4   4   4   3   4   3   3   4   4   3   3
jury, sent on              | >   >   4   4   4   3   3   3   3   >   >   >   >   >   3   >   3   3   4   >   3   3
organisers                 | >   >   4   4   4   3   3   3   3   3   3   3   3   3   3   3   .   .   .   .   .   .
organisers without stakes  | >   >   4   4   4   3   3   3   3   3   3   3   3   3   3   3   .   .   .   .   3   3
the one of the address     | >   >   4   4   4   4   4   4   4   4   4   4   4   4   4   4   .   4   4   4   4   4
the one who sent the file  | >   >   4   4   4   3   3   3   3   3   3   3   3   3   3   3   .   4   4   4   4   4
no photograph yet          | >   >   4   4   4   3   3   3   3   3   3   3   3   3   3   3   4   4   4   4   3   3
administrators             | >   >   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   4   .   4   4   4
organisers, sent on        | >   >   4   4   4   3   3   3   3   3   3   3   3   3   3   3   >   >   >   >   >   >
everybody                  | .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
everybody not signed in    | .   .   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >   >
everybody with the code    | 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4.. 4..
sent on to an open edition | >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.> >.>
the person                 | >   >   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .   .
a person of the edition    | >   >   4.. 4.. 4.. .   .   .   >   .   .   .   .   .   .   .   .   .   .   .   .   >
readers of entries         | >   >   4   4   4   4   4   4   4   4   4   4   4   .   .   .   .   .   .   .   .   .
the team                   | >   >   4   4   4   4   4   .   4   4   4   4   4   4   4   4   4   4   4   4   4   4
"""

# Which addresses belong to a class.
READABLE = {
    "committee": """
        assignments.assignments assignments.rounds assignments.submission booths.drawing booths.listed
        booths.pdf booths.plan conflicts.conflicts conflicts.titles_call draw.order editions.deadlines
        editions.overview exchange.proof exchange.result_files fit.fit letters.all_letters
        letters.queue panel.judges papers.paper papers.papers papers.scan participation.participation
        pitch.clock_stream pitch.day pitch.now pitch.screen pitch.state pitch.stream progress.health
        progress.now progress.practice progress.progress progress.stream results.advance results.appeals
        results.attendance results.decisions results.fairness results.ledger
        results.minutes results.ranking results.ranking_file results.rounds results.sum_of results.version
        results.versions results.workbook sheets.print_sheets sheets.sheets submissions.eligibility
        submissions.listing
    """,
    "committee without a stake": """
        awards.awards letters.letter results.measured
    """,
    "who sees strictness": """
        plots.plots
    """,
    "who may start an edition": """
        editions.new exchange.upload_bundle
    """,
    "the one who sent the bundle": """
        exchange.preview_bundle
    """,
    "nothing there yet": """
        editions.logo
    """,
    "everybody, announced": """
        privacy.notice
        awards.public booths.exhibition ceremony.remote door.door editions.public next_up.now next_up.page
        published.promised published.promised_file published.ranking submissions.confirm
        submissions.register
    """,
    "who may hold a certificate": """
        certificate.mine
    """,
    "the team with the certificate": """
        certificate.own_pdf
    """,
    "jury": """
        judging.desk offline.hello offline.manifest offline.papers offline.ready results.own_marking
    """,
    "jury, practice": """
        judging.practice_entry
    """,
    "judges of the entry": """
        judging.file_page
        judging.file judging.file_pages
    """,
    "the judge of the paper": """
        judging.late judging.own_marks judging.paper judging.receipt judging.receipts
    """,
    "judges asked about titles": """
        conflicts.titles
    """,
    "everybody, sent on": """
        accounts.app_key accounts.link_with accounts.prove accounts.second_step
    """,
    "visitors, elsewhere": """
        accounts.come_back accounts.sign_in_with
    """,
    "the judge of an open paper": """
        judging.abstention judging.recusal
    """,
    "the judge of it, sent on": """
        judging.return_page
    """,
    "jury, sent on": """
        offline.follow
    """,
    "organisers": """
        alarms.listed editions.security looks.looks looks.sheet privacy.all_consents privacy.one_member
        privacy.person privacy.queue privacy.request_page privacy.retention privacy.scan privacy.settings
        privacy.text
        assignments.job assignments.proposal assignments.proposal_submission assignments.undo
        capacity.calculator changes.change conflicts.rules editions.clone editions.setup_basics
        editions.setup_divisions editions.setup_entry editions.setup_parts editions.setup_round
        editions.setup_rounds editions.setup_rubric exchange.export exchange.files exchange.plan_file
        exchange.upload_plan exchange.upload_sheet live.badges live.desk outbox.outbox panel.import_page
        panel.judge panel.leave panel.new_judge papers.details people.people people.person pitch.control
        progress.devices record.record rehearsal.rehearsal results.top_up round_panels.panels sights.seen
    """,
    "organisers without stakes": """
        awards.edit awards.new ceremony.ceremonies ceremony.ceremony ceremony.operator ceremony.projector
        certificates.consents certificates.file certificates.index certificates.job certificates.look
        certificates.merge certificates.one certificates.pdf certificates.register certificates.roll
        certificates.volunteers live.judge record.history record.late sheets.sheet
    """,
    "the one who sent the file": """
        exchange.columns exchange.preview_notes exchange.preview_sheet
    """,
    "no photograph yet": """
        sheets.photo
    """,
    "administrators": """
        alarms.of_site
    """,
    "organisers, sent on": """
        assignments.propose editions.setup
    """,
    "everybody": """
        privacy.link web.security_txt
        accounts.ask_for_link accounts.link editions.index home.index offline.worker web.healthz
    """,
    "everybody not signed in": """
        accounts.sign_in
    """,
    "everybody with the code": """
        certificate.proof certificate.proven_pdf
    """,
    "sent on to an open edition": """
        door.choose
    """,
    "the person": """
        accounts.confirm accounts.second_factors privacy.my_data
        accounts.account
    """,
    "the one of the address": """
        accounts.new_address
    """,
    "a person of the edition": """
        appeals.mine submissions.mine
    """,
    "readers of entries": """
        submissions.committee_judges_copy
        submissions.committee_names
        submissions.as_judge submissions.committee_file submissions.committee_receipt submissions.detail
    """,
    "the team": """
        submissions.team_judges_copy
        privacy.consents privacy.member submissions.team_names
        appeals.appeal appeals.own_results conflicts.known_judges submissions.check submissions.draft
        submissions.people submissions.preview submissions.receipt submissions.team_file team_letters.file
        team_letters.letter
    """,
}

# Where the first of the world's ids is not the one that is there: the place of one that is.
AT = {
    "assignments.job": 3, "assignments.proposal": 1, "assignments.proposal_submission": 1, "conflicts.titles": 3,
    "judging.abstention": 2, "judging.recusal": 2, "letters.letter": 2, "live.judge": 1, "next_up.now": 1,
    "next_up.page": 1, "panel.judge": 6, "panel.leave": 6, "results.measured": 1,
}  # fmt: skip

# A form that is sent: "1" asks to sign in (401), "3" and "4" as above, "+" is let in.
WRITES = """
everybody                  | + + + + + + + + + + + + + + + + + + + + + +
the one of the address     | 1 1 4 4 4 4 4 4 4 4 4 4 4 4 4 4 + 4 4 4 4 4
a person                   | 1 1 + + + + + + + + + + + + + + + + + + + +
the team                   | 1 1 4 4 4 4 4 + 4 4 4 4 4 4 4 4 4 4 4 4 4 4
organisers                 | 1 1 4 4 4 3 3 3 3 3 3 3 3 3 3 3 + + + + + +
administrators             | 1 1 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 4 + 4 4 4
everybody, announced       | + + + + + + + + + + + + + + + + + + + + + +
captains                   | 1 1 4 4 4 3 3 + + 3 3 3 3 3 3 3 3 3 4 3 3 +
jury                       | 1 1 4 4 4 3 3 3 3 + + + + + 3 + 3 3 4 + 3 3
who may start an edition   | 1 1 3 + 3 3 3 3 3 3 3 3 3 3 3 3 + 3 + + + +
committee and chair        | 1 1 4 4 4 3 3 3 3 3 3 3 3 3 3 + + + + + + +
who decides on entries     | 1 1 4 4 4 4 4 4 4 4 4 4 4 4 4 4 + + + + + +
"""

WRITABLE = {
    "everybody": """
        accounts.pass_second_step privacy.ask_by_link privacy.give privacy.take_back
        accounts.send_link accounts.sign_in_with_password accounts.sign_out accounts.use_link web.set_locale
        web.set_theme
    """,
    "the one of the address": """
        accounts.take_address
    """,
    "a person": """
        accounts.sign_out_others
        accounts.confirm_app accounts.confirm_who accounts.prove_who accounts.remove_app accounts.remove_passkey
        accounts.renew_codes accounts.start_app accounts.unlink privacy.download_my_data
        accounts.change_password accounts.change_profile accounts.end_device accounts.sign_out_everywhere
    """,
    "the team": """
        privacy.ask privacy.ask_guardian privacy.give_own privacy.take_back_own
        appeals.file conflicts.name_judge conflicts.unname_judge submissions.autosave submissions.restore
        submissions.save submissions.save_people submissions.submit submissions.withdraw team_letters.answer
    """,
    "administrators": """
        alarms.look_at_site
    """,
    "organisers": """
        alarms.look_at
        editions.switch_security people.remove_second_factor privacy.answer privacy.clear_file privacy.erase
        privacy.file_paper
        privacy.hand_out privacy.save_retention privacy.save_settings privacy.save_text privacy.take_in
        results.promise
        assignments.adjust assignments.apply assignments.assign assignments.clear assignments.deploy
        assignments.drop assignments.hold assignments.keep assignments.open_scoring assignments.remedy
        assignments.take_back assignments.unassign awards.arrange awards.decide awards.edit awards.new
        awards.publish awards.settle awards.take_back awards.usual booths.add booths.add_guest booths.assign
        booths.invite booths.read_sheet booths.release booths.remove booths.remove_guest booths.save_guest
        capacity.use ceremony.add_logo ceremony.collect ceremony.load ceremony.pair ceremony.prepare
        ceremony.publish ceremony.remove_logo ceremony.save_script ceremony.unpair certificates.add
        certificates.end certificates.issue certificates.mail_out certificates.make certificates.record
        certificates.reissue certificates.remove certificates.revoke certificates.save changes.put
        conflicts.call_titles conflicts.confine conflicts.decide_finding conflicts.declare conflicts.free
        conflicts.remind_titles conflicts.return_recused conflicts.save_rules conflicts.withdraw draw.draw
        draw.move editions.add_round editions.change_ladder editions.edition_act editions.extend_deadline
        editions.make_clone editions.open_round editions.save_basics editions.save_divisions
        editions.save_entry editions.save_parts editions.save_round editions.save_rubric
        exchange.apply_notes exchange.import_sheet exchange.receive_notes exchange.receive_plan
        exchange.receive_sheet exchange.save_columns fit.save letters.approve letters.decide letters.prepare
        letters.release_all letters.screen live.check_in live.check_out live.close_desk live.open_desk
        live.send_on live.set_entry outbox.by_hand outbox.retry panel.add_judge panel.change_judge
        panel.import_list panel.let_leave panel.remove_judge panel.sheet papers.file_scan
        papers.save_details papers.sign people.add people.end_device people.grant people.issue
        people.mail_link people.remove_role people.revoke people.sheet pitch.act pitch.add_break pitch.place
        pitch.press pitch.remove_break pitch.save_day pitch.show progress.add_practice progress.pair
        progress.remind progress.remove_practice progress.show_practice record.decide_late rehearsal.start
        rehearsal.wipe results.accept results.add_entry results.answer_appeal results.assign_top_up
        results.decide results.note_attendance results.promote results.publish results.read_measured
        results.save_measured results.void_votes results.withdraw_entry round_panels.apply round_panels.save
        sheets.give_back sheets.key sights.switch
    """,
    "everybody, announced": """
        ceremony.press door.enter submissions.do_register submissions.take_over
    """,
    "captains": """
        certificate.end certificate.record
    """,
    "jury": """
        conflicts.answer_titles judging.abstain judging.give_practice judging.here judging.recuse
        judging.resume judging.save judging.take_back live.next_entry
    """,
    "who may start an edition": """
        editions.create exchange.load_bundle exchange.receive_bundle
    """,
    "committee and chair": """
        results.ask_correction results.choose_at_line results.confirm results.decide_correction
        results.record results.record_order results.revoke results.unconfirm
    """,
    "who decides on entries": """
        submissions.decide_finding submissions.disqualify submissions.reinstate
    """,
}

# The rounds of the world: published, scoring, closed, open, draft, confirmed, finalised, draft. A page of a round
# answers in each of them as above, but for these ("9": not in this state, 409).
BY_ROUND = {
    "assignments.proposal": "4.4..444", "exchange.proof": ".99999.9", "letters.all_letters": ".>9>>>>>",
    "next_up.now": "4.444444", "next_up.page": "4.444444", "papers.paper": ".99999.9", "papers.scan": ".4444444",
    "published.promised": ".4444444", "published.promised_file": ".4444444", "published.ranking": ".4444444",
    "results.sum_of": ".......4", "results.version": ".44444.4",
}  # fmt: skip
# Whose address names a thing of one round: there alone it is looked at.
OF_ONE_ROUND = frozenset({
    "appeals.appeal", "assignments.job", "assignments.proposal_submission", "assignments.submission",
    "conflicts.titles", "exchange.preview_notes", "letters.letter", "live.judge", "results.measured",
    "team_letters.file", "team_letters.letter", "judging.own_marks", "judging.receipts",
})  # fmt: skip
# What an organiser with a stake in an entry of each round is told: nothing of marks until they are published.
STAKED = ".3333333"
OPEN_TO_STAKES = frozenset({
    "assignments.propose", "assignments.assignments", "assignments.proposal", "assignments.undo", "capacity.calculator",
    "changes.change", "conflicts.titles_call", "draw.order", "editions.setup_round", "editions.setup_rubric",
    "exchange.plan_file", "exchange.upload_plan", "fit.fit", "pitch.clock_stream", "pitch.control", "pitch.day",
    "pitch.now", "pitch.screen", "pitch.state", "pitch.stream", "progress.devices",
})  # fmt: skip
