"""Movies from a file in the office: they are shown first, then written exactly as shown, all together or not at all."""

import re

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from staff.models import AuditEntry
from tests.factories import make_movie, make_showtime, make_staff, make_theater
from tests.ledger import nothing_changes
from tests.variants import some
from theaters.models import Movie, MovieRating, MovieVersion
from theaters.movies.movie_files import EXAMPLE, as_csv

pytestmark = pytest.mark.django_db
IMPORT, LIST = "/admin/theaters/movie/import/", "/admin/theaters/movie/"
NEW = "slug,title,year,director,running_minutes,versions,ratings\nthe-kid,The Kid,1921,Charles Chaplin,68,2D | 35 mm,GB PG\n"


def look(office, text):
    return office.post(IMPORT, {"text": text})


def confirm(office, page, text):
    return office.post(IMPORT, {"text": text, "fingerprint": page.context["look"].fingerprint, "_apply": "1"})


def do(office, text):
    return confirm(office, look(office, text), text)


def fates(page) -> list[str]:
    return [item.fate.value for item in page.context["look"].items]


def problems(page) -> str:
    return " ".join(sentence for item in page.context["look"].items for sentence in item.problems)


class TestLooking:
    def test_it_lists_everything_and_writes_nothing(self, office):
        old = make_movie(slug="old", title="Old", year=1950)
        make_movie(slug="same", title="Same")
        text = NEW + "old,Old <b>,1951,,,,\n".replace(",,,,", "") + "same\n" + "bad,Bad,19x,A,1,,\n"
        with nothing_changes():
            page = look(office, text)
        assert fates(page) == ["create", "change", "same", "refuse"]
        changed = page.context["look"].items[1]
        assert [vars(change) for change in changed.changes] == [
            {"label": "Title", "before": "Old", "after": "Old <b>"}, {"label": "Year", "before": "1950", "after": "1951"},
        ]  # fmt: skip
        assert "line 5" in page.content.decode() and "Year: '19x' is not a whole number." in problems(page)
        assert "Old &lt;b&gt;" in page.content.decode() and changed.movie == old

    def test_an_upload_from_a_spreadsheet(self, office):
        upload = SimpleUploadedFile("movies.csv", NEW.replace(",", ";").encode("utf-8-sig"))
        assert fates(office.post(IMPORT, {"file": upload})) == ["create"]

    @pytest.mark.parametrize(
        ("row", "sentence"),
        [
            ("a,,1921,X,68", "has no title"),
            (",A,,X,68", "no code, no slug, and no title with a year"),
            ("the kid,A,1921,X,68", "Slug:"),
            ("a,A,99999,X,68", "Year:"),
            ("a,A,1921,X,0", "has no running minutes. Write that into the file or the text"),
            (f"a,{'A' * 161},1921,X,68", "Title:"),
            ("a,A,1921,X,68,5D", "'5D' is not part of a version"),
            ("a,A,1921,X,68,,PG", "is not a rating"),
        ],
    )
    def test_a_refused_line_says_why(self, office, row, sentence):
        page = look(office, NEW.splitlines()[0] + "\n" + row + "\n")
        assert fates(page) == ["refuse"] and sentence in problems(page)
        assert "_apply" not in page.content.decode()

    def test_the_same_movie_twice_in_one_file(self, office):
        page = look(office, NEW + NEW.splitlines()[1] + "\n")
        assert fates(page) == ["create", "refuse"] and "is on line 2 already" in problems(page)

    @pytest.mark.parametrize("text", ["<script>alert(1)</script>", '{"movies": {}}', "[" * 50_000, 'slug;title\n"x'])
    def test_hostile_text_is_a_sentence_and_never_an_error(self, office, text):
        answer = look(office, text)
        assert answer.status_code == 200 and answer.context["form"].errors
        assert "<script>alert" not in answer.content.decode()

    def test_what_a_movie_needs_is_not_emptied(self, office):
        make_movie(slug="kid")
        page = look(office, "slug,title,year\nkid,,\n")
        assert problems(page) == "Title: it cannot be empty. Year: it cannot be empty."

    def test_nothing_or_both_is_asked_again(self, office):
        upload = SimpleUploadedFile("movies.csv", NEW.encode())
        assert office.post(IMPORT, {}).context["form"].errors
        assert office.post(IMPORT, {"file": upload, "text": NEW}).context["form"].errors
        assert office.post(IMPORT, {"file": SimpleUploadedFile("x.csv", b"\xff\x00\xd8")}).context["form"].errors


