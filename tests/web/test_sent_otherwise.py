"""A form whose answer was lost, written on and sent again: no words are dropped, and it is said what is saved."""

from __future__ import annotations

from functools import partial
from io import BytesIO

import pytest
from flask import Flask

from portal.accounts.models import IdempotencyKey
from portal.agreements.models import AgreementVersion
from portal.database import db
from portal.text import clock
from portal.updates.models import WellbeingUpdate
from portal.web.idempotency import SentOtherwise, already_done, done
from tests.cast import Cast
from tests.conftest import ClientOf, at_once

pytestmark = pytest.mark.usefixtures("everybody_reads_english")

KEY = "k" * 32
FIRST = {"title": "Ugen", "body": "Vi har bygget huler."}
THEN = {"title": "Ugen", "body": "Vi har bygget huler, og alle var med."}


def bodies() -> list[str]:
    db.session.expire_all()
    return [update.body for update in db.session.query(WellbeingUpdate)]


@pytest.mark.both
def test_other_words_with_the_same_key_are_given_back_and_what_is_saved_is_said(
    cast: Cast, client_of: ClientOf
) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    first = browser.send(path, FIRST, key=KEY)
    assert browser.send(path, FIRST, key=KEY).location == first.location, "the same words are the same act"
    answer = browser.send(path, THEN, key=KEY)
    assert answer.status_code == 409
    assert "You have sent this page before" in answer.text
    assert "what stood in it then is saved. What you send now is not." in answer.text
    assert f'href="{first.location}"' in answer.text, "and where it stands"
    assert "Somebody was here just before you" not in answer.text
    assert THEN["body"] in answer.text
    assert bodies() == [FIRST["body"]]
    assert browser.send(path, THEN, key="another" + KEY).status_code == 303


def test_words_of_a_text_that_is_changed_are_not_dropped(cast: Cast, client_of: ClientOf) -> None:
    team, path = client_of(cast.class_teacher), f"/agreements/classes/{cast.third.id}/rules/edit"
    form = {"body": "Vi lytter.", "version": "0", "agreed_on": clock.today().isoformat()}
    assert team.send(path, form, key=KEY).status_code == 303
    answer = team.send(path, {**form, "body": "Vi lytter til hinanden."}, key=KEY)
    assert answer.status_code == 409
    assert "Vi lytter til hinanden." in answer.text
    assert db.session.query(AgreementVersion).one().body == "Vi lytter."


def test_of_two_at_once_with_other_words_one_is_saved_and_one_is_told(cast: Cast, client_of: ClientOf) -> None:
    path = f"/updates/classes/{cast.third.id}/new"
    browsers = [client_of(cast.class_teacher) for _ in range(2)]
    sent = [FIRST, THEN]
    answers = at_once(
        *(partial(browser.send, path, form, key=KEY) for browser, form in zip(browsers, sent, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    (saved,) = bodies()
    told = next(i for i, answer in enumerate(answers) if answer.status_code == 409)
    assert sent[told]["body"] in answers[told].text
    assert saved == sent[1 - told]["body"]


def test_a_file_is_content_and_what_every_page_sends_beside_is_not(app: Flask) -> None:
    def send(words: str, file: bytes, csrf: str) -> str:
        form = {"idempotency_key": KEY, "csrf_token": csrf, "words": words, "file": (BytesIO(file), "roster.csv")}
        with app.test_request_context("/x", method="POST", data=form):
            before = already_done()
            return "before" if before else str(done("/there").status_code)

    assert send("a", b"1", "first") == "303"
    assert send("a", b"1", "second") == "before"
    for words, file in (("b", b"1"), ("a", b"2")):
        with pytest.raises(SentOtherwise):
            send(words, file, "first")


def test_what_was_sent_before_content_was_kept_is_answered_as_it_was(cast: Cast, client_of: ClientOf) -> None:
    browser, path = client_of(cast.class_teacher), f"/updates/classes/{cast.third.id}/new"
    first = browser.send(path, FIRST, key=KEY)
    db.session.query(IdempotencyKey).update({"content": ""})
    db.session.commit()
    assert browser.send(path, THEN, key=KEY).location == first.location
