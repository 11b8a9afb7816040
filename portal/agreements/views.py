"""The pages of what a class has agreed on: the text, a sheet for the wall, versions, writing it, and all classes'."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from portal.agreements import queries, services
from portal.agreements.forms import AgreementForm, ConfirmForm
from portal.agreements.models import AgreementKind, AgreementVersion, ClassAgreement
from portal.agreements.presenters import KIND_NAMES, agreed_line, readable
from portal.errors import N_
from portal.name_guard.guard import NO_NAMES, look_for_names, protected_names
from portal.policy import Action, can
from portal.school import queries as school
from portal.school.text_templates import queries as templates
from portal.school.text_templates.models import TemplateKind
from portal.text import clock, richtext
from portal.text.redline import redline_html
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("agreements", __name__, url_prefix="/agreements")

SAVED = {
    AgreementKind.RULES: N_("The rules are saved, and the homes of the class are told."),
    AgreementKind.PARENTS: N_("The agreements are saved, and the homes of the class are told."),
}


@bp.get("/")
@guarded(Action.AGREEMENT_OVERVIEW)
def list_agreements() -> ResponseReturnValue:
    """Every class, and when it last talked about its rules and its parent agreements."""
    today = clock.today()
    classes = queries.list_standings_everywhere(today=today)
    counts = {kind: sum(kind in texts and texts[kind].is_renewed for _, texts in classes) for kind in AgreementKind}
    return render_template(
        "agreements/list_agreements.html",
        classes=classes,
        counts=counts,
        kinds=KIND_NAMES,
        school_year=clock.school_year_name(clock.school_year(today)),
    )


@bp.get("/classes/<int:class_id>/<kind>")
@guarded(Action.AGREEMENT_VIEW, load=queries.get_agreement)
def show_agreement(agreement: ClassAgreement) -> ResponseReturnValue:
    """What the class has agreed on, and for those who look after it, whether this year's talk is noted."""
    return _show(agreement, ConfirmForm(renewed_on=clock.today(), version=agreement.version_count))


def _show(agreement: ClassAgreement, form: Form) -> ResponseReturnValue:
    today, current = clock.today(), agreement.current
    knows_names = current is not None and can(signed_in(), Action.NAME_KNOW, agreement)
    standing = queries.list_standings(agreement.class_id, today=today).get(agreement.kind)
    return render_form(
        "agreements/show_agreement.html",
        form=form,
        agreement=agreement,
        current=current,
        text=richtext.render(readable(current, signed_in())) if current else "",
        line=agreed_line(standing),
        is_renewed=standing is not None and standing.is_renewed,
        is_team=agreement.class_id in signed_in().teams,
        protected=protected_names(current.body, agreement.class_id, today=today) if current and knows_names else (),
        title=gettext(KIND_NAMES[agreement.kind]),
        school_year=clock.school_year_name(clock.school_year(today)),
        ref=school.get_class_ref(agreement.class_id, today=today),
        today=today,
    )


