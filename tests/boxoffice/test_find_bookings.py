"""One search field at the counter finds a booking by what a customer can say; one press there prints all its tickets."""

import pytest
from django.test import Client
from django.utils import timezone

from boxoffice.selectors.found_bookings import find_bookings
from core.texts.search_text import folded
from payments.models import Payment
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.card_facts import note_paid_cards
from payments.sessions.session_closing import expire_due_booking
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.states import CancelCause
from sales.models import Contact
from tests.aging import past_grace
from tests.boxoffice.scenes import book
from tests.clock import begins_in, put_day_around_now
from tests.counter import make_seller, sell_seats
from tests.factories import begin_paying, buy, make_browser, make_movie, make_showtime, make_staff
from tests.pdfs import pages_of
from tests.variants import some

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime(db):
    showtime = make_showtime(movie=make_movie(title="Metropolis"))
    put_day_around_now(showtime.auditorium.theater)
    begins_in(showtime, minutes=90)
    return showtime


@pytest.fixture
def clerk(showtime):
    client = Client()
    client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
    return client


@pytest.fixture
def booking(showtime, sandbox):
    """Ada's booking of two seats, paid online."""
    return buy(sandbox, showtime, make_browser(1), "A1", "A2")


def name(booking, text, last4="4242"):
    Payment.objects.filter(sale=booking.sale).update(card_last4=last4)
    Contact.objects.filter(sale=booking.sale).update(payer_name=text, payer_search=folded(text))


def found(showtime, text):
    theater = showtime.auditorium.theater
    return [one.reference for one in find_bookings(theater=theater, text=text, now=timezone.now()).bookings]


def test_name_and_digits_come_from_the_payment(booking, showtime):
    note_paid_cards()
    payment, contact = booking.sale.payments.get(), booking.sale.contact
    assert (contact.payer_name, contact.payer_search, payment.card_last4) == ("Test Customer", "test customer", "4242")
    assert found(showtime, "customer 4242") == [booking.reference]


def test_a_seat_with_a_title_or_time_means_a_showtime_of_today(booking, showtime):
    before = make_showtime(auditorium=showtime.auditorium, movie=showtime.movie)
    book(before, "A1", number=3)
    begins_in(before, days=-3)
    assert found(showtime, "A1 metrop") == [booking.reference]


@pytest.mark.parametrize(
    "text",
    some(["{reference}", "{lower}", "{bare}", "ada@example.com", "ADA@EXAMPLE", "Lovelace", "lovelace ada", "dvořák", "Dvorak",
          "4242", "4242 ada", "A2", "a-2", "A1 {time}", "A1 {clock}", "a1 metrop", "A2 Lovelace", " A1  Ada "], every=3),
)  # fmt: skip
def test_what_a_customer_can_say_finds_the_booking(booking, showtime, text):
    name(booking, "Ada Lovelace-Dvořák")
    book(showtime, "B1", email="bea@example.org", number=2)
    starts = showtime.starts_at.astimezone(showtime.auditorium.theater.zone)
    reference = booking.reference
    said = text.format(
        reference=reference, lower=reference.lower(), bare=reference.replace("-", "").lower(),
        time=f"{starts:%H%M}", clock=f"{starts:%H:%M}",
    )  # fmt: skip
    assert found(showtime, said) == [reference]


@pytest.mark.parametrize(
    "text", some(["", " ", "a", "4243", "B1", "A1 0001", "A1 nosferatu", "Babbage", "%", "_", "ZZZZ-ZZZZ"], every=3)
)
def test_what_finds_nothing(booking, showtime, text):
    name(booking, "Ada Lovelace")
    assert found(showtime, text) == []


def test_a_seat_is_one_of_today(booking, showtime):
    assert found(showtime, "A1") == [booking.reference]
    begins_in(showtime, minutes=3 * 24 * 60)
    assert found(showtime, "A1") == []
    assert found(showtime, booking.reference) == [booking.reference]


def test_only_of_this_theater(booking, clerk):
    other = make_showtime()
    assert found(other, booking.reference) == found(other, "ada@example.com") == []
    stranger = Client()
    stranger.force_login(make_staff("BOX_OFFICE", other.auditorium.theater))
    for path in (f"/counter/sales/{booking.reference}/", f"/counter/sales/{booking.reference}/tickets.pdf",
                 f"/counter/sales/{booking.reference}/receipt.pdf"):  # fmt: skip
        assert (clerk.get(path).status_code, stranger.get(path).status_code) == (200, 404), path


def test_what_is_not_over_comes_first_and_the_list_ends(showtime, monkeypatch):
    past = book(showtime, "A1")
    begins_in(showtime, minutes=-600)
    coming = make_showtime(auditorium=showtime.auditorium)
    begins_in(coming, minutes=60)
    now = book(coming, "A1", number=2)
    assert found(showtime, "ada@example.com") == [now.reference, past.reference]
    monkeypatch.setattr("boxoffice.selectors.found_bookings.MOST_FOUND", 1)
    answer = find_bookings(theater=showtime.auditorium.theater, text="ada@", now=timezone.now())
    assert ([one.reference for one in answer.bookings], answer.has_more) == ([now.reference], True)


def test_the_page_costs_few_queries_however_many_are_found(clerk, showtime, booking, django_assert_max_num_queries):
    book(showtime, "B1", "B2", number=2)
    clerk.get("/counter/find/")
    with django_assert_max_num_queries(22):
        page = clerk.get("/counter/find/", {"q": "ada@example.com"}).content.decode()
    assert page.count('<li data-status="confirmed">') == 2


