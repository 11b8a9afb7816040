"""The office's pages for the register's files: upload, see what they change, apply."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal.accounts import queries as accounts
from portal.accounts.models import Role
from portal.database.transactions import reading_only
from portal.errors import N_, RuleViolation
from portal.policy import Action
from portal.school.roster import queries as roster_queries
from portal.school.roster import services as roster_services
from portal.school.roster.comparison import Remark, RosterPlan, compare, ends_role
from portal.school.roster.files import Reading, read_roster
from portal.school.roster.forms import ApplyRosterForm, RosterForm
from portal.school.roster.models import RosterUpload
from portal.school.roster.presenters import what_changes
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

bp = Blueprint("roster", __name__)

LOSES_OFFICE = N_("You lose your own access to the office with this. Somebody else has to print the letters.")
#: More than these are counted and not shown: a page of faults of one kind is read at its top.
MOST_REMARKS = 100


@bp.route("/roster", methods=["GET", "POST"])
@guarded(Action.ROSTER_IMPORT)
def import_roster() -> ResponseReturnValue:
    """Upload the register's files. Files with faults are not kept; the faults are shown."""
    form = RosterForm()
    faults: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    if form.validate_on_submit():
        files = form.contents()
        reading, plan = _read(files)
        faults, warnings = _faults(reading, plan), reading.warnings
        if plan and plan.is_empty:
            return done(url_for(".import_roster"), gettext("The portal already knows all of this. Nothing is changed."))
        if not faults:
            upload = roster_services.keep_upload(files, actor=signed_in(), now=clock.now())
            return done(url_for(".show_roster", upload_id=upload.id))
        _refuse(form, faults)
    return render_form("school/roster/import_roster.html", form=form, **_remarks(faults, warnings))


@bp.get("/roster/<int:upload_id>")
@guarded(Action.ROSTER_IMPORT, load=roster_queries.get_upload)
def show_roster(upload: RosterUpload) -> ResponseReturnValue:
    """What uploaded files would change, and the button that does it."""
    return _preview(upload.id, roster_queries.files_of(upload), ApplyRosterForm())


@bp.post("/roster/<int:upload_id>/apply")
@guarded(Action.ROSTER_IMPORT, load=roster_queries.get_upload)
def apply_roster(upload: RosterUpload) -> ResponseReturnValue:
    """Make the school what the files say."""
    form = ApplyRosterForm()
    upload_id, files = upload.id, roster_queries.files_of(upload)
    if form.validate_on_submit() and files:
        _, plan = _read(files)
        if plan is not None:
            loses_office = _loses_office(plan)
            with form.refusals():
                if loses_office and not form.confirmed.data:
                    raise RuleViolation(LOSES_OFFICE)
                roster_services.apply_roster(
                    plan, upload, confirmed=form.confirmed.data, actor=signed_in(), now=clock.now(), seen=form.seen.data
                )
                return done(
                    url_for("home.show_home") if loses_office else url_for("school.show_school"),
                    gettext("The school is as the files say. New people have no password yet."),
                )
    return _preview(upload_id, files, form)


@bp.post("/roster/<int:upload_id>/discard")
@guarded(Action.ROSTER_IMPORT, load=roster_queries.get_upload)
def discard_roster(upload: RosterUpload) -> ResponseReturnValue:
    """Forget uploaded files."""
    roster_services.discard_upload(upload)
    return done(url_for(".import_roster"), gettext("The files are gone, and nothing was changed."))


def _read(files: Mapping[str, bytes]) -> tuple[Reading, RosterPlan | None]:
    """What the files say and would change, read outside the transaction that writes."""
    with reading_only():
        today = clock.today()
        reading = read_roster(files, today=today)
        plan = compare(roster_queries.current_roster(), reading.roster, today) if reading.roster else None
    return reading, plan


def _faults(reading: Reading, plan: RosterPlan | None) -> tuple[Remark, ...]:
    return (*reading.faults, *(plan.faults if plan else ()))


def _refuse(form: RosterForm | ApplyRosterForm, faults: tuple[Remark, ...]) -> None:
    form.form_errors.append(
        ngettext(
            "There is %(num)s fault in the files. Nothing is kept.",
            "There are %(num)s faults in the files. Nothing is kept.",
            len(faults),
        )
    )


def _preview(upload_id: int, files: Mapping[str, bytes], form: ApplyRosterForm) -> ResponseReturnValue:
    """The plan as it is now; what the sender has seen from now on is this one."""
    if not files:
        return render_form(
            "school/roster/show_roster.html", form=form, upload_id=upload_id, plan=None, **_remarks((), ())
        )
    reading, plan = _read(files)
    form.seen.data = plan.digest if plan else ""
    return render_form(
        "school/roster/show_roster.html",
        form=form,
        upload_id=upload_id,
        plan=plan,
        changes=what_changes(plan, gettext) if plan else [],
        reasons=_reasons(plan) if plan else [],
        **_remarks(_faults(reading, plan), reading.warnings),
    )


def _reasons(plan: RosterPlan) -> list[str]:
    """What is unusual about the plan, in words; what it does to the reader comes first."""
    own = [gettext(LOSES_OFFICE)] if _loses_office(plan) else []
    return own + [gettext(reason.message, **reason.values) for reason in plan.confirmations]


def _loses_office(plan: RosterPlan) -> bool:
    """Whether applying the plan would shut out whoever applies it."""
    user = accounts.get_user(signed_in().id)
    return user is not None and ends_role(plan, user.external_id or user.id, Role.OFFICE)


def _remarks(faults: tuple[Remark, ...], warnings: tuple[Remark, ...]) -> dict[str, object]:
    """Faults and warnings for the template: place, value and words, the first of them."""

    def shown(remarks: tuple[Remark, ...]) -> list[tuple[Remark, str]]:
        return [(remark, gettext(remark.message, **remark.values)) for remark in remarks[:MOST_REMARKS]]

    return {
        "faults": shown(faults),
        "more_faults": max(0, len(faults) - MOST_REMARKS),
        "warnings": shown(warnings),
        "more_warnings": max(0, len(warnings) - MOST_REMARKS),
    }
