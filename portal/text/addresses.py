"""What can be mailed and what can be called: one rule each, for what is typed, what stands in files and what is sent.

An address is kept as people read it, "mette@østerskov.dk", and mailed as servers know it, "mette@xn--sterskov-44a.dk"
(IDNA2008, RFC 5891). The standard library's own codec is the rule before that one: it makes "fass" of "faß", which is
somebody else's domain. Its punycode is the same in both, so that is all that is taken from it.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import unquote, urlsplit

from portal.text.letters import composed, without_towers

LONGEST_ADDRESS, LONGEST_LOCAL, LONGEST_LABEL, LONGEST_HOST = 254, 64, 63, 253
PREFIX = "xn--"
#: What may stand before the @ (RFC 5321, dot-string). Letters such as æ need servers that hardly anybody has.
_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PLAIN_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>]*)>")
_AROUND = " .,;:'\"()[]"
_LETTERS_AND_DIGITS = {"Ll", "Lo", "Lm", "Mn", "Mc", "Nd"}
#: Digits with at most one sign between two of them; "+" before the country.
_NUMBER = re.compile(r"\+?[0-9]([ .-]?[0-9])*")
SHORTEST_NUMBER, LONGEST_NUMBER = 3, 15


def read_address(text: str) -> str | None:
    """The one address in what somebody typed or pasted, in lower case and as people read it; None when there is none.

    Taken off: "mailto:", a name with angle brackets around the address, spaces and signs around it, a dot at the end,
    and signs that nobody sees. Two addresses are none.
    """
    text = "".join(c for c in text if unicodedata.category(c) != "Cf").strip(_AROUND + "\t\n\r\xa0")
    if "<" in text and (found := _IN_BRACKETS.fullmatch(text + ">" * (">" not in text))):
        text = found[1]
    if text[:7].lower() == "mailto:":
        text = unquote(text[7:].partition("?")[0])
    text = re.sub(r"\s*@\s*", "@", text.strip().strip(_AROUND))
    parts = _parts(text)
    return "@".join(parts) if parts else None


def mailed_address(address: str) -> str | None:
    """How a kept address is written to mail servers; None for what is no address by itself."""
    parts = _parts(address)
    return f"{parts[0]}@{host_on_the_wire(parts[1])}" if parts else None


def host_on_the_wire(host: str) -> str | None:
    """A host's name in ASCII, as the network knows it; None for a name that no host can have."""
    if len(host) > LONGEST_HOST:
        return None
    labels = [_label_on_the_wire(label) for label in _lowered(host).split(".")]
    wire = ".".join(label for label in labels if label)
    return wire if all(labels) and len(wire) <= LONGEST_HOST else None


def _lowered(host: str) -> str:
    return composed(unicodedata.normalize("NFKC", without_towers(host)).lower())


def _parts(address: str) -> tuple[str, str] | None:
    """What stands before the @ and the domain, as it is kept."""
    local, _, domain = address.rpartition("@")
    local, wire = local.lower(), host_on_the_wire(domain)
    if wire is None or not _LOCAL.fullmatch(local) or len(local) > LONGEST_LOCAL:
        return None
    labels = wire.split(".")
    if len(labels) < 2 or labels[-1].isdigit() or len(local) + 1 + len(wire) > LONGEST_ADDRESS:
        return None
    return local, ".".join(_label_as_read(label) for label in labels)


def _label_on_the_wire(label: str) -> str | None:
    if label.isascii():
        is_one = _PLAIN_LABEL.fullmatch(label) and len(label) <= LONGEST_LABEL
        if label.startswith(PREFIX):
            is_one = is_one and _label_as_read(label) != label
        return label if is_one else None
    is_word = all(c == "-" or unicodedata.category(c) in _LETTERS_AND_DIGITS for c in label)
    if not is_word or label[0] == "-" or label[-1] == "-" or unicodedata.category(label[0]).startswith("M"):
        return None
    wire = PREFIX + label.encode("punycode").decode("ascii")
    return wire if len(wire) <= LONGEST_LABEL else None


def _label_as_read(wire: str) -> str:
    """A label with its letters back; one that says it has some and has not stays as it is."""
    if not wire.startswith(PREFIX):
        return wire
    try:
        label = wire.removeprefix(PREFIX).encode("ascii").decode("punycode")
    except UnicodeError:
        return wire
    is_same = not label.isascii() and _lowered(label) == label and _label_on_the_wire(label) == wire
    return label if is_same else wire


def read_number(text: str, *, shortest: int = SHORTEST_NUMBER) -> str | None:
    """A telephone number as it was typed, without superfluous spaces; None when nobody could call it.

    Its digits count: at most fifteen (ITU-T E.164), and at least as many as the place asks for.
    """
    number = " ".join(text.split()) if "\n" not in text else ""
    digits = sum(c.isdigit() for c in number)
    is_one = _NUMBER.fullmatch(number) is not None and shortest <= digits <= LONGEST_NUMBER
    return number if is_one else None


def dialled(number: str) -> str:
    """A number as a telephone dials it: "+45 12 34 56 78" is "+4512345678"."""
    return "".join(c for c in number if c in "+0123456789")


def is_web_address(text: str) -> bool:
    """Whether a text is the address of a page on the web, whole and without a user in it."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_plain = text.isprintable() and not any(sign.isspace() for sign in text)
    return is_plain and parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None
