"""Exchanges of tickets paid in every possible way, in the night when clocks change, and with news about them in any order."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from payments.books.provider_events import settle_due_events, settle_event
from payments.models import Payment, ProviderEvent
from payments.records.refund_rows import request_refunds
from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from payments.refunds.exchanges import continue_exchange, stop_exchange
from payments.sessions.session_limits import ManyPaymentsBegun, TooManyPayments
from reservations.aftersale.exchange_choices import CannotExchange
from reservations.door.door_parties import look_up_party_code
from reservations.door.door_rules import Door
from reservations.door.party_codes import choose_party_code
from reservations.models import Booking, OutgoingMail, Ticket
from reservations.refusals.selling import TooLateToPay
from reservations.seats.taking import Browser
from reservations.selectors.exchange_terms import exchange_until
from tests.counter import make_seller, sell_seats
from tests.exchanging import (
    age_exchange,
    agree,
    buy_to_exchange,
    choose,
    let_exchange,
    other_showtime,
    pay_difference,
    refunds,
    tickets,
    with_all,
)
from tests.factories import begin_paying, buy, make_promo, make_showtime, make_staff
from tests.ledger import broken_invariants, nothing_changes
from tests.payments.box_office import now_due
from tests.standing_booking import BUYER
from tests.statuses import stand

pytestmark = pytest.mark.django_db


@pytest.fixture
def free(showtime, sandbox):
    """A booking with a code that takes everything off, made while the provider is away."""
    make_promo("GIFT", percent=Decimal(100))
    let_exchange(showtime.auditorium.theater)
    sandbox.go_dead()
    return begin_paying(showtime, BUYER, "A1", promo_code="GIFT", total=0)


def test_free_tickets_are_had_and_given_back_without_the_provider(free):
    assert (free.status, Payment.objects.count(), broken_invariants()) == ("CONFIRMED", 0, [])
    with nothing_changes(), pytest.raises(CannotExchange, match="ask our box office"):
        choose(free, "A4")
    cancel_and_refund(booking_id=free.pk, ticket_ids=None, origin=CUSTOMER)
    free.refresh_from_db()
    assert (free.status, refunds(), broken_invariants()) == ("CANCELED", [], [])


def test_tickets_of_the_counter_are_exchanged_there(showtime):
    let_exchange(showtime.auditorium.theater)
    sold = sell_seats(showtime, make_seller(showtime), "B1").booking
    with nothing_changes(), pytest.raises(CannotExchange, match="ask our box office"):
        choose(sold, "A3")


def prices(booking) -> dict[str, Decimal]:
    return dict(Ticket.objects.live().filter(booking__sale=booking.sale_id).values_list("seat__label", "price"))


def test_a_code_counts_once_and_no_more_comes_back_than_came(showtime, sandbox):
    """7.25 was paid. A dearer seat costs its full price, and a cheaper one gives back the difference to what was paid."""
    make_promo("HALF", percent=Decimal(50))
    let_exchange(showtime.auditorium.theater)
    booking = buy(sandbox, showtime, BUYER, "A1", promo_code="HALF", total="7.25")
    exchange = choose(booking, "B1")
    agree(exchange)
    assert [payment.amount for payment in exchange.payments.all()] == [Decimal("10.25")]
    assert pay_difference(sandbox, exchange) == "confirmed"
    assert (prices(booking), refunds()) == ({"B1": Decimal("17.50")}, [])
    agree(choose(booking, "A3"))
    assert (prices(booking), refunds()) == ({"A3": Decimal("14.50")}, [Decimal("3.00")])
    booking.refresh_from_db()
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
    assert sum(refunds()) == Decimal("17.50") and broken_invariants() == []


def test_one_code_for_a_party_goes_on_with_who_stays(sandbox):
    booking = buy_to_exchange(sandbox, "A1", "A2")
    choose_party_code(booking_id=booking.pk, wanted=True)
    booking.refresh_from_db()
    showtime, theater = booking.showtime, booking.showtime.auditorium.theater
    door = Door(theater, None, "door 1", make_staff("DOOR", theater).pk)

    def at_the_door():
        found = look_up_party_code(text=booking.party_code, door=door, now=showtime.starts_at)
        return found and {seat.label: seat.state for seat in found.party.seats}

    agree(choose(booking, "A4", of=["A1"]))
    assert at_the_door() == {"A1": "canceled", "A2": "missing", "A4": "missing"}
    agree(choose(booking, "A1", showtime=other_showtime(booking), of=["A4"]))
    assert at_the_door() == {"A1": "canceled", "A2": "missing", "A4": "canceled"}
    there = Booking.objects.filter(sale=booking.sale_id).exclude(pk=booking.pk).get()
    assert there.party_code != booking.party_code and broken_invariants() == []


def test_the_deadline_in_the_night_when_an_hour_comes_twice(sandbox):
    """An hour before the start is a real hour: 01:30 comes twice, and 90 minutes lie between 00:30 and 01:00 GMT."""
    zone = ZoneInfo("Europe/London")
    first = datetime(2099, 10, 25, 1, 30, tzinfo=zone, fold=0)
    booking = buy_to_exchange(sandbox, "A1", showtime=make_showtime(starts_at=first))
    assert exchange_until(booking) == datetime(2099, 10, 24, 23, 30, tzinfo=UTC)
    second = other_showtime(booking, starts_at=first.replace(fold=1))
    assert second.starts_at - booking.showtime.starts_at == timedelta(hours=1)
    agree(choose(booking, "A4", showtime=second))
    moved = with_all(Booking.objects.filter(sale=booking.sale_id, showtime=second).get())
    assert exchange_until(moved) == datetime(2099, 10, 25, 0, 30, tzinfo=UTC)
    assert (tickets(booking), tickets(moved), broken_invariants()) == ({"A1": "VOID"}, {"A4": "VALID"}, [])


def test_a_dispute_of_one_payment_keeps_the_money_of_all_of_them(sandbox, deliver):
    """The bank may give the money back. Until it has decided, no payment of the sale refunds anything."""
    booking = buy_to_exchange(sandbox, "A1")
    exchange = choose(booking, "B1")
    agree(exchange)
    pay_difference(sandbox, exchange)
    sandbox.dispute(exchange.payments.get().session_id)
    deliver()
    settle_due_events()
    booking.sale.refresh_from_db()
    booking.sale.refund_due = Decimal("17.50")
    booking.sale.save(update_fields=["refund_due"])
    assert booking.sale.payments.count() == 2
    assert (request_refunds(booking.sale, reason="Asked for"), refunds()) == ([], [])


def test_no_payment_page_is_opened_when_its_time_is_over_and_no_sweep_came_yet(sandbox):
    exchange = choose(buy_to_exchange(sandbox, "A1"), "B1")
    agree(exchange)
    exchange.refresh_from_db()
    age_exchange(exchange)
    with nothing_changes(), pytest.raises(TooLateToPay):
        continue_exchange(exchange_id=exchange.pk, address="192.0.2.1")


def test_an_exchange_opens_five_payment_pages_and_no_more(sandbox):
    """Somebody could try another stolen card on each page."""
    exchange = choose(buy_to_exchange(sandbox, "A1"), "B1")
    agree(exchange)
    for _ in range(4):
        stand(exchange.payments.exclude(status="CLOSED"), "CLOSED")
        continue_exchange(exchange_id=exchange.pk, address="192.0.2.1")
    stand(exchange.payments.exclude(status="CLOSED"), "CLOSED")
    with nothing_changes(), pytest.raises(TooManyPayments):
        continue_exchange(exchange_id=exchange.pk, address="192.0.2.1")
    assert exchange.payments.count() == 5


def test_stopping_and_beginning_again_brings_no_new_payment_pages(sandbox):
    booking = buy_to_exchange(sandbox, "A1")
    for _ in range(5):
        exchange = choose(booking, "B1")
        agree(exchange)
        stop_exchange(exchange_id=exchange.pk, actor="customer")
    exchange = choose(booking, "B1")
    with nothing_changes(), pytest.raises(TooManyPayments) as refused:
        agree(exchange)
    assert (refused.value.status, 3500 < refused.value.retry_after <= 3600) == (429, True)
    Payment.objects.update(created_at=F("created_at") - timedelta(hours=1))
    assert agree(exchange).url
    assert broken_invariants() == []


def test_exchanges_that_were_paid_leave_their_payment_pages_to_later_ones(sandbox, monkeypatch):
    monkeypatch.setattr("payments.sessions.session_limits.MOST_SESSIONS_PER_HOLD", 1)
    booking = buy_to_exchange(sandbox, "A1")
    first = choose(booking, "B1")
    agree(first)
    pay_difference(sandbox, first)
    assert agree(choose(booking, "A1", of=["B1"])).url == ""
    assert agree(choose(booking, "B1", of=["A1"])).url


def test_payment_pages_of_exchanges_count_at_the_address(sandbox, settings):
    settings.PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS = 2
    outside = Browser(BUYER.holder, "198.51.100.77")
    exchange = choose(buy_to_exchange(sandbox, "A1"), "B1", browser=outside)
    agree(exchange, browser=outside)
    # The open page again is no new one.
    for _ in range(3):
        continue_exchange(exchange_id=exchange.pk, address=outside.address)
    stand(exchange.payments.all(), "CLOSED")
    continue_exchange(exchange_id=exchange.pk, address=outside.address)
    stand(exchange.payments.exclude(status="CLOSED"), "CLOSED")
    with nothing_changes(), pytest.raises(ManyPaymentsBegun):
        continue_exchange(exchange_id=exchange.pk, address=outside.address)
    stop_exchange(exchange_id=exchange.pk, actor="customer")
    again = choose(exchange.booking, "B1", browser=outside)
    with nothing_changes(), pytest.raises(ManyPaymentsBegun):
        agree(again, browser=outside)


@pytest.mark.parametrize("minor", [299, 301])
def test_another_amount_than_was_asked_for_exchanges_nothing_and_goes_back(sandbox, minor):
    exchange = choose(buy_to_exchange(sandbox, "A1"), "B1")
    agree(exchange)
    session_id = exchange.payments.get().session_id
    desk = sandbox.desk
    desk.ledger.save(desk.ledger.get("checkout.session", session_id) | {"amount_total": minor})
    assert pay_difference(sandbox, exchange) == "refunding"
    exchange.refresh_from_db()
    assert (exchange.status, tickets(exchange.booking)) == ("ENDED", {"A1": "VALID"})
    assert (refunds(), broken_invariants()) == ([Decimal(minor) / 100], [])


ORDERS = {
    "as they were sent": lambda ids: ids,
    "backwards": lambda ids: ids[::-1],
    "each twice": lambda ids: [one for one in ids for _ in range(2)],
    "backwards, and all again": lambda ids: [*ids[::-1], *ids],
}


@pytest.mark.long
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("is_late", [False, True])
def test_news_of_an_exchange_in_any_order(sandbox, deliver, order, is_late):
    """One exchange, one mail, no refund. If the showtime was canceled meanwhile, all of the money goes back once."""
    booking = buy_to_exchange(sandbox, "A1")
    exchange = choose(booking, "B1")
    agree(exchange)
    sandbox.pay(exchange.payments.get().session_id)
    deliver()
    if is_late:
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
    ids = list(ProviderEvent.objects.filter(done_at=None).order_by("pk").values_list("pk", flat=True))
    assert len(ids) >= 2
    for event_id in ORDERS[order](ids):
        now_due(ProviderEvent, "try_at")
        settle_event(event_id=event_id)
    exchange.refresh_from_db()
    assert not ProviderEvent.objects.filter(done_at=None).exists()
    wanted = ("ENDED", {"A1": "VOID"}, Decimal("17.50")) if is_late else ("DONE", {"A1": "VOID", "B1": "VALID"}, 0)
    assert (exchange.status, tickets(booking), sum(refunds())) == wanted
    assert OutgoingMail.objects.filter(kind="EXCHANGED").count() == (not is_late)
    assert broken_invariants() == []
