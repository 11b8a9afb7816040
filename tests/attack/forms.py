"""Every form that somebody is shown, found by reading pages, and what becomes of it when others send it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import event

from portal.database import db
from tests.leaks.school import School
from tests.pages import PAGES
from tests.test_pages import path_of

FORM = re.compile(r'<form[^>]*method="post"([^>]*)>(.*?)</form>', re.S)
INPUT = re.compile(r"<input([^>]*)>")
SELECT = re.compile(r"<select([^>]*)>(.*?)</select>", re.S)
TEXTAREA = re.compile(r"<textarea([^>]*)>(.*?)</textarea>", re.S)
#: What belongs to the page and not to what is sent.
OF_THE_PAGE = {"csrf_token", "idempotency_key"}
WRITES = ("INSERT", "UPDATE", "DELETE")
#: What a form may leave behind that was shown to nobody: its key, counted tries, what is opened, thanks said twice.
OF_NO_CONSEQUENCE = ("idempotency_key", "sign_in_throttle", "update_receipt", "is_opened", "update_thanks")


@dataclass
class Found:
    """One form: where it is sent, what a browser would send, which of its fields offer what, and who was shown it."""

    action: str
    data: dict[str, list[str]]
    offers: dict[str, set[str]]
    shown_to: set[str] = field(default_factory=set)


def _attribute(attributes: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', attributes)
    return html.unescape(found[1]) if found else ""


def _read(form: str) -> tuple[dict[str, list[str]], dict[str, set[str]]]:
    data: dict[str, list[str]] = {}
    offers: dict[str, set[str]] = {}
    for (attributes,) in (found.groups() for found in INPUT.finditer(form)):
        name, kind, value = (_attribute(attributes, part) for part in ("name", "type", "value"))
        if not name or name in OF_THE_PAGE or kind == "file":
            continue
        if kind in {"radio", "checkbox"}:
            offers.setdefault(name, set()).add(value)
            if not data.get(name):
                data[name] = [value]
        else:
            data.setdefault(name, []).append(value or {"date": "2026-12-01", "time": "17:00"}.get(kind, "Noget andet"))
    for attributes, options in (found.groups() for found in SELECT.finditer(form)):
        name, values = _attribute(attributes, "name"), re.findall(r'<option[^>]*value="([^"]*)"', options)
        offers[name] = {html.unescape(value) for value in values}
        data[name] = [next((html.unescape(value) for value in values if value not in {"", "0"}), "")]
    for attributes, text in (found.groups() for found in TEXTAREA.finditer(form)):
        data[_attribute(attributes, "name")] = [html.unescape(text).strip() or "Noget andet"]
    return data, offers


def forms_of(app: Flask, school: School, readers: dict[str, Any]) -> dict[str, Found]:
    """Every form of every page, by its address and fields, with everybody among these readers who was shown it."""
    forms: dict[str, Found] = {}
    for path in (*(path_of(app, page, school.world) for page in PAGES), *school.more):
        for name, browser in readers.items():
            answer = browser.get(path)
            for attributes, inside in FORM.findall(answer.text) if answer.status_code == 200 else ():
                action = _attribute(attributes, "action") or path
                data, offers = _read(inside)
                key = f"{action} {' '.join(sorted(data))}"
                forms.setdefault(key, Found(action, data, offers)).shown_to.add(name)
    return forms


@contextmanager
def _writing_statements() -> Iterator[list[str]]:
    """The statements that wrote something; what names no row that is there has changed nothing."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        tells = "RETURNING" not in statement  # whose count is known when its rows are read
        if statement.lstrip().upper().startswith(WRITES) and not (tells and cursor.rowcount == 0):
            seen.append(statement)

    event.listen(db.engine, "after_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "after_cursor_execute", note)


def changes(browser: Any, form: Found, data: dict[str, Any] | None = None) -> tuple[int, list[str]]:
    """What the portal answers to a form, and the statements that changed something lasting."""
    with _writing_statements() as seen:
        answer = browser.post(form.action, data=form.data if data is None else data)
    lasting = [one for one in seen if not _is_nothing(one)]
    return answer.status_code, lasting if answer.status_code < 400 else []


def _is_nothing(statement: str) -> bool:
    return any(word in statement for word in OF_NO_CONSEQUENCE)


def addresses_shown(forms: Iterable[Found]) -> dict[str, set[str]]:
    """Who was shown some form of each address: two forms of one address are one right."""
    shown: dict[str, set[str]] = {}
    for form in forms:
        shown.setdefault(form.action.split("?")[0], set()).update(form.shown_to)
    return shown
