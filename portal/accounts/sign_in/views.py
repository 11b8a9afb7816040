"""Signing in and out, passwords and links."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user
from werkzeug.exceptions import Unauthorized

from portal.accounts import queries as accounts
from portal.accounts.models import SignInLink, User
from portal.accounts.sign_in import devices, passwords, queries, services, throttling, tokens
from portal.accounts.sign_in.forms import ChangePasswordForm, PasswordForm, SignInForm
from portal.accounts.sign_in.strength import check_strength
from portal.database import db
from portal.errors import N_, RuleViolation
from portal.policy import Action
from portal.settings import Settings
from portal.text import clock
from portal.web.error_pages import error_page
from portal.web.forms import render_form
from portal.web.guard import guarded, public, signed_in, visitor
from portal.web.idempotency import done
from portal.web.idle import note_sign_in
from portal.web.kept_text import CARRIED, form_path, keep, read
from portal.web.language import gettext
from portal.web.refusals import refusal_text
from portal.web.typed_text import csrf_secret, typed_text
from portal.web.urls import safe_path, url_for

bp = Blueprint("sign_in", __name__)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What Flask-Login puts into the cookie: the session's token, and nothing about the person."""

    token: str
    is_active = True

    def get_id(self) -> str:
        """The token."""
        return self.token


def open_session(user_id: int, *, remember: bool) -> None:
    """Sign this browser in, in a fresh cookie: nothing from before the sign-in lives on in it."""
    before = visitor()
    if before is not None and (left_behind := accounts.get_session(before.session_id)):
        services.end_session(left_behind, actor=before, now=clock.now())
    token = services.start_session(user_id, device=_device(), remember=remember, now=clock.now())
    services.keep_sign_in(user_id, now=clock.now())
    language = session.get("language")
    session.clear()
    g.pop("csrf_token", None)  # made for the session of before
    session["csrf_token"] = csrf_secret(user_id)
    session.permanent = remember
    note_sign_in()
    if language:
        session["language"] = language
    login_user(Ticket(token))


def _device() -> str:
    """The browser and system in words a person knows, such as "Safari, iPhone"."""
    agent = request.user_agent.string
    browsers = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
    systems = (
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("CrOS", "Chromebook"),
        ("Linux", "Linux"),
    )
    known = [next((name for mark, name in names if mark in agent), "") for names in (browsers, systems)]
    return ", ".join(name for name in known if name)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with user name or e-mail and password."""
    target = safe_path(request.args.get("next"))
    if visitor() and request.method == "GET":
        return redirect(target, 303)
    form = SignInForm(login=request.args.get("name", ""))
    if form.validate_on_submit():
        return _try_sign_in(form, target)
    return _sign_in_page(form)


def _sign_in_page(form: SignInForm) -> ResponseReturnValue:
    return render_form("accounts/sign_in/sign_in.html", form=form, carried=request.form.get(CARRIED, ""))


@bp.app_errorhandler(HTTPStatus.UNAUTHORIZED)
def sign_in_again(error: Unauthorized) -> ResponseReturnValue:
    """The sign-in page for a form that came too late; what was typed travels on in it and opens the form again.

    A text that cannot be carried on is shown, to be copied.
    """
    path = form_path()
    carried = keep(path)
    if request.method != "POST" or (typed_text() and not carried):
        return error_page(HTTPStatus.UNAUTHORIZED)
    page = render_template(
        "accounts/sign_in/sign_in_again.html", form=SignInForm(formdata=None), carried=carried, path=path
    )
    return page, HTTPStatus.UNAUTHORIZED


def go_on(user_id: int, target: str) -> ResponseReturnValue:
    """Where somebody who has just signed in goes: back to what they wrote when their session ended, or to `target`.

    What somebody else wrote is dropped, and so is the page it was written on.
    """
    carried = request.form.get(CARRIED, "")
    kept = read(carried) if carried else None
    if kept is None:
        return redirect(target, 303)
    if kept.user_id != user_id:
        return redirect("/", 303)
    return render_template("accounts/sign_in/go_on.html", path=kept.path, kept=carried)


def _try_sign_in(form: SignInForm, target: str) -> ResponseReturnValue:
    """Count the try, then look at the password outside any transaction, then sign in.

    No one-time key here: each answer must carry its own cookie, so a double click may sign in twice.
    """
    credentials = queries.find_credentials(form.login.data)
    tries = throttling.account_tries(
        credentials.user_id if credentials else None,
        form.login.data,
        _device_of(credentials.user_id, credentials.secrets_version) if credentials else None,
    )
    try:
        throttling.begin_try(tries, now=clock.now())
    except throttling.TooManyTries as refusal:
        db.session.rollback()
        form.form_errors.append(refusal_text(refusal))
        page = make_response(_sign_in_page(form))
        page.status_code = HTTPStatus.TOO_MANY_REQUESTS
        page.headers["Retry-After"] = str(refusal.seconds)
        return page
    db.session.commit()
    stored = credentials.password_hash if credentials else None
    if not passwords.is_right(form.password.data, stored) or credentials is None or stored is None:
        _keep_failure(credentials, form.login.data)
        db.session.commit()
        form.form_errors.append(gettext("User name and password do not match. Check both, and try again."))
        return _sign_in_page(form)
    if renewed := passwords.renewed_hash(form.password.data, stored):
        services.renew_hash(credentials.user_id, renewed, instead_of=stored)
    throttling.forgive_tries(tries)
    open_session(credentials.user_id, remember=form.remember.data and not credentials.is_pupil)
    db.session.commit()
    return _remembering_device(go_on(credentials.user_id, target), credentials.user_id, credentials.secrets_version)


def _keep_failure(credentials: queries.Credentials | None, login: str) -> None:
    """Count a wrong password where it came from, and note once an hour that somebody tried this account.

    An unknown name takes the same steps, so that an answer's time does not tell it from a known one.
    """
    now = clock.now()
    throttling.fail_try(request.remote_addr or "", now=now)
    is_first = throttling.is_first_failure(
        throttling.account_tries(credentials.user_id if credentials else None, login), now=now
    )
    if is_first and credentials is not None:
        services.keep_failed_sign_in(credentials.user_id, now=now)


def _device_cookie() -> str:
    """The cookie's name: over TLS it is bound to the host."""
    return "__Host-device" if _settings().is_secure else "device"


