"""The strategy's pages: reading it, its editions and clauses, and the office's import, approval and dead links."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Response, abort, current_app, get_template_attribute, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from portal.database.transactions import reading_only
from portal.measures import Measure, Sign, signs_of
from portal.people import Person
from portal.policy import Action, can
from portal.policy.predicates import is_public
from portal.strategy import presenters as reading
from portal.strategy import queries, services
from portal.strategy.amendments import queries as amendments
from portal.strategy.amendments.presenters import amendment_items
from portal.strategy.changes import compare
from portal.strategy.comments import queries as comments
from portal.strategy.comments.presenters import ShownTalk, show_talk
from portal.strategy.cycle.queries import get_cycle
from portal.strategy.document import write_document
from portal.strategy.forms import ApproveForm, DeadLinkForm, ImportForm
from portal.strategy.forwarding import services as forwarding
from portal.strategy.forwarding.differences import Differences, differences
from portal.strategy.kinds import EditionState
from portal.strategy.models import DeadLink, Edition
from portal.strategy.paper.presenters import edition_words, strategy_on_paper
from portal.strategy.publishing.presenters import kept_lines
from portal.strategy.publishing.queries import list_changes as list_proposed
from portal.text import clock
from portal.web.downloads import send_pdf
from portal.web.forms import render_form
from portal.web.guard import guarded, public, signed_in, visitor
from portal.web.idempotency import done
from portal.web.language import current_language, gettext, ngettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("strategy", __name__, url_prefix="/strategy")


def _may_read(edition: Edition) -> bool:
    person = visitor()
    return is_public(edition) or (person is not None and can(person, Action.EDITION_VIEW, edition))


def _readable_edition(number: int) -> Edition:
    """The edition, or 404 for whoever may not read it."""
    edition = queries.get_edition(number)
    if edition is None or not _may_read(edition):
        abort(404)
    return edition


def _reading(edition: Edition) -> reading.Reading:
    notes = queries.list_dead_notes()
    if edition.is_draft:
        return reading.read(queries.list_text(edition.id), notes)
    return _decided(edition.id, edition.stamp, tuple(notes.items()))


@lru_cache(maxsize=16)
def _decided(edition_id: int, stamp: str, dead_notes: tuple[tuple[str, str], ...]) -> reading.Reading:
    """A text that the board has decided on, remembered by its edition: it never changes again (domain 3.2)."""
    return reading.read(queries.list_text(edition_id), dict(dead_notes))


@lru_cache(maxsize=32)
def _article(text: reading.Reading, written_in: str, read_in: str) -> Markup:
    """The words of an edition as HTML, remembered for the next visitor who reads in the same language."""
    article: Markup = get_template_attribute("strategy/_text.html", "edition_text")(text, written_in)
    return article


@bp.get("/")
@public
def show_strategy() -> ResponseReturnValue:
    """Read the strategy that holds now."""
    edition = queries.get_current()
    text = _reading(edition) if edition else None
    return render_template(
        "strategy/show_strategy.html",
        edition=edition,
        approved=reading.approval_words(edition) if edition else "",
        text=text,
        article=_article(text, edition.language, current_language()) if edition and text else "",
        draft=queries.get_readable_draft(visitor()),
    )


@bp.get("/in-short")
@public
def show_in_short() -> ResponseReturnValue:
    """What each section says in short, with its clauses folded below it."""
    edition = queries.get_current()
    if edition is None:
        abort(404)
    return render_template(
        "strategy/show_in_short.html",
        edition=edition,
        text=_reading(edition),
        speaks=_speaks(visitor()),
    )


@bp.get("/print")
@public
def show_print() -> ResponseReturnValue:
    """The whole strategy for paper."""
    edition = queries.get_current()
    if edition is None:
        abort(404)
    return render_template(
        "strategy/show_print.html",
        edition=edition,
        about=edition_words(edition),
        text=_reading(edition),
    )


@bp.get("/pdf")
@public
def download_pdf() -> ResponseReturnValue:
    """The whole strategy as a file."""
    edition = queries.get_current()
    if edition is None:
        abort(404)
    base_url = current_app.extensions["portal.settings"].base_url
    text = strategy_on_paper(edition, _reading(edition), base_url, url_for(".show_strategy"))
    title = edition.title
    number = gettext("Edition %(number)s", number=edition.number)
    return send_pdf("strategy/download_pdf.typ", title, text, name=f"{title} {number}")


@bp.get("/clauses/<key>")
@public
def show_clause(key: str) -> ResponseReturnValue:
    """Read one clause, and how its words have changed."""
    wordings = queries.list_wordings(key, visitor())
    if not wordings:
        abort(404)
    wording = next((each for each in wordings if each.state is not EditionState.DRAFT), wordings[0])
    person = visitor()
    in_council = person is not None and bool(person.councils or person.facilitates)
    return render_template(
        "strategy/show_clause.html",
        amendments=amendment_items(amendments.list_on_clause(person, key), person.id) if person else [],
        in_council=in_council,
        speaks=_speaks(person),
        writes=person is not None and can(person, Action.AMENDMENT_DRAFT),
        talk=_talk_about(key, person) if person and in_council else None,
        wording=wording,
        anchor=reading.wording_anchor(wording),
        heading=reading.heading_words(wording.heading),
        clause=reading.clause_in_full(wording, _dead_notes_for(wording)),
        history=reading.history(wordings),
        is_current=wording.state is EditionState.APPROVED,
        kept=_how_it_is_kept(wording, person),
    )


def _dead_notes_for(wording: queries.Wording) -> dict[str, str]:
    """What the office says about dead links, asked only of a clause that has any link."""
    return queries.list_dead_notes() if reading.links_in(wording.kind, wording.text) else {}


def _speaks(person: Person | None) -> bool:
    """Whether somebody may suggest changes to the text."""
    return person is not None and can(person, Action.AMENDMENT_DRAFT)


def _talk_about(key: str, person: Person) -> ShownTalk:
    said = comments.list_talk(person, clause_key=key, before=row_in_address("before"), today=clock.today())
    return show_talk(said)


def _how_it_is_kept(wording: queries.Wording, person: Person | None) -> list[Sign]:
    """What rooms know of a promise being kept, and for leadership and councils what has not been seen for a year."""
    measures: tuple[Measure, ...] = current_app.extensions["portal.measures"]
    sees_all = person is not None and can(person, Action.QUIET_VIEW)
    signs = signs_of(measures, wording.key, wording.text, now=clock.now())
    return [sign for sign in signs if sign.is_alive or sees_all]


@bp.get("/editions")
@public
def list_editions() -> ResponseReturnValue:
    """Every edition there has been."""
    editions = queries.list_editions(visitor())
    return render_template("strategy/list_editions.html", editions=reading.edition_items(editions))


@bp.get("/editions/<int:number>")
@public
def show_edition(number: int) -> ResponseReturnValue:
    """Read one edition: an old one, or the draft."""
    edition = _readable_edition(number)
    current = edition if edition.is_current else queries.get_current()
    text = _reading(edition)
    return render_template(
        "strategy/show_edition.html",
        edition=edition,
        current=current,
        approved=reading.approval_words(edition),
        text=text,
        article=_article(text, edition.language, current_language()),
    )


@bp.get("/editions/<int:number>/markdown")
@public
def download_markdown(number: int) -> ResponseReturnValue:
    """An edition as a Markdown file, which can be imported again."""
    edition = _readable_edition(number)
    return Response(
        write_document(queries.get_document(edition)),
        content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f"attachment; filename=strategy-edition-{edition.number}.md"},
    )


@bp.get("/editions/<int:before>/compare/<int:after>")
@public
def compare_editions(before: int, after: int) -> ResponseReturnValue:
    """What changed from one edition to another."""
    old, new = _readable_edition(before), _readable_edition(after)
    comparison = compare(queries.get_text(old), queries.get_text(new))
    return render_template(
        "strategy/compare_editions.html",
        old=old,
        new=new,
        proposed=kept_lines(list_proposed(new.id)),
        comparison=comparison,
        changes=reading.list_changes(comparison),
        heading_changes=reading.list_heading_changes(comparison),
    )


@bp.route("/import", methods=["GET", "POST"])
@guarded(Action.STRATEGY_MANAGE)
def import_strategy() -> ResponseReturnValue:
    """Bring a new text in: look at what it changes first, then keep it as a draft.

    While the year's review is open, each difference becomes a suggestion of the staff's instead.
    """
    form = ImportForm()
    document = plan = found = None
    if form.validate_on_submit():
        with form.refusals():
            with reading_only():
                document = form.document()
                plan = services.plan_import(document)
                found = _differences(plan) if get_cycle() else None
            if form.is_previewed and "preview" not in request.form:
                return (
                    _imported(
                        services.import_strategy(
                            document, actor=signed_in(), now=clock.now(), plan=plan, seen=form.stamp.data or ""
                        )
                    )
                    if found is None
                    else _suggested(found, form)
                )
    if plan:
        form.stamp.data, form.digest.data = plan.stamp, form.text_digest
    return render_form(
        "strategy/import_strategy.html",
        form=form,
        plan=plan,
        found=found,
        document=document,
        approved=reading.date_words(document.approved_on) if document and document.approved_on else "",
        changes=reading.list_changes(plan.comparison) if plan else [],
        heading_changes=reading.list_heading_changes(plan.comparison) if plan else [],
    )


def _differences(plan: services.Plan) -> Differences | None:
    current = queries.get_current()
    return differences(queries.get_text(current), plan.text, plan.comparison) if current else None


def _suggested(found: Differences, form: ImportForm) -> ResponseReturnValue:
    made = forwarding.suggest_differences(
        found.said, reason=form.reason.data or "", seen=form.stamp.data or "", actor=signed_in(), now=clock.now()
    )
    return done(
        url_for("strategy.amendments.list_amendments"),
        ngettext("%(num)s suggestion is sent on.", "%(num)s suggestions are sent on.", len(made)),
    )


def _imported(edition: Edition | None) -> ResponseReturnValue:
    if edition is None:
        return done(url_for(".show_strategy"), gettext("That text is already here, so nothing has changed."))
    if edition.is_draft:
        message = gettext("Saved as a draft. Nobody outside the office and the leadership can read it yet.")
        return done(url_for(".show_edition", number=edition.number), message)
    return done(url_for(".show_strategy"), gettext("The strategy is here for everybody to read."))


@bp.route("/editions/<int:number>/approve", methods=["GET", "POST"])
@guarded(Action.STRATEGY_APPROVE, load=queries.get_edition)
def approve_edition(edition: Edition) -> ResponseReturnValue:
    """Record that the board has approved the draft."""
    if not edition.is_draft:
        abort(404)
    form = ApproveForm(approved_on=clock.today())
    if form.validate_on_submit():
        with form.refusals():
            services.approve_draft(
                edition,
                approved_on=form.approved_on.data,
                actor=signed_in(),
                now=clock.now(),
                seen=form.stamp.data,
            )
            return done(url_for(".show_strategy"), gettext("From now on this is the strategy."))
    form.stamp.data = form.stamp.data or edition.stamp
    current = queries.get_current()
    return render_form("strategy/approve_edition.html", form=form, edition=edition, current=current)


@bp.post("/editions/<int:number>/discard")
@guarded(Action.STRATEGY_MANAGE, load=queries.get_edition)
def discard_edition(edition: Edition) -> ResponseReturnValue:
    """Throw the draft away."""
    services.discard_draft(edition, actor=signed_in(), now=clock.now())
    return done(url_for(".list_editions"), gettext("The draft is gone. The strategy is as it was."))


@bp.route("/links", methods=["GET", "POST"])
@guarded(Action.STRATEGY_MANAGE)
def list_links() -> ResponseReturnValue:
    """The links of the text; mark one that no longer works."""
    current = queries.get_current()
    links = reading.list_links(_reading(current)) if current else []
    form = DeadLinkForm(links)
    if form.validate_on_submit():
        with form.refusals():
            services.mark_dead_link(form.url.data, note=form.note.data or "", actor=signed_in(), now=clock.now())
            return done(url_for(".list_links"), gettext("Readers are now told that this link no longer works."))
    return render_form(
        "strategy/list_links.html", form=form, links=links, dead_links=list(queries.list_dead_links().values())
    )


@bp.post("/links/<int:link_id>/unmark")
@guarded(Action.STRATEGY_MANAGE, load=queries.get_dead_link)
def unmark_link(link: DeadLink) -> ResponseReturnValue:
    """Take the notice beside a link away."""
    services.unmark_dead_link(link, actor=signed_in(), now=clock.now())
    return done(url_for(".list_links"), gettext("The notice is gone."))
