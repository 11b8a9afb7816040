"""What is unsafe where real children's data is: `flask check` says it, and nothing is served so in production."""

from __future__ import annotations

from collections.abc import Iterator

from portal.database import schema
from portal.database.transactions import careless_settings
from portal.settings import Settings

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def unsafe_settings(settings: Settings) -> Iterator[str]:
    """What speaks against these settings where real children's data is."""
    if not settings.is_production:
        yield f"PORTAL_ENV is {settings.env}: set it to production"
    if settings.demo:
        yield "PORTAL_DEMO is on: anybody can sign in"
    if not settings.is_secure:
        yield "PORTAL_BASE_URL is not https: passwords and cookies would travel in the open"
    if settings.host not in LOOPBACK and not settings.proxies:
        yield "PORTAL_HOST is open to the network without a proxy in front (PORTAL_PROXIES is 0): nothing encrypts"
    elif settings.is_secure and not settings.proxies:
        yield "PORTAL_PROXIES is 0 with an https address: whatever ends TLS in front hides who is asking, set it to 1"
    if settings.smtp_url and not settings.mail_from:
        yield f"PORTAL_MAIL_FROM is empty: mail would come from {settings.sender}, which nobody reads"
    if not settings.office_phone and not settings.office_email:
        yield "PORTAL_OFFICE_PHONE and PORTAL_OFFICE_EMAIL are empty: who cannot sign in learns no way to ask for help"


def unsafe_database() -> Iterator[str]:
    """What speaks against the database that the settings lead to."""
    for name in careless_settings():
        yield f"PostgreSQL's {name} is off: what was saved can be lost when the machine goes down"
    if schema.is_newer():
        yield schema.NEWER[0].lower() + schema.NEWER[1:]
    elif not schema.is_current():
        yield "the database is not at the newest revision: run `flask --app app db upgrade`"
