"""All rules about which ticket types may have which seats together, for the map, the checkout, Pay and the counter.

docs/domain.md explains the rules under "Party".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext, ngettext

from reservations.seats.accessible_seats import are_released
from theaters.models import AgeRule, TicketType
from theaters.seat_categories import is_companion, is_wheelchair
from theaters.seat_labels import label_in_words


@dataclass(frozen=True)
class PartySeat:
    """A seat and its ticket type; None while only seats are chosen."""

    label: str
    category: str
    kind: TicketType | None = None
    unit: str = ""


@dataclass(frozen=True)
class PartyObjection:
    """Why a party is impossible: the seat concerned and the sentence for the customer."""

    label: str
    sentence: str
    is_final: bool = False  # this type is impossible on this seat, whatever the others are


def objections(*, places: Sequence[PartySeat], ages: AgeRule, showtime_id: int | None = None) -> list[PartyObjection]:
    """All objections to selling these places together; empty when there are none.

    With a showtime companion seats are allowed alone once they are released (one query, only if there are any).
    """
    companions = [] if showtime_id and companions_alone(places) and are_released(showtime_id) else _companions(places)
    return [
        *companions,
        *_too_young(places, ages),
        *_alone(places, ages),
        *_carers(places),
        *_numbers(places),
        *_empty_places(places),
    ]


def final_objection(*, places: Sequence[PartySeat], label: str, kind: TicketType, ages: AgeRule) -> str:
    """Why a type is impossible on a seat, whatever is chosen for the others; '' when it is possible."""
    tried = [replace(place, kind=kind) if place.label == label else place for place in places]
    found = (one for one in objections(places=tried, ages=ages) if one.is_final and one.label == label)
    return next((one.sentence for one in found), "")


def declares_wheelchair(places: Sequence[PartySeat]) -> bool:
    """Whether buying these seats says that somebody in the party uses a wheelchair. Nobody is asked for proof."""
    return any(is_wheelchair(place.category) for place in places)


def companions_alone(places: Sequence[PartySeat]) -> list[PartySeat]:
    """The companion seats beyond those that belong to the party's wheelchair spaces."""
    allowed = _companions_allowed(places)
    return [place for place in places if is_companion(place.category)][allowed:]


def _companions_allowed(places: Sequence[PartySeat]) -> int:
    spaces = sum(is_wheelchair(place.category) for place in places)
    return settings.COMPANIONS_PER_WHEELCHAIR_SPACE * spaces


def _companions(places: Sequence[PartySeat]) -> Iterator[PartyObjection]:
    allowed, most_companions = _companions_allowed(places), settings.COMPANIONS_PER_WHEELCHAIR_SPACE
    for place in companions_alone(places):
        if allowed:
            most = ngettext(
                "You can book up to %(most)s companion seat with a wheelchair space. Please give up seat %(label)s.",
                "You can book up to %(most)s companion seats with a wheelchair space. Please give up seat %(label)s.",
                most_companions,
            )
            sentence = most % {"most": most_companions, "label": label_in_words(place.label)}
        else:
            sentence = gettext(
                "Seat %(label)s is for the companion of a wheelchair user. "
                "You can book it only together with a wheelchair space."
            ) % {"label": label_in_words(place.label)}
        yield PartyObjection(place.label, sentence)


def _too_young(places: Sequence[PartySeat], ages: AgeRule) -> Iterator[PartyObjection]:
    """Object to ticket types whose people are all too young for the movie."""
    for place in places:
        kind = place.kind
        if kind is not None and ages.min_age is not None and kind.max_age is not None and kind.max_age < ages.min_age:
            sentence = gettext("Nobody under %(age)s is admitted, so there are no %(name)s tickets.") % {
                "age": ages.min_age,
                "name": kind.shown_name,
            }
            yield PartyObjection(place.label, sentence, is_final=True)


