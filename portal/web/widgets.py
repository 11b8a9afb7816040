"""Fields as HTML: what WTForms' own widgets write, for a fifth of their price. A page may hold a hundred choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape
from wtforms import widgets

_AS_INPUT = {
    widgets.DateInput,
    widgets.EmailInput,
    widgets.HiddenInput,
    widgets.TelInput,
    widgets.TextInput,
    widgets.TimeInput,
    widgets.URLInput,
}


def drawn(field: Any, given: Mapping[str, Any]) -> Markup:
    """A field with these attributes besides its own. Of a kind that is not known here, its widget draws it."""
    widget, own = field.widget, {"name": field.name, "id": field.id, **_demanded(field), **given}
    if type(widget) is widgets.TextArea:
        return Markup(f"<textarea {_attributes(own)}>\r\n{escape(field._value())}</textarea>")  # noqa: S704 - escaped
    if type(widget) in _AS_INPUT:
        own = {"type": widget.input_type, "value": field._value(), **own}
        return Markup(f"<input {_attributes(own)}>")  # noqa: S704 - escaped
    if type(widget) is widgets.Select and not widget.multiple and not field.has_groups():
        options = [
            f"<option {_attributes({'value': choice.value, **choice.render_kw, 'selected': choice.selected})}>"
            f"{escape(choice.label or choice.value)}</option>"
            for choice in field.iter_choices()
        ]
        return Markup(f"<select {_attributes(own)}>{''.join(options)}</select>")  # noqa: S704 - escaped
    drawn_by_widget: Markup = widget(field, **given)
    return drawn_by_widget


def _demanded(field: Any) -> dict[str, Any]:
    """What the validators of a field tell the browser, such as the longest text, as far as its widget says it."""
    return {name: value for name, value in vars(field.flags).items() if name in field.widget.validation_attrs}


def _attributes(given: Mapping[str, Any]) -> str:
    """In the order of their names, as WTForms writes them; one that is true has no value, one that is false is not."""
    return " ".join(
        [
            name if value is True else f'{name}="{escape(value)}"'
            for name, value in sorted(given.items())
            if value is not False
        ]
    )
