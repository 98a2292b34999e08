"""/find-booking/: the way back to a booking whose link is lost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reservations.letters.outbox import send_due_mail
from reservations.links.link_requests import answer_link_requests
from reservations.models import LinkRequest, OutgoingMail
from tests.factories import begin_paying, buy, make_browser, make_showtime
from tests.standing_booking import bought_once

pytestmark = pytest.mark.django_db
URL = "/find-booking/"

standing_booking, sandbox, booking, showtime = bought_once("A1")


def ask(client, text):
    answer = client.post(URL, {"asked_for": text})
    answer_link_requests()
    return answer


def found_mails():
    return OutgoingMail.objects.filter(kind="FOUND")


def body(answer):
    return re.sub(r'value="[^"]*"|x-csrftoken": "[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize(
    "write", [str, str.lower, lambda text: text.replace("-", ""), lambda text: f" {text[:4]} {text[5:]} "]
)
def test_the_reference_brings_the_link_to_the_bookings_own_address(booking, client, mailoutbox, write):
    assert ask(client, write(booking.reference)).status_code == 200
    send_due_mail(now=timezone.now())
    letter = next(letter for letter in mailoutbox if "The link to your booking" in letter.subject)
    assert letter.to == ["ada@example.com"]
    link = re.search(rf"/bookings/{booking.reference}/[\w-]+/", letter.body)[0]
    opened = Client().get(link, follow=True)
    assert (opened.status_code, booking.reference in opened.content.decode()) == (200, True)
    assert not LinkRequest.objects.exists()


def test_the_address_brings_the_links_of_all_its_bookings(booking, showtime, sandbox, client):
    other = buy(sandbox, make_showtime(), make_browser(6), "A1")
    buy(sandbox, showtime, make_browser(7), "B1", email="bob@example.com")
    ask(client, " ADA@example.com ")
    assert {mail.booking_id for mail in found_mails()} == {booking.pk, other.pk}


def test_the_answer_is_the_same_in_words_and_work_for_what_is_not_there(booking, client):
    answers, work = set(), set()
    for text in (booking.reference, "ZZZZ-ZZZZ", "ada@example.com", "nobody@example.com", "%'); --", "x"):
        with CaptureQueriesContext(connection) as queries:
            answer = client.post(URL, {"asked_for": text})
        answers.add((answer.status_code, body(answer)))
        work.add(tuple(re.sub(r"'.*'", "", query["sql"]) for query in queries if "reservations_" in query["sql"]))
    assert len(answers) == 1 and len(work) == 1
    answer_link_requests()
    assert set(found_mails().values_list("contact__email", flat=True)) == {"ada@example.com"}


def test_nothing_is_sent_for_a_booking_that_is_not_paid(showtime, sandbox, client):
    pending = begin_paying(showtime, make_browser(8), "B1")
    ask(client, pending.reference)
    assert not found_mails().exists()


def test_a_mailbox_is_not_flooded(booking):
    for number in range(5):
        ask(Client(REMOTE_ADDR=f"198.51.100.{number}"), booking.reference)
        found_mails().update(created_at=F("created_at") - timedelta(minutes=2))
    assert found_mails().count() == 3


def test_who_asks_twice_because_the_answer_was_lost_gets_one_mail(booking):
    for number in range(2):
        ask(Client(REMOTE_ADDR=f"198.51.100.{number}"), booking.reference)
    assert found_mails().count() == 1


def test_a_browser_and_an_address_ask_so_often_and_no_more(booking, client):
    client.cookies["holder"] = "a-cookie-of-128-random-bits"
    codes = [client.post(URL, {"asked_for": "x"}).status_code for _ in range(6)]
    assert codes == [200] * 5 + [429]
    others = [Client(REMOTE_ADDR="198.51.100.7").post(URL, {"asked_for": "x"}) for _ in range(21)]
    assert [answer.status_code for answer in others] == [200] * 20 + [429]
    assert 0 < int(others[-1]["Retry-After"]) <= 3600


@pytest.mark.parametrize("text", ["", "   ", "x" * 255])
def test_what_cannot_be_asked_is_said_at_its_field(client, text):
    answer = client.post(URL, {"asked_for": text})
    assert (answer.status_code, 'aria-invalid="true"' in answer.content.decode()) == (422, True)
    assert not LinkRequest.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        "bookings/{}/",
        "payments/return/{}/",
        "bookings/{}/receipt.pdf",
        "bookings/{}/calendar.ics",
        "bookings/{}/cancel/",
    ],
)
def test_another_browser_is_told_where_the_tickets_go_alike_for_what_is_not_there(booking, client, path):
    mine, nobodys = (client.get("/" + path.format(reference)) for reference in (booking.reference, "ZZZZ-ZZZZ"))
    assert (mine.status_code, nobodys.status_code) == (404, 404)
    page = mine.content.decode()
    assert "we are checking your payment" in page and f'href="{URL}"' in page
    assert body(mine) == body(nobodys)


def test_a_ticket_that_is_not_there_leads_there_too(client):
    answer = client.get(f"/tickets/{'x' * 27}/")
    assert (answer.status_code, f'href="{URL}"' in answer.content.decode()) == (404, True)


def test_other_pages_that_are_not_there_say_so(client):
    assert "left the building" in client.get("/nowhere/").content.decode()
