"""Fifty customers use a promo code at the same time: its limits hold. Without the lock they would not."""

from collections import Counter
from functools import partial

import pytest
from django.db import transaction

from reservations import locks
from reservations.models import Booking, PromoCode, PromoRedemption
from reservations.selling.bookings import open_booking
from tests.factories import hold_seats, make_auditorium, make_browser, make_promo, make_showtime, make_theater, pay_form
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
ROOM = "\n".join(f"{row} oooooooooo" for row in "ABCDE")
LABELS = [f"{row}{number}" for row in "ABCDE" for number in range(1, 11)]
MANY = range(len(LABELS))


@pytest.fixture
def showtime(transactional_db, settings):
    """A showtime with fifty seats at £14.50."""
    settings.UNPAID_HOLD_PAUSE_SECONDS = 0
    return make_showtime(auditorium=make_auditorium(make_theater(), ROOM))


def pay(showtime, number, email=None):
    """Press Pay with the code for one seat, up to the call to Stripe."""
    label = LABELS[number]
    form = pay_form(showtime, label, total="11.60", email=email or f"{number}@example.com", promo_code="LANTERN")
    with transaction.atomic():
        open_booking(showtime_id=showtime.pk, browser=make_browser(number), form=form)


def everybody(showtime, email=None):
    for number in MANY:
        hold_seats(showtime, make_browser(number), LABELS[number])
    return [as_word(partial(pay, showtime, number, email), "paying") for number in MANY]


def unlocked(monkeypatch):
    monkeypatch.setattr(locks, "promo_code", lambda pk: PromoCode.objects.get(pk=pk))


@pytest.mark.long
def test_ten_uses_are_ten_when_fifty_want_one(showtime):
    make_promo(most_uses=10)
    assert Counter(run_all(*everybody(showtime))) == {"paying": 10, "PromoRefused": 40}
    assert PromoRedemption.objects.counted().count() == Booking.objects.count() == 10
    assert broken_invariants() == set()


@pytest.mark.long
def test_one_customer_in_fifty_tabs_uses_it_as_often_as_one_may(showtime):
    make_promo(most_uses_each=2)
    assert Counter(run_all(*everybody(showtime, "ada@example.com"))) == {"paying": 2, "PromoRefused": 48}
    assert PromoRedemption.objects.counted().filter(booking__sale__contact__customer="ada@example.com").count() == 2


@pytest.mark.long
def test_a_code_without_limits_keeps_nobody_waiting(showtime):
    make_promo()
    assert Counter(run_all(*everybody(showtime))) == {"paying": 50}


@pytest.mark.parametrize(("is_broken", "outcome", "uses"), [(False, "PromoRefused", 1), (True, "paying", 2)])
def test_the_code_is_locked_before_its_uses_are_counted(showtime, monkeypatch, is_broken, outcome, uses):
    """For the last use, the second customer counts while the first has not committed."""
    make_promo(most_uses=1)
    for number in (0, 1):
        hold_seats(showtime, make_browser(number), LABELS[number])
    if is_broken:
        unlocked(monkeypatch)
    job = as_word(partial(pay, showtime, 1), "paying")
    with transaction.atomic():
        pay(showtime, 0)
        [result] = run_all(job) if is_broken else [start_and_block(job)]
    assert (result if is_broken else result.outcome()) == outcome
    assert PromoRedemption.objects.counted().count() == uses
