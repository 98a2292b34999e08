"""Charts as SVG drawn on the server: no script, no style attribute, and a table beside each says the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from boxoffice.selectors.occupancy import CurvePoint, HeatMap, HeatMapSeat, SeatUse
from theaters.seat_labels import only_places

Drawn = SafeString
WIDTH, HEIGHT, FOOT, GAP = 720, 200, 22, 16
WIDEST = 144  # so that a single bar does not fill the chart
SEAT, STEP, MARGIN = 14, 9, 16
MOST_LABELS = 10
LETTER_ON_A_PHONE = 12  # the width of a letter there (static/css/reports.css), in units of the drawing
# The states of a seat at one showtime, in the order of the legend.
SEAT_STATES = {
    "came": "Sold or given away, and scanned",
    "sold": "Sold",
    "given": "Given away",
    "house": "House seat",
    "free": "Free",
}


def state_words(state: str, labels: Iterable[str]) -> str:
    """The words of a state; what is kept back is no house seat where nothing has a number."""
    return "Kept back" if state == "house" and only_places(labels) else SEAT_STATES[state]


HEAT = (("heat0", "never"), ("heat3", "now and then"), ("heat6", "more than half"), ("heat10", "always"))


@dataclass(frozen=True)
class Chart:
    """A picture with its description and the meaning of its colors."""

    label: str
    svg: Drawn
    legend: tuple[tuple[str, str], ...] = ()


def bars(points: Sequence[tuple[str, Decimal | int, str]], *, label: str) -> Chart:
    """Draw upright bars from (name, amount, amount in words); negative ones hang below the base line."""
    top = max((amount for _, amount, _ in points), default=0)
    most, least = max(top, 0), min((amount for _, amount, _ in points), default=0)
    scale = (HEIGHT - GAP) / (float(most - min(least, 0)) or 1.0)
    floor = round(GAP + float(most) * scale, 1)
    slot = min(WIDEST, WIDTH / max(1, len(points)))
    every = -(-len(points) // MOST_LABELS)
    longest = max((len(_short(name)) for name, _, _ in points[::every]), default=0)
    step = every * (2 if longest * LETTER_ON_A_PHONE > slot * every else 1)
    drawn = [
        _bar(slot, number, (name, read), (floor, float(amount) * scale), _foot_class(number, every, step))
        for number, (name, amount, read) in enumerate(points)
    ]
    highest = next((read for _, amount, read in points if amount == top), "")
    scale_of = format_html('<path class="grid" d="M0 {0}H{1}"/><text class="left" x="0" y="{2}">{3}</text>',
                           GAP, WIDTH, GAP - 4, highest if most else "")  # fmt: skip
    return _frame(format_html("{}{}", scale_of, format_html_join("", "{}", ((bar,) for bar in drawn))), label, floor)


def _foot_class(number: int, every: int, every_on_a_phone: int) -> str:
    """The class of a bar's name: "foot", "foot wide-only" where a phone has no width for it, "" for a bar without one."""
    if number % every:
        return ""
    return "foot wide-only" if number % every_on_a_phone else "foot"


def _bar(slot: float, number: int, words: tuple[str, str], where: tuple[float, float], foot_class: str) -> Drawn:
    name, read = words
    floor, height = where
    at = round(slot * (number + 0.5), 1)
    foot = (
        format_html('<text class="{}" x="{}" y="{}">{}</text>', foot_class, at, HEIGHT + 16, _short(name))
        if foot_class
        else ""
    )
    return format_html(
        '<g class="bar"><title>{}: {}</title><rect x="{}" y="{}" width="{}" height="{}" rx="{}"/>{}</g>',
        name, read, round(slot * number + slot * 0.12, 1), round(floor - max(height, 0), 1), round(slot * 0.76, 1),
        round(abs(height), 1), 2 if slot > 8 else 0, foot,
    )  # fmt: skip


def curve(points: Sequence[CurvePoint], *, label: str) -> Chart:
    """Draw a curve that rises from the first sale to the start."""
    step = WIDTH / max(1, len(points) - 1)
    at = [
        (round(step * number, 1), round(HEIGHT - point.percent * (HEIGHT - 10) / 100, 1))
        for number, point in enumerate(points)
    ]
    line = " ".join(f"{x},{y}" for x, y in at)
    dots = format_html_join(
        "",
        '<g class="dot"><title>{2} days before: {3}%</title><circle cx="{0}" cy="{1}" r="4"/></g>',
        ((x, y, point.days_before, point.percent) for (x, y), point in zip(at, points, strict=True)),
    )
    feet = format_html(
        '<text class="left" x="0" y="{0}">{1} days before</text><text class="right" x="{2}" y="{0}">the start</text>',
        HEIGHT + 16, points[0].days_before if points else 0, WIDTH,
    )  # fmt: skip
    return _frame(format_html('<polyline class="line" points="{}"/>{}{}', line, dots, feet), label)


def heat_map(figures: HeatMap) -> Chart:
    """Draw the auditorium, each seat colored by how often it sells; its title has the figure."""
    body = format_html_join(
        "",
        '<rect class="heat{0}" x="{1}" y="{2}" width="{3}" height="{3}" rx="3"><title>{4}: {5} of {6}</title></rect>',
        ((seat.step, *_place(seat), SEAT, seat.label, seat.sold, figures.showtimes) for seat in figures.seats),
    )
    label = gettext("How often each seat of %(name)s was sold") % {"name": figures.auditorium.name}
    return Chart(label, _auditorium_drawing(body, figures.seats, label), HEAT)


def seat_map(seats: Sequence[SeatUse], *, label: str) -> Chart:
    """Draw the auditorium at one showtime, seat by seat."""
    body = format_html_join(
        "",
        '<rect class="seat-{0}" x="{1}" y="{2}" width="{3}" height="{3}" rx="3"><title>{4}: {5}</title></rect>',
        ((seat.state, *_place(seat), SEAT, seat.label, SEAT_STATES[seat.state]) for seat in seats),
    )
    legend = tuple((f"seat-{state}", text) for state, text in SEAT_STATES.items())
    return Chart(label, _auditorium_drawing(body, seats, label), legend)


def _place(seat: HeatMapSeat | SeatUse) -> tuple[int, int]:
    return MARGIN + seat.x * STEP, MARGIN + seat.y * (SEAT + 4)


def _auditorium_drawing(body: Drawn, seats: Sequence[HeatMapSeat | SeatUse], label: str) -> Drawn:
    width = 2 * MARGIN + (max((seat.x for seat in seats), default=0) + 2) * STEP
    height = 2 * MARGIN + (max((seat.y for seat in seats), default=0) + 1) * (SEAT + 4)
    return format_html(
        '<svg class="heat-map" viewBox="0 0 {0} {1}" role="img" aria-label="{2}">'
        '<path class="screen" d="M{3} 10Q{4} 2 {5} 10"/>{6}</svg>',
        width, height, label, MARGIN, width // 2, width - MARGIN, body,
    )  # fmt: skip


def _frame(body: Drawn, label: str, floor: float = HEIGHT) -> Chart:
    svg = format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="floor" d="M0 {}H{}"/>{}</svg>',
        WIDTH, HEIGHT + FOOT, label, floor, WIDTH, body,
    )  # fmt: skip
    return Chart(label, svg)


def _short(name: str) -> str:
    """Shorten a label to fit under a bar: a day loses its year, a long word its end."""
    is_day = len(name) == len("2026-11-22") and name[4] == name[7] == "-"
    return name[5:] if is_day else name if len(name) <= 11 else f"{name[:10]}…"