class TestApplying:
    def test_what_was_shown_is_written_told_and_not_done_twice(self, office, manager):
        assert do(office, NEW).url == LIST
        movie = Movie.objects.get()
        assert (movie.title, movie.year, movie.running_minutes) == ("The Kid", 1921, 68)
        assert [one.version.text for one in movie.versions.all()] == ["2D", "35 mm"]
        assert [str(one) for one in movie.ratings.all()] == ["PG (GB)"]
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.user, entry.what_id, entry.after["Versions"]) == (
            "import",
            manager,
            movie.pk,
            "2D | 35 mm",
        )
        with nothing_changes():
            page = look(office, NEW)
        assert fates(page) == ["same"] and "Nothing is left to import" in page.content.decode()

    def test_a_change_writes_only_what_the_file_says(self, office):
        movie = make_movie(slug="kid", title="Kid", tagline="Stays", code="D-1")
        MovieVersion.objects.create(movie=movie, picture="3D")
        MovieRating.objects.create(movie=movie, country="GB", label="15", min_age=15)
        do(office, "code,title\nD-1,The Kid\n")
        movie.refresh_from_db()
        assert (movie.title, movie.tagline, movie.slug) == ("The Kid", "Stays", "kid")
        assert (movie.versions.count(), movie.ratings.get().min_age) == (1, 15)

    def test_an_empty_cell_empties_its_field(self, office):
        movie = make_movie(slug="kid", tagline="Goes", code="D-1", genres=["Drama"])
        do(office, "slug,tagline,genres,code\nkid,,,\n")
        movie.refresh_from_db()
        assert (movie.tagline, movie.genres, movie.code) == ("", [], None)

    def test_a_changed_catalogue_is_shown_again(self, office):
        movie = make_movie(slug="kid", title="Kid")
        text = "slug,title\nkid,The Kid\n"
        page = look(office, text)
        Movie.objects.update(title="Kiddo")
        with nothing_changes():
            again = confirm(office, page, text)
        assert "changed since you looked" in again.context["refusal"]
        assert again.context["look"].items[0].changes[0].before == "Kiddo"
        assert confirm(office, again, text).status_code == 302
        movie.refresh_from_db()
        assert movie.title == "The Kid"

    def test_other_text_than_was_shown_is_shown_first(self, office):
        page = look(office, NEW)
        with nothing_changes():
            assert confirm(office, page, NEW.replace("1921", "1922")).context["refusal"]

    def test_all_or_nothing(self, office, monkeypatch):
        text = NEW + "second,Second,1930,X,60,,\n"
        page = look(office, text)
        monkeypatch.setattr(
            "theaters.movies.movie_import.record", lambda **facts: 1 / (facts["thing"].slug != "second")
        )
        with nothing_changes(), pytest.raises(ZeroDivisionError):
            confirm(office, page, text)

    def test_refused_lines_are_left_out(self, office):
        do(office, NEW + "bad,Bad,x,A,1,,\n")
        assert Movie.objects.get().slug == "the-kid"


