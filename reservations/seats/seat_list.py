"""The seats of a showtime as a list: by section and row, the groups of neighboring seats that a party of a size can
take. Pure.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import inf
from typing import Any

from django.utils.translation import gettext, ngettext

from core.money import format_money, rounded
from core.texts.local_formats import and_list
from reservations.seats.fact_words import (
    armrest_rank,
    facts_in_words,
    loop_rank,
    places_in_words,
    steps_rank,
)
from reservations.seats.geometry import Placed, beside_aisle, distance_from_best_place, sections_of
from reservations.seats.list_groups import Group, GroupRules, groups_in
from reservations.seats.list_wish import ListWish
from reservations.seats.met_needs import AskedNeeds
from reservations.seats.screen_views import AuditoriumMeasures, SeatView, SeatViews, seat_views
from reservations.seats.units import sizes_of
from theaters.seat_categories import Categories, is_for_some
from theaters.seat_labels import row_name, section_in_words

# Up to this number of choices are shown without opening their rows first.
SHOWN_AT_ONCE = 30


@dataclass(frozen=True)
class ListGroup:
    """Seats side by side that one press takes. `price` is that of all of them for adults.

    `category`: of all of them, or "". `fits_less`: of several prices, or with a wheelchair space that was not asked for.
    """

    name: str
    labels: tuple[str, ...]
    category: str
    category_label: str
    price: Decimal | None
    facts: tuple[str, ...]
    distance: float
    screen_degrees: float
    fits_less: bool
    is_at_aisle: bool
    rows_from_exit: float
    steps: float
    loop_rank: int
    armrest_rank: int
    need_ranks: tuple[float, ...]
    currency: str

    @property
    def spoken(self) -> str:
        price = "" if self.price is None else format_money(self.price, self.currency)
        return ", ".join(words for words in (self.name, self.category_label, price, *self.facts) if words)


@dataclass(frozen=True)
class ListRow:
    """A row with what can be taken in it; `key` is its id in the page."""

    key: str
    name: str
    free: int
    groups: tuple[ListGroup, ...]

    @property
    def free_in_words(self) -> str:
        return ngettext("%(n)s free seat", "%(n)s free seats", self.free) % {"n": self.free}

    @property
    def least(self) -> Decimal | None:
        return min((group.price for group in self.groups if group.price is not None), default=None)


@dataclass(frozen=True)
class ListSection:
    name: str
    rows: tuple[ListRow, ...]


@dataclass(frozen=True)
class SeatList:
    """`refused`: why nothing is listed although seats are free: "singles" would be left over, or only "companions" are."""

    sections: tuple[ListSection, ...]
    refused: str = ""

    @property
    def choices(self) -> int:
        return sum(len(row.groups) for section in self.sections for row in section.rows)

    @property
    def is_short(self) -> bool:
        return self.choices <= SHOWN_AT_ONCE


# The sort keys by the name of the sort; "row" is the order of the plan.
ORDERS: dict[str, Callable[[ListGroup], tuple[float | Decimal, ...]]] = {
    "best": lambda group: (group.fits_less, group.distance),
    "screen": lambda group: (-group.screen_degrees,),
    "price": lambda group: (group.price or Decimal(0),),
    "aisle": lambda group: (not group.is_at_aisle, group.distance),
    "exit": lambda group: (group.rows_from_exit, not group.is_at_aisle),
    "steps": lambda group: (group.steps, group.distance),
    "loop": lambda group: (group.loop_rank, group.distance),
    "armrest": lambda group: (group.armrest_rank, group.distance),
    "needs": lambda group: (*group.need_ranks, group.fits_less, group.distance),
}


@dataclass(frozen=True)
class HouseFacts:
    """Facts of theater and plan for the list. `empty_places`: by category, the price of an empty place of a sofa.

    `asked`: names of the facts that are also shown when they are absent or unknown. `rules`: None leaves no group out.
    `needs`: what groups are ordered by in the order "needs".
    """

    empty_places: Mapping[str, Decimal] = field(default_factory=dict)
    exit_rows: Collection[str] = ()
    asked: Collection[str] = ()
    rules: GroupRules[Any] | None = None
    needs: frozenset[str] = frozenset()


def seat_list(
    seats: Sequence[Placed],
    states: str,
    wish: ListWish,
    *,
    prices: Mapping[str, Decimal | None],
    currency: str,
    categories: Categories,
    measures: AuditoriumMeasures | None = None,
    house: HouseFacts | None = None,
) -> SeatList:
    """List the free seats of a plan; `states` has the letter of each seat."""
    house = house or HouseFacts()
    asked = wish.category.upper()
    if all(seat.category != asked for seat in seats):
        asked = ""
    free = [seat for seat, state in zip(seats, states, strict=True) if state == "f"]
    wanted = [seat for seat in free if asked in ("", seat.category) or is_for_some(asked)]
    if wish.near_exit:
        wanted = [seat for seat in wanted if seat.row in house.exit_rows]
    distance = distance_from_best_place(seats) if seats else None
    aisles = beside_aisle(seats)
    draw = _Drawing(
        wish,
        asked,
        aisles,
        _rows_from_exit(seats, house.exit_rows),
        distance,
        seat_views(seats, measures),
        prices,
        currency,
        categories,
        sizes_of(seats),
        house,
        AskedNeeds(house.needs, aisles, house.exit_rows),
    )
    numbers = {name: number for number, name in enumerate(dict.fromkeys(seat.section for seat in seats))}
    sections = []
    refused = ""
    for section, rows in sections_of(wanted):
        groups, reason = draw.groups_of(rows)
        refused = reason or refused
        drawn = [draw.row(f"row-{numbers[section]}-{row[0].y}", row, groups.get(row[0].y, [])) for row in rows]
        kept = sorted((row for row in drawn if row.groups), key=lambda row: draw.order(row.groups[0]))
        if kept:
            sections.append(ListSection(section_in_words(section), tuple(kept)))
    ordered = sorted(sections, key=lambda section: draw.order(section.rows[0].groups[0]))
    return SeatList(tuple(ordered), "" if ordered else refused)


@dataclass(frozen=True)
class _Drawing:
    wish: ListWish
    asked: str
    beside_aisle: frozenset[str]
    rows_from_exit: Callable[[Placed], float]
    distance: Callable[[Sequence[Placed]], float] | None
    views: SeatViews | None
    prices: Mapping[str, Decimal | None]
    currency: str
    categories: Categories
    sofas: Mapping[str, int]
    house: HouseFacts
    needs: AskedNeeds

    def order(self, group: ListGroup) -> tuple[float | Decimal, ...]:
        """Sort the list; groups with equal keys stay in the order of the plan."""
        key = ORDERS.get(self.wish.sort)
        return key(group) if key else ()

    def groups_of(self, rows: Iterable[Sequence[Placed]]) -> tuple[dict[int, list[Group[Placed]]], str]:
        """The groups of a section by their row's y, and why all of them are left out (SeatList.refused), or ""."""
        groups = [
            seats
            for row in rows
            for seats in groups_in(row, self.wish.count, self.sofas)
            if self.has_asked(seats) and (not self.wish.aisle or self.is_at_aisle(seats)) and self.has_facts(seats)
        ]
        refused = ""
        if self.house.rules is not None:
            found, rules = groups, self.house.rules
            allowed = [seats for seats in found if not rules.has_companion_alone(seats)]
            groups = rules.without_single_seats(allowed, are_all=not self.wish.is_narrowed)
            refused = "" if groups or not found else "singles" if allowed else "companions"
        by_row: dict[int, list[Group[Placed]]] = {}
        for seats in groups:
            by_row.setdefault(seats[0].y, []).append(seats)
        return by_row, refused

    def row(self, key: str, row: Sequence[Placed], groups: Iterable[Group[Placed]]) -> ListRow:
        listed = sorted((self.group(seats) for seats in groups), key=self.order)
        free = sum(self.asked in ("", seat.category) for seat in row)
        return ListRow(key, row_name(row[0].label, row[0].row), free, tuple(listed))

    def has_asked(self, seats: Sequence[Placed]) -> bool:
        return not self.asked or any(seat.category == self.asked for seat in seats)

    def group(self, seats: Sequence[Placed]) -> ListGroup:
        amounts = [self.prices.get(seat.category) for seat in seats]
        known = [amount for amount in amounts if amount is not None]
        total = rounded(sum(known, Decimal(0)), self.currency) if len(known) == len(amounts) else None
        view = self.views.view_from(seats) if self.views else None
        categories = list(dict.fromkeys(seat.category for seat in seats))
        return ListGroup(
            name=group_name(seats),
            labels=tuple(seat.label for seat in seats),
            category=categories[0].lower() if len(categories) == 1 else "",
            category_label=self.categories_in_words(seats, categories),
            price=total,
            facts=self.facts(seats, view),
            distance=self.distance(seats) if self.distance else 0,
            screen_degrees=view.width_degrees if view else 0,
            fits_less=self.fits_less(categories),
            is_at_aisle=self.is_at_aisle(seats),
            rows_from_exit=self.rows_from_exit(seats[0]),
            steps=steps_rank(seats),
            loop_rank=loop_rank(seats),
            armrest_rank=armrest_rank(seats),
            need_ranks=self.needs.order(seats),
            currency=self.currency,
        )

    def categories_in_words(self, seats: Sequence[Placed], categories: Sequence[str]) -> str:
        """Standard; seat 4: Standard £14.50, seats 5 and 6: Premium £17.50."""
        if len(categories) == 1:
            return self.categories.name(categories[0])
        return ", ".join(
            self.category_in_words([seat for seat in seats if seat.category == category]) for category in categories
        )

    def category_in_words(self, seats: Sequence[Placed]) -> str:
        name, amount = self.categories.name(seats[0].category), self.prices.get(seats[0].category)
        price = "" if amount is None else format_money(amount, self.currency)
        sentence = ngettext("seat %(seats)s: %(category)s", "seats %(seats)s: %(category)s", len(seats))
        return " ".join(words for words in (sentence % {"seats": _numbers(seats), "category": name}, price) if words)

    def fits_less(self, categories: Sequence[str]) -> bool:
        ordinary = [category for category in categories if not is_for_some(category)]
        return len(ordinary) > 1 or (len(ordinary) < len(categories) and not is_for_some(self.asked))

    def is_at_aisle(self, seats: Sequence[Placed]) -> bool:
        return any(seat.label in self.beside_aisle for seat in seats)

    def has_facts(self, seats: Sequence[Placed]) -> bool:
        """Whether seats are known to have the facts that are ticked."""
        wish = self.wish
        return (
            not (wish.step_free and steps_rank(seats) > 0)
            and not (wish.hearing_loop and loop_rank(seats) > 0)
            and not (wish.armrest_lifts and armrest_rank(seats) > 0)
        )

    def facts(self, seats: Sequence[Placed], view: SeatView | None) -> tuple[str, ...]:
        met = self.needs.met_in_words(seats)
        return (
            *([met] if met else []),
            *self.left_empty(seats),
            *places_in_words(seats, self.beside_aisle, self.house.exit_rows),
            *facts_in_words(seats, {*self.wish.asked, *self.house.asked}),
            *(view_in_words(view) if view else []),
        )

    def left_empty(self, seats: Sequence[Placed]) -> list[str]:
        """The sentence about the price of a sofa for a party that is too small to fill it."""
        empty = len(seats) - self.wish.count
        if empty <= 0:
            return []
        price, nobody = self.prices[seats[0].category], self.house.empty_places.get(seats[0].category)
        if price is None or nobody is None:
            return [gettext("sold whole")]
        amount = format_money(price * self.wish.count + nobody * empty, self.currency)
        return [
            ngettext(
                "%(amount)s if %(n)s place stays empty", "%(amount)s if %(n)s places stay empty", empty
            ) % {"amount": amount, "n": empty}
        ]  # fmt: skip


