"""A showtime moves to another auditorium while tickets are being exchanged for it, or away from it."""

import pytest

from payments.models import Refund
from reservations.models import Booking, Exchange, ShowtimeSeat
from tests.exchanging import (
    agree,
    buy_to_exchange,
    choose,
    other_showtime,
    pay_difference,
    seats_of,
    tickets,
)
from tests.factories import make_auditorium, make_staff
from tests.ledger import broken_invariants
from tests.payments.refunds.test_auditorium_moves import LARGER, move
from tests.payments.refunds.test_counter_exchanges import agree as agree_at_counter
from tests.payments.refunds.test_counter_exchanges import begin, clerk_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(sandbox):
    return buy_to_exchange(sandbox, "A1", "A2")


@pytest.fixture
def boss(booking):
    return make_staff("MANAGER", booking.showtime.auditorium.theater)


@pytest.fixture
def larger(booking):
    return make_auditorium(booking.showtime.auditorium.theater, LARGER)


def new_booking(booking):
    return Booking.objects.filter(sale=booking.sale_id).exclude(pk=booking.pk).first()


def test_who_pays_for_seats_of_a_showtime_that_moves_keeps_the_old_ones_and_gets_the_money(
    booking, larger, boss, sandbox
):
    new = other_showtime(booking)
    exchange = choose(booking, "B1", "B2", showtime=new)
    agree(exchange)
    move(new, larger, boss)
    pay_difference(sandbox, exchange)
    exchange.refresh_from_db()
    assert (exchange.status, Refund.objects.get().amount) == ("ENDED", 6)
    assert tickets(booking) == {"A1": "VALID", "A2": "VALID"} and new_booking(booking) is None
    assert broken_invariants() == []


def test_who_exchanges_away_from_a_showtime_that_moves_leaves_its_new_seats_free(booking, larger, boss, sandbox):
    old, new = booking.showtime, other_showtime(booking)
    exchange = choose(booking, "B1", "B2", showtime=new)
    agree(exchange)
    move(old, larger, boss)
    assert seats_of(booking) == ["A1", "A2"]
    pay_difference(sandbox, exchange)
    assert set(tickets(booking).values()) == {"VOID"} and seats_of(new_booking(booking)) == ["B1", "B2"]
    assert not ShowtimeSeat.objects.filter(showtime=old, booking__isnull=False).exists()
    assert broken_invariants() == []


def test_at_the_counter_nothing_is_exchanged_for_seats_that_moved_away(booking, larger, boss):
    clerk, new = clerk_of(booking), other_showtime(booking)
    page = begin(clerk, booking, new, "A1", "A2", held=["B1", "B2"])
    move(new, larger, boss)
    assert agree_at_counter(clerk, booking, page, method="terminal").status_code == 409
    assert (Exchange.objects.get().status, tickets(booking)) == ("CHOOSING", {"A1": "VALID", "A2": "VALID"})
    assert broken_invariants() == []


def test_at_the_counter_tickets_of_a_showtime_that_moves_are_exchanged_all_the_same(booking, larger, boss):
    clerk, new = clerk_of(booking), other_showtime(booking)
    page = begin(clerk, booking, new, "A1", "A2", held=["B1", "B2"])
    move(booking.showtime, larger, boss)
    assert agree_at_counter(clerk, booking, page, method="terminal").status_code == 302
    assert (set(tickets(booking).values()), seats_of(new_booking(booking))) == ({"VOID"}, ["B1", "B2"])
    assert broken_invariants() == []
