"""Money becomes tickets or goes back; asking Stripe decides it, once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment, Refund
from payments.providers import errors
from payments.sessions.checkout import continue_paying
from payments.sessions.session_closing import close_payment_sessions, expire_due_booking
from payments.sessions.settlement import SettlementResult, settle
from reservations.models import Hold, OutgoingMail, ShowtimeSeat
from reservations.seats.taking import take_seats
from sales.models import Contact
from tests.aging import past_grace, past_time_to_pay
from tests.factories import begin_paying, hold_seats
from tests.ledger import broken_invariants, moves_of, nothing_changes
from tests.providers import STRIPE
from theaters.models import Showtime

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    return begin_paying(showtime, my_browser, "A1", "B1")


@pytest.fixture
def payment(booking):
    return booking.sale.payments.get()


def settled(payment):
    return settle(payment_id=payment.pk, actor="test")


def refunds():
    return list(Refund.objects.values_list("amount", "currency", "status"))


def mails():
    return list(OutgoingMail.objects.order_by("pk").values_list("kind", flat=True))


def test_paid_in_time_is_confirmed(booking, payment, sandbox):
    sandbox.pay(payment.session_id)
    assert settled(payment) == SettlementResult.CONFIRMED
    booking.refresh_from_db()
    payment.refresh_from_db()
    assert (booking.status, booking.is_late, payment.status) == ("CONFIRMED", False, "SUCCEEDED")
    assert payment.provider_id == sandbox.session(payment.session_id)["payment_intent"]
    assert (mails(), refunds(), broken_invariants()) == (["CONFIRMATION"], [], [])
    assert moves_of("payment") == ["CREATED→OPEN", "OPEN→SUCCEEDED"]


def test_settling_again_changes_nothing_and_asks_nobody(payment, sandbox):
    sandbox.pay(payment.session_id)
    settled(payment)
    asked = len(sandbox.requests())
    with nothing_changes():
        assert settled(payment) == SettlementResult.DONE_BEFORE
    assert len(sandbox.requests()) == asked


def test_an_open_payment_session_is_left_alone(payment):
    with nothing_changes():
        assert settled(payment) == SettlementResult.OPEN


def test_a_declined_card_is_no_move(payment, sandbox):
    sandbox.pay(payment.session_id, card="4000000000000002")
    assert settled(payment) == SettlementResult.OPEN
    payment.refresh_from_db()
    assert (payment.status, payment.declines) == ("OPEN", 1)
    with nothing_changes():
        assert settled(payment) == SettlementResult.OPEN


def test_a_closed_payment_session_closes_the_payment_and_leaves_the_booking(booking, payment, sandbox):
    sandbox.expire(payment.session_id)
    assert settled(payment) == SettlementResult.CLOSED
    booking.refresh_from_db()
    assert (booking.status, booking.sale.payments.get().status) == ("PENDING", "CLOSED")


def test_without_an_answer_nothing_changes(payment, sandbox):
    sandbox.go_dead()
    with nothing_changes(), pytest.raises(errors.Unknown):
        settled(payment)


# Late money.


def test_late_money_with_the_seats_free_is_a_late_ticket(booking, payment, sandbox):
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    sandbox.pay_late(payment.session_id)
    assert settled(payment) == SettlementResult.CONFIRMED
    booking.refresh_from_db()
    assert (booking.status, booking.is_late, booking.ended_at) == ("CONFIRMED", True, None)
    assert moves_of("booking") == ["PENDING→EXPIRED", "EXPIRED→CONFIRMED"]
    assert (refunds(), mails(), broken_invariants()) == ([], ["CONFIRMATION"], [])


def test_money_between_the_grace_and_the_expiry_is_late_but_a_ticket(booking, payment, sandbox):
    past_grace(booking)
    sandbox.pay(payment.session_id)
    assert settled(payment) == SettlementResult.CONFIRMED
    booking.refresh_from_db()
    assert (booking.status, booking.is_late, broken_invariants()) == ("CONFIRMED", True, [])


@pytest.fixture
def too_late(showtime, booking, payment, other_browser, sandbox):
    """The booking expired, one of its two seats was sold to somebody else, and then its money came."""
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    sandbox.pay_late(payment.session_id)
    return payment


def test_money_for_seats_that_are_gone_goes_back_in_the_same_moment(booking, too_late):
    assert settled(too_late) == SettlementResult.REFUNDING
    booking.refresh_from_db()
    assert (booking.status, booking.sale.refund_due) == ("REFUNDED", Decimal("32.00"))
    assert moves_of("booking") == ["PENDING→EXPIRED", "EXPIRED→REFUNDED"]
    assert (refunds(), mails()) == ([(Decimal("32.00"), "GBP", "REQUESTED")], ["APOLOGY"])
    assert set(booking.tickets.values_list("status", flat=True)) == {"VOID"}


def test_never_a_part_of_a_booking(booking, too_late):
    settled(too_late)
    assert not ShowtimeSeat.objects.filter(booking=booking).exists()
    assert list(Hold.objects.live().get().seats.values_list("label", flat=True)) == ["A1"]
    assert broken_invariants() == []


def test_the_refund_reaches_stripe(too_late, sandbox):
    settled(too_late)
    send_due_refunds()
    assert refunds() == [(Decimal("32.00"), "GBP", "SUCCEEDED")]
    assert [refund["amount"] for refund in sandbox.desk.ledger.find("refund", "1 = 1")] == [3200]


def test_money_for_a_pending_booking_whose_seats_time_gave_away_goes_back(
    showtime, booking, payment, other_browser, sandbox
):
    past_grace(booking)
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["B1"])
    sandbox.pay(payment.session_id)
    assert settled(payment) == SettlementResult.REFUNDING
    assert moves_of("booking") == ["PENDING→EXPIRED", "EXPIRED→REFUNDED"]
    assert (len(refunds()), broken_invariants()) == (1, [])


def test_money_for_a_canceled_showtime_goes_back(booking, payment, sandbox):
    Showtime.objects.update(status="CANCELED")
    sandbox.pay(payment.session_id)
    assert settled(payment) == SettlementResult.REFUNDING
    booking.refresh_from_db()
    assert (booking.status, mails(), len(refunds())) == ("REFUNDED", ["APOLOGY"], 1)


def test_late_money_after_sales_closed_goes_back(booking, payment, sandbox):
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    Showtime.objects.update(sales_close_at=booking.created_at)
    sandbox.pay_late(payment.session_id)
    assert settled(payment) == SettlementResult.REFUNDING
    assert (mails(), broken_invariants()) == (["APOLOGY"], [])


def test_money_in_time_that_is_found_after_the_show_goes_back(booking, payment, sandbox):
    """All of our processes were down for days."""
    sandbox.pay(payment.session_id)
    past_grace(booking)
    two_days = timedelta(days=2)
    names = ("starts_at", "ends_at", "occupied_until", "sales_close_at")
    Showtime.objects.update(**{name: F(name) - two_days for name in names})
    assert settled(payment) == SettlementResult.REFUNDING
    booking.refresh_from_db()
    assert (booking.status, mails()) == ("REFUNDED", ["APOLOGY"])


def test_money_after_sales_closed_is_a_ticket(booking, payment, sandbox):
    Showtime.objects.update(sales_close_at=booking.created_at)
    sandbox.pay(payment.session_id)
    assert settled(payment) == SettlementResult.CONFIRMED


# Money that comes twice, is wrong, or is not ours.


def test_a_second_success_is_refunded_and_the_ticket_stays(booking, payment, sandbox):
    close_payment_sessions(booking_id=booking.pk, actor="test")
    continue_paying(booking_id=booking.pk)
    second = booking.sale.payments.exclude(pk=payment.pk).get()
    sandbox.pay(second.session_id)
    assert settled(second) == SettlementResult.CONFIRMED
    sandbox.pay_late(payment.session_id)
    assert settled(payment) == SettlementResult.REFUNDING
    booking.refresh_from_db()
    assert (booking.status, booking.sale.refund_due, mails()) == ("CONFIRMED", Decimal("32.00"), ["CONFIRMATION"])
    assert [(refund.payment_id, refund.amount) for refund in Refund.objects.all()] == [(payment.pk, Decimal("32.00"))]
    assert broken_invariants() == []


@pytest.fixture
def stripe_says(monkeypatch, payment):
    """Stripe's answer with some of its values changed."""
    original = STRIPE.look_at_session

    def say(**parts):
        monkeypatch.setattr(STRIPE, "look_at_session", lambda pk: type(original(pk))(**vars(original(pk)) | parts))

    return say


