"""The money of an exchange: a higher price is paid first, a lower one is refunded by the way it was paid."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext

from core.clock import ClockTimestamp, from_now
from core.house_facts import current_house
from core.pauses import WhenPaused
from core.rows.sweeps import next_row_on_error
from payments import locks
from payments.models import Payment
from payments.providers.registry import provider_named
from payments.records.provider_silence import Silence
from payments.refunds.cancellation import BookingDisputed
from payments.sessions.checkout import open_payment_session, write_payment
from payments.sessions.payment_sessions import SESSION_SECONDS
from payments.sessions.session_closing import Closing, close_payment_sessions
from payments.sessions.session_limits import require_sessions_left_at_address, require_sessions_left_for_exchanges
from payments.sessions.settlement import give_back_the_rest
from payments.states import OPEN_PAYMENTS, PaymentStatus
from reservations import locks as reservation_locks
from reservations.aftersale.exchange_choices import CannotExchange
from reservations.aftersale.exchange_plans import ExchangeChanged, plan_exchange
from reservations.aftersale.exchanges import (
    end_exchange,
    finish_exchange,
    hold_until_paid,
    lock_exchange,
    require_tickets_left_for,
    write_lines,
)
from reservations.locks import LockedSale
from reservations.models import Booking, Exchange, Hold, ShowtimeSeat
from reservations.refusals.seats import HoldLapsed
from reservations.refusals.selling import TooLateToPay
from reservations.seats.taking import Browser, require_on_sale
from reservations.selectors.exchanges import exchange_being_paid
from reservations.selling.selling_steps import HoldToSell, hold_to_sell
from reservations.states import ExchangeStatus
from theaters.models import Showtime

ACTOR = "customer"
MOST_PER_SWEEP = 50


@dataclass(frozen=True)
class AgreedExchange:
    """The customer's next page: `url` is the payment page, or '' when the exchange is done. `exchange` is as it is now."""

    exchange: Exchange
    url: str


def agree_to_exchange(*, exchange_id: int, browser: Browser, mark: str, now: datetime) -> AgreedExchange:
    """The customer agrees to what the page showed; a second press changes nothing. Raises a Refusal.

    After PaymentSessionUnavailable the exchange waits; after any other refusal nothing was changed.
    """
    known = Exchange.objects.select_related("booking").get(pk=exchange_id)
    if known.status == ExchangeStatus.PAYING:
        return continue_exchange(exchange_id=exchange_id, address=browser.address)
    require_sessions_left_at_address(browser.address)
    with transaction.atomic():
        gates = reservation_locks.gates_of_sale(
            known.booking.sale_id, and_showtime=known.showtime_id, when_paused=WhenPaused.STOPS
        )
        require_on_sale(gates[known.showtime_id])
        hold = reservation_locks.live_hold(showtime_id=known.showtime_id, holder=browser.holder)
        whole = reservation_locks.sale_behind(gates, known.booking.sale_id)
        exchange = Exchange.objects.get(pk=exchange_id)
        if exchange.status == ExchangeStatus.DONE:
            return AgreedExchange(exchange, "")
        if exchange.status == ExchangeStatus.CHOOSING:
            if hold is None:
                raise HoldLapsed
            payment = _agree(exchange, whole, hold, browser=browser, mark=mark, now=now)
        else:
            payment = None
    if payment is None:
        return continue_exchange(exchange_id=exchange_id, address=browser.address)
    return AgreedExchange(exchange, open_payment_session(payment))


def _agree(
    exchange: Exchange, whole: LockedSale, hold: Hold, *, browser: Browser, mark: str, now: datetime
) -> Payment | None:
    """Agree to an exchange, with showtimes, hold and sale locked. None when nothing had to be paid and it is done
    already.
    """
    payments, rows, held = lock_to_exchange(exchange, whole, hold)
    plan = plan_exchange(exchange.booking, exchange, held, now=now)
    if plan.mark != mark:
        raise ExchangeChanged
    if exchange_being_paid(exchange.booking) is not None:
        raise CannotExchange(gettext("Another exchange of this booking is being paid for. Finish or stop it first."))
    require_tickets_left_for(exchange, plan)
    write_lines(exchange, plan, held)
    if plan.to_pay:
        hold_until_paid(exchange, held, rows)
        exchange.refresh_from_db(fields=["agreed_at"])
        return _new_payment(exchange, plan.to_pay, browser.address)
    if not finish_exchange(exchange, whole, hold):
        raise ExchangeChanged
    give_back_the_rest(whole, payments, actor=ACTOR, reason="Exchanged for cheaper tickets")
    return None


