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
    return [
        (url_for("home.show_home"), N_("Home"), "home"),
        _second_place(person),
        (url_for("strategy.show_strategy"), N_("The strategy"), "book"),
        (url_for("home.show_help"), N_("Get help"), "help"),
        (url_for("accounts.show_me"), N_("Me"), "person"),
    ]


def _second_place(person: Person) -> tuple[str, str, str]:
    """The place this person comes for: the school's office, a council, or the class."""
    if person.has(Role.OFFICE):
        return (url_for("school.show_school"), N_("The school"), "school")
    if person.councils:
        return (url_for("council.show_council", council_id=min(person.councils)), N_("The council"), "council")
    if len(person.classes) == 1 and not person.has(Role.LEADERSHIP, Role.AKT):
        return (url_for("home.show_class", class_id=next(iter(person.classes))), N_("The class"), "people")
    if person.children and not person.classes and not person.roles:  # a helper: what the class plans is all there is
        return (url_for("events.list_events"), N_("Calendar"), "calendar")
    return (url_for("home.list_classes"), N_("The classes"), "people")
