"""The pages of whole-class events: what is coming, one event with its question, making and changing it, the answers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue

from portal.events import attendance, queries, services
from portal.events.attendance import ChildAnswer, Company
from portal.events.audience.presenters import classes_in_words, is_invited, who_for, will_be_invited
from portal.events.audience.queries import count_children, count_invited, list_class_refs
from portal.events.forms import (
    KIND_NAMES,
    AnswerForm,
    CompanyForm,
    EditEventForm,
    HomesAnswerForm,
    NewEventForm,
)
from portal.events.models import Answer, AnyEvent, Audience, ClassEvent, EventToRead, can_be_asked_about, is_still_on
from portal.events.organisers.presenters import shown_organisers
from portal.events.organisers.queries import list_organisers_for
from portal.events.past.again import again_url
from portal.events.past.queries import count_last_time
from portal.events.presenters import (
    answer_in_words,
    aula_text,
    coming_events,
    own_children,
    progress_in_words,
    reach_in_words,
    unsent_line,
)
from portal.events.queries import Progress
from portal.events.questions.queries import list_shown
from portal.events.sending.queries import count_reach
from portal.events.sending.services import KEPT_FOR
from portal.events.services import Invited
from portal.events.year.presenters import made_again
from portal.events.year.queries import list_a_year_ago
from portal.fixed_days.presenters import on_this_week
from portal.people import ClassRef, Person
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.school.year_groups.queries import get_year_group, list_year_group_refs, list_years
from portal.settings import Settings
from portal.text import clock, richtext
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("events", __name__, url_prefix="/events")


@bp.get("/")
@guarded(Action.PORTAL_USE)
def list_events() -> ResponseReturnValue:
    """Everything that is coming in one's own classes and in those of children one helps with, or in one class."""
    person = signed_in()
    ref = _class_asked_for(person)
    class_ids = [ref.id] if ref else list(person.event_classes)
    after = _event_asked_for(person, "after")
    found = coming_events(person, class_ids, now=clock.now(), limit=queries.EVENTS_PER_PAGE + 1, after=after)
    events = found[: queries.EVENTS_PER_PAGE]
    return render_template(
        "events/list_events.html",
        ref=ref,
        events=events,
        unsent=[] if after else [unsent_line(event) for event in queries.list_unsent(person, now=clock.now())],
        fixed=None if after else on_this_week(clock.today()),
        after=events[-1].id if len(found) > len(events) else 0,
        may_invite=[ref for ref in person.classes.values() if can(person, Action.EVENT_CREATE, ref)],
    )


def _class_asked_for(person: Person) -> ClassRef | None:
    """The one class whose events the address asks for, when the person may read its news or belongs to it."""
    class_id = row_in_address("class_id")
    ref = school.get_class_to_read(class_id) if class_id else None
    return ref if ref is not None and can(person, Action.EVENT_FEED, ref) else None


def _event_asked_for(person: Person, name: str) -> ClassEvent | None:
    """The event that the address names, when the person may see it."""
    event_id = row_in_address(name)
    event = queries.get_event(event_id) if event_id else None
    return event if event is not None and can(person, Action.EVENT_VIEW, event) else None


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.EVENT_CREATE, load=school.get_class)
def new_event(school_class: SchoolClass) -> ResponseReturnValue:
    """Prepare something for a whole class, new or done before; it is looked at before it is sent."""
    person, now, today = signed_in(), clock.now(), clock.today()
    ref = school.get_class_ref(school_class.id, today=today)
    others = _others_to_invite(person, ref)
    form = NewEventForm(others, before=_event_asked_for(person, "again"))
    class_ids = frozenset({school_class.id, *form.also_class_ids})
    chosen = [ref, *(other for other in others if other.id in class_ids)]
    return plan_event(
        "events/new_event.html",
        Invited(Audience.CLASSES, class_ids),
        form,
        audience=will_be_invited(
            Audience.CLASSES,
            classes_in_words([one.label for one in chosen]),
            count_children(class_ids, today=today),
        ),
        ref=ref,
        a_year_ago=[] if row_in_address("again") else made_again(list_a_year_ago(ref.id, now=now), ref.id, now=now),
        years=[
            year_group
            for year in list_years(ref.id, today=today)
            if (year_group := get_year_group(year.id)) is not None and can(person, Action.EVENT_CREATE_YEAR, year_group)
        ],
    )


