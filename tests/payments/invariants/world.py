"""A clean world with some of everything, in which check_invariants must find nothing."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db.models import F
from django.test import Client
from django.utils import timezone

from dev.sandbox.testing import SandboxServer
from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.payouts import pay_out
from payments.sessions.session_closing import change_seats, expire_due_booking
from payments.sessions.settlement import settle
from payments.states import PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.counter.counter_seats import Overrides
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, Hold
from reservations.opening.showtime_opening import keep_back
from reservations.states import CancelCause
from tests.aging import past_time_to_pay
from tests.counter import make_seller, sell_seats
from tests.factories import (
    begin_paying,
    hold_seats,
    make_auditorium,
    make_browser,
    make_price_list,
    make_promo,
    make_showtime,
    make_theater,
)
from theaters.models import Showtime

PLAN = """
A ooo.ooo
B ppp.ppp
C ooo.ooo
"""


@dataclass(frozen=True)
class World:
    """The things in which faults are planted."""

    showtime: Showtime
    confirmed: Booking
    pending: Booking
    expired: Booking
    late: Booking
    refunded: Booking
    discounted: Booking
    disputed: Booking
    counter: Booking
    hold: Hold


def build(sandbox: SandboxServer) -> World:
    showtime = make_showtime(auditorium=_room())
    confirmed = _paid(showtime, sandbox, 1, "A1", "A2")
    late = _expired(showtime, 2, "B1", "B2")
    sandbox.pay_late(late.sale.payments.get().session_id)
    settle(payment_id=late.sale.payments.get().pk, actor="test")
    refunded = _refunded(showtime, sandbox)
    disputed = _paid(showtime, sandbox, 10, "A5")
    sandbox.dispute(disputed.sale.payments.get().session_id)
    world = World(
        showtime,
        confirmed,
        pending=begin_paying(showtime, make_browser(5), "C1"),
        expired=_expired(showtime, 6, "C2"),
        late=late,
        refunded=refunded,
        discounted=_discounted(),
        disputed=disputed,
        counter=_at_the_counter(),
        hold=hold_seats(showtime, make_browser(7), "C3", "C4"),
    )
    change_seats(booking_id=begin_paying(showtime, make_browser(8), "C5").pk, actor="customer")
    keep_back(showtime_id=showtime.pk, labels=["C6"], reason="Broken")
    _free_of_charge()
    _given_back(showtime, sandbox)
    _deliver_and_send(sandbox)
    for booking in (confirmed, late, refunded, disputed):
        booking.refresh_from_db()
    return world


def _room():
    return make_auditorium(make_theater(), PLAN)


def _paid(showtime, sandbox, number, *labels) -> Booking:
    booking = begin_paying(showtime, make_browser(number), *labels)
    sandbox.pay(booking.sale.payments.get().session_id)
    settle(payment_id=booking.sale.payments.get().pk, actor="test")
    return booking


def _expired(showtime, number, *labels) -> Booking:
    booking = begin_paying(showtime, make_browser(number), *labels)
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    return booking


def _refunded(showtime, sandbox) -> Booking:
    """A booking whose money came after its seat had been sold to somebody else, and was refunded."""
    booking = _expired(showtime, 3, "A4")
    _paid(showtime, sandbox, 4, "A4")
    sandbox.pay_late(booking.sale.payments.get().session_id)
    settle(payment_id=booking.sale.payments.get().pk, actor="test")
    send_due_refunds()
    return booking


def _discounted() -> Booking:
    """A booking paid entirely by a promo code."""
    make_promo(percent=100, most_uses=5, most_uses_each=2)
    return begin_paying(make_showtime(), make_browser(10), "A1", "A2", total=0, promo_code="LANTERN")


def _at_the_counter() -> Booking:
    """A house seat and a seat at a lower price, sold for cash. Both were canceled; one was paid out, the other still
    waits for that.
    """
    showtime = make_showtime()
    seller = make_seller(showtime, "MANAGER")
    keep_back(showtime_id=showtime.pk, labels=["A1"], reason="Press")
    allow = Overrides(house_seats=True, prices={"A2": Decimal(9)}, reason="The projector failed")
    sold = sell_seats(showtime, seller, "A1", "A2", allow=allow, expected_total=Decimal("23.50"), tendered=Decimal(50))
    booking = sold.booking
    for ticket in booking.tickets.order_by("pk"):
        cancel_and_refund(
            booking_id=booking.pk, ticket_ids=[ticket.pk], origin=CancellationOrigin(CancelCause.STAFF, seller.actor)
        )
    pay_out(refund_id=sold.payment.refunds.earliest("pk").pk, method=PaymentMethod.CASH, operator_id=seller.operator_id)
    booking.refresh_from_db()
    return booking


def _free_of_charge() -> None:
    theater = make_theater()
    nothing = make_price_list(theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)}, premium=Decimal(0))
    begin_paying(make_showtime(theater=theater, price_list=nothing), make_browser(9), "A1")


def _given_back(showtime, sandbox) -> None:
    """Half the price of one of two tickets given back, a whole booking given back, and a refund that failed and was sent
    again.
    """
    origin = CancellationOrigin(CancelCause.CUSTOMER, "customer")
    half = _paid(showtime, sandbox, 11, "A6", "B4")
    cancel_tickets(booking_id=half.pk, ticket_ids=[half.tickets.first().pk], percent=50, origin=origin)
    whole = _paid(showtime, sandbox, 12, "B5")
    cancel_tickets(booking_id=whole.pk, ticket_ids=None, percent=100, origin=origin)
    sandbox.switches.refunds = "failed"
    send_due_refunds()
    _deliver_and_send(sandbox)  # the bank says later that it failed
    sandbox.switches.refunds = "succeeded"
    hours_ago = F("ended_at") - timedelta(hours=2)
    Refund.objects.filter(status="FAILED").update(ended_at=hours_ago, created_at=hours_ago)
    send_due_refunds()


def _deliver_and_send(sandbox) -> None:
    def post(body: bytes, signature: str) -> int:
        signed = {"Stripe-Signature": signature}
        address = "/payments/stripe/webhook/"
        return Client().post(address, data=body, content_type="application/json", headers=signed).status_code

    sandbox.deliver_to(post)
    settle_due_events()
    send_due_mail(now=timezone.now())
