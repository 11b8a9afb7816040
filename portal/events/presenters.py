"""Events as the front page, a class's page and lists show them: in words, with what is still asked of the reader."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.acts.notices import Headline
from portal.events import queries
from portal.events.attendance import ChildAnswer
from portal.events.audience.presenters import shared_with
from portal.events.models import Answer, AnyEvent, ClassEvent
from portal.events.queries import ComingEvent, Progress
from portal.events.sending.queries import Reach
from portal.people import Child, ClassRef, Person
from portal.policy import Action, can
from portal.school.models import GuardianshipKind
from portal.text import clock, richtext
from portal.web.dates import near_date, sentence_case, short_month, time_of_day, time_span, when
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for


@dataclass(frozen=True, slots=True)
class AskedChild:
    """A child of the reader's whose answer an event waits for; `before_move` says the one from before it was moved."""

    pupil_id: int
    name: str
    before_move: str


@dataclass(frozen=True, slots=True)
class EventCard:
    """One event that is coming. `shared_with` says who is invited besides the reader's class.

    `asked` are the reader's children whom nobody has answered for since it last moved.
    """

    id: int
    url: str
    title: str
    starts_at: datetime
    when: str
    place: str
    shared_with: str
    day: int
    month: str
    hue: int
    classes: tuple[ClassRef, ...]
    answer_by: str
    progress: str
    status: str
    is_cancelled: bool
    asked_anew: str
    asked: tuple[AskedChild, ...]


def coming_events(
    person: Person,
    class_ids: Collection[int],
    *,
    now: datetime,
    limit: int = queries.EVENTS_PER_PAGE,
    after: ClassEvent | None = None,
) -> list[EventCard]:
    """The events of these classes that are not over, the next one first: one statement, however many there are."""
    if not class_ids and not can(person, Action.EVENT_CREATE_SCHOOL):
        return []  # without a class, what the school does is for those who look after all of it
    children = person.children_in(class_ids)
    coming = queries.list_coming(class_ids, [child.pupil_id for child in children], now=now, limit=limit, after=after)
    return [_card(event, person.children_in(event.classes), now) for event in coming]


def _card(event: ComingEvent, children: list[Child], now: datetime) -> EventCard:
    given = {child: event.answers.get(child.pupil_id, Answer.NEEDS_ACTION) for child in children}
    is_open = not event.is_cancelled and event.starts_at > now
    classes = tuple(event.classes.values())
    day = clock.day_of(event.starts_at)
    return EventCard(
        id=event.id,
        url=url_for("events.show_event", event_id=event.id),
        title=event.title,
        starts_at=event.starts_at,
        when=sentence_case(time_span(event.starts_at, event.ends_at)),
        place=event.place,
        shared_with=shared_with(event.audience, event.grade, event.class_count),
        day=day.day,
        month=short_month(day),
        hue=classes[0].hue if classes else 1,
        classes=classes,
        answer_by=_answer_by(event, now),
        progress=progress_in_words(event.progress),
        status=_status(event, given),
        is_cancelled=event.is_cancelled,
        asked_anew=event.asked_anew,
        asked=_asked(given, event.before_move) if is_open else (),
    )


def _asked(given: dict[Child, Answer], before_move: Collection[int]) -> tuple[AskedChild, ...]:
    unanswered = [AskedChild(child.pupil_id, child.name, "") for child, a in given.items() if a == Answer.NEEDS_ACTION]
    again = [
        AskedChild(child.pupil_id, child.name, before_move_in_words(child.name, answer))
        for child, answer in given.items()
        if answer != Answer.NEEDS_ACTION and child.pupil_id in before_move
    ]
    return (*unanswered, *again)


def before_move_in_words(name: str, answer: Answer) -> str:
    """What was answered before the event was moved: "Alma answered yes before it was moved."""
    if answer == Answer.ACCEPTED:
        return gettext("%(name)s answered yes before it was moved. Does it still fit?", name=name)
    if answer == Answer.DECLINED:
        return gettext("%(name)s answered no before it was moved. Does it fit better now?", name=name)
    return gettext("%(name)s answered maybe before it was moved. Can you tell now?", name=name)


def progress_in_words(progress: Progress) -> str:
    """How far the answers have come, and how many of them are from before it was moved."""
    if progress.before_move:
        return ngettext(
            "%(answered)s of %(num)s child has answered, %(before)s before it was moved",
            "%(answered)s of %(num)s children have answered, %(before)s of them before it was moved",
            progress.children,
            answered=progress.answered,
            before=progress.before_move,
        )
    return ngettext(
        "%(answered)s of %(num)s child has answered",
        "%(answered)s of %(num)s children have answered",
        progress.children,
        answered=progress.answered,
    )


def _answer_by(event: ComingEvent, now: datetime) -> str:
    """The wish for an answer; nothing once the day is over, since an answer is welcome until the event begins."""
    if event.rsvp_deadline is None or event.rsvp_deadline < clock.day_of(now):
        return ""
    return gettext("Please answer by %(day)s", day=near_date(event.rsvp_deadline))


def _status(event: ComingEvent, given: dict[Child, Answer]) -> str:
    if event.is_cancelled:
        return gettext("Cancelled")
    if not given:
        return progress_in_words(event.progress)
    return " · ".join(answer_in_words(child.name, answer) for child, answer in given.items())


