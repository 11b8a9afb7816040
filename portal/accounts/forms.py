"""The shape of what is typed about accounts."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from portal.errors import N_
from portal.web.forms import Form
from portal.web.language import LANGUAGES


class LanguageForm(Form):
    """The language to read in."""

    language = SelectField(N_("Language"), choices=[SelectChoice(code, name) for code, name in LANGUAGES.items()])
