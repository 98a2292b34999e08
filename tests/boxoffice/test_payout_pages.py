"""Paying out in the office: staff with the right see what waits, and confirm once that the money was handed over."""

import pytest

from payments.books.payment_sweep import send_due_refunds
from payments.models import Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import first_booking
from reservations.states import CancelCause
from tests.boxoffice.actions import act, look, said, sentences
from tests.counter import make_seller, sell_seats
from tests.factories import buy, make_browser, make_staff
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
CASH = {"method": "CASH"}


@pytest.fixture
def waiting(showtime) -> Refund:
    seller = make_seller(showtime, "MANAGER")
    booking = sell_seats(showtime, seller, "A1").booking
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, seller.actor)
    )
    return Refund.objects.get()


def path_of(refund):
    return f"/admin/reservations/booking/{first_booking(refund.payment.sale).pk}/pay-out/{refund.pk}/"


def test_what_waits_is_on_the_first_page_and_in_a_list(office, waiting):
    (concern,) = office.get("/admin/").context["board"].concerns
    assert (concern.count, concern.text) == (1, "refund waits to be paid out at the counter")
    found = office.get("/admin/payments/refund/?counter=waiting").context["cl"].result_list
    assert [row.pk for row in found] == [waiting.pk]


def test_refund_and_booking_offer_it(office, waiting):
    for address in (f"payments/refund/{waiting.pk}", f"reservations/booking/{first_booking(waiting.payment.sale).pk}"):
        page = office.get(f"/admin/{address}/change/").content.decode()
        assert "It waits at the counter" in page and f'href="{path_of(waiting)}"' in page, address


def test_paid_out_as_it_was_shown(office, waiting):
    page, _ = look(office, path_of(waiting), **CASH)
    assert "£14.50 is handed to the customer" in page
    assert "£14.50 is paid out: cash" in said(office, act(office, path_of(waiting), **CASH))
    waiting.refresh_from_db()
    assert (waiting.status, waiting.method) == ("SUCCEEDED", "CASH")


def test_a_card_that_takes_no_money_is_paid_out_with_a_reason(office, showtime, sandbox):
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    sandbox.switches.refunds = "insufficient_balance"
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1"))
    send_due_refunds()
    failed = Refund.objects.get()
    assert office.post(path_of(failed), CASH).status_code == 422
    act(office, path_of(failed), **CASH, reason="Card is gone")
    assert list(Refund.objects.order_by("pk").values_list("method", "status")) == [
        ("ONLINE", "FAILED"), ("CASH", "SUCCEEDED"),
    ]  # fmt: skip


def test_wrong_state_method_and_person(office, client, showtime, waiting):
    client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    with nothing_changes():
        assert client.post(path_of(waiting), {**CASH, "_do": "yes"}).status_code in {403, 404}
        assert office.put(path_of(waiting)).status_code == 405
        assert office.post(path_of(waiting), {"method": "ONLINE", "_do": "yes"}).status_code == 422
    act(office, path_of(waiting), **CASH)
    with nothing_changes():
        assert "paid out already" in sentences(office.post(path_of(waiting), CASH))
