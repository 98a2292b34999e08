"""The seat map's markup, prepared once per plan and prices: a page is then one aggregated query and one join of strings.

A template loop over seats is many times slower. Everything that is text is escaped here.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from core.caches.process_cache import ProcessCache
from core.house_facts import translated_section_names
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from reservations.seats.geometry import Placed, height_of, sections_of, units_of, width_of
from reservations.seats.plan_seats import PlanArea, areas_of_plan, seats_of_plan
from theaters.plans.category_names import categories_of
from theaters.prices.price_notes import PriceNote, price_notes
from theaters.prices.prices import PriceTable, pinned_prices
from theaters.seat_categories import Categories
from theaters.seat_labels import seat_name, section_in_words

# The letters that the aggregated query writes, one per seat in the order of the plan; a "k" is put for an "x" where
# staff may sell what is kept back.
STATES = {"f": "free", "h": "held", "m": "mine", "p": "mine", "s": "sold", "x": "house", "k": "house"}
SPOKEN = {
    "f": _("free"), "h": _("taken"), "m": _("yours"), "p": _("yours, paid for"), "s": _("taken"), "x": _("not for sale"),
    "k": _("kept back, yours to sell"),
}  # fmt: skip
CAN_BE_PRESSED = "fmk"
# This order of attributes is among the shortest when compressed (docs/performance.md).
ENABLED_SEAT = (
    '<button name="{2}" data-seat="{0}" class="{1}" data-category="{4}" aria-label="{5}, {6}" data-state="{3}" value="{0}"'
    ">{7}</button>"
)
# A seat that cannot be pressed keeps focus and can be read by a screen reader, but is no stop of the Tab key without
# scripts.
DISABLED_SEAT = ENABLED_SEAT.replace(" data-state", ' aria-disabled="true" tabindex="-1" data-state')
ROW_HEAD = '<div class="row"><b role="heading" aria-level="{}" aria-label="{}">{}</b>'
SWAPPED_SEAT = """<button hx-swap-oob="outerHTML:[data-seat='{}']" """
NOT_SOLD: Mapping[str, Decimal | None] = {}
NOT_PLAIN = re.compile(r"[^\w -]")


@dataclass(frozen=True)
class LegendEntry:
    category: str
    label: str
    price: Decimal | None
    note: str = ""
    # The sentence with the price of an empty place of a sofa; '' where the theater sells none.
    empty_place: str = ""

    @property
    def sample_class(self) -> str:
        return self.category


@dataclass(frozen=True)
class PreparedMap:
    """A plan with its prices, ready to be joined."""

    by_label: dict[str, Placed]
    prices: Mapping[str, Decimal | None]
    categories: Categories
    index: dict[str, int]
    legend: tuple[LegendEntry, ...]
    size: str
    """Two classes of static/css/grid.css: how wide the auditorium is and how high."""
    head: str
    pieces: tuple[dict[str, str], ...]
    buttons: tuple[dict[str, str], ...]
    tail: str
    areas: tuple[PlanArea, ...] = ()

    def render(self, states: str, *, fitting: Collection[str] = ()) -> SafeString:
        """The whole map; `states` has one letter of STATES per seat. Seats with the labels of `fitting` are marked as fitting
        somebody's needs.
        """
        pieces = [piece[state] for piece, state in zip(self.pieces, states, strict=True)]
        for label in fitting:
            at = self.index[label]
            pieces[at] = _marked_as_fitting(pieces[at], states[at])
        return mark_safe(self.head + "".join(pieces) + self.tail)  # noqa: S308  (all parts were escaped when prepared)

    def render_changed(self, states: Mapping[str, str]) -> SafeString:
        """Single seats for an out-of-band swap: label → letter."""
        swapped = [
            self.buttons[self.index[label]][state].replace("<button ", SWAPPED_SEAT.format(_css_text(label)), 1)
            for label, state in states.items()
            if label in self.index
        ]
        return mark_safe("".join(swapped))  # noqa: S308


Prices = tuple[tuple[str, Decimal | None], ...]
SectionNames = tuple[tuple[str, str], ...]

_prices: ProcessCache[tuple[int | None, date], tuple[Prices, Prices, PriceTable]] = ProcessCache(
    seconds=15, most=200, has_sentences=False
)
# Keyed by all that the map depends on: the plan never changes, but prices and names may.
_maps: ProcessCache[tuple[int, str, Prices, Prices, Categories, SectionNames], PreparedMap] = ProcessCache(
    seconds=float("inf"), most=200
)


def prepared_map(*, plan_id: int, version_id: int | None, on: date, currency: str, theater_id: int) -> PreparedMap:
    """The map for a business day, cached; prices and names may be some seconds old. Pay reads the database."""
    prices, empty, _table = _shown_prices(version_id, on)
    categories = categories_of(theater_id)
    return _maps.get(
        (plan_id, currency, prices, empty, categories, tuple(sorted(translated_section_names().items()))),
        lambda: prepare(
            plan_id=plan_id, currency=currency, prices=dict(prices), categories=categories, empty_places=dict(empty)
        ),
    )


def notes_beside(version_id: int | None, *, on: date, starts_at: datetime) -> list[PriceNote]:
    """Return the notes on price rules in these prices; `starts_at` is in the theater's zone."""
    _amounts, _empty, table = _shown_prices(version_id, on)
    return price_notes(table, starts_at=starts_at)


