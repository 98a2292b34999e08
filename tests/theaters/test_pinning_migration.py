"""What was on sale before prices were pinned is pinned to what its list says; several lists of a theater wait for the hand."""

from importlib import import_module

import pytest
from django.db import connection

from tests.factories import make_draft, make_movie, make_price_list, make_theater
from theaters.models import MovieRating, PriceList, PriceVersion, Showtime, TicketType
from theaters.services.prices import list_prices, pinned_prices

pytestmark = pytest.mark.django_db
migration = import_module("theaters.migrations.0008_pin_what_is_on_sale")


def run(statements):
    with connection.cursor() as cursor:
        cursor.execute(statements)


@pytest.mark.parametrize(("status", "is_pinned"), [("PUBLISHED", True), ("CANCELED", True), ("DRAFT", False)])
def test_what_is_on_sale_is_pinned_and_drafts_are_not(status, is_pinned):
    showtime = make_draft()
    Showtime.objects.update(status=status)
    run(migration.PIN)
    showtime.refresh_from_db()
    assert (showtime.price_version is not None, PriceVersion.objects.count()) == (is_pinned, int(is_pinned))
    if is_pinned:
        now = list_prices(showtime.price_list_id)
        pinned = pinned_prices(showtime.price_version_id)
        assert (pinned.amounts, pinned.tax_rate, pinned.booking_fee) == (now.amounts, now.tax_rate, now.booking_fee)


def test_several_lists_of_a_theater_wait_until_somebody_says_when_they_are_for():
    theater = make_theater()
    one, other, alone = make_price_list(theater), make_price_list(theater), make_price_list(make_theater())
    run(migration.BY_HAND)
    assert set(PriceList.objects.filter(is_by_hand=True)) == {one, other}
    assert PriceList.objects.get(is_by_hand=False) == alone


def test_known_labels_get_their_ages_and_grown_ups_are_marked():
    movie = make_movie()
    make_theater()
    MovieRating.objects.create(movie=movie, country="GB", label="12a")
    MovieRating.objects.create(movie=movie, country="DE", label="15")
    run(migration.RATINGS)
    run(migration.GROWN_UP)
    assert set(movie.ratings.values_list("country", "min_age", "accompanied_below")) == {
        ("GB", None, 12),
        ("DE", None, None),
    }
    assert list(TicketType.objects.filter(is_adult=True).values_list("code", flat=True)) == ["ADULT"]
