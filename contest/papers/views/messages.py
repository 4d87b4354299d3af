"""Sentences for the refusals of papers, signatures and scans."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from contest.web import messages

messages.register(
    {
        "papers_before_final": _l(
            "The results of %(round)s are not final yet. Papers are made of final results only: finalise it first."
        ),
        "paper_awards_not_settled": _l(
            "The awards of %(round)s are not settled yet. Settle them on the page of awards first."
        ),
        "paper_awards_outdated": _l(
            "The awards were settled on another version of the results of %(round)s. Settle them again first."
        ),
        "paper_not_as_word": _l("This paper is made as PDF only."),
        "certificate_empty": _l("The certificate file is empty. Choose the .p12 or .pfx file."),
        "certificate_too_large": _l("A certificate file has at most 1 MB. Choose the .p12 or .pfx file."),
        "certificate_not_opened": _l(
            "The certificate does not open: the password is wrong, or the file is neither .p12 nor .pfx. "
            "Nothing is kept."
        ),
        "certificate_without_key": _l(
            "The file holds no private key with its certificate, so it cannot sign. Export it with the key."
        ),
        "certificate_not_valid": _l("The certificate is valid from %(since)s to %(until)s only. Choose another one."),
        "certificate_cannot_sign": _l("This kind of key cannot sign a PDF. Use a certificate with an RSA or EC key."),
        "scan_type_refused": _l("“%(filename)s” cannot be filed. Scan the signed paper as PDF or JPEG."),
        "scan_too_large": _l("“%(filename)s” has more than %(limit)s MB. Scan it with fewer points."),
        "scan_filed_already": _l("“%(filename)s” is filed with this paper already."),
        "presenter_without_award": _l(
            "Line %(line)s, “%(text)s”: write the code of an award, a colon and who presents it. The codes are: "
            "%(codes)s."
        ),
        "presenter_twice": _l(
            "Line %(line)s, “%(text)s”: this award stands in an earlier line. Keep one line for each."
        ),
        "too_many_scans": _l("At most %(most)s scans can be filed with one round."),
    }
)
