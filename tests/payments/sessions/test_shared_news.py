"""Friends and groups pay. News of it comes in any order, twice or never, and also after their block has ended."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from django.utils import timezone

from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.books.provider_events import settle_due_events, settle_event
from payments.models import Payment, ProviderEvent, Refund
from payments.sessions.session_closing import close_due_sessions
from reservations.groups.friends_seats import take_friends_seats
from reservations.groups.group_blocks import end_block, end_due_blocks
from reservations.groups.group_payments import take_group_seats
from reservations.groups.shared_blocks import release_block
from reservations.models import Booking, GroupBlock, OutgoingMail, SharedBlock, Ticket
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.taking import take_seats
from tests.aging import age_booking, age_shared_block
from tests.factories import make_browser, make_group, make_promo, make_shared_block, press_pay
from tests.ledger import broken_invariants
from tests.payments.box_office import now_due

pytestmark = [pytest.mark.django_db, pytest.mark.long]
BEN, CLEO, DAN, EVE, FAY, STRANGER = (make_browser(number) for number in range(71, 77))
HOUR = 3600
PAID_ONLINE = Decimal("14.50") + Decimal("7.25") + 2 * Decimal("17.50")

ORDERS = {
    "as it was sent": lambda ids: ids,
    "backwards": lambda ids: ids[::-1],
    "each twice": lambda ids: [one for one in ids for _ in range(2)],
    "backwards, and all again": lambda ids: [*ids[::-1], *ids],
    "never": lambda ids: [],
}


@pytest.fixture
def paid(showtime, sandbox) -> None:
    """Ben pays in full, Cleo half with a code, Dan nothing with another; Eve and Fay are of a group. No news of it has come."""
    make_promo("HALF", percent=Decimal(50), most_uses=1)
    make_promo("GIFT", percent=Decimal(100), most_uses=1)
    block, group = make_shared_block(showtime, "A1", "A2", "A3"), make_group(showtime, "B1", "B2", "B3")
    for browser, label, form in (
        (BEN, "A1", {}), (CLEO, "A2", {"promo_code": "HALF", "total": "7.25"}), (DAN, "A3", {"promo_code": "GIFT", "total": 0}),
    ):  # fmt: skip
        take_friends_seats(block=block, browser=browser, labels=[label], name="Friend")
        press_pay(showtime, browser, label, **form)
    for browser, label in ((EVE, "B1"), (FAY, "B2")):
        take_group_seats(block=group, browser=browser, labels=[label])
        press_pay(showtime, browser, label)
    for payment in Payment.objects.order_by("pk"):
        sandbox.pay(payment.session_id)


def nothing(showtime):
    """Leave the blocks open."""


def released(showtime):
    release_block(block_id=SharedBlock.objects.get().pk)
    end_block(block=GroupBlock.objects.get(), actor="test")


def all_over(showtime):
    """Let the time of the blocks and of all payments end; strangers want the seats."""
    age_shared_block(SharedBlock.objects.get(), HOUR)
    GroupBlock.objects.update(until=timezone.now() - timedelta(seconds=1))
    for booking in Booking.objects.pending():
        age_booking(booking, HOUR)


def hear(deliver, order) -> None:
    deliver()
    ids = list(ProviderEvent.objects.order_by("pk").values_list("pk", flat=True))
    assert len(ids) >= 8
    if order == "never":
        ProviderEvent.objects.all().delete()
    for event_id in ORDERS[order](ids):
        now_due(ProviderEvent, "try_at")
        settle_event(event_id=event_id)


def sweep() -> None:
    now_due(Payment, "look_at")
    close_due_sessions()
    look_at_due_payments()
    end_lapsed_holds()
    end_due_blocks()
    settle_due_events()
    send_due_refunds()


def labels_sold() -> list[str]:
    return sorted(Ticket.objects.live().values_list("seat__label", flat=True))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("meanwhile", [nothing, released, all_over])
def test_each_has_the_ticket_once(showtime, paid, deliver, order, meanwhile):
    meanwhile(showtime)
    hear(deliver, order)
    for _ in range(2):
        sweep()
    assert labels_sold() == ["A1", "A2", "A3", "B1", "B2"]
    assert set(Booking.objects.values_list("status", flat=True)) == {"CONFIRMED"}
    assert Payment.objects.aggregate(all=Sum("captured"))["all"] == PAID_ONLINE
    assert OutgoingMail.objects.filter(kind="CONFIRMATION").count() == 5
    assert not Refund.objects.exists()
    assert broken_invariants() == []


@pytest.mark.parametrize("order", ORDERS)
def test_who_lost_the_seat_meanwhile_has_the_money_back_once(showtime, paid, deliver, sandbox, order):
    """The provider was silent when the time ended, and a stranger holds Ben's and Eve's seats."""
    all_over(showtime)
    sandbox.go_dead()
    close_due_sessions()
    end_lapsed_holds()
    end_due_blocks()
    sandbox.heal()
    take_seats(showtime_id=showtime.pk, browser=STRANGER, labels=["A1", "B1"])
    hear(deliver, order)
    for _ in range(3):
        sweep()
    assert labels_sold() == ["A2", "A3", "B2"]
    captured = Payment.objects.aggregate(all=Sum("captured"))["all"]
    back = Refund.objects.exclude(status="FAILED").aggregate(all=Sum("amount"))["all"] or 0
    kept = Ticket.objects.live().filter(booking__sale__channel="ONLINE").aggregate(all=Sum("price"))["all"]
    assert (captured, captured - back) == (PAID_ONLINE, kept)
    assert broken_invariants() == []
