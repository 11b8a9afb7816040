"""Writing to the homes: the draft that saves itself, the preview, sending now or later, correcting and taking back."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.database.transactions import reading_only
from portal.name_guard.guard import NamesFound, look_for_names
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.models import SchoolClass
from portal.school.text_templates.models import TemplateKind, TextTemplate
from portal.school.text_templates.queries import list_templates
from portal.settings import Settings
from portal.strategy import queries as strategy
from portal.strategy.presenters import points_by_section
from portal.text import clock, richtext
from portal.text.redline import redline_html
from portal.updates import presenters, queries, services
from portal.updates.desk import queries as writing_queries
from portal.updates.desk.sending import Ready, agreed_words, read_correction, read_over
from portal.updates.forms import (
    ClausesForm,
    CorrectForm,
    EditUpdateForm,
    NewUpdateForm,
    ScheduleForm,
    SendForm,
    UnfinishedForm,
)
from portal.updates.headings import HEADINGS, under_headings, without_unfilled
from portal.updates.models import UpdateState, WellbeingUpdate
from portal.web.dates import calendar
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

bp = Blueprint("desk", __name__)

#: Tells the line under a text from every other answer, such as the sign-in page (portal/static/saved_line.js).
SAVED_LINE = {"Portal-Part": "saved-line"}


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.UPDATE_WRITE, load=school.get_class)
def draft_update(school_class: SchoolClass) -> ResponseReturnValue:
    """Write news to a class's homes, under headings, from one of the school's templates or on an empty page."""
    templates = list_templates(TemplateKind.UPDATE)
    form = NewUpdateForm(_first_lines(templates))
    if form.validate_on_submit():
        with form.refusals():
            draft = services.draft_update(
                school_class, title=form.title.data, body=form.text, actor=signed_in(), now=clock.now()
            )
            return done(url_for(".show_preview", update_id=draft.id), _saved())
    ref = school.get_class_ref(school_class.id, today=clock.today())
    return render_form(
        "updates/desk/draft_update.html",
        form=form,
        ref=ref,
        audience=presenters.audience_in_words(ref),
        start=request.args.get("start", "headings"),
        starts=[
            ("headings", gettext("Four headings")),
            *((str(each.id), each.title) for each in templates),
            ("empty", gettext("An empty page")),
        ],
    )


def _first_lines(templates: Iterable[TextTemplate]) -> str:
    """What stands on the page from the start: a template or nothing where one was asked for, else the headings."""
    start = request.args.get("start", "")
    if start == "empty":
        return ""
    chosen = next((template.body for template in templates if str(template.id) == start), "")
    return chosen or under_headings(tuple(gettext(heading) for heading in HEADINGS))


@bp.post("/classes/<int:class_id>/save")
@guarded(Action.UPDATE_WRITE, load=school.get_class)
def save_new_update(school_class: SchoolClass) -> ResponseReturnValue:
    """Keep what is being written for the first time, while it is being written."""
    form = UnfinishedForm()
    if not form.validate_on_submit() or not (form.title.data or without_unfilled(form.text)):
        return _not_saved(form, gettext("Nothing is saved yet."))
    draft = services.draft_update(
        school_class, title=form.title.data or "", body=form.text, actor=signed_in(), now=clock.now()
    )
    return done(url_for(".show_saved", update_id=draft.id))


@bp.route("/<int:update_id>/edit", methods=["GET", "POST"])
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def edit_update(draft: WellbeingUpdate) -> ResponseReturnValue:
    """Change a draft; the second of two who edit it gets both texts. What has been sent is corrected instead."""
    if request.method != "POST" and not draft.is_unsent:
        return redirect(url_for(".correct_update" if draft.is_published else ".show_preview", update_id=draft.id), 303)
    form = EditUpdateForm(draft.body, title=draft.title, version=draft.version)
    if form.validate_on_submit():
        with form.refusals():
            services.edit_update(draft, form.title.data, form.text, version=form.version.data, now=clock.now())
            return done(url_for(".show_preview", update_id=draft.id), _saved())
    form.go_on_from(draft.version)
    ref = presenters.ref_of(draft, signed_in())
    return render_form(
        "updates/desk/edit_update.html", form=form, update=draft, ref=ref, audience=presenters.audience_in_words(ref)
    )


@bp.post("/<int:update_id>/save")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def save_update(draft: WellbeingUpdate) -> ResponseReturnValue:
    """Keep what is being written, while it is being written. Never on top of what a colleague has saved.

    What waits for its hour is saved by the button alone: a pause in writing is no text to be sent.
    """
    form = UnfinishedForm(draft.body)
    if draft.state == UpdateState.SCHEDULED:
        return _not_saved(form, gettext("This text has an hour, so it is saved by the button only."))
    if form.validate_on_submit():
        with form.refusals():
            services.edit_update(draft, form.title.data or "", form.text, version=form.version.data, now=clock.now())
            return done(url_for(".show_saved", update_id=draft.id))
    if form.status == HTTPStatus.CONFLICT:
        return _not_saved(
            form, gettext("A colleague has saved meanwhile. Go on to “See how it will look” to get both texts.")
        )
    return _not_saved(form, gettext("Not saved. Go on to “See how it will look” to see why."))


def _not_saved(form: UnfinishedForm, why: str) -> ResponseReturnValue:
    """The line under the text, with the reason; the next pause in writing tries again."""
    status = form.status if form.errors else HTTPStatus.OK
    line = render_template(
        "updates/desk/show_saved.html", update=None, version=form.version.data, why=why, url=request.path
    )
    return line, status, SAVED_LINE


@bp.get("/<int:update_id>/saved")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def show_saved(draft: WellbeingUpdate) -> ResponseReturnValue:
    """The line under the text that says it is kept, and since when: a part of the page, fetched while one writes."""
    line = gettext("Saved %(when)s", when=calendar().time_of_day(clock.local(clock.now())))
    page = render_template(
        "updates/desk/show_saved.html",
        update=draft,
        version=draft.version,
        why=line,
        url=url_for(".save_update", update_id=draft.id),
    )
    return page, HTTPStatus.OK, {"HX-Replace-Url": url_for(".edit_update", update_id=draft.id), **SAVED_LINE}


def _saved() -> str:
    return gettext("Saved. Only your team can see it yet.")


@bp.get("/<int:update_id>/preview")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def show_preview(update: WellbeingUpdate) -> ResponseReturnValue:
    """How it will look, who will get it, whom it names, and the press that sends it."""
    return _preview_page(update, SendForm(others=_others(update), version=update.version, formdata=None))


def _others(update: WellbeingUpdate) -> list[tuple[int, str]]:
    """The classes of the same year that the reader may send to as well, with how many homes that is."""
    others = writing_queries.list_year_group(update.class_id, list(signed_in().teams), today=clock.today())
    return [(each.ref.id, presenters.audience_of(each.ref.label, each.guardians, each.children)) for each in others]


def _names_in(update: WellbeingUpdate, form: SendForm) -> NamesFound:
    class_ids = [update.class_id, *form.also_class_ids]
    return look_for_names(update.title, update.body, class_ids, reader=signed_in(), today=clock.today())


def _preview_page(update: WellbeingUpdate, form: SendForm) -> ResponseReturnValue:
    person = signed_in()
    ref = presenters.ref_of(update, person)
    names = _names_in(update, form)
    agreed = agreed_words(writing_queries.get_confirmation(update)) if names.must_agree else ()
    form.ask_about(names)
    form.go_on_from(update.version)
    if form.status == HTTPStatus.CONFLICT and form.agreed:
        form.agreed.data = None  # another text than the one that was looked at: nothing is agreed to in it yet
    if update.publish_at is not None and form.day.raw_data is None:
        publish_at = clock.local(update.publish_at)
        form.day.data, form.wall_time.data = publish_at.date(), publish_at.time()
    return render_form(
        "updates/desk/show_preview.html",
        form=form,
        update=update,
        ref=ref,
        text=richtext.render(without_unfilled(update.body)),
        audience=presenters.audience_in_words(ref),
        may_be=names.may_be,
        has_agreed=not names.beyond(agreed),
        agreed=agreed,
        clauses=presenters.list_clauses(update.id),
        sent_along=presenters.list_sent_along(update, person),
        is_scheduled=update.state == UpdateState.SCHEDULED,
        is_withdrawn=update.state == UpdateState.WITHDRAWN,
        is_published=update.is_published,
    )


@bp.post("/<int:update_id>/publish")
@guarded(Action.UPDATE_PUBLISH, load=queries.get_update)
def publish_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Send it to the homes now."""
    form = SendForm(others=_others(update))
    if form.validate_on_submit():
        with form.refusals():
            services.publish_update(update, _read_over(update, form), actor=signed_in(), now=clock.now())
            return done(
                url_for("updates.show_update", update_id=update.id), _sent_to([update.class_id, *form.also_class_ids])
            )
    with reading_only():
        return _preview_page(update, form)