class TestFinding:
    def test_a_code_is_given_to_a_movie_found_by_its_slug(self, office):
        make_movie(slug="kid")
        do(office, "slug,code\nkid,D-9\n")
        assert Movie.objects.get().code == "D-9"

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("slug,code\nkid,D-2\n", "has the code D-1"),
            ("slug,code\nother,D-1\n", "an address stays"),
        ],
    )
    def test_what_is_doubtful_is_refused(self, office, text, sentence):
        make_movie(slug="kid", title="Kid", code="D-1")
        page = look(office, text)
        assert fates(page) == ["refuse"] and sentence in problems(page)

    @pytest.mark.parametrize(
        ("title", "year", "address"),
        some([
            ("8½", 1963, "8-1-2"), ("Æon Flux", 2005, "aeon-flux"), ("기생충", 2019, "gisaengchung"), ("$9.99", 2008, "9-99"),
            ("Левиафан", 2014, "leviafan"), ("Face/Off", 1997, "face-off"), ("Ocean’s Eleven", 2001, "oceans-eleven"),
            ("…", 2020, "movie-2020"), ("A " * 79 + "A", 2020, "-".join(["a"] * 40)), ("π", 1998, "pi"),
            ("Kid", 2020, "kid-2020"), ("となりのトトロ", 1988, "tonarinototoro"), ("千と千尋の神隠し", 2001, "movie-2001"),
        ], every=3),
    )  # fmt: skip
    def test_the_address_of_a_new_movie_comes_from_its_title(self, office, title, year, address):
        make_movie(slug="kid", title="Kid", year=1921, code="D-1")
        do(office, f"code,title,year,director,running_minutes\nD-9,{title},{year},X,60\n")
        assert Movie.objects.get(code="D-9").slug == address

    def test_a_japanese_title_is_never_read_as_chinese(self, office):
        head = "code,title,original_title,year,director,running_minutes,countries\n"
        lines = ["D-1,東京物語,Tokyo monogatari,1953,X,136,JP", "D-2,羅生門,,1950,X,88,JP", "D-3,英雄,,2002,X,99,CN"]
        do(office, head + "\n".join(lines) + "\n")
        addresses = dict(Movie.objects.values_list("code", "slug"))
        assert addresses == {"D-1": "tokyo-monogatari", "D-2": "movie-1950", "D-3": "yingxiong"}

    def test_several_new_movies_of_one_title(self, office):
        head = "code,title,year,director,running_minutes\n"
        do(office, head + "D-1,Halloween,1978,X,91\nD-2,Halloween,2018,Y,106\nD-3,Halloween,2018,Z,80\n")
        assert list(Movie.objects.order_by("code").values_list("slug", flat=True)) == [
            "halloween", "halloween-2018", "halloween-2018-2",
        ]  # fmt: skip

    def test_a_movie_is_found_by_its_title_and_year(self, office):
        make_movie(slug="halloween-ii", title="Halloween", year=2018)
        make_movie(slug="halloween", title="Halloween", year=1978)
        do(office, "title,year,code,tagline\nHALLOWEEN,2018,tt1502407,Face it\n")
        movie = Movie.objects.get(slug="halloween-ii")
        assert (movie.code, movie.tagline, movie.title) == ("tt1502407", "Face it", "HALLOWEEN")

    def test_the_same_title_and_year_twice_without_a_code(self, office):
        page = look(office, "title,year,director,running_minutes\nHeat,1995,X,160\nheat,1995,X,161\n")
        assert fates(page) == ["create", "refuse"] and "The same title and year are on line 2 already" in problems(page)

    def test_what_is_left_out_is_shown_and_the_rest_imported(self, office):
        text = '{"title": "Heat", "year": 1995, "runtime": 170, "country": "USA, <Atlantis>", "contentRating": "PG"}'
        page = look(office, text)
        assert fates(page) == ["create"]
        assert "“&lt;Atlantis&gt;” is no country that we know, and is left out." in page.text
        assert "The rating “PG” is left out." in page.text
        confirm(office, page, text)
        assert Movie.objects.get().countries == ["US"]

    def test_a_movie_needs_nobody_who_directed_it(self, office, client):
        """Short films and search results of TMDB name no director."""
        do(office, "slug,title,year,running_minutes\nshorts,Shorts of the North,2026,84\n")
        assert Movie.objects.get(slug="shorts").director == ""
        poster = client.get("/movies/shorts/poster.svg").content.decode()
        assert "<title>Shorts of the North, 2026</title>" in poster


class TestRatings:
    def test_labels_have_the_ages_of_their_country(self, office):
        do(office, NEW.replace("GB PG", "DE 16 | JP PG12"))
        found = Movie.objects.get().ratings.order_by("country").values_list("country", "label", "min_age")
        assert list(found) == [("DE", "16", 16), ("JP", "PG12", None)]

    def test_a_label_that_nobody_knows_is_said_and_imported(self, office):
        page = look(office, NEW.replace("GB PG", "US NR"))
        assert fates(page) == ["create"]
        assert "“NR” is no label that we know of United States" in page.content.decode()
        assert "no label that we know" not in look(office, NEW.replace("GB PG", '"US NR, no limit"')).content.decode()


