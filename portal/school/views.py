"""The school at a glance, and the pages where classes, teams, representatives and helpers are entered."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.accounts.sign_in import queries as sign_in
from portal.accounts.sign_in.letters import letter_for
from portal.policy import Action
from portal.school import queries, services
from portal.school.at_a_glance import list_classes_at_a_glance
from portal.school.forms import (
    FUNCTION_NAMES,
    ClassForm,
    EndFosterParentForm,
    FosterParentForm,
    NewClassForm,
    RepresentativesForm,
    TeamMemberForm,
)
from portal.school.models import ClassYear, SchoolClass, TeamFunction, TeamMember
from portal.school.services import ClassName
from portal.school.terms import open_years, until_successors
from portal.school.year_groups.queries import list_years
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

bp = Blueprint("school", __name__, url_prefix="/school")


@bp.get("/")
@guarded(Action.SCHOOL_OVERVIEW)
def show_school() -> ResponseReturnValue:
    """The school at a glance: every class, and what is missing in it."""
    today = clock.today()
    classes = list_classes_at_a_glance(today=today)
    return render_template(
        "school/show_school.html",
        classes=classes,
        school_year=clock.school_year_name(clock.school_year(today)),
        pupil_count=sum(c.pupil_count for c in classes),
        unnamed=[c for c in classes if not c.is_named],
    )


@bp.route("/classes/new", methods=["GET", "POST"])
@guarded(Action.SCHOOL_MANAGE)
def new_class() -> ResponseReturnValue:
    """Make a class that is not in the school's files yet."""
    form = NewClassForm(open_years(clock.today()))
    if form.validate_on_submit():
        with form.refusals():
            services.open_class(
                form.name,
                form.school_year.data,
                external_id=form.external_id.data or "",
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_school"), gettext("%(label)s has been made.", label=form.name.label))
    return render_form("school/new_class.html", form=form)


@bp.route("/classes/<int:class_id>/edit", methods=["GET", "POST"])
@guarded(Action.CLASS_EDIT, load=queries.get_class)
def edit_class(school_class: SchoolClass) -> ResponseReturnValue:
    """Change what a class is called and its grades, from May on for the next school year as well."""
    today = clock.today()
    year = clock.school_year(today)
    known = queries.list_class_years(school_class.id)
    this, following = _name(known.get(year)), _name(known.get(year + 1))
    form = ClassForm(
        this,
        following or (services.name_for_next_year(this) if this else None),
        is_next_open=len(open_years(today)) > 1,
    )
    if form.validate_on_submit():
        with form.refusals():
            services.name_class(school_class, form.names(year), actor=signed_in(), now=clock.now())
            return done(url_for(".show_school"), gettext("The names of the class are saved."))
    return render_form(
        "school/edit_class.html",
        form=form,
        school_class=school_class,
        this_year=clock.school_year_name(year),
        next_year=clock.school_year_name(year + 1),
        ref=queries.get_class_ref(school_class.id, today=today),
    )


def _name(year: ClassYear | None) -> ClassName | None:
    return ClassName(year.label, year.lowest_grade, year.highest_grade) if year else None


@bp.get("/classes/<int:class_id>/team")
@guarded(Action.CLASS_APPOINT, load=queries.get_class)
def show_team(school_class: SchoolClass) -> ResponseReturnValue:
    """A class's team, with functions and dates: of today, and those who come later."""
    today = clock.today()
    team = queries.list_team(school_class.id, today=today)
    return render_template(
        "school/show_team.html",
        school_class=school_class,
        ref=queries.get_class_ref(school_class.id, today=today),
        team=[m for m in team if m.starts_on <= today],
        later=[m for m in team if m.starts_on > today],
        function_names=FUNCTION_NAMES,
    )


@bp.route("/classes/<int:class_id>/team/new", methods=["GET", "POST"])
@guarded(Action.CLASS_EDIT, load=queries.get_class)
def new_team_member(school_class: SchoolClass) -> ResponseReturnValue:
    """Give somebody a place in a class team; from May on also in the next school year's."""
    today = clock.today()
    form = TeamMemberForm(starts_on=today)
    if form.validate_on_submit():
        with form.refusals():
            services.add_team_member(
                school_class,
                form.user,
                TeamFunction(form.function.data),
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(
                url_for(".show_team", class_id=school_class.id),
                gettext("%(name)s is in the team from the first day on.", name=form.user.name),
            )
    return render_form(
        "school/new_team_member.html",
        form=form,
        staff=queries.list_staff(today=today),
        ref=queries.get_class_ref(school_class.id, today=today),
        next_year_begins=clock.first_day(open_years(today)[-1]) if len(open_years(today)) > 1 else None,
    )


@bp.post("/team-members/<int:member_id>/end")
@guarded(Action.CLASS_EDIT, load=queries.get_team_member)
def end_team_member(member: TeamMember) -> ResponseReturnValue:
    """End somebody's place in a class team at once."""
    class_id = member.class_id
    services.end_team_member(member, actor=signed_in(), now=clock.now())
    return done(url_for(".show_team", class_id=class_id), gettext("That place has ended."))


@bp.route("/classes/<int:class_id>/representatives", methods=["GET", "POST"])
@guarded(Action.CLASS_APPOINT, load=queries.get_class)
def edit_representatives(school_class: SchoolClass) -> ResponseReturnValue:
    """Enter whom the class's parents have chosen."""
    today = clock.today()
    guardians = queries.list_guardians(school_class.id, today=today)
    now_chosen = queries.list_representatives(school_class.id, today=today)
    form = RepresentativesForm(guardians, now_chosen)
    if form.validate_on_submit():
        with form.refusals():
            services.choose_representatives(
                school_class, form.guardians.data, seen=form.seen.data, actor=signed_in(), now=clock.now()
            )
            return done(
                url_for("home.show_class", class_id=school_class.id), gettext("The parents' representatives are saved.")
            )
        form.look_again(queries.list_representatives(school_class.id, today=today))
    return render_form(
        "school/edit_representatives.html",
        form=form,
        guardians=guardians,
        most=services.MOST_REPRESENTATIVES,
        until=until_successors(today),
        ref=queries.get_class_ref(school_class.id, today=today),
        years=list_years(school_class.id, today=today),
    )


@bp.get("/classes/<int:class_id>/letters")
@guarded(Action.CLASS_EDIT, load=queries.get_class)
def show_letters(school_class: SchoolClass) -> ResponseReturnValue:
    """The class's invitation letters, one on each sheet, for guardians who have no password yet."""
    today = clock.today()
    ref = queries.get_class_ref(school_class.id, today=today)
    waiting = [g for g in queries.list_guardians(school_class.id, today=today) if g.user.password_hash is None]
    links = sign_in.list_open_links([guardian.user.id for guardian in waiting], now=clock.now())
    letters = [
        letter_for(links[g.user.id], about=f"{', '.join(g.children)}, {ref.label}")
        for g in waiting
        if g.user.id in links
    ]
    return render_template(
        "school/show_letters.html", ref=ref, letters=letters, missing_count=len(waiting) - len(letters)
    )


@bp.post("/classes/<int:class_id>/letters")
@guarded(Action.CLASS_EDIT, load=queries.get_class)
def make_letters(school_class: SchoolClass) -> ResponseReturnValue:
    """Make the links of all guardians of the class who have neither a password nor an open link."""
    guardians = queries.list_guardians(school_class.id, today=clock.today())
    made = services.make_letters([g.user for g in guardians], actor=signed_in(), now=clock.now())
    return done(
        url_for(".show_letters", class_id=school_class.id),
        ngettext("%(num)s new letter is ready.", "%(num)s new letters are ready.", made),
    )


@bp.route("/classes/<int:class_id>/foster-parents", methods=["GET", "POST"])
@guarded(Action.CLASS_EDIT, load=queries.get_class)
def edit_foster_parents(school_class: SchoolClass) -> ResponseReturnValue:
    """The foster parents of a class's children, who are entered by the office."""
    today = clock.today()
    form = FosterParentForm(queries.list_pupils(school_class.id, today=today))
    if form.validate_on_submit():
        with form.refusals():
            services.add_foster_parent(form.pupil.data, form.user, actor=signed_in(), now=clock.now())
            return done(
                url_for(".edit_foster_parents", class_id=school_class.id),
                gettext("%(name)s sees what the child's guardians see, from now on.", name=form.user.name),
            )
    return render_form(
        "school/edit_foster_parents.html",
        form=form,
        ties=queries.list_foster_ties(school_class.id, today=today),
        ref=queries.get_class_ref(school_class.id, today=today),
    )


@bp.post("/classes/<int:class_id>/foster-parents/end")
@guarded(Action.CLASS_EDIT, load=queries.get_class)
def end_foster_parent(school_class: SchoolClass) -> ResponseReturnValue:
    """End a foster parent's tie to a child of the class."""
    today = clock.today()
    ties = {tie.id: tie for tie in queries.list_foster_ties(school_class.id, today=today)}
    form = EndFosterParentForm(ties.values())
    if not form.validate_on_submit():
        abort(422)
    services.end_foster_parent(ties[form.tie.data], actor=signed_in(), now=clock.now())
    return done(url_for(".edit_foster_parents", class_id=school_class.id), gettext("That tie has ended."))
