"""However an exchange fails, the old tickets stay valid, and nobody has paid without getting something for it."""

from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from payments.refunds import exchanges
from payments.refunds.exchanges import agree_to_exchange, end_due_exchanges, stop_exchange
from payments.sessions.checkout import PaymentSessionUnavailable
from payments.sessions.session_closing import Closing
from payments.sessions.settlement import SettlementResult, settle
from reservations.aftersale.transfers import take_ticket
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.letters.outbox import send_due_mail
from reservations.seats.hold_sweep import end_lapsed_holds
from sales.models import Sale
from tests.aging import age_hold
from tests.exchanging import (
    age_exchange,
    agree,
    buy_to_exchange,
    cancel_showtime_now,
    choose,
    other_showtime,
    pay_difference,
    planned,
    refunds,
    seats_of,
    tickets,
)
from tests.factories import buy, make_auditorium, make_browser, make_price_list, make_staff, make_transfer
from tests.ledger import broken_invariants
from tests.standing_booking import BUYER
from theaters.plans.plans import current_plan
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
DECLINED = "4000000000000002"
LARGER = """
A oooo.oooo
B oooo.oooo
C pppp.pppp
"""


@pytest.fixture
def booking(sandbox):
    return buy_to_exchange(sandbox, "A1", "A2")


@pytest.mark.parametrize("why", ["sold", "own called off", "disputed"])
def test_who_paid_for_an_exchange_that_cannot_be_hears_what_the_old_tickets_are(booking, sandbox, why):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    exchange.refresh_from_db()
    if why == "sold":
        age_hold(exchange.hold, 3600)
        end_lapsed_holds()
        buy(sandbox, booking.showtime, make_browser(2), "B1", email="other@example.com")
    elif why == "disputed":
        Sale.objects.filter(pk=booking.sale_id).update(frozen_at=timezone.now())
    else:
        cancel_showtime_now(booking.showtime)
    pay_difference(sandbox, exchange)
    pay_difference(sandbox, exchange)
    send_due_mail(now=timezone.now())
    [sent] = [one for one in mail.outbox if "were not exchanged" in one.subject]
    stays = "The tickets that you have stay good: A1, A2, with the codes we sent you before." in sent.body
    assert (sent.to, "£6.00" in sent.body, stays) == (["ada@example.com"], True, why == "sold")
    exchange.refresh_from_db()
    assert (exchange.status, exchange.payments.get().refunds.get().amount) == ("ENDED", Decimal("6.00"))
    assert [ticket.seat.label for ticket in booking.tickets.all()] == ["A1", "A2"]


def test_a_declined_card_leaves_the_old_tickets_as_they_are(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    payment = exchange.payments.get()
    sandbox.pay(payment.session_id, card=DECLINED)
    assert settle(payment_id=payment.pk, actor="test") == SettlementResult.OPEN
    exchange.refresh_from_db()
    assert (exchange.status, tickets(booking)) == ("PAYING", {"A1": "VALID", "A2": "VALID"})
    assert opens_the_door(booking, "A1")
    age_exchange(exchange)
    end_due_exchanges()
    assert (seats_of(booking), refunds(), broken_invariants()) == (["A1", "A2"], [], [])


def test_a_ticket_that_was_given_away_while_the_difference_was_paid_is_the_friends(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    given = take_ticket(code=make_transfer(booking.tickets.get(seat__label="A1")).code, holder="f" * 64)
    pay_difference(sandbox, exchange)
    exchange.refresh_from_db()
    assert (exchange.status, tickets(booking)) == ("ENDED", {"A1": "VALID", "A2": "VALID"})
    assert (refunds(), broken_invariants()) == ([Decimal("6.00")], [])
    assert given.code in booking.tickets.values_list("code", flat=True) and opens_the_door(booking, "A1")


def test_another_card_after_a_declined_one_finishes_the_exchange(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    sandbox.pay(exchange.payments.get().session_id, card=DECLINED)
    assert pay_difference(sandbox, exchange) == SettlementResult.CONFIRMED
    assert (seats_of(booking), refunds(), broken_invariants()) == (["B1", "B2"], [], [])


def opens_the_door(booking, label) -> bool:
    theater = booking.showtime.auditorium.theater
    door = Door(theater, None, "door 2", make_staff("DOOR", theater).pk)
    code = booking.tickets.get(seat__label=label).code
    return admit(text=code, door=door, now=booking.showtime.starts_at).is_welcome


def test_a_provider_that_does_not_answer_leaves_the_old_tickets_as_they_are(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    mark = planned(exchange).mark
    sandbox.go_dead()
    with pytest.raises(PaymentSessionUnavailable):
        agree_to_exchange(exchange_id=exchange.pk, browser=BUYER, mark=mark, now=timezone.now())
    assert tickets(booking) == {"A1": "VALID", "A2": "VALID"}
    assert stop_exchange(exchange_id=exchange.pk, actor="customer") == Closing.UNKNOWN
    exchange.refresh_from_db()
    assert exchange.status == "PAYING"
    sandbox.heal()
    age_exchange(exchange)
    end_due_exchanges()
    exchange.refresh_from_db()
    assert (exchange.status, seats_of(booking), refunds(), broken_invariants()) == ("ENDED", ["A1", "A2"], [], [])
    assert opens_the_door(booking, "A1") and opens_the_door(booking, "A2")


def test_once_the_grace_is_over_the_seats_do_not_wait_for_a_silent_provider(booking, sandbox):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    exchange.refresh_from_db()
    age_exchange(exchange)
    age_hold(exchange.hold, 3600)
    sandbox.go_dead()
    end_due_exchanges()
    exchange.refresh_from_db()
    assert (exchange.status, seats_of(booking)) == ("ENDED", ["A1", "A2"])


def test_a_payment_that_was_begun_while_the_one_before_was_closed_has_its_time(booking, sandbox, monkeypatch):
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    monkeypatch.setattr(exchanges, "close_payment_sessions", lambda **_: Closing.CLOSED)
    stop_exchange(exchange_id=exchange.pk, actor="customer")
    exchange.refresh_from_db()
    assert (exchange.status, exchange.payments.get().status) == ("PAYING", "OPEN")


def test_a_move_of_the_new_showtime_while_it_is_paid_gives_the_money_back(booking, sandbox):
    theater = booking.showtime.auditorium.theater
    price_list = make_price_list(theater, premium=Decimal(18))
    showtime = other_showtime(booking, price_list=price_list)
    exchange = choose(booking, "B1", "B2", showtime=showtime)
    agree(exchange)
    larger, boss = make_auditorium(theater, LARGER), make_staff("MANAGER", theater)
    asked = ChangeRequest(ChangeKind.MOVE, moves_to=current_plan(larger))
    change = plan_change(showtime=showtime, request=asked, user_id=boss.pk, now=timezone.now())
    apply_change(change_id=change.pk, reason="The heating is broken", user_id=boss.pk, now=timezone.now())
    assert pay_difference(sandbox, exchange) == SettlementResult.REFUNDING
    exchange.refresh_from_db()
    assert (exchange.status, refunds()) == ("ENDED", [Decimal(36)])
    assert (tickets(booking), seats_of(booking)) == ({"A1": "VALID", "A2": "VALID"}, ["A1", "A2"])
    assert opens_the_door(booking, "A1")
    assert broken_invariants() == []