def _device_of(user_id: int, version: int) -> str | None:
    """What this device calls itself, when the account has been used on it before."""
    return devices.device_of(request.cookies.get(_device_cookie(), ""), user_id, version, _settings().secret_key)


def _remembering_device(answer: ResponseReturnValue, user_id: int, version: int) -> Response:
    """The answer, and with it that the account has been used on this device."""
    settings, name = _settings(), _device_cookie()
    known = devices.remembering(request.cookies.get(name, ""), user_id, version, settings.secret_key)
    response = make_response(answer)
    response.set_cookie(
        name, known, max_age=devices.LASTS, secure=settings.is_secure, httponly=True, samesite="Lax", path="/"
    )
    return response


def _settings() -> Settings:
    settings: Settings = current_app.extensions["portal.settings"]
    return settings


@bp.post("/sign-out")
@guarded(Action.PORTAL_USE)
def sign_out() -> ResponseReturnValue:
    """Sign this browser out; it forgets the pages it has kept, and stays a known device."""
    own = accounts.get_session(signed_in().session_id)
    if own is not None:
        services.end_session(own, actor=signed_in(), now=clock.now())
    answer = make_response(done(url_for("home.show_home")))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    logout_user()
    session.clear()
    return answer


@bp.get("/forgotten")
@public
def show_forgotten() -> ResponseReturnValue:
    """What to do when one cannot sign in."""
    return render_template("accounts/sign_in/show_forgotten.html")


@bp.route("/links/<token>", methods=["GET", "POST"])
@public
def accept_link(token: str) -> ResponseReturnValue:
    """Choose a password through an invitation or reset link."""
    form = PasswordForm()
    link = _open_link(token)
    if link is None:
        return render_template("accounts/sign_in/link_is_used.html"), 404
    user = link.user
    if form.validate_on_submit():
        with form.refusals():
            _check_strength(form.password.data, user)
            db.session.rollback()  # hashing takes its time, and takes it outside the transaction
            password_hash = passwords.hash_password(form.password.data)
            link = _open_link(token)
            if link is None:
                abort(404)
            services.accept_link(link, password_hash, now=clock.now())
            return done(
                url_for(".sign_in", name=link.user.user_name), gettext("Your password is saved. Now sign in with it.")
            )
    return render_form("accounts/sign_in/accept_link.html", form=form, user=user)


def _open_link(token: str) -> SignInLink | None:
    link_id = tokens.link_id_of(token)
    link = queries.get_open_link(link_id, now=clock.now()) if link_id else None
    if link is None or not tokens.is_link_token(token, link.id, link.nonce, current_app.config["SECRET_KEY"]):
        return None
    return link


@bp.route("/password", methods=["GET", "POST"])
@guarded(Action.PORTAL_USE)
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        person = signed_in()
        with form.refusals():
            password_hash = _checked_new_password(form, person.id)
            user = accounts.get_user(person.id)
            if user is None:
                abort(404)
            services.change_password(user, password_hash, actor=person, now=clock.now())
            answer = done(
                url_for("accounts.show_me"), gettext("Your new password is saved. Other devices have been signed out.")
            )
            return _remembering_device(answer, user.id, user.secrets_version)
    user = accounts.get_user(signed_in().id)
    return render_form("accounts/sign_in/change_password.html", form=form, user_name=user.user_name if user else "")


def _checked_new_password(form: ChangePasswordForm, user_id: int) -> str:
    """The new password's hash; the old one is checked first, and both happen outside the transaction.

    Tries are counted for this session alone: whoever is signed in here is not held up by what others try elsewhere.
    """
    user = accounts.get_user(user_id)
    if user is None:
        abort(404)
    tries = throttling.account_tries(user.id, user.user_name, f"session {signed_in().session_id}")
    throttling.begin_try(tries, now=clock.now())
    db.session.commit()
    if not passwords.is_right(form.current.data, user.password_hash):
        raise RuleViolation(N_("Your current password is not right. Try again."))
    _check_strength(form.password.data, user)
    throttling.forgive_tries(tries)
    db.session.commit()
    return passwords.hash_password(form.password.data)


def _check_strength(password: str, user: User) -> None:
    names = (user.first_name, user.last_name, user.alias)
    check_strength(password, user_name=user.user_name, names=names, school_name=_settings().school_name)
