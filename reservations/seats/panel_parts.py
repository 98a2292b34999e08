"""The parts of an order panel that differ from click to click; the rest is drawn once (core/caches/page_cache.py)."""

from collections.abc import Iterable

from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from core.caches.process_cache import ProcessCache
from core.house_facts import said_sections
from core.money import format_money
from reservations.seats.order_panel import Panel, PanelSeat

SeatLine = tuple[PanelSeat, str, str, bool, tuple[tuple[str, str], ...]]

_seat_lines: ProcessCache[SeatLine, SafeString] = ProcessCache(seconds=float("inf"), most=5000)


def panel_parts(panel: Panel, *, form: str = "seat-map") -> dict[str, str]:
    """Render the changing parts of the panel, by name. `form`: the id of the form for single seats."""
    moments = {"expires_at": panel.expires_at, "server_now": panel.server_now}
    if panel.state != "holding":
        return moments
    return moments | {
        "total": format_money(panel.total, panel.currency),
        "countdown": render_to_string("reservations/countdown.html", {"panel": panel}),
        "seats": _joined(_seat_line(seat, panel, form) for seat in panel.seats),
    }


def _seat_line(seat: PanelSeat, panel: Panel, form: str) -> SafeString:
    names = tuple(sorted(said_sections().items()))
    return _seat_lines.get(
        (seat, panel.currency, form, panel.is_shared, names),
        lambda: render_to_string("reservations/panel_seat.html", {"seat": seat, "form": form, "panel": panel}),
    )


def _joined(lines: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((line,) for line in lines))
