"""For staff who read German the counter and the door are in German; the office stays English until its catalog is complete."""

import re
from datetime import time
from html.parser import HTMLParser

import pytest
from babel.messages.pofile import read_po
from django.test import Client
from django.utils import timezone

from core.texts.catalogs import ROOT
from core.texts.local_formats import format_clock
from reservations.models import Booking, Ticket
from reservations.selectors.door_parties import show_at_door
from tests.boxoffice.scenes import book
from tests.clock import begins_in, evening
from tests.factories import make_auditorium, make_showtime, make_staff, make_theater
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
# Attributes that people read or hear differ between languages, and so do a page's tokens.
DIFFERENT = {
    "lang",
    "alt",
    "title",
    "aria-label",
    "placeholder",
    "hx-headers",
    "content",
    "data-zero",
    "data-spoken",
    "data-unknown",
}


def worker(role, theater, language) -> Client:
    client = Client(headers={"Accept-Language": language})
    client.force_login(make_staff(role, theater))
    return client


class Structure(HTMLParser):
    """Collect a page's tags with everything that machines read of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.feed(re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html))

    def handle_starttag(self, tag, attrs):
        is_text = dict(attrs).keys() & {"data-sentences"}
        is_text = is_text or str(dict(attrs).get("src")).startswith("/sentences/")
        kept = [(name, value) for name, value in attrs if name not in DIFFERENT and not is_text]
        self.tags.append((tag, tuple(kept)))


def structure(answer) -> list:
    assert answer.status_code == 200
    return Structure(answer.text).tags


def english_sentences_in(html: str) -> list[str]:
    """Sentences of the counter's catalog with three or more words that stand untranslated in a page."""
    with (ROOT / "counter" / "de" / "LC_MESSAGES" / "django.po").open("rb") as file:
        known = [message.id for message in read_po(file, locale="de") if message.string != message.id]
    sentences = [text for text in known if isinstance(text, str) and len(text.split()) > 2 and "%" not in text]
    return [text for text in sentences if text in html]


class TestCounter:
    @pytest.fixture
    def theater(self, showtime):
        begins_in(showtime, hours=2)
        return showtime.auditorium.theater

    @pytest.fixture
    def clerk(self, theater) -> Client:
        return worker("BOX_OFFICE", theater, "de-DE,de;q=0.9,en;q=0.1")

    def test_a_sale_for_cash(self, clerk, showtime):
        desk = f"/counter/showtimes/{showtime.pk}/"
        assert "Heute" in clerk.get("/counter/").text
        held = clerk.post(desk + "seats/", {"take": ["A1"]}, headers=HTMX).text
        assert "Bar kassieren" in held and "1 Ticket" in held
        sold = clerk.post(
            desk, {"total": "14.50", "method": "cash", "tendered": "20,00", "type-A1": "ADULT"}, follow=True
        )
        assert '<html lang="de"' in sold.text
        assert "Wechselgeld" in sold.text
        # The slip is for the customer: it is in the language of the sale.
        assert "Row A Seat 1" in sold.text
        booking = Booking.objects.get()
        assert (booking.status, booking.total) == ("CONFIRMED", showtime_price(booking))
        # The receipt beside it is for the customer, in the language of the installation.
        assert english_sentences_in(sold.text) == ["Paid in cash"]

    def test_a_wrong_amount_is_said_in_german_and_sells_nothing(self, clerk, showtime):
        desk = f"/counter/showtimes/{showtime.pk}/"
        clerk.post(desk + "seats/", {"take": ["A1"]})
        answer = clerk.post(desk, {"total": "14.50", "method": "cash", "tendered": "abc", "type-A1": "ADULT"})
        assert "„abc“ ist kein Betrag." in answer.text
        assert not Booking.objects.exists()

    def test_pages_say_the_same_to_machines_in_both_languages(self, clerk, showtime, theater):
        """Amounts and ids in form values would break what is posted if they were written with a comma."""
        desk = f"/counter/showtimes/{showtime.pk}/"
        clerk.post(desk + "seats/", {"take": ["A1", "A2"]})
        for address in (
            desk,
            "/counter/",
            "/counter/sales/",
            "/counter/takings/",
            "/counter/find/?q=nobody",
        ):
            german, english = clerk.get(address), clerk.get(address, headers={"Accept-Language": "en"})
            assert '<html lang="de"' in german.text and '<html lang="en"' in english.text, address
            assert without_time(structure(german)) == without_time(structure(english)), address
            assert english_sentences_in(german.text) == [], address