@bp.post("/classes/<int:class_id>/<kind>/confirm")
@guarded(Action.AGREEMENT_WRITE, load=queries.get_agreement)
def confirm_agreement(agreement: ClassAgreement) -> ResponseReturnValue:
    """Note that the class has talked about its text this school year, and that it still holds."""
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.refusals():
            services.confirm_agreement(
                agreement,
                renewed_on=form.renewed_on.data,
                version=form.version.data or 0,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(_address(agreement), gettext("Noted. Thank you for talking about it."))
        agreement = queries.get_agreement(agreement.class_id, agreement.kind) or abort(404)
    form.version.raw_data, form.version.data = None, agreement.version_count
    return _show(agreement, form)


def _address(agreement: ClassAgreement) -> str:
    return url_for(".show_agreement", class_id=agreement.class_id, kind=agreement.kind.value)


@bp.route("/classes/<int:class_id>/<kind>/edit", methods=["GET", "POST"])
@guarded(Action.AGREEMENT_WRITE, load=queries.get_agreement)
def edit_agreement(agreement: ClassAgreement) -> ResponseReturnValue:
    """Write the text, the first time from one of the school's templates; the second of two gets both texts."""
    today = clock.today()
    beginnings = templates.list_templates(TemplateKind(agreement.kind)) if agreement.current is None else []
    chosen = next((t for t in beginnings if str(t.id) == request.args.get("template")), None) or next(
        iter(beginnings), None
    )
    current = readable(agreement.current, signed_in()) if agreement.current else ""
    form = AgreementForm(
        body=current or (chosen.body if chosen else ""),
        agreed_on=today,
        version=agreement.version_count,
    )
    if form.validate_on_submit():
        with form.refusals():
            services.write_agreement(
                agreement,
                body=form.body.data,
                agreed_on=form.agreed_on.data,
                version=form.version.data or 0,
                agreed=form.agreed_names,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(_address(agreement), gettext(SAVED[agreement.kind]))
        agreement = queries.get_agreement(agreement.class_id, agreement.kind) or abort(404)
        current = readable(agreement.current, signed_in()) if agreement.current else ""
    form.go_on_from(agreement.version_count)
    if can(signed_in(), Action.NAME_AGREE, agreement):
        form.ask_about(look_for_names("", form.body.data or "", [agreement.class_id], reader=signed_in(), today=today))
    else:
        form.ask_about(NO_NAMES)
    return render_form(
        "agreements/edit_agreement.html",
        form=form,
        agreement=agreement,
        current=current,
        beginnings=beginnings,
        chosen=chosen,
        title=gettext(KIND_NAMES[agreement.kind]),
        ref=school.get_class_ref(agreement.class_id, today=today),
    )


@bp.get("/classes/<int:class_id>/<kind>/poster")
@guarded(Action.AGREEMENT_VIEW, load=queries.get_agreement)
def show_poster(agreement: ClassAgreement) -> ResponseReturnValue:
    """The text for the classroom wall: large, and one sheet if it is short."""
    if agreement.current is None:
        abort(404)
    return render_template(
        "agreements/show_poster.html",
        agreement=agreement,
        current=agreement.current,
        text=richtext.render(readable(agreement.current, signed_in())),
        is_rules=agreement.kind == AgreementKind.RULES,
        title=gettext(KIND_NAMES[agreement.kind]),
        ref=school.get_class_ref(agreement.class_id, today=clock.today()),
    )


@bp.get("/classes/<int:class_id>/<kind>/versions")
@guarded(Action.AGREEMENT_VIEW, load=queries.get_agreement)
def list_versions(agreement: ClassAgreement) -> ResponseReturnValue:
    """Every wording there has been, newest first."""
    return render_template(
        "agreements/list_versions.html",
        agreement=agreement,
        title=gettext(KIND_NAMES[agreement.kind]),
        versions=_readable_versions(agreement.id) if agreement.current else [],
        ref=school.get_class_ref(agreement.class_id, today=clock.today()),
    )


def _readable_versions(agreement_id: int) -> list[AgreementVersion]:
    person = signed_in()
    return [one for one in queries.list_versions(agreement_id) if can(person, Action.AGREEMENT_VIEW, one)]


@bp.get("/versions/<int:version_id>")
@guarded(Action.AGREEMENT_VIEW, load=queries.get_version)
def show_version(version: AgreementVersion) -> ResponseReturnValue:
    """An earlier wording; the one that holds is on the text's own page."""
    return redirect(_address(version.agreement), 303) if version.is_current else _version_page(version, Form())


@bp.post("/versions/<int:version_id>/hide")
@guarded(Action.AGREEMENT_HIDE, load=queries.get_version)
def hide_version(version: AgreementVersion) -> ResponseReturnValue:
    """Hide an earlier wording from everybody but the class team and the leadership."""
    form = Form()
    with form.refusals():
        services.hide_version(version, actor=signed_in(), now=clock.now())
        return done(
            url_for(".show_version", version_id=version.id),
            gettext("Hidden. Only the class team and the leadership can read it now."),
        )
    return _version_page(version, form)


def _version_page(version: AgreementVersion, form: Form) -> ResponseReturnValue:
    today, knows_names = clock.today(), can(signed_in(), Action.NAME_KNOW, version)
    return render_form(
        "agreements/show_version.html",
        form=form,
        version=version,
        protected=protected_names(version.body, version.class_id, today=today) if knows_names else (),
        text=richtext.render(readable(version, signed_in())),
        title=gettext(KIND_NAMES[version.kind]),
        ref=school.get_class_ref(version.class_id, today=today),
    )


@bp.get("/versions/<int:version_id>/compare")
@guarded(Action.AGREEMENT_VIEW, load=queries.get_version)
def compare_versions(version: AgreementVersion) -> ResponseReturnValue:
    """What changed up to this wording: from the one before, or from the one chosen in the address."""
    others = [one for one in _readable_versions(version.agreement_id) if one.number < version.number]
    wanted = request.args.get("before", "")
    before = next((one for one in others if str(one.number) == wanted), None) if wanted else next(iter(others), None)
    if before is None:
        abort(404)
    return render_template(
        "agreements/compare_versions.html",
        version=version,
        before=before,
        others=others,
        redline=redline_html(
            richtext.plain(readable(before, signed_in())),
            richtext.plain(readable(version, signed_in())),
            added=gettext("added: "),
            removed=gettext("removed: "),
        ),
        title=gettext(KIND_NAMES[version.kind]),
        ref=school.get_class_ref(version.class_id, today=clock.today()),
    )
