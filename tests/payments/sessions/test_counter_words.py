"""What a customer of the counter reads: how they paid, and that their refund waits there."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from payments.books.payment_sweep import send_due_refunds
from payments.models import Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.change_notices import carry_out_due
from payments.refunds.payouts import pay_out
from payments.states import PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import credit_note_of, receipt_of
from reservations.links.booking_addresses import NoAddress, change_email, resend_confirmation
from reservations.pdf.papers import paper_pdf
from reservations.states import CancelCause
from sales.models import Sale
from tests.counter import make_seller, sell_seats
from tests.ledger import broken_invariants, nothing_changes
from tests.pdfs import text_of
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1")


@pytest.fixture
def seller(showtime):
    return make_seller(showtime, "MANAGER")


@pytest.fixture
def booking(showtime, seller):
    return sell_seats(showtime, seller, "A1", "A2", email="ada@example.com").booking


@pytest.fixture
def me(booking, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    client = Client()
    client.force_login(ada)
    return client


def test_canceling_online_leaves_the_money_at_the_counter(me, booking, showtime):
    url = f"/bookings/{booking.reference}/cancel/"
    counter = f"the counter of {showtime.auditorium.theater.name}"
    page = me.get(url).content.decode()
    assert f"please collect your money at {counter}" in page and "the card you paid with" not in page
    form = {"action": "cancel", "choosing": "1", "amount": "29.00", "ticket": ["A1", "A2"]}
    said = me.post(url, form, follow=True).content.decode()
    assert "£29.00 at the counter" in said and "to your card" not in said
    assert list(Refund.objects.values_list("method", "status")) == [("CASH", "REQUESTED")]
    assert send_due_refunds() == 0
    assert broken_invariants() == []


def test_once_it_was_handed_over_the_page_says_so(me, booking, seller):
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    pay_out(refund_id=Refund.objects.get().pk, method=PaymentMethod.CASH, operator_id=seller.operator_id)
    page = me.get(f"/bookings/{booking.reference}/").content.decode()
    assert "£29.00 was given back to you at the counter." in page and "Please collect" not in page


def test_a_canceled_showtime_asks_them_to_come_to_the_counter(booking, showtime, seller):
    sell_seats(showtime, seller, "B1")
    planned = plan_change(
        showtime=showtime, request=ChangeRequest(kind=ChangeKind.CANCEL), user_id=None, now=timezone.now()
    )
    assert (planned.touched["bookings"], planned.touched["mails"], planned.touched["silent"]) == (2, 1, 1)
    apply_change(change_id=planned.pk, reason="Water", user_id=seller.operator_id, now=timezone.now())
    assert carry_out_due() == 2
    send_due_refunds()
    assert set(Refund.objects.values_list("method", "status")) == {("CASH", "REQUESTED")}
    send_due_mail(now=timezone.now())
    [told] = [one for one in mail.outbox if "The reason: Water" in one.body]
    assert "Please collect £29.00 at the counter of" in told.body and "your bank" not in told.body
    assert broken_invariants() == []


@pytest.mark.parametrize(("method", "words"), [("CASH", "Paid in cash"), ("TERMINAL", "Paid by card at the counter")])
def test_papers_say_how_it_was_paid(showtime, seller, method, words):
    booking = sell_seats(showtime, seller, "B1", method=PaymentMethod(method)).booking
    cancellation = cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    receipt, note = receipt_of(booking_id=booking.pk), credit_note_of(cancellation_id=cancellation.pk)
    assert words in text_of(paper_pdf(receipt)) and "Given back at the counter" in text_of(paper_pdf(note))
    assert "sold at the counter" in text_of(paper_pdf(receipt))


class TestAddressLater:
    def test_the_tickets_are_sent_there(self, showtime, seller):
        booking = sell_seats(showtime, seller, "A1").booking
        change_email(booking_id=booking.pk, email="ada@example.com", reason="Asked for", actor=seller.actor)
        assert list(booking.mails.values_list("kind", "contact__email")) == [("CONFIRMATION", "ada@example.com")]
        assert broken_invariants() == []

    def test_without_an_address_nothing_is_sent_again(self, showtime, seller):
        booking = sell_seats(showtime, seller, "A1").booking
        with nothing_changes(), pytest.raises(NoAddress):
            resend_confirmation(booking_id=booking.pk, before=0, reason="Asked for", actor=seller.actor)
