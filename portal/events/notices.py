"""What acts on events and their answers mean to others."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from portal.acts.models import ActKind
from portal.acts.notices import Notice
from portal.acts.topics import Topic
from portal.errors import N_
from portal.events import newcomers
from portal.events import recipients as queries
from portal.events.models import ClassEvent, Rsvp, is_still_on
from portal.events.organisers.queries import get_invitation, list_invited, list_organiser_ids, list_to_take_over
from portal.events.presenters import event_headline, titles_and_days
from portal.events.queries import get_event
from portal.events.questions import queries as questions
from portal.people import Child, Person
from portal.policy import Action
from portal.text import clock


def _class_of_child(event: ClassEvent, person: Person) -> int | None:
    """The invited class that the person has a child in."""
    classes = (child.school_class.id for child in person.children if child.school_class)
    return min((class_id for class_id in classes if class_id in event.class_ids), default=None)


def _children_in(event: ClassEvent, person: Person) -> Collection[Child]:
    """The person's children in the invited classes: it may be for two of theirs, in two classes."""
    return person.children_in(event.class_ids)


def _children_to_answer_for(event: ClassEvent, person: Person) -> Collection[Child]:
    """Those of them nobody has answered for; asked only where there is more than one."""
    children = _children_in(event, person)
    if len(children) < 2:
        return children
    missing = queries.list_unanswered_children(event, [child.pupil_id for child in children])
    return [child for child in children if child.pupil_id in missing]


def _child_of_answer(rsvp: Rsvp, person: Person) -> Collection[Child]:
    """The very child an answer is for."""
    return [child for child in person.children if child.pupil_id == rsvp.pupil_id]


def _class_of_what(subject: Any, person: Person) -> int | None:
    """The invited class that the person has a child in, of what belongs to an event."""
    return _class_of_child(subject.event, person)


def _is_about_what_comes(subject: Any, now: datetime) -> bool:
    return _is_to_come(subject.event, now)


def _class_of_answer(rsvp: Rsvp, person: Person) -> int | None:
    """The class of that child."""
    return next((child.school_class.id for child in _child_of_answer(rsvp, person) if child.school_class), None)


def _is_to_come(event: ClassEvent, now: datetime) -> bool:
    return not event.is_cancelled and event.starts_at > now


def _is_left_alone(event: ClassEvent, now: datetime) -> bool:
    return is_still_on(event, now) and not list_organiser_ids(event, clock.day_of(now))


def _class_of_team(event: ClassEvent, person: Person) -> int | None:
    """The invited class that the person works in."""
    return min((class_id for class_id in person.teams if class_id in event.class_ids), default=None)


def _is_called_off(event: ClassEvent, now: datetime) -> bool:
    return event.is_cancelled and event.starts_at > now


def _is_answer_to_come(rsvp: Rsvp, now: datetime) -> bool:
    return _is_to_come(rsvp.event, now)


#: What all that is said of an event has in common: it leads to the event's page, and says what it is called and when.
_about_event = partial(
    Notice,
    topic=Topic.EVENTS,
    needs=Action.EVENT_VIEW,
    within=(Action.EVENT_FEED,),
    page="events.show_event",
    page_argument="event_id",
    titles=titles_and_days,
    headline=event_headline,
)

NOTICES = (
    _about_event(
        ActKind.EVENT_CREATED,
        find=get_event,
        recipients=queries.list_invited_adults,
        class_of=_class_of_child,
        children_of=_children_in,
        is_news=_is_to_come,
        button=N_("See it and answer"),
    ),
    _about_event(
        ActKind.EVENT_MOVED,
        find=get_event,
        recipients=queries.list_invited_adults,
        class_of=_class_of_child,
        children_of=_children_in,
        is_news=_is_to_come,
        button=N_("See it and answer"),
    ),
    _about_event(
        ActKind.EVENT_TERMS_CHANGED,
        find=get_event,
        recipients=queries.list_adults_of_coming,
        class_of=_class_of_child,
        children_of=_children_in,
        is_news=_is_to_come,
        button=N_("See it and answer"),
    ),
    _about_event(
        ActKind.EVENT_CANCELLED,
        find=get_event,
        recipients=queries.list_invited_adults,
        class_of=_class_of_child,
        children_of=_children_in,
        is_news=_is_called_off,
    ),
    _about_event(
        ActKind.EVENT_REMINDER,
        find=get_event,
        recipients=queries.list_unanswered_guardians,
        class_of=_class_of_child,
        children_of=_children_to_answer_for,
        is_news=_is_to_come,
        button=N_("See it and answer"),
    ),
    Notice(
        ActKind.EVENTS_TO_COME,
        Topic.EVENTS,
        find=newcomers.get_newcomer,
        recipients=newcomers.list_newcomer,
        needs=Action.EVENT_FEED,
        within=(Action.EVENT_FEED,),
        page="events.list_events",
        page_argument="class_id",
        shown=attrgetter("school_class"),
        is_news=newcomers.has_something_to_come,
    ),
    _about_event(
        ActKind.ORGANISER_INVITED,
        find=get_invitation,
        recipients=list_invited,
        class_of=_class_of_what,
        shown=attrgetter("event"),
        is_news=_is_about_what_comes,
        button=N_("See it and answer"),
    ),
    _about_event(
        ActKind.ORGANISER_JOINED,
        find=get_event,
        recipients=list_organiser_ids,
        class_of=_class_of_child,
        is_news=_is_to_come,
    ),
    Notice(
        ActKind.EVENT_LEFT_ALONE,
        Topic.EVENTS,
        find=get_event,
        recipients=list_to_take_over,
        needs=Action.EVENT_TAKE_OVER,
        within=(Action.EVENT_FEED,),
        page="events.show_event",
        page_argument="event_id",
        class_of=_class_of_team,
        is_news=_is_left_alone,
        titles=titles_and_days,
        headline=event_headline,
        button=N_("See it and take over"),
    ),
    Notice(
        ActKind.EVENT_QUESTION_ASKED,
        Topic.EVENTS,
        find=questions.get_question,
        recipients=questions.list_asked,
        needs=Action.EVENT_ORGANISE,
        within=(Action.EVENT_FEED,),
        page="events.questions.list_questions",
        page_argument="event_id",
        class_of=_class_of_what,
        shown=attrgetter("event"),
        titles=titles_and_days,
        headline=event_headline,
        button=N_("Read it and answer"),
    ),
    _about_event(
        ActKind.EVENT_QUESTION_ANSWERED,
        find=questions.get_question,
        recipients=questions.list_asker,
        class_of=_class_of_what,
        shown=attrgetter("event"),
    ),
    _about_event(
        ActKind.RSVP_CHANGED_BY_OTHER_HOME,
        find=queries.get_rsvp,
        recipients=queries.list_guardians_of_child,
        class_of=_class_of_answer,
        children_of=_child_of_answer,
        shown=attrgetter("event"),
        is_news=_is_answer_to_come,
    ),
    _about_event(
        ActKind.RSVP_ENTERED_BY_TEAM,
        find=queries.get_rsvp,
        recipients=queries.list_guardians_of_child,
        class_of=_class_of_answer,
        children_of=_child_of_answer,
        shown=attrgetter("event"),
        is_news=_is_answer_to_come,
    ),
)