def _alone(places: Sequence[PartySeat], ages: AgeRule) -> Iterator[PartyObjection]:
    """Object to people who need a grown-up when the party has no ticket of one."""
    if any(place.kind is not None and place.kind.is_adult for place in places):
        return
    for place in places:
        kind = place.kind
        if kind is None:
            continue
        if kind.needs_adult:
            yield PartyObjection(
                place.label,
                gettext("You can buy a %(name)s ticket only together with a ticket for an adult.")
                % {"name": kind.shown_name},
            )
        elif ages.accompanied_below is not None and _may_be_younger(kind, ages.accompanied_below):
            says = (
                gettext(
                    "Anybody under %(age)s has to come with a parent or guardian, so please add a "
                    "ticket for an adult to the %(name)s ticket."
                )
                if ages.is_with_parent
                else gettext(
                    "Anybody under %(age)s has to come with an adult, so please add a "
                    "ticket for an adult to the %(name)s ticket."
                )
            )
            yield PartyObjection(place.label, says % {"age": ages.accompanied_below, "name": kind.shown_name})


def _numbers(places: Sequence[PartySeat]) -> Iterator[PartyObjection]:
    """Object to a number of tickets of a type, at its last ticket: it must fit its people and limits."""
    last = {place.kind.code: place for place in places if place.kind is not None}
    for code, place in last.items():
        kind = place.kind
        assert kind is not None
        number = sum(other.kind is not None and other.kind.code == code for other in places)
        if sentence := _wrong_number(kind, number):
            yield PartyObjection(place.label, sentence)


def _wrong_number(kind: TicketType, number: int) -> str:
    """Return why this number of tickets of the type cannot be booked; '' when it can."""
    facts = {"name": kind.shown_name, "number": number}
    if number % kind.people:
        return gettext(
            "A %(name)s ticket is for %(people)s people together. Please choose it for %(people)s seats, or another "
            "ticket for these."
        ) % {**facts, "people": kind.people}
    if kind.least is not None and number < kind.least:
        return ngettext(
            "You can book %(name)s tickets from %(least)s ticket on, and this is %(number)s.",
            "You can book %(name)s tickets from %(least)s tickets on, and this is %(number)s.",
            kind.least,
        ) % {**facts, "least": kind.least}
    if kind.most is not None and number > kind.most:
        return ngettext(
            "You can book up to %(most)s %(name)s ticket at a time. Please choose another ticket for the others.",
            "You can book up to %(most)s %(name)s tickets at a time. Please choose another ticket for the others.",
            kind.most,
        ) % {**facts, "most": kind.most}
    return ""


def _may_be_younger(kind: TicketType, age: int) -> bool:
    """Whether a type with an upper age may be for people below that age. A type without an upper age is not."""
    return kind.max_age is not None and (kind.min_age or 0) < age


def _carers(places: Sequence[PartySeat]) -> Iterator[PartyObjection]:
    """Object to carers' tickets beyond one for each wheelchair space of somebody else."""
    carers = [place for place in places if place.kind is not None and place.kind.needs_wheelchair]
    spaces = sum(is_wheelchair(place.category) and place not in carers for place in places)
    for place in carers[spaces:]:
        assert place.kind is not None
        yield PartyObjection(
            place.label,
            gettext("Seat %(label)s: you can book one %(name)s ticket for each wheelchair space in your booking.")
            % {"label": label_in_words(place.label), "name": place.kind.shown_name},
            is_final=not any(is_wheelchair(other.category) for other in places),
        )


def _empty_places(places: Sequence[PartySeat]) -> Iterator[PartyObjection]:
    """Object to an empty place that is not on a sofa beside somebody."""
    taken = {place.unit for place in places if place.kind is not None and not place.kind.is_empty_place}
    for place in places:
        if place.kind is None or not place.kind.is_empty_place:
            continue
        names = {"name": place.kind.shown_name, "label": label_in_words(place.label)}
        if not place.unit:
            sentence = gettext("Seat %(label)s: you can choose “%(name)s” only for a place of a sofa.") % names
            yield PartyObjection(place.label, sentence, is_final=True)
        elif place.unit not in taken:
            sentence = gettext("Seat %(label)s: somebody has to sit on the sofa. Please choose a ticket for one place.")
            yield PartyObjection(place.label, sentence % names)