class TestWhatIsOnSale:
    def test_its_rating_is_changed_at_a_showtime(self, office):
        movie = make_showtime().movie
        page = look(office, f"slug,ratings\n{movie.slug},GB 18\n")
        assert fates(page) == ["refuse"] and "is on sale in GB" in problems(page)
        assert fates(look(office, f"slug,ratings\n{movie.slug},US R\n")) == ["change"]

    def test_a_planned_version_stays(self, office):
        movie = make_showtime().movie
        page = look(office, f"slug,versions\n{movie.slug},3D\n")
        assert fates(page) == ["refuse"] and "is planned as 2D" in problems(page)
        assert fates(look(office, f"slug,versions\n{movie.slug},2D | 3D\n")) == ["change"]


class TestExport:
    @pytest.mark.parametrize("kind", ["csv", "json"])
    def test_what_is_exported_changes_nothing_when_it_comes_back(self, office, kind):
        do(office, "".join(as_csv(EXAMPLE)))
        make_movie(title="=1+1", synopsis="two\r\nlines", cast=["@x"])
        answer = office.get(f"/admin/theaters/movie/export.{kind}")
        text = b"".join(answer.streaming_content).decode()
        assert answer.headers["Content-Disposition"] == f'attachment; filename="movies.{kind}"'
        assert fates(look(office, text)) == ["same", "same"]
        if kind == "csv":
            assert not re.search(r'(^|,)"?[=@]', text, re.MULTILINE)

    def test_the_example_and_an_unknown_format(self, office):
        assert b"Metropolis" in b"".join(office.get(f"{IMPORT}example.json").streaming_content)
        assert office.get("/admin/theaters/movie/export.xlsx").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("BOX_OFFICE", 403), ("FINANCE", 403), ("MANAGER", 200), ("OWNER", 200)])
def test_only_who_may_add_and_change_imports(role, status):
    client = Client()
    client.force_login(make_staff(role, make_theater()))
    assert client.get(IMPORT).status_code == status
    assert client.post(IMPORT, {"text": NEW}).status_code == status
    assert client.get("/admin/theaters/movie/export.csv").status_code == 200
    assert ("Import" in client.get(LIST).content.decode()) == (status == 200)


def test_messages_count(office):
    answer = do(office, NEW)
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["Imported: 1 new, 0 changed."]


class TestLanguages:
    def test_a_file_says_texts_in_other_languages_and_leaves_what_it_does_not_name(self, office):
        movie = make_movie(slug="m", translations={"de": {"title": "Alt", "tagline": "Bleibt"}, "dv": {"title": "x"}})
        text = "slug,title_de,synopsis_de,title_dv\nm,Mörder,Eine Stadt,\n"
        page = look(office, text)
        assert [change.label for change in page.context["look"].items[0].changes] == [
            "Title de",
            "Synopsis de",
            "Title dv",
        ]
        confirm(office, page, text)
        movie.refresh_from_db()
        assert movie.translations == {"de": {"title": "Mörder", "tagline": "Bleibt", "synopsis": "Eine Stadt"}}
        assert "morder" in movie.search_text
        assert fates(look(office, text)) == ["same"]

    def test_what_is_exported_and_imported_again_changes_nothing(self, office):
        make_movie(slug="m", translations={"de": {"title": "Mörder", "synopsis": "Eine Stadt.\n\nNachts."}})
        for kind in ("csv", "json"):
            exported = b"".join(office.get(f"/admin/theaters/movie/export.{kind}")).decode()
            assert "Mörder" in exported and fates(look(office, exported)) == ["same"]

    def test_a_new_movie_comes_with_them_and_a_title_is_not_too_long(self, office):
        head = NEW.replace("ratings\n", "ratings,title_de\n", 1).replace("GB PG\n", "GB PG,{}\n")
        page = look(office, head.format("x" * 161))
        assert fates(page) == ["refuse"] and "160 letters" in problems(page)
        do(office, head.format("Der Vagabund"))
        assert Movie.objects.get().translations == {"de": {"title": "Der Vagabund"}}
