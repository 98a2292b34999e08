"""Two days of the demo in Tokyo, built once for all tests of this file."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum

from dev.demo.promo_codes import ensure_promo_codes
from dev.demo.world import Loaded, load
from houses.business_days import business_day
from houses.models import House, Post, Theater
from payments.models import Payment
from reservations.models import Booking, OutgoingMail, PromoCode, ShowtimeSeat, Ticket
from reservations.selling.party_rules import PartySeat, objections
from tests.dev.test_demo import CLOCKS_GO_BACK, EVENING, FRIDAY, TOKYO
from theaters.admin.untranslated import untranslated
from theaters.models import MovieRating, Seat, Showtime

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def tokyo_world(django_db_setup, django_db_blocker):
    """What a test changes is undone by its own savepoint; the world itself is undone after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load(now=FRIDAY, demo_theaters=[TOKYO], days=2, past=0)
        transaction.set_rollback(True)


@pytest.fixture
def tokyo(tokyo_world, db):
    return tokyo_world


def facts_of_all():
    rows = Showtime.objects.order_by("starts_at", "auditorium").values_list(
        "auditorium__name", "starts_at", "movie__slug", "picture", "subtitles_in", "note", "price_list__name"
    )
    return list(rows)


def test_a_second_run_adds_nothing(tokyo):
    before = facts_of_all(), Seat.objects.count(), ShowtimeSeat.objects.count(), Ticket.objects.count()
    assert load(now=FRIDAY, demo_theaters=[TOKYO], days=2, past=0) == Loaded(movies=0, showtimes=0, booked_seats=0)
    assert (facts_of_all(), Seat.objects.count(), ShowtimeSeat.objects.count(), Ticket.objects.count()) == before


def test_the_next_day_adds_one_day_and_leaves_the_others(tokyo):
    before = facts_of_all()
    load(now=FRIDAY + timedelta(days=1), demo_theaters=[TOKYO], days=2, past=0)
    added = [row for row in facts_of_all() if row not in before]
    assert [row for row in facts_of_all() if row in before] == before
    assert {business_day(Theater.objects.get(), row[1]) for row in added} == {CLOCKS_GO_BACK}


def test_saturday_is_sold_out_and_friday_nearly(tokyo):
    crowded = Showtime.objects.filter(bookings__isnull=False).distinct().order_by("starts_at")
    friday, saturday = crowded
    assert 0 < friday.seats_total - friday.seats_taken < 12
    assert saturday.seats_taken == saturday.seats_total == 94
    assert {show.price_list.name for show in crowded} == {EVENING}


def test_crowds_are_sold_at_the_counter_and_people_with_an_address_have_a_mail(tokyo):
    assert set(Booking.objects.values_list("status", "sale__operator__email")) == {
        ("CONFIRMED", "counter.tokyo@marquee.example")
    }
    assert set(Payment.objects.values_list("method", "status")) == {("CASH", "SUCCEEDED"), ("TERMINAL", "SUCCEEDED")}
    sold = Booking.objects.filter(sale__comp_reason="").aggregate(total=Sum("total"))
    assert sold == Payment.objects.aggregate(total=Sum("amount"))
    assert Booking.objects.exclude(sale__comp_reason="").exists()
    assert Ticket.objects.live().count() == tokyo.booked_seats
    assert ShowtimeSeat.objects.filter(booking__isnull=False, held_until=None).count() == tokyo.booked_seats
    assert (
        OutgoingMail.objects.filter(sent_at__isnull=False).count()
        == Booking.objects.exclude(sale__contact__email="").count()
    )


def test_friends_are_parties_that_anybody_could_be(tokyo):
    for booking in Booking.objects.prefetch_related("tickets__seat", "tickets__ticket_type"):
        places = [PartySeat(one.seat.label, one.seat.category, one.ticket_type) for one in booking.tickets.all()]
        assert objections(places=places, ages=booking.showtime.age_rule) == []


def test_ratings_come_with_their_ages(tokyo):
    rated = MovieRating.objects.filter(country="GB").values_list("label", "min_age", "accompanied_below").distinct()
    assert set(rated) == {("U", None, None), ("PG", None, None), ("15", 15, None)}


def test_all_that_customers_read_is_said_in_german_too(tokyo):
    House.objects.update(languages=["en", "de"])
    theater = Theater.objects.get()
    assert untranslated(theater.house, [theater], now=FRIDAY) == []
    assert Post.objects.filter(language="en", translations__de__has_keys=["title", "text"]).count() == 2


def test_there_are_promo_codes_to_try_and_what_staff_changed_stays(tokyo):
    assert set(PromoCode.objects.values_list("code", flat=True)) == {"LANTERN", "MONDAY", "FIVER", "FRIENDS"}
    PromoCode.objects.filter(code="LANTERN").update(percent=30)
    ensure_promo_codes()
    assert (PromoCode.objects.get(code="LANTERN").percent, PromoCode.objects.count()) == (30, 4)
