"""Series with a page and a filter; what is coming soon; kinds and credits of movies."""

import re
from copy import deepcopy
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from houses.business_days import business_day
from houses.selectors import forget_houses
from tests.factories import make_auditorium, make_movie, make_showtime, make_theater
from tests.house_with_terms import make_house
from tests.standing_world import standing_world
from theaters.models import Movie, Series, Showtime
from theaters.planning.showtime_planning import checked_plan, save_drafts, week_of

pytestmark = pytest.mark.django_db


def noir() -> tuple[Showtime, Showtime]:
    """One showtime of the series, and one that is not in it."""
    theater = make_theater()
    series = Series.objects.create(house=theater.house, name="Film noir", slug="noir", text="Seven *dark* nights.")
    inside = make_showtime(theater=theater, movie=make_movie(title="Laura", slug="laura"))
    outside = make_showtime(auditorium=make_auditorium(theater), price_list=inside.price_list)
    Showtime.objects.filter(pk=inside.pk).update(series=series)
    inside.series = series
    return inside, outside


@pytest.fixture(scope="module")
def standing_noir(django_db_setup, django_db_blocker):
    with standing_world(django_db_blocker, noir) as showtimes:
        yield showtimes


@pytest.fixture
def shows(standing_noir, db):
    return deepcopy(standing_noir)


def test_its_page_shows_its_showtimes_alone(shows, client, django_assert_max_num_queries):
    inside, outside = shows
    with django_assert_max_num_queries(5):
        page = client.get("/series/noir/").content.decode()
    assert "Seven <em>dark</em> nights." in page
    assert f'href="/showtimes/{inside.pk}/"' in page
    assert f'href="/showtimes/{outside.pk}/"' not in page
    assert '<div class="prose" dir="auto"><p>' in page
    assert client.get("/series/nothing/").status_code == 404


def test_the_listing_leads_to_its_page(shows, client):
    inside, _ = shows
    page = client.get("/", {"theater": inside.auditorium.theater.slug, "day": f"{inside.starts_at:%Y-%m-%d}"}).text
    assert page.count('<a href="/series/noir/">Film noir</a>') == 1


def test_the_front_page_filters_by_series(shows):
    inside, _ = shows
    page = Client().get("/", {"theater": inside.auditorium.theater.slug, "series": "noir"}).context["page"]
    assert [chip.id for row in page.rows for chip in row.chips] == [inside.pk]
    assert [chosen.label for chosen in page.chosen_filters] == ["Film noir"]
    (group,) = [group for group in page.groups if group.name == "series"]
    assert [(choice.label, choice.count) for choice in group.choices] == [("Film noir", 1)]


def test_it_is_in_the_sitemap_while_it_has_showtimes(shows, client):
    assert "/series/noir/</loc>" in client.get("/sitemap.xml").content.decode()
    assert "noindex" not in client.get("/series/noir/").headers.get("X-Robots-Tag", "")


def test_a_copied_week_keeps_its_series(shows):
    inside, _ = shows
    theater = inside.auditorium.theater
    first = business_day(theater, inside.starts_at)
    entries = list(week_of(theater=theater, first=first, to=first + timedelta(days=7)))
    lines = checked_plan(theater=theater, entries=entries, answers={}, left_out=set(), now=timezone.now())
    assert sorted(draft.series is not None for draft in save_drafts(lines=lines)) == [False, True]


def test_staff_put_a_published_showtime_into_a_series_and_not_into_another_house_s(shows, admin_client):
    _, outside = shows
    address = f"/admin/theaters/showtime/{outside.pk}/change/"
    series = Series.objects.get()
    admin_client.post(address, {"note": "", "series": series.pk})
    assert Showtime.objects.get(pk=outside.pk).series == series


class TestComingSoon:
    def coming(self):
        return [movie.title for movie in Client().get("/coming-soon/").context["movies"]]

    def test_days_come_first_then_seasons_and_what_is_past_or_on_sale_is_not_there(self, shows):
        today = business_day(shows[0].auditorium.theater, timezone.now())
        Movie.objects.filter(pk=shows[0].movie_id).update(coming_on=today + timedelta(days=3))
        make_movie(title="Spring", coming_season="Spring 2027")
        make_movie(title="Later", coming_on=today + timedelta(days=90))
        make_movie(title="Sooner", coming_on=today + timedelta(days=9))
        make_movie(title="Past", coming_on=today - timedelta(days=2))
        make_movie(title="Gone", coming_on=today + timedelta(days=9), archived_at=timezone.now())
        assert self.coming() == ["Sooner", "Later", "Spring"]

    def test_a_movie_that_one_house_announces_is_not_coming_in_another(self, shows):
        other = make_house("Luna", domains=["luna.localhost"])
        make_theater(house=other)
        make_movie(title="Everywhere", coming_season="Spring 2027")
        make_movie(title="Only in Luna", coming_season="Summer 2027", coming_house=other)
        make_movie(title="Only here", coming_season="Summer 2027", coming_house=shows[0].auditorium.theater.house)
        forget_houses()
        assert self.coming() == ["Everywhere", "Only here"]
        there = Client().get("/coming-soon/", headers={"host": "luna.localhost"}).context["movies"]
        assert [movie.title for movie in there] == ["Everywhere", "Only in Luna"]

    def test_an_empty_page_leads_on(self, shows):
        assert "Nothing has been announced yet." in Client().get("/coming-soon/").content.decode()


def test_credits_stand_on_the_movie_s_page(shows, client):
    Movie.objects.filter(slug="laura").update(credits="Music: David Raksin\n\nShot on 35 mm")
    page = client.get("/movies/laura/").content.decode()
    assert "<dt>Music</dt><dd>David Raksin</dd>" in page
    assert "<dt>Credits</dt><dd>Shot on 35 mm</dd>" in page


def test_a_series_is_called_and_described_in_the_readers_language_and_found_by_each_name(shows):
    inside, _ = shows
    Series.objects.update(translations={"de": {"name": "Schwarze Serie", "text": "Sieben *dunkle* Nächte."}})
    for language, name, text in [
        ("en", "Film noir", "Seven <em>dark</em> nights."),
        ("de", "Schwarze Serie", "Sieben <em>dunkle</em> Nächte."),
        ("dv", "Film noir", "Seven <em>dark</em> nights."),
    ]:
        page = re.sub("[\u2068\u2069]", "", Client().get("/series/noir/", {"hl": language}).text)
        assert f"<h1>{name}</h1>" in page and text in page
        front = {"theater": inside.auditorium.theater.slug, "series": "noir", "hl": language}
        assert [chosen.label for chosen in Client().get("/", front).context["page"].chosen_filters] == [name]
        for query in ("noir", "schwarze", "schwarz serie"):
            found = Client().get("/search/", {"q": query, "hl": language}).context["page"].series
            assert [(series.name, series.url) for series in found] == [(name, "/series/noir/")], query


def test_the_office_writes_a_series_in_each_language_of_the_house(shows, admin_client):
    series = Series.objects.get()
    written = {
        "house": series.house_id,
        "name": "Noir",
        "slug": "noir",
        "text": "",
        "name_de": " Schwarz ",
        "text_de": "",
    }
    answer = admin_client.post(f"/admin/theaters/series/{series.pk}/change/", written)
    assert answer.status_code == 302, answer.context["errors"]
    series.refresh_from_db()
    assert series.translations == {"de": {"name": "Schwarz"}}
