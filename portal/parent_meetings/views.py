"""The pages of parent meetings: a class's own, one meeting with its agenda, the big screen, and all classes'."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from portal.name_guard.guard import look_for_names
from portal.parent_meetings import queries, services
from portal.parent_meetings.forms import MeetingForm, as_typed
from portal.parent_meetings.material import queries as material
from portal.parent_meetings.material.models import MeetingMaterial
from portal.parent_meetings.material.presenters import shown_material
from portal.parent_meetings.models import ParentMeeting
from portal.parent_meetings.presenters import every_meeting, shown_in_words
from portal.people import ClassRef
from portal.policy import Action
from portal.school import queries as school
from portal.text import clock, richtext
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("parent_meetings", __name__, url_prefix="/parent-meetings")


@bp.get("/")
@guarded(Action.PARENT_MEETING_OVERVIEW)
def list_meetings() -> ResponseReturnValue:
    """Every class, when it meets, and which version of the school's material it has shown this school year."""
    now = clock.now()
    this = clock.school_year(clock.day_of(now))
    written = material.list_years()
    asked = row_in_address("year")
    year = asked if asked in written else this
    classes = queries.list_everywhere(year, now=now)
    return render_template(
        "parent_meetings/list_meetings.html",
        classes=classes,
        shown_count=sum(one.shown_number > 0 for one in classes),
        year=year,
        year_name=clock.school_year_name(year),
        years=[(one, clock.school_year_name(one)) for one in sorted({this, *written}, reverse=True)],
        is_written=year in written,
    )


@bp.get("/classes/<int:class_id>")
@guarded(Action.PARENT_MEETING_VIEW, load=school.get_class_to_read)
def list_class_meetings(ref: ClassRef) -> ResponseReturnValue:
    """A class's meetings of all years, and the school's material for this one."""
    return render_template(
        "parent_meetings/list_class_meetings.html",
        ref=ref,
        meetings=every_meeting(ref),
        year=clock.school_year(clock.today()),
    )


@bp.route("/classes/<int:class_id>/new", methods=["GET", "POST"])
@guarded(Action.PARENT_MEETING_CALL, load=school.get_class_to_read)
def new_meeting(ref: ClassRef) -> ResponseReturnValue:
    """Call the homes of a class to a meeting."""
    form = MeetingForm()
    if form.validate_on_submit():
        with form.refusals():
            meeting = services.call_meeting(
                ref.id, form.plan, agreed=form.agreed_names, actor=signed_in(), now=clock.now()
            )
            return done(
                url_for(".show_meeting", meeting_id=meeting.id), gettext("Sent. Every home of the class is told.")
            )
    _ask_about_names(form, ref.id)
    return render_form("parent_meetings/new_meeting.html", form=form, ref=ref)


@bp.get("/<int:meeting_id>")
@guarded(Action.PARENT_MEETING_VIEW, load=queries.get_meeting)
def show_meeting(meeting: ParentMeeting) -> ResponseReturnValue:
    """One meeting: when and where, its agenda with the school's material, and for the team whether it was shown."""
    return _page(meeting, Form())


def _page(meeting: ParentMeeting, form: Form) -> ResponseReturnValue:
    now, shows = clock.now(), _shows(meeting)
    has_begun = meeting.starts_at <= now
    return render_form(
        "parent_meetings/show_meeting.html",
        form=form,
        meeting=meeting,
        ref=school.get_class_ref(meeting.class_id, today=clock.day_of(now)),
        items=richtext.render(meeting.items),
        material=shown_material(shows) if shows is not None else None,
        shown=shown_in_words(meeting),
        has_begun=has_begun,
        is_to_mark=has_begun and not meeting.is_cancelled and meeting.shown_on is None and shows is not None,
    )


def _shows(meeting: ParentMeeting) -> MeetingMaterial | None:
    """What was shown at a meeting, or what would be."""
    return meeting.material or material.get_for_meeting(meeting.school_year, meeting.ends_at)


@bp.get("/<int:meeting_id>/screen")
@guarded(Action.PARENT_MEETING_VIEW, load=queries.get_meeting)
def show_screen(meeting: ParentMeeting) -> ResponseReturnValue:
    """The agenda for the big screen: read from the last row."""
    shows = _shows(meeting)
    return render_template(
        "parent_meetings/show_screen.html",
        meeting=meeting,
        ref=school.get_class_ref(meeting.class_id, today=clock.today()),
        items=richtext.render(meeting.items),
        material=shown_material(shows) if shows is not None else None,
    )


@bp.route("/<int:meeting_id>/edit", methods=["GET", "POST"])
@guarded(Action.PARENT_MEETING_CALL, load=queries.get_meeting)
def edit_meeting(meeting: ParentMeeting) -> ResponseReturnValue:
    """Change or move a meeting; the second of two who edit it gets both texts."""
    form = MeetingForm(data=as_typed(meeting))
    if form.validate_on_submit():
        with form.refusals():
            services.edit_meeting(
                meeting,
                form.plan,
                version=form.version.data or 0,
                agreed=form.agreed_names,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".show_meeting", meeting_id=meeting.id), gettext("Saved."))
        meeting = queries.get_meeting(meeting.id) or abort(404)
    form.go_on_from(meeting.version)
    _ask_about_names(form, meeting.class_id)
    return render_form(
        "parent_meetings/edit_meeting.html",
        form=form,
        meeting=meeting,
        ref=school.get_class_ref(meeting.class_id, today=clock.today()),
    )


def _ask_about_names(form: MeetingForm, class_id: int) -> None:
    words = form.place.data or "", form.items.data or ""
    form.ask_about(look_for_names(*words, [class_id], reader=signed_in(), today=clock.today()))


@bp.post("/<int:meeting_id>/cancel")
@guarded(Action.PARENT_MEETING_CALL, load=queries.get_meeting)
def cancel_meeting(meeting: ParentMeeting) -> ResponseReturnValue:
    """Call a meeting off."""
    form = Form()
    with form.refusals():
        services.cancel_meeting(meeting, actor=signed_in(), now=clock.now())
        return done(
            url_for(".show_meeting", meeting_id=meeting.id),
            gettext("The meeting is called off, and the homes are told."),
        )
    return _again(meeting, form)


@bp.post("/<int:meeting_id>/shown")
@guarded(Action.PARENT_MEETING_CALL, load=queries.get_meeting)
def mark_shown(meeting: ParentMeeting) -> ResponseReturnValue:
    """Note that the school's material was shown at the meeting."""
    form = Form()
    with form.refusals():
        services.mark_shown(meeting, actor=signed_in(), now=clock.now())
        return done(url_for(".show_meeting", meeting_id=meeting.id), gettext("Noted. Thank you."))
    return _again(meeting, form)


@bp.post("/<int:meeting_id>/not-shown")
@guarded(Action.PARENT_MEETING_CALL, load=queries.get_meeting)
def unmark_shown(meeting: ParentMeeting) -> ResponseReturnValue:
    """Take back that it was shown."""
    services.unmark_shown(meeting, actor=signed_in(), now=clock.now())
    return done(url_for(".show_meeting", meeting_id=meeting.id), gettext("Taken back."))


def _again(meeting: ParentMeeting, form: Form) -> ResponseReturnValue:
    return _page(queries.get_meeting(meeting.id) or abort(404), form)