class TestDoor:
    @pytest.fixture
    def ticket(self, showtime) -> Ticket:
        begins_in(showtime, minutes=30)
        showtime.sales_close_at = timezone.now() + timezone.timedelta(minutes=10)
        showtime.save()
        return book(showtime, "A3").tickets.get()

    @pytest.fixture
    def usher(self, showtime) -> Client:
        usher = worker("DOOR", showtime.auditorium.theater, "de")
        place = f"{showtime.auditorium.theater_id}-{showtime.auditorium_id}"
        assert "Wo stehen Sie?" in usher.get("/door/").text
        usher.post("/door/here/", {"place": place, "name": "Einlass 2"})
        return usher

    def test_a_ticket_is_let_in_once(self, usher, ticket):
        page = usher.get("/door/").text
        assert "Bereit für das erste Ticket." in page and english_sentences_in(page) == []
        first = usher.post("/door/scan/", {"code": ticket.code}, headers=HTMX).text
        assert 'data-answer="welcome"' in first and "Willkommen" in first
        assert Ticket.objects.get().status == "USED"
        second = usher.post("/door/scan/", {"code": ticket.code}, headers=HTMX).text
        assert 'data-answer="refused"' in second and "Stopp" in second

    def test_a_party_is_let_in(self, usher, ticket):
        page = usher.get(f"/door/bookings/{ticket.booking.reference}/").text
        assert "0 von 1 da" in page and "A3 einlassen" in page
        assert english_sentences_in(page) == []


def test_times_are_those_of_the_theater_in_both_languages():
    """In Tokyo it is the next morning while London has its evening."""
    theater = make_theater(timezone_name="Asia/Tokyo", country="JP", currency="JPY")
    tonight = evening(theater=theater, at=time(20, 15))
    showtime = make_showtime(auditorium=make_auditorium(theater), starts_at=tonight)
    clerk = worker("BOX_OFFICE", theater, "de")
    day = f"?day={tonight.date()}"
    for language in ("de", "en"):
        headers = {"Accept-Language": language}
        for address in (f"/counter/{day}", f"/counter/showtimes/{showtime.pk}/"):
            assert "20:15" in clerk.get(address, headers=headers).text, (address, language)
    at_door = show_at_door(Showtime.objects.with_names().get(pk=showtime.pk))
    assert format_clock(at_door.starts_at) == "20:15"
    assert f"{tonight.day}." in clerk.get(f"/counter/showtimes/{showtime.pk}/").text


def test_the_office_is_english_whatever_the_browser_asks_for(showtime):
    manager = worker("MANAGER", showtime.auditorium.theater, "de")
    for address in ("/admin/", "/admin/theaters/movie/", f"/admin/theaters/showtime/{showtime.pk}/change/"):
        page = manager.get(address)
        assert '<html lang="en' in page.text, address
        assert "Sign out" in page.text and "Abmelden" not in page.text, address


def showtime_price(booking):
    return sum(ticket.price for ticket in booking.tickets.all())


def without_time(tags):
    """Cut out what changes with the seconds between two answers."""
    passing = {"data-seconds-left", "data-keep", "value"}
    return [
        (tag, [item for item in attrs if not (tag in {"div", "progress", "aside"} and item[0] in passing)])
        for tag, attrs in tags
    ]
