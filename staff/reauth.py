"""Writing in the office asks for the second factor again when it was last used more than five minutes ago.

Every page asks when it is posted to, unless it stands in `WRITES_WITHOUT_ASKING`. Pages in that list give away neither
rights nor money and are used all day. Views that ask already when their form is opened call `require_fresh_sign_in`.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

from accounts.services.session_sign_ins import second_factor_used_at
from staff.acting import acting_in
from staff.device_requests import PinRequired

READS = {"GET", "HEAD", "OPTIONS"}
DOOR = {"choose_door", "scan", "undo_scan", "admit_booking"}
# Selling. Lower prices, gifts, house seats, voided sales and exchanges ask within these pages.
COUNTER = {
    "choose_counter", "counter_map", "counter_seats", "counter_best", "counter_release", "counter_sale",
    "counter_resend", "counter_swap", "counter_void", "counter_exchange", "counter_note", "counter_needs",
    "counter_reprint", "counter_receipt", "counter_credit_note",
    "counter_tickets",
    "counter_mail_receipt",
}  # fmt: skip
# Changes of sold showtimes ask when they are applied.
SCHEDULE = {
    "schedule_move", "schedule_plan", "schedule_copy", "schedule_publish", "schedule_alter", "schedule_seat",
    "schedule_house_seats", "schedule_program", "theaters_showtime_changelist", "theaters_showtime_add",
    "theaters_showtime_change", "theaters_showtime_delete",
}  # fmt: skip
# A draft of a plan seats nobody before it is published, and publishing asks.
DRAFTS = {"plan_begin", "plan_save", "plan_areas", "plan_restore", "plan_discard", "plan_import"}
MOVIES_AND_AUDITORIUMS = {
    "theaters_movie_changelist", "theaters_movie_add", "theaters_movie_change", "theaters_movie_delete",
    "theaters_series_changelist", "theaters_series_add", "theaters_series_change", "theaters_series_delete",
    "theaters_movie_import", "theaters_auditorium_changelist", "theaters_auditorium_add", "theaters_auditorium_change",
    "theaters_auditorium_delete",
}  # fmt: skip
# The same tickets to the same address, other seats for the same tickets, questions to the provider and to our own books.
SERVICE = {
    "reservations_booking_resend", "reservations_booking_swap", "reservations_booking_ask", "payments_providerevent_replay",
    "payments_providerevent_close", "payments_invariantrun_check_now", "payments_ledgercomparison_compare_now",
}  # fmt: skip
WRITES_WITHOUT_ASKING = (
    {"login", "logout"} | DOOR | COUNTER | SCHEDULE | DRAFTS | MOVIES_AND_AUDITORIUMS | SERVICE
)  # fmt: skip
# Their answer to a filled-in form is a file with data.
EXPORTS = {"ledger_export", "staff_auditentry_export"}
# Without a query string they show the form that asks.
FORMS_OF_EXPORTS = {"ledger_export"}


def require_fresh_sign_in_to_write(request: HttpRequest) -> None:
    """Demand a fresh sign-in for writes in the office, by ReauthenticationRequired, which allauth's middleware handles."""
    name = resolve(request.path_info).url_name
    if request.method not in READS:
        if name not in WRITES_WITHOUT_ASKING:
            require_fresh_sign_in(request)
    elif name in EXPORTS and (request.GET or name not in FORMS_OF_EXPORTS):
        require_fresh_sign_in(request)


def fresh_sign_in_required(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Decorate a view that demands a fresh sign-in when its form is opened.

    People who were away are sent to the second factor and come back to what they asked for; a posted form is kept meanwhile.
    Off where the second factor is off.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        require_fresh_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def require_fresh_sign_in(request: HttpRequest) -> None:
    """Demand a fresh sign-in within a view. Raises ReauthenticationRequired.

    A device asks its operator for the PIN with each such form that is sent; nothing is asked for when a form is opened.
    Raises PinRequired.
    """
    if not has_fresh_sign_in(request):
        if acting_in(request).device is not None:
            raise PinRequired
        raise ReauthenticationRequired


def has_fresh_sign_in(request: HttpRequest) -> bool:
    """Whether this session proved its person recently, so that nothing is asked now."""
    acting = acting_in(request)
    if acting.device is not None:
        return request.method in READS or acting.has_shown_pin
    return not settings.STAFF_SECOND_FACTOR_REQUIRED or _is_fresh(request)


def _is_fresh(request: HttpRequest) -> bool:
    used_at = second_factor_used_at(request)
    return used_at is not None and time.time() - used_at < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