def lock_to_exchange(
    exchange: Exchange, whole: LockedSale, hold: Hold
) -> tuple[list[Payment], list[ShowtimeSeat], HoldToSell]:
    """Lock payments, tickets and seats of an exchange, after showtimes, hold and sale, and read the booking anew. Raises
    BookingDisputed and HoldLapsed. Returns payments, and rows and facts of the new seats.
    """
    payments = locks.payments_of(whole.sale.pk)
    if any(payment.status == PaymentStatus.DISPUTED for payment in payments):
        raise BookingDisputed
    tickets = [
        ticket for ticket in reservation_locks.tickets_of(exchange.booking_id) if ticket.pk in exchange.ticket_ids
    ]
    seat_ids = list(hold.seats.values_list("seat_id", flat=True))
    locked = reservation_locks.seats_to_exchange(tickets, showtime_id=exchange.showtime_id, seat_ids=seat_ids)
    rows = [row for row in locked if row.hold_id == hold.pk]
    held = hold_to_sell(hold, rows)
    exchange.booking = Booking.objects.with_names().with_tickets().get(pk=exchange.booking_id)
    exchange.booking.sale = whole.sale
    return payments, rows, held


def continue_exchange(*, exchange_id: int, address: str) -> AgreedExchange:
    """The payment page of an agreed exchange: the open one, or a new one. Raises a Refusal."""
    if not Payment.objects.filter(exchange=exchange_id, status__in=OPEN_PAYMENTS).exists():
        require_sessions_left_at_address(address)
    with transaction.atomic():
        exchange, whole, _ = lock_exchange(exchange_id, when_paused=WhenPaused.STOPS)
        if exchange.status == ExchangeStatus.DONE:
            return AgreedExchange(exchange, "")
        if exchange.status != ExchangeStatus.PAYING:
            raise CannotExchange(gettext("This exchange has ended. Your tickets are as they were."))
        require_on_sale(whole.gates[exchange.showtime_id])
        payments = locks.payments_of(whole.sale.pk)
        if not Exchange.objects.filter(pk=exchange.pk, payable_until__gt=from_now(1)).exists():
            raise TooLateToPay
        mine = [payment for payment in payments if payment.exchange_id == exchange.pk]
        payment = next((payment for payment in mine if payment.status in OPEN_PAYMENTS), None)
        if payment is None:
            payment = _new_payment(exchange, mine[0].amount, address)
    return AgreedExchange(exchange, open_payment_session(payment))


def _new_payment(exchange: Exchange, amount: Decimal, address: str) -> Payment:
    booking = exchange.booking
    require_sessions_left_for_exchanges(booking.sale_id)
    payment = Payment(sale=booking.sale, exchange=exchange, amount=amount)
    return write_payment(payment, booking, address, partial(_request, exchange))


def _request(exchange: Exchange, payment: Payment) -> dict[str, object]:
    """The payment request. It carries no seats: after a restore a person decides, as the old tickets may be valid or void."""
    booking = exchange.booking
    title = Showtime.objects.with_names().get(pk=exchange.showtime_id).shown_title
    agreed_at = exchange.agreed_at
    assert agreed_at is not None
    return provider_named(payment.provider).session_request(
        lines=[(gettext("%(title)s: exchange of tickets") % {"title": title}, payment.amount)],
        currency=payment.currency,
        email=booking.email,
        key=payment.key,
        metadata={"booking": booking.reference, "exchange": str(exchange.pk), "payment": payment.key},
        success_url=current_house().site_url + reverse("return", args=[booking.reference]),
        cancel_url=current_house().site_url + booking.address_of("exchange"),
        expires_at=int(agreed_at.timestamp()) + SESSION_SECONDS,
    )


def stop_exchange(*, exchange_id: int, actor: str) -> Closing:
    """Close the payment page of an exchange, then free its new seats; the old tickets stay.

    No transaction may be open. UNKNOWN means that the provider did not answer, and the exchange stays until its time is
    over.
    """
    booking_id = Exchange.objects.values_list("booking_id", flat=True).get(pk=exchange_id)
    closing = close_payment_sessions(booking_id=booking_id, actor=actor)
    if closing == Closing.CLOSED or (closing == Closing.UNKNOWN and _is_past_grace(exchange_id)):
        _end(exchange_id)
    return closing


def _end(exchange_id: int) -> None:
    with transaction.atomic():
        exchange, whole, hold = lock_exchange(exchange_id)
        payments = locks.payments_of(whole.sale.pk)
        # A new payment was begun while the session was being closed: let it run.
        if any(payment.status in OPEN_PAYMENTS for payment in payments) and not _is_past_grace(exchange_id):
            return
        end_exchange(exchange, hold)


def _is_past_grace(exchange_id: int) -> bool:
    return Exchange.objects.filter(pk=exchange_id, hold__expires_at__lte=ClockTimestamp()).exists()


def end_due_exchanges(*, most: int = MOST_PER_SWEEP) -> int:
    """End exchanges that were not paid in time. If the provider does not answer they wait for the next sweep."""
    due = Exchange.objects.filter(status=ExchangeStatus.PAYING, payable_until__lte=ClockTimestamp())
    ids = list(due.order_by("payable_until").values_list("pk", flat=True)[:most])
    silence = Silence()
    for done, exchange_id in enumerate(ids, start=1):
        closing = None
        with next_row_on_error("exchange_not_ended", exchange=exchange_id):
            closing = stop_exchange(exchange_id=exchange_id, actor="sweep")
        if silence.is_away(after_doubt=closing == Closing.UNKNOWN and not _is_past_grace(exchange_id)):
            return done
    return len(ids)
