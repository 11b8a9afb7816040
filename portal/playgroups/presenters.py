"""A plan of playgroups as the class team sees it: what it reaches, its rounds, and what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wtforms.fields.choices import SelectChoice

from portal.errors import N_
from portal.people import ClassRef, Person
from portal.playgroups import queries
from portal.playgroups.drafting import Past, Wish, task_of
from portal.playgroups.homes.queries import Roll
from portal.playgroups.models import FEWEST_IN_A_GROUP, MOST_IN_A_GROUP, Manner, MeetingPlace, PlaygroupPlan
from portal.playgroups.parted.queries import parted_in
from portal.playgroups.planner.planning import bound_of
from portal.playgroups.planner.reach import Reach, coming_pairs, met_pairs, reach_of
from portal.playgroups.queries import Group, Round
from portal.policy import Action, can
from portal.settings import Settings
from portal.text import clock
from portal.web.dates import weekday_date
from portal.web.language import gettext, ngettext
from portal.web.urls import url_for

#: The sizes that are offered, the usual ones first: to play, and to eat together.
PLAY_SIZES = ((3, 5), (3, 4), (4, 5))
MEAL_SIZES = ((4, 6), (4, 5))
#: So many rounds may be planned at once.
MIXING_ROUNDS = range(2, 9)
VISITING_GROUPINGS = range(1, 4)
MOST_ROUNDS = 12

PLACE_NAMES = {
    MeetingPlace.SCHOOL: N_("At the school"),
    MeetingPlace.PLAYGROUND: N_("At the playground"),
}


def groups_of_class(person: Person, ref: ClassRef, grades: tuple[int, int] | None, settings: Settings) -> Door | None:
    """The way to a class's playgroups for whoever has one there, in the grades that have them."""
    if grades is None or not sizes_for(grades, settings):
        return None
    label = gettext("Eating groups") if is_meal(grades, settings) else gettext("Playgroups")
    if can(person, Action.PLAYGROUP_MANAGE, ref):
        return Door(label, url_for("playgroups.show_plan", class_id=ref.id))
    if can(person, Action.PLAYGROUP_FOLLOW, ref):
        return Door(label, url_for("playgroups.rounds.list_rounds", class_id=ref.id))
    if can(person, Action.PLAYGROUP_LOOK_BACK, ref):
        return Door(label, url_for("playgroups.voices.list_questions", class_id=ref.id))
    return None


def sizes_for(grades: tuple[int, int], settings: Settings) -> tuple[tuple[int, int], ...]:
    """The sizes that a class of these grades chooses among; none where there are no groups in it."""
    if _is_within(grades, settings.playgroup_grades):
        return PLAY_SIZES
    return MEAL_SIZES if _is_within(grades, settings.meal_group_grades) else ()


def is_meal(grades: tuple[int, int], settings: Settings) -> bool:
    """Whether a class of these grades eats together instead of playing."""
    return sizes_for(grades, settings) == MEAL_SIZES


def _is_within(grades: tuple[int, int], span: tuple[int, int]) -> bool:
    return grades[0] <= span[1] and span[0] <= grades[1]


def plans_to_choose(children: int, smallest: int, largest: int) -> list[SelectChoice]:
    """The plans that a class of so many children can have in groups of these sizes, each with what it reaches."""
    found = []
    for rounds in MIXING_ROUNDS:
        reach = reach_of(children, rounds, smallest, largest)
        if reach is None:
            return []
        words = ngettext("%(num)s round, new groups each time", "%(num)s rounds, new groups each time", rounds)
        found.append(SelectChoice(f"{Manner.MIXING}-{rounds}", words, {"hint": reach_in_words(reach)}))
        if reach.is_all:
            break
    for groupings in VISITING_GROUPINGS:
        reach, rounds = reach_of(children, groupings, smallest, largest), groupings * largest
        if reach is not None and rounds <= MOST_ROUNDS:
            words = gettext("%(num)s rounds, each group visits all of its homes before it changes", num=rounds)
            found.append(SelectChoice(f"{Manner.VISITING}-{rounds}", words, {"hint": reach_in_words(reach)}))
    return found


def nearest_sizes(children: int, smallest: int, largest: int) -> tuple[int, int] | None:
    """The sizes nearest to these that a class of so many children can be divided into, for groups of two at least."""
    near = [(smallest - down, largest + up) for up in range(3) for down in range(2) if up or down]
    fitting = (one for one in near if one[0] >= FEWEST_IN_A_GROUP and one[1] <= MOST_IN_A_GROUP)
    return next((one for one in fitting if children > one[0] and reach_of(children, 1, *one)), None)


def reach_in_words(reach: Reach) -> str:
    """What everybody is sure of: "everybody has been with 22 of 23"."""
    if reach.is_all:
        return gettext("Everybody has been with everybody.")
    return gettext(
        "Everybody has been with at least %(fewest)s of %(classmates)s.",
        fewest=reach.fewest,
        classmates=reach.classmates,
    )


