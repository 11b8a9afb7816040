"""The pages of the school's templates, which leadership and office look after."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from portal.policy import Action
from portal.school.text_templates import queries, services
from portal.school.text_templates.forms import TEMPLATE_KIND_NAMES, NewTemplateForm, TemplateForm
from portal.school.text_templates.models import TemplateKind, TextTemplate
from portal.text import clock, richtext
from portal.web.forms import PressForm, render_form
from portal.web.guard import guarded, signed_in
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("text_templates", __name__)

EXCERPT_LENGTH = 140


@bp.get("/text-templates")
@guarded(Action.TEMPLATE_MANAGE)
def list_templates() -> ResponseReturnValue:
    """Every template, by what it is for."""
    rows = [(t, richtext.excerpt(t.body, EXCERPT_LENGTH)) for t in queries.list_templates()]
    groups = [(kind, name, [row for row in rows if row[0].kind == kind]) for kind, name in TEMPLATE_KIND_NAMES.items()]
    return render_template("school/text_templates/list_templates.html", groups=groups)


@bp.route("/text-templates/new", methods=["GET", "POST"])
@guarded(Action.TEMPLATE_MANAGE)
def new_template() -> ResponseReturnValue:
    """Make a template."""
    kind = request.args.get("kind")
    form = NewTemplateForm(kind=kind if kind in list(TemplateKind) else TemplateKind.UPDATE.value)
    if form.validate_on_submit():
        with form.refusals():
            services.add_template(
                TemplateKind(form.kind.data),
                title=form.title.data,
                body=form.body.data,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".list_templates"), gettext("The template is ready to begin from."))
    return render_form("school/text_templates/new_template.html", form=form)


@bp.route("/text-templates/<int:template_id>/edit", methods=["GET", "POST"])
@guarded(Action.TEMPLATE_MANAGE, load=queries.get_template)
def edit_template(template: TextTemplate) -> ResponseReturnValue:
    """Change a template; the second of two who edit it gets both texts."""
    form = TemplateForm(obj=template)
    if form.validate_on_submit():
        with form.refusals():
            services.edit_template(
                template,
                title=form.title.data,
                body=form.body.data,
                version=form.version.data or 0,
                actor=signed_in(),
                now=clock.now(),
            )
            return done(url_for(".list_templates"), gettext("Saved. What was written from it before stays as it is."))
    form.go_on_from(template.version)
    return _edit_page(template, form)


def _edit_page(template: TextTemplate, form: TemplateForm, *, is_typed: bool = True) -> ResponseReturnValue:
    return render_form(
        "school/text_templates/edit_template.html",
        form=form,
        text_template=template,
        is_typed=is_typed,
        kind_name=gettext(TEMPLATE_KIND_NAMES[template.kind]),
    )


@bp.post("/text-templates/<int:template_id>/delete")
@guarded(Action.TEMPLATE_MANAGE, load=queries.get_template)
def delete_template(template: TextTemplate) -> ResponseReturnValue:
    """Take a template away; one that was changed since is shown."""
    form = PressForm()
    with form.refusals():
        services.delete_template(template, version=form.version.data or 0, actor=signed_in(), now=clock.now())
        return done(url_for(".list_templates"), gettext("The template is gone. What was written from it stays."))
    shown = TemplateForm(formdata=None, obj=template)
    shown.says(form)
    return _edit_page(template, shown, is_typed=False)
