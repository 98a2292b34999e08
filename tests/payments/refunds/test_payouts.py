"""Money that was taken at the counter is paid out there: the refund waits for a person, and Stripe never hears of it."""

from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.utils import timezone

from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment, Refund
from payments.refunds.cancellation import BookingDisputed, cancel_and_refund
from payments.refunds.payouts import ForeignMoney, NotAtTheCounter, pay_out, pay_out_instead, require_another_way
from payments.refunds.refund_retries import NotFailed, OnItsWay
from payments.refunds.refund_sending import send_refund
from payments.refunds.staff_lookup import ProviderIsSilent
from payments.states import PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, Move
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.aging import unguarded
from tests.counter import make_seller, sell_seats
from tests.exchanging import agree, buy_to_exchange, choose, pay_difference
from tests.factories import buy
from tests.ledger import broken_invariants, nothing_changes
from tests.providers import STRIPE

pytestmark = pytest.mark.django_db
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")
CASH, TERMINAL = PaymentMethod.CASH, PaymentMethod.TERMINAL


@pytest.fixture
def seller(showtime):
    return make_seller(showtime, "MANAGER")


@pytest.fixture
def refund(showtime, seller):
    """A ticket for cash that was canceled, and its refund."""
    booking = sell_seats(showtime, seller, "A1", email="ada@example.com").booking
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    return Refund.objects.get()


def test_a_refund_of_cash_waits_and_is_never_sent(refund, monkeypatch):
    monkeypatch.setattr(STRIPE, "refund", lambda **_: pytest.fail("Stripe was asked"))
    with nothing_changes():
        assert send_due_refunds() == 0
        send_refund(refund_id=refund.pk)
    assert (refund.method, refund.status, list(Refund.objects.waiting_at_counter())) == ("CASH", "REQUESTED", [refund])
    assert not Refund.objects.needing_a_person().exists()
    assert broken_invariants() == []


def test_paying_out_says_who_did_it_and_how(refund, seller):
    pay_out(refund_id=refund.pk, method=CASH, operator_id=seller.operator_id)
    refund.refresh_from_db()
    assert (refund.status, refund.operator_id, refund.ended_at is not None) == ("SUCCEEDED", seller.operator_id, True)
    assert Booking.objects.get().sale.paid_out == refund.amount == Decimal("14.50")
    move = Move.objects.get(what="refund", to_status="SUCCEEDED")
    assert (move.from_status, move.actor, move.note) == ("REQUESTED", f"staff:{seller.operator_id}", "Cash")
    entry = AuditEntry.objects.get(action="pay out")
    assert entry.after == {"refund": refund.pk, "amount": "£14.50", "method": "Cash"}
    assert broken_invariants() == []


def test_cash_may_be_paid_out_by_card(refund, seller):
    assert pay_out(refund_id=refund.pk, method=TERMINAL, operator_id=seller.operator_id).method == "TERMINAL"
    assert broken_invariants() == []


def test_pressed_twice_it_is_paid_out_once(refund, seller):
    pay_out(refund_id=refund.pk, method=CASH, operator_id=seller.operator_id)
    with nothing_changes():
        pay_out(refund_id=refund.pk, method=CASH, operator_id=seller.operator_id)


def test_the_customer_reads_that_it_was_handed_over(refund, seller):
    pay_out(refund_id=refund.pk, method=CASH, operator_id=seller.operator_id)
    send_due_mail(now=timezone.now())
    [canceled] = [one for one in mail.outbox if "canceled" in one.subject.lower()]
    assert "please collect it there: show this booking" in canceled.body
    [told] = [one for one in mail.outbox if "was given back at the counter" in one.subject]
    assert "£14.50 for booking" in told.body
    assert "card" not in told.body