def _others_to_invite(person: Person, ref: ClassRef) -> list[ClassRef]:
    """The other classes that the person may invite together with this one."""
    of_years = [other for year in person.year_groups for other in list_year_group_refs(year, today=clock.today())]
    known = {other.id: other for other in (*person.classes.values(), *of_years)}
    return [other for other in known.values() if other.id != ref.id and can(person, Action.EVENT_CREATE_ALSO, other)]


def plan_event(template: str, invited: Invited, form: NewEventForm | None = None, **shown: Any) -> ResponseReturnValue:
    """The page on which an event for this audience is planned, and its form; `again` in the address fills it."""
    before = _event_asked_for(signed_in(), "again")
    form = form or NewEventForm((), before=before)
    if form.validate_on_submit():
        with form.refusals():
            event = services.create_event(invited, form.plan, most_cost=most_cost(), actor=signed_in(), now=clock.now())
            return done(url_for("events.show_event", event_id=event.id))
    last_time = count_last_time(before, today=clock.now()) if before is not None else None
    return render_form(template, form=form, last_time=last_time, **shown)


@bp.get("/<int:event_id>")
@guarded(Action.EVENT_VIEW, load=queries.get_event_to_read)
def show_event(event: EventToRead) -> ResponseReturnValue:
    """One event: the question for one's own children, who comes, and what to know; a preview until it is out."""
    return event_page(event)


@bp.route("/<int:event_id>/edit", methods=["GET", "POST"])
@guarded(Action.EVENT_EDIT, load=queries.get_event)
def edit_event(event: ClassEvent) -> ResponseReturnValue:
    """Change or move an event; the second of two who edit it gets both texts."""
    form = EditEventForm(event)
    if form.validate_on_submit():
        with form.refusals():
            services.edit_event(
                event, form.plan, version=form.version.data, most_cost=most_cost(), actor=signed_in(), now=clock.now()
            )
            saved = gettext("Saved. The answers are kept.") if event.is_out else gettext("Saved.")
            return done(url_for(".show_event", event_id=event.id), saved)
    form.go_on_from(event.version)
    today = clock.today()
    who = who_for(event, signed_in(), today=today)
    audience = (is_invited if event.is_out else will_be_invited)(
        event.audience, who.labels, count_invited(event, today=today)
    )
    return render_form("events/edit_event.html", form=form, event=event, who=who, audience=audience)


@bp.post("/<int:event_id>/cancel")
@guarded(Action.EVENT_EDIT, load=queries.get_event)
def cancel_event(event: ClassEvent) -> ResponseReturnValue:
    """Call an event off."""
    services.cancel_event(event, actor=signed_in(), now=clock.now())
    return done(url_for(".show_event", event_id=event.id), gettext("The event is cancelled. Everybody can see that."))


@bp.get("/<int:event_id>/attendance")
@guarded(Action.EVENT_EDIT, load=queries.get_event_to_read)
def show_attendance(event: EventToRead) -> ResponseReturnValue:
    """Who comes, on paper, for organisers and team: nobody else's name is on it."""
    today = clock.today()
    counted = [home for home in attendance.list_company(event, today=today) if home.is_counted]
    children = attendance.list_answers(event, today=today)
    return render_template(
        "events/show_attendance.html",
        event=event,
        who=who_for(event, signed_in(), today=today),
        labels=labels if len(labels := {ref.id: ref.label for ref in list_class_refs(event, today=today)}) > 1 else {},
        coming=[child for child in children if child.answer == Answer.ACCEPTED],
        adults=sum(home.adults for home in counted),
        siblings=sum(home.siblings for home in counted) if event.siblings_welcome else 0,
    )


@bp.get("/<int:event_id>/aula-text")
@guarded(Action.EVENT_EDIT, load=queries.get_event_to_read)
def show_aula_text(event: EventToRead) -> ResponseReturnValue:
    """The invitation as text for Aula, with the day and the way to the answer."""
    settings: Settings = current_app.extensions["portal.settings"]
    link = settings.base_url + url_for(".show_event", event_id=event.id)
    return render_template("events/show_aula_text.html", event=event, plain=aula_text(event, link))


