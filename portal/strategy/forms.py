"""The shape of what the office sends about the strategy's text."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from flask_wtf.file import FileField, FileSize
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.errors import N_, RuleViolation
from portal.strategy.document import Document, read_document
from portal.strategy.presenters import Link
from portal.strategy.services import decode_file
from portal.web.forms import Form, tidy

#: Eight times the school's text.
LONGEST_TEXT = 100_000
LONGEST_FILE = 4 * LONGEST_TEXT
LONGEST_NOTE = 200
LONGEST_REASON = 1_000
LONGEST_STAMP = 200
FILE_TOO_LARGE = N_("This file is too large for a strategy.")


class ImportForm(Form):
    """A strategy as Markdown, pasted or in a file; `stamp` and `digest` say which preview the sender has seen."""

    text = TextAreaField(N_("The text as Markdown"), validators=[Length(max=LONGEST_TEXT)])
    file = FileField(N_("Or choose a file"), validators=[FileSize(LONGEST_FILE, message=FILE_TOO_LARGE)])
    reason = TextAreaField(N_("Why is the text to change?"), validators=[Optional(), Length(max=LONGEST_REASON)])
    stamp = HiddenField(validators=[Length(max=LONGEST_STAMP)])
    digest = HiddenField(validators=[Length(max=LONGEST_STAMP)])

    def document(self) -> Document:
        """What was sent, read. A file comes before what stands in the text field, and then stands there.

        Raises DocumentFault, and RuleViolation for no text at all or too much.
        """
        if not self.file.data:
            if not self.text.data:
                raise RuleViolation(N_("Paste the text, or choose a file."))
            return read_document(self.text.data)
        text = decode_file(self.file.data.read())
        if len(text) > LONGEST_TEXT:
            raise RuleViolation(FILE_TOO_LARGE)
        document = read_document(text)
        self.text.data = tidy(text)
        return document

    @property
    def text_digest(self) -> str:
        """What tells this text from another that was changed after the preview."""
        return sha256((self.text.data or "").encode()).hexdigest()

    @property
    def is_previewed(self) -> bool:
        """Whether the sender has seen what exactly this text changes."""
        return bool(self.digest.data) and self.digest.data == self.text_digest


class ApproveForm(Form):
    """The board's decision; `stamp` says which text the sender has read."""

    approved_on = DateField(N_("When did the board approve it?"), validators=[DataRequired()])
    stamp = HiddenField(validators=[DataRequired(), Length(max=LONGEST_STAMP)])


class DeadLinkForm(Form):
    """One link of the text, and what readers are told about it."""

    url = SelectField(N_("Which link no longer works?"), validators=[DataRequired()])
    note = StringField(N_("What can readers do instead?"), validators=[Optional(), Length(max=LONGEST_NOTE)])

    def __init__(self, links: Iterable[Link]) -> None:
        super().__init__()
        self.url.choices = [(link.url, link.url) for link in links]
