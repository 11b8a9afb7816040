"""Who may do what, all of it: the actions, the predicates that rules are made of, and the table of both."""

from portal.policy.actions import Action
from portal.policy.table import RULES, VIEW_ACTION, can

__all__ = ["RULES", "VIEW_ACTION", "Action", "can"]
