"""The shape of the tick that an answer was read aloud."""

from __future__ import annotations

from wtforms import HiddenField
from wtforms.validators import Optional

from portal.web.forms import Form


class ReadForm(Form):
    """The stamp of the answer that was read aloud. None is filled in by itself: a tick says which answer it was."""

    seen = HiddenField(validators=[Optional()])
