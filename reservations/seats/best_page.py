"""The best seats on the page: the form, the search it sends, other choices, and their names."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import astuple, dataclass
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from core.money import rounded
from core.texts.local_formats import and_list
from reservations.refusals.seats import LeavesSingleSeats, NothingTogether
from reservations.seats.best_seats import ALTERNATIVES, OpenSeats, SeatChoice, Wish, best_choices
from reservations.seats.geometry import Placed, PlanSeat, stretches_of
from reservations.seats.map_markup import LegendEntry, PreparedMap
from reservations.seats.map_reads import SeatMap
from reservations.seats.met_needs import AskedNeeds
from reservations.seats.open_seats import open_seats_of
from reservations.seats.own_seats import OwnSeats
from reservations.seats.plan_seats import known_facts_of_plan, rows_near_exit, seats_of_plan
from reservations.seats.single_seat_check import judge_held
from reservations.seats.single_seats import SingleSeatRule
from theaters.seat_categories import is_for_some, is_wheelchair
from theaters.seat_facts import KnownFacts
from theaters.seat_labels import is_place, label_in_words, neighbors_in_words, section_in_words

LONGEST_NUMBER = 3
BETWEEN_LABELS = "\t"  # in no label
FIELDS = ("count", "wheelchairs", "section", "category", "price", "aisle", "exit", "stepfree", "loop", "armrest")


@dataclass(frozen=True)
class BestOptions:
    """What the form offers besides the number of people; empty where the plan offers no choice."""

    sections: tuple[str, ...]
    categories: tuple[LegendEntry, ...]
    prices: tuple[Decimal, ...]
    wheelchairs: tuple[int, ...]
    near_exit: bool
    known: KnownFacts

    @property
    def are_there(self) -> bool:
        choices = self.sections or self.categories or self.wheelchairs
        return bool(choices) or self.near_exit or any(astuple(self.known))


@dataclass(frozen=True)
class OtherChoice:
    """Seats that can be had instead, by one press."""

    name: str
    labels: tuple[str, ...]
    total: Decimal | None
    meets: str = ""

    @property
    def value(self) -> str:
        """The value of the button that chooses all of these seats."""
        return BETWEEN_LABELS.join(self.labels)


@dataclass(frozen=True)
class BetterChoice:
    """The notice about held seats that leave a single seat over, with other seats that one press takes."""

    sentence: str
    name: str
    take: tuple[str, ...]
    release: tuple[str, ...]


def better_choice(
    *, showtime_id: int, plan_id: int, rule: SingleSeatRule, own: OwnSeats, freed: Collection[str] = ()
) -> BetterChoice | None:
    """Return seats that leave no single seat over; None when the held ones are fine.

    `freed`: the seats that an exchange for the held ones gives up.
    """
    if not own.is_holding or own.hold_id is None:
        return None
    left_over = judge_held(
        showtime_id=showtime_id, plan_id=plan_id, hold_id=own.hold_id, labels=own.labels, rule=rule, freed=freed
    )
    if left_over is None:
        return None
    instead = SeatChoice(tuple(map(tuple, stretches_of(left_over.instead))))
    take = tuple(label for label in instead.labels if label not in own.labels)
    release = tuple(label for label in own.labels if label not in instead.labels and not is_place(label))
    sentence = LeavesSingleSeats.words([seat.label for seat in left_over.singles])
    return BetterChoice(sentence, parts_in_words(instead), take, release)


def best_options(prepared: PreparedMap, plan_id: int) -> BestOptions:
    seats = prepared.by_label.values()
    sections = tuple(dict.fromkeys(seat.section for seat in seats if seat.section))
    offered = tuple(entry for entry in prepared.legend if not is_for_some(entry.category.upper()))
    spaces = sum(is_wheelchair(seat.category) for seat in seats)
    return BestOptions(
        sections=sections if len(sections) > 1 else (),
        categories=offered if len(offered) > 1 else (),
        prices=_prices_of_several(prepared.legend, offered),
        wheelchairs=tuple(range(1, min(spaces, 4) + 1)),
        near_exit=bool(rows_near_exit(plan_id)),
        known=known_facts_of_plan(plan_id),
    )


def _prices_of_several(legend: Sequence[LegendEntry], offered: Sequence[LegendEntry]) -> tuple[Decimal, ...]:
    """Return the prices for the choice "up to …": those below which there are several categories, but not all. With one
    category it would be the same as choosing that category.
    """
    prices = sorted({entry.price for entry in offered if entry.price is not None})[:-1]
    amounts = [entry.price for entry in legend if entry.price is not None]
    return tuple(price for price in prices if sum(amount <= price for amount in amounts) > 1)


def wish_of(asked: QueryDict, prices: Mapping[str, Decimal | None], *, freed: Collection[str] = ()) -> Wish:
    """The search that was sent. An invalid number means 0 people; an unknown section or category has no seats."""
    categories: frozenset[str] | None = None
    if category := asked.get("category", ""):
        categories = frozenset({category.upper()})
    if (most := _amount(asked.get("price", ""))) is not None:
        payable = frozenset(name for name, price in prices.items() if price is not None and price <= most)
        categories = payable if categories is None else categories & payable
    return Wish(
        count=_number(asked.get("count", "")),
        wheelchairs=_number(asked.get("wheelchairs", "")),
        categories=categories,
        section=asked.get("section") or None,
        on_aisle="aisle" in asked,
        near_exit="exit" in asked,
        step_free="stepfree" in asked,
        hearing_loop="loop" in asked,
        armrest_lifts="armrest" in asked,
        freed=frozenset(freed),
    )


def labels_of(asked: QueryDict) -> list[str]:
    """The seats of the other choice that was pressed; empty where the best are asked for."""
    return [label for label in asked.get("choices", "").split(BETWEEN_LABELS) if label]


def _number(raw: str) -> int:
    return int(raw) if raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST_NUMBER else 0


def _amount(raw: str) -> Decimal | None:
    try:
        amount = Decimal(raw[:12])
    except InvalidOperation:
        return None
    return amount if amount.is_finite() else None


def asked_fields(asked: QueryDict) -> dict[str, str]:
    """Return the fields of the last search, to fill in the form again."""
    return {name: value[:200] for name in FIELDS if (value := asked.get(name, ""))}


def other_choices(
    seat_map: SeatMap, wish: Wish, *, prices: Mapping[str, Decimal | None], currency: str
) -> list[OtherChoice]:
    """The best seats besides those that this browser holds. Other ways to split a party may share a part with those."""
    open_seats = open_seats_of(seat_map)
    try:
        choices = best_choices(open_seats, wish)
    except NothingTogether:
        return []
    mine = set(seat_map.own.labels)
    asked = open_seats.asked(wish.needs)
    return [
        OtherChoice(
            choice_name(choice, open_seats.seats),
            tuple(choice.labels),
            _total(choice, prices, currency),
            asked.met_in_words(choice.seats),
        )
        for choice in choices
        if (not mine & set(choice.labels) if choice.is_together else mine != set(choice.labels))
    ][:ALTERNATIVES]


def _total(choice: SeatChoice[PlanSeat], prices: Mapping[str, Decimal | None], currency: str) -> Decimal | None:
    amounts = [prices.get(seat.category) for seat in choice.seats]
    return rounded(sum((amount for amount in amounts if amount is not None), Decimal(0)), currency)


def choice_name(choice: SeatChoice[PlanSeat], seats: Sequence[Placed]) -> str:
    """Row M, middle; for a party in several parts the first and last seat of each: C5 to C8, D6."""
    if not choice.is_together:
        return ", ".join(map(_ends_in_words, choice.parts))
    part = choice.parts[0]
    where = {"row": part[0].row, "section": section_in_words(part[0].section)}
    sentences = {
        "left": gettext("Row %(row)s, left"),
        "middle": gettext("Row %(row)s, middle"),
        "right": gettext("Row %(row)s, right"),
    }
    name = sentences[_side(part, seats)]
    return (f"{name}, %(section)s" if part[0].section else name) % where


def _ends_in_words(part: Sequence[Placed]) -> str:
    seats = sorted(part, key=lambda seat: seat.number)
    first, last = label_in_words(seats[0].label), label_in_words(seats[-1].label)
    if len(seats) < 3:
        return and_list(dict.fromkeys([first, last]))
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def _side(part: Sequence[Placed], seats: Sequence[Placed]) -> str:
    """Tell the third of the auditorium, seen facing the screen: left, middle or right."""
    left, right = min(seat.x for seat in seats), max(seat.x for seat in seats)
    at, third = (part[0].x + part[-1].x) / 2 - left, (right - left) / 3
    return "left" if at < third else "right" if at > 2 * third else "middle"


def parts_in_words(choice: SeatChoice[PlanSeat]) -> str:
    """Row M, seats 9 to 11; row N, seats 9 and 10."""
    return "; ".join(neighbors_in_words(part) for part in choice.parts)


def held_in_words(choice: SeatChoice[PlanSeat], wish: Wish, *, plan_id: int) -> str:
    """Say which seats were taken, whether the party is split, and what was asked for that they lack."""
    held = gettext("Held for you: %(seats)s.") % {"seats": parts_in_words(choice)}
    lacks = asked_needs(wish, plan_id).unmet_in_words(choice.seats)
    return " ".join(words for words in (held, _apart_in_words(choice), lacks) if words)


def asked_needs(wish: Wish, plan_id: int) -> AskedNeeds:
    return OpenSeats(seats_of_plan(plan_id), (), None, exit_rows=rows_near_exit(plan_id)).asked(wish.needs)


def _apart_in_words(choice: SeatChoice[PlanSeat]) -> str:
    if choice.is_together:
        return ""
    people = len(choice.seats)
    apart = ngettext(
        "There is no longer a row with %(people)s free seat side by side, so we have split your party.",
        "There is no longer a row with %(people)s free seats side by side, so we have split your party.",
        people,
    )
    return apart % {"people": people}