def _shown_prices(version_id: int | None, on: date) -> tuple[Prices, Prices, PriceTable]:
    """Return the prices of seats and of places that stay empty, by category, and the table."""
    return _prices.get((version_id, on), lambda: _read_prices(version_id, on))


def _read_prices(version_id: int | None, on: date) -> tuple[Prices, Prices, PriceTable]:
    table = pinned_prices(version_id).on_day(on)
    priced = sorted({category for _, category in table.amounts})
    shown = tuple((category, table.shown_amount(category)) for category in priced)
    return shown, tuple((category, table.empty_place_amount(category)) for category in priced), table


def prepare(
    *,
    plan_id: int,
    currency: str,
    prices: Mapping[str, Decimal | None],
    categories: Categories,
    empty_places: Mapping[str, Decimal | None],
) -> PreparedMap:
    seats, areas = seats_of_plan(plan_id), areas_of_plan(plan_id)
    return prepare_seats(
        seats, areas, currency=currency, prices=prices, categories=categories, empty_places=empty_places
    )


def prepare_seats(
    seats: Sequence[Placed],
    areas: tuple[PlanArea, ...] = (),
    *,
    currency: str,
    prices: Mapping[str, Decimal | None],
    categories: Categories,
    empty_places: Mapping[str, Decimal | None] = NOT_SOLD,
) -> PreparedMap:
    """Draw a map of seats given in reading order; they need not be in the database."""
    sofas = units_of(seats)
    empty = {seat.category: _empty_place(empty_places.get(seat.category), currency) for seat in seats if seat.unit}
    kinds = {seat.category: _spoken_kind(seat.category, categories, currency, prices) for seat in seats}
    on_sofas = {category: f"{kinds[category]}, {words}" for category, words in empty.items() if words}
    buttons = tuple(
        _buttons(
            seat,
            _sofa_side(seat, sofas),
            f"{seat_name(seat)}, {(seat.unit and on_sofas.get(seat.category)) or kinds[seat.category]}",
        )
        for seat in seats
    )
    glue = list(_separators(seats))
    return PreparedMap(
        by_label={seat.label: seat for seat in seats},
        prices=prices,
        categories=categories,
        index={seat.label: at for at, seat in enumerate(seats)},
        legend=_legend(seats, prices, categories, empty),
        size=f"w{width_of(seats)} h{height_of(seats)}",
        head=format_html(
            '<div class="room" role="group" aria-label="{}">', gettext("Seats") if seats else gettext("Places")
        ),
        pieces=tuple(
            {state: before + button + after for state, button in states.items()}
            for states, (before, after) in zip(buttons, glue, strict=True)
        ),
        buttons=buttons,
        tail="</div>",
        areas=areas,
    )


