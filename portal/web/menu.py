"""The navigation of each role: at most five places, the same on a phone's bottom bar and a laptop's top bar."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from portal.accounts.models import Role
from portal.errors import N_
from portal.people import Person
from portal.web.guard import visitor
from portal.web.language import gettext
from portal.web.urls import url_for


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One place in the navigation."""

    url: str
    label: str
    icon: str
    is_current: bool


def menu() -> list[MenuItem]:
    """The places for whoever is asking; the one they are at is marked."""
    person = visitor()
    here = request.path
    places = _places(person) if person else _public_places()
    best = max((len(url) for url, _, _ in places if here == url or (url != "/" and here.startswith(url))), default=0)
    return [
        MenuItem(url, gettext(label), icon, len(url) == best and here.startswith(url)) for url, label, icon in places
    ]


def _public_places() -> list[tuple[str, str, str]]:
    return [
        (url_for("home.show_home"), N_("Welcome"), "home"),
        (url_for("strategy.show_strategy"), N_("The strategy"), "book"),
        (url_for("home.show_help"), N_("Get help"), "help"),
        (url_for("accounts.sign_in.sign_in"), N_("Sign in"), "person"),
    ]


def _places(person: Person) -> list[tuple[str, str, str]]:
    """At most five: one's own page stands in the head, beside what is new."""
    return [
        (url_for("home.show_home"), N_("Home"), "home"),
        *_own_places(person),
        (url_for("strategy.show_strategy"), N_("The strategy"), "book"),
        (url_for("home.show_help"), N_("Get help"), "help"),
    ]


def _own_places(person: Person) -> list[tuple[str, str, str]]:
    """The one or two places this person comes for: the school's office, the class and a council."""
    council, school_class = _council_place(person), _class_place(person)
    if person.has(Role.OFFICE):
        return [(url_for("school.show_school"), N_("The school"), "school"), *council]
    if person.is_pupil:
        return [*council, *school_class]
    return [*school_class, *council]


def _class_place(person: Person) -> list[tuple[str, str, str]]:
    if len(person.classes) == 1 and not person.has(Role.LEADERSHIP, Role.AKT):
        return [(url_for("home.show_class", class_id=next(iter(person.classes))), N_("The class"), "people")]
    if person.children and not person.classes and not person.roles:  # a helper: what the class plans is all there is
        return [(url_for("events.list_events"), N_("Calendar"), "calendar")]
    return [(url_for("home.list_classes"), N_("The classes"), "people")]


def _council_place(person: Person) -> list[tuple[str, str, str]]:
    councils = person.councils | person.facilitates
    if len(councils) == 1:
        return [(url_for("council.show_council", council_id=min(councils)), N_("The council"), "council")]
    if councils or person.has(Role.LEADERSHIP):
        return [(url_for("council.list_councils"), N_("The councils"), "council")]
    return []
