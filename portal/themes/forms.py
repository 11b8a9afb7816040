"""The shape of a theme: what it is called, its words, and a place for each point of the strategy."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from portal.errors import N_
from portal.name_guard.forms import MeantForm
from portal.strategy.presenters import Reading
from portal.themes.models import Place, ThemeLine
from portal.themes.presenters import PLACE_NAMES, points_of, title_of
from portal.themes.services import Wanted
from portal.web.forms import VersionField
from portal.web.language import gettext

LONGEST_TITLE, LONGEST_WORDS = 60, 300


class ThemeForm(MeantForm):
    """A theme of the strategy, with a field for each point of the edition that holds; `edition` is its number."""

    title = StringField(N_("What is the theme called?"), validators=[DataRequired(), Length(max=LONGEST_TITLE)])
    words = StringField(
        N_("Words by which it is recognised in what the classes have agreed on"),
        validators=[Optional(), Length(max=LONGEST_WORDS)],
    )
    version = VersionField()
    edition = VersionField()
    row_fields = {"place": SelectField(N_("Where is it needed?"), validators=[Optional()])}

    def __init__(self, line: ThemeLine | None, text: Reading, edition: int, **more: Any) -> None:
        self.keys = [point.key for part in text.parts for point in points_of(part)]
        values: dict[str, Any] = {"edition": edition}
        if line is not None:
            places = line.places
            values |= {"title": title_of(line), "words": line.words, "version": line.version}
            values |= {f"place_{key}": places[key].value for key in self.keys if key in places}
        super().__init__(**more, **values)

    def process(self, *args: Any, **kwargs: Any) -> None:
        """Read the form; before that each point gets its field."""
        choices = [
            SelectChoice("", gettext("Not part of it")),
            *(SelectChoice(place.value, gettext(name)) for place, name in PLACE_NAMES.items()),
        ]
        for key in self.keys:
            row = {"name": f"place_{key}", "prefix": ""}
            field = self._fields[row["name"]] = self.meta.bind_field(self, self.row_fields["place"], row)
            field.choices, field.flags.optional = choices, False
        super().process(*args, **kwargs)

    @property
    def wanted(self) -> Wanted:
        """What was chosen."""
        chosen = {key: self[f"place_{key}"].data for key in self.keys}
        return Wanted(
            self.title.data or "",
            self.words.data or "",
            {key: Place(place) for key, place in chosen.items() if place},
            self.edition.data or 0,
        )

    def now_shows(self, edition: int) -> None:
        """Whoever sees the form now sees the points of this edition, also after a save from an older one."""
        self.edition.raw_data, self.edition.data = None, edition
