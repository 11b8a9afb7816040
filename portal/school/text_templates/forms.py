"""The shape of a template."""

from __future__ import annotations

from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.errors import N_
from portal.school.text_templates.models import TemplateKind
from portal.web.forms import Form, VersionField
from portal.web.language import gettext

LONGEST_TITLE = 80
LONGEST_BODY = 10_000
TEMPLATE_KIND_NAMES = {
    TemplateKind.UPDATE: N_("News from the class team"),
    TemplateKind.RULES: N_("Class rules"),
    TemplateKind.PARENTS: N_("Parent agreements"),
}


class TemplateForm(Form):
    """A name and a text to begin from, with the version that was opened."""

    title = StringField(N_("What is the template called?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    body = TextAreaField(N_("The text to begin from"), validators=[DataRequired(), Length(max=LONGEST_BODY)])
    version = VersionField()


class NewTemplateForm(TemplateForm):
    """A template that is not there yet, with what it is for."""

    kind = RadioField(N_("What is it for?"))

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.kind.choices = [SelectChoice(kind.value, gettext(name)) for kind, name in TEMPLATE_KIND_NAMES.items()]
