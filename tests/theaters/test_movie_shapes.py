"""Files of OMDb, TMDB, IMDb and schema.org are read without changes."""

import json

import pytest
from django.utils import timezone

from theaters.age_limits import limits_of
from theaters.movies.movie_columns import BY_NAME, RatingFacts
from theaters.movies.movie_files import FileRefused, read_table
from theaters.movies.movie_import import preview_import

OMDB = {
    "Title": "The Grand Budapest Hotel", "Year": "2014", "Rated": "R", "Released": "28 Mar 2014", "Runtime": "99 min",
    "Genre": "Adventure, Comedy, Crime", "Director": "Wes Anderson", "Writer": "Stefan Zweig, Wes Anderson",
    "Actors": "Ralph Fiennes, F. Murray Abraham", "Plot": "A concierge and a painting.", "Language": "English, French",
    "Country": "United States, Germany", "Awards": "N/A", "Poster": "N/A", "Metascore": "88", "imdbRating": "8.1",
    "Ratings": [{"Source": "Internet Movie Database", "Value": "8.1/10"}], "imdbID": "tt2278388", "Type": "movie",
    "Response": "True",
}  # fmt: skip
TMDB = {
    "id": 949, "imdb_id": "tt0113277", "title": "Heat", "original_title": "Heat", "original_language": "en",
    "overview": "Two men, one city.", "tagline": "A Los Angeles crime saga", "runtime": 170, "release_date": "1995-12-15",
    "genres": [{"id": 28, "name": "Action"}, {"id": 80, "name": "Crime"}], "poster_path": "/x.jpg", "vote_average": 7.9,
    "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}], "origin_country": ["US"],
    "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
    "credits": {
        "cast": [{"name": "Al Pacino", "order": 0}, {"name": "Robert De Niro", "order": 1}],
        "crew": [{"job": "Producer", "name": "Art Linson"}, {"job": "Director", "name": "Michael Mann"}],
    },
    "release_dates": {"results": [
        {"iso_3166_1": "US", "release_dates": [{"certification": ""}, {"certification": "R"}]},
        {"iso_3166_1": "GB", "release_dates": [{"certification": "15"}]},
    ]},
    "videos": {"results": [{"site": "YouTube", "type": "Clip", "key": "c"}, {"site": "YouTube", "type": "Trailer", "key": "t"}]},
}  # fmt: skip
SCHEMA_ORG = {
    "@type": "Movie", "name": "Parasite", "alternateName": "기생충", "datePublished": "2019-05-30", "duration": "PT2H12M",
    "director": [{"@type": "Person", "name": "Bong Joon Ho"}], "actor": [{"@type": "Person", "name": "Song Kang-ho"}],
    "countryOfOrigin": {"@type": "Country", "name": "South Korea"}, "inLanguage": "ko", "genre": ["Drama", "Thriller"],
    "description": "Two families.", "trailer": {"@type": "VideoObject", "embedUrl": "https://example.org/t"},
}  # fmt: skip


def read(data) -> list[dict]:
    text = data if isinstance(data, str) else json.dumps(data)
    return [{name: BY_NAME[name].parse(raw) for name, raw in row.cells.items()} for row in read_table(text).rows]


def test_omdb():
    (movie,) = read(OMDB)
    assert movie == {
        "title": "The Grand Budapest Hotel", "year": 2014, "running_minutes": 99, "director": "Wes Anderson",
        "genres": ["Adventure", "Comedy", "Crime"], "cast": ["Ralph Fiennes", "F. Murray Abraham"], "code": "tt2278388",
        "synopsis": "A concierge and a painting.", "languages": ["English", "French"], "countries": ["US", "DE"],
        "ratings": [RatingFacts("US", "R", *limits_of("US", "R"))],
    }  # fmt: skip


