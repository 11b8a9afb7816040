"""What waits for the office about accounts: whom the portal's mail does not reach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func

from portal.accounts.models import MailFault, User
from portal.accounts.queries import is_about_todays_address
from portal.people import Person
from portal.policy import Action, can
from portal.waiting import Line, Waiting, waits
from portal.web.language import ngettext
from portal.web.urls import url_for


def _undelivered(rows: Sequence[Any], person: Person, today: date) -> list[Line]:
    (row,) = rows
    text = ngettext("Mail does not reach %(num)s person.", "Mail does not reach %(num)s people.", row.many)
    return [Line(text, url_for("accounts.users.list_undelivered"))]


WAITING = (
    Waiting(
        "undelivered",
        asks=lambda person: can(person, Action.ACCOUNT_MANAGE),
        found=waits("undelivered", many=func.count())
        .select_from(User)
        .join(MailFault, MailFault.user_id == User.id)
        .where(User.deactivated_at.is_(None), is_about_todays_address()),
        lines=_undelivered,
    ),
)