def answer_in_words(name: str, answer: Answer) -> str:
    """A child's answer as one says it: "Alma is coming"."""
    if answer == Answer.ACCEPTED:
        return gettext("%(name)s is coming", name=name)
    if answer == Answer.DECLINED:
        return gettext("%(name)s is not coming", name=name)
    if answer == Answer.TENTATIVE:
        return gettext("%(name)s may be coming", name=name)
    return gettext("No answer yet for %(name)s", name=name)


def answered_in_words(name: str, answer: Answer) -> str:
    """A child's answer once the event has begun: "Alma answered maybe"."""
    if answer == Answer.ACCEPTED:
        return gettext("%(name)s answered yes", name=name)
    if answer == Answer.DECLINED:
        return gettext("%(name)s answered no", name=name)
    if answer == Answer.TENTATIVE:
        return gettext("%(name)s answered maybe", name=name)
    return gettext("No answer for %(name)s", name=name)


@dataclass(frozen=True, slots=True)
class UnsentLine:
    """What its organisers alone see yet: a draft, or something that goes out within minutes."""

    url: str
    title: str
    when: str
    state: str


def unsent_line(event: Any) -> UnsentLine:
    """A line about something that is not out yet."""
    state = gettext("Goes out %(at)s", at=time_of_day(event.out_at)) if event.out_at else gettext("Draft")
    span = sentence_case(time_span(event.starts_at, event.ends_at))
    return UnsentLine(url_for("events.show_event", event_id=event.id), event.title, span, state)


def reach_in_words(reach: Reach) -> str:
    """Whom an event reaches: "21 children in 24 homes"; how many classes that is, where there are several."""
    children = ngettext("%(num)s child", "%(num)s children", reach.children)
    homes = ngettext("%(num)s home", "%(num)s homes", reach.homes)
    if reach.classes == 1:
        return gettext("%(children)s and %(homes)s", children=children, homes=homes)
    classes = ngettext("%(num)s class", "%(num)s classes", reach.classes)
    return gettext("%(children)s and %(homes)s in %(classes)s", children=children, homes=homes, classes=classes)


def titles_and_days(event_ids: Collection[int], reader: Person) -> dict[int, str]:
    """What those of these events are called that the reader may see, and on which day they are: one statement."""
    return {
        event_id: gettext("%(title)s, %(day)s", title=title, day=near_date(clock.day_of(starts_at)))
        for event_id, title, starts_at in queries.list_titles(event_ids, reader)
    }


def event_headline(event: ClassEvent) -> Headline:
    """What a mail says of an event: what it is called, and from when to when.

    Homes write it, so its title is in the mail whatever stands in it: a missing one would tell whoever tries names
    that they have found one (domain 3.5).
    """
    return Headline(event.title, sentence_case(time_span(event.starts_at, event.ends_at)), event.starts_at)


def aula_text(event: AnyEvent, link: str) -> str:
    """An invitation as plain text: what, when, where, what to know, and the way to the answer."""
    span = sentence_case(time_span(event.starts_at, event.ends_at))
    bring = gettext("Bring: %(what)s", what=event.bring) if event.bring else ""
    parts = [
        event.title,
        f"{span}\n{event.place}",
        bring,
        richtext.plain(event.description),
        gettext("Answer here:"),
        link,
    ]
    return "\n\n".join(part for part in parts[:-2] if part) + f"\n\n{parts[-2]}\n{parts[-1]}"


@dataclass(frozen=True, slots=True)
class OwnChild:
    """One's own child on an event's page: the answer there is, who gave it, and what has changed since."""

    pupil_id: int
    name: str
    answer: str
    in_words: str
    given: str
    before_move: str
    is_before_terms: bool


def own_children(event: AnyEvent, person: Person, children: list[ChildAnswer]) -> list[OwnChild]:
    """The person's own children among those an event is for, with their answers."""
    answers = {child.pupil_id: child for child in children}
    return [
        OwnChild(
            pupil_id=child.pupil_id,
            name=child.name,
            answer=given.answer,
            in_words=_in_words(child.name, given.answer, is_past=event.starts_at <= clock.now()),
            given=_given(given, person, child),
            before_move=before_move_in_words(child.name, given.answer) if given.is_before_move else "",
            is_before_terms=given.answer == Answer.ACCEPTED and _is_before(given.answered_at, event.terms_changed_at),
        )
        for child in person.children_in(event.class_ids)
        if (given := answers.get(child.pupil_id)) is not None
    ]


def _in_words(name: str, answer: Answer, *, is_past: bool) -> str:
    """What is still to come as one says it; afterwards what was answered, since nobody counts who came."""
    return answered_in_words(name, answer) if is_past else answer_in_words(name, answer)


def _is_before(answered_at: datetime | None, changed_at: datetime | None) -> bool:
    return answered_at is not None and changed_at is not None and answered_at < changed_at


def _given(given: ChildAnswer, person: Person, child: Child) -> str:
    """Who gave the answer and when. The other home is named only where both have custody: a helper reads no name."""
    if given.answered_at is None:
        return ""
    at = when(given.answered_at)
    if given.is_by_team:
        return gettext("The class team entered it by agreement with the home, %(when)s.", when=at)
    if given.answered_by_id == person.id:
        return gettext("You answered %(when)s.", when=at)
    if given.answered_by and child.kind == GuardianshipKind.CUSTODY:
        return gettext("%(adult)s answered for %(name)s %(when)s.", adult=given.answered_by, name=child.name, when=at)
    return gettext("Another of the adults around %(name)s answered %(when)s.", name=child.name, when=at)