def view_in_words(view: SeatView) -> list[str]:
    """9 m from the screen, the screen 58° wide and up to 25° high."""
    rounded_view = {
        "meters": round(view.distance),
        "width": round(view.width_degrees),
        "top": max(0, round(view.top_degrees)),
    }
    return [
        gettext("%(meters)s m from the screen") % rounded_view,
        gettext("the screen %(width)s° wide and up to %(top)s° high") % rounded_view,
    ]


def group_name(seats: Sequence[Placed]) -> str:
    """Row M, seats 9 and 10; with its section where the auditorium has another row of that name."""
    where = {"row": row_name(seats[0].label, seats[0].row), "seats": _numbers(seats)}
    if len(seats) == 1:
        return gettext("%(row)s, seat %(seats)s") % where
    return gettext("%(row)s, seats %(seats)s") % where


def _numbers(seats: Sequence[Placed]) -> str:
    numbers = sorted(seat.number for seat in seats)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return gettext("%(first)s to %(last)s") % {"first": numbers[0], "last": numbers[-1]}
    return and_list(numbers)


def _rows_from_exit(seats: Sequence[Placed], exit_rows: Collection[str]) -> Callable[[Placed], float]:
    """How many rows away the nearest exit of a seat's section is; a section without an exit comes last."""
    exits: dict[str, set[int]] = {}
    for seat in seats:
        if seat.row in exit_rows:
            exits.setdefault(seat.section, set()).add(seat.y)
    return lambda seat: min((abs(seat.y - y) for y in exits.get(seat.section, ())), default=inf)