def _read_over(update: WellbeingUpdate, form: SendForm) -> Ready:
    """The text as it will be sent, read over while others write."""
    with reading_only():
        return read_over(update, form.sending, today=clock.today())


@bp.post("/<int:update_id>/schedule")
@guarded(Action.UPDATE_PUBLISH, load=queries.get_update)
def schedule_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Let it go out by itself at an hour."""
    form = ScheduleForm(others=_others(update))
    if form.validate_on_submit():
        with form.refusals():
            services.schedule_update(
                update,
                _read_over(update, form),
                day=form.day.data,
                wall_time=form.wall_time.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_preview", update_id=update.id), gettext("It goes out by itself at that hour."))
    with reading_only():
        return _preview_page(update, form)


@bp.post("/<int:update_id>/schedule/cancel")
@guarded(Action.UPDATE_PUBLISH, load=queries.get_update)
def cancel_schedule(update: WellbeingUpdate) -> ResponseReturnValue:
    """Let it wait again, as a draft without an hour."""
    services.cancel_schedule(update, actor=signed_in(), now=clock.now())
    return done(url_for(".show_preview", update_id=update.id), gettext("It waits now. Nothing goes out by itself."))


@bp.route("/<int:update_id>/correct", methods=["GET", "POST"])
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def correct_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Put other words in front of the homes, marked as corrected."""
    form = CorrectForm(update.body, title=update.title, version=update.version)
    if form.validate_on_submit():
        with form.refusals():
            with reading_only():
                ready = read_correction(update, form.title.data, form.text, form.sending, today=clock.today())
            services.correct_update(
                update, ready, tells_again=form.tells_again.data, actor=signed_in(), now=clock.now()
            )
            return done(
                url_for("updates.show_update", update_id=update.id), gettext("Corrected. The homes see the new words.")
            )
    with reading_only():  # also after a refusal: to look for names takes time, and others may write meanwhile
        return _correction_page(update, form)


