"""Who may do what to which bookings: by role, and only at their own theater."""

import pytest
from django.test import Client

from boxoffice.models import RefundRequest
from sales.models import Sale
from staff.states import Role
from tests.boxoffice.actions import act, path_of
from tests.boxoffice.scenes import ask_back, book, give_back, pay
from tests.factories import make_staff, make_theater
from tests.ledger import nothing_changes
from tests.statuses import stand
from tests.variants import some

pytestmark = pytest.mark.django_db

# The buttons that each role sees on the page of a confirmed, paid booking.
BUTTONS = {
    Role.BOX_OFFICE: {"swap", "resend", "email"},
    Role.MANAGER: {"refund", "goodwill", "swap", "resend", "email"},
    Role.FINANCE: {"refund", "goodwill"},
    Role.AUDITOR: set(),
    Role.OWNER: {"refund", "goodwill", "swap", "resend", "email"},
}
ACTS = ("refund", "goodwill", "swap", "resend", "email")


@pytest.fixture
def booking(showtime):
    found = book(showtime, "A1")
    pay(found)
    return found


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("role", BUTTONS)
def test_buttons_and_pages_are_those_of_the_role(role, booking, showtime):
    client = signed_in(make_staff(role, showtime.auditorium.theater))
    page = client.get(f"/admin/reservations/booking/{booking.pk}/change/").content.decode()
    shown = {name for name in ACTS if f'href="{path_of(name, booking.pk)}"' in page}
    opened = {name for name in ACTS if client.get(path_of(name, booking.pk)).status_code == 200}
    assert (shown, opened) == (BUTTONS[role], BUTTONS[role])


@pytest.mark.parametrize("role", some([*BUTTONS, Role.DOOR], every=2))
def test_bookings_of_another_theater_are_not_there(role, booking, showtime):
    client = signed_in(make_staff(role, make_theater()))
    request = ask_back(booking, make_staff("MANAGER", showtime.auditorium.theater))
    paths = [path_of(name, booking.pk) for name in ACTS]
    paths += [path_of(name, request.pk) for name in ("approve", "decline")]
    paths += [f"/admin/reservations/booking/give/{showtime.pk}/"]
    with nothing_changes():
        answers = {client.post(path, {"_do": "yes", "reason": "x"}).status_code for path in paths}
    assert answers <= {403, 404}


@pytest.mark.parametrize(("role", "may"), [("FINANCE", True), ("OWNER", True), ("MANAGER", False), ("AUDITOR", False)])
def test_approving_is_for_finance_and_owners(role, may, booking, showtime):
    theater = showtime.auditorium.theater
    request = ask_back(booking, make_staff("MANAGER", theater))
    client = signed_in(make_staff(role, theater))
    page = client.get(f"/admin/boxoffice/refundrequest/{request.pk}/change/").content.decode()
    assert ("Approve the refund" in page) is may
    assert client.get(path_of("approve", request.pk)).status_code == (200 if may else 403)


def test_manager_asks_and_finance_approves(booking, showtime):
    theater = showtime.auditorium.theater
    manager, finance = signed_in(make_staff("MANAGER", theater)), signed_in(make_staff("FINANCE", theater))
    ticket = booking.tickets.get().pk
    act(manager, path_of("refund", booking.pk), tickets=[ticket], percent=100, reason="The projector broke")
    act(finance, path_of("approve", RefundRequest.objects.get().pk))
    booking.refresh_from_db()
    assert (booking.status, RefundRequest.objects.get().status) == ("CANCELED", "DONE")


@pytest.mark.parametrize(("role", "may"), [("FINANCE", True), ("MANAGER", False)])
def test_trying_again_is_offered_to_finance(role, may, booking, showtime):
    refund = give_back(booking.sale.payments.get())
    stand(type(refund).objects.all(), "FAILED", last_error="balance_insufficient: x")
    Sale.objects.update(refund_due=booking.total)
    client = signed_in(make_staff(role, showtime.auditorium.theater))
    for address in (f"payments/refund/{refund.pk}", f"reservations/booking/{booking.pk}"):
        page = client.get(f"/admin/{address}/change/").content.decode()
        assert ("Try it again" in page) is may, address


def test_giving_tickets_away_is_offered_to_managers(showtime):
    theater = showtime.auditorium.theater
    for role, may in (("MANAGER", True), ("BOX_OFFICE", False)):
        client = signed_in(make_staff(role, theater))
        page = client.get(f"/admin/reservations/booking/?showtime={showtime.pk}").content.decode()
        assert ("Give tickets away" in page) is may, role
        assert client.get(f"/admin/reservations/booking/give/{showtime.pk}/").status_code == (200 if may else 403)
