"""How a form is read, refused and done: once per key, nothing typed is lost, and text is stored tidy."""

from __future__ import annotations

import unicodedata
from functools import partial

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from wtforms import HiddenField, PasswordField, SearchField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.accounts.models import IdempotencyKey, SignInThrottle, User
from portal.acts.models import Act
from portal.database import db
from portal.errors import N_, Conflict, RuleViolation
from portal.text import clock
from portal.updates.models import WellbeingUpdate
from portal.web.forms import NOT_CHOOSABLE, Form, render_form, tidy
from portal.web.idempotency import done, idempotency_key
from portal.web.language import catalogue_of
from tests import factories as make
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

TEXT = {"title": "Vi leger sammen", "body": "Alle har leget med en ny."}


class EveryText(Form):
    """Each kind of field that takes text."""

    one = StringField("One")
    more = TextAreaField("More")
    find = SearchField("Find")
    kept = HiddenField()
    secret = PasswordField("Secret")


class ShortText(Form):
    """A field with a limit, and one that must be filled."""

    short = StringField(N_("Heading"), validators=[Length(max=3)])
    needed = StringField(validators=[DataRequired()])


class ManyOf(Form):
    """Several of some rows."""

    many = SelectMultipleField("Many", coerce=int, choices=[SelectChoice(1, "One")])


def updates() -> list[WellbeingUpdate]:
    return db.session.query(WellbeingUpdate).all()


