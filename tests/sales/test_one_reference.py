"""When a sale has bookings for two showtimes, every address with its reference shows both, or asks which one is meant."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone
from icalendar import Calendar
from pikepdf import Pdf

from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.checkout import continue_paying
from payments.sessions.settlement import settle
from reservations.access import booking_secret
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.letters.emails import compose
from reservations.letters.papers import receipt_of
from reservations.links.booking_addresses import change_email
from reservations.links.link_requests import answer_link_requests, ask_for_links
from reservations.models import Booking, OutgoingMail, Paper, Ticket
from reservations.pdf.papers import paper_pdf
from reservations.states import CancelCause
from sales.models import Contact, Sale
from tests.clock import begins_in
from tests.core.questions import COOKIE, SITE, client_of
from tests.core.test_audience import WHOLE_PARTS, addresses
from tests.factories import make_movie, make_showtime, make_staff
from tests.pdfs import text_of
from tests.sales.test_several_parts import pending

pytestmark = pytest.mark.django_db
LATER = timedelta(hours=1)
WITH_A_REFERENCE = sorted(
    name for path, name in addresses(get_resolver()) if ":reference>" in path and not path.startswith(WHOLE_PARTS)
)
# Pages or entries of files: three tickets for two showtimes, one receipt for the sale.
FILES = {"booking_pdf": 3, "counter_tickets": 3, "booking_calendar": 2, "receipt": 1, "counter_receipt": 1}
# A press makes these: it gives a receipt its number, or is logged at the counter, and leads to the file.
PRESSED = {"receipt", "counter_receipt", "counter_tickets"}
# These lead to the page of both bookings, and act on the whole sale.
LEAD_ON = {"booking_by_link": 302, "return": 302, "change_seats": 302, "renew_link": 302, "admit_booking": 302}


@pytest.fixture
def two(showtime, sandbox):
    """A paid sale: A1 and A2 for a showtime in half an hour, and A1 for a later one."""
    begins_in(showtime, minutes=30)
    other = make_showtime(
        auditorium=showtime.auditorium,
        movie=make_movie(slug="other", title="The Other"),
        starts_at=showtime.ends_at + LATER,
    )
    first, second = pending(showtime, 1, "A1", "A2"), pending(other, 1, "A1")
    Booking.objects.filter(pk=second.pk).update(sale=first.sale)
    Sale.objects.filter(pk=second.sale_id).delete()
    Sale.objects.filter(pk=first.sale_id).update(total=first.total + second.total)
    continue_paying(booking_id=first.pk)
    payment = first.sale.payments.get(status="OPEN")
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    bookings = list(Booking.objects.order_by("pk").with_names())
    Booking.objects.update(holder=sha256(COOKIE.encode()).hexdigest())
    return bookings


@pytest.fixture
def clients(two):
    theater = two[0].sale.theater
    people = {"clerk": "BOX_OFFICE", "manager": "MANAGER", "usher": "DOOR"}
    found = {"customer": client_of()} | {who: client_of(make_staff(role, theater)) for who, role in people.items()}
    room = two[0].showtime.auditorium
    found["usher"].post("/door/here/", {"place": f"{theater.pk}-{room.pk}", "name": "door 2"})
    return found


def ask(name, two, clients, showtime=None):
    words = {
        "reference": two[0].reference,
        "cash": two[0].reference,
        "fresh": two[0].reference,
        "one": 1,
        "secret": booking_secret(two[0]),
    }
    asked = SITE[name]
    path = reverse(name, args=[words[word] for word in asked.args.split()])
    path += f"?showtime={showtime.pk}" if showtime else ""
    client = clients[asked.who]
    if name in PRESSED:
        return client.post(path, follow=True)
    return client.get(path) if asked.post is None or asked.both_ways else client.post(path, asked.post)


def named_in(answer, two):
    """The bookings that an answer names: by the titles of their movies, or by pages or entries of a file."""
    if answer["Content-Type"] == "application/pdf":
        return len(Pdf.open(BytesIO(answer.content)).pages)
    if answer["Content-Type"].startswith("text/calendar"):
        return len(Calendar.from_ical(answer.content).walk("VEVENT"))
    text = answer.content.decode()
    return [booking.showtime.movie.title in text for booking in two]


def is_about_both(answer, name, two):
    if name in LEAD_ON:
        return answer.status_code == 302
    both = FILES.get(name, [True, True])
    return answer.status_code in {200, 409} and named_in(answer, two) == both


@pytest.mark.long
def test_every_page_with_a_reference_shows_both_or_asks_which(two, clients):
    # An offer's notice says which booking is meant; credit notes have a test below. No ticket was exchanged.
    alone = {"offer", "credit_note", "counter_credit_note", "exchange_receipt"}
    names = [name for name in WITH_A_REFERENCE if name not in alone]
    assert len(names) > 15
    found = {name: ask(name, two, clients) for name in names}
    assert [name for name, answer in found.items() if not is_about_both(answer, name, two)] == []


def test_the_address_that_names_a_showtime_is_about_that_one(two, clients):
    one = {
        "booking": 200, "booking_pdf": 1, "booking_calendar": 1, "cancel_tickets": 200, "counter_sale": 200,
        "counter_tickets": 1, "counter_resend": 200, "counter_swap": 200,
    }  # fmt: skip
    found = {name: ask(name, two, clients, showtime=two[1].showtime) for name in one}
    told = {
        name: named_in(answer, two) if isinstance(one[name], int) and one[name] < 200 else answer.status_code
        for name, answer in found.items()
    }
    assert told == one
    assert named_in(found["booking"], two) == [False, True]
    assert b"?showtime=" in found["booking"].content


def test_a_showtime_that_is_not_of_the_sale_is_not_there(two, clients):
    stranger = make_showtime(movie=make_movie(slug="third", title="Third"))
    for name in ("booking", "booking_pdf", "receipt", "cancel_tickets", "counter_sale", "door_booking"):
        assert ask(name, two, clients, showtime=stranger).status_code == 404


def test_what_is_canceled_without_saying_which_changes_nothing(two, clients):
    path = reverse("cancel_tickets", args=[two[0].reference])
    form = {"action": "cancel", "choosing": "1", "ticket": "A1", "amount": str(two[1].total)}
    assert clients["customer"].post(path, form).status_code == 409
    assert not Ticket.objects.filter(status="VOID").exists()


def test_the_tickets_of_the_named_showtime_are_canceled(two, clients):
    path = two[1].address_of("cancel_tickets")
    form = {"action": "cancel", "choosing": "1", "ticket": "A1", "amount": "7.25"}
    assert clients["customer"].post(path, form).status_code == 303
    assert list(Ticket.objects.filter(status="VOID").values_list("booking", flat=True)) == [two[1].pk]


def test_one_link_opens_both_and_a_new_one_closes_both(two):
    guest, pages = Client(), [booking.get_absolute_url() for booking in two]
    answer = guest.get(reverse("booking_by_link", args=[two[0].reference, booking_secret(two[0])]))
    assert answer["Location"] == reverse("booking", args=[two[0].reference])
    assert [guest.get(page).status_code for page in pages] == [200, 200]
    assert guest.post(reverse("renew_link", args=[two[0].reference])).status_code == 200
    assert [guest.get(page).status_code for page in pages] == [404, 404]


def test_the_door_lets_in_to_the_showtime_that_begins_now(two, clients):
    answer = ask("admit_booking", two, clients)
    assert answer.status_code == 302
    assert answer["Location"].endswith(two[0].showtime_query)
    assert set(Ticket.objects.filter(status="USED").values_list("booking", flat=True)) == {two[0].pk}


def test_each_showtime_is_an_entry_of_its_own_in_a_calendar(two, clients):
    entries = Calendar.from_ical(ask("booking_calendar", two, clients).content).walk("VEVENT")
    tickets = [clients["customer"].get(reverse("ticket_calendar", args=[each.code])) for each in Ticket.objects.all()]
    entries += [entry for each in tickets for entry in Calendar.from_ical(each.content).walk("VEVENT")]
    assert len({str(entry["uid"]) for entry in entries}) == len(entries) == 5


def test_a_mail_about_one_names_the_other(two):
    """This includes mails about the money of both, such as those about refunds."""
    for booking, other in (two, two[::-1]):
        letter = compose(OutgoingMail.objects.get(booking=booking), now=timezone.now(), site_url="https://example.com")
        html, _ = letter.alternatives[0]
        assert all(other.showtime.movie.title in text for text in (letter.body, html))


def test_who_asks_for_the_link_gets_one_mail(two):
    ask_for_links(two[0].reference)
    answer_link_requests()
    assert OutgoingMail.objects.filter(kind="FOUND").count() == 1


def test_a_sale_of_the_counter_that_gets_an_address_sends_all_tickets(two):
    OutgoingMail.objects.all().delete()
    Contact.objects.update(email="", customer="")
    change_email(booking_id=two[1].pk, email="ada@example.com", reason="asked for it", actor="test")
    assert set(OutgoingMail.objects.values_list("kind", "booking")) == {("CONFIRMATION", one.pk) for one in two}


def test_the_papers_are_of_the_whole_sale(two, clients):
    total = two[0].total + two[1].total
    receipt = paper_pdf(receipt_of(booking_id=two[1].pk))
    assert all(booking.showtime.movie.title in text_of(receipt) for booking in two)
    assert f"{total}" in text_of(receipt)
    cancel_and_refund(booking_id=two[1].pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "test"))
    for name in ("credit_note", "counter_credit_note"):
        answer = clients[SITE[name].who].post(reverse(name, args=[two[0].reference, 1]), follow=True)
        assert (answer.status_code, "14.50" in text_of(answer.content)) == (200, True)
    assert set(Paper.objects.values_list("kind", "sale")) == {("RECEIPT", two[0].sale_id), ("CREDIT", two[0].sale_id)}