def test_from_the_result_to_tickets_resend_swap_and_the_door(clerk, showtime, booking):
    name(booking, "Ada Lovelace")
    page = clerk.get("/counter/find/", {"q": "lovelace"}).content.decode()
    assert f"/counter/sales/{booking.reference}/tickets.pdf" in page and "Print 2 tickets" in page
    assert f"/counter/sales/{booking.reference}/resend/" in page
    assert f"/counter/sales/{booking.reference}/swap/" in page
    assert "card ending in 4242" in page and "Let in" not in page
    manager = Client()
    manager.force_login(make_staff("MANAGER", showtime.auditorium.theater))
    page = manager.get("/counter/find/", {"q": "lovelace"}).content.decode()
    assert f"/door/bookings/{booking.reference}/" in page


def test_all_valid_tickets_are_one_file_with_a_page_each(clerk, booking):
    address = f"/counter/sales/{booking.reference}/tickets.pdf"
    assert pages_of(clerk.post(address, follow=True).content) == 2
    booking.tickets.filter(seat__label="A1").update(status="VOID")
    assert pages_of(clerk.post(address, follow=True).content) == 1


def test_no_tickets_of_what_is_not_paid_or_not_valid(clerk, showtime, sandbox):
    waiting = begin_paying(showtime, make_browser(3), "B1")
    gone = book(showtime, "B2", number=4)
    gone.tickets.update(status="VOID")
    for booking, status in ((waiting, 404), (gone, 409)):
        assert clerk.get(f"/counter/sales/{booking.reference}/tickets.pdf").status_code == status
    assert clerk.get(f"/counter/sales/{waiting.reference}/").status_code == 404


def test_staff_open_numbered_papers(clerk, booking):
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "They are ill")
    )
    sale = clerk.get(f"/counter/sales/{booking.reference}/")
    addresses = [paper.url for paper in sale.context["papers"]]
    assert addresses == [
        f"/counter/sales/{booking.reference}/receipt.pdf", f"/counter/sales/{booking.reference}/credit-notes/1.pdf",
    ]  # fmt: skip
    shown = [clerk.post(address, follow=True).headers["Content-Type"] for address in addresses]
    assert shown == ["application/pdf"] * 2
    assert clerk.get(f"/counter/sales/{booking.reference}/credit-notes/2.pdf").status_code == 404
    office = clerk.get(f"/admin/reservations/booking/{booking.pk}/change/").content.decode()
    assert all(address in office for address in addresses)


def test_a_sale_of_the_counter_is_found_by_its_reference_and_seat(clerk, showtime):
    sold = sell_seats(showtime, make_seller(showtime), "A1").booking
    for text in (sold.reference, "A1"):
        assert found(showtime, text) == [sold.reference]
    assert "Sold without a name" in clerk.get("/counter/find/", {"q": "A1"}).content.decode()


def usher_at(showtime) -> Client:
    client = Client()
    client.force_login(make_staff("DOOR", showtime.auditorium.theater))
    place = str(showtime.auditorium.theater.pk)
    assert client.post("/door/here/", {"place": place, "name": "door 1"}).status_code == 302
    return client


def test_the_door_finds_the_same_and_lets_in_without_money_or_addresses(showtime, booking):
    name(booking, "Ada Lovelace")
    page = usher_at(showtime).get("/door/find/", {"q": "4242"}).content.decode()
    assert f"/door/bookings/{booking.reference}/" in page and "Ada Lovelace: A1–A2" in page
    assert "ada@example.com" not in page and "ending in" not in page and "£" not in page


def test_the_door_finds_nothing_of_another_theater(booking):
    assert booking.reference not in usher_at(make_showtime()).get("/door/find/", {"q": "ada@"}).content.decode()


def test_who_stands_at_no_door_chooses_one_first(showtime):
    client = Client()
    client.force_login(make_staff("DOOR", showtime.auditorium.theater))
    assert client.get("/door/find/").headers["Location"] == "/door/"
    assert client.post("/door/find/").status_code == 405


@pytest.mark.parametrize("path", some(["/counter/find/", "/counter/sales/{reference}/tickets.pdf"], every=2))
@pytest.mark.parametrize(("role", "status"), [("DOOR", 403), ("FINANCE", 403)])
def test_the_wrong_person(showtime, booking, path, role, status):
    client = Client()
    client.force_login(make_staff(role, showtime.auditorium.theater))
    assert client.get(path.format(reference=booking.reference)).status_code == status


@pytest.mark.parametrize(
    ("text", "folds"),
    [
        ("José", "jose"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łukasz Ørsted", "lukasz orsted"),
        ("Ægir", "aegir"),
    ],
)
def test_names_are_searched_without_case_and_accents(text, folds):
    assert folded(text) == folds


def test_a_name_that_grows_when_it_is_folded_still_settles(showtime, sandbox, monkeypatch):
    monkeypatch.setattr("payments.sessions.settlement.folded", lambda name: folded("ﷺ" * 200))
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    assert (booking.status, len(booking.sale.contact.payer_search)) == ("CONFIRMED", 400)


def test_a_booking_that_nobody_paid_in_time_is_not_found(showtime, booking, sandbox):
    lost = begin_paying(showtime, make_browser(2), "B1", email="bea@example.com")
    assert found(showtime, "bea@example.com") == [lost.reference]
    past_grace(lost)
    expire_due_booking(booking_id=lost.pk, actor="sweep")
    assert found(showtime, "bea@example.com") == []
