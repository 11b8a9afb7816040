"""The office's pages about accounts: finding people, opening and closing, sign-in letters and school-wide roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from portal.accounts import queries as accounts
from portal.accounts import services
from portal.accounts.models import MailFault, Role, SignInLink, User
from portal.accounts.protection import is_hidden
from portal.accounts.sign_in import queries as links
from portal.accounts.sign_in import services as sign_in
from portal.accounts.sign_in.letters import letter_for
from portal.accounts.users import queries
from portal.accounts.users.forms import ROLE_NAMES, AccountForm, EndRoleForm, RoleForm
from portal.errors import N_
from portal.people import Person, load_people
from portal.policy import Action
from portal.school.models import GuardianshipKind
from portal.text import clock
from portal.web.forms import render_form, tidy
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("users", __name__)

LONGEST_SEARCH = 100
MOST_FAULTS = 500
TIE_NAMES = {
    GuardianshipKind.CUSTODY: N_("Has custody"),
    GuardianshipKind.FOSTER: N_("Foster parent"),
    GuardianshipKind.HELPER: N_("Helper"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody in the list of people: the name others see, and what they are in a few words."""

    id: int
    name: str
    user_name: str
    what: str
    is_open: bool
    is_protected: bool


@bp.get("/users")
@guarded(Action.ACCOUNT_MANAGE)
def list_users() -> ResponseReturnValue:
    """Everybody with an account, by name; found by name, user name or e-mail."""
    text = str(tidy(request.args.get("q", "")))[:LONGEST_SEARCH]
    found = queries.list_users(text, after=row_in_address("after"), limit=queries.PEOPLE_PER_PAGE + 1)
    shown = found[: queries.PEOPLE_PER_PAGE]
    people = {person.id: person for person in load_people((user.id for user in shown), today=clock.today())}
    rows = [
        Found(
            user.id, user.name, user.user_name, _what(people.get(user.id)), user.is_active, is_hidden(user.protection)
        )
        for user in shown
    ]
    return render_template(
        "accounts/users/list_users.html",
        text=text,
        rows=rows,
        after=shown[-1].id if len(found) > len(shown) else None,
        fault_count=accounts.count_mail_faults(),
    )


def _what(person: Person | None) -> str:
    """What somebody is at the school today, in a few words."""
    if person is None:
        return ""
    words = [gettext(ROLE_NAMES[role]) for role in Role if role in person.roles]
    if person.is_pupil:
        words.append(gettext("Pupil"))
    if person.teams:
        words.append(gettext("Class team of %(classes)s", classes=", ".join(c.label for c in person.teams.values())))
    for name, is_helper in ((N_("Guardian of %(children)s"), False), (N_("Helper of %(children)s"), True)):
        children = [c.name for c in person.children if (c.kind == GuardianshipKind.HELPER) == is_helper]
        if children:
            words.append(gettext(name, children=", ".join(children)))
    return " · ".join(words) or gettext("No place at the school today")


@bp.route("/users/new", methods=["GET", "POST"])
@guarded(Action.ACCOUNT_MANAGE)
def new_user() -> ResponseReturnValue:
    """Open an account for somebody who is not in the school's files."""
    form = AccountForm()
    if form.validate_on_submit():
        with form.refusals():
            user = services.open_account(
                form.first_name.data,
                form.last_name.data,
                form.email.data,
                may_share=form.shares.data,
                actor=signed_in(),
                now=clock.now(),
            )
            said = gettext("The account of %(name)s is open.", name=user.name)
            return done(url_for(".show_user", user_id=user.id), said)
    is_shared = bool(form.errors and form.email.data and links.get_holder(form.email.data))
    return render_form("accounts/users/new_user.html", form=form, is_shared=is_shared)


@bp.get("/users/<int:user_id>")
@guarded(Action.ACCOUNT_MANAGE, load=accounts.get_user)
def show_user(user: User) -> ResponseReturnValue:
    """One account: who it is, what they may do, how they sign in."""
    return _user_page(user, RoleForm())


def _user_page(user: User, form: RoleForm) -> ResponseReturnValue:
    today, now = clock.today(), clock.now()
    person = next(iter(load_people([user.id], today=today)), None)
    link, fault = links.get_link_to_print(user.id), accounts.get_mail_fault(user.id)
    return render_form(
        "accounts/users/show_user.html",
        form=form,
        user=user,
        person=person,
        what=_what(person),
        tie_names=TIE_NAMES,
        is_protected=is_hidden(user.protection),
        role_names=ROLE_NAMES,
        roles=accounts.list_roles(user.id, today=today),
        link=link,
        link_until=clock.day_of(link.expires_at) if link else None,
        session_count=len(accounts.list_sessions(user.id, now=now)),
        helper_ties=queries.list_helper_ties(user.id, today=today),
        fault=fault,
        why=_why(fault) if fault else "",
    )


