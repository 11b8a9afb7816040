"""One mail to one person: that there is news, for which class and child, and where. Never the news itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

from flask import current_app

from portal.acts.notices import Notice
from portal.notifications.queries import Address
from portal.notifications.words import named, subject_and_paragraphs
from portal.people import Person
from portal.settings import Settings
from portal.text.addresses import mailed_address
from portal.web.language import current_language, speaking

#: The frames of a mail, as text and as HTML.
FRAME = ("mail/_frame.txt", "mail/_frame.html")
NEUTRAL_FRAME = ("mail/_neutral_frame.txt", "mail/_neutral_frame.html")
PROTECTED = "mail/_protected.txt"


class Withheld(Exception):
    """No mail may go to this person: it would say where somebody under protection is."""


class UnusableAddress(Exception):
    """The address is none that a mail can be sent to."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is ready to go to `address`, as mail servers know it; the account knows it as `email`.

    `acted_at` and `attempts` say how long and how often it has been tried.
    """

    delivery_id: int
    email: str
    address: str
    message: EmailMessage
    acted_at: datetime
    attempts: int


def path_of(notice: Notice, page_id: int) -> str:
    """The address of what a notice leads to, within the portal."""
    return str(current_app.url_map.bind("").build(notice.page, notice.address(page_id), force_external=False))


def _path(notice: Notice, page_id: int) -> str:
    return notice.mailed_path(page_id) if notice.mailed_path else path_of(notice, page_id)


def make_letter(
    notice: Notice,
    person: Person,
    address: Address,
    *,
    delivery_id: int,
    page_id: int,
    class_id: int | None,
    acted_at: datetime,
    attempts: int,
) -> Letter:
    """The mail in the person's language, as text and HTML; raises UnusableAddress and Withheld.

    Those who live under protection, or have a child who does, get a mail that names nobody, no school and no host, and
    has no link: wherever one led, it would say where they are. A pupil is not greeted by name. The Message-ID is the
    delivery's own, so a mail that was sent twice because a worker was killed is known to be one.
    """
    settings: Settings = current_app.extensions["portal.settings"]
    mailed = mailed_address(address.email)
    if address.is_protected and (not settings.neutral_mail_from or notice.mailed_path):
        raise Withheld
    if mailed is None:
        raise UnusableAddress
    is_neutral = address.is_protected or notice.mailed_path is not None
    with speaking(person.language):
        names = {"label": "", "children": ""} if address.is_protected else named(person, class_id)
        subject, paragraphs = subject_and_paragraphs(PROTECTED if address.is_protected else notice.template, names)
        context = {
            "name": "" if is_neutral or person.is_pupil else person.first_name,
            "subject": subject,
            "paragraphs": paragraphs,
            "language": current_language(),
            "url": "" if address.is_protected else settings.linked_url + _path(notice, page_id),
            "choices_url": settings.linked_url + current_app.url_map.bind("").build("notifications.list_notifications"),
        }
        frame = NEUTRAL_FRAME if is_neutral else FRAME
        text, html = (current_app.jinja_env.get_template(name).render(context) for name in frame)
        language = current_language()
    sender = settings.neutral_mail_from if address.is_protected else settings.sender
    host = parseaddr(sender)[1].rpartition("@")[2] if address.is_protected else settings.mail_host
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = MailAddress(addr_spec=mailed)
    message["Subject"] = subject
    message["Date"] = acted_at
    message["Message-ID"] = f"<{delivery_id}.{int(acted_at.timestamp())}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    message["Content-Language"] = language
    return Letter(delivery_id, address.email, mailed, message, acted_at, attempts)
