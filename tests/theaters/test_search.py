"""Search for titles and people, misspelled, without accents, in other scripts. It uses an index, and an empty result leads on."""

import pytest
from django.db import connection
from django.test import Client

from reservations.opening.showtime_opening import open_for_sale
from tests.factories import make_draft, make_movie, make_showtime
from tests.standing_world import standing_world
from tests.variants import some
from theaters.listings.search import alike_query, begun_query, slipped_query, title_query
from theaters.models import Movie, Series, Showtime
from theaters.schedule.programs import ProgramPart, checked_program, set_program
from theaters.search_words import search_text, search_words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def some_movies() -> None:
    for title, original, director, cast in [
        ("Metropolis", "", "Fritz Lang", ["Brigitte Helm", "Alfred Abel"]),
        ("M", "", "Fritz Lang", ["Peter Lorre"]),
        ("Amélie", "Le Fabuleux Destin d'Amélie Poulain", "Jean-Pierre Jeunet", ["Audrey Tautou"]),
        ("Stalker", "Сталкер", "Andrei Tarkovsky", ["Alisa Freindlich"]),
        ("Seven Samurai", "七人の侍", "Akira Kurosawa", ["Toshirō Mifune"]),
        ("Nosferatu", "Nosferatu, eine Symphonie des Grauens", "F. W. Murnau", ["Max Schreck"]),
        ("Wall·E", "", "Andrew Stanton", []),
        ("The Third Man", "", "Carol Reed", ["Orson Welles"]),
        ("Man with a Movie Camera", "", "Dziga Vertov", []),
    ]:
        make_movie(title=title, original_title=original, director=director, cast=cast)


@pytest.fixture(scope="module")
def standing_movies(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, some_movies):
        yield


@pytest.fixture
def movies(standing_movies, db):
    return None


def found(query, **headers):
    answer = Client().get("/search/", {"q": query}, headers=headers)
    assert answer.status_code == 200
    return answer


def titles(query):
    return [one.movie.title for one in found(query).context["page"].movies]


@pytest.mark.parametrize(
    ("query", "expected"),
    some(
        [
            ("metropolis", ["Metropolis"]),
            ("METRO", ["Metropolis"]),
            ("metropolsi", ["Metropolis"]),
            ("nosfratu", ["Nosferatu"]),
            ("metroplis lang", ["Metropolis"]),
            ("amelie", ["Amélie"]),
            ("Amélie Poulain", ["Amélie"]),
            ("fabuleux", ["Amélie"]),
            ("Сталкер", ["Stalker"]),
            ("сталкр", ["Stalker"]),
            ("七人の侍", ["Seven Samurai"]),
            ("七人", ["Seven Samurai"]),
            ("toshiro mifune", ["Seven Samurai"]),
            ("kurosava", ["Seven Samurai"]),
            ("mifone", ["Seven Samurai"]),
            ("seven samuari", ["Seven Samurai"]),
            ("stolker", ["Stalker"]),
            ("tarkofski", ["Stalker"]),
            ("walle", ["Wall·E"]),
            ("wall-e", ["Wall·E"]),
            ("lang fritz", ["M", "Metropolis"]),
            ("m", ["M", "Man with a Movie Camera", "Metropolis", "The Third Man"]),
            ("man", ["Man with a Movie Camera", "The Third Man"]),
            ("nothing of the kind", []),
            ("!!!", []),
            ("", []),
            ("100%_", []),
        ],
        every=2,
    ),
)
def test_what_is_found(movies, query, expected):
    assert titles(query)[: len(expected) or 9] == expected


def test_people_are_found_and_lead_to_their_movies(movies):
    page = found("lag").context["page"]
    people = [person.name for person in found("fritz").context["page"].people]
    assert people == ["Fritz Lang"] and page is not None
    assert found("Kurosawa").context["page"].people[0].url == "/search/?q=Akira+Kurosawa"
    assert titles("Akira Kurosawa") == ["Seven Samurai"]
    assert [person.name for person in found("tarkowsky").context["page"].people] == ["Andrei Tarkovsky"]


def test_what_can_be_booked_says_when_and_stands_before_its_equals(movies):
    showtime = make_showtime(movie=Movie.objects.get(title="The Third Man"))
    page = found("man").context["page"]
    assert [one.movie.title for one in page.movies] == ["Man with a Movie Camera", "The Third Man"]
    assert page.movies[1].next_showtime.theater_name == showtime.auditorium.theater.name
    assert titles("fritz lang") == ["M", "Metropolis"]
    make_showtime(movie=Movie.objects.get(title="Metropolis"))
    assert titles("fritz lang") == ["Metropolis", "M"]


def test_an_archived_movie_is_not_found(movies):
    Movie.objects.filter(title="Metropolis").update(archived_at="2026-01-01T00:00Z")
    assert titles("metropolis") == []


