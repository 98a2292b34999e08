"""Charts as SVG drawn on the server: no script, no style attribute, and a table beside each says the same."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from boxoffice.selectors.occupancy import CurvePoint, Heat

WIDTH, HEIGHT, FOOT = 720, 200, 22
SEAT, STEP, MARGIN = 14, 9, 16
MOST_LABELS = 12


def bars(points: Sequence[tuple[str, Decimal, str]], *, label: str) -> SafeString:
    """Upright bars from (name, amount, amount as it is read)."""
    most = max((amount for _, amount, _ in points), default=Decimal(0)) or Decimal(1)
    slot = WIDTH / max(1, len(points))
    every = -(-len(points) // MOST_LABELS)
    drawn = []
    for number, (name, amount, read) in enumerate(points):
        height = round(float(max(amount, Decimal(0)) / most) * (HEIGHT - 10), 1)
        middle = round(slot * (number + 0.5), 1)
        drawn.append((
            round(slot * number + slot * 0.12, 1), round(HEIGHT - height, 1), round(slot * 0.76, 1), height, name, read,
            format_html('<text x="{}" y="{}">{}</text>', middle, HEIGHT + 16, _short(name)) if number % every == 0 else "",
        ))  # fmt: skip
    body = format_html_join(
        "",
        '<g class="bar"><title>{4}: {5}</title><rect x="{0}" y="{1}" width="{2}" height="{3}" rx="2"/>{6}</g>',
        drawn,
    )
    return _frame(body, label)


def curve(points: Sequence[CurvePoint], *, label: str) -> SafeString:
    """A line that rises from the first sale to the start."""
    step = WIDTH / max(1, len(points) - 1)
    at = [
        (round(step * number, 1), round(HEIGHT - point.percent * (HEIGHT - 10) / 100, 1))
        for number, point in enumerate(points)
    ]
    line = " ".join(f"{x},{y}" for x, y in at)
    dots = format_html_join(
        "",
        '<g class="dot"><title>{2} days before: {3} %</title><circle cx="{0}" cy="{1}" r="4"/></g>',
        ((x, y, point.days_before, point.percent) for (x, y), point in zip(at, points, strict=True)),
    )
    feet = format_html(
        '<text class="left" x="0" y="{0}">{1} days before</text><text class="right" x="{2}" y="{0}">the start</text>',
        HEIGHT + 16, points[0].days_before if points else 0, WIDTH,
    )  # fmt: skip
    return _frame(format_html('<polyline class="line" points="{}"/>{}{}', line, dots, feet), label)


def heat_map(heat: Heat) -> SafeString:
    """The room with its seats as warm as they sell; the figure is in each seat's title."""
    width = 2 * MARGIN + (max((seat.x for seat in heat.seats), default=0) + 2) * STEP
    height = 2 * MARGIN + (max((seat.y for seat in heat.seats), default=0) + 1) * (SEAT + 4)
    body = format_html_join(
        "",
        '<rect class="heat{0}" x="{1}" y="{2}" width="{3}" height="{3}" rx="3"><title>{4}: {5} of {6}</title></rect>',
        (
            (
                seat.step,
                MARGIN + seat.x * STEP,
                MARGIN + seat.y * (SEAT + 4),
                SEAT,
                seat.label,
                seat.sold,
                heat.showtimes,
            )
            for seat in heat.seats
        ),
    )
    return format_html(
        '<svg class="heat-map" viewBox="0 0 {0} {1}" role="img" aria-label="How often each seat of {2} was sold">'
        '<path class="screen" d="M{3} 10Q{4} 2 {5} 10"/>{6}</svg>',
        width, height, heat.auditorium.name, MARGIN, width // 2, width - MARGIN, body,
    )  # fmt: skip


def _frame(body: SafeString, label: str) -> SafeString:
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}"><path class="floor" d="M0 {}H{}"/>{}</svg>',
        WIDTH, HEIGHT + FOOT, label, HEIGHT, WIDTH, body,
    )  # fmt: skip


def _short(name: str) -> str:
    """What fits under a bar: a day without its year, a word without its end."""
    is_day = len(name) == len("2026-11-22") and name[4] == name[7] == "-"
    return name[5:] if is_day else name if len(name) <= 11 else f"{name[:10]}…"
