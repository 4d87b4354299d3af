"""Sentences for the refusals of this package."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "submissions_not_open": _l("Submissions are not open yet."),
        "submissions_closed": _l("The deadline has passed (%(closed_at)s). Nothing can be changed any more."),
        "wrong_status": _l("This is not possible in the state in which the submission is now."),
        "team_name_taken": _l("Another team of this contest is called “%(name)s” already. Please choose another name."),
        "too_many_members": _l("A team may have at most %(most)s members besides the captain."),
        "too_many_teams": _l("One person may lead at most %(most)s teams."),
        "contact_missing": _l("Give an e-mail address or a phone number: you will sign in with it."),
        "choice_unknown": _l("“%(choice)s” cannot be chosen any more. Please choose again."),
        "part_unknown": _l("This part does not belong to the submission any more. Please reload the page."),
        "title_too_long": _l("The title may have at most %(longest)s characters."),
        "answer_too_long": _l("This text is far too long (more than %(longest)s characters)."),
        "link_not_web": _l("This is not a web address. It begins with https:// and has no spaces."),
        "link_too_long": _l("This address is too long (more than %(longest)s characters)."),
        "stale_version": _l("Somebody has saved another version in the meantime, in another tab or on another device."),
        "would_be_incomplete": _l(
            "The submission has been handed in, so these parts must stay complete: %(items)s. "
            "Nothing was saved; withdraw the submission first if you want to start over."
        ),
        "consents_missing": _l(
            "Consents are missing or were taken back for %(count)s of the team. Until they are there nothing of the "
            "team goes to the judges."
        ),
        "submission_incomplete": _l("Not handed in yet. Please look at: %(items)s."),
        "changed_since_shown": _l("The submission has changed since this page was opened. Please look at it again."),
        "reason_missing": _l("Please give the reason."),
        "file_type_refused": _l("“%(filename)s” cannot be taken. For “%(part)s” choose a file of type %(allowed)s."),
        "file_double_ending": _l("The name “%(filename)s” has a forbidden ending inside. Please rename the file."),
        "file_empty": _l("“%(filename)s” is empty."),
        "file_differs": _l("“%(filename)s” is not what its name says, or it is protected by a password."),
        "file_damaged": _l("“%(filename)s” is damaged or was cut off. Please save it again and choose the new file."),
        "file_has_macros": _l(
            "“%(filename)s” holds macros. Please save it without macros and controls (.pptx) or as PDF."
        ),
        "file_locked": _l(
            "“%(filename)s” is protected by a password. Please save it without one: judges could not open it."
        ),
        "file_has_script": _l(
            "“%(filename)s” holds scripts or interactive forms. Please print it to PDF again, so that only pages "
            "are left."
        ),
        "file_starts_something": _l(
            "“%(filename)s” would start a program or send data. Please remove such buttons, or print it to PDF again."
        ),
        "file_holds_files": _l(
            "“%(filename)s” holds other files inside. Please paste them as pictures, or save it as PDF without "
            "attachments."
        ),
        "file_reaches_outside": _l(
            "“%(filename)s” loads pictures, videos or data from elsewhere when it is opened. Please put pictures into "
            "the file itself and give a video as a link."
        ),
        "file_changed_on_the_way": _l("“%(filename)s” changed on its way to us. Please send it again."),
        "upload_unfinished": _l("The file has not arrived completely. Please choose it again."),
        "too_many_uploads_now": _l("At most %(most)s files may be sent within an hour. Please try again later."),
        "team_quota": _l(
            "All files of a team may have %(limit)s MB together, replaced ones included. Please make this one smaller."
        ),
        "edition_quota": _l("The room for files of this contest (%(limit)s MB) is used up. Please tell the organiser."),
        "file_unpacks_too_large": _l("“%(filename)s” unpacks to far too much. Please save it as PDF."),
        "file_too_large": _l("“%(part)s” may have at most %(limit)s MB, this file has %(size)s MB."),
        "image_too_many_pixels": _l(
            "“%(filename)s” has more than %(megapixels)s million points. Please make it smaller."
        ),
        "too_many_uploads": _l("At most %(most)s files may be uploaded for one submission, replaced ones included."),
    }
)
