"""Limits of payment sessions: somebody who tests stolen cards needs many, a customer one or two."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from core.clock import from_now, minutes_text, seconds_until
from core.limits.addresses import is_limited, origin_of
from core.limits.limiter import Limit, check_address, seconds_until_fewer
from core.refusals import Refusal, TooFast, WayOn
from core.texts.lazy_text import gettext_lazy as _
from payments.models import Payment
from payments.states import CAPTURED_PAYMENTS, PaymentMethod
from reservations.models import Booking

MOST_SESSIONS_PER_HOLD = 5
AN_HOUR = timedelta(hours=1)
HOUR = 3600


class TooManyPayments(Refusal):
    staff_can = "Sell at the counter."
    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            gettext(
                "Paying for these tickets was begun too often. Nothing was charged. Please give them back "
                "and start again with others in a while, or come to our box office: there you can pay in "
                "another way."
            )
        )


class TooManySessions(Refusal):
    staff_can = "Sell at the counter."
    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            gettext(
                "You have begun many payments within an hour. Nothing was charged. Please try again in "
                "%(wait)s, or pay at our box office."
            )
            % {"wait": minutes_text(retry_after)}
        )


class TooManyDeclines(Refusal):
    staff_can = "Sell at the counter. Many declines from one address are often stolen cards."
    status = 429

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(
            gettext(
                "Several cards were declined from your internet connection, so we pause payments there for a "
                "while. Nothing was charged. Please try again in %(wait)s, from another connection, "
                "or pay at our box office."
            )
            % {"wait": minutes_text(retry_after)}
        )


class ManyPaymentsBegun(TooFast):
    sentence = _("Too many payments were started from your network. Nothing was changed; please try again later.")
    way_on = WayOn(_("Back to the checkout"), to="checkout")
    is_final = True


def require_sessions_left_at_address(address: str) -> None:
    """Count a payment session that is asked for from this address, before any transaction because Valkey is asked.

    Raises ManyPaymentsBegun.
    """
    most = settings.PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS
    check_address(Limit("payment_sessions", most, HOUR, ManyPaymentsBegun), address)


def require_session_allowed(*, holder: str, address: str) -> None:
    """Check the limits of a browser before another payment is written. One statement. Raises a Refusal of status 429."""
    counts = {"browser": _begun_by_browser(holder), "address": _declined_at_address(address)}
    counted = [count.values("of", "number", "moment", "paid") for count in counts.values() if count is not None]
    if not counted:
        return
    found = {row["of"]: row for row in counted[0].union(*counted[1:], all=True).order_by("of")}
    if "browser" in found:
        _require_sessions_left_for_browser(found["browser"])
    if "address" in found:
        _require_no_row_of_declines(found["address"])


def require_sessions_left_for_hold(booking: Booking) -> None:
    """Limit the payment sessions of a hold.

    Changing seats makes a new booking and hold; all that followed from the first hold count together. Raises
    TooManyPayments.
    """
    root = booking.hold.root_id or booking.hold_id
    begun = _online().filter(Q(sale__bookings__hold=root) | Q(sale__bookings__hold__root=root)).count()
    if begun >= MOST_SESSIONS_PER_HOLD:
        raise TooManyPayments(seconds_until(booking.hold.cap_at))


def require_sessions_left_for_exchanges(sale_id: int) -> None:
    """Limit the payment sessions of all exchanges of a sale within an hour, also where one is stopped and begun again.

    Sessions that were paid do not count. Raises TooManyPayments.
    """
    unpaid = _online().filter(sale=sale_id, exchange__isnull=False).exclude(status__in=CAPTURED_PAYMENTS)
    if wait := seconds_until_fewer(unpaid, "created_at", most=MOST_SESSIONS_PER_HOLD, within_seconds=HOUR):
        raise TooManyPayments(wait)


def _begun_by_browser(holder: str) -> Any:
    """How many sessions this browser began within an hour, and when the first; None without a limit."""
    if not settings.PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER:
        return None
    begun = _online().filter(sale__bookings__holder=holder, created_at__gt=from_now(-AN_HOUR.total_seconds()))
    return _of("browser", begun).annotate(number=Count("pk", distinct=True), moment=Min("created_at"), paid=Value(0))


def _declined_at_address(address: str) -> Any:
    """Declines of this address within an hour, the moment of the last, and payments that succeeded; None without a limit.

    Private and unknown addresses are not limited.
    """
    if not (settings.DECLINES_PER_HOUR_PER_ADDRESS and is_limited(address)):
        return None
    recent = _online().filter(address=counted_address(address), created_at__gt=from_now(-2 * AN_HOUR.total_seconds()))
    hour_ago = from_now(-AN_HOUR.total_seconds())
    return _of("address", recent).annotate(
        number=Coalesce(Sum("declines", filter=Q(declined_at__gt=hour_ago)), 0),
        moment=Max("declined_at"),
        paid=Count("pk", filter=Q(status__in=CAPTURED_PAYMENTS, ended_at__gt=hour_ago)),
    )


def _of(name: str, payments: Any) -> Any:
    """A query that counts these payments under a name, as one row; no row when there are none."""
    return payments.order_by().values("method").annotate(of=Value(name))


def _require_sessions_left_for_browser(begun: dict[str, Any]) -> None:
    if begun["number"] >= settings.PAYMENT_SESSIONS_PER_HOUR_PER_BROWSER:
        raise TooManySessions(seconds_until(begun["moment"] + AN_HOUR))


def _require_no_row_of_declines(declined: dict[str, Any]) -> None:
    """Raise TooManyDeclines for an address with many declines, unless more of its payments succeed (a school)."""
    if declined["number"] >= settings.DECLINES_PER_HOUR_PER_ADDRESS and declined["paid"] < declined["number"]:
        raise TooManyDeclines(seconds_until(declined["moment"] + AN_HOUR))


def counted_address(address: str) -> str:
    """Return a client address in the form in which payments store it."""
    return origin_of(address).address


def _online() -> Any:
    return Payment.objects.filter(method=PaymentMethod.ONLINE)
