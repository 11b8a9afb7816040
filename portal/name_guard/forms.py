"""The names in a text, each to be agreed to, or to be meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice

from portal.database.transactions import reading_only
from portal.errors import N_
from portal.name_guard.guard import NamesFound, check_meant, names_of_children
from portal.people import Person
from portal.text import clock
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


class MeantForm(Form):
    """What a grown-up writes for many to read: a child's name in it is taken out, or ticked as meant."""

    named = SelectMultipleField(N_("Here stands a child's name. Is that meant?"), validate_choice=False)

    def check_names(
        self, text: str, writer: Person, *, besides: str = "", among: Collection[int] | None = None
    ) -> None:
        """Ask about the children of the school, or of the classes `among`, that a text names.

        Those who are named in `besides`, whose place it takes, have been asked about. It reads without holding up
        anybody who writes, so it comes before the change. Raises RuleViolation while one of them is not ticked.
        """
        with reading_only():
            found = names_of_children(text, writer, besides=besides, among=among, today=clock.today())
        self.named.choices = [SelectChoice(words, words) for words in found]
        check_meant(found, self.named.data or ())
