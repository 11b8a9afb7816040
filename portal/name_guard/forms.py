"""The names in a text, each to be agreed to."""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from portal.errors import N_
from portal.name_guard.guard import NamesFound
from portal.web.forms import Form


class AgreedForm(Form):
    """The names of children in a text, each to be agreed to. What must be ticked is the service's to say."""

    agreed = SelectMultipleField(N_("These children are named. Has the team agreed to that?"), validate_choice=False)

    def ask_about(self, names: NamesFound) -> None:
        """Offer these names to tick."""
        self.agreed.choices = [SelectChoice(words, words) for words in names.must_agree]
        if not names.must_agree:
            del self.agreed

    @property
    def agreed_names(self) -> Sequence[str]:
        """What was ticked."""
        return list(self.agreed.data or ()) if "agreed" in self else []