def test_a_double_click_is_one_act(cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    first, second = browser.send(path, TEXT, key="a" * 32), browser.send(path, TEXT, key="a" * 32)
    assert [update.title for update in updates()] == [TEXT["title"]]
    assert first.location == second.location == f"/updates/{updates()[0].id}/preview"
    assert first.status_code == second.status_code == 303


@pytest.mark.both
def test_twenty_posts_with_one_key_at_the_same_moment_are_one_act(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    browsers = [client_of(cast.class_teacher) for _ in range(20)]
    path = f"/updates/classes/{cast.third.id}/new"
    answers = at_once(*(partial(browser.send, path, TEXT, key="k" * 32) for browser in browsers))
    assert len(updates()) == 1
    assert {(answer.status_code, answer.location) for answer in answers} == {
        (303, f"/updates/{updates()[0].id}/preview")
    }
    assert db.session.query(IdempotencyKey).count() == 1


@pytest.mark.both
def test_a_double_click_that_a_rule_would_refuse_is_answered_like_the_first(
    cast: Cast, client_of: ClientOf, database: str
) -> None:
    draft = make.make_update(cast.third, cast.class_teacher, published_at=None)
    browsers = [client_of(cast.class_teacher) for _ in range(8)]
    path = f"/updates/{draft.id}/publish"
    answers = at_once(*(partial(browser.send, path, {"version": "1"}, key="p" * 32) for browser in browsers))
    assert {(answer.status_code, answer.location) for answer in answers} == {(303, f"/updates/{draft.id}")}
    assert db.session.query(Act).count() == 1


def test_two_windows_with_their_own_keys_are_two_acts(cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    for key in ("a" * 32, "b" * 32, "", ""):
        browser.send(path, TEXT, key=key)
    assert len(updates()) == 4


def test_another_person_s_key_opens_nothing(cast: Cast, client_of: ClientOf) -> None:
    path = f"/updates/classes/{cast.third.id}/new"
    first = client_of(cast.class_teacher).send(path, TEXT, key="k" * 32)
    second = client_of(cast.pedagogue).send(path, TEXT, key="k" * 32)
    assert first.location != second.location
    assert len(updates()) == 2
    assert client_of(cast.guardian).send(path, TEXT, key="k" * 32).status_code == 403


def test_a_key_does_not_reach_past_the_guard(cast: Cast, client_of: ClientOf) -> None:
    path, browser = f"/updates/classes/{cast.third.id}/new", client_of(cast.substitute)
    browser.send(path, TEXT, key="k" * 32)
    db.session.query(type(cast.substitute)).filter_by(id=cast.substitute.id).update({"deactivated_at": clock.now()})
    assert browser.send(path, TEXT, key="k" * 32).status_code == 401


def test_a_refused_form_can_be_sent_again_with_its_key(cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    assert browser.send(path, {"title": "", "body": "x"}, key="k" * 32).status_code == 422
    assert browser.send(path, TEXT, key="k" * 32).status_code == 303
    assert len(updates()) == 1


def test_what_was_typed_is_still_there(cast: Cast, client_of: ClientOf) -> None:
    path = f"/updates/classes/{cast.third.id}/new"
    page = client_of(cast.class_teacher).send(path, {"title": "", "body": "En lang <tekst> & mere."})
    assert page.status_code == 422
    assert "En lang &lt;tekst&gt; &amp; mere.</textarea>" in page.text
    assert 'href="#title"' in page.text, "the summary leads to the field"
    assert 'aria-describedby="title-hint title-error"' in page.text
    assert updates() == []


def test_a_form_has_its_own_key_each_time_it_is_shown(cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    keys = {browser.get(path).text.split('name="idempotency_key" value="')[1].split('"')[0] for _ in range(3)}
    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)


def test_all_forms_of_one_page_share_its_key(app: Flask) -> None:
    with app.test_request_context("/"):
        assert idempotency_key() == idempotency_key()


@pytest.mark.parametrize(
    ("refusal", "status"), [(RuleViolation(N_("No, %(name)s."), name="Alma"), 422), (Conflict(N_("Too late.")), 409)]
)
def test_a_refusal_undoes_everything_and_shows_in_the_form(app: Flask, refusal: RuleViolation, status: int) -> None:
    with app.test_request_context("/", method="POST"):
        form = EveryText()
        with form.refusals():
            make.make_user()
            raise refusal
        assert form.form_errors == [str(refusal)]
        assert form.status == status
        assert db.session.query(User).count() == 0
        assert form.errors


def test_another_fault_is_no_refusal(app: Flask) -> None:
    with app.test_request_context("/", method="POST"), pytest.raises(ZeroDivisionError), EveryText().refusals():
        raise ZeroDivisionError


def test_two_forms_that_clash_are_a_conflict_and_no_double_click(app: Flask) -> None:
    def change() -> None:
        db.session.add(SignInThrottle(subject="same", counted_from=clock.now()))

    with app.test_request_context("/", method="POST", data={"idempotency_key": "a"}):
        change()
        assert done("/first").location == "/first"
    db.session.expunge_all()
    with app.test_request_context("/", method="POST", data={"idempotency_key": "b"}):
        change()
        with pytest.raises(IntegrityError):
            done("/second")
    assert [row.location for row in db.session.query(IdempotencyKey)] == ["/first"]


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("ticked", [["3"], ["3", "4"], ["x"]])
def test_what_cannot_be_ticked_is_said_without_the_ids_of_it(app: Flask, language: str, ticked: list[str]) -> None:
    with app.test_request_context("/", method="POST", data={"many": ticked}, headers={"Accept-Language": language}):
        form = ManyOf()
        assert not form.validate()
        (said,) = form.many.errors
        words = catalogue_of(language).gettext(NOT_CHOOSABLE)
        assert said == words if ticked != ["x"] else "x" not in said.split()
        assert not set(said) & set("0123456789'[")


def test_done_says_so_once_and_goes_on(cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    said = catalogue_of("da").gettext("Saved. Only your team can see it yet.")
    answer = browser.send(path, TEXT, key="k" * 32)
    browser.send(path, TEXT, key="k" * 32)
    assert browser.get(answer.location).text.count(said) == 1
    assert said not in browser.get(answer.location).text


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Alma \t", "Alma"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb", "a\tb"),
        ("\n\n a \n", "a"),
        (" \n ", ""),
        ("A\u030ase", "Åse"),
        ("a\0b\x07c\x85d", "abcd"),
        ("a\0\u0301", "á"),
        ("\ud83d", ""),
        ("👩‍👧 hjemme", "👩‍👧 hjemme"),
        ("שלום", "שלום"),
        ("a\u00a0b", "a\u00a0b"),
        ("Fest \u202esmuk", "Fest smuk"),
    ],
)
def test_text_is_stored_tidy(typed: str, stored: str) -> None:
    assert tidy(typed) == stored


def test_a_field_of_one_line_holds_one_line(app: Flask) -> None:
    """A title with a line end put a line of its own into a mail to the whole class."""

    class Typed(Form):
        title = StringField()
        body = TextAreaField()

    typed = "Fest\r\n\nLog ind\ther\u2028nu"
    with app.test_request_context(method="POST", data={"title": typed, "body": typed}):
        form = Typed()
        assert form.title.data == "Fest Log ind her nu"
        assert form.body.data == "Fest\n\nLog ind\ther\u2028nu"


def test_what_is_no_text_stays_as_it_is() -> None:
    assert tidy(None) is None
    assert tidy(7) == 7


@given(st.text(st.characters(codec=None)))
def test_tidy_text_is_normal_printable_and_stays_so(typed: str) -> None:
    text = str(tidy(typed))
    assert text == unicodedata.normalize("NFC", text) == text.strip() == tidy(text)
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in text if c not in "\n\t")
    text.encode()


def test_every_field_of_text_is_tidied_but_a_password(app: Flask) -> None:
    typed = dict.fromkeys(("one", "more", "find", "kept", "secret"), " a\x07\r\nb ")
    with app.test_request_context("/", method="POST", data=typed):
        form = EveryText()
        tidied = {name: value for name, value in form.data.items() if name in typed}
    assert tidied == {
        **dict.fromkeys(("one", "find"), "a b"),
        **dict.fromkeys(("more", "kept"), "a\nb"),
        "secret": " a\x07\r\nb ",
    }


@pytest.mark.parametrize("language", ["da", "en"])
def test_labels_and_complaints_are_in_the_reader_s_language(app: Flask, language: str) -> None:
    words = catalogue_of(language).gettext
    header = {"Accept-Language": language}
    with app.test_request_context("/", method="POST", data={"short": "for lang"}, headers=header):
        form = ShortText()
        assert not form.validate()
        assert form.short.label.text == words("Heading")
        assert form.short.errors == [words("Field cannot be longer than %(max)d characters.") % {"max": 3}]
        assert form.needed.errors == [words("This field is required.")]


def test_what_a_validator_was_given_to_say_is_danish_too(cast: Cast, client_of: ClientOf) -> None:
    typed = {"first_name": "Sara", "last_name": "Holm", "email": "sara"}
    page = client_of(cast.office).send("/accounts/users/new", typed)
    assert page.status_code == 422
    assert "Det ligner ikke en e-mailadresse." in page.text
    assert "Invalid email address." not in page.text


def test_the_status_tells_how_the_form_went(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"short": "abcd"}):
        form = ShortText()
        assert render_form("errors/error.html", form=form, title="", message="")[1] == 200  # type: ignore[index]
        form.validate()
        assert render_form("errors/error.html", form=form, title="", message="")[1] == 422  # type: ignore[index]


@pytest.mark.parametrize("sent", ["5", '"x"', "[1, 2]", '{"body": 7}', "{"])
def test_a_form_is_no_json(cast: Cast, client_of: ClientOf, sent: str) -> None:
    path = f"/updates/classes/{cast.third.id}/new"
    answer = client_of(cast.class_teacher).post(path, data=sent, content_type="application/json")
    assert answer.status_code == 400
