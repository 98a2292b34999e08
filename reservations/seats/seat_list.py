"""The seats of a showtime as a list: by section and row, the groups of neighboring seats that a party of a size can
take. Pure.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import inf
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext, ngettext

from core.money import format_money, rounded
from core.texts.lazy_text import gettext_lazy as _
from core.texts.local_formats import and_list
from reservations.seats.fact_words import (
    ARMREST_LIFTS,
    HEARING_LOOP,
    STEPS,
    armrest_rank,
    facts_in_words,
    loop_rank,
    places_in_words,
    steps_rank,
)
from reservations.seats.geometry import Placed, beside_aisle, distance_from_best_place, runs_of, sections_of
from reservations.seats.screen_views import AuditoriumMeasures, SeatView, SeatViews, seat_views
from reservations.seats.units import are_whole, sizes_of
from theaters.seat_categories import CODE, Categories
from theaters.seat_facts import KnownFacts
from theaters.seat_labels import row_name, section_in_words

LIST, LIST_AND_MAP = "list", "both"
TICKS = {
    "aisle": "aisle",
    "exit": "near_exit",
    "stepfree": "step_free",
    "loop": "hearing_loop",
    "armrest": "armrest_lifts",
}
FIELDS = {"count", "category", "sort", *TICKS}
MOST_PEOPLE = 20
LONGEST_NUMBER = 2
# Up to this number of choices are shown without opening their rows first.
SHOWN_AT_ONCE = 30
SORTS: dict[str, str] = {
    "row": _("From the screen"),
    "best": _("Best seats first"),
    "price": _("Lowest price first"),
    "screen": _("Largest view of the screen first"),
    "aisle": _("Beside an aisle first"),
    "exit": _("Nearest to an exit first"),
    "steps": _("Fewest steps first"),
    "loop": _("Hearing loop first"),
    "armrest": _("Armrest that lifts first"),
}
# The fact by which each sort orders the seats.
FACT_OF_SORT = {"steps": STEPS, "loop": HEARING_LOOP, "armrest": ARMREST_LIFTS}


@dataclass(frozen=True)
class ListWish:
    """The settings of the list: number of people side by side, category ("" is any), order.

    `aisle`: only what has a seat beside an aisle; `near_exit`: only in rows near an exit; `step_free`, `hearing_loop`:
    only where that is known of all its seats; `armrest_lifts`: of one of them. `has_map`: the map stands below the
    list, for a browser without scripts.
    """

    count: int = 1
    category: str = ""
    sort: str = "row"
    aisle: bool = False
    near_exit: bool = False
    step_free: bool = False
    hearing_loop: bool = False
    armrest_lifts: bool = False
    has_map: bool = False
    is_typed: bool = field(default=False, compare=False)  # sent by the form of the list, so saved needs do not apply

    @property
    def view(self) -> str:
        return LIST_AND_MAP if self.has_map else LIST

    @property
    def is_narrowed(self) -> bool:
        return bool(self.category) or any(getattr(self, name) for name in TICKS.values())

    @property
    def asked(self) -> set[str]:
        """The facts of seats that it filters or orders by."""
        ticked = {STEPS: self.step_free, HEARING_LOOP: self.hearing_loop, ARMREST_LIFTS: self.armrest_lifts}
        return {name for name, is_ticked in ticked.items() if is_ticked or FACT_OF_SORT.get(self.sort) == name}

    def as_known(self, known: KnownFacts) -> "ListWish":
        """The wish without facts that the plan does not know, because they would hide every seat."""
        return replace(
            self,
            step_free=self.step_free and known.steps,
            hearing_loop=self.hearing_loop and known.hearing_loop,
            armrest_lifts=self.armrest_lifts and known.armrest_lifts,
        )

    @property
    def query(self) -> str:
        """The query string of this list's address."""
        fields = {"view": self.view, "count": self.count, "category": self.category, "sort": self.sort}
        fields |= {tick: "yes" if getattr(self, name) else "" for tick, name in TICKS.items()}
        usual = {"count": None if self.is_typed else 1, "category": "", "sort": "row", **dict.fromkeys(TICKS, "")}
        return urlencode({name: value for name, value in fields.items() if value != usual.get(name)})


def list_wish_of(asked: QueryDict, usual: ListWish | None = None) -> ListWish | None:
    """Read the wish from the address; None if the map is asked for.

    Unknown values are ignored. `usual` is where the list begins for somebody with saved needs, until they use its
    form.
    """
    if asked.get("view") not in {LIST, LIST_AND_MAP}:
        return None
    has_map = asked["view"] == LIST_AND_MAP
    if usual is not None and not FIELDS & asked.keys():
        return replace(usual, has_map=has_map)
    raw, category, sort = asked.get("count", ""), asked.get("category", ""), asked.get("sort", "")
    is_number = raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST_NUMBER
    return ListWish(
        count=min(max(int(raw), 1), MOST_PEOPLE) if is_number else 1,
        category=category.lower() if CODE.fullmatch(category.upper()) else "",
        sort=sort if sort in SORTS else "row",
        **{name: tick in asked for tick, name in TICKS.items()},
        has_map=has_map,
        is_typed="count" in asked,
    )


