"""Versions, languages and genres of movies, and what staff say about a showtime, are shown in the reader's language."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from houses.models import House, Theater, TheaterPhoto
from tests.boxoffice.test_catalogue import movie_form, picture
from tests.factories import make_draft, make_movie, make_showtime, make_staff, make_theater
from theaters.genres import genre_in_words
from theaters.language_names import languages_in_words
from theaters.models import MovieStill, ProgramItem, Showtime
from theaters.planning.showtime_planning import checked_plan, save_drafts, week_of
from theaters.schedule.programs import ProgramPart, checked_program, set_program
from theaters.selectors import movie_facts, stills_of
from theaters.versions import Version, version_of


@pytest.mark.parametrize(
    ("version", "english", "german"),
    [
        (Version("3D", "German", "French"), "3D, dubbed in German, French subtitles", "3D, auf Deutsch, Untertitel: Französisch"),
        (Version("2D", "French and Dutch", ""), "2D, dubbed in French and Dutch", "2D, auf Französisch und Niederländisch"),
        (Version("2D", "", "Deutsch"), "2D, German subtitles", "2D, Untertitel: Deutsch"),
        (Version("IMAX", "Kobaïan", ""), "IMAX, dubbed in Kobaïan", "IMAX, auf Kobaïan"),
        (Version(), "2D", "2D"),
    ],
)  # fmt: skip
def test_a_version_is_said_in_the_readers_language_and_written_in_english(version, english, german):
    written = version.text
    assert version.in_words == english
    with translation.override("de"):
        assert version.in_words == german
        assert version.text == written and version_of(version.text) == version


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("english", "Englisch"),
        ("English, Swahili", "Englisch und Suaheli"),
        ("British Sign Language", "British Sign Language"),
        ("", ""),
    ],
)
def test_languages_are_named_for_readers(text, german):
    with translation.override("de"):
        assert languages_in_words(text) == german


@pytest.mark.parametrize(
    ("name", "german"), [("Comedy", "Komödie"), ("sci-fi", "Science-Fiction"), ("Heist movie", "Heist movie")]
)
def test_usual_genres_are_translated_and_others_stay(name, german):
    assert genre_in_words("Comedy") == "Comedy"
    with translation.override("de"):
        assert genre_in_words(name) == german


@pytest.mark.django_db
class TestPages:
    def page(self, path, language):
        return Client().get(path, {"hl": language}).content.decode()

    def test_the_page_of_a_movie(self):
        movie = make_movie(
            slug="noir", languages=["English", "French"], genres=["Crime"], credits="Music: Anton Karas",
            coming_season="Spring", translations={"de": {"credits": "Musik: Anton Karas", "coming_season": "Frühling"}},
        )  # fmt: skip
        german, english = (self.page(movie.get_absolute_url(), code) for code in ("de", "en"))
        for words in ("Krimi", "Englisch, Französisch", "<dt>Musik</dt>", "Frühling"):
            assert words in german and words not in english
        for words in ("Crime", "English, French", "<dt>Music</dt>", "Spring"):
            assert words in english and words not in german

    def test_lists_the_map_and_feeds(self):
        show = make_showtime(movie=make_movie(slug="noir"))
        Showtime.objects.update(
            picture="3D", dubbed_in="German", note="Live piano", translations={"de": {"note": "Mit Klavier"}}
        )
        feed = show.auditorium.theater.get_absolute_url() + "showtimes.atom"
        for path in ("/", "/movies/noir/", show.get_absolute_url(), feed):
            german, english = self.page(path, "de"), self.page(path, "en")
            for words in ("auf Deutsch", "Mit Klavier"):
                assert words in german and words not in english, path
            for words in ("dubbed in German", "Live piano"):
                assert words in english and words not in german, path

    def test_pictures_are_described(self):
        theater, movie = make_theater(), make_movie()
        row = {"width": 4, "height": 3, "alt": "The bar", "translations": {"de": {"alt": "Die Bar"}}}
        MovieStill.objects.create(movie=movie, picture="stills/a.webp", **row)
        TheaterPhoto.objects.create(theater=theater, photo="theaters/a.webp", photo_small="theaters/b.webp", **row)
        opening = {
            "photo": "a.webp",
            "photo_small": "b.webp",
            "photo_width": 4,
            "photo_height": 3,
            "photo_alt": "The front",
        }
        Theater.objects.update(**opening, translations={"de": {"photo_alt": "Die Fassade"}})
        assert 'alt="Die Fassade"' in self.page(theater.get_absolute_url(), "de")
        assert 'alt="Die Bar"' in self.page(theater.get_absolute_url(), "de")
        assert 'alt="The bar"' in self.page(theater.get_absolute_url(), "en")
        with translation.override("de"):
            assert [still.alt for still in stills_of(movie)] == ["Die Bar"]
        assert [still.alt for still in stills_of(movie)] == ["The bar"]


@pytest.mark.django_db
class TestPrograms:
    @pytest.fixture
    def draft(self):
        draft = make_draft(movie=make_movie(title="M", slug="m"))
        talk = ProgramPart(text="Talk", minutes=30, translations={"de": {"text": "Gespräch"}})
        set_program(
            showtime_id=draft.pk, program=checked_program(title="A night", parts=[ProgramPart(draft.movie), talk])
        )
        Showtime.objects.filter(pk=draft.pk).update(
            note="4K", translations={"de": {"program_title": "Eine Nacht", "note": "In 4K"}}
        )
        draft.refresh_from_db()
        return draft

    def test_title_and_parts(self, draft):
        def said():
            show = Showtime.objects.get(pk=draft.pk)
            return show.shown_title, show.shown_note, [part.shown_title for part in show.program]

        assert said() == ("A night", "4K", ["M", "Talk"])
        with translation.override("de"):
            assert said() == ("Eine Nacht", "In 4K", ["M", "Gespräch"])

    def test_a_copied_week_says_the_same(self, draft):
        theater = draft.auditorium.theater
        first = draft.starts_at.astimezone(theater.zone).date()
        entries = list(week_of(theater=theater, first=first, to=first + timedelta(days=7)))
        planned = checked_plan(theater=theater, entries=entries, answers={}, left_out=set(), now=draft.starts_at)
        save_drafts(lines=planned)
        copied = Showtime.objects.exclude(pk=draft.pk).get()
        assert copied.translations == draft.translations
        assert [item.translations for item in copied.program_items.order_by("position")] == [
            {},
            {"de": {"text": "Gespräch"}},
        ]


@pytest.mark.django_db
class TestOffice:
    @pytest.fixture
    def theater(self):
        theater = make_theater()
        House.objects.update(languages=["en", "de"])
        return theater

    @pytest.fixture
    def office(self, theater):
        office = Client()
        office.force_login(make_staff("MANAGER", theater))
        return office

    def test_the_note_of_what_is_on_sale_is_written_in_each_language(self, office, theater):
        show = make_showtime(theater=theater)
        change = f"/admin/theaters/showtime/{show.pk}/change/"
        fields = office.get(change).context["adminform"].form.fields
        assert "note_de" in fields and "program_title_de" not in fields
        assert office.post(change, {"note": "Live piano", "note_de": " Mit Klavier "}).status_code == 302
        show.refresh_from_db()
        assert (show.note, show.translations) == ("Live piano", {"de": {"note": "Mit Klavier"}})

    def test_the_parts_of_a_program(self, office, theater):
        draft = make_draft(theater=theater, movie=make_movie(title="M", slug="m"))
        address = reverse("admin:schedule_program", args=[draft.pk])
        page = office.get(address)
        assert "Text in German" in page.content.decode()
        key = page.context["forms"].parts[0].initial["movie"]
        rows = {"rows": "2", "title": "A night", "part-0-place": "1", "part-0-movie": key}
        rows |= {"part-1-place": "2", "part-1-text": "Talk", "part-1-text_de": "Gespräch", "part-1-minutes": "30"}
        answer = office.post(address, rows)
        assert answer.status_code == 302
        assert ProgramItem.objects.get(text="Talk").translations == {"de": {"text": "Gespräch"}}

    def test_what_a_still_shows(self, office):
        movie = make_movie()
        upload = SimpleUploadedFile("a.png", picture())
        still = MovieStill.objects.create(movie=movie, picture=upload, alt="A cat")
        rows = {
            "stills-TOTAL_FORMS": "1",
            "stills-INITIAL_FORMS": "1",
            "stills-0-id": still.pk,
            "stills-0-movie": movie.pk,
        }
        rows |= {"stills-0-alt": "A cat", "stills-0-alt_de": "Eine Katze", "stills-0-position": "0"}
        answer = office.post(f"/admin/theaters/movie/{movie.pk}/change/", movie_form(**rows))
        assert answer.status_code == 302, answer.context["errors"]
        still.refresh_from_db()
        assert still.translations == {"de": {"alt": "Eine Katze"}}
        assert movie_facts(movie, rating="").title == movie.title
