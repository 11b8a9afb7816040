"""Where mail goes: a mail server, or in the demo a folder that a page shows."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from portal.settings import Settings
from portal.text.addresses import host_on_the_wire

TIMEOUT = 10.0
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
PERMANENT = 500


class Unreachable(Exception):
    """The server cannot be used at all just now; the mail has not left."""


class CutOff(Exception):
    """The connection broke while the mail was on its way; it may have arrived."""


class PutOff(Exception):
    """The server refuses this mail for now."""


class Refused(Exception):
    """The server refuses this mail for good."""


class Post(Protocol):
    """Something that takes mail."""

    def send(self, message: EmailMessage, address: str) -> None:
        """Hand one mail over; raises one of the four faults above, whose text is short and names nobody."""

    def interrupt(self) -> None:
        """Break off, from another thread, whatever is waited for."""

    def close(self) -> None:
        """Let go of the connection."""


def post_of(settings: Settings) -> Post:
    """The post of these settings: the demo's mail never leaves the machine."""
    if settings.demo:
        return FolderPost(mailbox(settings))
    return SmtpPost(settings.smtp_url, settings.sender, neutral=settings.neutral_mail_from)


class SmtpPost:
    """A mail server. One connection is kept for as long as mail follows mail.

    A mail from the `neutral` sender also bounces there, and the server is greeted by that sender's domain: what it is
    greeted by stands in every mail.
    """

    def __init__(self, url: str, sender: str, *, neutral: str = "", timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self.is_tls = parts.scheme == "smtps"
        self.host = host_on_the_wire(parts.hostname or "") or parts.hostname or ""
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.port = parts.port or (465 if self.is_tls else 587 if self.user else 25)
        self.sender, self.neutral = parseaddr(sender)[1], parseaddr(neutral)[1]
        self.timeout = timeout
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, address: str) -> None:
        """Hand one mail over, on the open connection or a new one."""
        is_neutral = bool(self.neutral) and parseaddr(str(message["From"]))[1] == self.neutral
        sender = self.neutral if is_neutral else self.sender
        try:
            server = self._server or self._connect()
        except (OSError, smtplib.SMTPException) as fault:
            self.close()
            raise Unreachable(_code(fault)) from None
        try:
            server.send_message(message, from_addr=sender, to_addrs=[address])
        except smtplib.SMTPSenderRefused as fault:  # it is the school's sender that is wrong, and not this mail
            if is_neutral:  # which most mail is not from
                raise PutOff(_code(fault)) from None
            self.close()
            raise Unreachable(_code(fault)) from None
        except smtplib.SMTPServerDisconnected:
            self.close()
            raise CutOff("connection lost") from None
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as fault:
            raise (Refused if _is_permanent(fault) else PutOff)(_code(fault)) from None
        except (smtplib.SMTPNotSupportedError, ValueError):
            raise Refused("address not supported") from None
        except OSError:
            self.close()
            raise CutOff("connection lost") from None

    def _connect(self) -> smtplib.SMTP:
        context, greeting = ssl.create_default_context(), self.neutral.rpartition("@")[2] or None
        if self.is_tls:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, greeting, timeout=self.timeout, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, greeting, timeout=self.timeout)
        self._server = server
        server.ehlo_or_helo_if_needed()
        if not self.is_tls and self.host not in LOOPBACK:
            if server.has_extn("starttls"):
                server.starttls(context=context)
            elif self.user:
                raise smtplib.SMTPNotSupportedError("no encryption, so the password stays here")
        if self.user:
            server.login(self.user, self.password)
        return server

    def interrupt(self) -> None:
        """Break the connection, from another thread: whoever waits for an answer on it stops waiting."""
        server = self._server
        with suppress(OSError, AttributeError):
            if server is not None and server.sock is not None:
                server.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError):
                server.close()


def _answers(fault: Exception) -> list[int]:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in fault.recipients.values()]
    return [fault.smtp_code] if isinstance(fault, smtplib.SMTPResponseException) else []


def _is_permanent(fault: Exception) -> bool:
    return all(code >= PERMANENT for code in _answers(fault))


def _code(fault: Exception) -> str:
    """The server's code, without its words: they often repeat the address."""
    return " ".join(f"SMTP {code}" for code in _answers(fault)) or "no connection"


def mailbox(settings: Settings) -> Path:
    """The folder of the demo's mail."""
    return settings.instance / "mail"


def file_name(delivery_id: int) -> str:
    """What the mail of a delivery is called in the folder."""
    return f"{delivery_id:09}.eml"


class FolderPost:
    """A folder with one file for each mail, named after its Message-ID: the same mail twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: EmailMessage, address: str) -> None:
        """Write the mail down."""
        number = int(message["Message-ID"].strip("<>").partition(".")[0])
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh = self.folder / f".{number}"
            fresh.write_bytes(bytes(message))
            fresh.replace(self.folder / file_name(number))
        except OSError as fault:
            raise Unreachable(fault.strerror or "cannot write") from None

    def interrupt(self) -> None:
        """Nothing is ever waited for."""

    def close(self) -> None:
        """There is nothing to let go of."""


@dataclass(frozen=True, slots=True)
class WrittenMail:
    """A mail of the demo as its page shows it."""

    to: str
    subject: str
    sent_at: datetime
    text: str


def read_mailbox(folder: Path, delivery_ids: Iterable[int], *, to: str) -> list[WrittenMail]:
    """The mails of these deliveries to one address; a file that is no mail is left out.

    The folder may hold mail of an earlier demo, whose deliveries had the same numbers: hence the address.
    """
    found = []
    for number in delivery_ids:
        with suppress(OSError, ValueError, LookupError, AttributeError):
            message: Any = message_from_bytes((folder / file_name(number)).read_bytes(), policy=SMTP)
            text = message.get_body(("plain",)).get_content().strip()
            if message["To"] != to:
                continue
            found.append(WrittenMail(message["To"], message["Subject"], message["Date"].datetime, text))
    return found
