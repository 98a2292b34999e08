"""Staff ask Stripe again about a payment: the answer is handled as always, and the log says who asked."""

import pytest

from payments.models import Payment
from reservations.models import Move, first_booking
from staff.models import AuditEntry
from tests.boxoffice.actions import act, look, said, sentences
from tests.factories import begin_paying, make_staff
from tests.ledger import broken_invariants, nothing_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def payment(showtime, my_browser, sandbox) -> Payment:
    return begin_paying(showtime, my_browser, "A1").sale.payments.get()


@pytest.fixture
def path(payment):
    return f"/admin/reservations/booking/{first_booking(payment.sale).pk}/ask/{payment.pk}/"


def test_the_booking_offers_it_and_says_what_happens(office, payment, path):
    page = office.get(f"/admin/reservations/booking/{first_booking(payment.sale).pk}/change/").content.decode()
    assert f'href="{path}"' in page
    assert "Nobody is charged by asking" in look(office, path)[0]


def test_money_that_nobody_told_us_of_confirms_and_the_log_names_who_asked(office, manager, payment, path, sandbox):
    sandbox.pay(payment.session_id)
    assert "The booking is confirmed" in said(office, act(office, path))
    payment.sale.bookings.get().refresh_from_db()
    actors = set(Move.objects.filter(what__in=["booking", "ticket"]).values_list("actor", flat=True))
    assert (payment.sale.bookings.get().status, actors, broken_invariants()) == (
        "CONFIRMED",
        {f"staff:{manager.pk}"},
        [],
    )
    entry = AuditEntry.objects.get(action="asked provider")
    assert (entry.actor, entry.after["status"]) == (f"staff:{manager.pk}", "SUCCEEDED")


def test_a_refund_and_a_dispute_we_never_heard_of_are_found(office, payment, path, sandbox):
    sandbox.pay(payment.session_id)
    act(office, path)
    sandbox.refund(payment.session_id, amount=500)
    sandbox.dispute(payment.session_id)
    sandbox.collect()
    assert "as Stripe has them" in said(office, act(office, path))
    payment.refresh_from_db()
    assert (payment.status, payment.refunds.get().status, payment.disputes.get().status) == (
        "DISPUTED",
        "SUCCEEDED",
        "OPEN",
    )
    assert broken_invariants() == []


def test_an_open_payment_session_stays_open(office, payment, path):
    assert "nobody has paid yet" in said(office, act(office, path))
    payment.refresh_from_db()
    assert payment.status == "OPEN"


def test_without_an_answer_nothing_changes_and_it_says_so(office, payment, path, sandbox):
    sandbox.go_dead()
    with nothing_changes():
        answer = office.post(path, {"mark": "-", "_do": "yes"})
    assert answer.status_code == 503 and "does not answer right now" in sentences(answer)


def test_somebody_elses_payment_is_404(office, payment, showtime, other_browser, path):
    other = begin_paying(showtime, other_browser, "A2")
    assert office.get(path.replace(f"/{first_booking(payment.sale).pk}/ask", f"/{other.pk}/ask")).status_code == 404


def test_people_who_may_only_look_are_refused(client, payment, path, showtime):
    client.force_login(make_staff("AUDITOR", showtime.auditorium.theater))
    assert client.get(path).status_code == 403
