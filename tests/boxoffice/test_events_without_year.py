"""A talk or a concert has no year, and nobody reads of one: on pages, posters and in files. A film has one."""

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from payments.refunds import change_notices
from reservations.letters.emails import compose
from reservations.models import OutgoingMail
from reservations.states import MailKind
from tests.boxoffice.test_movie_import import do, look, problems
from tests.boxoffice.test_showtime_changes import do as do_change
from tests.boxoffice.test_showtime_changes import look as look_at_change
from tests.factories import buy, make_browser, make_movie, make_showtime
from theaters.models import Movie
from theaters.movies.movie_addresses import AddressFacts, free_address
from theaters.movies.movie_columns import BY_NAME
from theaters.states import MovieKind

pytestmark = pytest.mark.django_db
ADD = "/admin/theaters/movie/add/"
NO_ROWS = {
    f"{rows}-{count}": "0" for rows in ("versions", "ratings", "stills") for count in ("TOTAL_FORMS", "INITIAL_FORMS")
}


@pytest.fixture
def talk(db):
    return make_movie(title="An evening with Mona", slug="mona", kind=MovieKind.EVENT, year=None, director="")


def test_the_office_asks_a_film_for_its_year_and_no_talk(office):
    facts = {"title": "Mona speaks", "running_minutes": "60", **NO_ROWS}
    asked = office.post(ADD, facts | {"kind": "FEATURE"})
    assert "A film has a year; an event needs none." in asked.text
    assert office.post(ADD, facts | {"kind": "EVENT"}).status_code == 302
    added = Movie.objects.get(title="Mona speaks")
    assert (added.year, added.slug, str(added)) == (None, "mona-speaks", "Mona speaks")


def test_the_database_asks_a_film_for_its_year():
    with pytest.raises(IntegrityError):
        make_movie(year=None)


def test_nobody_reads_of_a_year(talk):
    showtime = make_showtime(movie=talk)
    feeds = f"/theaters/{showtime.auditorium.theater.slug}/showtimes"
    pages = [
        "/",
        talk.get_absolute_url(),
        showtime.get_absolute_url(),
        "/search/?q=mona",
        f"/movies/{talk.slug}/poster.svg",
    ]
    for address in (*pages, f"{feeds}.ics", f"{feeds}.atom"):
        answer = Client().get(address)
        assert answer.status_code == 200 and "None" not in answer.content.decode(), address
    assert Client().get(f"{feeds}.json").json()["showtimes"][0]["movie"]["year"] is None
    assert "dateCreated" not in Client().get(talk.get_absolute_url()).text


def test_the_search_counts_all_that_it_shows_and_calls_a_talk_no_film(talk):
    page = Client().get("/search/?q=mona").text
    assert " ".join(page.partition('id="search-count"')[2].partition(">")[2].partition("<")[0].split()) == "1 result"
    assert "Films and events" in page
    make_movie(title="Mona Lisa")
    Movie.objects.filter(pk=talk.pk).delete()
    assert "Films and events" not in Client().get("/search/?q=mona").text


def test_addresses_of_events_go_on_with_a_number(talk):
    free = free_address(AddressFacts("Mona", None), taken={"mona"})
    assert free == "mona-2"
    assert free_address(AddressFacts("！", None), taken={"movie"}) == "movie-2"


@pytest.mark.parametrize(
    ("raw", "kind"),
    [("", "FEATURE"), ("short film", "SHORT"), ("EVENT", "EVENT"), ("movie", "FEATURE"), ("tv movie", "FEATURE")],
)
def test_files_say_what_a_work_is(raw, kind):
    assert BY_NAME["kind"].parse(raw) == kind


def test_a_file_brings_events_without_a_year_and_no_film(office):
    do(office, "slug,title,kind,running_minutes\ntalk,A talk,event,60\n")
    assert Movie.objects.get(slug="talk").year is None
    refused = look(office, "slug,title,kind,running_minutes\nfilm,A film,short,10\n")
    assert "has no year" in problems(refused)
    turned = look(office, "slug,kind\ntalk,feature\n")
    assert "Year: it cannot be empty." in problems(turned)


def test_no_film_is_shown_in_another_version_where_there_is_none(talk, sandbox, office):
    showtime = make_showtime(movie=talk)
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    for picture in ("2D", "3D"):
        talk.versions.create(picture=picture)
    do_change(office, look_at_change(office, showtime, "VERSION", version="3D"))
    change_notices.carry_out_due()
    told = OutgoingMail.objects.get(booking=booking, kind=MailKind.MOVED)
    letter = compose(told, now=timezone.now(), site_url="https://lantern.example")
    for body in (letter.body, letter.alternatives[0][0]):
        assert "Your showtime has another version." in body and "Your film" not in body
