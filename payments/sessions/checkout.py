"""Pay: the hold becomes a booking with a payment, then the provider opens a payment session. A second press gives the
same booking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.urls import reverse

from core.clock import ClockTimestamp, from_now
from core.house_facts import current_house
from core.refusals import Refusal
from core.texts.directions import side_by_side
from core.texts.lazy_text import gettext_lazy as _
from payments import locks
from payments.models import Payment
from payments.providers import errors
from payments.providers.registry import online_provider, provider_named
from payments.records.payment_balances import captured_of
from payments.records.status_changes import move_payment
from payments.sessions.payment_sessions import SESSION_SECONDS, ask_for_session, record_session
from payments.sessions.sale_facts import pack
from payments.sessions.session_limits import (
    counted_address,
    require_session_allowed,
    require_sessions_left_at_address,
    require_sessions_left_for_hold,
)
from payments.states import OPEN_PAYMENTS, PaymentStatus
from reservations import locks as reservation_locks
from reservations.models import Booking, Hold
from reservations.moving_in.lost_bookings import sold_booking
from reservations.refusals.on_sale import ShowtimeCanceled
from reservations.refusals.promo_codes import PromoUnknown
from reservations.refusals.seats import HoldLapsed
from reservations.refusals.selling import TooLateToPay
from reservations.seats.taking import Browser
from reservations.selling.bookings import PayForm, confirm_booking, open_booking
from reservations.selling.promo_codes import count_miss, require_patience
from reservations.states import BookingStatus
from theaters.seat_labels import seat_words
from theaters.states import ShowtimeStatus

FIRST_LOOK_SECONDS = 45
ACTOR = "customer"


class PaymentSessionUnavailable(Refusal):
    """Refused: the provider gave no answer that proves anything. The booking waits, and Pay asks again with the same
    key.
    """

    staff_can = "Wait with them: the seats are kept. If it lasts, look at the checks in the office."
    status = 503
    retry_after = 5
    sentence = _(
        "Our payment partner does not answer right now. What you hold is safe. Please press Pay again "
        "in a moment: you cannot be charged twice."
    )


class PaymentSessionRefused(Refusal):
    staff_can = (
        "Sell at the counter, and tell the people who run the system: the log says what the payment partner refused."
    )
    status = 422
    sentence = _(
        "Our payment partner does not accept this payment as it is. Nothing was charged. Please "
        "change your choice, check your e-mail address, and pay again."
    )


@dataclass(frozen=True)
class Destination:
    """The customer's next page: the provider's, or the booking when there is nothing to pay."""

    url: str
    booking: Booking


def pay(*, showtime_id: int, browser: Browser, form: PayForm) -> Destination:
    """Create a pending booking and its payment session.

    Raises a Refusal. After PaymentSessionUnavailable the booking exists and waits; after any other nothing was
    changed.
    """
    require_sessions_left_at_address(browser.address)
    if form.promo_code:
        require_patience(browser)
    try:
        booking, payment = _hand_over(showtime_id, browser, form)
    except PromoUnknown:
        count_miss(browser)
        raise
    except HoldLapsed:
        begun = _begun_with_the_last_hold(showtime_id, browser)
        if begun is None:
            raise
        return continue_paying(booking_id=begun.pk, address=browser.address)
    if payment is None:
        return Destination(booking.get_absolute_url(), booking)
    return Destination(open_payment_session(payment), booking)


def _begun_with_the_last_hold(showtime_id: int, browser: Browser) -> Booking | None:
    """The booking that the first of two presses of Pay made; if nothing had to be paid it is confirmed by now."""
    last = Hold.objects.filter(showtime_id=showtime_id, holder=browser.holder).order_by("-pk").first()
    if last is None:
        return None
    return last.bookings.filter(status__in=[BookingStatus.PENDING, BookingStatus.CONFIRMED]).first()


def _hand_over(showtime_id: int, browser: Browser, form: PayForm) -> tuple[Booking, Payment | None]:
    with transaction.atomic():
        booking = open_booking(showtime_id=showtime_id, browser=browser, form=form)
        if booking.total > 0:
            if booking.hold.root_id is not None:  # the first hold of a browser has no payments behind it
                require_sessions_left_for_hold(booking)
            return booking, _new_payment(booking, booking.sale.total, browser.address)
        if not confirm_booking(booking, actor=ACTOR):
            raise AssertionError("the seats of a new booking are its own")
        return booking, None


def continue_paying(*, booking_id: int, address: str = "") -> Destination:
    """The payment session of a pending booking: the open one, or a new one when the last was closed. Raises a Refusal.

    `address` is the browser's; without it a new payment counts where the hold began.
    """
    showtime_id, sale_id = Booking.objects.values_list("showtime_id", "sale_id").get(pk=booking_id)
    if not Payment.objects.filter(sale=sale_id, status__in=OPEN_PAYMENTS).exists():
        require_sessions_left_at_address(address)
    with transaction.atomic():
        gate = reservation_locks.showtime_gate(showtime_id)
        booking = reservation_locks.booking(booking_id)
        if booking.status != BookingStatus.PENDING:
            return Destination(booking.get_absolute_url(), booking)
        if gate is None or gate.status == ShowtimeStatus.CANCELED:
            raise ShowtimeCanceled
        payments = locks.payments_of(booking.sale_id)
        if not Booking.objects.filter(pk=booking.pk, sale__payable_until__gt=from_now(1)).exists():
            raise TooLateToPay
        payment = next((payment for payment in payments if payment.status in OPEN_PAYMENTS), None)
        if payment is None:
            require_sessions_left_for_hold(booking)
            missing = booking.sale.total - captured_of(payments)
            payment = _new_payment(booking, missing, address or booking.hold.address)
    return Destination(open_payment_session(payment), booking)


def _new_payment(booking: Booking, amount: Decimal, address: str) -> Payment:
    return write_payment(Payment(sale=booking.sale, amount=amount), booking, address, partial(_request, booking))


def write_payment(
    payment: Payment, booking: Booking, address: str, request_of: Callable[[Payment], dict[str, object]]
) -> Payment:
    """A new payment online with the request that opens its session. It counts at `address`. Raises a Refusal."""
    require_session_allowed(holder=booking.holder, address=address)
    payment.provider = online_provider().name
    payment.currency = booking.currency
    payment.address = counted_address(address)
    payment.look_at = from_now(FIRST_LOOK_SECONDS)
    payment.request = request_of(payment)
    payment.save(force_insert=True)
    return payment


def _request(booking: Booking, payment: Payment) -> dict[str, object]:
    showtime = booking.showtime
    tickets = booking.written_tickets or tuple(
        booking.tickets.select_related("seat", "ticket_type").order_by("seat_id")
    )
    lines = [
        (side_by_side((showtime.shown_title, seat_words(ticket.seat), ticket.type_text)), ticket.price)
        for ticket in tickets
    ]
    if payment.amount != booking.total:
        # Part of the sale is paid already, or it has more bookings than this one.
        lines = [(side_by_side((showtime.shown_title, booking.reference)), payment.amount)]
    return provider_named(payment.provider).session_request(
        lines=lines,
        currency=booking.currency,
        email=booking.email,
        key=payment.key,
        metadata={**pack(sold_booking(booking, tickets)), "payment": payment.key},
        success_url=current_house().site_url + reverse("return", args=[booking.reference]),
        cancel_url=current_house().site_url + reverse("checkout", args=[booking.showtime_id]),
        expires_at=int(booking.created_at.timestamp()) + SESSION_SECONDS,
    )


def open_payment_session(payment: Payment) -> str:
    """The address of the payment's session; the provider is asked once, with the stored request and key."""
    if payment.status == PaymentStatus.OPEN:
        return payment.session_url
    try:
        session = ask_for_session(payment)
    except errors.Unknown:
        raise PaymentSessionUnavailable from None
    except errors.Refused as refusal:
        record_failure(payment.pk, f"{refusal.code}: {refusal}")
        raise PaymentSessionRefused from None
    if session is None:
        record_failure(payment.pk, "the provider failed and opened no payment session")
        raise PaymentSessionUnavailable
    return record_session(payment.pk, session, actor=ACTOR)


def record_failure(payment_id: int, error: str) -> None:
    """Record that opening a payment session failed; the next Pay opens a new one."""
    with transaction.atomic():
        locked = locks.payment(payment_id)
        if locked.status == PaymentStatus.CREATED:
            move_payment(
                locked, PaymentStatus.FAILED, actor=locked.provider, last_error=error[:200], ended_at=ClockTimestamp()
            )
