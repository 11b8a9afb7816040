"""The pages of the school's material for parent meetings: what holds, its file, and writing the next version."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from portal.parent_meetings.material import queries, services
from portal.parent_meetings.material.forms import MaterialForm
from portal.parent_meetings.material.models import MaterialYear, MeetingMaterial
from portal.parent_meetings.material.presenters import shown_material
from portal.policy import Action
from portal.text import clock
from portal.web.forms import render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("material", __name__, url_prefix="/material")


@bp.get("/<int:school_year>")
@guarded(Action.MATERIAL_VIEW, load=queries.get_year)
def show_year(year: MaterialYear) -> ResponseReturnValue:
    """What the meetings of a school year show."""
    shown = _shown(year.school_year, year.current)
    return render_template("parent_meetings/material/show_year.html", **shown)


@bp.get("/<int:school_year>/versions/<int:number>")
@guarded(Action.MATERIAL_VIEW, load=queries.get_material)
def show_version(material: MeetingMaterial) -> ResponseReturnValue:
    """One version: the meetings that have shown it keep it."""
    shown = _shown(material.school_year, material)
    return render_template("parent_meetings/material/show_version.html", **shown)


def _shown(school_year: int, material: MeetingMaterial | None) -> dict[str, Any]:
    return {
        "school_year": school_year,
        "year_name": clock.school_year_name(school_year),
        "number": material.number if material is not None else 0,
        "material": shown_material(material) if material is not None else None,
        "versions": queries.list_versions(school_year),
    }


@bp.get("/<int:school_year>/versions/<int:number>/file")
@guarded(Action.MATERIAL_VIEW, load=queries.get_material)
def download_file(material: MeetingMaterial) -> ResponseReturnValue:
    """The file of a version: to be kept or opened by the reader's own programs, never run on a page of ours."""
    content = queries.get_content(material.file_id) if material.file_id else None
    if content is None or material.file_kind is None:
        abort(404)
    answer = Response(content, mimetype=material.file_kind.value)
    answer.headers.set("Content-Disposition", "attachment", filename=material.file_name)
    return answer


@bp.route("/<int:school_year>/edit", methods=["GET", "POST"])
@guarded(Action.MATERIAL_PUBLISH, load=queries.get_year)
def edit_material(year: MaterialYear) -> ResponseReturnValue:
    """Write the next version; the second of two who write gets both texts."""
    current = year.current
    form = MaterialForm(
        body=current.body if current else "",
        links=current.links if current else "",
        keeps_file=bool(current and current.file_id),
        version=year.version,
    )
    if form.validate_on_submit():
        with form.refusals():
            services.publish_material(
                year, form.draft(), version=form.version.data or 0, actor=signed_in(), now=clock.now()
            )
            return done(
                url_for(".show_year", school_year=year.school_year),
                gettext("Published. Every parent meeting from now on shows it."),
            )
        year = queries.get_year(year.school_year) or abort(404)
    form.go_on_from(year.version)
    form.ask_for_file_again()
    return render_form(
        "parent_meetings/material/edit_material.html",
        form=form,
        year=year,
        year_name=clock.school_year_name(year.school_year),
        largest=services.LARGEST_FILE >> 20,
    )
