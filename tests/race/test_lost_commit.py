"""The answer to COMMIT is lost: nobody knows whether it happened, and trying again is safe."""

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper

from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment, Refund
from payments.sessions.settlement import settle
from reservations.models import Booking, OutgoingMail
from tests.factories import begin_paying, make_browser
from tests.payments.box_office import now_due
from tests.race.racing import broken_invariants

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
FORM = {"action": "pay", "email": "ada@example.com", "total": "14.50", "type-A1": "ADULT"}


@pytest.fixture
def next_answer_is_lost(monkeypatch):
    """A function: the next COMMIT is done, and then the connection is cut."""
    commit, cuts = BaseDatabaseWrapper._commit, []

    def done_and_cut(connection):
        commit(connection)
        if cuts:
            cuts.clear()
            raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(BaseDatabaseWrapper, "_commit", done_and_cut)
    return lambda: cuts.append("now")


def test_pay_says_that_it_is_busy_and_pay_again_is_the_same_booking(showtime, sandbox, client, next_answer_is_lost):
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1"]})
    next_answer_is_lost()
    answer = client.post(f"/checkout/{showtime.pk}/", FORM)
    assert (answer.status_code, Booking.objects.get().status, sandbox.requests()) == (503, "PENDING", [])
    again = client.post(f"/checkout/{showtime.pk}/", FORM)
    assert (again.status_code, again.url) == (303, Payment.objects.get().session_url)
    assert (Booking.objects.count(), len(sandbox.desk.ledger.find("checkout.session"))) == (1, 1)
    assert broken_invariants() == set()


def test_settling_again_finds_it_done(showtime, sandbox, next_answer_is_lost):
    payment = begin_paying(showtime, make_browser(1), "A1").sale.payments.get()
    sandbox.pay(payment.session_id)
    next_answer_is_lost()
    with pytest.raises(OperationalError):
        settle(payment_id=payment.pk, actor="test")
    assert settle(payment_id=payment.pk, actor="test") == "done before"
    assert (Booking.objects.get().status, OutgoingMail.objects.count(), broken_invariants()) == ("CONFIRMED", 1, set())


def test_a_refund_whose_request_was_committed_unheard_is_sent_once(showtime, sandbox, next_answer_is_lost):
    payment = begin_paying(showtime, make_browser(1), "A1").sale.payments.get()
    sandbox.pay(payment.session_id)
    type(showtime).objects.update(status="CANCELED")
    settle(payment_id=payment.pk, actor="test")
    next_answer_is_lost()
    send_due_refunds()
    now_due(Refund, "look_at")
    send_due_refunds()
    assert [refund.status for refund in Refund.objects.all()] == ["SUCCEEDED"]
    assert len(sandbox.desk.ledger.find("refund")) == 1
