"""What the demo school's classes have agreed on, the templates they began from, and who shows what on the class list.

Days count backwards from today, so that a year has always passed between two wordings.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from portal.accounts.models import User
from portal.agreements import queries
from portal.agreements import services as agreements
from portal.agreements.models import AgreementKind
from portal.database import db
from portal.demo.agreement_texts import PARENTS, RULES, SHORT_RULES, TEMPLATES
from portal.demo.roster import PERSONAS
from portal.people import Person, load_people
from portal.school import queries as school
from portal.school.contacts import queries as contact_queries
from portal.school.contacts import services as contact_services
from portal.school.models import SchoolClass
from portal.school.text_templates import services as template_services
from portal.text import clock

#: How long ago each wording was agreed on, for the classes that have any. Who wrote nothing this year is asked to.
WORDINGS = (
    ("3.A", AgreementKind.RULES, 430, RULES[0]),
    ("3.A", AgreementKind.RULES, 64, RULES[1]),
    ("3.A", AgreementKind.PARENTS, 790, PARENTS[0]),
    ("3.A", AgreementKind.PARENTS, 420, PARENTS[1]),
    ("6.A", AgreementKind.RULES, 50, SHORT_RULES),
)
#: Every so many of the guardians in 3.A shows a number, and every so many an e-mail address.
SHOWS_PHONE_EVERY, SHOWS_EMAIL_EVERY = 2, 3


def make_templates(office: Person, now: datetime) -> None:
    """Give the school the templates that its teams and parents begin from."""
    for template in TEMPLATES:
        template_services.add_template(template.kind, title=template.title, body=template.body, actor=office, now=now)


def agree(classes: Mapping[str, SchoolClass], now: datetime) -> None:
    """Let the classes have written down what they agreed on, and the homes of 3.A show what they like."""
    for label, kind, days_ago, body in WORDINGS:
        if label in classes:
            _write(classes[label], kind, body, now - timedelta(days=days_ago), now)
    if "3.A" in classes:
        _fill_contacts(classes["3.A"], now)


def _write(school_class: SchoolClass, kind: AgreementKind, body: str, at: datetime, now: datetime) -> None:
    """Written by the class's own team of today, on its day."""
    team = school.list_team(school_class.id, today=clock.day_of(now))
    (author,) = load_people([team[0].user_id], today=clock.day_of(now))
    agreement = queries.get_agreement(school_class.id, kind)
    assert agreement is not None  # noqa: S101 - the class is there
    day = clock.day_of(at)
    agreements.write_agreement(
        agreement, body=body, agreed_on=day, version=agreement.version_count, actor=author, now=at
    )
    db.session.flush()


def _fill_contacts(school_class: SchoolClass, now: datetime) -> None:
    """Many show something; those whom the sign-in page offers have yet to choose."""
    today = clock.day_of(now)
    guardians = school.list_guardians(school_class.id, today=today)
    people = load_people([guardian.user.id for guardian in guardians], today=today)
    known = set(db.session.scalars(select(User.id).where(User.external_id.in_(PERSONAS.values()))))
    for number, person in enumerate(person for person in people if person.id not in known):
        own = contact_queries.get_own_choice(person.id, school_class.id, today=today)
        shown = {
            *(["phone"] if number % SHOWS_PHONE_EVERY == 0 else []),
            *(["email"] if number % SHOWS_EMAIL_EVERY == 0 and own.email else []),
        }
        if shown and not own.is_protected:
            phone = _made_up_number(db.session.get_one(User, person.id))
            contact_services.choose_contacts(school_class, shown, phone=phone, actor=person, now=now)


def _made_up_number(user: User) -> str:
    """Eight digits that begin like no Danish number that is given out: nobody is called by mistake."""
    digits = f"{user.id * 7919 % 1_000_000:06}"
    return f"00 {digits[:2]} {digits[2:4]} {digits[4:]}"
