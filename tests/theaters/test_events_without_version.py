"""A talk or a concert alone is in no version: nobody reads "2D" beside it, from the list to the door."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from reservations.letters.emails import compose
from reservations.models import OutgoingMail
from tests.clock import begins_in
from tests.factories import buy, make_browser, make_movie, make_showtime, make_staff
from theaters.models import Movie, ProgramItem
from theaters.program_facts import has_movie, version_text
from theaters.states import MovieKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(db):
    showtime = make_showtime(movie=make_movie(title="An evening with Mona"))
    Movie.objects.filter(pk=showtime.movie_id).update(kind=MovieKind.EVENT)
    begins_in(showtime, minutes=50)
    return type(showtime).objects.get(pk=showtime.pk)


def test_an_event_in_its_plain_version_has_none_and_one_in_3d_has(talk):
    assert version_text(talk) == ""
    talk.picture = "3D"
    assert version_text(talk) == "3D"
    talk.movie.kind, talk.picture = MovieKind.FEATURE, "2D"
    assert version_text(talk) == "2D"


def test_nobody_reads_a_version_of_it(talk, sandbox):
    client = Client()
    theater = talk.auditorium.theater
    booking = buy(sandbox, talk, make_browser(1), "A1", "A2")
    letter = compose(OutgoingMail.objects.get(booking=booking), now=timezone.now(), site_url="https://lantern.example")
    for body in (letter.body, letter.alternatives[0][0]):
        assert "An evening with Mona" in body and not re.search(r"\b2D\b|\(\)", body)
    pages = ["/", talk.movie.get_absolute_url(), f"/theaters/{theater.slug}/showtimes.json", talk.get_absolute_url()]
    staff = [
        f"/door/bookings/{booking.reference}/",
        "/counter/",
        f"/counter/showtimes/{talk.pk}/",
        "/admin/theaters/showtime/",
    ]
    for page in pages + staff:
        if page == staff[0]:
            client.force_login(make_staff("MANAGER", theater))
            client.post("/door/here/", {"place": f"{theater.pk}-{talk.auditorium_id}", "name": "door 2"})
        text = client.get(page).text.rpartition('id="changelist-form"')[2]
        assert "An evening with Mona" in text and not re.search(r">[^<]*\b2D\b", text), page


def test_nobody_reads_of_a_film_where_there_is_none(talk, sandbox):
    booking = buy(sandbox, talk, make_browser(1), "A1")
    letter = compose(OutgoingMail.objects.get(booking=booking), now=timezone.now(), site_url="https://lantern.example")
    assert "Enjoy the show." in letter.body and "Enjoy the show." in letter.alternatives[0][0]
    assert not re.search(r"\bfilm\b", letter.body)
    assert "About the event" in Client().get(talk.movie.get_absolute_url()).text


def test_a_talk_after_a_film_is_an_evening_with_a_film(talk):
    film = make_movie()
    ProgramItem.objects.create(showtime=talk, movie=film, position=1, minutes=100)
    ProgramItem.objects.create(showtime=talk, movie=talk.movie, position=2, minutes=30)
    type(talk).objects.filter(pk=talk.pk).update(program_minutes=130)
    assert has_movie(type(talk).objects.get(pk=talk.pk))


def test_on_the_page_of_a_movie_the_name_of_a_program_says_what_it_is(talk):
    type(talk).objects.filter(pk=talk.pk).update(program_title="Shorts II", program_minutes=90, note="With piano")
    assert "part of “Shorts II”, With piano" in Client().get(talk.movie.get_absolute_url()).text
