"""The booking's page says where the money is: each step with its time, amount, reference and expected day."""

import re

import pytest
from django.utils import timezone

from core.clock import ClockTimestamp
from core.texts.local_formats import format_day
from payments.books.payment_sweep import send_due_refunds
from payments.models import Dispute, Payment, Refund
from payments.records.status_changes import move_dispute
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.disputes import follow_dispute
from payments.refunds.money_trail import DAYS_OF_BANKS, money_trail
from payments.refunds.refund_answers import drop_request, refresh_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.states import CancelCause
from tests.factories import begin_paying, buy, make_browser
from tests.payments.privacy.test_own_data import hers

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1", "A2")


def said(booking):
    return [
        re.sub(r" with the card that ends in \d+", " online", step.sentence) for step in money_trail(booking.reference)
    ]


def cancel_one(booking):
    ticket = booking.tickets.order_by("pk").first()
    origin = CancellationOrigin(CancelCause.STAFF, "test")
    cancel_and_refund(booking_id=booking.pk, ticket_ids=[ticket.pk], origin=origin)


def test_each_step_has_its_time_amount_reference_and_day(booking, client):
    Payment.objects.update(card_last4="4242")
    cancel_one(booking)
    send_due_refunds()
    paid, canceled, refund = money_trail(booking.reference)
    assert paid.sentence == "You paid £29.00 with the card that ends in 4242."
    assert canceled.sentence == "Tickets were canceled: £14.50 goes back."
    row = Refund.objects.get()
    assert (refund.reference, refund.provider_number) == ("", row.provider_id)
    assert refund.sentence == "£14.50 was sent to your bank."
    assert (refund.expected_on - refund.at.date()).days == DAYS_OF_BANKS
    page = hers(client, booking).get(booking.get_absolute_url()).content.decode()
    assert f"Our payment provider&#x27;s number: {row.provider_id}" in page.replace("'", "&#x27;")
    assert "Reference for your bank" not in page and format_day(refund.expected_on) in page


def test_the_bank_finds_a_refund_by_its_own_number_once_the_provider_knows_it(booking, sandbox, client):
    cancel_one(booking)
    send_due_refunds()
    row = Refund.objects.get()
    assert (row.status, row.bank_reference) == ("SUCCEEDED", "")
    sandbox.refund_reference_is_known(row.provider_id, "74208494300000012345678")
    assert refresh_refund(provider=row.provider, provider_id=row.provider_id)
    assert money_trail(booking.reference)[-1].reference == "74208494300000012345678"
    refresh_refund(provider=row.provider, provider_id=row.provider_id)
    row.refresh_from_db()
    assert (row.status, row.bank_reference) == ("SUCCEEDED", "74208494300000012345678")
    page = hers(client, booking).get(booking.get_absolute_url()).text
    assert "Reference for your bank: 74208494300000012345678" in page and row.provider_id not in page


def test_a_refund_that_is_on_its_way_may_have_the_number_already(booking, sandbox):
    cancel_one(booking)
    send_due_refunds()
    row = Refund.objects.get()
    Refund.objects.update(status="PENDING", ended_at=None)
    sandbox.refund_reference_is_known(row.provider_id, "7420849")
    refresh_refund(provider=row.provider, provider_id=row.provider_id)
    row.refresh_from_db()
    assert (row.status, row.bank_reference) == ("SUCCEEDED", "7420849")


def test_before_it_was_sent_and_when_it_failed(booking):
    cancel_one(booking)
    assert money_trail(booking.reference)[-1].sentence == "£14.50 will be sent to your bank within the hour."
    Refund.objects.update(status="FAILED", ended_at=timezone.now())
    assert money_trail(booking.reference)[-1].sentence == (
        "£14.50 did not arrive. Our box office has been told and sends it again; then the day on which it should arrive is "
        "here too."
    )


def test_a_request_that_another_refund_made_needless_is_not_said_to_be_lost(booking):
    cancel_one(booking)
    drop_request(Refund.objects.get())
    assert money_trail(booking.reference)[-1].sentence == (
        "£14.50 did not have to be sent: the same money goes back to you in another way."
    )


TOOK = "Your bank took £29.00 back, because the payment was disputed. It will decide who gets the money."


@pytest.mark.parametrize(
    ("outcome", "says"),
    [
        ("won", ["Your bank decided that the payment counts: £29.00 is paid."]),
        (
            "lost",
            [
                "Your tickets were canceled, because your bank took their price back.",
                "Your bank decided that £29.00 is yours.",
            ],
        ),
    ],
)
def test_a_dispute_and_its_end_are_steps_of_their_own(booking, sandbox, outcome, says):
    opened = sandbox.dispute(booking.sale.payments.get().session_id)
    follow_dispute(provider="stripe", provider_id=opened["id"])
    assert said(booking) == ["You paid £29.00 online.", TOOK]
    {"won": sandbox.win_dispute, "lost": sandbox.lose_dispute}[outcome](opened["id"])
    follow_dispute(provider="stripe", provider_id=opened["id"])
    assert sorted(said(booking)[2:]) == sorted(says)


def test_a_question_of_the_bank_moves_no_money(booking):
    payment = booking.sale.payments.get()
    facts = {"amount": payment.amount, "currency": payment.currency, "reason": "general", "status": "INQUIRY"}
    dispute = Dispute.objects.create(payment=payment, provider=payment.provider, provider_id="dp_1", **facts)
    asked = "Your bank asked about the payment. No money has moved."
    assert said(booking)[1:] == [asked]
    move_dispute(dispute, "CLOSED", actor="test", ended_at=ClockTimestamp())
    assert said(booking)[1:] == [asked, "Your bank has no more questions about the payment. No money has moved."]


def test_nothing_is_said_of_what_was_not_paid(showtime, sandbox):
    assert money_trail(begin_paying(showtime, make_browser(1), "A1").reference) == []