@dataclass(frozen=True, slots=True)
class Door:
    """A link to the groups of a class, and what they are called there."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group: the names in it, and where it meets."""

    id: int
    number: int
    names: str
    place: str
    missing: str
    took_place: bool | None
    may_record: bool


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round as the team sees it."""

    id: int
    number: int
    days: str
    is_published: bool
    is_over: bool
    is_next: bool
    groups: tuple[GroupLine, ...]


@dataclass(frozen=True, slots=True)
class PlanCard:
    """A plan under way: what it reaches, and its rounds."""

    version: int
    is_meal: bool
    manner: str
    reach: str
    pairs: str
    is_interrupted: bool
    rounds: tuple[RoundCard, ...]
    newcomers: tuple[str, ...]

    @property
    def has_drafts(self) -> bool:
        """Whether there is anything that can be planned anew."""
        return any(not each.is_published for each in self.rounds)


MANNER_NAMES = {
    Manner.MIXING: N_("New groups each time"),
    Manner.VISITING: N_("Each group visits all of its homes before it changes"),
}


def plan_card(plan: PlaygroupPlan, roll: Roll, *, today: date) -> PlanCard:
    """A plan for the team's page."""
    rounds = queries.list_rounds(plan.id, today=today)
    earlier = queries.list_class_rounds(plan.class_id, today=today)
    following = next((each.id for each in rounds if not each.is_published), 0)
    cards = tuple(round_card(each, today=today, is_next=each.id == following) for each in rounds)
    to_come = [{seat.pupil_id for g in each.groups for seat in g.seats} for each in rounds if not each.is_over(today)]
    newcomers = tuple(name for pupil_id, name in roll.names.items() if any(pupil_id not in sat for sat in to_come))
    reach, pairs = _reach_of_rounds(plan, roll, rounds, earlier, today)
    return PlanCard(
        plan.version,
        plan.is_meal,
        gettext(MANNER_NAMES[plan.manner]),
        reach,
        pairs,
        plan.is_interrupted,
        cards,
        newcomers,
    )


def _reach_of_rounds(
    plan: PlaygroupPlan, roll: Roll, rounds: Sequence[Round], earlier: Sequence[Round], today: date
) -> tuple[str, str]:
    """What everybody is sure of when every round has been held, and how many pairs that is of those possible."""
    names = roll.names.keys()
    met = {pair for pair in met_pairs(earlier, today) if names >= set(pair)}
    together = met | {pair for pair in coming_pairs([*earlier, *rounds], today) | roll.siblings if names >= set(pair)}
    counts = {pupil_id: 0 for pupil_id in names}
    for one, other in together:
        counts[one] += 1
        counts[other] += 1
    if len(counts) < 2:
        return "", ""
    coming = [each.grouping for each in [*earlier, *rounds] if not each.is_over(today)]
    wish = Wish(plan.manner, len(coming), plan.smallest, plan.largest, plan.weeks_apart)
    past = Past(met=frozenset(met), parted=parted_in(plan.class_id, today=today))
    most = bound_of(task_of(roll, wish, sorted(set(coming)), past))
    said = gettext("%(pairs)s of the %(possible)s pairs that are possible.", pairs=len(together), possible=most)
    if len(together) >= most:
        said = gettext("%(pairs)s pairs. More is not possible.", pairs=len(together))
    return reach_in_words(Reach(min(counts.values()), len(counts) - 1)), said


def round_card(each: Round, *, today: date, is_next: bool = False) -> RoundCard:
    """A round with its groups as lines."""
    return RoundCard(
        each.id,
        each.number,
        days_in_words(each.starts_on, each.ends_on),
        each.is_published,
        each.is_over(today),
        is_next,
        tuple(_line(each, group, today) for group in each.groups if group.seats),
    )


def _line(each: Round, group: Group, today: date) -> GroupLine:
    missing = [
        seat.name for seat in group.seats if seat.was_there is False or (seat.was_there is None and seat.comes is False)
    ]
    has_begun = (clock.day_of(group.starts_at) if group.starts_at is not None else each.starts_on) <= today
    return GroupLine(
        group.id,
        group.number,
        ", ".join(seat.name for seat in group.seats),
        place_in_words(group),
        ", ".join(missing) if group.took_place is not False else "",
        group.took_place,
        each.is_published and has_begun,
    )


def place_in_words(group: Group) -> str:
    """Where a group meets: at the home of one of its children, by the child's name, or in a neutral place."""
    host = next((seat.name for seat in group.seats if seat.pupil_id == group.host_pupil_id), "")
    if group.place == MeetingPlace.HOME and host:
        return gettext("At the home of %(name)s", name=host)
    return gettext(PLACE_NAMES.get(group.place, PLACE_NAMES[MeetingPlace.SCHOOL]))


def days_in_words(first: date, last: date) -> str:
    """The days of a round: "mandag 30. november til søndag 13. december"."""
    return gettext("%(first)s to %(last)s", first=weekday_date(first), last=weekday_date(last))
