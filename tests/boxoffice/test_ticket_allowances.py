"""Staff allow one person more tickets than the limit; the reason is kept."""

import pytest
from django.test import Client

from reservations.models import TicketAllowance
from staff.models import AuditEntry
from tests.factories import make_allowance, make_showtime, make_staff

pytestmark = pytest.mark.django_db
ADD = "/admin/reservations/ticketallowance/add/"


@pytest.fixture
def showtime(settings):
    settings.TICKETS_PER_PERSON_AND_SHOWTIME = 20
    return make_showtime()


@pytest.fixture
def manager(showtime):
    client = Client()
    client.force_login(make_staff("MANAGER", showtime.auditorium.theater))
    return client


def form(at, **changes):
    return {
        "showtime": at.pk,
        "email": "Class+5b@example.com",
        "most": "32",
        "reason": "A school class",
    } | changes


def test_an_allowance_is_given_and_the_audit_log_says_why(showtime, manager):
    assert manager.post(ADD, form(showtime)).status_code == 302
    allowance = TicketAllowance.objects.get()
    assert (allowance.customer, allowance.most, allowance.reason) == ("class@example.com", 32, "A school class")
    entry = AuditEntry.objects.get(what="reservations.ticketallowance")
    assert (entry.action, entry.after["Reason"], entry.theater) == (
        "add",
        "A school class",
        showtime.auditorium.theater,
    )


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"most": "20"}, "most"),
        ({"email": "nobody"}, "email"),
        ({"showtime": ""}, "showtime"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(showtime, manager, wrong, field):
    answer = manager.post(ADD, form(showtime, **wrong))
    assert field in answer.context["adminform"].form.errors and not TicketAllowance.objects.exists()


def test_one_person_has_one_allowance(showtime, manager):
    make_allowance(showtime, email="class@example.com")
    answer = manager.post(ADD, form(showtime))
    assert "email" in answer.context["adminform"].form.errors and TicketAllowance.objects.count() == 1


def test_another_theaters_showtime_cannot_be_chosen(showtime, manager):
    answer = manager.post(ADD, form(make_showtime()))
    assert "showtime" in answer.context["adminform"].form.errors and not TicketAllowance.objects.exists()
