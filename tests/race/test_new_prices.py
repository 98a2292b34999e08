"""Prices change while people buy: a hold begins with the old prices or the new ones, never with a mix (docs/adr/0015)."""

import pytest
from django.db import transaction
from django.db.models import F

from reservations.models import Hold
from reservations.opening.showtime_opening import open_for_sale
from reservations.seats.taking import take_seats
from reservations.selling.bookings import open_booking
from tests.factories import hold_seats, make_auditorium, make_draft, make_price_list, make_theater, pay_form
from tests.race.racing import as_word, run_all, start, start_and_block
from theaters.models import Price, PriceVersion, Showtime
from theaters.prices.price_versions import current_version
from theaters.prices.repricing import reprice

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def taking(showtime, browser, *labels):
    return as_word(lambda: take_seats(showtime_id=showtime.pk, browser=browser, labels=list(labels)), "held")


def raise_prices():
    Price.objects.update(amount=F("amount") + 1)


def test_a_taker_waits_while_prices_change_and_has_the_new_ones(showtime, my_browser):
    raise_prices()
    with transaction.atomic():
        (moved,) = reprice(showtime_ids=[showtime.pk], actor="test")
        seller = start_and_block(taking(showtime, my_browser, "A1"))
    assert seller.outcome() == "held"
    assert Hold.objects.get().price_version_id == moved.price_version_id != showtime.price_version_id


def test_under_a_weaker_lock_a_hold_would_begin_with_prices_that_are_gone(showtime, my_browser):
    """Negative control: an UPDATE alone does not stop a seller."""
    raise_prices()
    with transaction.atomic():
        Showtime.objects.filter(pk=showtime.pk).update(price_version=current_version(showtime.price_list_id))
        assert start(taking(showtime, my_browser, "A1")).outcome() == "held"
    showtime.refresh_from_db()
    assert Hold.objects.get().price_version_id != showtime.price_version_id


def test_new_prices_wait_for_a_sale_under_way_which_keeps_the_old_ones(showtime, my_browser):
    hold_seats(showtime, my_browser, "A1")
    form = pay_form(showtime, "A1")
    raise_prices()
    with transaction.atomic():
        booking = open_booking(showtime_id=showtime.pk, browser=my_browser, form=form)
        change = start_and_block(lambda: reprice(showtime_ids=[showtime.pk], actor="test"))
    (moved,) = change.outcome()
    assert booking.total == form.expected_total
    assert moved.price_version_id != showtime.price_version_id


def test_showtimes_of_one_list_that_open_at_once_share_a_version(db):
    prices = make_price_list(theater := make_theater())
    drafts = [make_draft(auditorium=make_auditorium(theater), price_list=prices) for _ in range(6)]
    run_all(*[as_word(lambda pk=draft.pk: open_for_sale(showtime_id=pk, actor="test"), "open") for draft in drafts])
    assert PriceVersion.objects.count() == 1
    assert set(Showtime.objects.values_list("price_version", flat=True)) == {PriceVersion.objects.get().pk}
