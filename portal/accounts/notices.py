"""What is told of power over an account: whoever it belongs to, and of the strongest roles the leadership.

Nobody can be told of a closed account: it opens no list, and its address is nobody's to write to any more.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from portal.accounts.models import User
from portal.accounts.proof.notices import NOTICES as PROOF
from portal.accounts.queries import get_user, list_leadership_ids
from portal.accounts.sign_in.queries import get_link
from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.policy import Action


def itself_alone(user: User, today: date) -> list[int]:
    """Whom the act was done to."""
    return [user.id]


def personal(kind: ActKind, page: str = "accounts.show_me") -> Notice:
    """A notice to whoever an act was done to, which leads to a page of their own."""
    return Notice(
        kind,
        Topic.SAFETY,
        find=get_user,
        recipients=itself_alone,
        needs=Action.PORTAL_USE,
        within=(Action.PORTAL_USE,),
        page=page,
        page_argument="",
        is_personal=True,
    )


def _whose(link: Any, today: date) -> list[int]:
    return [link.user_id]


NOTICES = (
    *PROOF,
    Notice(
        ActKind.LINK_MADE,
        Topic.SAFETY,
        find=get_link,
        recipients=_whose,
        needs=Action.PORTAL_USE,
        within=(Action.PORTAL_USE,),
        page="accounts.show_me",
        page_argument="",
    ),
    personal(ActKind.SIGNED_OUT_EVERYWHERE),
    personal(ActKind.ACCOUNT_REOPENED),
    personal(ActKind.ROLE_GRANTED, "home.show_home"),
    personal(ActKind.ROLE_ENDED),
    Notice(
        ActKind.POWER_CHANGED,
        Topic.SAFETY,
        find=get_user,
        recipients=lambda user, today: list_leadership_ids(user, today) - {user.id},
        needs=Action.ACTS_VIEW,
        within=(Action.ACTS_VIEW,),
        page="acts.list_acts",
        page_argument="",
        is_personal=True,
    ),
)
