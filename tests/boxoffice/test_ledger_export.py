"""The file for accounting in the office: only people with the right get it, for their theaters, and it is logged."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from houses.business_days import business_day
from staff.models import AuditEntry, StaffRole
from tests.boxoffice.scenes import book
from tests.factories import make_theater

pytestmark = pytest.mark.django_db
PAGE = "/admin/ledger/"


@pytest.fixture
def theater(showtime):
    return showtime.auditorium.theater


@pytest.fixture
def staff(theater):
    def sign_in(role):
        user = User.objects.create_user("f@example.com", "a long pass phrase", is_staff=True)
        StaffRole.objects.create(user=user, theater=theater, role=role)
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def asked(theater, **days):
    today = business_day(theater, timezone.now()).isoformat()
    return {"theater": theater.pk, "first": today, "last": today, **days}


def test_finance_downloads_its_theater(staff, theater):
    answer = staff("FINANCE").get(PAGE, asked(theater))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="ledger-{theater.slug}-')
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbfday,theater,book,kind,booking")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.theater, entry.after["first"]) == (
        "export ledger", theater, asked(theater)["first"],
    )  # fmt: skip


def test_the_form_offers_own_theaters_and_yesterday(staff, theater):
    other = make_theater()
    page = staff("AUDITOR").get(PAGE).content.decode()
    assert theater.name in page and other.name not in page
    assert not AuditEntry.objects.exists()


def test_another_theater_is_no_choice(staff, theater):
    answer = staff("FINANCE").get(PAGE, asked(make_theater()))
    assert answer.status_code == 422
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR", "MANAGER"])
def test_the_right_is_needed(staff, theater, role):
    assert staff(role).get(PAGE, asked(theater)).status_code == 403


@pytest.mark.parametrize(
    "days", [{"first": "2027-03-02", "last": "2027-03-01"}, {"first": "2027-01-01"}, {"first": "x"}]
)
def test_days_that_make_no_sense_are_told(staff, theater, days):
    answer = staff("FINANCE").get(PAGE, asked(theater, **{"last": "2027-06-01", **days}))
    assert answer.status_code == 422 and b"errorlist" in answer.content


def test_no_address_of_a_customer_leaves_the_house(staff, theater, showtime):
    booking = book(showtime, "A1")
    text = b"".join(staff("FINANCE").get(PAGE, asked(theater)).streaming_content).decode()
    assert booking.reference in text and "@" not in text


def test_only_get(staff):
    assert staff("FINANCE").post(PAGE).status_code == 405


def test_guests_are_sent_to_the_sign_in(client, theater):
    assert client.get(PAGE).url.startswith("/accounts/login/?next=/admin/ledger/")


def test_payments_lead_there(office, theater):
    assert f'<a href="{PAGE}">' in office.get("/admin/payments/payment/").content.decode()
