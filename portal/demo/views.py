"""Signing in as somebody of the demo school with one press. These pages exist in demo mode only."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from portal.accounts.sign_in.views import go_on, open_session
from portal.database import db
from portal.demo import queries
from portal.errors import N_
from portal.web.guard import public
from portal.web.urls import url_for

bp = Blueprint("demo", __name__, url_prefix="/demo")


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody to look at the portal as: the name in the register, and what they are in words."""

    key: str
    who: str
    hue: int
    name: str = ""


PERSONAS = (
    Persona("guardian", N_("has one child, in 3.A"), 6),
    Persona("guardian_of_two", N_("has two children, in two classes"), 2),
    Persona("other_home", N_("the same two children's other home"), 3),
    Persona("representative", N_("parent representative in 3.A"), 8),
    Persona("class_teacher", N_("class teacher of 3.A"), 6),
    Persona("former_substitute", N_("substitute whose time is over"), 1),
    Persona("council_member", N_("sits in the student council"), 9),
    Persona("council_chair", N_("chairs the student council"), 10),
    Persona("facilitator", N_("helps the student council"), 5),
    Persona("akt", N_("in the AKT team"), 4),
    Persona("leader", N_("leads the school"), 7),
    Persona("office", N_("works in the office"), 11),
)


def personas() -> list[Persona]:
    """Everybody the sign-in page offers, with the names they have in this database."""
    names = queries.list_persona_names()
    return [Persona(p.key, p.who, p.hue, names[p.key]) for p in PERSONAS if p.key in names]


@bp.post("/sign-in/<persona>")
@public
def sign_in(persona: str) -> ResponseReturnValue:
    """Sign in as one of the demo school's people; nobody else can be reached from here."""
    user_id = queries.get_persona_id(persona)
    if user_id is None:
        abort(404)
    open_session(user_id, remember=False)
    db.session.commit()
    return go_on(user_id, url_for("home.show_home"))