def _correction_page(update: WellbeingUpdate, form: CorrectForm) -> ResponseReturnValue:
    form.go_on_from(update.version)
    _ask_about_names_typed(form, update)
    return render_form(
        "updates/desk/correct_update.html", form=form, update=update, ref=presenters.ref_of(update, signed_in())
    )


def _ask_about_names_typed(form: CorrectForm, update: WellbeingUpdate) -> None:
    title, body = form.title.data or "", form.text
    form.ask_about(look_for_names(title, body, [update.class_id], reader=signed_in(), today=clock.today()))


@bp.get("/<int:update_id>/revisions")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def list_revisions(update: WellbeingUpdate) -> ResponseReturnValue:
    """Every wording the homes could read, with what was changed each time; for the team."""
    wordings = writing_queries.list_wordings(update.id)
    changes = [
        (newer, redline_html(older.body, newer.body, added=gettext("added"), removed=gettext("removed")))
        for newer, older in zip(wordings, wordings[1:], strict=False)
    ]
    return render_template(
        "updates/desk/list_revisions.html",
        update=update,
        ref=presenters.ref_of(update, signed_in()),
        changes=changes,
        first=wordings[-1] if wordings else None,
    )


@bp.route("/<int:update_id>/clauses", methods=["GET", "POST"])
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def edit_clauses(update: WellbeingUpdate) -> ResponseReturnValue:
    """Say which promises of the strategy the text is about."""
    edition = strategy.get_current()
    sections = points_by_section(strategy.list_text(edition.id)) if edition else []
    choices = [choice for _, promises in sections for choice in promises]
    form = ClausesForm(choices, keys=writing_queries.list_clause_keys(update.id))
    if form.validate_on_submit():
        with form.refusals():
            services.point_at_clauses(update, form.keys.data)
            return done(url_for("updates.show_update", update_id=update.id), gettext("Saved."))
    return render_form(
        "updates/desk/edit_clauses.html",
        form=form,
        update=update,
        sections=sections,
        chosen=set(form.keys.data or ()),
        ref=presenters.ref_of(update, signed_in()),
    )


@bp.get("/<int:update_id>/aula-text")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def show_aula_text(update: WellbeingUpdate) -> ResponseReturnValue:
    """The text as Aula takes it: plain, with the way back. Only once it has been sent, its names agreed to."""
    if not update.is_published:
        return redirect(url_for(".show_preview", update_id=update.id), 303)
    settings: Settings = current_app.extensions["portal.settings"]
    link = settings.base_url + url_for("updates.show_update", update_id=update.id)
    return render_template(
        "updates/desk/show_aula_text.html",
        update=update,
        ref=presenters.ref_of(update, signed_in()),
        plain=f"{update.title}\n\n{richtext.plain(update.body)}\n\n{link}",
    )


@bp.post("/<int:update_id>/withdraw")
@guarded(Action.UPDATE_WITHDRAW, load=queries.get_update)
def withdraw_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Take it back from every home at once."""
    services.withdraw_update(update, actor=signed_in(), now=clock.now())
    stays = can(signed_in(), Action.UPDATE_EDIT, update)
    place = url_for(".show_preview", update_id=update.id) if stays else url_for("updates.list_updates")
    return done(place, gettext("Taken back. No home can read it any more."))


@bp.post("/<int:update_id>/reopen")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def reopen_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Work on something again that was taken back."""
    services.reopen_update(update, actor=signed_in(), now=clock.now())
    return done(url_for(".edit_update", update_id=update.id), gettext("It is a draft again."))


@bp.post("/<int:update_id>/discard")
@guarded(Action.UPDATE_EDIT, load=queries.get_update)
def discard_update(update: WellbeingUpdate) -> ResponseReturnValue:
    """Throw away what the homes have never seen."""
    class_id = update.class_id
    services.discard_update(update, actor=signed_in(), now=clock.now())
    return done(url_for("home.show_class", class_id=class_id), gettext("The draft is gone."))


def _sent_to(class_ids: list[int]) -> str:
    counts = [school.count_homes(class_id, today=clock.today()) for class_id in class_ids]
    return gettext(
        "Sent to %(guardians)s of %(children)s.",
        guardians=ngettext("%(num)s guardian", "%(num)s guardians", sum(count[0] for count in counts)),
        children=ngettext("%(num)s child", "%(num)s children", sum(count[1] for count in counts)),
    )
