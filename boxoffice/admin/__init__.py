"""Admin pages that need several apps: for example, a showtime is planned in theaters and opened in reservations."""

from boxoffice.admin import (
    bookings,
    checks,
    comparisons,
    devices,
    events,
    invitations,
    moves,
    plans,
    promo_codes,
    refund_requests,
    sales_pauses,
    showtimes,
    ticket_allowances,
)

__all__ = [
    "bookings",
    "checks",
    "comparisons",
    "devices",
    "events",
    "invitations",
    "moves",
    "plans",
    "promo_codes",
    "refund_requests",
    "sales_pauses",
    "showtimes",
    "ticket_allowances",
]
