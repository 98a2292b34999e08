"""What labels of age ratings mean in each country, and which of several is the strictest."""

from itertools import combinations, product

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from core.refusals import BadChoice
from core.texts.languages import speaking
from tests.factories import make_draft, make_movie, make_showtime, make_theater
from theaters.age_limits import (
    TABLES,
    RatingRow,
    is_known,
    is_unclear,
    limits_in_force,
    limits_of,
    limits_to_store,
    strictness,
)
from theaters.models import AgeRule, MovieRating, ProgramItem, Showtime
from theaters.movies.age_ratings import rate, why_unclear
from theaters.opening.country_defaults import DEFAULTS
from theaters.opening.first_day import NewMovie, add_movie

# Label, least age alone, least age in company, as each office publishes them and in its order.
PUBLISHED = {
    "GB": [("U", 0, 0), ("PG", 0, 0), ("12A", 0, 12), ("12", 12, 0), ("15", 15, 0), ("18", 18, 0)],
    "IE": [("G", 0, 0), ("PG", 0, 0), ("12A", 0, 12), ("15A", 0, 15), ("16", 16, 0), ("18", 18, 0)],
    "US": [("G", 0, 0), ("PG", 0, 0), ("PG-13", 0, 0), ("R", 0, 17), ("NC-17", 18, 0)],
    "CA": [("G", 0, 0), ("PG", 0, 0), ("13+", 0, 13), ("14A", 0, 14), ("18A", 0, 18), ("16+", 16, 0), ("R", 18, 0)],
    "MX": [("AA", 0, 0), ("A", 0, 0), ("B", 0, 0), ("B15", 0, 0), ("C", 18, 0), ("D", 18, 0)],
    "BR": [("L", 0, 0), ("10", 0, 10), ("12", 0, 12), ("14", 0, 14), ("16", 0, 16), ("18", 16, 18)],
    "AU": [("G", 0, 0), ("PG", 0, 0), ("M", 0, 0), ("MA15+", 0, 15), ("R18+", 18, 0)],
    "NZ": [("G", 0, 0), ("PG", 0, 0), ("M", 0, 0), ("RP13", 0, 13), ("R13", 13, 0), ("R16", 16, 0), ("R18", 18, 0)],
    "JP": [("G", 0, 0), ("PG12", 0, 0), ("R15+", 15, 0), ("R18+", 18, 0)],
    "KR": [("ALL", 0, 0), ("12", 0, 12), ("15", 0, 15), ("청소년관람불가", 18, 0)],
    "IN": [("U", 0, 0), ("UA", 0, 0), ("U/A 13+", 0, 0), ("U/A 16+", 0, 0), ("A", 18, 0)],
    "SG": [("G", 0, 0), ("PG", 0, 0), ("PG13", 0, 0), ("NC16", 16, 0), ("M18", 18, 0), ("R21", 21, 0)],
    "HK": [("I", 0, 0), ("IIA", 0, 0), ("IIB", 0, 0), ("III", 18, 0)],
    "DE": [("FSK 0", 0, 0), ("FSK 6", 6, 0), ("FSK 12", 6, 12), ("FSK 16", 16, 0), ("FSK 18", 18, 0)],
    "AT": [("0", 0, 0), ("ab 6", 6, 0), ("ab 10", 10, 0), ("ab 12", 12, 0), ("14", 14, 0), ("16", 16, 0)],
    "CH": [("0", 0, 0), ("6", 4, 6), ("8", 6, 8), ("10", 8, 10), ("12", 10, 12), ("14", 12, 14), ("16", 14, 16), ("18", 18, 0)],
    "NL": [("AL", 0, 0), ("6", 0, 6), ("9", 0, 9), ("12", 0, 12), ("14", 0, 14), ("16", 16, 0), ("18", 18, 0)],
    "BE": [("AL", 0, 0), ("6", 0, 6), ("9", 0, 9), ("12", 0, 12), ("14", 0, 14), ("16", 16, 0), ("18", 18, 0)],
    "FR": [("TP", 0, 0), ("-12", 12, 0), ("16", 16, 0), ("18", 18, 0)],
    "ES": [("A", 0, 0), ("7", 0, 0), ("12", 0, 0), ("16", 0, 0), ("18", 0, 0), ("X", 18, 0)],
    "IT": [("T", 0, 0), ("6+", 0, 0), ("VM14", 12, 14), ("VM18", 16, 18)],
    "PT": [("M/3", 0, 0), ("M/6", 0, 6), ("M/12", 0, 12), ("M/14", 0, 14), ("M/16", 0, 16), ("M/18", 18, 0)],
    "PL": [("b.o.", 0, 0), ("7", 7, 0), ("12", 12, 0), ("15 lat", 15, 0), ("18", 18, 0)],
    "CZ": [("U", 0, 0), ("12", 0, 0), ("15", 15, 0), ("18", 18, 0)],
    "SE": [("Btl", 0, 0), ("7", 0, 7), ("11", 7, 11), ("15 år", 15, 0)],
    "NO": [("A", 0, 0), ("6", 3, 6), ("9", 6, 9), ("12", 9, 12), ("15", 12, 15), ("18", 18, 0)],
    "DK": [("A", 0, 0), ("7", 0, 0), ("11", 7, 11), ("15", 7, 15)],
    "FI": [("S", 0, 0), ("K-7", 4, 7), ("12", 9, 12), ("K16", 13, 16), ("18", 18, 0)],
    "IS": [("L", 0, 0), ("6", 6, 0), ("12", 12, 0), ("16", 16, 0), ("18", 18, 0)],
}  # fmt: skip
ROWS = [(country, *row) for country, rows in PUBLISHED.items() for row in rows]


