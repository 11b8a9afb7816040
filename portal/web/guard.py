"""The one door to a view: who is asking, what they may see, what they may do.

Those who may not see a thing get 404, and so do not learn that it exists; those who may see but not do get 403.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import abort, g, redirect, request, session
from flask.typing import ResponseReturnValue

from portal.errors import Conflict
from portal.extensions import login_manager
from portal.people import ClassRef, Person
from portal.policy import VIEW_ACTION, Action, can
from portal.web.idempotency import already_done
from portal.web.idle import goes_on
from portal.web.urls import url_for

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def signed_in() -> Person:
    """The person asking; only for guarded views, where there is one."""
    return cast(Person, g.person)


def visitor() -> Person | None:
    """The person asking, or None for the public: loaded once per request."""
    if "person" not in g:
        g.person = None  # the loader itself may ask for the language
        token = session.get("_user_id")  # where Flask-Login keeps it
        person = login_manager.user_callback(token) if token else None
        g.person = person if person is not None and goes_on(person) else None
    return cast("Person | None", g.person)


def public(view: View) -> View:
    """A view for everybody, signed in or not."""

    @wraps(view)
    def opened(**url_args: Any) -> ResponseReturnValue:
        visitor()
        return already_done() or view(**url_args)

    opened.action = None  # type: ignore[attr-defined] # read by the test that every route is guarded or public
    return cast(View, opened)


def guarded(action: Action, load: Callable[..., object] | None = None) -> Callable[[View], View]:
    """Authorise a view: only those who may do `action` to what `load` finds from the address; the view gets it.

    Without `load` the action has no subject and the view no argument.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(**url_args: Any) -> ResponseReturnValue:
            person = visitor()
            if person is None:
                return _sign_in_first()
            if load is None:
                if not can(person, action):
                    abort(403)
                return already_done() or view()
            subject = _loaded(load, url_args, person, action)
            if subject is None or not can(person, VIEW_ACTION[type(subject)], subject):
                abort(404)
            if not can(person, action, subject):
                abort(403)
            return already_done() or view(subject)

        opened.action = action  # type: ignore[attr-defined]
        return cast(View, opened)

    return decorate


def own_class_or(load: Callable[[int], ClassRef | None]) -> Callable[[int], ClassRef | None]:
    """Take a class as the person asking knows it, who has been read already; one that is not theirs by `load`."""

    def find(class_id: int) -> ClassRef | None:
        person = visitor()
        known = person.event_classes.get(class_id) if person else None
        return known if known and known.label else load(class_id)

    return find


def _loaded(load: Callable[..., object], url_args: dict[str, Any], person: Person, action: Action) -> object:
    """What the address names. That it was there until now is said to those alone who may do such a thing at all."""
    try:
        return load(**url_args)
    except Conflict:
        if not can(person, action):
            abort(404)
        raise


def _sign_in_first() -> ResponseReturnValue:
    """To the sign-in page and back again; a form that was sent cannot be sent again for the person, so it says 401."""
    if request.method not in {"GET", "HEAD"}:
        abort(401)
    return redirect(url_for("accounts.sign_in.sign_in", next=request.full_path.rstrip("?")), 303)
