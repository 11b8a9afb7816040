"""The pages of amendments: writing one question at a time, sending it to the council, and following its way."""

from __future__ import annotations

from datetime import date
from typing import cast

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from portal.database.transactions import reading_only
from portal.name_guard.guard import check_names_no_child
from portal.people import Person
from portal.policy import Action, can
from portal.strategy import presenters as reading
from portal.strategy import queries as texts
from portal.strategy.amendments import presenters as shown
from portal.strategy.amendments import queries, services
from portal.strategy.amendments.following import follow_amendment
from portal.strategy.amendments.forms import (
    DraftForm,
    MergeForm,
    ReasonForm,
    SubmitForm,
    TitleForm,
    WithdrawForm,
    WordingForm,
)
from portal.strategy.amendments.models import Amendment, FollowedAmendment
from portal.strategy.amendments.presses import may_leave, presses
from portal.strategy.amendments.steps import OUTCOMES
from portal.strategy.amendments.titles import title_of
from portal.strategy.amendments.tracker import place_of
from portal.strategy.comments import queries as comments
from portal.strategy.comments.presenters import ShownTalk, show_talk
from portal.strategy.cycle.queries import read_cycle
from portal.strategy.document import typed_text
from portal.strategy.kinds import AmendmentKind, AmendmentSource, AmendmentState, ClauseKind, EditionState, Phase
from portal.strategy.models import Clause
from portal.strategy.publishing.queries import edition_of
from portal.strategy.replies.queries import get_story, is_answered
from portal.text import clock
from portal.web.dates import long_date
from portal.web.forms import Form, render_form
from portal.web.guard import guarded, signed_in, visitor
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.paging import row_in_address
from portal.web.urls import url_for

bp = Blueprint("amendments", __name__)

#: States in which what can be done with a suggestion depends on the phase.
_MOVES_ON = frozenset({AmendmentState.DRAFT, AmendmentState.ADOPTED, AmendmentState.FORWARDED, *OUTCOMES})


def _kind() -> AmendmentKind:
    """What the writer wants to do to the clause, from the address; another word there is none of ours."""
    try:
        return AmendmentKind(request.args.get("kind", AmendmentKind.CHANGE))
    except ValueError:
        abort(404)


@bp.route("/clauses/<key>/amendments/new", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_DRAFT, load=texts.get_clause)
def draft_amendment(clause: Clause) -> ResponseReturnValue:
    """Write a new amendment: the first question."""
    kind = _kind()
    says_now = services.words_of(kind, clause)
    form = DraftForm(signed_in(), kind, new_text="" if kind is AmendmentKind.ADD else typed_text(says_now))
    if form.validate_on_submit():
        with form.refusals():
            new_text = form.new_text.data if form.new_text else ""
            reason = form.reason.data if form.reason else ""
            _check_names(new_text, reason, besides=says_now)
            amendment = services.draft_amendment(
                clause,
                kind,
                council_id=form.source_id,
                new_text=new_text,
                reason=reason,
                actor=signed_in(),
                now=clock.now(),
            )
            if kind is AmendmentKind.REMOVE:
                return done(url_for(".edit_title", amendment_id=amendment.id))
            return done(url_for(".edit_reason", amendment_id=amendment.id))
    return render_form(
        "strategy/amendments/draft_amendment.html",
        form=form,
        clause=clause,
        kind=kind,
        words=reading.clause_html(ClauseKind.PARAGRAPH if kind is AmendmentKind.SUMMARY else clause.kind, says_now),
        heading=reading.heading_words(clause.section.heading),
    )


def _about(number: str, heading: str) -> str:
    """What a suggestion is about, as one says it: a point by its number, else the section's heading."""
    return gettext("point %(number)s", number=number) if number else heading or gettext("the introduction")


def _check_names(*texts: str | None, besides: str = "") -> None:
    with reading_only():
        check_names_no_child("\n\n".join(filter(None, texts)), signed_in(), besides=besides, today=clock.today())


def _saved(amendment: Amendment) -> str:
    if amendment.source is AmendmentSource.STAFF:
        return gettext("The draft is saved. Leadership, AKT and board secretary can see it.")
    return gettext("Your draft is saved. Only your council can see it.")


@bp.get("/amendments/")
@guarded(Action.REVIEW_FOLLOW)
def list_amendments() -> ResponseReturnValue:
    """One's own amendments and those of one's council; for everybody else, what the councils have sent on."""
    person = signed_in()
    rows, earlier = queries.list_amendments(person, before=row_in_address("before"))
    items = shown.amendment_items(rows, person.id)
    return render_template(
        "strategy/amendments/list_amendments.html",
        mine=[item for item in items if item.is_mine],
        others=[item for item in items if not item.is_mine],
        may_write=bool(person.speaks_in or person.facilitates),
        earlier=earlier,
    )


