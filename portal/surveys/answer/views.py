"""The pages on which a child answers: a slip, one question after the other, and the door to an adult.

Nobody is signed in, so no form carries more than the slip and the answers so far: no cookie, no token, no key. The slip
is what a form of ours is known by. Nothing is stored before the last press, and no page of it is kept by the browser.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Blueprint, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue

from portal.extensions import csrf
from portal.school.help_contacts.queries import list_at_school
from portal.settings import Settings
from portal.surveys import queries
from portal.surveys.answer import services, throttling
from portal.surveys.bank.models import Band
from portal.surveys.models import ANSWERS, Answer, ClassSurvey
from portal.surveys.presenters import PRESSES
from portal.surveys.services import MOST_QUESTIONS
from portal.text import clock
from portal.web.guard import public
from portal.web.idempotency import done
from portal.web.language import gettext
from portal.web.urls import url_for

bp = Blueprint("answer", __name__)


@bp.get("/answer")
@bp.get("/answer/<code>")
@public
def show_slip(code: str = "") -> ResponseReturnValue:
    """Type the letters of a slip; where its picture leads they are there. Whether they hold is asked with the press."""
    return _slip_page(services.read_code(code), {})


def _slip_page(code: str, answers: Mapping[str, Answer], *, must_wait: bool = False) -> str:
    return render_template(
        "surveys/answer/show_slip.html",
        code=code,
        answers=answers,
        is_wrong="again" in request.args,
        must_wait=must_wait,
    )


@bp.post("/answer/start")
@csrf.exempt
@public
def start_answer() -> ResponseReturnValue:
    """Take the slip, and ask the first question; after a wait, the first that is not answered."""

    def begin(part: ClassSurvey, asked: Sequence[Any]) -> ResponseReturnValue:
        answers = _answers(part, asked)
        first = next((place for place, row in enumerate(asked) if row.id not in answers), len(asked))
        return _ask(part, asked, answers, first)

    return _with_slip(begin)


@bp.post("/answer/ask")
@csrf.exempt
@public
def ask_next() -> ResponseReturnValue:
    """Keep an answer on the page and ask the next question, or the one before."""

    def next_page(part: ClassSurvey, asked: Sequence[Any]) -> ResponseReturnValue:
        answers, at = _answers(part, asked), request.form.get("at", 0, type=int)
        at = min(max(at, 0), len(asked))
        pressed = request.form.get("answer", "")
        if "back" in request.form:
            return _ask(part, asked, answers, max(at - 1, 0))
        if pressed in ANSWERS[part.band] and at < len(asked):
            return _ask(part, asked, {**answers, asked[at].id: Answer(pressed)}, at + 1)
        return _ask(part, asked, answers, at)

    return _with_slip(next_page)


@bp.post("/answer/submit")
@csrf.exempt
@public
def submit_answers() -> ResponseReturnValue:
    """Count all the answers at once, and open the door to an adult."""

    def count(part: ClassSurvey, asked: Sequence[Any]) -> ResponseReturnValue:
        answers = _answers(part, asked)
        missing = next((place for place, row in enumerate(asked) if row.id not in answers), None)
        if missing is not None:
            return _ask(part, asked, answers, missing, is_missing=True)
        if not services.give_answers(_code(), answers, now=clock.now()):
            return _wrong_slip()
        return done(url_for(".show_thanks"))

    return _with_slip(count)


@bp.get("/answer/thanks")
@public
def show_thanks() -> ResponseReturnValue:
    """Thanks, and whom one can talk to. The browser throws away what it has kept of the pages before."""
    page = make_response(render_template("surveys/answer/show_thanks.html", contacts=list_at_school()))
    page.headers["Clear-Site-Data"] = '"cache"'
    return page


def _code() -> str:
    return services.read_code(request.form.get("code", ""))


def _with_slip(answer: Any) -> ResponseReturnValue:
    """Answer for a slip that holds; all that do not are told the same, and counted where they come from.

    A child who has begun never waits for what others have tried.
    """
    now, address = clock.now(), request.remote_addr or ""
    if not _has_begun() and throttling.is_shut_out(address, now=now):
        return _slip_page(_code(), _carried(), must_wait=True), HTTPStatus.TOO_MANY_REQUESTS
    part = services.find_open(_code(), now=now)
    if part is None:
        return _wrong_slip()
    asked = [row for row in queries.list_asked(part.survey_id) if row.band is part.band]
    return answer(part, asked)  # type: ignore[no-any-return]


def _wrong_slip() -> ResponseReturnValue:
    if not _has_begun():
        throttling.count_wrong(request.remote_addr or "", now=clock.now())
    return done(url_for(".show_slip", again=1))


def _secret_key() -> str:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings.secret_key


def _has_begun() -> bool:
    return throttling.has_begun(_code(), request.form.get("mark", ""), _secret_key())


def _carried() -> dict[str, Answer]:
    """What the page carries where nothing is looked up yet, by the number in each name."""
    sent = [(name.removeprefix("answer_"), value) for name, value in request.form.items() if name != "answer"]
    known = [(number, Answer(value)) for number, value in sent if number.isdecimal() and value in list(Answer)]
    return dict(known[:MOST_QUESTIONS])


def _answers(part: ClassSurvey, asked: Sequence[Any]) -> dict[int, Answer]:
    """The answers that the page carries, as far as they can be given."""
    carried = {row.id: request.form.get(f"answer_{row.id}", "") for row in asked}
    return {wording: Answer(value) for wording, value in carried.items() if value in ANSWERS[part.band]}


def _ask(
    part: ClassSurvey, asked: Sequence[Any], answers: Mapping[int, Answer], at: int, *, is_missing: bool = False
) -> ResponseReturnValue:
    template = "surveys/answer/ask_small.html" if part.band is Band.SMALL else "surveys/answer/ask_big.html"
    page = render_template(
        template,
        code=_code(),
        mark=throttling.mark_of(_code(), _secret_key()),
        asked=asked,
        answers=answers,
        at=at,
        is_missing=is_missing,
        presses={answer.value: gettext(PRESSES[answer]) for answer in ANSWERS[part.band]},
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if is_missing else HTTPStatus.OK
