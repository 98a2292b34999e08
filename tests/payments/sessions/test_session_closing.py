"""The payment session is closed before the seat is given back, so that nobody can pay for free seats."""

import pytest

from payments.providers import errors
from payments.sessions.session_closing import Closing, change_seats, close_due_sessions, expire_due_booking
from reservations.models import Booking, Hold, ShowtimeSeat
from reservations.refusals.seats import SeatGone
from reservations.seats.taking import take_seats
from tests.aging import age_booking, past_grace, past_time_to_pay
from tests.factories import begin_paying, make_browser
from tests.ledger import broken_invariants, moves_of, nothing_changes
from tests.payments.odd_answers import put_between
from tests.providers import STRIPE

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return begin_paying(showtime, my_browser, "A1")


@pytest.fixture
def session_id(booking):
    return booking.sale.payments.get().session_id


def status(booking):
    booking.refresh_from_db()
    return booking.status, booking.sale.payments.get().status


def expire(booking):
    return expire_due_booking(booking_id=booking.pk, actor="sweep")


def asked_in_order(sandbox):
    return [note["path"].split("/")[-1] for note in sandbox.requests() if note["method"] == "POST"][1:]


def test_the_payment_session_is_closed_at_stripe_and_then_the_seats_are_free(booking, session_id, sandbox, monkeypatch):
    past_time_to_pay(booking)
    seen = []
    monkeypatch.setattr(
        "payments.sessions.session_closing.expire_booking",
        lambda booking, actor: seen.append(sandbox.session(session_id)["status"]),
    )
    assert expire(booking) == Closing.CLOSED
    assert (asked_in_order(sandbox), seen) == (["expire"], ["expired"])


def test_expired_means_seats_free_tickets_void_payment_closed(booking, session_id):
    past_time_to_pay(booking)
    expire(booking)
    assert status(booking) == ("EXPIRED", "CLOSED")
    assert list(booking.tickets.values_list("status", flat=True)) == ["VOID"]
    assert not ShowtimeSeat.objects.exclude(hold=None, booking=None, held_until=None).exists()
    assert broken_invariants() == []


def test_expiring_twice_is_expiring_once(booking):
    past_time_to_pay(booking)
    expire(booking)
    with nothing_changes():
        assert expire(booking) == Closing.CLOSED


def test_the_sweep_closes_only_payment_sessions_whose_time_is_over(booking, sandbox):
    assert close_due_sessions() == 0
    past_time_to_pay(booking)
    assert (close_due_sessions(), close_due_sessions()) == (1, 0)
    assert status(booking) == ("EXPIRED", "CLOSED")


def test_money_found_while_closing_is_a_ticket(booking, session_id, sandbox):
    sandbox.pay(session_id)
    past_time_to_pay(booking)
    assert expire(booking) == Closing.PAID
    assert (status(booking), booking.is_late) == (("CONFIRMED", "SUCCEEDED"), False)


def test_money_that_came_while_we_asked_to_close_is_a_ticket(booking, session_id, sandbox, monkeypatch):
    original = STRIPE.close_session

    def paid_a_moment_before(session_id):
        sandbox.pay(session_id)
        return original(session_id)

    monkeypatch.setattr(STRIPE, "close_session", paid_a_moment_before)
    past_time_to_pay(booking)
    assert expire(booking) == Closing.PAID
    assert status(booking) == ("CONFIRMED", "SUCCEEDED")


def test_a_payment_session_that_stripe_closed_itself_is_closed_here(booking, session_id, sandbox):
    sandbox.expire(session_id)
    past_time_to_pay(booking)
    assert expire(booking) == Closing.CLOSED
    assert (status(booking), asked_in_order(sandbox)) == (("EXPIRED", "CLOSED"), [])


def test_stripe_unreachable_within_the_grace_the_seats_stay(booking, sandbox):
    past_time_to_pay(booking)
    sandbox.go_dead()
    with nothing_changes():
        assert expire(booking) == Closing.UNKNOWN


