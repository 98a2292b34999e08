"""The parts of an order panel that differ from click to click; the rest is drawn once (core/caches/page_cache.py)."""

from collections.abc import Iterable
from dataclasses import replace

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core.caches.process_cache import ProcessCache
from core.house_facts import translated_section_names
from core.money import format_money
from reservations.seats.order_panel import Panel, PanelSeat

SeatLine = tuple[PanelSeat, str, str, bool, tuple[tuple[str, str], ...]]

# Stands for the remaining time while the countdown is rendered; no other text contains it.
END = "the-moment-of-the-end"
_countdowns: ProcessCache[tuple[int, int, bool, bool], tuple[SafeString, SafeString]] = ProcessCache(
    seconds=float("inf"), most=5000
)
_seat_lines: ProcessCache[SeatLine, SafeString] = ProcessCache(seconds=float("inf"), most=5000)


def panel_parts(panel: Panel, *, form: str = "seat-map") -> dict[str, str]:
    """Render the changing parts of the panel, by name. `form`: the id of the form for single seats."""
    moments = {"expires_at": panel.expires_at, "server_now": panel.server_now}
    if panel.state == "paying" and panel.seconds_left:
        return moments | {"countdown": _countdown(panel)}
    if panel.state != "holding":
        return moments
    return moments | {
        "total": format_money(panel.total, panel.currency),
        "countdown": _countdown(panel),
        "seats": _joined(_seat_line(seat, panel, form) for seat in panel.seats),
    }


def _countdown(panel: Panel) -> SafeString:
    """Render the countdown once for each number of seconds left, and put the moment of the end, which differs, into it."""
    shown = (panel.seconds_left, panel.hold_seconds, panel.can_extend, panel.may_extend_later)
    before, after = _countdowns.get(shown, lambda: _around_the_end(panel))
    return format_html("{}{}{}", before, panel.expires_at, after)


def _around_the_end(panel: Panel) -> tuple[SafeString, SafeString]:
    drawn = render_to_string("reservations/countdown.html", {"panel": replace(panel, expires_at=END)})
    before, _, after = drawn.partition(END)
    return mark_safe(before), mark_safe(after)  # noqa: S308  (two parts of a template)


def _seat_line(seat: PanelSeat, panel: Panel, form: str) -> SafeString:
    names = tuple(sorted(translated_section_names().items()))
    return _seat_lines.get(
        (seat, panel.currency, form, panel.is_shared, names),
        lambda: render_to_string("reservations/panel_seat.html", {"seat": seat, "form": form, "panel": panel}),
    )


def _joined(lines: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((line,) for line in lines))