def test_a_label_means_what_its_office_publishes():
    for country, label, least, company in ROWS:
        assert is_known(country, label), (country, label)
        assert limits_of(country, label) == (least or None, company or None), (country, label)


def test_every_country_of_the_first_day_has_a_table():
    assert set(DEFAULTS) <= set(TABLES) == set(PUBLISHED)


def test_of_any_two_labels_the_later_label_is_the_strictest():
    for country, rows in PUBLISHED.items():
        labels = [RatingRow(country, label) for label, *_ in rows]
        for milder, stricter in combinations(labels, 2):
            for pair in ([milder, stricter], [stricter, milder]):
                assert AgeRule.strictest(pair).label == stricter.label, (country, milder.label)


def test_each_table_goes_from_mild_to_strict():
    for country, rows in TABLES.items():
        limits = [(least or 0, company or 0) for _, (least, company) in rows]
        assert limits == sorted(limits), country


@pytest.mark.parametrize(
    ("country", "label", "limits"),
    [
        *(("DE", label, (16, None)) for label in ("FSK 16", "fsk16", "FSK-16", "16", "ab 16", "FSK ab 16", "16 Jahre", " 16 ")),
        ("DE", "o. A.", (None, None)), ("DE", "FSK ab 12", (6, 12)), ("JP", "R15", (15, None)), ("JP", "Ｒ１８＋", (18, None)),
        ("US", "pg 13", (None, None)), ("US", "NC17", (18, None)), ("CH", "8/6 (12)", (6, 8)), ("CH", "16 (18)", (14, 16)),
        ("FR", "12 ans", (12, None)), ("AU", "MA 15+", (None, 15)), ("CA", "18+", (18, None)), ("GB", "BBFC 15", (15, None)),
    ],
)  # fmt: skip
def test_spellings(country, label, limits):
    assert is_known(country, label) and limits_of(country, label) == limits


@pytest.mark.parametrize(
    ("country", "label"), [("US", "NR"), ("DE", "FSK 13"), ("DE", "FSK"), ("GB", "R"), ("ZZ", "18"), ("DE", "")]
)
def test_unknown_labels(country, label):
    assert not is_known(country, label) and limits_of(country, label) == (None, None)


def test_ages_that_somebody_typed_count_before_those_of_the_label():
    assert limits_in_force(RatingRow("GB", "15", 12)) == (12, None)
    assert limits_in_force(RatingRow("GB", "15", 0)) == (None, None)
    assert limits_to_store(RatingRow("GB", "15", 0)) == (0, None)
    assert limits_to_store(RatingRow("GB", "PG", 0)) == (None, None)
    assert limits_to_store(RatingRow("GB", "15")) == (15, None)
    assert limits_to_store(RatingRow("US", "NR", 0)) == (0, None)


def test_an_unknown_label_without_ages_is_unclear_and_stands_above_those_that_advise():
    unrated = RatingRow("US", "NR")
    assert is_unclear(unrated) and "0 says that everybody may come" in why_unclear(unrated)
    assert not is_unclear(RatingRow("US", "NR", 0)) and why_unclear(RatingRow("US", "PG")) == ""
    assert AgeRule.strictest([RatingRow("US", "G"), unrated, RatingRow("US", "PG-13")]).label == "NR"
    assert AgeRule.strictest([unrated, RatingRow("US", "R")]) == AgeRule("R", None, 17)


def test_both_limits_are_said_of_any_show():
    """FSK 12: from 6 with a parent, from 12 alone."""
    rule = AgeRule.strictest([RatingRow("DE", "FSK 12")])
    assert rule.sentence == "Nobody under 6 is admitted, and anybody under 12 has to come with a parent or guardian."
    with speaking("de"):
        assert rule.sentence.startswith("Einlass ist erst ab 6 Jahren, und wer unter 12 ist, muss mit einem Elternteil")


def ages():
    return st.one_of(st.none(), st.integers(0, 21))