def test_stripe_unreachable_after_the_grace_the_booking_expires(booking, sandbox):
    past_grace(booking)
    sandbox.go_dead()
    assert expire(booking) == Closing.UNKNOWN
    assert status(booking) == ("EXPIRED", "OPEN")


def test_time_alone_frees_the_seats_with_stripe_and_workers_dead(showtime, booking, other_browser, sandbox):
    past_grace(booking)
    sandbox.go_dead()
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    assert Hold.objects.live().get().seats.get().label == "A1"


def test_within_the_grace_the_seats_are_still_the_bookings(showtime, booking, other_browser):
    past_time_to_pay(booking)
    with nothing_changes(), pytest.raises(SeatGone):
        take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])


def test_a_payment_session_whose_note_was_lost_is_found_and_closed(booking, sandbox):
    sent = Booking.objects.get().sale.payments.get()
    key, request = sent.key, sent.request
    Booking.objects.get().sale.payments.all().delete()
    lost = booking.sale.payments.create(
        provider="stripe", key=key, request=request, amount=sent.amount, currency="GBP", look_at=sent.look_at
    )
    past_time_to_pay(booking)
    assert expire(booking) == Closing.CLOSED
    lost.refresh_from_db()
    assert (lost.session_id, lost.status) == (sent.session_id, "CLOSED")
    assert sandbox.session(sent.session_id)["status"] == "expired"


# The sweep.


@pytest.fixture
def three_due(showtime, sandbox):
    bookings = [begin_paying(showtime, make_browser(number), label) for number, label in enumerate(("A1", "A2", "A3"))]
    for seconds, booking in zip((630, 620, 610), bookings, strict=True):
        age_booking(booking, seconds)
    sandbox.collect()
    return [booking.sale.payments.get().session_id for booking in bookings]


def test_one_session_that_cannot_be_read_does_not_keep_the_others_open(three_due, sandbox):
    put_between(sandbox, "a page with 200", f"/v1/checkout/sessions/{three_due[0]}*")
    close_due_sessions()
    assert [sandbox.session(name)["status"] for name in three_due] == ["open", "expired", "expired"]


def test_a_stripe_that_is_away_is_not_asked_about_each(three_due, sandbox, monkeypatch):
    asked = []
    monkeypatch.setattr(STRIPE, "look_at_session", lambda name: asked.append(name) or fail())
    close_due_sessions()
    assert asked == three_due[:2]


def fail():
    raise errors.Unknown("silence")


# Change seats.


def test_changing_seats_closes_the_payment_session_and_gives_the_seats_back_to_a_hold(booking, session_id, sandbox):
    old = Hold.objects.get()
    assert change_seats(booking_id=booking.pk, actor="customer") == Closing.CLOSED
    assert (status(booking), sandbox.session(session_id)["status"]) == (("EXPIRED", "CLOSED"), "expired")
    new = Hold.objects.get(ended_at=None)
    assert (new.started_at, new.cap_at, new.seats.get().label) == (old.started_at, old.cap_at, "A1")
    assert moves_of("booking") == ["PENDING→EXPIRED"]


def test_changing_seats_of_a_paid_booking_is_a_ticket(booking, session_id, sandbox):
    sandbox.pay(session_id)
    assert change_seats(booking_id=booking.pk, actor="customer") == Closing.PAID
    assert status(booking) == ("CONFIRMED", "SUCCEEDED")
    assert not Hold.objects.live().exists()


def test_while_stripe_does_not_answer_seats_are_not_changed(booking, sandbox):
    sandbox.go_dead()
    with nothing_changes():
        assert change_seats(booking_id=booking.pk, actor="customer") == Closing.UNKNOWN


def test_after_the_cap_changing_seats_gives_them_back(booking):
    age_booking(booking, 1201)
    change_seats(booking_id=booking.pk, actor="customer")
    assert status(booking) == ("EXPIRED", "CLOSED")
    assert not Hold.objects.filter(ended_at=None).exists()


def test_changing_seats_twice_is_changing_them_once(booking):
    change_seats(booking_id=booking.pk, actor="customer")
    with nothing_changes():
        change_seats(booking_id=booking.pk, actor="customer")
