"""The version of a showtime is shown wherever customers or the door see the showtime."""

import pytest
from django.utils import timezone

from houses.business_days import business_day
from reservations.letters.emails import compose
from reservations.models import OutgoingMail
from reservations.selectors.door import ticket_at_door
from tests.boxoffice.scenes import book
from tests.factories import make_movie, make_showtime
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db
SOUND = "dubbed in German, French subtitles"
WORDS = f"3D, {SOUND}"


@pytest.fixture
def showtime():
    movie = make_movie(slug="deep-water")
    movie.versions.create(picture="3D", dubbed_in="German", subtitles_in="French")
    return make_showtime(movie=movie)


def test_on_every_list(showtime, client):
    theater = showtime.auditorium.theater
    day = business_day(theater, showtime.starts_at)
    for address in (
        f"/?theater={theater.slug}&day={day}",
        f"{theater.get_absolute_url()}?day={day}",
        "/movies/deep-water/",
    ):
        page = client.get(address).content.decode()
        assert '<b class="chip-picture">3D</b>' in page and SOUND in page, address


def test_from_the_seats_to_the_ticket(showtime, client):
    assert WORDS in client.get(showtime.get_absolute_url()).content.decode()
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    assert WORDS in client.get(f"/checkout/{showtime.pk}/").content.decode()
    ticket = book(showtime, "A2", number=7).tickets.get()
    assert WORDS in client.get(f"/tickets/{ticket.code}/").content.decode()
    calendar = client.get(f"/tickets/{ticket.code}.ics").content.decode().replace("\r\n ", "").replace("\\,", ",")
    assert WORDS in calendar
    assert WORDS in text_of(client.get(f"/tickets/{ticket.code}.pdf").content)
    assert ticket_at_door(ticket.pk).version == WORDS


def test_in_the_mail(showtime):
    book(showtime, "A1")
    mail = OutgoingMail.objects.get()
    message = compose(mail, now=timezone.now(), site_url="https://marquee.example")
    assert WORDS in message.body and WORDS in message.alternatives[0].content