def test_a_movie_is_found_by_its_new_title_whichever_fields_are_saved(movies):
    movie = Movie.objects.get(title="Metropolis")
    movie.title = "Die Stadt"
    movie.save(update_fields=["title"])
    assert (titles("stadt"), titles("metropolis")) == (["Die Stadt"], [])
    movie.tagline = "x"
    movie.save(update_fields=["tagline"])
    assert titles("stadt") == ["Die Stadt"]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("kdi", "The Kid"), ("ikd", "The Kid"), ("kud", "The Kid"), ("the kdi", "The Kid"), ("jwas", "Jaws"), ("jws", "Jaws"),
        ("jawss", "Jaws"), ("alein", "Alien"), ("amleie", "Amélie"), ("wlale", "Wall·E"), ("kdi chaplni", "The Kid"),
    ],
)  # fmt: skip
def test_one_slip_in_a_short_word_is_forgiven(movies, query, title):
    for name, director in [("The Kid", "Charlie Chaplin"), ("Jaws", "Steven Spielberg"), ("Alien", "Ridley Scott")]:
        make_movie(title=name, director=director)
    assert title in titles(query)


def test_a_word_that_is_nearer_stands_first(movies):
    make_movie(title="Kda")
    make_movie(title="Kid")
    assert titles("kdi")[0] == "Kid"


def test_no_word_is_found_in_quite_another_one(movies):
    assert titles("xyz") == titles("qqq") == titles("mdi") == []


def test_nothing_found_leads_on(movies):
    text = found("nothing of the kind").text
    assert "We found nothing like that." in text and 'href="/"' in text


def test_with_htmx_only_what_was_found_is_sent_and_the_count_is_said(movies):
    part = found("fritz", **HTMX)
    assert "<html" not in part.text and 'id="results"' in part.text
    assert 'id="search-count" class="search-count" role="status">3 results<' in part.text.replace("\n", "").replace(
        "  ", ""
    )
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("query", ["x" * 5000, "a " * 500, "' OR 1=1 --", "%%%", "\\", "<script>", "é" * 90])
def test_an_odd_query_does_no_harm(movies, query):
    assert "<script>" not in found(query).text.replace("<script src", "")


def test_many_films_are_cut_and_said(movies):
    Movie.objects.bulk_create(
        Movie(
            title=f"Halloween {n}",
            slug=f"h-{n}",
            year=1978,
            director="J",
            running_minutes=90,
            search_text=f" halloween {n}",
        )
        for n in range(30)
    )
    page = found("halloween").context["page"]
    assert (len(page.movies), page.has_more) == (24, True)


def test_the_index_is_used(movies):
    """There are 5,000 movies. Without the index the search would read them all."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO theaters_movie (title, slug, original_title, tagline, synopsis, year, director, "cast", running_minutes,'
            " countries, languages, genres, palette, poster_layout, poster_image, trailer_url, search_text)"
            " SELECT 'T', 't-' || n, '', '', '', 1950, 'D', '{}', 90, '{}', '{}', '{}', '{}', '', '', '', ' ' || md5(n::text)"
            " || ' ' || md5((n + 1)::text) FROM generate_series(1, 5000) AS n"
        )
        cursor.execute("SELECT gin_clean_pending_list('movie_search')")
        cursor.execute("ANALYZE theaters_movie")
    assert "movie_search" in slipped_query(["kdi"]).explain()
    assert "movie_search_begin" in title_query(["metropo"]).explain()
    for query in (begun_query(["metropo", "lang"]), alike_query(["metropolsi"])):
        assert "movie_search" in query.explain()


@pytest.mark.parametrize("query", ["8½", "8 1/2", "8 1 / 2", "8 1⁄2", "fellini", "812"])
def test_fractions_are_found_as_people_type_them(db, query):
    make_movie(title="8½", director="Federico Fellini", slug="8-1-2")
    make_movie(title="9½ Weeks", director="Adrian Lyne", slug="9-1-2-weeks")
    assert titles(query) == ["8½"]
    assert "<bdi>8½</bdi>" in found(query).text  # without it, text from right to left would show ½8


def test_words():
    assert search_words("L'Âge d'or, 8½") == ["lage", "dor", "81", "2"]
    assert search_text(titles=["Wall·E", ""], people=["A. Stanton"]) == " wall e walle a stanton"


def show_program(title) -> Showtime:
    pair = [make_movie(), make_movie()]
    draft = make_draft(movie=pair[0])
    set_program(showtime_id=draft.pk, program=checked_program(title=title, parts=[ProgramPart(one) for one in pair]))
    return open_for_sale(showtime_id=draft.pk, actor="test")


@pytest.mark.parametrize("query", ["Ozu", "café", "cafe in", "yasujiro", "yasujirro"])
def test_a_series_is_found_by_the_beginning_of_its_words_or_nearly(query):
    house = make_showtime().auditorium.theater.house
    Series.objects.create(house=house, name="Yasujirō Ozu in the Café", slug="ozu")
    page = found(query).context["page"]
    assert [(one.name, one.url) for one in page.series] == [("Yasujirō Ozu in the Café", "/series/ozu/")]
    assert "We found nothing" not in found(query).content.decode()


def test_a_program_is_found_once_with_its_next_showtime():
    first, _ = show_program("Shorts in competition"), show_program("Shorts in competition")
    programs = found("competition").context["page"].programs
    assert [(one.title, one.url) for one in programs] == [("Shorts in competition", first.get_absolute_url())]


def test_what_is_closed_over_or_not_on_sale_is_not_found():
    show_program("Shorts behind doors")
    Showtime.objects.update(access_code="SECRET")
    assert found("doors").context["page"].programs == []
    Showtime.objects.update(access_code="", status="DRAFT")
    assert found("doors").context["page"].programs == []
