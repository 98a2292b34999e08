"""Getting tickets again: by mail, on a device without a network; and buying more for the same movie."""

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone

from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from reservations.letters.outbox import send_due_mail
from reservations.links.booking_addresses import NoTickets, resend_confirmation
from reservations.models import OutgoingMail
from tests.clock import begins_in
from tests.factories import buy, make_browser, make_showtime
from tests.payments.privacy.test_own_data import hers
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1", "A2", email="ada@example.com")


def path_of(booking):
    return f"/bookings/{booking.reference}/send-again/"


def test_they_go_to_the_address_of_the_booking_alone(booking, client):
    send_due_mail(now=timezone.now())
    mail.outbox.clear()
    assert hers(client, booking).post(path_of(booking)).url == booking.get_absolute_url()
    send_due_mail(now=timezone.now())
    assert [letter.to for letter in mail.outbox] == [["ada@example.com"]]
    assert len(mail.outbox[0].pictures) == 2


def test_some_times_an_hour_and_then_it_says_how_long_to_wait(booking, client):
    answers = [hers(client, booking).post(path_of(booking)).status_code for _ in range(6)]
    assert answers[0] == 302 and answers[-1] == 429
    assert OutgoingMail.objects.filter(kind="RESENT").count() == answers.count(302)


def test_nothing_is_sent_of_what_was_canceled(booking):
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
    with pytest.raises(NoTickets):
        resend_confirmation(booking_id=booking.pk, before=0, reason="Asked for", actor="test")


def test_strangers_send_nothing(booking):
    assert Client().post(path_of(booking)).status_code == 404
    assert not OutgoingMail.objects.filter(kind="RESENT").exists()


def test_the_worker_lies_beside_the_tickets_and_keeps_nothing_else(client, booking):
    answer = client.get("/tickets/worker.js")
    assert answer["Content-Type"].startswith("text/javascript") and "max-age=0" in answer["Cache-Control"]
    script = answer.content.decode()
    assert "tickets" in script and "bookings" not in script and "accounts" not in script
    page = client.get(f"/tickets/{booking.tickets.first().code}/")
    assert b'data-ticket-worker="/tickets/worker.js"' in page.content and page["Cache-Control"] == "no-store"


def test_a_past_booking_leads_to_its_movie_while_that_is_on_sale(booking, django_user_model):
    user = django_user_model.objects.create_user("ada@example.com", "x")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    begins_in(booking.showtime, days=-2)
    client = signed_in(user)
    assert "Book again" not in client.get("/bookings/").content.decode()
    make_showtime(auditorium=booking.showtime.auditorium, movie=booking.showtime.movie)
    page = client.get("/bookings/").content.decode()
    assert "Book again" in page and f"/movies/{booking.showtime.movie.slug}/" in page
