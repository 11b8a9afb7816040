"""One mail to one person: one thing at once, or everything of a day; what it is called, when it is, and where.

Never the thing itself: a text, an answer or a name is read in the portal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from typing import Any

from flask import current_app

from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.notifications.choices.tokens import topic_token
from portal.notifications.mail.day import Item, Line, by_child, newest, news_about
from portal.notifications.queries import Address
from portal.notifications.words import subject_and_paragraphs
from portal.people import Person
from portal.settings import Settings
from portal.text.addresses import mailed_address
from portal.web.language import current_language, gettext, speaking

#: The frames of a mail, as text and as HTML.
ONE = ("mail/_one.txt", "mail/_one.html")
DAY = ("mail/_day.txt", "mail/_day.html")
NEUTRAL = ("mail/_neutral.txt", "mail/_neutral.html")
PROTECTED = "mail/_protected.txt"


class Withheld(Exception):
    """No mail may go to this person: it would say where somebody under protection is."""


class UnusableAddress(Exception):
    """The address is none that a mail can be sent to."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes a mail that is sent again the same one: its number and date; and when it was due, how often tried."""

    number: int
    dated: datetime
    due_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is ready to go to `address`, as mail servers know it; the account knows it as `email`."""

    delivery_ids: tuple[int, ...]
    email: str
    address: str
    message: EmailMessage
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class _Words:
    """What a mail says, and where it may be ended."""

    subject: str
    frame: tuple[str, str]
    context: dict[str, Any]
    stop_url: str = ""


def path_of(notice: Notice, page_id: int) -> str:
    """The address of what a notice leads to, within the portal."""
    return _built(notice.page, **notice.address(page_id))


def _built(endpoint: str, **values: Any) -> str:
    return str(current_app.url_map.bind("").build(endpoint, values, force_external=False))


def make_letter(
    person: Person,
    address: Address,
    items: Sequence[Item],
    stamp: Stamp,
    *,
    delivery_ids: tuple[int, ...],
    is_gathered: bool,
) -> Letter:
    """The mail in the person's language, as text and HTML; raises UnusableAddress and Withheld.

    Those who live under protection, or have a child who does, get a mail that says that there is news and no more: it
    names nobody, no school and no host, and has no link, since wherever one led, it would say where they are. A pupil
    is not greeted by name. The Message-ID is the stamp's, so a mail that was sent twice because a worker was killed is
    known to be one.
    """
    settings: Settings = current_app.extensions["portal.settings"]
    mailed = mailed_address(address.email)
    if address.is_protected and (not settings.neutral_mail_from or items[0].notice.mailed_path):
        raise Withheld
    if mailed is None:
        raise UnusableAddress
    with speaking(person.language):
        words = _words(person, address, items, settings, is_gathered=is_gathered)
        context = {**words.context, "subject": words.subject, "language": current_language()}
        text, html = (current_app.jinja_env.get_template(name).render(context) for name in words.frame)
        language = current_language()
    sender = settings.neutral_mail_from if address.is_protected else settings.sender
    host = parseaddr(sender)[1].rpartition("@")[2] if address.is_protected else settings.mail_host
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = MailAddress(addr_spec=mailed)
    message["Subject"] = words.subject
    message["Date"] = stamp.dated
    message["Message-ID"] = f"<{stamp.number}.{int(stamp.dated.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    if words.stop_url:  # RFC 8058: the mail program's own button ends it with one press
        message["List-Unsubscribe"] = f"<{words.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    message["Content-Language"] = language
    return Letter(delivery_ids, address.email, mailed, message, stamp)


def _words(person: Person, address: Address, items: Sequence[Item], settings: Settings, *, is_gathered: bool) -> _Words:
    notice = items[0].notice
    if address.is_protected:
        subject, paragraphs = subject_and_paragraphs(PROTECTED, {})
        return _Words(subject, NEUTRAL, {"paragraphs": paragraphs, "url": ""})
    if notice.mailed_path:
        subject, paragraphs = subject_and_paragraphs(notice.template, {})
        path = notice.mailed_path(notice.shown(items[0].subject).id)
        return _Words(subject, NEUTRAL, {"paragraphs": paragraphs, "url": settings.linked_url + path})
    topic = Topic.EVERYTHING if is_gathered else notice.topic
    stop_url = "" if topic.is_settled else settings.linked_url + _stop_path(person.id, topic, address.email)
    context = {
        "name": "" if person.is_pupil else person.first_name,
        "choices_url": settings.linked_url + _built("notifications.choices.edit_choices"),
        "stop_url": stop_url,
    }
    if not is_gathered:
        line = _line(items[0], person, settings)
        return _Words(line.subject, ONE, {**context, "line": line}, stop_url)
    groups = by_child([(item, _line(item, person, settings)) for item in newest(items)], person)
    return _Words(news_about(groups), DAY, {**context, "groups": groups}, stop_url)


def _stop_path(user_id: int, topic: Topic, email: str) -> str:
    token = topic_token(user_id, topic, email, current_app.config["SECRET_KEY"])
    return _built("notifications.choices.show_topic", token=token)


def _line(item: Item, person: Person, settings: Settings) -> Line:
    notice, shown = item.notice, item.notice.shown(item.subject)
    subject, paragraphs = subject_and_paragraphs(notice.template, item.named.in_words)
    url = settings.linked_url + path_of(notice, shown.id)
    return Line(notice.headline(shown), subject, paragraphs, gettext(notice.button), url)
