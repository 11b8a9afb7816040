"""The shape of what is typed about councils."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from portal.accounts.models import User
from portal.council.models import CouncilMember
from portal.council.queries import Seat
from portal.database.stamps import stamp_of
from portal.errors import N_
from portal.school.forms import GRADES
from portal.school.models import Pupil
from portal.web.forms import Form, InPlaceForm, OneOfField
from portal.web.language import gettext

LONGEST_NAME = 60


class CouncilForm(InPlaceForm):
    """A council's name and grades."""

    name = StringField(N_("What is the council called?"), validators=[DataRequired(), Length(max=LONGEST_NAME)])
    lowest_grade = SelectField(N_("Lowest grade"), coerce=int, choices=GRADES)
    highest_grade = SelectField(N_("Highest grade"), coerce=int, choices=GRADES)
    signs_in = BooleanField(N_("The pupils sign in themselves"), default=True)


class FacilitatorForm(Form):
    """A member of staff who helps a council."""

    user = OneOfField(N_("Who helps the council?"), N_("Choose a colleague"))

    def __init__(self, staff: Iterable[User]) -> None:
        super().__init__()
        self.user.offer((user.id, user.name) for user in staff)


class _SeatsForm(InPlaceForm):
    """A choice among seats, made in place of the one that was seen."""

    def look_again(self, chosen: Sequence[Seat] | Sequence[CouncilMember]) -> None:
        """Say what is chosen now; after a conflict the next save is in place of that."""
        self.stand_on(stamp_of(seat.id for seat in chosen), [_in_words(seat) for seat in chosen])


def _in_words(seat: Seat | CouncilMember) -> str:
    if isinstance(seat, Seat):
        return f"{seat.name}, {seat.school_class.label}"
    name = seat.pupil.name
    return gettext("%(name)s (substitute member)", name=name) if seat.is_substitute else name


class ChairForm(_SeatsForm):
    """The member who leads a council's meetings."""

    member = RadioField(N_("Who is the chair?"), coerce=int, validators=[InputRequired()])

    def __init__(self, seats: Sequence[Seat]) -> None:
        members, chosen = [seat for seat in seats if not seat.is_substitute], chairs_of(seats)
        super().__init__(member=next((seat.id for seat in chosen), 0), seen=stamp_of(seat.id for seat in chosen))
        self.member.choices = [
            *(SelectChoice(seat.id, _in_words(seat)) for seat in members),
            SelectChoice(0, gettext("Nobody for now")),
        ]


def chairs_of(seats: Iterable[Seat]) -> list[Seat]:
    """The member who is chair, if any."""
    return [seat for seat in seats if seat.is_chair and not seat.is_substitute]


class BoardForm(_SeatsForm):
    """The members who sit on the school board."""

    members = SelectMultipleField(N_("Who sits on the school board?"), coerce=int)

    def __init__(self, seats: Sequence[Seat]) -> None:
        members, chosen = [seat for seat in seats if not seat.is_substitute], [seat.id for seat in on_board(seats)]
        super().__init__(members=chosen, seen=stamp_of(chosen))
        self.members.choices = [SelectChoice(seat.id, _in_words(seat)) for seat in members]


def on_board(seats: Iterable[Seat]) -> list[Seat]:
    """The members who sit on the school board."""
    return [seat for seat in seats if seat.is_on_board and not seat.is_substitute]


class MembersForm(_SeatsForm):
    """Whom a class has elected: one or two members, and up to two substitutes."""

    member = SelectField(N_("Member"), coerce=int)
    second_member = SelectField(N_("One more member"), coerce=int)
    substitute = SelectField(N_("Substitute member"), coerce=int)
    second_substitute = SelectField(N_("One more substitute member"), coerce=int)

    def __init__(self, pupils: Iterable[Pupil], seats: Sequence[CouncilMember]) -> None:
        self.pupils: Mapping[int, Pupil] = {pupil.id: pupil for pupil in pupils}
        members, substitutes = [[s.pupil_id for s in seats if s.is_substitute == kind] for kind in (False, True)]
        places = zip(
            ("member", "second_member", "substitute", "second_substitute"),
            [*(members + [0, 0])[:2], *(substitutes + [0, 0])[:2]],
            strict=True,
        )
        super().__init__(**dict(places), seen=stamp_of(seat.id for seat in seats))
        nobody = SelectChoice(0, gettext("Nobody"))
        choices = [SelectChoice(pupil.id, pupil.name) for pupil in self.pupils.values()]
        self.member.choices = [SelectChoice(0, gettext("Choose a pupil")), *choices]
        for field in (self.second_member, self.substitute, self.second_substitute):
            field.choices = [nobody, *choices]

    def validate_member(self, field: Any) -> None:
        """Every class that elects has a member."""
        if field.data == 0:
            raise ValidationError(gettext("Choose the member the class has elected."))

    def validate_second_member(self, field: Any) -> None:
        """Nobody is chosen twice."""
        self._refuse_twice(field)

    def validate_substitute(self, field: Any) -> None:
        """Nobody is chosen twice."""
        self._refuse_twice(field)

    def validate_second_substitute(self, field: Any) -> None:
        """Nobody is chosen twice."""
        self._refuse_twice(field)

    def _refuse_twice(self, field: Any) -> None:
        fields = (self.member, self.second_member, self.substitute, self.second_substitute)
        if field.data and [other.data for other in fields].count(field.data) > 1:
            raise ValidationError(gettext("Choose another pupil here: nobody can have two places."))

    @property
    def elected(self) -> dict[Pupil, bool]:
        """The pupils that were chosen, each with whether as a substitute."""
        places = (
            (self.member, False),
            (self.second_member, False),
            (self.substitute, True),
            (self.second_substitute, True),
        )
        return {self.pupils[field.data]: is_substitute for field, is_substitute in places if field.data}


class MemberLinkForm(Form):
    """One of a class's pupils in the council."""

    pupil = SelectField(N_("Pupil"), coerce=int)

    def __init__(self, seats: Iterable[CouncilMember]) -> None:
        super().__init__()
        self.pupil.choices = [SelectChoice(seat.pupil_id, seat.pupil.name) for seat in seats]
