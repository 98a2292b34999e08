"""While a showtime is being changed nothing is sold: sellers wait for the change and read it (docs/adr/0012)."""

import pytest
from django.db import transaction

from reservations.seats.fullness import refresh_fullness
from reservations.seats.taking import take_seats
from tests.race.racing import as_word, start, start_and_block
from theaters import locks as theater_locks
from theaters.models import Showtime
from theaters.states import ShowtimeStatus

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def taking(showtime, browser, *labels):
    return as_word(lambda: take_seats(showtime_id=showtime.pk, browser=browser, labels=list(labels)), "held")


def cancel(showtime):
    Showtime.objects.filter(pk=showtime.pk).update(status=ShowtimeStatus.CANCELED)


def test_a_seller_waits_for_a_cancellation_and_reads_it(showtime, my_browser):
    with transaction.atomic():
        theater_locks.showtime_to_change(showtime.pk)
        cancel(showtime)
        seller = start_and_block(taking(showtime, my_browser, "A1"))
    assert seller.outcome() == "ShowtimeCanceled"


def test_under_a_weaker_lock_a_seller_sells_a_canceled_showtime(showtime, my_browser):
    """Negative control: without FOR UPDATE the seller locks, and believes, the old version."""
    with transaction.atomic():
        Showtime.objects.select_for_update(no_key=True).get(pk=showtime.pk)
        cancel(showtime)
        assert start(taking(showtime, my_browser, "A1")).outcome() == "held"


def test_a_cancellation_waits_for_a_sale_under_way(showtime, my_browser):
    with transaction.atomic():
        taking(showtime, my_browser, "A1")()
        canceling = start_and_block(lambda: _cancel_properly(showtime))
    canceling.outcome()
    assert Showtime.objects.get(pk=showtime.pk).status == ShowtimeStatus.CANCELED


def _cancel_properly(showtime):
    with transaction.atomic():
        theater_locks.showtime_to_change(showtime.pk)
        cancel(showtime)


def test_counting_seats_waits_for_no_seller(showtime, my_browser):
    with transaction.atomic():
        taking(showtime, my_browser, "A1", "A2")()
        assert start(refresh_fullness).outcome() == 1
