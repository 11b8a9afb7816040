"""The shape of the school's material as the leadership sends it."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.errors import N_
from portal.parent_meetings.material.services import Draft, NewFile
from portal.web.forms import Form, VersionField
from portal.web.language import gettext

LONGEST_BODY = 10_000
LONGEST_LINKS = 3_000


class MaterialForm(Form):
    """A text, links, one file, and the version it was written upon."""

    body = TextAreaField(N_("What every meeting goes through"), validators=[DataRequired(), Length(max=LONGEST_BODY)])
    links = TextAreaField(N_("Links, one a line"), validators=[Optional(), Length(max=LONGEST_LINKS)])
    file = FileField(N_("A file"), validators=[Optional()])
    keeps_file = BooleanField(N_("Keep the file that is there"))
    version = VersionField()

    def ask_for_file_again(self) -> None:
        """On a page that refuses the form: a browser keeps no file, so it would be left out, or the old one be kept."""
        if self.file.data:
            self.file.errors = [*self.file.errors, gettext("Choose the file again. The browser has let go of it.")]
            self.keeps_file.data = False

    def draft(self) -> Draft:
        """What was typed and sent; the file is read once, and what held it is closed."""
        sent, file = self.file.data, None
        if sent:
            file = NewFile(sent.filename or "", sent.read())
            sent.close()
        return Draft(self.body.data, self.links.data or "", file, bool(self.keeps_file.data))
