"""A Checkout Session is opened once, its closing is verified, and an answer counts only if it is about that session."""

import hashlib
import json

import pytest
from django.test import Client

from payments.books.provider_events import fetch_undelivered
from payments.models import Payment
from payments.providers import errors
from payments.refunds.disputes import follow_dispute
from payments.sessions.checkout import PaymentSessionUnavailable, open_payment_session
from payments.sessions.payment_sessions import current_session
from payments.sessions.session_closing import Closing, close_payment_sessions
from payments.sessions.settlement import settle
from reservations.models import Booking
from reservations.seats.taking import Browser
from tests.factories import begin_paying, buy, hold_seats, press_pay
from tests.ledger import broken_invariants, nothing_changes
from tests.payments.odd_answers import NOT_STRIPES_OWN, put_between
from tests.providers import STRIPE
from tests.variants import some

pytestmark = pytest.mark.django_db
SESSIONS = "/v1/checkout/sessions"
COOKIE = "a-cookie-of-128-random-bits"


def at_stripe(sandbox) -> list[str]:
    return [session["status"] for session in sandbox.desk.ledger.find("checkout.session")]


@pytest.mark.parametrize("answer", some(NOT_STRIPES_OWN, every=3))
def test_an_answer_that_is_no_session_is_unknown_and_pay_asks_with_the_same_key(showtime, my_browser, sandbox, answer):
    hold_seats(showtime, my_browser, "A1")
    put_between(sandbox, answer, SESSIONS)
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, my_browser, "A1")
    assert (Payment.objects.get().status, at_stripe(sandbox)) == ("CREATED", ["open"])
    sandbox.heal()
    press_pay(showtime, my_browser, "A1")
    payment = Payment.objects.get()
    keys = {note["idempotency_key"] for note in sandbox.requests(SESSIONS, "POST")}
    assert (payment.status, at_stripe(sandbox), keys) == ("OPEN", ["open"], {payment.key})


@pytest.mark.parametrize("answer", ["a page with 200", "half of the JSON", "a session whose address is none"])
def test_the_page_says_that_pay_can_be_pressed_again_and_claims_nothing(showtime, sandbox, answer):
    client = Client()
    client.cookies["holder"] = COOKIE
    hold_seats(showtime, Browser(holder=hashlib.sha256(COOKIE.encode()).hexdigest(), address="127.0.0.1"), "A1")
    put_between(sandbox, answer, SESSIONS)
    form = {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"}
    page = client.post(f"/checkout/{showtime.pk}/", form)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "press Pay again" in page.content.decode() and "othing was charged" not in page.content.decode()


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return begin_paying(showtime, my_browser, "A1")


def test_a_session_that_cannot_be_read_changes_nothing(booking, sandbox):
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    for answer in NOT_STRIPES_OWN:
        sandbox.heal()
        put_between(sandbox, answer, f"{SESSIONS}/*")
        with nothing_changes(), pytest.raises(errors.Unknown):
            settle(payment_id=payment.pk, actor="test")


def test_a_session_that_is_not_proven_closed_keeps_its_seats(booking, sandbox):
    for answer in NOT_STRIPES_OWN:
        sandbox.heal()
        put_between(sandbox, answer, f"{SESSIONS}/*/expire")
        put_between(sandbox, answer, f"{SESSIONS}/cs*")
        with nothing_changes():
            assert close_payment_sessions(booking_id=booking.pk, actor="sweep") == Closing.UNKNOWN, answer
    sandbox.heal()
    assert close_payment_sessions(booking_id=booking.pk, actor="sweep") == Closing.CLOSED
    assert (at_stripe(sandbox), Booking.objects.get().status) == (["expired"], "PENDING")


def test_a_payment_page_that_is_open_is_found_again_without_the_provider(booking, sandbox):
    payment = booking.sale.payments.get()
    sandbox.go_dead()
    assert open_payment_session(payment) == payment.session_url != ""


def test_another_session_than_the_one_asked_for_is_unknown(booking, sandbox, showtime, other_browser):
    other = begin_paying(showtime, other_browser, "B1").sale.payments.get()
    sandbox.pay(other.session_id)
    sandbox.fault("reply", f"{SESSIONS}/*", status=200, body=json.dumps(sandbox.session(other.session_id)))
    with nothing_changes(), pytest.raises(errors.Unknown):
        settle(payment_id=booking.sale.payments.get().pk, actor="test")


def test_a_proxys_500_does_not_count_as_stripes_and_opens_no_second_session(showtime, my_browser, sandbox):
    """Stripe may still be working behind the proxy: the session is not in its list yet."""
    hold_seats(showtime, my_browser, "A1")
    sandbox.fault("proxy", SESSIONS, method="POST", stage="before", status=504, times=None)
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, my_browser, "A1")
    assert Payment.objects.get().status == "CREATED"


def test_stripes_own_500_that_opened_nothing_is_known_to_be_no_session(showtime, my_browser, sandbox):
    """Stripe repeats that answer for this key, and its list has no session: nobody can pay, and the seats may go back."""
    hold_seats(showtime, my_browser, "A1")
    sandbox.fault("proxy", SESSIONS, method="POST", stage="before", status=504, times=None)
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, my_browser, "A1")
    sandbox.heal()
    sandbox.fault("error", SESSIONS, method="POST", stage="before", status=500, times=None)
    assert current_session(Payment.objects.get()) is None and at_stripe(sandbox) == []


# Other values that are read from Stripe.


@pytest.mark.parametrize(
    "ask",
    [
        fetch_undelivered,
        lambda: follow_dispute(provider="stripe", provider_id="du_1"),
        lambda: STRIPE.payment_made("pi_1"),
        lambda: STRIPE.refunds_and_disputes_of("pi_1"),
    ],
)
def test_news_and_disputes_that_cannot_be_read_are_unknown(db, sandbox, ask):
    for answer in NOT_STRIPES_OWN:
        sandbox.heal()
        put_between(sandbox, answer, "/v1/*")
        with nothing_changes(), pytest.raises(errors.Unknown):
            ask()


# The captured amount is the one that Stripe took.


@pytest.mark.parametrize(("taken", "cents"), [("10.00", 1000), ("20.00", 2000)])
def test_what_stripe_took_is_written_down_and_another_amount_goes_back(booking, sandbox, taken, cents, settings):
    settings.STAFF_MAIL = ["finance@example.com"]
    sandbox.switches.takes = cents
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    assert settle(payment_id=payment.pk, actor="test") == "refunding"
    payment.refresh_from_db()
    refund = payment.refunds.get()
    assert (str(payment.captured), str(payment.amount), str(refund.amount)) == (taken, "14.50", taken)
    assert (Booking.objects.get().status, broken_invariants()) == ("REFUNDED", [])


def test_paid_without_saying_how_much_came_is_unknown(booking, sandbox):
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    session = sandbox.session(payment.session_id)
    sandbox.fault("reply", f"{SESSIONS}/*", status=200, body=json.dumps(session))
    with nothing_changes(), pytest.raises(errors.Unknown):
        settle(payment_id=payment.pk, actor="test")


def test_the_right_amount_confirms(showtime, my_browser, sandbox):
    booking = buy(sandbox, showtime, my_browser, "A1")
    assert (booking.status, str(booking.sale.payments.get().captured)) == ("CONFIRMED", "14.50")
