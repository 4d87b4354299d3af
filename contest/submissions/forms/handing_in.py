"""The last step of a team."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import Length

from contest.web.forms import Form


class HandInForm(Form):
    # The fingerprint of what the page showed, so that nothing else is handed in.
    seen = HiddenField(validators=[Length(max=64)])
