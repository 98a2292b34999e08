"""A provider was away, or gives an answer about one row that cannot be read: no payment page stays open for free seats,
and one odd answer does not keep a sweep from the rows behind it.
"""

import pytest

from payments.books.payment_sweep import look_at_due_payments
from payments.books.provider_events import settle_due_events
from payments.models import Dispute, Payment, ProviderEvent
from payments.providers import errors
from payments.refunds.disputes import follow_open_disputes
from payments.refunds.exchanges import end_due_exchanges
from payments.sessions.card_facts import note_paid_cards
from payments.sessions.session_closing import close_due_sessions
from reservations.seats.hold_sweep import end_lapsed_holds
from tests.aging import age_hold, past_grace
from tests.exchanging import (
    age_exchange,
    agree,
    buy_to_exchange,
    choose,
    let_exchange,
    pay_difference,
    refunds,
    with_all,
)
from tests.factories import begin_paying, buy, make_browser, make_showtime
from tests.ledger import broken_invariants
from tests.payments.box_office import now_due
from tests.payments.odd_answers import put_between
from tests.providers import STRIPE
from tests.standing_booking import BUYER

pytestmark = [pytest.mark.django_db, pytest.mark.long]
SESSIONS = "/v1/checkout/sessions"


def pages(sandbox, *session_ids):
    return [sandbox.session(session_id)["status"] for session_id in session_ids]


def sweep():
    now_due(Payment, "look_at")
    close_due_sessions()
    end_due_exchanges()
    look_at_due_payments()


@pytest.fixture
def two_exchanges(sandbox):
    """Two customers pay for dearer seats, and their time is over."""
    showtime = make_showtime()
    other = make_browser(7)
    let_exchange(showtime.auditorium.theater)
    begun = [
        choose(with_all(buy(sandbox, showtime, browser, old)), new, browser=browser)
        for browser, old, new in ((BUYER, "A1", "B1"), (other, "A3", "B3"))
    ]
    for exchange, browser in zip(begun, (BUYER, other), strict=True):
        agree(exchange, browser)
        exchange.refresh_from_db()
        age_exchange(exchange)
    return begun


def test_an_exchange_whose_session_cannot_be_read_does_not_keep_the_page_of_another_open(two_exchanges, sandbox):
    first, second = (exchange.payments.get().session_id for exchange in two_exchanges)
    put_between(sandbox, "a page with 200", f"{SESSIONS}/{first}*")
    end_due_exchanges()
    assert pages(sandbox, first, second) == ["open", "expired"]


def test_a_page_that_could_not_be_closed_in_time_is_closed_when_the_provider_is_back(showtime, sandbox):
    booking = begin_paying(showtime, make_browser(1), "A1")
    payment = booking.sale.payments.get()
    past_grace(booking)
    sandbox.go_dead()
    sweep()
    sandbox.heal()
    assert pages(sandbox, payment.session_id) == ["open"]
    sweep()
    booking.refresh_from_db()
    payment.refresh_from_db()
    assert (booking.status, payment.status) == ("EXPIRED", "CLOSED")
    assert (pages(sandbox, payment.session_id), broken_invariants()) == (["expired"], [])


def test_the_payment_page_of_an_exchange_is_closed_when_the_provider_is_back(sandbox):
    exchange = choose(buy_to_exchange(sandbox, "A1"), "B1")
    agree(exchange)
    exchange.refresh_from_db()
    age_exchange(exchange)
    age_hold(exchange.hold, 3600)
    sandbox.go_dead()
    sweep()
    sandbox.heal()
    sweep()
    exchange.refresh_from_db()
    payment = exchange.payments.get()
    assert (exchange.status, payment.status, pages(sandbox, payment.session_id)) == ("ENDED", "CLOSED", ["expired"])


def test_money_that_came_before_that_page_was_closed_goes_back_or_is_a_ticket(sandbox):
    exchange = choose(buy_to_exchange(sandbox, "A1"), "B1")
    agree(exchange)
    exchange.refresh_from_db()
    age_exchange(exchange)
    age_hold(exchange.hold, 3600)
    sandbox.go_dead()
    sweep()
    end_lapsed_holds()
    sandbox.heal()
    sandbox.pay(exchange.payments.get().session_id)
    sweep()
    assert (exchange.payments.get().status, len(refunds()), broken_invariants()) == ("SUCCEEDED", 1, [])


def test_a_page_that_somebody_may_still_pay_on_stays_open(showtime, sandbox):
    booking = begin_paying(showtime, make_browser(1), "A1")
    exchange = choose(buy_to_exchange(sandbox, "A3", showtime=showtime), "B1")
    agree(exchange)
    sweep()
    waiting = [booking.sale.payments.get().session_id, exchange.payments.get().session_id]
    assert pages(sandbox, *waiting) == ["open", "open"]
    assert pay_difference(sandbox, exchange) == "confirmed"


