"""A provider that the product does not know sells a ticket, from Pay to the door."""

from datetime import timedelta
from decimal import Decimal

import pytest

from core.clock import database_now
from payments.books.comparison_runs import run_due_comparison
from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.books.provider_events import record_event, settle_due_events
from payments.books.reconciliation import compare_books
from payments.models import Payment, ProviderEvent, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.database_age import check_database_age
from payments.sessions.session_closing import close_due_sessions
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking
from reservations.states import CancelCause
from tests.aging import past_time_to_pay
from tests.factories import begin_paying, make_browser
from tests.ledger import broken_invariants
from tests.payments.providers.voucher_bank import sign
from tests.payments.test_whole_way import buy

pytestmark = pytest.mark.django_db
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")


def ledgers_agree(bank):
    since = database_now() - timedelta(hours=1)
    return compare_books(providers=[bank], since=since, until=database_now() + timedelta(minutes=1)).agrees


def test_from_seats_to_ticket_and_back(showtime, client, sells_by_voucher):
    bank = sells_by_voucher
    answer = buy(client, showtime, "A1", "B1")
    payment = Payment.objects.get()
    assert (answer.status_code, answer.url) == (303, f"{bank.page_origin}/{payment.session_id}")
    assert (payment.provider, payment.status) == ("voucher bank", "OPEN")
    bank.pay(payment.session_id)
    booking = Booking.objects.get()
    client.get(f"/payments/return/{booking.reference}/")
    booking.refresh_from_db()
    payment.refresh_from_db()
    assert (booking.status, payment.status, payment.taken) == ("CONFIRMED", "SUCCEEDED", Decimal("32.00"))
    assert ledgers_agree(bank) and broken_invariants() == []
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    send_due_refunds()
    refund = Refund.objects.get()
    assert (refund.provider, refund.status, refund.amount) == ("voucher bank", "SUCCEEDED", Decimal("32.00"))
    assert bank.charge_of(payment.provider_id).refunded == Decimal("32.00")
    assert ledgers_agree(bank) and broken_invariants() == []


def test_the_pay_form_may_lead_to_its_page_and_nowhere_else(showtime, client, sells_by_voucher):
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1"]})
    policy = client.get(f"/checkout/{showtime.pk}/")["Content-Security-Policy"]
    assert f"form-action 'self' {sells_by_voucher.page_origin}" in policy


def test_its_signed_news_settle_a_payment(showtime, sells_by_voucher):
    booking = begin_paying(showtime, make_browser(1), "A1")
    payment = booking.sale.payments.get()
    body = sells_by_voucher.pay(payment.session_id)
    for _ in range(2):
        record_event(provider="voucher bank", body=body, headers=sign(body))
    event = ProviderEvent.objects.get()
    assert (event.provider, event.payment_key, event.says_paid) == ("voucher bank", payment.key, True)
    settle_due_events()
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED" and broken_invariants() == []


def test_its_session_is_closed_before_the_seats_are_free(showtime, sells_by_voucher):
    booking = begin_paying(showtime, make_browser(1), "A1")
    past_time_to_pay(booking)
    close_due_sessions()
    booking.refresh_from_db()
    session = sells_by_voucher.look_at_session(booking.sale.payments.get().session_id)
    assert (booking.status, session.is_closed) == ("EXPIRED", True)


def test_money_that_nobody_told_of_is_found_by_the_sweep(showtime, sells_by_voucher):
    booking = begin_paying(showtime, make_browser(1), "A1")
    sells_by_voucher.pay(booking.sale.payments.get().session_id)
    Payment.objects.update(look_at=database_now())
    look_at_due_payments()
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"


def test_the_nightly_comparison_and_the_age_of_the_database_ask_it_too(showtime, sells_by_voucher, sandbox):
    booking = begin_paying(showtime, make_browser(1), "A1")
    sells_by_voucher.pay(booking.sale.payments.get().session_id)
    Payment.objects.update(look_at=database_now())
    look_at_due_payments()
    assert run_due_comparison().differences == 0
    assert check_database_age() is False
    Payment.objects.all()._raw_delete(using="default")
    assert check_database_age() is True


def test_money_of_both_providers_stays_apart(showtime, bank, sandbox, settings):
    by_card = begin_paying(showtime, make_browser(1), "A1").sale.payments.get()
    settings.ONLINE_PAYMENT_PROVIDER = bank.name
    by_voucher = begin_paying(showtime, make_browser(2), "A2").sale.payments.get()
    assert (by_card.provider, by_voucher.provider) == ("stripe", "voucher bank")
    sandbox.pay(by_card.session_id)
    bank.pay(by_voucher.session_id)
    Payment.objects.update(look_at=database_now())
    look_at_due_payments()
    assert set(Booking.objects.values_list("status", flat=True)) == {"CONFIRMED"}
    assert ledgers_agree(bank) and broken_invariants() == []
