"""Text pasted from a word processor breaks no file that other programs read."""

from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from tests.factories import make_staff
from theaters.models import Movie

pytestmark = pytest.mark.django_db
PASTED = "Line one\x0bline two\x01\x7f\ufffe"


@pytest.fixture
def theater(showtime):
    Movie.objects.update(title=PASTED, synopsis=PASTED, cast=[PASTED], translations={"de": {"title": PASTED}})
    return showtime.auditorium.theater


@pytest.mark.parametrize("kind", ["atom", "ics"])
def test_feeds_for_readers_and_calendars(theater, kind):
    body = Client().get(f"/theaters/{theater.slug}/showtimes.{kind}").content
    assert b"Line oneline two" in body
    assert not {*b"\x0b\x01\x7f"} & {*body} and "\ufffe" not in body.decode()
    assert (ElementTree.fromstring if kind == "atom" else Calendar.from_ical)(body) is not None


@pytest.mark.parametrize("kind", ["csv", "json"])
def test_the_export_of_movies(theater, kind):
    office = Client()
    office.force_login(make_staff("MANAGER", theater))
    answer = office.get(f"/admin/theaters/movie/export.{kind}")
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert (answer.status_code, body.decode().count("Line oneline two")) == (200, 4)
