"""The shape of what the office sends about the strategy's text."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from flask_wtf.file import FileField, FileSize
from wtforms import DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from portal.errors import N_
from portal.strategy.document import Document, read_document
from portal.strategy.services import read_strategy
from portal.web.forms import Form

#: Eight times the school's text.
LONGEST_TEXT = 100_000
LONGEST_FILE = 4 * LONGEST_TEXT
LONGEST_NOTE = 200
LONGEST_STAMP = 200


class ImportForm(Form):
    """A strategy as Markdown, pasted or in a file; `stamp` and `digest` say which preview the sender has seen."""

    text = TextAreaField(N_("The text as Markdown"), validators=[Length(max=LONGEST_TEXT)])
    file = FileField(
        N_("Or choose a file"),
        validators=[FileSize(max_size=LONGEST_FILE, message="This file is too large for a strategy.")],
    )
    stamp = HiddenField(validators=[Length(max=LONGEST_STAMP)])
    digest = HiddenField(validators=[Length(max=64)])

    def document(self) -> Document:
        """What was sent, read; a file comes before what stands in the text field, and is then shown there.

        Raises DocumentFault.
        """
        if not self.file.data:
            return read_document(self.text.data)
        data = self.file.data.read()
        document = read_strategy(data)
        self.text.data = document_text(data)
        return document
