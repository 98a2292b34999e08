"""Staff see a failed refund in the office with its cause, and try it again."""

from decimal import Decimal

import pytest

from payments.models import Refund
from reservations.models import first_booking
from sales.models import Sale
from tests.boxoffice.actions import act, look, said, sentences
from tests.boxoffice.scenes import book, give_back, pay
from tests.factories import make_staff
from tests.ledger import nothing_changes
from tests.statuses import stand

pytestmark = pytest.mark.django_db
WHY = {"reason": "Balance is full again"}


@pytest.fixture
def failed(showtime) -> Refund:
    payment = pay(book(showtime, "A1"))
    Sale.objects.update(refund_due=Decimal("14.50"))
    refund = give_back(payment)
    stand(Refund.objects.all(), "FAILED", last_error="balance_insufficient: too small")
    refund.refresh_from_db()
    return refund


@pytest.fixture
def path(failed):
    return f"/admin/reservations/booking/{first_booking(failed.payment.sale).pk}/retry/{failed.pk}/"


def test_refund_and_booking_say_what_to_do_and_offer_it(office, failed, path):
    for address in (f"payments/refund/{failed.pk}", f"reservations/booking/{first_booking(failed.payment.sale).pk}"):
        page = office.get(f"/admin/{address}/change/").content.decode().replace("&#x27;", "'")
        assert "The balance at the payment provider was too small" in page and f'href="{path}"' in page, address


def test_the_filter_finds_what_needs_a_person(office, failed, showtime):
    mended = give_back(pay(book(showtime, "A2", number=2), number=2), number=2)
    found = office.get("/admin/payments/refund/?person=yes").context["cl"].result_list
    assert [row.pk for row in found] == [failed.pk]
    bookings = office.get("/admin/reservations/booking/?money=person").context["cl"].result_list
    assert [row.pk for row in bookings] == [first_booking(failed.payment.sale).pk]
    assert mended.pk not in {row.pk for row in found}


def test_tried_again_as_a_new_row(office, failed, path):
    page, _ = look(office, path, **WHY)
    assert "£14.50 that this booking is owed" in page and "Try £14.50 again" in page
    assert "asked for again" in said(office, act(office, path, **WHY))
    assert list(Refund.objects.order_by("pk").values_list("status", flat=True)) == ["FAILED", "REQUESTED"]


def test_double_submit_is_one_row(office, failed, path):
    act(office, path, **WHY)
    with nothing_changes():
        answer = office.post(path, {**WHY, "mark": "-", "_do": "yes"})
    assert answer.status_code == 409 and "on its way already" in sentences(answer)


def test_wrong_state_method_and_person(office, client, showtime, failed, path):
    client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    stand(Refund.objects.all(), "PENDING")
    with nothing_changes():
        assert "Only a failed refund" in sentences(office.post(path, WHY))
        assert office.put(path).status_code == 405
        assert client.post(path, {**WHY, "_do": "yes"}).status_code in {403, 404}
        assert office.get(path.replace(f"/{failed.pk}/", "/999999/")).status_code == 404
