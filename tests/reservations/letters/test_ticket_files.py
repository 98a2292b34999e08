"""A ticket as a QR code, a PDF and a calendar entry; there is none for a ticket that is unpaid or void."""

import secrets
from datetime import timedelta
from decimal import Decimal

import pytest
from icalendar import Calendar

from core.installation import installation_id
from payments.sessions.checkout import pay
from reservations.models import Ticket
from reservations.seats.taking import take_seats
from reservations.selling.bookings import PayForm
from reservations.states import TicketStatus
from tests.factories import make_auditorium, make_price_list, make_showtime, make_theater
from tests.pdfs import pages_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(my_browser):
    auditorium = make_auditorium(make_theater())
    free = make_price_list(auditorium.theater, {"ADULT": Decimal(0), "CHILD": Decimal(0)})
    showtime = make_showtime(auditorium=auditorium, price_list=free)
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    form = PayForm(email="ada@example.com", choices={"A1": "ADULT"}, expected_total=Decimal(0))
    pay(showtime_id=showtime.pk, browser=my_browser, form=form)
    return Ticket.objects.get()


def test_a_pdf_of_one_page(ticket, client):
    answer = client.get(f"/tickets/{ticket.code}.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-") and pages_of(answer.content) == 1


def test_the_pdf_names_the_booking(ticket, client):
    words = text_of(client.get(f"/tickets/{ticket.code}.pdf").content)
    assert f"Booking {ticket.booking.reference}" in words


def test_a_code_of_the_widest_letters_stands_in_one_line(request, monkeypatch, client):
    """Where the QR code cannot be read, somebody types the code."""
    monkeypatch.setattr(secrets, "choice", lambda letters: "m" if "m" in letters else letters[0])
    ticket = request.getfixturevalue("ticket")
    assert set(ticket.code) == {"m"}
    assert ticket.code in text_of(client.get(f"/tickets/{ticket.code}.pdf").content)


def test_a_calendar_entry_in_utc(ticket, client):
    [event] = Calendar.from_ical(client.get(f"/tickets/{ticket.code}.ics").content).walk("VEVENT")
    assert event.decoded("dtstart") == ticket.showtime.starts_at.replace(microsecond=0)
    assert "row A, seat 1" in event["description"] and "row A, seat 1" in event["location"]
    assert event["url"] == f"http://testserver/tickets/{ticket.code}/"
    [alarm] = event.walk("VALARM")
    assert (alarm["action"], alarm.decoded("trigger")) == ("DISPLAY", timedelta(hours=-2))


def test_the_entry_of_a_ticket_is_unique_to_this_installation(ticket, client):
    [event] = Calendar.from_ical(client.get(f"/tickets/{ticket.code}.ics").content).walk("VEVENT")
    assert event["uid"] == f"{ticket.booking.reference}-1-{installation_id()[:12]}@testserver"


def test_a_qr_code_as_a_whole_svg_document(ticket, client):
    svg = client.get(f"/tickets/{ticket.code}.svg").content
    assert svg.startswith(b"<svg xmlns=") and b"#fff" in svg


@pytest.mark.parametrize("ending", [".svg", ".pdf"])
def test_a_void_ticket_has_nothing_to_scan(ticket, client, ending):
    Ticket.objects.update(status=TicketStatus.VOID)
    assert client.get(f"/tickets/{ticket.code}{ending}").status_code == 410
    assert client.get(f"/tickets/{ticket.code}/").status_code == 200


@pytest.mark.parametrize("ending", ["/", ".svg", ".pdf", ".ics"])
def test_a_ticket_that_is_not_paid_is_not_there(ticket, client, ending):
    Ticket.objects.update(status=TicketStatus.RESERVED)
    assert client.get(f"/tickets/{ticket.code}{ending}").status_code == 404
