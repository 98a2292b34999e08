"""Title, tagline and synopsis of a movie are in the reader's language wherever customers read them; elsewhere they are as
written.
"""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from houses.models import House
from tests.boxoffice.test_catalogue import movie_form
from tests.factories import make_movie, make_showtime, make_staff, make_theater
from theaters.models import Movie
from theaters.selectors import movie_facts

pytestmark = pytest.mark.django_db
OWN = {"title": "The Third Man", "tagline": "Hunted by men.", "synopsis": "Vienna after the war."}
GERMAN = {"title": "Der dritte Mann", "tagline": "Gejagt von allen.", "synopsis": "Wien nach dem Krieg."}


@pytest.fixture
def movie():
    return make_movie(**OWN, slug="third-man", year=1949, original_title="", translations={"de": GERMAN})


@pytest.fixture
def show(movie):
    return make_showtime(movie=movie)


def page(path, language):
    answer = Client().get(path, {"hl": language})
    assert answer.status_code == 200, path
    return re.sub("[\u2068\u2069]", "", answer.content.decode())  # marks of direction in the third language


# The third language has no translation.
@pytest.mark.parametrize(
    ("language", "said", "not_said"), [("en", OWN, GERMAN), ("de", GERMAN, OWN), ("dv", OWN, GERMAN)]
)
class TestPages:
    def test_the_movies_page_its_preview_and_its_data(self, show, language, said, not_said):
        shown = page("/movies/third-man/", language)
        assert f"<h1>{said['title']}</h1>" in shown
        assert f'<meta property="og:title" content="{said["title"]} (1949)">' in shown
        assert shown.count(f'content="{said["tagline"]}"') == 2
        for words in said.values():
            assert words in shown
        for words in not_said.values():
            assert words not in shown
        [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', shown)
        movie, event = json.loads(data)["@graph"]
        assert (movie["name"], movie["description"]) == (said["title"], said["synopsis"])
        assert (event["name"], event["workPresented"]["name"]) == (said["title"], said["title"])

    def test_lists_and_the_map(self, show, language, said, not_said):
        for path in ("/", f"/showtimes/{show.pk}/", show.auditorium.theater.get_absolute_url()):
            shown = page(path, language)
            assert said["title"] in shown and not_said["title"] not in shown, path

    def test_what_machines_read(self, show, language, said, not_said):
        address = show.auditorium.theater.get_absolute_url() + "showtimes"
        read = Client().get(f"{address}.json", {"hl": language}).json()["showtimes"][0]
        assert (read["title"], read["movie"]["title"]) == (said["title"], said["title"])
        [event] = Calendar.from_ical(Client().get(f"{address}.ics", {"hl": language}).content).events
        assert event["summary"] == said["title"]
        feed = Client().get(f"{address}.atom", {"hl": language}).content.decode()
        assert said["title"] in feed and not_said["title"] not in feed

    def test_coming_soon(self, language, said, not_said):
        make_movie(**OWN, translations={"de": GERMAN}, coming_on=timezone.now().date() + timedelta(days=9))
        shown = page("/coming-soon/", language)
        assert said["title"] in shown and not_said["title"] not in shown

    @pytest.mark.parametrize("query", ["third man", "dritte", "driter man"])
    def test_search_finds_each_title_and_says_the_readers(self, movie, query, language, said, not_said):
        found = Client().get("/search/", {"q": query, "hl": language}).context["page"].movies
        assert [one.movie.title for one in found] == [said["title"]]


def test_a_title_in_words_of_its_own_language_stands_first(movie):
    make_movie(title="Dritte Liebe", slug="dritte-liebe")
    make_movie(title="Man", slug="man", translations={"de": {"title": "Dritte"}})
    found = Client().get("/search/", {"q": "dritte", "hl": "de"}).context["page"].movies
    assert [one.movie.title for one in found] == ["Dritte", "Dritte Liebe", "Der dritte Mann"]


def test_each_text_falls_back_alone():
    movie = Movie(**OWN, slug="x", year=1949, translations={"de": {"title": "Der dritte Mann", "tagline": ""}})
    with translation.override("de"):
        facts = movie_facts(movie, rating="")
    assert (facts.title, facts.tagline, facts.synopsis) == ("Der dritte Mann", OWN["tagline"], OWN["synopsis"])


def test_the_original_title_is_not_said_twice():
    movie = Movie(
        title="The Third Man", original_title="Der dritte Mann", slug="x", year=1949, translations={"de": GERMAN}
    )
    assert movie_facts(movie, rating="").original_title == "Der dritte Mann"
    with translation.override("de"):
        assert movie_facts(movie, rating="").original_title == ""


@pytest.mark.parametrize("texts", [{"de": {"director": "x"}}, {"de": "x"}, ["de"]])
def test_other_texts_are_refused(movie, texts):
    movie.translations = texts
    with pytest.raises(ValidationError) as refused:
        movie.full_clean()
    assert list(refused.value.error_dict) == ["translations"]


class TestOffice:
    @pytest.fixture
    def office(self, movie):
        office = Client()
        office.force_login(make_staff("MANAGER", make_theater()))
        return office

    def test_it_is_written_in_each_language_that_a_house_offers(self, office, movie):
        House.objects.update(languages=["en", "de"])
        Movie.objects.update(translations={"de": GERMAN, "dv": {"title": "x"}})
        change = f"/admin/theaters/movie/{movie.pk}/change/"
        fields = office.get(change).context["adminform"].form.fields
        assert "title_de" in fields and not {"title_en", "title_dv"} & fields.keys()
        written = movie_form(
            title="The Third Man", title_de=" Der 3. Mann ", tagline_de="", synopsis_de="Wien.\n\nNachts."
        )
        answer = office.post(change, written)
        assert answer.status_code == 302, answer.context["errors"]
        movie.refresh_from_db()
        assert movie.translations == {
            "de": {"title": "Der 3. Mann", "synopsis": "Wien.\n\nNachts."},
            "dv": {"title": "x"},
        }
        assert " 3 " in movie.search_text

    def test_houses_that_begin_with_different_languages_translate_into_all_of_them(self, office, movie):
        House.objects.update(languages=["en"])
        House.objects.create(name="Kino", slug="kino", languages=["de"])
        fields = office.get(f"/admin/theaters/movie/{movie.pk}/change/").context["adminform"].form.fields
        assert {"title_en", "title_de"} <= fields.keys() and "title_dv" not in fields

    def test_a_title_is_no_longer_than_the_movies_own(self, office):
        answer = office.post("/admin/theaters/movie/add/", movie_form(title_de="x" * 161))
        assert answer.status_code == 200 and "title_de" in answer.context["adminform"].form.errors

    def test_people_who_only_look_read_it(self, movie):
        looking = Client()
        looking.force_login(make_staff("BOX_OFFICE", make_theater()))
        shown = looking.get(f"/admin/theaters/movie/{movie.pk}/change/").content.decode()
        assert '<p lang="de">Der dritte Mann</p>' in shown
