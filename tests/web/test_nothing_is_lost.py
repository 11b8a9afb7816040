"""Every form of the portal, found by walking its pages: whatever stops it, what was typed in it comes back.

A form is filled with words of its own, sent in vain, and the page that answers is read. Nothing hidden is on it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask, abort, url_for
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from portal.accounts.models import User, UserSession
from portal.council.meetings.models import MeetingState
from portal.database import db
from portal.errors import N_, Conflict, RuleViolation
from portal.text import clock
from portal.web import guard
from portal.web.kept_text import read
from portal.web.typed_text import csrf_secret
from tests import factories as make
from tests.conftest import IsolatedClient
from tests.pages import PAGES, World, users_of

ClientOf = Callable[[User], IsolatedClient]

#: Forms in which nobody is signed in, or which hold nothing but passwords.
OPEN_TO_ALL = {
    "accounts.sign_in.sign_in": "a name and a password; the name comes back (test_typed_text.py)",
    "accounts.sign_in.accept_link": "a password",
    "demo.sign_in": "a press",
    "surveys.answer.start_answer": "six letters; nothing of a child's answers is kept (test_answering.py)",
    "surveys.answer.ask_next": "a press",
    "surveys.answer.submit_answers": "choices",
}
#: What no form of a walked page is sent to: the text keeps itself there, or this school has no use for the press.
WITHOUT_A_FORM = {
    "updates.desk.save_new_update": "the text keeps itself; its form is sent to `draft_update`",
    "updates.desk.save_update": "the text keeps itself; its form is sent to `edit_update`",
    "accounts.choose_language": "a press",
    "agreements.hide_version": "a press",
    "events.organisers.choose_invitation": "a press, of those who are asked",
    "events.organisers.accept_event": "a press, where nobody organises it",
    "events.organisers.end_organiser": "a press, where there are others",
    "events.sending.discard_event": "a press",
    "events.sending.publish_event": "a press",
    "events.sending.withdraw_event": "a press",
    "akt.ask_akt": "shown while the class waits for no answer; what was typed is kept (test_akt.py)",
    "akt.remove_note": "a press",
    "akt.withdraw_request": "a press",
    "initiatives.reopen_initiative": "a press",
    "initiatives.withdraw_initiative": "a press",
    "play_patrol.edit_turn": "a choice",
    "parent_meetings.cancel_meeting": "a press",
    "parent_meetings.mark_shown": "a press",
    "parent_meetings.unmark_shown": "a press",
    "playgroups.draft.move_child": "two choices",
    "playgroups.parted.end_pair": "a press",
    "playgroups.voices.record_voice": "a press",
    "strategy.decisions.correct_decision": "shown while its review is open for it, and this world's is in the hearing",
    "accounts.end_other_sessions": "a press",
    "accounts.end_session": "a press",
    "accounts.proof.start_proof": "a press",
    "accounts.users.end_role": "a press",
    "accounts.users.reopen_account": "a press",
    "fixed_days.delete_fixed_day": "a press",
    "themes.remove_theme": "a press",
    "year_wheel.remove_duty": "a press",
    "year_wheel.remove_proof": "a press",
    "council.edit_members": "boxes to tick",
    "council.make_letter": "a press",
    "council.meetings.approve_minutes": "a press",
    "council.class_inputs.remove_input": "a press",
    "council.screen.end_item": "a press",
    "council.screen.move_item": "a press",
    "council.screen.mark_heard": "a press",
    "council.screen.edit_notes": "shown while a meeting goes on; what was typed is kept (test_screen.py)",
    "council.screen.record_hands": "numbers",
    "council.screen.start_item": "a press",
    "council.meetings.close_meeting": "boxes to tick",
    "council.meetings.mark_back": "a press",
    "council.meetings.edit_day": "a day",
    "council.meetings.mark_gone": "a press",
    "council.meetings.move_item_up": "a press",
    "council.meetings.edit_attendance": "boxes to tick, while a meeting goes on",
    "council.meetings.record_result": "numbers and a choice, while a meeting goes on",
    "council.meetings.correct_result": "numbers and a choice",
    "council.meetings.cancel_start": "a press",
    "playgroups.new_plan": "choices; while a plan is under way there is no form",
    "school.access.end_closure": "a press",
    "school.help_contacts.move_help_contact": "a press",
    "school.roster.apply_roster": "boxes to tick",
    "strategy.amendments.end_merging": "a press",
    "strategy.amendments.merge_amendment": "a choice",
    "strategy.amendments.submit_amendment": "a press",
    "strategy.cycle.start_cycle": "a press",
    "strategy.decisions.show_remark": "the reply's own form is sent to `record_decisions`; this keeps nothing",
    "strategy.forwarding.forward_amendment": "a press",
    "strategy.forwarding.new_packet": "boxes to tick",
    "strategy.publishing.edit_settlement": "only while two decided texts clash (test_publishing_pages.py)",
    "strategy.publishing.publish_edition": "a day and a press",
    "strategy.discard_edition": "a press",
    "strategy.unmark_link": "a press",
    "surveys.bank.reopen_question": "a press",
    "surveys.end_survey": "a press",
    "surveys.hour.close_hour": "a press",
    "surveys.hour.end_survey": "a press",
    "surveys.hour.make_slips": "a press",
    "surveys.hour.show_class": "a press",
    "updates.desk.cancel_schedule": "a press",
    "updates.desk.reopen_update": "a press",
}
HERE = "http://localhost"
SECRET = "hemmelig"


@dataclass
class PageForm:
    """A form as it stands on a page: where it leads, who sees it there, and its fields by name."""

    reader: str
    page: str
    action: str
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, list[str]] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    passwords: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.action} on {self.page} for {self.reader}"


class Forms(HTMLParser):
    """The forms of a page, with what stands in their fields."""

    TYPED = ("text", "email", "search", "number", "date", "time", "tel", "url")

    def __init__(self, page: str, reader: str) -> None:
        super().__init__()
        self.page, self.reader = page, reader
        self.forms: list[PageForm] = []
        self._form: PageForm | None = None
        self._area = self._select = ""

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in pairs}
        name, kind = attributes.get("name", ""), attributes.get("type", "text")
        if tag == "form" and attributes.get("method") == "post":
            self._form = PageForm(self.reader, self.page, attributes.get("action") or self.page)
            self._is_sent_elsewhere = self._has_own_button = False
            self.forms.append(self._form)
        elif self._form is not None and tag == "button":
            if elsewhere := attributes.get("formaction"):
                self._is_sent_elsewhere = True
                self.forms.append(replace(self._form, action=elsewhere))
            else:
                self._has_own_button = True
        elif self._form is not None:
            self._keep(self._form, tag, kind, name, attributes)

    def _keep(self, form: PageForm, tag: str, kind: str, name: str, attributes: dict[str, str]) -> None:
        if tag == "textarea":
            self._area, form.typed[name] = name, ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in attributes:
            form.chosen.setdefault(self._select, []).append(attributes["value"])
        elif tag == "input" and kind == "password":
            form.passwords.append(name)
        elif tag == "input" and kind == "hidden":
            form.hidden[name] = attributes.get("value", "")
        elif tag == "input" and kind in ("radio", "checkbox"):
            if "checked" in attributes:
                form.chosen.setdefault(name, []).append(attributes.get("value", "y"))
        elif tag == "input" and kind in self.TYPED and "readonly" not in attributes:
            form.typed[name] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form:
            if self._is_sent_elsewhere and not self._has_own_button:
                self.forms.remove(self._form)
            self._form = None
        elif tag == "textarea" and self._form:
            self._form.typed[self._area] = self._form.typed[self._area].removeprefix("\r\n").removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form:
            self._form.typed[self._area] += data


def forms_on(text: str, page: str, reader: str = "") -> list[PageForm]:
    parser = Forms(page, reader)
    parser.feed(text)
    return parser.forms


_FOUND: list[PageForm] = []


@pytest.fixture
def more_pages(world: World) -> list[tuple[str, str]]:
    """Pages in another state than the one in which the world has them, with who sees them."""
    held = make.make_meeting(world.cast.council, MeetingState.MINUTES_APPROVED)
    return [(f"/council/meetings/{held.id}/corrections/new", "facilitator")]


@pytest.fixture
def forms(app: Flask, world: World, client_of: ClientOf, more_pages: list[tuple[str, str]]) -> list[PageForm]:
    """One of each form there is; they are looked for once, since every test has the same school."""
    if not _FOUND:
        browsers = {name: client_of(user) for name, user in world.cast.users.items()}
        with app.test_request_context():
            pages = [(url_for(page.endpoint, **page.example(world)), page) for page in PAGES]
        visits = [(path, reader) for path, page in pages for reader in users_of(page, world.cast)]
        seen = set()
        for path, reader in [*visits, *more_pages]:
            for form in forms_on(browsers[reader].get(path).text, path, reader):
                key = endpoint_of(app, form.action), frozenset(form.typed) | frozenset(form.hidden)
                if key not in seen:
                    seen.add(key)
                    _FOUND.append(form)
    return _FOUND


def endpoint_of(app: Flask, path: str) -> str:
    return str(app.url_map.bind("localhost").match(urlsplit(path).path, method="POST")[0])


def written(app: Flask, forms: list[PageForm]) -> Iterator[tuple[PageForm, dict[str, str]]]:
    """The forms that somebody types into, each with words that stand in no other field."""
    for number, form in enumerate(forms):
        if form.typed and endpoint_of(app, form.action) not in OPEN_TO_ALL:
            yield form, {name: f"Ord {number}-{place} & <mere>" for place, name in enumerate(form.typed)}


def token(app: Flask, secret: str) -> str:
    return str(URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(secret))


def own_token(app: Flask, browser: IsolatedClient) -> str:
    with browser.session_transaction() as session:
        return token(app, session["csrf_token"])


def body(form: PageForm, words: dict[str, str], csrf_token: str) -> dict[str, Any]:
    """What a browser would send; what is hidden holds a word that no page may show."""
    kept = [name for name, value in form.hidden.items() if value]  # what is empty stands for a box that is not shown
    hidden = {name: f"{SECRET}-{name}" for name in [*kept, *form.passwords]}
    return {**form.chosen, **hidden, **words, "csrf_token": csrf_token}


def given_back(text: str) -> set[str]:
    return {html.unescape(words) for words in re.findall(r"<textarea[^>]* readonly[^>]*>(.*?)</textarea>", text, re.S)}


@pytest.fixture
def guarded_by_tokens(app: Flask, monkeypatch: pytest.MonkeyPatch, forms: list[PageForm]) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)


def test_every_address_that_takes_a_form_was_found_on_a_page(app: Flask, forms: list[PageForm]) -> None:
    takes = {
        rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and not rule.redirect_to
    }
    found = {endpoint_of(app, form.action) for form in forms}
    missing = takes - found - set(OPEN_TO_ALL) - set(WITHOUT_A_FORM)
    assert not missing, "\n".join(sorted(missing))
    assert len(list(written(app, forms))) >= 30


def _busy(*asked: object) -> None:
    raise OperationalError("SELECT", {}, Exception("database is locked"))


def _refusal(*asked: object) -> None:
    raise RuleViolation(N_("Not for %(name)s & co."), name="Alma")


def _conflict(*asked: object) -> None:
    raise Conflict(N_("Somebody was here."))


STOPS: dict[int, Callable[..., None]] = {
    **{status: (lambda *asked, status=status: abort(status)) for status in (400, 403, 404, 405, 429, 500)},
    409: _conflict,
    422: _refusal,
    503: _busy,
}


@pytest.mark.usefixtures("guarded_by_tokens")
@pytest.mark.parametrize("status", STOPS)
def test_what_was_typed_comes_back_with_every_refusal(
    app: Flask, world: World, client_of: ClientOf, forms: list[PageForm], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(guard, "can", STOPS[status])
    browsers = {name: client_of(user) for name, user in world.cast.users.items()}
    lost, told = [], []
    for form, words in written(app, forms):
        browser = browsers[form.reader]
        answer = browser.post(form.action, data=body(form, words, own_token(app, browser)))
        assert answer.status_code == status, str(form)
        lost += [f"{form}: {word}" for word in words.values() if word not in given_back(answer.text)]
        told += [str(form)] if SECRET in answer.text else []
    assert not lost, "\n".join(lost)
    assert not told, "\n".join(told)


@pytest.mark.usefixtures("guarded_by_tokens")
def test_of_too_much_what_came_through_comes_back(
    app: Flask, world: World, client_of: ClientOf, forms: list[PageForm]
) -> None:
    browsers = {name: client_of(user) for name, user in world.cast.users.items()}
    lost = []
    for form, words in written(app, forms):
        browser = browsers[form.reader]
        data = {**body(form, words, own_token(app, browser)), "much": "x" * 3_000_000}
        answer = browser.post(
            form.action, data=urlencode(data, doseq=True), content_type="application/x-www-form-urlencoded"
        )
        assert answer.status_code == 413
        assert SECRET not in answer.text, str(form)
        lost += [f"{form}: {word}" for word in words.values() if word not in given_back(answer.text)]
    assert not lost, "\n".join(lost)


def reopened(app: Flask, browser: IsolatedClient, sealed: str) -> TestResponse:
    kept = read(sealed)
    assert kept is not None
    return browser.post(kept.path, data={"csrf_token": own_token(app, browser), "reopened": sealed})


def sealed_in(answer: TestResponse, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', answer.text)
    return found[1] if found else ""


def is_filled(page: TestResponse, form: PageForm, words: dict[str, str]) -> bool:
    """Whether a form of the page holds all that was typed and chosen."""
    shown = forms_on(page.text, form.page)
    return page.status_code == 200 and any(
        words.items() <= other.typed.items() and form.chosen.items() <= other.chosen.items() for other in shown
    )


@pytest.mark.usefixtures("guarded_by_tokens")
def test_who_signs_in_again_gets_every_form_back_filled(
    app: Flask, world: World, client_of: ClientOf, forms: list[PageForm]
) -> None:
    """The session has ended; the text waits in the sign-in page, and nobody can read it there."""
    lost, told = [], []
    for form, words in written(app, forms):
        user = world.cast.users[form.reader]
        browser = client_of(user)
        db.session.query(UserSession).update({"ended_at": clock.now()})
        data = body(form, words, own_token(app, browser))
        data = {**data, **{name: value for name, value in form.hidden.items() if name != "csrf_token"}}
        answer = browser.post(form.action, data=data, headers={"Referer": f"{HERE}{form.page}"})
        assert answer.status_code == 401
        told += [
            f"{form}: {word}" for word in words.values() if html.escape(word) in answer.text or word in answer.text
        ]
        sealed = sealed_in(answer, "carried")
        if not sealed or not is_filled(reopened(app, client_of(user), sealed), form, words):
            lost.append(str(form))
    assert not lost, "\n".join(lost)
    assert not told, "\n".join(told)


@pytest.mark.usefixtures("guarded_by_tokens")
def test_a_page_of_before_a_new_sign_in_leads_back_to_every_form_filled(
    app: Flask, world: World, client_of: ClientOf, forms: list[PageForm]
) -> None:
    lost = []
    for form, words in written(app, forms):
        user = world.cast.users[form.reader]
        browser = client_of(user)
        data = body(form, words, token(app, csrf_secret(user.id)))
        data = {**data, **{name: value for name, value in form.hidden.items() if name != "csrf_token"}}
        answer = browser.post(form.action, data=data, headers={"Origin": HERE, "Referer": f"{HERE}{form.page}"})
        assert answer.status_code == 400
        lost += [f"{form}: {word}" for word in words.values() if word not in given_back(answer.text)]
        sealed = sealed_in(answer, "reopened")
        if not sealed or not is_filled(reopened(app, browser, sealed), form, words):
            lost.append(str(form))
    assert not lost, "\n".join(lost)
