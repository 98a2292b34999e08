"""Exchanges tickets by calling the services, and reads the result."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from django.utils import timezone

from payments.models import Refund
from payments.refunds.counter_exchanges import ExchangeOrder, exchange_at_counter
from payments.refunds.exchanges import AgreedExchange, agree_to_exchange
from payments.sessions.settlement import settle
from payments.states import PaymentMethod
from reservations.aftersale.exchange_choices import begin_exchange
from reservations.aftersale.exchange_plans import ExchangePlan, plan_exchange
from reservations.counter.counter_seats import NOTHING
from reservations.counter.exchanges import begin_at_counter, try_at_counter
from reservations.models import Booking, Exchange, ShowtimeSeat
from reservations.opening.showtime_opening import open_for_sale
from reservations.records.status_changes import move_showtime
from reservations.seats.taking import take_seats
from reservations.selling.selling_steps import read_hold_to_sell
from sales.models import Sale
from tests.counter import take
from tests.factories import buy, make_draft, make_showtime
from tests.standing_booking import BUYER


def let_exchange(theater, minutes=60):
    """Allow exchanges in the theater's terms and in those of its earlier sales, and allow single seats to be left over."""
    theater.exchange_minutes, theater.avoids_single_seats = minutes, False
    theater.save()
    Sale.objects.filter(theater=theater).update(exchange_minutes=minutes)


def buy_to_exchange(sandbox, *labels: str, showtime=None) -> Booking:
    showtime = showtime or make_showtime()
    let_exchange(showtime.auditorium.theater)
    return with_all(buy(sandbox, showtime, BUYER, *labels))


def with_all(booking) -> Booking:
    return Booking.objects.with_names().with_tickets().get(pk=booking.pk)


def choose(booking, *labels, showtime=None, of=None, browser=BUYER) -> Exchange:
    """Begin an exchange of the tickets for the seats `of` (None: all), and hold the seats `labels` of a showtime (None:
    the same one).
    """
    booking = with_all(booking)
    showtime_id = (showtime or booking.showtime).pk
    of = of or [ticket.seat.label for ticket in booking.tickets.all()]
    exchange = begin_exchange(
        booking=booking, holder=browser.holder, labels=of, showtime_id=showtime_id, now=timezone.now()
    )
    take_seats(showtime_id=showtime_id, browser=browser, labels=list(labels))
    return exchange


def planned(exchange, browser=BUYER) -> ExchangePlan:
    held = read_hold_to_sell(showtime_id=exchange.showtime_id, holder=browser.holder)
    return plan_exchange(with_all(exchange.booking), exchange, held, now=timezone.now())


def agree(exchange, browser=BUYER) -> AgreedExchange:
    mark = planned(exchange, browser).mark
    return agree_to_exchange(exchange_id=exchange.pk, browser=browser, mark=mark, now=timezone.now())


def pay_difference(sandbox, exchange):
    payment = exchange.payments.order_by("-pk").first()
    sandbox.pay(payment.session_id)
    return settle(payment_id=payment.pk, actor="test")


def other_showtime(booking, **fields):
    """Open another showtime of the same theater, at the same time in another auditorium."""
    draft = make_draft(theater=booking.showtime.auditorium.theater, **fields)
    return open_for_sale(showtime_id=draft.pk, actor="test")


def tickets(booking):
    return dict(booking.tickets.values_list("seat__label", "status"))


def seats_of(booking):
    return sorted(ShowtimeSeat.objects.filter(booking=booking).values_list("label", flat=True))


def refunds():
    return list(Refund.objects.values_list("amount", flat=True))


def cancel_showtime_now(showtime):
    move_showtime(showtime_id=showtime.pk, to="CANCELED", actor="test")


def age_exchange(exchange, seconds=601):
    Exchange.objects.filter(pk=exchange.pk).update(payable_until=exchange.payable_until - timedelta(seconds=seconds))


def exchanging_at_counter(booking, showtime, seller, *labels) -> Callable[[], Exchange]:
    """An exchange of all tickets, paid in cash, that is chosen and shown now and done when the result is called."""
    now = timezone.now()
    booking = with_all(booking)
    all_seats = [ticket.seat.label for ticket in booking.tickets.all()]
    exchange = begin_at_counter(booking=booking, seller=seller, labels=all_seats, showtime_id=showtime.pk, now=now)
    take(showtime, seller, *labels)
    shown = try_at_counter(booking, exchange, seller=seller, allow=NOTHING, now=now).plan
    order = ExchangeOrder(mark=shown.mark, method=PaymentMethod.CASH, reason="wrong evening", allow=NOTHING)
    return partial(exchange_at_counter, exchange_id=exchange.pk, seller=seller, order=order, now=now)