@dataclass(frozen=True)
class ListGroup:
    """Seats side by side that one press takes. `price` is that of all of them for adults."""

    name: str
    labels: tuple[str, ...]
    category: str
    category_label: str
    price: Decimal | None
    facts: tuple[str, ...]
    distance: float
    screen_degrees: float
    is_at_aisle: bool
    rows_from_exit: float
    steps: float
    loop_rank: int
    armrest_rank: int
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
    sections: tuple[ListSection, ...]

    @property
    def choices(self) -> int:
        return sum(len(row.groups) for section in self.sections for row in section.rows)

    @property
    def is_short(self) -> bool:
        return self.choices <= SHOWN_AT_ONCE


# The sort keys by the name of the sort; "row" is the order of the plan.
ORDERS: dict[str, Callable[[ListGroup], tuple[float | Decimal, ...]]] = {
    "best": lambda group: (group.distance,),
    "screen": lambda group: (-group.screen_degrees,),
    "price": lambda group: (group.price or Decimal(0),),
    "aisle": lambda group: (not group.is_at_aisle, group.distance),
    "exit": lambda group: (group.rows_from_exit, not group.is_at_aisle),
    "steps": lambda group: (group.steps, group.distance),
    "loop": lambda group: (group.loop_rank, group.distance),
    "armrest": lambda group: (group.armrest_rank, group.distance),
}


@dataclass(frozen=True)
class HouseFacts:
    """Facts of theater and plan for the list. `empty_places`: by category, the price of an empty place of a sofa.

    `asked`: names of the facts that are also shown when they are absent or unknown.
    """

    empty_places: Mapping[str, Decimal] = field(default_factory=dict)
    exit_rows: Collection[str] = ()
    asked: Collection[str] = ()


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
    is_there = any(seat.category == asked for seat in seats)
    free = [seat for seat, state in zip(seats, states, strict=True) if state == "f"]
    wanted = [seat for seat in free if not is_there or seat.category == asked]
    if wish.near_exit:
        wanted = [seat for seat in wanted if seat.row in house.exit_rows]
    distance = distance_from_best_place(seats) if seats else None
    draw = _Drawing(
        wish,
        beside_aisle(seats),
        _rows_from_exit(seats, house.exit_rows),
        distance,
        seat_views(seats, measures),
        prices,
        currency,
        categories,
        sizes_of(seats),
        house,
    )
    numbers = {name: number for number, name in enumerate(dict.fromkeys(seat.section for seat in seats))}
    sections = []
    for section, rows in sections_of(wanted):
        drawn = [draw.row(f"row-{numbers[section]}-{row[0].y}", row) for row in rows]
        kept = sorted((row for row in drawn if row.groups), key=lambda row: draw.order(row.groups[0]))
        if kept:
            sections.append(ListSection(section_in_words(section), tuple(kept)))
    return SeatList(tuple(sorted(sections, key=lambda section: draw.order(section.rows[0].groups[0]))))


@dataclass(frozen=True)
class _Drawing:
    wish: ListWish
    beside_aisle: frozenset[str]
    rows_from_exit: Callable[[Placed], float]
    distance: Callable[[Sequence[Placed]], float] | None
    views: SeatViews | None
    prices: Mapping[str, Decimal | None]
    currency: str
    categories: Categories
    sofas: Mapping[str, int]
    house: HouseFacts

    def order(self, group: ListGroup) -> tuple[float | Decimal, ...]:
        """Sort the list; groups with equal keys stay in the order of the plan."""
        key = ORDERS.get(self.wish.sort)
        return key(group) if key else ()

    def row(self, key: str, row: Sequence[Placed]) -> ListRow:
        windows = [
            seats
            for seats in _windows(row, self.wish.count, self.sofas)
            if (not self.wish.aisle or self.is_at_aisle(seats)) and self.has_facts(seats)
        ]
        groups = [self.group(seats) for seats in windows]
        name = row_name(row[0].label, row[0].row)
        return ListRow(key, name, len(row), tuple(sorted(groups, key=self.order)))

    def group(self, seats: Sequence[Placed]) -> ListGroup:
        amounts = [self.prices.get(seat.category) for seat in seats]
        known = [amount for amount in amounts if amount is not None]
        total = rounded(sum(known, Decimal(0)), self.currency) if len(known) == len(amounts) else None
        view = self.views.view_from(seats) if self.views else None
        return ListGroup(
            name=group_name(seats),
            labels=tuple(seat.label for seat in seats),
            category=seats[0].category.lower(),
            category_label=self.categories.name(seats[0].category),
            price=total,
            facts=self.facts(seats, view),
            distance=self.distance(seats) if self.distance else 0,
            screen_degrees=view.width_degrees if view else 0,
            is_at_aisle=self.is_at_aisle(seats),
            rows_from_exit=self.rows_from_exit(seats[0]),
            steps=steps_rank(seats),
            loop_rank=loop_rank(seats),
            armrest_rank=armrest_rank(seats),
            currency=self.currency,
        )

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
        return (
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


def _windows(row: Sequence[Placed], count: int, sofas: Mapping[str, int]) -> Iterator[Sequence[Placed]]:
    """`count` neighbors, no sofa cut; a sofa that is larger than the party is offered whole."""
    for run in runs_of(row):
        for at in range(len(run)):
            window = run[at : at + max(count, sofas.get(run[at].unit, 0))]
            is_larger = len(window) > count and len({seat.unit for seat in window}) == 1
            if are_whole(window, sofas) and (len(window) == count or is_larger):
                yield window


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