class TestOfACard:
    @pytest.fixture
    def failed(self, showtime, sandbox, my_browser):
        booking = buy(sandbox, showtime, my_browser, "A1", "A2")
        sandbox.switches.refunds = "insufficient_balance"
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
        send_due_refunds()
        refund = Refund.objects.get()
        assert refund.status == "FAILED"
        return refund

    def test_what_a_card_did_not_take_is_paid_out(self, failed, seller):
        made = pay_out_instead(refund_id=failed.pk, method=CASH, reason="Card gone", operator_id=seller.operator_id)
        assert (made.payment, made.status, made.method, made.amount) == (
            failed.payment, "SUCCEEDED", "CASH", Decimal("29.00"),
        )  # fmt: skip
        assert AuditEntry.objects.get(action="pay out").reason == "Card gone"
        assert broken_invariants() == []

    def test_a_refund_that_was_paid_out_is_not_tried_again_by_itself(self, failed, seller, sandbox):
        pay_out_instead(refund_id=failed.pk, method=CASH, reason="Card gone", operator_id=seller.operator_id)
        sandbox.switches.refunds = "succeeded"
        Refund.objects.filter(pk=failed.pk).update(ended_at="2020-01-01T00:00Z")
        send_due_refunds()
        assert Refund.objects.count() == 2
        assert not Refund.objects.needing_a_person().exists()

    def test_what_went_back_in_the_dashboard_is_not_paid_out_as_well(self, failed, seller, sandbox):
        sandbox.switches.refunds = "succeeded"
        sandbox.refund(failed.payment.session_id)
        with pytest.raises(OnItsWay):
            pay_out_instead(refund_id=failed.pk, method=CASH, reason="Card gone", operator_id=seller.operator_id)
        assert set(Refund.objects.values_list("method", "status")) == {("ONLINE", "FAILED"), ("ONLINE", "SUCCEEDED")}

    def test_while_stripe_is_silent_nothing_is_paid_out(self, failed, seller, settings):
        settings.STRIPE_API_BASE = "http://127.0.0.1:9"
        with nothing_changes(), pytest.raises(ProviderIsSilent):
            pay_out_instead(refund_id=failed.pk, method=CASH, reason="Card gone", operator_id=seller.operator_id)

    def test_twice_is_refused(self, failed, seller):
        pay_out_instead(refund_id=failed.pk, method=CASH, reason="Card gone", operator_id=seller.operator_id)
        with nothing_changes(), pytest.raises(OnItsWay):
            pay_out_instead(refund_id=failed.pk, method=CASH, reason="Again", operator_id=seller.operator_id)

    def test_while_the_bank_decides_nothing_is_paid_out(self, failed, seller):
        failed.payment.status = "DISPUTED"
        failed.payment.save(update_fields=["status"])
        with nothing_changes(), pytest.raises(BookingDisputed):
            pay_out_instead(refund_id=failed.pk, method=CASH, reason="Card gone", operator_id=seller.operator_id)

    def test_money_in_another_currency_is_not_paid_out(self, failed):
        with unguarded():
            Payment.objects.filter(pk=failed.payment_id).update(captured_currency="USD")
        with pytest.raises(ForeignMoney):
            require_another_way(Refund.objects.get(pk=failed.pk))


def test_a_payment_gives_back_no_more_than_it_brought(sandbox):
    """After a dearer exchange the sale has two payments, and both cards are closed."""
    booking = buy_to_exchange(sandbox, "A1", "A2")
    exchange = choose(booking, "B1", "B2")
    agree(exchange)
    pay_difference(sandbox, exchange)
    sandbox.switches.refunds = "insufficient_balance"
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    send_due_refunds()
    ways = {refund.amount: require_another_way(refund) for refund in Refund.objects.filter(status="FAILED")}
    assert ways == {Decimal("6.00"): Decimal("6.00"), Decimal("29.00"): Decimal("29.00")}


def test_a_refund_on_its_way_to_a_card_is_not_paid_out_as_well(showtime, sandbox, my_browser, seller):
    booking = buy(sandbox, showtime, my_browser, "A1")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    refund = Refund.objects.get()
    with nothing_changes(), pytest.raises(NotAtTheCounter):
        pay_out(refund_id=refund.pk, method=CASH, operator_id=seller.operator_id)
    with nothing_changes(), pytest.raises(NotFailed):
        pay_out_instead(refund_id=refund.pk, method=CASH, reason="In a hurry", operator_id=seller.operator_id)


@pytest.mark.parametrize("change", [{"method": "ONLINE"}, {"provider_id": "re_1"}, {"status": "SUBMITTED"}])
def test_the_database_keeps_cash_away_from_stripe(refund, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(**change)


def test_how_it_was_paid_out_is_frozen(refund, seller):
    pay_out(refund_id=refund.pk, method=CASH, operator_id=seller.operator_id)
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Refund.objects.filter(pk=refund.pk).update(method="TERMINAL")