@pytest.fixture
def charged(sandbox, payment, settings):
    """Let Stripe take another amount than we asked for."""
    settings.STAFF_MAIL = ["finance@example.com"]

    def charge(**parts):
        sandbox.desk.ledger.save(sandbox.desk.ledger.get("checkout.session", payment.session_id) | parts)
        sandbox.pay(payment.session_id)

    return charge


@pytest.mark.parametrize("minor", [3199, 6400])
def test_a_wrong_amount_goes_back_as_it_came_gives_no_ticket_and_staff_hear_of_it(booking, payment, charged, minor):
    charged(amount_total=minor)
    assert settled(payment) == SettlementResult.REFUNDING
    send_due_refunds()
    booking.refresh_from_db()
    came = Decimal(minor) / 100
    assert (booking.status, booking.sale.refund_due, refunds()) == ("REFUNDED", came, [(came, "GBP", "SUCCEEDED")])
    assert sorted(mails()) == ["APOLOGY", "MONEY_ALERT", "REFUND"] and broken_invariants() == []
    assert OutgoingMail.objects.get(kind="MONEY_ALERT").facts["says"].endswith("All of it goes back.")


def test_a_wrong_currency_goes_back_in_that_currency(booking, payment, charged, sandbox):
    charged(currency="usd")
    assert settled(payment) == SettlementResult.REFUNDING
    send_due_refunds()
    booking.refresh_from_db()
    assert (booking.status, booking.sale.refund_due) == ("REFUNDED", Decimal(0))
    assert (refunds(), broken_invariants()) == ([(Decimal("32.00"), "USD", "SUCCEEDED")], [])
    assert [refund["currency"] for refund in sandbox.desk.ledger.find("refund", "1 = 1")] == ["usd"]


