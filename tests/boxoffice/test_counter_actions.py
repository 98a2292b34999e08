"""Mailing again and swapping seats for a booking found at the counter, whose pause until a new sign-in is longer than the
office's.
"""

import re

import pytest
from django.test import Client

from boxoffice.views import counter_actions
from reservations.models import Move, OutgoingMail, SeatSwap
from staff.models import AuditEntry
from tests.boxoffice.actions import act, look
from tests.boxoffice.scenes import book
from tests.factories import make_showtime, make_staff
from tests.ledger import nothing_changes
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(showtime):
    return book(showtime, "A1", "A2")


@pytest.fixture
def person(showtime):
    return make_staff("BOX_OFFICE", showtime.auditorium.theater)


@pytest.fixture
def clerk(person):
    client = Client()
    client.force_login(person)
    return client


def path(booking, name):
    return f"/counter/sales/{booking.reference}/{name}/"


def swap(booking, *labels, of=("A1",)):
    tickets = booking.tickets.filter(seat__label__in=of).values_list("pk", flat=True)
    return {"tickets": list(tickets), "seats": list(labels), "reason": "The seat is wet"}


AGAIN = {"before": 0, "reason": "Lost it"}


def test_what_was_found_leads_to_the_counter(clerk, booking):
    page = clerk.get("/counter/find/", {"q": booking.reference}).content.decode()
    acts = re.search(r'<div class="found-acts">(.*?)</div>', page, re.DOTALL).group(1)
    assert {path(booking, "resend"), path(booking, "swap")} <= set(re.findall(r'href="([^"]+)"', acts))
    assert "/admin/" not in acts


def test_sent_again_with_its_reason(clerk, person, booking):
    page, _ = look(clerk, path(booking, "resend"), **AGAIN)
    assert f"goes to {booking.email} once more." in page and "Lost it" in page
    answer = act(clerk, path(booking, "resend"), **AGAIN)
    assert (answer.status_code, answer.url) == (302, f"/counter/sales/{booking.reference}/")
    assert "On its way to" in clerk.get(answer.url).content.decode()
    assert OutgoingMail.objects.filter(booking=booking, kind="RESENT").count() == 1
    entry = AuditEntry.objects.get(action="send confirmation again")
    assert (entry.user, entry.reason) == (person, "Lost it")
    clerk.post(path(booking, "resend"), {**AGAIN, "mark": "-", "_do": "yes"})
    assert OutgoingMail.objects.filter(booking=booking, kind="RESENT").count() == 1


def test_other_seats_with_their_reason(clerk, person, booking):
    page, _ = look(clerk, path(booking, "swap"), **swap(booking, "B1"))
    assert "A1 → B1 (Adult). The price stays £14.50." in page
    answer = act(clerk, path(booking, "swap"), **swap(booking, "B1"))
    assert (answer.status_code, answer.url) == (302, f"/counter/sales/{booking.reference}/")
    assert set(booking.tickets.values_list("seat__label", flat=True)) == {"A2", "B1"}
    assert AuditEntry.objects.get(action="swap seats").user == person
    assert Move.objects.get(what="swap").actor == f"staff:{person.pk}"


def test_a_refusal_is_said_and_changes_nothing(clerk, showtime, booking):
    _, mark = look(clerk, path(booking, "swap"), **swap(booking, "B1"))
    book(showtime, "B1", number=5)
    with nothing_changes():
        answer = clerk.post(path(booking, "swap"), {**swap(booking, "B1"), "mark": mark, "_do": "yes"})
    assert answer.status_code in (409, 422) and 'role="alert"' in answer.content.decode()
    assert not SeatSwap.objects.exists()
    answer = clerk.post(path(booking, "swap"), {**swap(booking), "reason": ""})
    assert answer.status_code == 422 and "Choose as many seats as tickets." in answer.content.decode()


@pytest.mark.parametrize("name", ["resend", "swap"])
def test_a_pause_that_ends_the_office_does_not_end_it(settings, time_machine, person, booking, name):
    settings.STAFF_IDLE_SECONDS, settings.COUNTER_IDLE_SECONDS = 15 * 60, 12 * 3600
    time_machine.move_to("2027-03-01T08:00:00Z", tick=False)
    client = signed_in(person)
    time_machine.shift(5 * 3600)
    assert client.get(path(booking, name)).status_code == 200
    assert client.get(f"/admin/reservations/booking/{booking.pk}/{name}/").status_code == 302


@pytest.mark.parametrize("name", ["resend", "swap"])
def test_the_rights_are_those_of_the_office(showtime, booking, name, monkeypatch):
    elsewhere, door = Client(), Client()
    elsewhere.force_login(make_staff("BOX_OFFICE", make_showtime().auditorium.theater))
    door.force_login(make_staff("DOOR", showtime.auditorium.theater))
    assert elsewhere.get(path(booking, name)).status_code == 404
    assert door.get(path(booking, name)).status_code == 403
    clerk = Client()
    clerk.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    for kind in (counter_actions.ResendAtCounter, counter_actions.SwapAtCounter):
        monkeypatch.setattr(kind, "permission", "payments.approve_refund")
    assert clerk.get(path(booking, name)).status_code == 403
    assert clerk.post(path(booking, name), AGAIN | swap(booking, "B1") | {"_do": "yes", "mark": "-"}).status_code == 403
    assert Client().get(path(booking, name)).status_code == 302
