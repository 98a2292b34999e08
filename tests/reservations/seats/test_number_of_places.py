"""Where nothing has a number, pages, mails and calendar files count places, not seats; where there are both, they count each."""

import re
from html import unescape

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation

from payments.sessions.settlement import settle
from reservations.letters.calendar_files import booking_visit
from reservations.models import Booking
from reservations.seats.places import PlacesWanted
from reservations.seats.taking import change_places
from reservations.selectors.bookings import booking_page
from tests.factories import make_auditorium, make_showtime, make_theater, press_pay
from theaters.seat_labels import labels_counted, number_in_words, seats_inside, seats_said

pytestmark = pytest.mark.django_db
PLACES = ("Hall 0001", "Hall 0002")
SEAT = re.compile(r"[^.<>]*\bseats?\b[^.<>]*", re.IGNORECASE)
BESIDE_THE_PAGE = re.compile(r"(?s)<(script|style|template|footer|dialog)\b.*?</\1>")


def words(page: str) -> str:
    """The texts of a page, and what a screen reader says."""
    page = BESIDE_THE_PAGE.sub(" ", page)
    spoken = re.findall(r'(?:aria-label|data-spoken|title)="([^"]*)"', page)
    return " . ".join([unescape(re.sub(r"<[^>]+>", " . ", page)), *map(unescape, spoken)])


def hall():
    return make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nunreserved 40\n"))


def test_words_for_numbers():
    assert [number_in_words(1, 0), number_in_words(2, 0)] == ["1 seat", "2 seats"]
    assert [number_in_words(0, 1), number_in_words(0, 2)] == ["1 place", "2 places"]
    assert number_in_words(2, 1) == "2 seats and 1 place"
    assert number_in_words(0, 0) == "0 seats"
    assert labels_counted(["A1", "A2", "Balcony A1"]) == "3 seats"
    assert labels_counted(["A1", *PLACES]) == "1 seat and 2 places"
    assert [seats_said(["A1", "A2"]), seats_said(PLACES)] == ["Seats A1, A2", "Hall (2 unreserved)"]
    assert seats_said(["A1", *PLACES]) == "Seats A1, Hall (2 unreserved)"
    assert [seats_said(["A1"]), seats_inside(["A1"]), seats_inside(["A1", "A2"]), seats_inside(PLACES)] == [
        "Seat A1", "seat A1", "seats A1, A2", "Hall (2 unreserved)",
    ]  # fmt: skip
    with translation.override("de"):
        assert number_in_words(2, 1) == "2 Plätze und 1 Platz ohne Nummer"
        assert number_in_words(0, 3) == "3 Plätze"


def test_pages_of_a_hall_without_numbers_speak_of_no_seat():
    showtime, client = hall(), Client()
    address = f"/showtimes/{showtime.pk}/"
    pages = {"empty": client.get(address).text}
    client.post(f"{address}seats/", {"places": "2 Hall"})
    pages |= {
        "held": client.get(address).text,
        "list": client.get(f"{address}?view=list").text,
        "checkout": client.get(f"/checkout/{showtime.pk}/").text,
        "waiting": client.get(f"{address}waiting/").text,
    }
    assert {name: SEAT.findall(words(page)) for name, page in pages.items()} == {name: [] for name in pages}
    assert "2 places" in pages["held"]
    assert "<dt>2 places</dt>" in pages["checkout"]


def test_the_line_of_what_is_held_counts_places():
    showtime, client = hall(), Client()
    client.post(f"/showtimes/{showtime.pk}/seats/", {"places": "1 Hall"})
    assert "We are holding 1 place for you" in client.get("/").text
    client.post(f"/showtimes/{showtime.pk}/seats/", {"places": "2 Hall"})
    assert "Wir halten 2 Plätze für Sie frei" in client.get("/?hl=de").text


def test_checkout_counts_seats_and_places_apart():
    theater = make_theater()
    showtime = make_showtime(auditorium=make_auditorium(theater, "A oooo\n[Balcony]\nunreserved 12\n"))
    client = Client()
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2"]})
    client.post(f"/showtimes/{showtime.pk}/seats/", {"places": "1 Balcony"})
    assert "<dt>2 seats and 1 place</dt>" in client.get(f"/checkout/{showtime.pk}/").text
    assert "We are holding 2 seats and 1 place for you" in client.get("/").text


MAILS = ("address_new", "moved", "exchanged", "message", "given", "confirmation")
FACTS = {
    "change": {"kind": "TIME", "before": "19:00", "after": "20:00", "reason": "-"}, "swaps": [], "site_url": "",
    "facts": {"seat": PLACES[0], "text": "-", "bookings": [{"reference": "KX7M-4QPD", "seats": "Hall", "are_places": True}]},
}  # fmt: skip


def sold(sandbox, browser):
    showtime = hall()
    change_places(showtime_id=showtime.pk, browser=browser, wanted=PlacesWanted("Hall", 2))
    booking = press_pay(showtime, browser, *PLACES)
    sandbox.pay(booking.sale.payments.get().session_id)
    settle(payment_id=booking.sale.payments.get().pk, actor="test")
    return Booking.objects.with_names().with_tickets().get(pk=booking.pk)


def test_what_is_sold_speaks_of_no_seat(sandbox, my_browser):
    booking = sold(sandbox, my_browser)
    page = booking_page(booking, now=timezone.now())
    said = {"page": render_to_string("reservations/booking_facts.html", {"booking": page, "showtime": page.showtime})}
    said["calendar"] = booking_visit(booking, page, site_url="").seats
    for name in MAILS:
        said[name] = "".join(
            render_to_string(f"mail/{name}{end}", {"booking": page, **FACTS})
            for end in ("_subject.txt", ".txt", ".html")
        )
    assert {name: SEAT.findall(words(text)) for name, text in said.items()} == {name: [] for name in said}
    assert said["calendar"] == "Hall (2 unreserved)"
