"""The house's page in the office lists the customers' texts that are not translated into each of its languages."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from houses.models import House, PageText, TextPage, Theater, TheaterPhoto
from tests.factories import (
    make_auditorium,
    make_draft,
    make_movie,
    make_price_rule,
    make_showtime,
    make_staff,
    make_theater,
)
from theaters.models import Auditorium, Movie, MovieStill, ProgramItem, Series, Showtime, TicketType

pytestmark = pytest.mark.django_db
TERMS = {"de": {"cancellation_terms": "x"}}
TEXTS = {"title": "M", "tagline": "One murderer.", "synopsis": "A city looks for him."}


@pytest.fixture
def theater():
    theater = make_theater()
    House.objects.update(languages=["en", "de"])
    Theater.objects.update(translations=TERMS)
    TicketType.objects.update(translations={"de": {"name": "x", "note": "x"}})
    for text in PageText.objects.filter(language="en"):
        PageText.objects.create(page=text.page, language="de", title="AGB", body="x", holds_from=text.holds_from)
    return Theater.objects.get(pk=theater.pk)


def listed(theater, role="MANAGER"):
    office = Client()
    office.force_login(make_staff(role, theater))
    answer = office.get(f"/admin/houses/house/{theater.house_id}/change/")
    assert answer.status_code == 200
    shown = answer.context.get("untranslated")
    return shown and {kind: [(row.name, row.missing) for row in rows] for kind, rows in shown}


def on_sale(theater, **movie):
    auditorium = make_auditorium(theater)
    Auditorium.objects.update(translations={"de": {"name": "x"}})
    return make_showtime(auditorium=auditorium, movie=make_movie(**movie)).movie


def test_nothing_is_missing(theater):
    on_sale(theater, **TEXTS, translations={"de": {"title": "M", "tagline": "x", "synopsis": "x"}})
    assert listed(theater) == [] or listed(theater) == {}


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({}, "German: title, tagline, synopsis"),
        ({"title": "M"}, "German: tagline, synopsis"),
        # A title may be the same in German.
        ({"synopsis": "x"}, "German: tagline"),
    ],
)
def test_a_movie_on_sale_lacks_what_it_says_in_the_first_language_alone(theater, said, missing):
    movie = on_sale(theater, **TEXTS, translations={"de": said})
    assert listed(theater) == {"Movies": [(str(movie), missing)]}


def test_a_movie_that_says_only_its_title_lacks_that_until_it_is_written_again(theater):
    movie = on_sale(theater, title="M")
    assert listed(theater) == {"Movies": [(str(movie), "German: title")]}
    Movie.objects.update(translations={"de": {"title": "M"}})
    assert not listed(theater)


def test_movies_that_come_are_listed_and_those_that_nobody_reads_are_not(theater):
    coming = make_movie(title="B", coming_on=timezone.now().date() + timedelta(days=9))
    season = make_movie(title="A", coming_season="Spring")
    make_draft(auditorium=make_auditorium(theater), movie=make_movie(title="Draft"))
    make_movie(title="Archive", coming_season="Spring", archived_at=timezone.now())
    make_movie(title="Not planned")
    assert [name for name, _ in listed(theater)["Movies"]] == [str(season), str(coming)]


def test_texts_of_the_theater_its_prices_and_the_pages_of_the_house(theater):
    Theater.objects.update(about="A palace", directions="Left", translations={"de": {"about": "Ein Palast"}})
    TicketType.objects.filter(theater=theater).update(translations={})
    TicketType.objects.filter(code="ADULT").update(translations={"de": {"name": "Erwachsene"}})
    rule = make_price_rule(theater)
    TextPage.objects.create(house=theater.house, slug="imprint")
    Series.objects.create(house=theater.house, name="Noir", slug="noir", text="Dark.")
    shown = listed(theater)
    assert shown["Theaters"] == [(theater.name, "German: directions, cancellation terms")]
    children = TicketType.objects.get(theater=theater, code="CHILD")
    assert (f"{theater.name}: {children}", "German: name, note" if children.note else "German: name") in shown[
        "Ticket types"
    ]
    assert "ADULT" not in str(shown["Ticket types"]) and shown["Price rules"] == [
        (f"{theater.name}: {rule}", "German: name")
    ]
    assert shown["Series"] == [("Noir", "German: name, text")]
    assert shown["Text pages"] == [("imprint", "English, German")]


def test_only_my_theaters_and_no_house_of_others(theater):
    other = make_theater()
    Theater.objects.filter(pk=other.pk).update(about="A palace", translations=TERMS)
    assert "Theaters" not in (listed(theater) or {})
    assert [name for name, _ in listed(other)["Theaters"]] == [other.name]


@pytest.mark.parametrize("role", ["BOX_OFFICE", "DOOR", "FINANCE", "AUDITOR"])
def test_who_writes_nothing_is_told_nothing(theater, role):
    on_sale(theater, **TEXTS)
    assert listed(theater, role) is None


def test_each_line_leads_to_where_it_is_written(theater):
    movie = on_sale(theater, **TEXTS)
    office = Client()
    office.force_login(make_staff("OWNER", theater))
    page = office.get(f"/admin/houses/house/{theater.house_id}/change/").content.decode()
    assert f'<a href="/admin/theaters/movie/{movie.pk}/change/">M (1927)</a>' in page


def test_a_house_with_one_language_has_nothing_to_translate(theater):
    House.objects.update(languages=["en"])
    on_sale(theater, **TEXTS)
    assert not listed(theater)


def test_what_is_said_about_showtimes_on_sale_and_what_pictures_show(theater):
    movie = on_sale(theater, title="M", translations={"de": {"title": "M"}})
    show = Showtime.objects.get()
    Showtime.objects.update(note="Live piano", program_title="A night", program_minutes=90)
    ProgramItem.objects.create(showtime=show, position=1, movie=movie, minutes=60)
    talk = ProgramItem.objects.create(showtime=show, position=2, text="Talk", minutes=30)
    picture = {"width": 4, "height": 3}
    MovieStill.objects.create(movie=movie, picture="a.webp", alt="A whistle", **picture)
    TheaterPhoto.objects.create(theater=theater, photo="a.webp", photo_small="b.webp", alt="The bar", **picture)
    show.refresh_from_db()
    assert listed(theater) == {
        "Showtimes": [(str(show), "German: title of the program, note, text")],
        "Pictures": [
            (f"{movie}: A whistle", "German: what it shows"),
            (f"{theater}: The bar", "German: what it shows"),
        ],
    }
    Showtime.objects.update(translations={"de": {"program_title": "x", "note": "x"}})
    ProgramItem.objects.filter(pk=talk.pk).update(translations={"de": {"text": "x"}})
    for pictures in (MovieStill, TheaterPhoto):
        pictures.objects.update(translations={"de": {"alt": "x"}})
    assert not listed(theater)


def test_ten_showtimes_that_say_the_same_are_one_line(theater):
    first = make_showtime(theater=theater, movie=make_movie(title="M", translations={"de": {"title": "M"}}))
    make_showtime(
        auditorium=first.auditorium, movie=first.movie, price_list=first.price_list, starts_at=first.occupied_until
    )
    Showtime.objects.update(note="Live piano")
    assert [name for name, _ in listed(theater)["Showtimes"]] == [str(Showtime.objects.get(pk=first.pk))]
