"""Playdates as pages show them: who comes is for whoever offers one and those who come, the offer alone for others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.acts.notices import Headline
from portal.people import ClassRef, Person
from portal.playdates import queries
from portal.playdates.models import Playdate
from portal.playdates.queries import Offer, Playground
from portal.playdates.services import is_for_grades
from portal.policy import Action, can
from portal.school.homes.queries import is_protected, list_roof
from portal.text import clock
from portal.text.collation import sort_key
from portal.web.dates import near_date, sentence_case, short_month, time_span, weekday_date
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for


@dataclass(frozen=True, slots=True)
class PlaydateCard:
    """One playdate. `guests` is None for everybody who neither offers it nor comes."""

    id: int
    version: int
    url: str
    what: str
    when: str
    day: int
    month: str
    ref: ClassRef
    who: str
    room: str
    is_ours: bool
    is_coming: bool
    is_full: bool
    is_open: bool
    is_taken_back: bool
    may_come: bool
    guests: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class WhatIsOn:
    """The playdates of some classes, those of the classes to which the reader may offer one, and their grades."""

    cards: list[PlaydateCard]
    offers_to: list[ClassRef]
    grades: Mapping[int, tuple[int, int]]


def coming_playdates(
    person: Person,
    class_ids: Collection[int],
    *,
    span: tuple[int, int],
    now: datetime,
    limit: int = queries.PLAYDATES_PER_PAGE,
    after: Playdate | None = None,
) -> WhatIsOn:
    """What is on in these classes: one statement. A list knows one's own word, an offer's page that of the roof."""
    ground = queries.list_coming(class_ids, now=now, limit=limit, after=after)
    cards = [_card(offer, ground.classes[offer.class_id], person, {person.id}, now) for offer in ground.offers]
    return WhatIsOn(cards, offers_to(person, ground, span), ground.grades)


def offers_to(person: Person, ground: Playground, span: tuple[int, int]) -> list[ClassRef]:
    """The classes to which the person may offer to come and play."""
    return [
        ref
        for ref in ground.classes.values()
        if can(person, Action.PLAYDATE_OFFER, ref) and is_for_grades(ground.grades[ref.id], span)
    ]


def playdate_card(playdate: Playdate, person: Person, *, now: datetime) -> PlaydateCard:
    """One playdate for its own page."""
    today = clock.day_of(now)
    ground = queries.get_offer(playdate, today=today)
    (offer,) = ground.offers
    roof = list_roof(person.id, today=today) if person.guardian_classes else {person.id}
    return _card(offer, ground.classes[offer.class_id], person, roof, now)


def _card(offer: Offer, ref: ClassRef, person: Person, roof: set[int], now: datetime) -> PlaydateCard:
    is_ours, is_coming = offer.offered_by_id in roof, not roof.isdisjoint(offer.guest_adult_ids)
    day = clock.day_of(offer.starts_at)
    return PlaydateCard(
        id=offer.id,
        version=offer.version,
        url=url_for("playdates.show_playdate", playdate_id=offer.id),
        what=offer.what,
        when=sentence_case(time_span(offer.starts_at, offer.ends_at)),
        day=day.day,
        month=short_month(day),
        ref=ref,
        who=_who(offer),
        room=_room(offer),
        is_ours=is_ours,
        is_coming=is_coming,
        is_full=offer.is_full,
        is_open=not offer.is_taken_back and offer.ends_at > now,
        is_taken_back=offer.is_taken_back,
        may_come=not is_ours and can(person, Action.PLAYDATE_COME, ref),
        guests=_in_order(offer.guests.values()) if is_ours or is_coming else None,
    )


def _in_order(names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(names, key=sort_key))


def _who(offer: Offer) -> str:
    """Who is there for sure: the children of whoever offers it, and the adult."""
    children = ", ".join(_in_order(offer.children))
    if offer.is_taken_back:
        return ""
    return gettext("%(children)s and %(adult)s are there.", children=children, adult=offer.adult)


def _room(offer: Offer) -> str:
    if offer.places is None:
        return ""
    return gettext("There is room for %(places)s children. The first to come get the places.", places=offer.places)


def guests_in_words(card: PlaydateCard) -> str:
    """How many children come."""
    count = len(card.guests or ())
    return ngettext("%(num)s child comes", "%(num)s children come", count)


def aula_text(card: PlaydateCard, *, link: str, is_protected: bool) -> str:
    """What whoever offers it puts into Aula: the words, the day, the way here; of a protected home the day alone."""
    if is_protected:
        lines = [gettext("Come and play!"), card.when, gettext("Where it is stands in the portal."), link]
    else:
        lines = [gettext("Come and play!"), card.what, card.when, card.who, gettext("Siblings are welcome."), link]
    return "\n".join(lines)


def again_on(playdate: Playdate) -> str:
    """The weekday of a playdate, as its copy would have it: "torsdag"."""
    return weekday_date(clock.day_of(playdate.starts_at)).split(" ")[0]


def titles_and_days(playdate_ids: Collection[int], reader: Person) -> dict[int, str]:
    """What those of these playdates are called that the reader may see, and on which day they are."""
    return {
        playdate_id: gettext("%(title)s, %(day)s", title=what, day=near_date(clock.day_of(starts_at)))
        for playdate_id, what, starts_at in queries.list_titles(playdate_ids, reader)
    }


def playdate_headline(playdate: Playdate) -> Headline:
    """What a mail says of a playdate: its words, and its hours. Of a home under protection the hours alone.

    Homes write it, so its words are in the mail whatever stands in them: missing ones would tell whoever tries names
    that they have found one (domain 3.5).
    """
    is_hidden = is_protected(playdate.offered_by_id, today=clock.today())
    title = gettext("Come and play") if is_hidden else playdate.what
    return Headline(title, sentence_case(time_span(playdate.starts_at, playdate.ends_at)), playdate.starts_at)