def test_a_payment_that_cannot_be_read_does_not_hide_the_next_one(showtime, sandbox):
    bookings = [begin_paying(showtime, make_browser(number), label) for number, label in ((1, "A1"), (2, "A3"))]
    first, second = (booking.sale.payments.get() for booking in bookings)
    sandbox.pay(second.session_id)
    put_between(sandbox, "another object", f"{SESSIONS}/{first.session_id}*")
    now_due(Payment, "look_at")
    look_at_due_payments()
    assert list(Payment.objects.order_by("pk").values_list("status", flat=True)) == ["OPEN", "SUCCEEDED"]


def test_cards_that_cannot_be_read_do_not_hide_the_card_behind_them(showtime, sandbox, monkeypatch):
    first, second, last = (buy(sandbox, showtime, make_browser(number), f"A{number}") for number in (1, 2, 4))
    odd = {booking.sale.payments.get().provider_id for booking in (first, second)}
    ask = STRIPE.cards_of
    monkeypatch.setattr(STRIPE, "cards_of", lambda name: silent() if name in odd else ask(name))
    for _ in range(2):
        note_paid_cards()
    assert [payment.sale_id for payment in Payment.objects.exclude(card="")] == [last.sale_id]


def unreadable():
    raise errors.Unreadable("a page of a proxy")


@pytest.fixture
def told(showtime, sandbox, deliver):
    """Payments of three people, each paid, with an event that waits. Returns their session ids in order."""
    bookings = [begin_paying(showtime, make_browser(number), f"A{number}") for number in (1, 2, 4)]
    sessions = [booking.sale.payments.get().session_id for booking in bookings]
    for session_id in sessions:
        sandbox.pay(session_id)
    deliver()
    return sessions


def settled() -> list[bool]:
    return [status == "SUCCEEDED" for status in Payment.objects.order_by("pk").values_list("status", flat=True)]


SWEEPS = {
    "events": (settle_due_events, lambda: now_due(ProviderEvent, "try_at")),
    "payments": (look_at_due_payments, lambda: now_due(Payment, "look_at")),
}


@pytest.mark.parametrize("name", SWEEPS)
@pytest.mark.parametrize("odd", ["a page with 200", "another object", "half of the JSON", "an empty object"])
def test_two_broken_objects_do_not_hide_the_third_in_the_same_sweep(told, sandbox, name, odd):
    sweep_once, make_due = SWEEPS[name]
    make_due()
    for session_id in told[:2]:
        put_between(sandbox, odd, f"{SESSIONS}/{session_id}*")
    sweep_once()
    assert settled() == [False, False, True]


@pytest.mark.parametrize("name", SWEEPS)
def test_two_objects_of_which_nothing_is_heard_hold_the_third_for_a_sweep_at_most(told, sandbox, name):
    """They are put off, so that the next sweep begins with another payment."""
    sweep_once, make_due = SWEEPS[name]
    make_due()
    for session_id in told[:2]:
        put_between(sandbox, "a page with 502", f"{SESSIONS}/{session_id}*")
    sweep_once()
    sweep_once()
    assert settled() == [False, False, True]


@pytest.mark.parametrize("name", SWEEPS)
def test_a_dead_provider_is_asked_twice_a_sweep(told, sandbox, name):
    """Each timeout lasts seconds, and other sweeps wait for the same workers. Nothing is lost."""
    sweep_once, make_due = SWEEPS[name]
    make_due()
    sandbox.go_dead()
    assert sweep_once() == 2
    sandbox.heal()
    make_due()
    sweep_once()
    assert settled() == [True] * 3 and broken_invariants() == []


def test_two_disputes_of_which_nothing_is_heard_do_not_hide_the_third_for_ever(showtime, sandbox, deliver, monkeypatch):
    *_, last = three_disputes(showtime, sandbox, deliver)
    ask = STRIPE.look_at_dispute
    monkeypatch.setattr(STRIPE, "look_at_dispute", lambda name: ask(name) if name == last else silent())
    for _ in range(40):  # one sweep in three begins with both
        follow_open_disputes()
    assert list(Dispute.objects.order_by("pk").values_list("status", flat=True)) == ["OPEN", "OPEN", "LOST"]


def silent():
    raise errors.Unknown("no answer")


def test_disputes_that_cannot_be_read_do_not_hide_the_one_behind_them(showtime, sandbox, deliver, monkeypatch):
    """They come in any order."""
    asked = []
    names = three_disputes(showtime, sandbox, deliver)
    monkeypatch.setattr(STRIPE, "look_at_dispute", lambda name: asked.append(name) or unreadable())
    follow_open_disputes()
    assert sorted(asked) == sorted(names)


def three_disputes(showtime, sandbox, deliver) -> list[str]:
    """Return the names of three disputes; the provider has lost the last one, and its news as well."""
    for number, label in ((1, "A1"), (2, "A3"), (3, "A5")):
        booking = buy(sandbox, showtime, make_browser(number), label)
        sandbox.dispute(booking.sale.payments.get().session_id)
    deliver()
    settle_due_events()
    sandbox.rule("swallow", times=None)
    names = list(Dispute.objects.order_by("pk").values_list("provider_id", flat=True))
    sandbox.lose_dispute(names[-1])
    return names
