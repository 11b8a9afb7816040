"""Fields are drawn by hand, and come out as WTForms' own widgets draw them."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from markupsafe import Markup
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.meta import DefaultMeta
from wtforms.validators import Length

from portal.web.forms import Form
from portal.web.widgets import drawn
from tests.cast import Cast
from tests.conftest import ClientOf
from tests.pages import PAGES, make_world, users_of
from tests.test_pages import path_of


def test_every_field_of_every_page_is_what_its_widget_draws(
    app: Flask, cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world(cast)
    seen: set[str] = set()

    def both(self: Any, field: Any, given: dict[str, Any]) -> Markup:
        ours = drawn(field, given)
        assert ours == DefaultMeta.render_field(self, field, given)
        seen.add(type(field.widget).__name__)
        return ours

    monkeypatch.setattr(Form.Meta, "render_field", both)
    for page in PAGES:
        for user in list(users_of(page, cast).values())[:1]:
            answer = client_of(user).get(path_of(app, page, world))
            assert answer.status_code == 200 or page.endpoint == "accounts.sign_in.sign_in"
    assert seen >= {"TextInput", "TextArea", "Select", "HiddenInput", "DateInput", "CheckboxInput", "FileInput"}


class HostileForm(Form):
    words = StringField(validators=[Length(max=9)], render_kw={"placeholder": '"<'})
    text = TextAreaField(validators=[Length(2, 90)])
    chosen = SelectField(
        choices=[SelectChoice('"1"', "<b>", {"class": "x'y"}), SelectChoice("2"), SelectChoice("3", Markup("<i>"))]
    )
    grouped = SelectField(choices=[SelectChoice("1", "<b>", optgroup='"<')])


def test_what_people_typed_is_escaped_as_ever(app: Flask) -> None:
    with app.test_request_context():
        form = HostileForm(words="\"'<&>", text="</textarea><script>", chosen='"1"', grouped="1")
        for field in form:
            given = {"autocomplete": "off", "disabled": True, "hidden": False, "title": '"<'}
            assert field(**given) == DefaultMeta.render_field(form.meta, field, given)
            assert "<script" not in field()
