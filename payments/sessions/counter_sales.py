"""The sale at the counter: seats, booking and payment in one transaction, without a call to a provider."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext

from core.clock import ClockTimestamp
from core.money import format_money, in_coins, rounded
from core.refusals import BadChoice, Refusal
from payments.models import Payment
from payments.records.status_changes import record_taken
from payments.states import COUNTER, COUNTER_METHODS, PaymentMethod, PaymentStatus
from reservations.counter.counter_seats import CounterOrder, CounterSeller, open_counter_booking
from reservations.models import Booking, Exchange, Hold
from reservations.selling.bookings import confirm_booking
from reservations.states import BookingStatus
from sales.models import Sale
from sales.states import PaidWith


@dataclass(frozen=True, kw_only=True)
class CounterSale(CounterOrder):
    """The order and how it is paid. `tendered`: the cash that was handed over; None is exactly enough."""

    method: PaymentMethod = PaymentMethod.CASH
    tendered: Decimal | None = None


@dataclass(frozen=True)
class Sold:
    """A finished sale at the counter. `payment` is None when nothing had to be paid."""

    booking: Booking
    payment: Payment | None
    change: Decimal


def sell(*, showtime_id: int, seller: CounterSeller, sale: CounterSale, now: datetime) -> Sold:
    """Sell tickets at the counter; a second press gives the same booking. Raises a Refusal; then nothing is changed."""
    if sale.method not in COUNTER_METHODS:
        raise BadChoice("method", gettext("Choose how it is paid: cash, or a card at the counter."))
    try:
        with transaction.atomic():
            booking = open_counter_booking(
                showtime_id=showtime_id, seller=seller, order=sale, paid_with=PaidWith(sale.method), now=now
            )
            payment = _take_money(booking, sale, seller) if booking.total > 0 else None
            if not confirm_booking(booking, actor=seller.actor):
                raise AssertionError("the seats of a new booking are its own")
    except Refusal:
        # Sold already, and the answer was lost. First, because the counter may have closed meanwhile, or sales may be
        # paused.
        before = _sold_with_the_last_hold(showtime_id, seller, sale)
        if before is None:
            raise
        return before
    return _sold(booking, payment)


def _take_money(booking: Booking, sale: CounterSale, seller: CounterSeller) -> Payment:
    tendered = sale.tendered if sale.method == PaymentMethod.CASH else None
    rounding = booking.sale.cash_rounding
    if tendered is not None:
        require_enough(tendered, booking.total + rounding, booking.currency)
    return record_counter_payment(
        booking.sale, seller, amount=booking.total, method=sale.method, tendered=tendered, rounding=rounding
    )


def record_counter_payment(
    sale: Sale,
    seller: CounterSeller,
    *,
    amount: Decimal,
    method: PaymentMethod,
    tendered: Decimal | None,
    rounding: Decimal,
    exchange: Exchange | None = None,
) -> Payment:
    """Record money that is in the drawer, or that the terminal said yes to. `exchange`: whose difference it pays."""
    payment = Payment(
        sale=sale,
        exchange=exchange,
        provider=COUNTER,
        method=method,
        operator_id=seller.operator_id,
        device_id=seller.device_id,
        amount=amount,
        currency=sale.currency,
        captured=amount,
        captured_currency=sale.currency,
        tendered=tendered,
        rounding=rounding,
        request={},
        look_at=ClockTimestamp(),
        ended_at=ClockTimestamp(),
        status=PaymentStatus.SUCCEEDED,
    )
    record_taken(payment, actor=seller.actor)
    return payment


def require_enough(tendered: Decimal, wanted: Decimal, currency: str) -> None:
    if tendered != in_coins(tendered, currency):
        says = gettext("There is no such coin: %(tendered)s.")
        raise BadChoice("tendered", says % {"tendered": format_money(tendered, currency)})
    if tendered < wanted:
        raise BadChoice("tendered", gettext("That is less than the total. Nothing was sold."))


def _sold_with_the_last_hold(showtime_id: int, seller: CounterSeller, sale: CounterSale) -> Sold | None:
    """The sale that the first of two presses made, of exactly these seats; else None."""
    last = Hold.objects.filter(showtime_id=showtime_id, holder=seller.holder).order_by("-pk").first()
    booking = last and last.bookings.filter(status=BookingStatus.CONFIRMED).first()
    if not booking or set(booking.tickets.values_list("seat__label", flat=True)) != set(sale.choices):
        return None
    return _sold(booking, booking.sale.payments.first())


def _sold(booking: Booking, payment: Payment | None) -> Sold:
    return Sold(booking, payment, rounded(payment.change if payment else Decimal(0), booking.currency))