@bp.get("/users/undelivered")
@guarded(Action.ACCOUNT_MANAGE)
def list_undelivered() -> ResponseReturnValue:
    """Whom the portal's mail does not reach, so that the office can ask for another address."""
    faults = accounts.list_mail_faults(limit=MOST_FAULTS)
    rows = [(user, fault, _why(fault)) for user, fault in faults]
    return render_template("accounts/users/list_undelivered.html", rows=rows)


def _why(fault: MailFault | Row[*tuple[Any, ...]]) -> str:
    """Why a mail did not arrive: the mail server's code where it gave one, which its people can look up."""
    if fault.why.startswith("SMTP"):
        return gettext("the mail server said no: %(code)s", code=fault.why)
    return gettext("no mail can be sent to such an address")


@bp.post("/users/<int:user_id>/link")
@guarded(Action.ACCOUNT_MANAGE, load=accounts.get_user)
def make_link(user: User) -> ResponseReturnValue:
    """Make a sign-in link; links made before stop working."""
    sign_in.make_link(user, actor=signed_in(), now=clock.now())
    return done(url_for(".show_letter", user_id=user.id), gettext("The letter is ready to be printed."))


@bp.get("/users/<int:user_id>/letter")
@guarded(Action.LINK_PRINT, load=links.get_link_to_print)
def show_letter(link: SignInLink) -> ResponseReturnValue:
    """The letter with somebody's open sign-in link."""
    return render_template(
        "accounts/users/show_letter.html",
        letter=letter_for(link),
        user=link.user,
        is_for_child=accounts.is_pupil(link.user_id),
    )


@bp.post("/users/<int:user_id>/roles")
@guarded(Action.ACCOUNT_MANAGE, load=accounts.get_user)
def grant_role(user: User) -> ResponseReturnValue:
    """Give somebody a school-wide role."""
    form = RoleForm()
    if form.validate_on_submit():
        with form.refusals():
            services.grant_role(user, Role(form.role.data), actor=signed_in(), now=clock.now())
            return done(url_for(".show_user", user_id=user.id), gettext("The role holds from now on."))
    return _user_page(user, form)


@bp.post("/users/<int:user_id>/roles/end")
@guarded(Action.ACCOUNT_MANAGE, load=accounts.get_user)
def end_role(user: User) -> ResponseReturnValue:
    """Take a school-wide role away at once."""
    form = EndRoleForm(accounts.list_roles(user.id, today=clock.today()))
    if not form.validate_on_submit():
        abort(422)
    grant = accounts.get_role_grant(form.grant.data)
    if grant is None:
        abort(404)
    services.end_role(grant, actor=signed_in(), now=clock.now())
    return done(url_for(".show_user", user_id=user.id), gettext("The role has ended."))


@bp.post("/users/<int:user_id>/sessions/end")
@guarded(Action.ACCOUNT_MANAGE, load=accounts.get_user)
def end_user_sessions(user: User) -> ResponseReturnValue:
    """Sign somebody out everywhere."""
    sign_in.sign_out_everywhere(user, actor=signed_in(), now=clock.now())
    return done(
        url_for(".show_user", user_id=user.id), gettext("%(name)s is signed out on every device.", name=user.name)
    )


@bp.post("/users/<int:user_id>/close")
@guarded(Action.ACCOUNT_MANAGE, load=accounts.get_user)
def close_account(user: User) -> ResponseReturnValue:
    """Close an account: nobody can sign in to it any more."""
    services.close_account(user, actor=signed_in(), now=clock.now())
    return done(url_for(".show_user", user_id=user.id), gettext("The account of %(name)s is closed.", name=user.name))


@bp.post("/users/<int:user_id>/reopen")
@guarded(Action.ACCOUNT_MANAGE, load=accounts.get_user)
def reopen_account(user: User) -> ResponseReturnValue:
    """Open a closed account again."""
    services.reopen_account(user, actor=signed_in(), now=clock.now())
    return done(url_for(".show_user", user_id=user.id), gettext("The account of %(name)s is open.", name=user.name))