def test_a_failed_refund_of_foreign_money_is_tried_again_after_an_hour(payment, charged, sandbox):
    charged(currency="usd")
    sandbox.switches.refunds = "insufficient_balance"
    settled(payment)
    send_due_refunds()
    sandbox.switches.refunds = "succeeded"
    send_due_refunds()
    assert [status for _, _, status in refunds()] == ["FAILED"]
    Refund.objects.update(ended_at=F("ended_at") - timedelta(hours=1))
    send_due_refunds()
    assert sorted(status for _, _, status in refunds()) == ["FAILED", "SUCCEEDED"]


def test_after_five_failures_a_person_has_to_look_at_foreign_money(payment, charged, sandbox):
    charged(currency="usd")
    sandbox.switches.refunds = "insufficient_balance"
    settled(payment)
    for _ in range(7):
        send_due_refunds()
        Refund.objects.update(ended_at=F("ended_at") - timedelta(hours=1))
    assert [status for _, _, status in refunds()] == ["FAILED"] * 5


def test_what_was_captured_is_written_once(payment, sandbox):
    sandbox.pay(payment.session_id)
    settled(payment)
    with pytest.raises(DatabaseError), transaction.atomic():
        Payment.objects.update(captured=Decimal("1.00"))


@pytest.mark.parametrize("parts", [{"key": "somebody"}, {"key": ""}, {"is_live": True}])
def test_what_is_not_ours_is_ignored(payment, sandbox, stripe_says, parts):
    sandbox.pay(payment.session_id)
    stripe_says(**parts)
    with nothing_changes():
        assert settled(payment) == SettlementResult.NOT_OURS


def test_a_name_that_comes_after_the_contact_was_emptied_is_not_kept(booking, payment, sandbox, stripe_says):
    Contact.objects.update(email="", customer="", emptied_at=timezone.now())
    sandbox.pay(payment.session_id)
    stripe_says(payer_name="Ada Byron")
    settled(payment)
    assert Contact.objects.get().payer_name == ""


def test_money_while_the_customers_new_hold_has_the_seats_goes_back(showtime, booking, payment, my_browser, sandbox):
    past_time_to_pay(booking)
    expire_due_booking(booking_id=booking.pk, actor="sweep")
    hold_seats(showtime, my_browser, "A1")
    sandbox.pay_late(payment.session_id)
    assert settled(payment) == SettlementResult.REFUNDING
    assert Payment.objects.get().status == "SUCCEEDED"