@bp.get("/amendments/<int:amendment_id>")
@guarded(Action.AMENDMENT_VIEW, load=follow_amendment)
def show_amendment(amendment: FollowedAmendment) -> ResponseReturnValue:
    """Follow one amendment: its words, why, the talk, what was decided, what comes next."""
    return _amendment_page(amendment)


def _talk_about(amendment: FollowedAmendment, person: Person, today: date) -> ShownTalk:
    return show_talk(
        comments.list_talk(person, amendment_id=amendment.id, before=row_in_address("before"), today=today)
    )


def _amendment_page(amendment: FollowedAmendment, form: Form | None = None) -> ResponseReturnValue:
    """The page; `form` is one that was refused."""
    person, today = signed_in(), clock.today()
    wordings = texts.list_wordings(amendment.clause_key or "", visitor())
    stands = next((wording for wording in wordings if wording.state is not EditionState.DRAFT), None)
    number = reading.wording_number(stands) if stands else ""
    heading = reading.heading_words(amendment.heading)
    is_inside = can(person, Action.COMMENT_VIEW, amendment)
    cycle = read_cycle() if amendment.state in _MOVES_ON else None
    phase = cycle.phase if cycle else None
    days, answers = get_story(amendment.id)
    related = queries.list_related(person, amendment)
    place = place_of(
        amendment.state,
        phase,
        was_sent_back=may_leave(amendment, cycle),
        author_has_left=amendment.author_has_left,
        is_answered=is_answered(days, answers),
    )
    moved_at = max([amendment.created_at, *days.values(), *(answer.at for answer in answers if answer.is_decision)])
    return render_form(
        "strategy/amendments/show_amendment.html",
        form=form,
        amendment=amendment,
        number=number,
        heading=heading,
        wants=shown.kind_title(amendment.kind, _about(number, heading)),
        title=title_of(amendment),
        tag_name=shown.state_tag(amendment.state),
        place_words=gettext(place.heading),
        facts_now=[
            (gettext("Since"), long_date(clock.day_of(moved_at))),
            (gettext("Who"), gettext(place.who)),
            *([(gettext("Next"), gettext(place.next))] if place.next else []),
        ],
        way=shown.whole_way(amendment, days, answers),
        answers=answers,
        words=shown.words_html(amendment),
        is_inside=is_inside,
        author=shown.whose(amendment, is_inside=is_inside),
        talk=_talk_about(amendment, person, today) if is_inside else None,
        others=shown.amendment_items(related.rivals, person.id),
        merged=shown.amendment_items(related.merged, person.id),
        may_merge=amendment.state is AmendmentState.IN_COUNCIL
        and not amendment.has_open_vote
        and can(person, Action.AMENDMENT_MERGE, amendment),
        stale=shown.stale_text(amendment, wordings),
        may_edit=_may_edit(amendment),
        edition=edition_of(amendment.id) if amendment.state is AmendmentState.IN_EDITION else None,
        presses=presses(person, amendment, cycle) if cycle else [],
        is_council_time=cycle is not None and cycle.phase is Phase.COUNCIL,
    )


def _may_edit(amendment: FollowedAmendment) -> bool:
    """Whether the buttons that change it are shown; the services decide."""
    is_open = amendment.state in services.OPEN_WORDING and not amendment.has_open_vote
    return is_open and can(signed_in(), Action.AMENDMENT_EDIT, amendment)


@bp.route("/amendments/<int:amendment_id>/edit", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_EDIT, load=queries.get_amendment)
def edit_amendment(amendment: Amendment) -> ResponseReturnValue:
    """Change the words; the second of two who edit them gets both texts."""
    form = WordingForm(obj=amendment)
    if form.validate_on_submit():
        with form.refusals():
            _check_names(form.new_text.data, besides=amendment.base_text)
            services.edit_text(amendment, new_text=form.new_text.data, version=form.version.data, now=clock.now())
            return done(url_for(".show_amendment", amendment_id=amendment.id), gettext("Saved."))
    form.go_on_from(amendment.version)
    return render_form(
        "strategy/amendments/edit_amendment.html",
        form=form,
        amendment=amendment,
        says_now=typed_text(amendment.base_text),
    )