def ratings(country):
    known = [label for label, _ in TABLES.get(country, ())]
    return st.builds(RatingRow, st.just(country), st.sampled_from([*known, "NR", "??"]), ages(), ages())


SOME = st.sampled_from(["GB", "US", "DE", "JP", "CH", "ZZ"])


@given(SOME.flatmap(lambda country: st.lists(ratings(country), min_size=1, max_size=6)))
def test_the_order_is_total_and_the_strictest_has_the_largest_least_age(found):
    rule = AgeRule.strictest(found)
    limits = [limits_in_force(rating) for rating in found]
    assert (rule.min_age or 0) == max(least or 0 for least, _ in limits)
    assert (rule.accompanied_below or 0) == max(company or 0 for _, company in limits)
    named = [rating for rating in found if rating.label == rule.label]
    assert (rule.min_age or 0) in {limits_in_force(rating)[0] or 0 for rating in named}
    for one, other in product(found, found):
        assert (strictness(one) == strictness(other)) <= (one.label == other.label)
    assert AgeRule.strictest(found[::-1]) == rule == AgeRule.strictest(sorted(found, key=strictness)[-1:] + found)


# City, labels of the two movies of a double bill, label that it shows, least age alone, least age in company.
BILLS = [
    ("GB", "Europe/London", "12A", "15", "15", 15, 12),
    ("US", "America/New_York", "G", "PG-13", "PG-13", None, None),
    ("US", "America/New_York", "PG", "PG-13", "PG-13", None, None),
    ("JP", "Asia/Tokyo", "G", "PG12", "PG12", None, None),
    ("DE", "Europe/Berlin", "FSK 12", "FSK 16", "FSK 16", 16, 12),
    ("DE", "Europe/Berlin", "FSK 0", "FSK 16", "FSK 16", 16, None),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("country", "zone", "first", "second", "label", "least", "company"), BILLS)
def test_a_double_bill_shows_the_strictest_wherever_it_is_read(country, zone, first, second, label, least, company):
    """This includes older ratings, which were stored without their ages."""
    theater = make_theater(country=country, timezone_name=zone)
    movies = [make_movie(title=name, slug=name) for name in ("one", "two")]
    for movie, rating in zip(movies, (first, second), strict=True):
        MovieRating.objects.create(movie=movie, country=country, label=rating)
    showtime = make_showtime(theater=theater, movie=movies[0])
    Showtime.objects.filter(pk=showtime.pk).update(program_title="Both", program_minutes=180)
    for position, movie in enumerate(movies):
        ProgramItem.objects.create(showtime=showtime, position=position, movie=movie, minutes=90)
    read, asked = (shows.get(pk=showtime.pk) for shows in (Showtime.objects.with_age_rule(), Showtime.objects.all()))
    assert read.age_rule == asked.age_rule == AgeRule(label, least, company)
    page = Client().get(showtime.get_absolute_url()).content.decode()
    assert f'<span class="rating">{label}</span>' in page
    assert (f"Nobody under {least} is admitted" in page) == (least is not None)
    (row,) = Client().get("/", {"theater": theater.slug}).context["page"].rows
    assert row.movie.rating == label


@pytest.mark.django_db
class TestRate:
    def stored(self):
        return MovieRating.objects.values_list("label", "min_age", "accompanied_below").get()

    def test_keeps_what_somebody_typed_for_the_label(self):
        movie = make_draft().movie
        MovieRating.objects.create(movie=movie, country="DE", label="FSK", min_age=16)
        rate(movie_id=movie.pk, country="DE", label="FSK")
        assert self.stored() == ("FSK", 16, None)
        rate(movie_id=movie.pk, country="DE", label="FSK 18")
        assert self.stored() == ("FSK 18", 18, None)
        rate(movie_id=movie.pk, country="DE", label="FSK 18", ages=(16, 18))
        rate(movie_id=movie.pk, country="DE", label="FSK 18")
        assert self.stored() == ("FSK 18", 16, 18)

    def test_asks_for_the_ages_of_a_label_that_nobody_knows(self):
        movie = make_movie()
        with pytest.raises(BadChoice, match="“Mature” is no label that we know of Germany"):
            rate(movie_id=movie.pk, country="DE", label="Mature")
        assert not MovieRating.objects.exists()
        rate(movie_id=movie.pk, country="DE", label="Mature", ages=(0, None))
        assert self.stored() == ("Mature", 0, None)

    def test_a_first_movie_has_the_ages_of_the_rating_in_its_country(self):
        theater = make_theater(country="DE", timezone_name="Europe/Berlin")
        new = NewMovie(title="Das Boot", director="", year=1981, running_minutes=149, rating="FSK 16")
        movie = add_movie(theater=theater, new=new, actor="test")
        assert movie.ratings.values_list("country", "label", "min_age").get() == ("DE", "FSK 16", 16)
