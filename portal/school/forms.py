"""The shape of what is typed about classes, teams, representatives, helpers and help contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, TypeAlias

from wtforms import DateField, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.accounts.models import User
from portal.accounts.users import queries as users
from portal.database.stamps import stamp_of
from portal.errors import N_
from portal.school.models import Guardianship, Pupil, Representative, TeamFunction
from portal.school.queries import ClassGuardian
from portal.school.services import ClassName
from portal.school.year_groups.models import YearGroupParent
from portal.text import clock
from portal.text.collation import sort_key
from portal.web.forms import Form, InPlaceForm, OneOfField
from portal.web.language import gettext

GRADES = [SelectChoice(grade, str(grade)) for grade in range(11)]
LONGEST_LABEL = 20
FUNCTION_NAMES = {
    TeamFunction.CLASS_TEACHER: N_("Class teacher"),
    TeamFunction.TEACHER: N_("Teacher"),
    TeamFunction.PEDAGOGUE: N_("Pedagogue"),
    TeamFunction.SUBSTITUTE: N_("Substitute"),
}
TWO_FOUND = N_("Two people share that e-mail address. Write the user name; it stands under People.")
NOBODY_FOUND = N_("No open account of an adult has that user name or e-mail address. Look it up under People.")


class NewClassForm(Form):
    """A class that is not in the school's files yet."""

    school_year = SelectField(N_("From school year"), coerce=int)
    label = StringField(N_("What is the class called?"), validators=[DataRequired(), Length(max=LONGEST_LABEL)])
    lowest_grade = SelectField(N_("Lowest grade"), coerce=int, choices=GRADES)
    highest_grade = SelectField(N_("Highest grade"), coerce=int, choices=GRADES)
    external_id = StringField(N_("Its id in the school's files"), validators=[Optional(), Length(max=64)])

    def __init__(self, years: Iterable[int]) -> None:
        super().__init__()
        self.school_year.choices = [SelectChoice(year, clock.school_year_name(year)) for year in years]

    @property
    def name(self) -> ClassName:
        """What was typed."""
        return ClassName(self.label.data, self.lowest_grade.data, self.highest_grade.data)


class ClassForm(Form):
    """What a class is called this school year and, from May on, the next."""

    label = StringField(N_("What is the class called?"), validators=[DataRequired(), Length(max=LONGEST_LABEL)])
    lowest_grade = SelectField(N_("Lowest grade"), coerce=int, choices=GRADES)
    highest_grade = SelectField(N_("Highest grade"), coerce=int, choices=GRADES)
    next_label = StringField(
        N_("What will it be called?"),
        description=N_("Leave it empty for a class that leaves the school."),
        validators=[Optional(), Length(max=LONGEST_LABEL)],
    )
    next_lowest_grade = SelectField(N_("Lowest grade then"), coerce=int, choices=GRADES)
    next_highest_grade = SelectField(N_("Highest grade then"), coerce=int, choices=GRADES)

    def __init__(self, this: ClassName | None, following: ClassName | None, *, is_next_open: bool) -> None:
        super().__init__(data={**_named("", this), **_named("next_", following)})
        self.is_next_open = is_next_open
        if not is_next_open:
            del self.next_label, self.next_lowest_grade, self.next_highest_grade

    def names(self, school_year: int) -> dict[int, ClassName | None]:
        """What was typed, by school year."""
        names = {school_year: ClassName(self.label.data, self.lowest_grade.data, self.highest_grade.data)}
        if not self.is_next_open:
            return {**names}
        then = ClassName(self.next_label.data, self.next_lowest_grade.data, self.next_highest_grade.data)
        return {**names, school_year + 1: then if then.label else None}


def _named(prefix: str, name: ClassName | None) -> dict[str, Any]:
    if name is None:
        return {}
    return {
        f"{prefix}label": name.label,
        f"{prefix}lowest_grade": name.lowest_grade,
        f"{prefix}highest_grade": name.highest_grade,
    }


class PersonForm(Form):
    """Somebody with an account, named by user name or e-mail address."""

    login = StringField(N_("User name or e-mail"), validators=[DataRequired(), Length(max=254)])
    user: User

    def validate_login(self, field: Any) -> None:
        """There is one open account of an adult by that name."""
        found = users.find_user(field.data)
        if found is None:
            raise ValidationError(gettext(TWO_FOUND if users.is_address_of_some(field.data) else NOBODY_FOUND))
        self.user = found


class TeamMemberForm(PersonForm):
    """A place in a class team."""

    function = SelectField(N_("Function"))
    starts_on = DateField(N_("First day"), validators=[InputRequired()])
    ends_on = DateField(N_("Last day"), validators=[Optional()])

    def __init__(self, starts_on: date) -> None:
        super().__init__(starts_on=starts_on, function=TeamFunction.TEACHER.value)
        self.function.choices = [
            SelectChoice(function.value, gettext(name)) for function, name in FUNCTION_NAMES.items()
        ]


Places: TypeAlias = Sequence[Representative] | Sequence[YearGroupParent]


class RepresentativesForm(InPlaceForm):
    """The guardians the class's parents have chosen, by the child through whom one knows them."""

    guardians = SelectMultipleField(N_("Who was chosen?"), coerce=int)

    def __init__(self, guardians: Iterable[ClassGuardian], chosen: Places) -> None:
        ids = [place.user_id for place in chosen]
        super().__init__(guardians=ids, seen=stamp_of(ids))
        by_child = sorted(guardians, key=lambda guardian: [sort_key(name) for name in guardian.children])
        self.guardians.choices = [
            SelectChoice(guardian.user.id, guardian.user.name, {"children": guardian.children}) for guardian in by_child
        ]

    def look_again(self, chosen: Places) -> None:
        """Say who is entered now; after a conflict the next save is in place of them."""
        self.stand_on(stamp_of(place.user_id for place in chosen), [place.user.name for place in chosen])

    def by_child(self) -> list[tuple[tuple[str, ...], list[Any]]]:
        """The choices under the children they have in common; a template's own grouping would sort them anew."""
        grouped = groupby(self.guardians.iter_choices(), key=lambda choice: choice.render_kw["children"])
        return [(children, list(choices)) for children, choices in grouped]


class FosterParentForm(PersonForm):
    """A foster parent of a child in the class."""

    pupil = OneOfField(N_("Child"), N_("Choose a child"))

    def __init__(self, pupils: Iterable[Pupil]) -> None:
        super().__init__()
        self.pupil.offer((pupil.id, pupil.name) for pupil in pupils)


class EndFosterParentForm(Form):
    """One of the class's foster parents."""

    tie = SelectField(N_("Foster parent"), coerce=int)

    def __init__(self, ties: Iterable[Guardianship]) -> None:
        super().__init__()
        self.tie.choices = [SelectChoice(tie.id, tie.guardian.name) for tie in ties]