@bp.route("/amendments/<int:amendment_id>/reason", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_EDIT, load=queries.get_amendment)
def edit_reason(amendment: Amendment) -> ResponseReturnValue:
    """The second question of an amendment: why?"""
    form = ReasonForm(obj=amendment)
    if form.validate_on_submit():
        with form.refusals():
            _check_names(form.reason.data, besides=amendment.base_text)
            services.edit_reason(amendment, reason=form.reason.data, version=form.version.data, now=clock.now())
            if not amendment.title:
                return done(url_for(".edit_title", amendment_id=amendment.id))
            return done(url_for(".show_amendment", amendment_id=amendment.id), _saved(amendment))
    form.go_on_from(amendment.version)
    return render_form(
        "strategy/amendments/edit_reason.html", form=form, amendment=amendment, words=shown.words_html(amendment)
    )


@bp.route("/amendments/<int:amendment_id>/title", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_EDIT, load=queries.get_amendment)
def edit_title(amendment: Amendment) -> ResponseReturnValue:
    """The last question of an amendment: what is it called?"""
    form = TitleForm(obj=amendment)
    if form.validate_on_submit():
        with form.refusals():
            _check_names(form.title.data, besides=amendment.base_text)
            services.edit_title(amendment, title=form.title.data, version=form.version.data, now=clock.now())
            return done(url_for(".show_amendment", amendment_id=amendment.id), _saved(amendment))
    form.go_on_from(amendment.version)
    return render_form(
        "strategy/amendments/edit_title.html",
        form=form,
        amendment=amendment,
        words=shown.words_html(amendment),
        beginning=title_of(amendment),
    )


@bp.post("/amendments/<int:amendment_id>/submit")
@guarded(Action.AMENDMENT_EDIT, load=queries.get_amendment)
def submit_amendment(amendment: Amendment) -> ResponseReturnValue:
    """Put a draft before the council."""
    form = SubmitForm()
    if form.validate_on_submit():
        with form.refusals():
            services.submit_amendment(amendment, version=form.version.data, actor=signed_in(), now=clock.now())
            return done(
                url_for(".show_amendment", amendment_id=amendment.id), gettext("Now your council can decide about it.")
            )
    return _amendment_page(cast(FollowedAmendment, follow_amendment(amendment.id)), form)


@bp.route("/amendments/<int:amendment_id>/withdraw", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_EDIT, load=queries.get_amendment)
def withdraw_amendment(amendment: Amendment) -> ResponseReturnValue:
    """Take an amendment back."""
    form = WithdrawForm()
    if form.validate_on_submit():
        with form.refusals():
            _check_names(form.note.data)
            services.withdraw_amendment(amendment, note=form.note.data or "", actor=signed_in(), now=clock.now())
            return done(url_for(".list_amendments"), gettext("The suggestion is taken back."))
    return render_form(
        "strategy/amendments/withdraw_amendment.html",
        form=form,
        amendment=amendment,
        words=shown.words_html(amendment),
        is_mine=amendment.author_id == signed_in().id,
    )


@bp.post("/amendments/<int:amendment_id>/merge/end")
@guarded(Action.AMENDMENT_MERGE, load=queries.get_amendment)
def end_merging(amendment: Amendment) -> ResponseReturnValue:
    """Take an amendment out of the one it became a part of."""
    services.part_amendment(amendment, actor=signed_in(), now=clock.now())
    return done(
        url_for(".show_amendment", amendment_id=amendment.id), gettext("It stands by itself before the council again.")
    )


@bp.route("/amendments/<int:amendment_id>/merge", methods=["GET", "POST"])
@guarded(Action.AMENDMENT_MERGE, load=queries.get_amendment)
def merge_amendment(amendment: Amendment) -> ResponseReturnValue:
    """Make an amendment a part of another one."""
    person = signed_in()
    targets = shown.amendment_items(queries.list_merge_targets(person, amendment), person.id)
    form = MergeForm(targets)
    if form.validate_on_submit():
        into = queries.get_amendment(form.into.data)
        with form.refusals():
            services.merge_amendment(amendment, cast(Amendment, into), actor=person, now=clock.now())
            return done(
                url_for(".show_amendment", amendment_id=form.into.data),
                gettext("The two suggestions are one now. Look whether the words hold both ideas."),
            )
    return render_form(
        "strategy/amendments/merge_amendment.html",
        form=form,
        amendment=amendment,
        words=shown.words_html(amendment),
        targets=targets,
        is_before_council=amendment.state is AmendmentState.IN_COUNCIL,
    )
