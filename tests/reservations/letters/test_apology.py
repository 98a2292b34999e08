"""The apology for late money says what goes back, and offers three other showtimes of the movie in the theater's time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils import timezone

from reservations.letters.outbox import send_due_mail
from reservations.selling.bookings import write_mail
from reservations.states import MailKind
from tests.factories import begin_paying, make_auditorium, make_showtime, make_theater
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def booking(my_browser, sandbox):
    theater = make_theater(currency="USD", timezone_name="America/New_York", tax_rate="0.08", country="US")
    return begin_paying(make_showtime(theater=theater), my_browser, "A1")


@pytest.fixture
def others(booking):
    """Other showtimes of the movie: four in this theater, a sooner one elsewhere, one sold out, one canceled."""
    film, house = booking.showtime.movie, booking.showtime.auditorium.theater
    here = [make_showtime(auditorium=make_auditorium(house), movie=film, starts_at=_in(days)) for days in range(3, 9)]
    elsewhere = make_showtime(movie=film, starts_at=_in(2))
    make_showtime(auditorium=make_auditorium(house), starts_at=_in(2))
    Showtime.objects.filter(pk=here[0].pk).update(seats_taken=12)
    Showtime.objects.filter(pk=here[1].pk).update(status="CANCELED")
    return [here[2], here[3], here[4]], [booking.showtime, here[0], here[1], here[5], elsewhere]


def _in(days):
    return (timezone.now() + timedelta(days=days)).replace(hour=2, minute=30, second=0, microsecond=0)


def apology(booking):
    write_mail(booking, MailKind.APOLOGY)
    send_due_mail(now=timezone.now())
    [message] = mail.outbox
    return message.body, message.alternatives[0].content


def test_it_names_three_others_that_are_on_sale_in_the_theaters_time(booking, others):
    named, left_out = others
    for text in apology(booking):
        assert [text.count(f"/showtimes/{one.pk}/") for one in named] == [1, 1, 1]
        assert not any(f"/showtimes/{one.pk}/" in text for one in left_out)
        for one in named:
            local = one.starts_at.astimezone(NEW_YORK)
            clock = f"{int(f'{local:%I}')}:{local:%M}\xa0{local:%p} {local:%Z}"
            assert f"{local:%A}, {local:%B} {local.day}, {local.year}, {clock}" in text


def test_fewer_here_are_filled_up_with_others_elsewhere(booking):
    elsewhere = make_showtime(movie=booking.showtime.movie)
    for text in apology(booking):
        assert f"/showtimes/{elsewhere.pk}/" in text and elsewhere.auditorium.theater.name in text


def test_without_another_showtime_the_apology_promises_none(booking):
    for text in apology(booking):
        assert "The same film" not in text and "/showtimes/" not in text


def test_what_is_closed_by_now_is_not_offered(booking):
    gone = make_showtime(movie=booking.showtime.movie)
    Showtime.objects.filter(pk=gone.pk).update(sales_close_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert f"/showtimes/{gone.pk}/" not in apology(booking)[0]
