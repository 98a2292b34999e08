"""A booking remembers the language in which it was bought: its mails, files and papers stay in it."""

import json
from io import BytesIO

import pikepdf
import pytest
from django.core import mail
from django.utils import timezone, translation

from core.texts.languages import speaking
from reservations.access import booking_secret
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import receipt_of
from reservations.models import OutgoingMail, Paper
from reservations.pdf.papers import paper_pdf
from reservations.refusals.limits import TooManyTickets
from sales.models import Sale
from tests.counter import make_seller, sell_seats
from tests.factories import buy, make_showtime, make_theater
from tests.pdfs import text_of
from theaters.models import Movie

pytestmark = pytest.mark.django_db


@pytest.fixture
def showtime():
    return make_showtime(theater=make_theater(currency="EUR", timezone_name="Europe/Berlin", country="DE"))


@pytest.fixture
def german(sandbox, showtime, my_browser):
    with speaking("de"):
        return buy(sandbox, showtime, my_browser, "A1", "A2")


def language_of(document: bytes) -> str:
    with pikepdf.open(BytesIO(document)) as pdf:
        return str(pdf.Root["/Lang"])


def posted(booking):
    """Send what is due with a worker, whose own language is English."""
    send_due_mail(now=timezone.now())
    return [message for message in mail.outbox if booking.reference in message.subject]


def test_every_part_of_the_confirmation_is_in_the_language_of_the_booking(german):
    assert german.sale.language == "de"
    [message] = posted(german)
    html = message.alternatives[0].content
    [entry] = [part.content for part in message.attachments if part.mimetype == "text/calendar"]
    assert message.subject.startswith("Ihre Tickets: ")
    for text in (message.body, html):
        assert "Viel Vergnügen im Kino!" in text and "Reihe" in text and "29,00\xa0€" in text
        assert "MEZ" in text or "MESZ" in text
        assert "Sie können Tickets online stornieren." in text
        assert not {"Row", "Seat", "Paid", "Your", "booking"} & set(text.replace("<", " ").replace(">", " ").split())
    assert '<html lang="de" dir="ltr">' in html
    assert "Plätze A1\\, A2" in entry and f"Buchung {german.reference}." in entry.replace("\r\n ", "")
    assert translation.get_language() == "en"


def test_files_of_the_booking_are_in_its_language_whatever_the_visitor_reads(client, german):
    ticket = german.tickets.first()
    pdf = client.get(f"/tickets/{ticket.code}.pdf", headers={"Accept-Language": "en"}).content
    assert language_of(pdf).startswith("de")
    assert {"Reihe", "Platz", "Buchung"} <= set(text_of(pdf).split())
    entry = client.get(f"/tickets/{ticket.code}.ics", headers={"Accept-Language": "en"}).content.decode()
    assert "Reihe A\\, Platz 1" in entry.replace("\r\n ", "")


def test_the_movie_is_called_in_mails_files_and_papers_as_the_buyer_reads_it(client, showtime, sandbox, my_browser):
    Movie.objects.update(title="The Third Man", translations={"de": {"title": "Der dritte Mann"}})
    with speaking("de"):
        german = buy(sandbox, showtime, my_browser, "A1", "A2")
    payment = german.sale.payments.get()
    ticket = german.tickets.first()
    [message] = posted(german)
    html = message.alternatives[0].content
    entry = client.get(f"/tickets/{ticket.code}.ics").content.decode()
    papers = (client.get(f"/tickets/{ticket.code}.pdf").content, paper_pdf(receipt_of(booking_id=german.pk)))
    said = [message.subject, message.body, html, entry, json.dumps(payment.request), *map(text_of, papers)]
    for text in said:
        assert "Der dritte Mann" in " ".join(text.split()) and "The Third Man" not in text


def test_two_languages_in_one_batch_keep_apart(sandbox, showtime, other_browser, german):
    english = buy(sandbox, showtime, other_browser, "B1")
    assert OutgoingMail.objects.count() == 2
    [first], [second] = posted(german), posted(english)
    assert (first.subject[:13], second.subject[:13]) == ("Ihre Tickets:", "Your tickets:")
    assert "29,00\xa0€" in first.body and "\xa0€" not in second.body


def test_a_receipt_keeps_its_language_when_it_is_printed_again(german):
    paper = receipt_of(booking_id=german.pk)
    text = text_of(paper_pdf(paper))
    assert {"Quittung", "R-000001", "Steuersatz", "29,00"} <= set(text.split()) and "Receipt" not in text
    assert language_of(paper_pdf(paper)).startswith("de")
    Sale.objects.update(language="en")
    again = receipt_of(booking_id=german.pk)
    assert again == paper and paper_pdf(again) == paper_pdf(paper)
    assert paper.name.startswith("R-")
    with speaking("de"):
        assert Paper.objects.get().name == paper.name


def test_terms_that_were_agreed_to_in_another_language_say_so(german, client):
    link = f"{german.get_absolute_url()}{booking_secret(german)}/"
    page = client.get(link, headers={"Accept-Language": "en"}, follow=True).text
    assert page.index("in the language in which you booked") < page.index("Sie können Tickets online stornieren.")
    same = client.get(german.get_absolute_url(), headers={"Accept-Language": "de"}).text
    assert "Sie können Tickets online stornieren." in same and "in der Sie gebucht haben" not in same


def test_the_counter_sells_in_the_language_of_the_installation_not_of_the_clerk(showtime, settings):
    settings.COUNTER_WITHOUT_ADAPTER = ["DE"]
    with speaking("de"):
        booking = sell_seats(showtime, make_seller(showtime, "MANAGER"), "A1", email="ada@example.com").booking
    booking.refresh_from_db()
    assert (booking.sale.language, "You can cancel tickets online." in booking.sale.terms) == ("en", True)


@pytest.mark.parametrize(
    ("has", "most", "words"),
    [
        (0, 1, "höchstens 1 Ticket für eine Vorstellung haben."),
        (0, 4, "höchstens 4 Tickets für eine Vorstellung haben."),
        (3, 4, "Tickets für eine Vorstellung haben, und Sie haben schon 3."),
    ],
)
def test_a_refusal_counts_by_the_rules_of_its_language(has, most, words):
    with speaking("de"):
        refusal = TooManyTickets(has=has, most=most)
    assert words in refusal.sentence and refusal.sentence.endswith("Es wurde nichts abgebucht.")


def test_a_refusal_is_answered_in_the_language_of_the_browser(client, showtime):
    path = f"/showtimes/{showtime.pk}/seats/"
    answer = client.post(path, {"take": "Z99"}, headers={"Accept-Language": "de", "HX-Request": "true"})
    assert answer.status_code == 422
    assert "Diesen Platz gibt es hier nicht. Bitte wählen Sie einen auf dem Saalplan." in answer.content.decode()
    english = client.post(path, {"take": "Z99"}, headers={"Accept-Language": "en", "HX-Request": "true"})
    assert "There is no such seat here." in english.content.decode()