def test_tmdb():
    (movie,) = read(TMDB)
    assert [rating.text for rating in movie.pop("ratings")] == ["GB 15", "US R"]
    assert movie == {
        "title": "Heat", "original_title": "Heat", "year": 1995, "running_minutes": 170, "director": "Michael Mann",
        "genres": ["Action", "Crime"], "cast": ["Al Pacino", "Robert De Niro"], "code": "tt0113277", "tagline": TMDB["tagline"],
        "synopsis": "Two men, one city.", "languages": ["English"], "countries": ["US"],
        "trailer_url": "https://www.youtube.com/watch?v=t",
    }  # fmt: skip


def test_a_list_of_tmdb_without_an_id_of_imdb():
    (movie,) = read({"page": 1, "results": [{"id": 949, "imdb_id": None, "title": "Heat", "genre_ids": [28]}]})
    assert movie == {"title": "Heat", "code": "tmdb-949"}


def test_schema_org():
    (movie,) = read({"@context": "https://schema.org", "@graph": [SCHEMA_ORG]})
    assert movie == {
        "title": "Parasite", "year": 2019, "running_minutes": 132, "director": "Bong Joon Ho", "cast": ["Song Kang-ho"],
        "countries": ["KR"], "languages": ["Korean"], "genres": ["Drama", "Thriller"], "synopsis": "Two families.",
        "trailer_url": "https://example.org/t",
    }  # fmt: skip


def test_a_list_exported_by_imdb():
    text = (
        "Position,Const,Created,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Directors\n"
        "1,tt0056801,2024-01-01,8½,8½,https://example.org,Movie,8.0,138,1963,Drama,Federico Fellini\n"
    )
    assert read(text) == [
        {
            "code": "tt0056801", "title": "8½", "original_title": "8½", "running_minutes": 138, "year": 1963, "genres": ["Drama"],
            "director": "Federico Fellini",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ({"Response": "False", "Error": "Movie not found!"}, "says: Movie not found!"),
        (OMDB | {"Type": "series"}, "is no movie but a series."),
        ({"title": "Chess", "Title Type": "Video Game"}, "is no movie but a videogame."),
        (
            {"id": 1399, "name": "Thrones", "first_air_date": "2011-04-17", "number_of_seasons": 8},
            "is no movie but a series.",
        ),
        ({"id": 1399, "media_type": "tv", "name": "Thrones"}, "is no movie but a series."),
        ({"id": 1158, "media_type": "person", "name": "Al Pacino"}, "is no movie but a person."),
    ],
)
def test_what_is_no_movie(item, problem):
    assert read_table(json.dumps(item)).rows[0].problem == problem


@pytest.mark.django_db
def test_a_series_is_refused_as_one_and_for_nothing_else():
    table = read_table(json.dumps({"id": 1399, "name": "Thrones", "first_air_date": "2011-04-17"}))
    (item,) = preview_import(table.rows, theater_ids=None, now=timezone.now()).items
    assert item.problems == ["It is no movie but a series."]


def test_countries_and_certificates_of_others_that_are_unknown_are_left_out_and_the_movie_is_read():
    codes = [{"iso_3166_1": code, "name": "?"} for code in ("XC", "XG", "SU", "QQ", "GB")]
    dates = [("KR", "Restricted Screening"), ("GB", "15"), ("DE", "16, mit Eltern"), ("USA", "R")]
    (row,) = read_table(json.dumps(TMDB | {"production_countries": codes, "release_dates": {"results": [
        {"iso_3166_1": country, "release_dates": [{"certification": label}]} for country, label in dates
    ]}})).rows  # fmt: skip
    assert BY_NAME["countries"].parse(row.cells["countries"]) == ["CS", "DD", "SU", "GB"]
    assert [rating.text for rating in BY_NAME["ratings"].parse(row.cells["ratings"])] == ["GB 15"]
    assert [remark.split("”")[0].split("“")[1] for remark in row.remarks] == [
        "QQ", "KR Restricted Screening", "DE 16, mit Eltern", "USA R",
    ]  # fmt: skip


def test_the_code_that_two_countries_had_is_read_with_its_name():
    countries = [{"iso_3166_1": "CS", "name": "Serbia and Montenegro"}, {"iso_3166_1": "XC", "name": "Czechoslovakia"}]
    assert read({"title": "A", "production_countries": countries}) == [{"title": "A", "countries": ["RS", "CS"]}]


