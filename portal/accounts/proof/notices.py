"""The one mail to an address that is not proved: it names nobody, and its link is in no list."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from portal.accounts.models import User
from portal.accounts.proof import queries
from portal.accounts.proof.tokens import proof_token
from portal.accounts.queries import get_user
from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.policy import Action


def _proof_path(user_id: int) -> str:
    user = get_user(user_id)
    token = proof_token(user_id, (user.email if user else None) or "", current_app.config["SECRET_KEY"])
    return str(current_app.url_map.bind("").build("accounts.proof.show_address", {"token": token}))


def _is_to_prove(user: User, now: datetime) -> bool:
    return queries.is_to_prove(user.id)


NOTICES = (
    Notice(
        ActKind.ADDRESS_TO_PROVE,
        Topic.SAFETY,
        find=get_user,
        recipients=lambda user, today: [user.id],
        needs=Action.PORTAL_USE,
        within=(Action.PORTAL_USE,),
        page="notifications.list_notifications",
        page_argument="",
        is_news=_is_to_prove,
        mailed_path=_proof_path,
    ),
)
