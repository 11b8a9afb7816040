"""Every setting of the portal: name, type, default and meaning, read strictly from the environment.

A wrong value, or a `PORTAL_` name that does not exist, stops the start with one line (`SettingFault`).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from email.headerregistry import Address as MailAddress
from email.headerregistry import HeaderRegistry
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from portal.text.addresses import host_on_the_wire, mailed_address, read_address

PREFIX = "PORTAL_"
ROOT = Path(__file__).resolve().parent.parent
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
SHORTEST_SECRET = 32
#: What psycopg takes besides the parameters of PostgreSQL: values of Python, which no address can hold.
DRIVERS_OWN = {"prepare_threshold", "autocommit", "row_factory", "cursor_factory", "context"}


class SettingFault(Exception):
    """A setting cannot be used; the message is one line that says which and what to do."""


class Environment(StrEnum):
    """Where the portal runs."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


def _text(value: str) -> str:
    return value.strip()


def _yes_or_no(value: str) -> bool:
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise ValueError("use 1 or 0")
    return word in TRUE


def _number(lowest: int, highest: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        is_number = value.isascii() and value.strip().isdigit()
        if not is_number or not lowest <= int(value) <= highest:
            raise ValueError(f"use a whole number from {lowest} to {highest}")
        return int(value)

    return read


def _grades(value: str) -> tuple[int, int]:
    found = re.fullmatch(r"([0-9]|10)-([0-9]|10)", value.strip())
    if found is None or int(found[1]) > int(found[2]):
        raise ValueError("use two grades, such as 0-3")
    return int(found[1]), int(found[2])


def _environment(value: str) -> Environment:
    try:
        return Environment(value.strip())
    except ValueError:
        raise ValueError("use development, test or production") from None


def _web_address(value: str) -> str:
    parts = _parts(value)
    is_bare = parts is not None and not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    host = parts.hostname if parts is not None else None
    is_host = host is not None and (":" in host or host_on_the_wire(host) is not None)
    if parts is None or parts.scheme not in {"http", "https"} or not is_host or not is_bare:
        raise ValueError("use an address such as https://trivsel.example.dk, without a path")
    return value.strip().rstrip("/")


def _parts(value: str) -> SplitResult | None:
    """The parts of an address with a possible port, or None."""
    try:
        parts = urlsplit(value.strip())
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _database(value: str) -> str:
    address = value.strip().replace("postgresql://", "postgresql+psycopg://", 1)
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        url = None
    if url is not None and url.query.keys() & DRIVERS_OWN:
        raise ValueError(
            f"use an address without {min(url.query.keys() & DRIVERS_OWN)}; the portal sees a pooler by itself"
        )
    known = {"sqlite", "postgresql+psycopg"}
    is_in_memory = url is not None and url.drivername == "sqlite" and url.database == ":memory:"
    if url is None or url.drivername not in known or not url.database or is_in_memory:
        raise ValueError("use sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE")
    return address


def _mail_server(value: str) -> str:
    parts = _parts(value)
    if value.strip() and (parts is None or parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ValueError("use smtp://USER:PASSWORD@HOST:587 or smtps://HOST, or leave it empty")
    return value.strip()


def _mail_sender(value: str) -> str:
    text = value.strip()
    if not text:
        return ""
    try:
        sender: Any = HeaderRegistry()("From", text)
        (one,) = sender.addresses
        wire = mailed_address(one.addr_spec) if not sender.defects else None
    except (ValueError, IndexError):
        wire = None
    if wire is None:
        raise ValueError("use one address, such as Alslev Skole <trivsel@example.dk>")
    return str(MailAddress(one.display_name, addr_spec=wire))


def _mail_address(value: str) -> str:
    address = read_address(value)
    if value.strip() and address is None:
        raise ValueError("use one address, such as kontor@example.dk")
    return address or ""


def _secret(value: str) -> str:
    if len(value.strip()) < SHORTEST_SECRET:
        raise ValueError(f"use at least {SHORTEST_SECRET} random characters")
    return value.strip()


def _folder(value: str) -> Path:
    try:
        if value.strip():
            return Path(value.strip()).expanduser().resolve()
    except RuntimeError:  # ~somebody, and there is no such person
        pass
    raise ValueError("use the path of a folder")


def _setting(
    default: Any, read: Callable[[str], Any], meaning: str, shown_default: str = "", *, is_secret: bool = False
) -> Any:
    metadata = {"read": read, "meaning": meaning, "shown_default": shown_default, "is_secret": is_secret}
    return field(default=default, repr=not is_secret, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The portal's settings. `Settings.read` is the way in; the field order is the order of README's table."""

    env: Environment = _setting(Environment.DEVELOPMENT, _environment, "development, test or production")
    database_url: str = _setting(
        "",
        _database,
        "SQLite file or PostgreSQL database",
        "the file `portal.sqlite` in the instance folder",
        is_secret=True,
    )
    secret_key: str = _setting(
        "",
        _secret,
        "signs cookies and sign-in links; changing it signs everybody out",
        "made and kept in `instance/`",
        is_secret=True,
    )
    demo: bool = _setting(
        None,
        _yes_or_no,
        "one-press demo sign-in and the demo school; refused in production",
        "1 in development, else 0",
    )
    base_url: str = _setting(
        "http://127.0.0.1:8000", _web_address, "the address people use; https turns on secure cookies"
    )
    host: str = _setting("127.0.0.1", _text, "the address the server listens on")
    port: int = _setting(8000, _number(1, 65535), "the port the server listens on")
    threads: int = _setting(4, _number(1, 64), "requests answered at the same time")
    proxies: int = _setting(0, _number(0, 5), "how many reverse proxies stand in front and set X-Forwarded-*")
    smtp_url: str = _setting(
        "",
        _mail_server,
        "the mail server; empty means that news stays in the portal and nothing is mailed",
        is_secret=True,
    )
    mail_from: str = _setting(
        "", _mail_sender, "the sender of all mail", "`Trivselsportalen <noreply@HOST>`, with the host of the address"
    )
    neutral_mail_from: str = _setting(
        "",
        _mail_sender,
        "the sender of mail to people under protection, which names neither school nor place; empty: they get none",
    )
    staff_idle_hours: int = _setting(
        8, _number(1, 720), "staff are signed out after so many hours without a word from their browser"
    )
    school_name: str = _setting("Alslev Skole", _text, "the school's name, as pages and letters show it")
    office_phone: str = _setting("", _text, "the office's telephone, shown to people who cannot sign in")
    office_email: str = _setting("", _mail_address, "the office's e-mail, shown to people who cannot sign in")
    representative_name: str = _setting(
        "", _text, "what the school calls a parent representative", "the language's own word"
    )
    most_cost_per_child: int = _setting(
        100, _number(0, 10_000), "the most kroner that an event may cost per child; nobody can publish a dearer one"
    )
    playdate_grades: tuple[int, int] = _setting(
        (0, 3),
        _grades,
        "the grades that playdates are for; older children arrange it themselves",
        "`0-3`",
    )
    playgroup_grades: tuple[int, int] = _setting(
        (0, 3), _grades, "the grades whose classes can have playgroups", "`0-3`"
    )
    meal_group_grades: tuple[int, int] = _setting(
        (4, 6),
        _grades,
        "the grades that eat together in groups instead of playing; older classes have neither",
        "`4-6`",
    )
    update_every_weeks: int = _setting(
        6, _number(1, 20), "a class team tells its homes how the class is doing every so many school weeks"
    )
    instance: Path = _setting(
        ROOT / "instance", _folder, "the folder for the database file, the key and demo mail", "`instance/`"
    )

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """Read the settings; raises SettingFault for a wrong value, an unknown name or an unwritable folder."""
        known = {PREFIX + f.name.upper(): f for f in fields(cls)}
        unknown = sorted(name for name in environ if name.startswith(PREFIX) and name not in known)
        if unknown:
            raise SettingFault(f"{unknown[0]} is not a setting; README.md lists them all")
        values: dict[str, Any] = {}
        for name, setting in known.items():
            if name in environ:
                try:
                    values[setting.name] = setting.metadata["read"](environ[name])
                except ValueError as fault:
                    shown = "what it is" if setting.metadata["is_secret"] else repr(environ[name])
                    raise SettingFault(f"{name} cannot be {shown}: {fault}") from None
        return cls._with_defaults(values)

    @classmethod
    def _with_defaults(cls, values: dict[str, Any]) -> Settings:
        env = values.get("env", Environment.DEVELOPMENT)
        if values.get("demo") is None:
            values["demo"] = env == Environment.DEVELOPMENT
        if values["demo"] and env == Environment.PRODUCTION:
            raise SettingFault("PORTAL_DEMO must be 0 in production: it lets anybody sign in")
        instance = values.setdefault("instance", ROOT / "instance")
        if not values.get("database_url"):
            _writable(instance)
            values["database_url"] = f"sqlite:///{instance / 'portal.sqlite'}"
        if not values.get("secret_key"):
            values["secret_key"] = _kept_secret(instance)
        return cls(**values)

    def as_environ(self) -> dict[str, str]:
        """What another process reads the very same settings from."""
        return {PREFIX + f.name.upper(): _written(getattr(self, f.name)) for f in fields(self)}

    @property
    def is_production(self) -> bool:
        """Whether real people's data is here."""
        return self.env == Environment.PRODUCTION

    @property
    def sends_mail(self) -> bool:
        """Whether there is somewhere for mail to go: a mail server, or the demo's mailbox."""
        return self.demo or bool(self.smtp_url)

    @property
    def sender(self) -> str:
        """Whom mail is from."""
        return self.mail_from or f"Trivselsportalen <noreply@{self.mail_host}>"

    @property
    def mail_host(self) -> str:
        """The host that mail and its ids are named after, as mail servers know it."""
        host = urlsplit(self.base_url).hostname or "localhost"
        return host_on_the_wire(host) or host

    @property
    def linked_url(self) -> str:
        """The address people use as a link in a mail: a host with æ, ø or å is not a link in every program."""
        parts = urlsplit(self.base_url)
        host = f"[{self.mail_host}]" if ":" in self.mail_host else self.mail_host
        return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")

    @property
    def is_secure(self) -> bool:
        """Whether people reach the portal over TLS."""
        return self.base_url.startswith("https://")


def _written(value: Any) -> str:
    """A setting's value as it is read."""
    if isinstance(value, bool):
        return str(int(value))
    return "-".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        probe = folder / f".write-{secrets.token_hex(4)}"
        probe.touch()
        probe.unlink()
    except OSError as fault:
        raise SettingFault(f"the folder {folder} cannot be written: {fault.strerror}; set PORTAL_INSTANCE") from None


def _kept_secret(instance: Path) -> str:
    """The key made at the first start; a second process that starts at the same moment gets the same one."""
    file = instance / "secret-key"
    _writable(instance)
    try:
        if not file.exists():
            _make_secret(file)
        return _secret(file.read_text(encoding="ascii"))
    except (OSError, ValueError) as fault:
        raise SettingFault(f"the key in {file} cannot be kept or read ({fault}); set PORTAL_SECRET_KEY") from None


def _make_secret(file: Path) -> None:
    fresh = file.with_name(f".secret-{secrets.token_hex(8)}")
    fresh.touch(mode=0o600)
    try:
        fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
        with suppress(FileExistsError):  # another process was first, and then its key counts
            file.hardlink_to(fresh)
    finally:
        fresh.unlink()


def settings_table() -> str:
    """README's table of every setting, in Markdown."""
    rows = [
        (f"`{PREFIX}{f.name.upper()}`", f.metadata["shown_default"] or f"`{f.default}`", f.metadata["meaning"])
        for f in fields(Settings)
    ]
    lines = [("name", "default", "meaning"), ("---", "---", "---"), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("``", "empty") for line in lines)
