"""The shape of what the office sends of the register: four files, and the word to apply them."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField
from wtforms.validators import Length

from portal.errors import N_
from portal.school.roster.words import CLASSES, GUARDIANS, PUPILS, STAFF
from portal.web.forms import Form

LENGTH_OF_DIGEST = 64


class RosterForm(Form):
    """The register's four files, which belong together."""

    classes = FileField(N_("Classes"), [FileRequired(N_("Choose the file with the classes."))])
    pupils = FileField(N_("Pupils"), [FileRequired(N_("Choose the file with the pupils."))])
    guardians = FileField(N_("Guardians"), [FileRequired(N_("Choose the file with the guardians."))])
    staff = FileField(N_("Staff"), [FileRequired(N_("Choose the file with the staff."))])

    def contents(self) -> dict[str, bytes]:
        """The files under the names the reader knows, whatever they are called at the office."""
        fields = {CLASSES: self.classes, PUPILS: self.pupils, GUARDIANS: self.guardians, STAFF: self.staff}
        return {name: field.data.read() for name, field in fields.items()}


class ApplyRosterForm(Form):
    """The word to apply what was shown; `seen` says which plan that was."""

    seen = HiddenField(validators=[Length(max=LENGTH_OF_DIGEST)])
    confirmed = BooleanField(N_("I have read this, and it is right."))
