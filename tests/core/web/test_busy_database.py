"""A busy database gives a 503 with a sentence and a way on, wherever the first query happens, and never a 500."""

import time
from types import SimpleNamespace

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from houses.models import House
from houses.selectors import forget_houses
from reservations.views import closed_showtimes
from tests.factories import make_showtime

pytestmark = pytest.mark.django_db
TIMEOUT = "canceling statement due to lock timeout"


def raising(error):
    def asked(*args, **options):
        raise error

    return asked


@pytest.mark.parametrize("error", [OperationalError(TIMEOUT), InterfaceError("connection already closed")])
def test_before_the_view_is_reached(monkeypatch, error):
    """Django does not pass an error of middleware to the middleware that answers for the database."""
    showtime = make_showtime()
    monkeypatch.setattr(closed_showtimes, "showtime_frame", raising(error))
    answer = Client(raise_request_exception=False).get(f"/showtimes/{showtime.pk}/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "3")
    assert "very busy right now" in answer.text
    assert f'href="/showtimes/{showtime.pk}/"' in answer.text


def test_another_error_there_is_ours(monkeypatch):
    showtime = make_showtime()
    monkeypatch.setattr(closed_showtimes, "showtime_frame", raising(ValueError("no")))
    answer = Client(raise_request_exception=False).get(f"/showtimes/{showtime.pk}/")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text


def test_in_german_too(monkeypatch):
    showtime = make_showtime()
    monkeypatch.setattr(closed_showtimes, "showtime_frame", raising(OperationalError(TIMEOUT)))
    answer = Client(raise_request_exception=False).get(f"/showtimes/{showtime.pk}/?hl=de")
    assert answer.status_code == 503
    assert "Einen Moment" in answer.text


def test_however_long_the_database_is_away_pages_are_those_of_the_house(monkeypatch):
    """Its name, its texts and its theaters were read before; after a minute pages once said the name of the software."""
    showtime = make_showtime()
    theater = showtime.auditorium.theater
    House.objects.filter(pk=theater.house_id).update(name="Kino am Fluss")
    forget_houses()
    assert "Kino am Fluss" in Client().get(f"/showtimes/{showtime.pk}/").text
    monkeypatch.setattr("core.caches.process_cache.time", SimpleNamespace(monotonic=lambda: time.monotonic() + 3600))
    with connection.execute_wrapper(raising(OperationalError("server closed the connection unexpectedly"))):
        for _ in range(2):
            answer = Client(raise_request_exception=False).get(f"/showtimes/{showtime.pk}/")
            assert (answer.status_code, "Kino am Fluss" in answer.text) == (503, True)
            assert theater.name in answer.text and "Marquee" not in answer.text