@bp.post("/<int:event_id>/answers/choose")
@guarded(Action.EVENT_ANSWER, load=queries.get_event)
def choose_answer(event: ClassEvent) -> ResponseReturnValue:
    """Answer for one's own child with one press, here or on the front page."""
    person = signed_in()
    names = {child.pupil_id: child.name for child in person.children_in(event.class_ids)}
    form = AnswerForm(names)
    if form.validate_on_submit():
        with form.refusals():
            answer = Answer(form.answer.data)
            services.answer_event(
                event, form.pupil_id.data, answer, seen=form.seen.data or "", actor=person, now=clock.now()
            )
            thanks = gettext("Thank you. %(what)s.", what=answer_in_words(names[form.pupil_id.data], answer))
            return done(_after_answer(event.id, answer), thanks)
    return event_page(event, form)


def _after_answer(event_id: int, answer: Answer) -> str:
    """Back to the front page if that is where it was pressed; after a yes to the event, to say who comes along."""
    if request.form.get("from") == "home" and answer != Answer.ACCEPTED:
        return url_for("home.show_home")
    return url_for(".show_event", event_id=event_id)


@bp.post("/<int:event_id>/company")
@guarded(Action.EVENT_ANSWER, load=queries.get_event)
def change_company(event: ClassEvent) -> ResponseReturnValue:
    """Say how many adults and siblings come along from one's own home."""
    form = _without_uninvited(event, CompanyForm())
    if form.validate_on_submit():
        with form.refusals():
            services.count_company(
                event,
                adults=form.adults.data,
                siblings=form.siblings.data if form.siblings else 0,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_event", event_id=event.id), gettext("Saved. Thank you, that helps a lot."))
    return event_page(event, form)


@bp.get("/<int:event_id>/answers")
@guarded(Action.EVENT_ANSWERS, load=queries.get_event_to_read)
def list_answers(event: EventToRead) -> ResponseReturnValue:
    """Who has not answered, for the class team: to help, and not to shame."""
    children = _children_of_team(event)
    return _answers_page(event, HomesAnswerForm(_full_names(children), asked_anew=event.asked_anew), children)


@bp.post("/<int:event_id>/answers/change")
@guarded(Action.EVENT_ANSWERS, load=queries.get_event)
def change_answer(event: ClassEvent) -> ResponseReturnValue:
    """Enter for a home what it has told the class team."""
    children = _children_of_team(event)
    form = HomesAnswerForm(_full_names(children), asked_anew=event.asked_anew)
    if form.validate_on_submit():
        with form.refusals():
            services.answer_event(
                event,
                form.pupil_id.data,
                Answer(form.answer.data),
                seen=form.seen.data or "",
                actor=signed_in(),
                now=clock.now(),
                is_by_team=True,
            )
            return done(url_for(".list_answers", event_id=event.id), gettext("The home's answer is entered."))
    form.go_on_from(event.asked_anew, seen="seen")
    return _answers_page(event, form, children)


def _children_of_team(event: AnyEvent) -> list[ChildAnswer]:
    """The children of the reader's own classes: another team's homes are not theirs to look after."""
    teams = signed_in().teams
    return [child for child in attendance.list_answers(event, today=clock.today()) if child.class_id in teams]


def _full_names(children: list[ChildAnswer]) -> list[tuple[int, str]]:
    """The children to choose from; first those without an answer, then those who gave theirs before it was moved."""
    ordered = sorted(children, key=lambda child: (child.answer != Answer.NEEDS_ACTION, not child.is_before_move))
    return [(child.pupil_id, child.full_name) for child in ordered]


def _answers_page(event: AnyEvent, form: HomesAnswerForm, children: list[ChildAnswer]) -> ResponseReturnValue:
    groups = [
        (title, [child for child in children if child.answer == answer])
        for answer, title in (
            (Answer.ACCEPTED, gettext("Coming")),
            (Answer.TENTATIVE, gettext("Maybe")),
            (Answer.DECLINED, gettext("Not coming")),
        )
    ]
    waiting = [child for child in children if child.answer == Answer.NEEDS_ACTION]
    return render_form(
        "events/list_answers.html",
        form=form,
        event=event,
        groups=groups,
        waiting=waiting,
        progress=(progress := _progress(children)),
        progress_in_words=progress_in_words(progress),
        is_open=_is_open(event),
        who=who_for(event, signed_in(), today=clock.today()),
    )


def event_page(event: AnyEvent, form: Form | None = None) -> ResponseReturnValue:
    """The page of an event, with what was refused when something was."""
    person, today = signed_in(), clock.today()
    organisers, is_asked = list_organisers_for(event, person.id, today=today)
    children = attendance.list_answers(event, today=today)
    company = attendance.list_company(event, today=today, reader_id=person.id)
    counted = [home for home in company if home.is_counted]
    own = own_children(event, person, children) if event.is_out else []
    mine = next((home for home in company if person.id in home.adult_ids), None)
    brings_company = _is_open(event) and any(child.answer == Answer.ACCEPTED for child in own)
    coming = [child for child in children if child.answer == Answer.ACCEPTED]
    is_past = event.starts_at <= clock.now()
    return render_form(
        "events/show_event.html",
        form=form,
        event=event,
        own=own,
        is_open=_is_open(event),
        reach=None if event.is_out else reach_in_words(count_reach(event, today=today)),
        deleted_after=event.last_touched_at + KEPT_FOR,
        is_past=is_past,
        is_on=is_still_on(event, clock.now()),
        is_asked_about=can_be_asked_about(event, clock.now()) and bool(organisers or not event.is_cancelled),
        again=again_url(person, event, _own_of(person, event)) if is_past else "",
        who=who_for(event, person, today=today),
        organisers=shown_organisers(organisers, person),
        is_asked=is_asked,
        questions=list_shown(event.id, person.id),
        text=richtext.render(event.description),
        kind=gettext(KIND_NAMES[event.kind]),
        coming=len(coming),
        names=_names_for(person, coming),
        maybe=sum(child.answer == Answer.TENTATIVE for child in children),
        adults=sum(home.adults for home in counted),
        siblings=sum(home.siblings for home in counted) if event.siblings_welcome else 0,
        progress=(progress := _progress(children)),
        progress_in_words=progress_in_words(progress),
        company_form=_company_form(event, mine, form) if brings_company else None,
        has_counted=mine is not None,
        is_deadline_over=event.rsvp_deadline is not None and event.rsvp_deadline < today,
    )


def _names_for(person: Person, coming: list[ChildAnswer]) -> list[str]:
    """The names of those who come from the classes that the reader may follow."""
    of_class = {child.class_id: child for child in coming}
    followed = {class_id for class_id, one in of_class.items() if can(person, Action.EVENT_FEED, one)}
    return [child.name for child in coming if child.class_id in followed]


def _own_of(person: Person, event: AnyEvent) -> list[ClassRef]:
    """The reader's own classes among the invited."""
    return [ref for ref in person.classes.values() if ref.id in event.class_ids]


def _progress(children: list[ChildAnswer]) -> Progress:
    given = [child for child in children if child.answer != Answer.NEEDS_ACTION]
    return Progress(len(children), len(given), sum(child.is_before_move for child in given))


def _company_form(event: AnyEvent, mine: Company | None, refused: Form | None) -> CompanyForm:
    """The form that was refused, or one with what this home has said before, or with one adult to begin with."""
    if isinstance(refused, CompanyForm):
        return refused
    data = {"adults": mine.adults, "siblings": mine.siblings} if mine else {"adults": 1}
    return _without_uninvited(event, CompanyForm(formdata=None, data=data))


def _without_uninvited(event: AnyEvent, form: CompanyForm) -> CompanyForm:
    if not event.siblings_welcome:
        del form.siblings
    return form


def _is_open(event: AnyEvent) -> bool:
    return event.is_out and not event.is_cancelled and event.starts_at > clock.now()


def most_cost() -> int:
    """What an event may cost a child at most."""
    settings: Settings = current_app.extensions["portal.settings"]
    return settings.most_cost_per_child
