"""Sentences for the refusals of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "login_taken": _l("This e-mail or phone number already has an account. Sign in first, then go on."),
        "login_not_valid": _l("“%(text)s” is neither an e-mail address nor a phone number we can read."),
        "password_too_short": _l("A password needs at least %(shortest)s characters."),
        "password_too_long": _l("A password may have at most %(longest)s characters."),
        "password_too_common": _l("This password is too easy to guess. Three or four unrelated words make a good one."),
        "password_leaked": _l(
            "This password is in lists of leaked passwords that guessers try first. "
            "Three or four unrelated words make a good one."
        ),
        "password_wrong": _l("The current password is not right."),
        "link_not_valid": _l("This link has been used or has expired. Ask the organiser for a new one."),
        "code_not_valid": _l("This code is wrong, used or expired. Check the digits or ask for a new code."),
        "sign_in_refused": _l("E-mail, phone number or password is not right. Check them, or ask for a sign-in link."),
        "app_code_wrong": _l("This is not the code that the app shows now. Check that the phone's clock is right."),
        "app_not_started": _l("This key is no longer offered. Start again."),
        "half_not_valid": _l("This sign-in has been open for too long or was finished elsewhere. Sign in again."),
        "too_many_passkeys": _l("There are %(most)s passkeys already. Remove one first."),
        "second_factor_missing": _l(
            "This season opens to its committee only with a second step at sign-in. Set one up under My account first."
        ),
        "only_on_own_device": _l("This device is paired for judging one round. Use a device of your own for this."),
        "outside_unverified": _l("%(provider)s has not verified your e-mail address, so it cannot stand for you here."),
        "outside_unknown": _l(
            "Nobody here has the address that %(provider)s gives. Sign in another way, then link it in your account."
        ),
        "outside_other_person": _l(
            "Your account is linked with another account of %(provider)s. Sign in another way and unlink that first."
        ),
        "outside_taken": _l("This account of %(provider)s belongs to somebody else here."),
        "last_organiser": _l("An edition keeps at least one organiser. Give the role to somebody else first."),
        "account_closed": _l("This account was closed. Ask the system administrator."),
        "invented_person": _l(
            "This person was invented for a rehearsal: without an address, and without a role anywhere else."
        ),
        "link_reaches_too_far": _l(
            "%(name)s also has rights outside your editions, so you cannot make a way in for this account. "
            "Ask %(name)s to request a sign-in link by e-mail."
        ),
    }
)