def _marked_as_fitting(piece: str, state: str) -> str:
    """The same as static/js/seat-needs.js does: an attribute, and words before the state at the end of the name."""
    words, spoken = escape(pgettext("a seat", "fits my needs")), f', {escape(SPOKEN[state])}"'
    return piece.replace("<button ", "<button data-fits ", 1).replace(spoken, f", {words}{spoken}", 1)


def is_full(states: str) -> bool:
    """Whether no seat can be taken or given back now."""
    return not any(letter in states for letter in CAN_BE_PRESSED)


def _legend(
    seats: Sequence[Placed],
    prices: Mapping[str, Decimal | None],
    categories: Categories,
    empty: Mapping[str, str],
) -> tuple[LegendEntry, ...]:
    there = categories.in_order(seat.category for seat in seats)
    return tuple(
        LegendEntry(one.code.lower(), one.name, prices.get(one.code), one.note, empty.get(one.code, ""))
        for one in there
    )


def _empty_place(amount: Decimal | None, currency: str) -> str:
    if amount is None:
        return ""
    return gettext("%(amount)s for a place that stays empty") % {"amount": format_money(amount, currency)}


def _css_text(label: str) -> str:
    """A label inside the quotes of a selector: signs that mean something there are written as their numbers."""
    return NOT_PLAIN.sub(lambda sign: f"\\{ord(sign[0]):x} ", label)


def _spoken_kind(category: str, categories: Categories, currency: str, prices: Mapping[str, Decimal | None]) -> str:
    price, name = prices.get(category), categories.name(category)
    return name if price is None else f"{name}, {format_money(price, currency)}"


def _buttons(seat: Placed, sofa_side: str, spoken: str) -> dict[str, str]:
    return {letter: _button(seat, f"seat x{seat.x}{sofa_side}", spoken, letter) for letter in STATES}


def _button(seat: Placed, classes: str, spoken: str, letter: str) -> str:
    name = "release" if letter == "m" else "take"
    template = ENABLED_SEAT if letter in CAN_BE_PRESSED else DISABLED_SEAT
    return format_html(
        template,
        seat.label,
        classes,
        name,
        STATES[letter],
        seat.category.lower(),
        spoken,
        SPOKEN[letter],
        seat.number,
    )


def _sofa_side(seat: Placed, sofas: Mapping[tuple[str, int], Sequence[Placed]]) -> str:
    if not seat.unit:
        return ""
    mates = [mate.x for mate in sofas[seat.unit, seat.y]]
    side = "left" if seat.x == mates[0] else "right" if seat.x == mates[-1] else "middle"
    return f" sofa-{side}" + (" sofa-three" if len(mates) == 3 else "")


def _separators(seats: Sequence[Placed]) -> Iterator[tuple[str, str]]:
    """The markup before and after each seat: sections, rows with their names at both ends, empty lines."""
    last_y: int | None = None
    sections = sections_of(seats)
    level = 4 if len(sections) > 1 else 3
    for number, (section, rows) in enumerate(sections):
        for row_number, row in enumerate(rows):
            letter = format_html('<b aria-hidden="true">{}</b>', row[0].row)
            air = "" if last_y is None else '<div class="air"></div>' * max(0, row[0].y - last_y - 1)
            before = air + format_html(ROW_HEAD, level, _row(row[0]), row[0].row)
            after = letter + "</div>"
            if row_number == 0:
                before = ("</div>" if number else "") + _section_head(section) + before
            last_y = row[0].y
            if row[-1] is seats[-1]:
                after += "</div>"
            for place in range(len(row)):
                yield (before if place == 0 else "", after if place == len(row) - 1 else "")


def _row(seat: Placed) -> str:
    return gettext("Row %(row)s") % {"row": seat.row}


def _section_head(section: str) -> str:
    if not section:
        return '<div class="section">'
    return format_html(
        '<div class="section" role="group" aria-label="{0}"><h3 class="section-name">{0}</h3>',
        section_in_words(section),
    )
