"""The fixed cast of every test: one small school, and who in it may see what.

Alma in 3.A has two homes (Mette and Jonas) and a helper (Bodil). Ella and Otto are siblings in 6.A and 3.A; their
mother Amina represents 3.A. Noah in 3.A lives with a foster parent. Viktor only has a child in 6.A.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta

from portal.accounts.models import Role, User
from portal.council.models import Council
from portal.database import db
from portal.people import Person, load_people
from portal.school.models import GuardianshipKind, Pupil, SchoolClass, TeamFunction
from portal.text import clock
from tests import factories as make


@dataclass(frozen=True)
class Cast:
    """Everybody, by what they are to class 3.A and its pupil Alma."""

    third: SchoolClass
    sixth: SchoolClass
    council: Council
    alma: Pupil
    otto: Pupil
    ella: Pupil
    noah: Pupil
    viggo: Pupil

    class_teacher: User
    pedagogue: User
    substitute: User
    former_substitute: User
    teacher_elsewhere: User
    facilitator: User
    leader: User
    akt: User
    office: User
    board_secretary: User
    guardian: User
    other_home: User
    guardian_of_two: User
    foster_parent: User
    helper: User
    guardian_elsewhere: User
    former_guardian: User
    council_member: User
    council_chair: User
    newcomer: User

    @property
    def users(self) -> dict[str, User]:
        """Everybody who can sign in, by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if isinstance(getattr(self, f.name), User)}

    @property
    def people(self) -> dict[str, Person]:
        """Everybody as rules see them today."""
        found = {person.id: person for person in load_people([u.id for u in self.users.values()], today=clock.today())}
        return {name: found[user.id] for name, user in self.users.items() if user.id in found}


#: Those of the cast who are one thing to class 3.A, and those who are nothing to it.
TEAM = frozenset({"class_teacher", "pedagogue", "substitute"})
HOMES = frozenset({"guardian", "other_home", "guardian_of_two", "foster_parent"})
OFFICE = frozenset({"office"})
SCHOOL_WIDE = frozenset({"leader", "akt"})
COUNCIL = frozenset({"council_member", "council_chair"})
EVERYBODY = frozenset(field.name for field in fields(Cast) if field.type == "User")
#: Everybody but those whose only tie is a helper's, who have left, or who have none.
AT_SCHOOL = EVERYBODY - {"helper", "former_guardian", "former_substitute", "newcomer"}
STRANGERS = EVERYBODY - TEAM - HOMES - OFFICE - SCHOOL_WIDE


def make_cast() -> Cast:
    """Write the cast into the database, committed."""
    third, sixth = make.make_class("3.A", 3, hue=6), make.make_class("6.A", 6, hue=2)
    council = make.make_council()
    alma, otto, noah = (make.make_pupil(third, name) for name in ("Alma", "Otto", "Noah"))
    ella, viggo = make.make_pupil(sixth, "Ella"), make.make_pupil(sixth, "Viggo")
    people = {name: make.make_user(first) for name, first in _FIRST_NAMES.items()}
    yesterday = clock.today() - timedelta(days=1)

    make.put_in_team(people["class_teacher"], third, TeamFunction.CLASS_TEACHER)
    make.put_in_team(people["pedagogue"], third, TeamFunction.PEDAGOGUE)
    make.put_in_team(people["substitute"], third, TeamFunction.SUBSTITUTE, ends_on=clock.today())
    make.put_in_team(people["former_substitute"], third, TeamFunction.SUBSTITUTE, ends_on=yesterday)
    make.put_in_team(people["teacher_elsewhere"], sixth, TeamFunction.CLASS_TEACHER)
    make.put_in_team(people["facilitator"], sixth, TeamFunction.TEACHER)
    make.make_facilitator(council, people["facilitator"])
    for name, role in (
        ("leader", Role.LEADERSHIP),
        ("akt", Role.AKT),
        ("office", Role.OFFICE),
        ("board_secretary", Role.BOARD_SECRETARY),
    ):
        make.grant(people[name], role)

    make.tie(people["guardian"], alma)
    make.tie(people["other_home"], alma)
    make.tie(people["helper"], alma, GuardianshipKind.HELPER, invited_by=people["guardian"])
    make.tie(people["former_guardian"], alma, ends_on=yesterday)
    make.tie(people["guardian_of_two"], otto)
    make.tie(people["guardian_of_two"], ella)
    make.tie(people["foster_parent"], noah, GuardianshipKind.FOSTER)
    make.tie(people["guardian_elsewhere"], viggo)
    make.make_representative(people["guardian_of_two"], third)

    ella.user_id, viggo.user_id = people["council_member"].id, people["council_chair"].id
    make.seat(council, ella, sixth)
    make.seat(council, viggo, sixth, is_chair=True)
    db.session.commit()
    return Cast(
        third=third, sixth=sixth, council=council, alma=alma, otto=otto, ella=ella, noah=noah, viggo=viggo, **people
    )


_FIRST_NAMES = {
    "class_teacher": "Karen",
    "pedagogue": "Peter",
    "substitute": "Sara",
    "former_substitute": "Frode",
    "teacher_elsewhere": "Tine",
    "facilitator": "Lars",
    "leader": "Hanne",
    "akt": "Anders",
    "office": "Inge",
    "board_secretary": "Birgit",
    "guardian": "Mette",
    "other_home": "Jonas",
    "guardian_of_two": "Amina",
    "foster_parent": "Ole",
    "helper": "Bodil",
    "guardian_elsewhere": "Viktor",
    "former_guardian": "Torben",
    "council_member": "Ella",
    "council_chair": "Viggo",
    "newcomer": "Nadia",
}