def test_nothing_known_of_a_column_changes_nothing():
    (row,) = read_table(json.dumps(OMDB | {"Country": "Atlantis", "Rated": "Approved with cuts"})).rows
    assert not {"countries", "ratings"} & set(row.cells) and len(row.remarks) == 2


def test_only_the_first_values_that_are_left_out_are_named():
    (row,) = read_table(json.dumps(OMDB | {"Country": ", ".join(["Atlantis"] * 5_000)})).rows
    assert len(row.remarks) == 11 and row.remarks[-1] == "4990 more values are left out."


def test_our_own_columns_stay_strict():
    (row,) = read_table(json.dumps({"slug": "a", "countries": "Atlantis", "ratings": "PG"})).rows
    assert (row.cells["countries"], row.cells["ratings"], row.remarks) == ("Atlantis", "PG", ())


@pytest.mark.parametrize(
    ("written", "ratings"),
    [
        ("PG-13", ["US PG-13"]), ("Rated PG-13", ["US PG-13"]), ("MPAA R", ["US R"]), ("FSK 12", ["DE FSK 12"]),
        ("USA:PG", ["US PG"]), ("Germany:16", ["DE 16"]), ("GB 12A", ["GB 12A"]), (["12A", "BBFC 12A"], None), ("PG", []),
        ("Not Rated", []), ({"@type": "Rating", "ratingValue": "R", "author": {"name": "MPAA"}}, ["US R"]),
        ("GB 15 | US R", ["GB 15", "US R"]), ("", []), (7, None),
    ],
)  # fmt: skip
def test_ratings_of_schema_org(written, ratings):
    (row,) = read_table(json.dumps(SCHEMA_ORG | {"contentRating": written})).rows
    if ratings is not None:
        assert [rating.text for rating in BY_NAME["ratings"].parse(row.cells.get("ratings"))] == ratings


@pytest.mark.parametrize(
    ("field", "value", "languages"),
    [
        ("original_language", "cn", ["Cantonese"]), ("original_language", "zh", ["Chinese"]), ("original_language", "xx", []),
        ("original_language", "iw", ["Hebrew"]), ("inLanguage", "en-US", ["English"]), ("inLanguage", "French", ["French"]),
        ("spoken_languages", [{"iso_639_1": "xx", "english_name": "No Language"}, {"english_name": "German"}], ["German"]),
    ],
)  # fmt: skip
def test_languages(field, value, languages):
    assert read({"title": "A", field: value}) == [{"title": "A", "languages": languages}]


def test_what_says_nothing_changes_nothing():
    (movie,) = read(OMDB | {"Plot": "N/A", "Rated": "Not Rated", "Country": "N/A"})
    assert not {"synopsis", "ratings", "countries"} & set(movie)


@pytest.mark.parametrize(
    "text",
    [
        '{"title": "A"} {"title"', '{"title": "A"}\n[[', '{"page": 1}', '{"results": {"title": "A"}}', '{"Search": null}',
    ],
)  # fmt: skip
def test_what_is_no_file_of_movies(text):
    with pytest.raises(FileRefused):
        read_table(text)


@pytest.mark.parametrize(
    "item",
    [
        {"credits": {"cast": [1, None, {"name": 5}], "crew": [{"job": "Director"}, 7]}, "title": "A"},
        {"release_dates": {"results": [1]}, "title": "A"},
        {"release_dates": {"results": [{"release_dates": [1, None]}]}, "title": "A"},
        {"videos": {"results": 5}, "title": "A"}, {"genres": [{"name": {"x": 1}}], "title": "A"},
        {"genre": {"x": 1}, "title": "A"},
        {"original_language": {"a": 1}, "title": "A"}, {"id": [], "title": "A"}, {"Rated": {"a": 1}, "title": "A"},
    ],
)  # fmt: skip
def test_hostile_shapes_are_a_row_and_never_an_error(item):
    assert len(read_table(json.dumps(item)).rows) == 1
