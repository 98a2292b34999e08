"""Pay writes our row first and then calls Stripe; pressed twice it leads to the same payment session."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from secrets import token_hex

import pytest
from django.db import transaction
from django.db.models import F

from core.installation import installation_id
from core.refusals import TooFast
from payments.models import Payment
from payments.providers import errors
from payments.sessions.checkout import (
    PaymentSessionRefused,
    PaymentSessionUnavailable,
    continue_paying,
    open_payment_session,
)
from payments.sessions.session_closing import close_payment_sessions
from payments.sessions.session_limits import TooManyPayments
from payments.sessions.settlement import settle
from reservations.models import Booking
from reservations.refusals.on_sale import ShowtimeCanceled
from reservations.refusals.selling import TooLateToPay
from tests.aging import past_time_to_pay, unguarded
from tests.factories import begin_paying, hold_seats, make_price_list, make_showtime, make_theater, press_pay
from tests.ledger import counts, moves_of, nothing_changes
from tests.providers import STRIPE
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
CREATE = "/v1/checkout/sessions"
AT = datetime(2026, 11, 22, tzinfo=UTC)


def sent(sandbox, path=CREATE):
    return sandbox.requests(path, "POST")


@pytest.fixture
def stranded(showtime, my_browser, sandbox):
    """Pay was pressed while Stripe did not answer: the booking waits."""
    hold_seats(showtime, my_browser, "A1")
    sandbox.go_dead()
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, my_browser, "A1")
    sandbox.heal()
    return Booking.objects.get()


def test_pay_opens_one_payment_session_with_what_the_tickets_cost(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1", "B1")
    payment = booking.sale.payments.get()
    session = sandbox.session(payment.session_id)
    assert (payment.status, payment.amount, payment.session_url) == ("OPEN", Decimal("32.00"), session["url"])
    assert (session["amount_total"], session["currency"], session["status"]) == (3200, "gbp", "open")
    assert (session["client_reference_id"], session["customer_email"]) == (payment.key, "ada@example.com")
    ours = {"booking": booking.reference, "payment": payment.key, "installation": installation_id()}
    assert session["metadata"].items() >= ours.items()
    assert counts() == {"Hold": 1, "Booking": 1, "Ticket": 2, "Payment": 1, "Move": 1}


def test_the_payment_session_asks_for_an_hour_and_is_closed_by_us(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    asked = booking.sale.payments.get().request["expires_at"]
    assert asked == int(booking.created_at.timestamp()) + 3600
    assert booking.sale.payable_until < booking.created_at + timedelta(minutes=11)


def test_yen_are_sent_without_decimals(my_browser, sandbox):
    theater = make_theater(currency="JPY", timezone_name="Asia/Tokyo", tax_rate="0.10", country="JP")
    prices = {"ADULT": Decimal(1900), "CHILD": Decimal(1000)}
    showtime = make_showtime(theater=theater, price_list=make_price_list(theater, prices, premium=Decimal(300)))
    booking = begin_paying(showtime, my_browser, "A1", "B1")
    session = sandbox.session(booking.sale.payments.get().session_id)
    assert (session["amount_total"], session["currency"], booking.total) == (4100, "jpy", Decimal(4100))


def test_pressed_again_it_is_the_same_payment_session_and_stripe_is_not_asked(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    with nothing_changes():
        again = press_pay(showtime, my_browser, "A1")
        destination = continue_paying(booking_id=booking.pk)
    assert (again, destination.url) == (booking, booking.sale.payments.get().session_url)
    assert len(sent(sandbox)) == 1


def test_stripe_dead_the_booking_waits_with_its_request_and_key(stranded):
    payment = stranded.sale.payments.get()
    assert (stranded.status, payment.status, payment.session_id) == ("PENDING", "CREATED", None)
    assert payment.request["client_reference_id"] == payment.key
    assert stranded.seats.count() == 1


def test_after_stripe_was_dead_pay_again_sends_the_same_bytes_with_the_same_key(
    stranded, showtime, my_browser, sandbox
):
    before = Payment.objects.get()
    press_pay(showtime, my_browser, "A1")
    payment = Payment.objects.get()
    assert (payment.key, payment.request, payment.status) == (before.key, before.request, "OPEN")
    assert {note["idempotency_key"] for note in sent(sandbox)} == {payment.key}


def test_an_answer_that_was_lost_is_asked_again_and_it_is_the_same_payment_session(showtime, my_browser, sandbox):
    hold_seats(showtime, my_browser, "A1")
    sandbox.fault("lose_reply", CREATE, times=None, stage="after")
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, my_browser, "A1")
    sandbox.heal()
    press_pay(showtime, my_browser, "A1")
    assert len(sandbox.desk.ledger.find("checkout.session", "1 = 1")) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_error_of_stripe_is_a_sentence_and_the_booking_waits(showtime, my_browser, sandbox, status):
    hold_seats(showtime, my_browser, "A1")
    sandbox.fault("error", CREATE, times=None, status=status)
    with pytest.raises(PaymentSessionUnavailable) as refused:
        press_pay(showtime, my_browser, "A1")
    assert (refused.value.status, "What you hold is safe" in refused.value.sentence) == (503, True)
    assert Booking.objects.get().status == "PENDING"


def test_a_refused_payment_session_fails_and_pay_again_is_a_new_payment(showtime, my_browser, sandbox):
    hold_seats(showtime, my_browser, "A1")
    sandbox.fault("error", CREATE, times=1, status=400)
    with pytest.raises(PaymentSessionRefused):
        press_pay(showtime, my_browser, "A1")
    press_pay(showtime, my_browser, "A1")
    assert list(Payment.objects.order_by("pk").values_list("status", flat=True)) == ["FAILED", "OPEN"]
    assert moves_of("payment") == ["CREATED→FAILED", "CREATED→OPEN"]


def test_a_refusal_without_a_code_settles_once_no_payment_session_can_be_open(showtime, my_browser, sandbox):
    """Stripe has never seen the key. After an hour it refuses the old deadline, without a code."""
    hold_seats(showtime, my_browser, "A1")
    sandbox.go_dead()
    with pytest.raises(PaymentSessionUnavailable):
        press_pay(showtime, my_browser, "A1")
    payment = Payment.objects.get()
    sandbox.heal()
    without = '{"error": {"type": "invalid_request_error", "message": "Too early.", "param": "expires_at"}}'
    sandbox.fault("stripes_reply", CREATE, method="POST", times=None, status=400, body=without, stage="before")
    with nothing_changes(), pytest.raises(errors.Unproven):
        settle(payment_id=payment.pk, actor="test")
    with unguarded():
        Payment.objects.update(created_at=F("created_at") - timedelta(minutes=66))
    assert settle(payment_id=payment.pk, actor="test") == "closed"


def test_after_a_payment_session_was_closed_pay_again_opens_a_new_one(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    close_payment_sessions(booking_id=booking.pk, actor="test")
    continue_paying(booking_id=booking.pk)
    assert list(booking.sale.payments.order_by("pk").values_list("status", flat=True)) == ["CLOSED", "OPEN"]


def test_a_booking_has_at_most_five_payments(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    for _ in range(4):
        close_payment_sessions(booking_id=booking.pk, actor="test")
        continue_paying(booking_id=booking.pk)
    close_payment_sessions(booking_id=booking.pk, actor="test")
    with nothing_changes(), pytest.raises(TooManyPayments):
        continue_paying(booking_id=booking.pk)


def test_after_the_payment_session_should_have_closed_nobody_is_sent_to_it(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    past_time_to_pay(booking)
    with nothing_changes(), pytest.raises(TooLateToPay):
        continue_paying(booking_id=booking.pk)


def test_a_pending_booking_may_still_be_paid_after_sales_closed(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    Showtime.objects.update(sales_close_at=F("sales_close_at") - timedelta(days=2))
    assert continue_paying(booking_id=booking.pk).url == booking.sale.payments.get().session_url


def test_a_pending_booking_of_a_canceled_showtime_is_not_sent_to_the_payment_session(showtime, my_browser, sandbox):
    booking = begin_paying(showtime, my_browser, "A1")
    Showtime.objects.update(status="CANCELED")
    with nothing_changes(), pytest.raises(ShowtimeCanceled):
        continue_paying(booking_id=booking.pk)


@pytest.fixture
def free_showtime(db):
    theater = make_theater()
    nothing = {"ADULT": Decimal(0), "CHILD": Decimal(0)}
    return make_showtime(theater=theater, price_list=make_price_list(theater, nothing, premium=Decimal(0)))


def test_a_booking_of_nothing_is_confirmed_without_stripe(free_showtime, my_browser, sandbox):
    booking = begin_paying(free_showtime, my_browser, "A1", "A2")
    assert (booking.status, booking.total, sandbox.requests()) == ("CONFIRMED", Decimal(0), [])
    assert counts() == {"Hold": 1, "Booking": 1, "Ticket": 2, "OutgoingMail": 1, "Move": 3}


def test_a_booking_of_nothing_pressed_twice_is_the_same_booking(free_showtime, my_browser):
    booking = begin_paying(free_showtime, my_browser, "A1")
    with nothing_changes():
        assert press_pay(free_showtime, my_browser, "A1") == booking


def test_a_payment_session_that_was_closed_while_it_opened_takes_nobody(stranded, sandbox):
    payment = stranded.sale.payments.get()
    close_payment_sessions(booking_id=stranded.pk, actor="sweep")
    with pytest.raises(TooLateToPay):
        open_payment_session(payment)
    assert [one["status"] for one in sandbox.desk.ledger.find("checkout.session", "1 = 1")] == ["expired"]


def test_payment_sessions_of_one_address_are_limited(showtime, my_browser, settings):
    settings.PAYMENT_SESSIONS_PER_HOUR_PER_ADDRESS = 1
    my_browser = type(my_browser)(holder=my_browser.holder, address=f"2001:db8:{token_hex(2)}:{token_hex(2)}::/64")
    hold_seats(showtime, my_browser, "A1")
    with pytest.raises((PaymentSessionUnavailable, errors.ProviderError)):
        press_pay(showtime, my_browser, "A1")
    with nothing_changes(), pytest.raises(TooFast):
        press_pay(showtime, my_browser, "A1")


# No network between BEGIN and COMMIT.


@pytest.mark.parametrize(
    "call",
    [
        lambda: STRIPE.open_session(request={}, key="k"),
        lambda: STRIPE.look_at_session("cs_1"),
        lambda: STRIPE.close_session("cs_1"),
        lambda: STRIPE.refund(provider_payment_id="pi_1", amount=Decimal(1), currency="GBP", key="k"),
        lambda: STRIPE.look_at_refund("re_1"),
        lambda: STRIPE.payment_made("pi_1"),
        lambda: STRIPE.look_at_dispute("du_1"),
        lambda: STRIPE.refunds_and_disputes_of("pi_1"),
        lambda: STRIPE.find_session(key="k", since=AT, until=AT),
        lambda: STRIPE.refunds_of("pi_1"),
        lambda: list(STRIPE.undelivered_news(since=AT)),
    ],
)
def test_the_gateway_refuses_to_work_inside_a_transaction(db, sandbox, call):
    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        call()
    assert sandbox.requests() == []
