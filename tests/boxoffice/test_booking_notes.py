"""Notes for colleagues: who can read them, who never can, and how they are kept and erased."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from reservations.models import Booking, BookingNote, Move
from reservations.selectors.notes import notes_by_booking
from sales.models import Contact
from staff.models import AuditEntry
from tests.boxoffice.test_counter import at, hold, sale, seller

pytestmark = pytest.mark.django_db
NOTE = "Comes at 19:50, hold the seat"


@pytest.fixture
def theater(showtime):
    return showtime.auditorium.theater


@pytest.fixture
def clerk(theater) -> Client:
    return seller(theater)


@pytest.fixture
def sold(clerk, showtime) -> Booking:
    hold(clerk, showtime, "A1")
    clerk.post(at(showtime), sale("A1", total="14.50", email="ada@example.com"))
    return Booking.objects.get()


def write(client, booking, text=NOTE):
    return client.post(f"/counter/sales/{booking.reference}/notes/", {"note": text})


def test_the_next_clerk_the_found_list_and_the_door_show_it_with_author_and_time(clerk, sold, theater):
    answer = write(clerk, sold)
    assert (answer.status_code, answer.url) == (302, f"/counter/sales/{sold.reference}/#notes")
    door = seller(theater, "DOOR")
    door.post("/door/here/", {"place": f"{theater.pk}", "name": "foyer"})
    author = sold.sale.operator
    pages = [
        seller(theater).get(f"/counter/sales/{sold.reference}/"),
        seller(theater).get("/counter/find/", {"q": sold.reference}),
        door.get(f"/door/bookings/{sold.reference}/"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert NOTE in page.content.decode()
        assert (author.get_full_name() or author.email) in page.content.decode()


def test_customers_mails_and_logs_never_show_it(clerk, sold, client, caplog):
    write(clerk, sold)
    sold.sale.user = sold.sale.operator
    sold.sale.save(update_fields=["user"])
    client.force_login(sold.sale.operator)
    page = client.get(f"/bookings/{sold.reference}/")
    assert page.status_code == 200 and NOTE not in page.content.decode()
    assert NOTE not in caplog.text
    for log in (AuditEntry, Move):
        assert NOTE not in str(list(log.objects.values()))


def test_pressed_twice_it_is_one_note(clerk, sold):
    write(clerk, sold)
    write(clerk, sold)
    assert BookingNote.objects.count() == 1


def test_notes_about_other_bookings_are_not_read(clerk, sold, theater):
    write(clerk, sold)
    assert notes_by_booking([sold.pk + 1], theater.zone) == {}


@pytest.mark.parametrize(("text", "sentence"), [("  ", "it is empty"), ("x" * 301, "at most 300 letters")])
def test_what_is_no_note(clerk, sold, text, sentence):
    answer = write(clerk, sold, text)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not BookingNote.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda notes: notes.update(text="Something else"),
        lambda notes: notes.update(text=""),
        lambda notes: notes.update(author=None),
        lambda notes: notes.delete(),
    ],
)
def test_a_note_is_neither_changed_nor_deleted(clerk, sold, change):
    write(clerk, sold)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(BookingNote.objects.all())
    assert BookingNote.objects.get().text == NOTE


def test_it_is_erased_in_the_moment_in_which_the_contact_is(clerk, sold):
    write(clerk, sold)
    now = timezone.now()
    Contact.objects.update(email="", customer="", payer_name="", payer_search="", emptied_at=now)
    note = BookingNote.objects.get()
    assert (note.text, note.emptied_at, note.author_id) == ("", now, sold.sale.operator_id)
    assert "booking-notes" not in clerk.get(f"/counter/sales/{sold.reference}/").content.decode()
