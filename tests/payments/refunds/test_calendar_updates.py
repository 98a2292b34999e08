"""Calendar entries after an exchange or a cancellation: canceled or updated under the id that calendars know."""

import pytest
from django.utils import timezone
from icalendar import Calendar

from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from reservations.letters.emails import compose
from reservations.models import OutgoingMail
from tests.exchanging import agree, buy_to_exchange, choose, other_showtime

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(sandbox):
    return buy_to_exchange(sandbox, "A1", "A2")


def test_another_showtime_calls_off_the_old_calendar_entry(booking):
    before = entry_of(OutgoingMail.objects.get(kind="CONFIRMATION"))
    agree(choose(booking, "A1", "A2", showtime=other_showtime(booking)))
    new, old = entries_of(OutgoingMail.objects.get(kind="CONFIRMATION", booking__made_by__isnull=False))
    assert (old["UID"], old["STATUS"], old["SEQUENCE"] > before["SEQUENCE"]) == (before["UID"], "CANCELLED", True)
    assert (new["UID"] != old["UID"], new["STATUS"]) == (True, "CONFIRMED")


def test_one_of_two_leaves_the_old_calendar_entry_with_the_other_seat(booking):
    before = entry_of(OutgoingMail.objects.get(kind="CONFIRMATION"))
    agree(choose(booking, "A1", showtime=other_showtime(booking), of=["A2"]))
    _, old = entries_of(OutgoingMail.objects.get(kind="CONFIRMATION", booking__made_by__isnull=False))
    assert (old["UID"], old["STATUS"], old["SEQUENCE"] > before["SEQUENCE"]) == (before["UID"], "CONFIRMED", True)
    assert "A1" in old["LOCATION"] and "A2" not in old["LOCATION"]


def test_other_seats_update_the_calendar_entry(booking):
    before = entry_of(OutgoingMail.objects.get(kind="CONFIRMATION"))
    agree(choose(booking, "A4", "A5"))
    after = entry_of(OutgoingMail.objects.get(kind="EXCHANGED"))
    assert (after["UID"], after["SEQUENCE"] > before["SEQUENCE"]) == (before["UID"], True)
    assert "A4, A5" in after["LOCATION"]


@pytest.mark.parametrize(("labels", "status"), [(["A1"], "CONFIRMED"), (["A1", "A2"], "CANCELLED")])
def test_the_mail_of_a_cancellation_brings_the_entry_as_it_is_now(booking, labels, status):
    before = entry_of(OutgoingMail.objects.get(kind="CONFIRMATION"))
    ids = list(booking.tickets.filter(seat__label__in=labels).values_list("pk", flat=True))
    cancel_and_refund(booking_id=booking.pk, ticket_ids=ids, origin=CUSTOMER)
    after = entry_of(OutgoingMail.objects.get(kind="CANCELLATION"))
    assert (after["UID"], after["STATUS"], after["SEQUENCE"] > before["SEQUENCE"]) == (before["UID"], status, True)


def entries_of(letter):
    files = compose(letter, now=timezone.now(), site_url="https://tickets.example.com").attachments
    entries = [one.content for one in files if one.filename.endswith(".ics")]
    assert len({one.filename for one in files}) == len(files)
    return [Calendar.from_ical(content).walk("VEVENT")[0] for content in entries]


def entry_of(letter):
    [entry] = entries_of(letter)
    return entry
