"""Showtimes copied by tests/showtime_copies.py equal those that the services make."""

from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import models
from django.utils import timezone

from houses.models import Theater
from tests.clock import evening
from tests.factories import make_showtime, open_usual_showtime
from tests.house_with_terms import usual_house
from theaters.models import Seat, SeatingPlan, Showtime

pytestmark = pytest.mark.django_db

# Prices of a table have no order: PostgreSQL returns them in any, and no code asks for one.
WITHOUT_ORDER = {"theaters.Price", "theaters.PinnedPrice"}


def rows_of_every_table(made_before: dict[str, set[int]]) -> dict[str, list[dict]]:
    """All rows written since, without numbers, names and the moment of writing."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        rows = model._default_manager.exclude(pk__in=made_before.get(label, set())).order_by("pk")
        compared = [field for field in model._meta.fields if not is_of_its_own(field)]
        found[label] = [{field.name: getattr(row, field.attname) for field in compared} for row in rows]
        if label in WITHOUT_ORDER:
            found[label].sort(key=repr)
    return {label: rows for label, rows in found.items() if rows}


def is_of_its_own(field: models.Field) -> bool:
    written = isinstance(field, models.DateTimeField) and (field.has_db_default() or field.name == "published_at")
    return (
        field.primary_key
        or field.is_relation
        or written
        or field.name in {"slug", "title", "search_text", "what_id"}
        or is_name(field)
    )


def is_name(field: models.Field) -> bool:
    return field.name == "name" and field.model._meta.model_name in {"theater", "auditorium", "pricelist"}


def keys_of_every_table() -> dict[str, set[int]]:
    return {
        model._meta.label: set(model._default_manager.values_list("pk", flat=True))
        for model in apps.get_models(include_auto_created=True)
    }


def test_a_copy_has_the_rows_that_the_services_write():
    usual_house()
    before = keys_of_every_table()
    original = open_usual_showtime()
    made, between = rows_of_every_table(before), keys_of_every_table()
    copy = make_showtime()
    assert rows_of_every_table(between) == made
    assert len(made["theaters.Seat"]) == len(made["reservations.ShowtimeSeat"]) == 12
    assert set(copy._state.fields_cache) == set(original._state.fields_cache)


def test_each_copy_hangs_together_and_shares_nothing():
    one, other = make_showtime(), make_showtime()
    for showtime in (one, other):
        theater = showtime.auditorium.theater
        assert showtime.price_list.theater == theater == showtime.price_version.price_list.theater
        assert (
            {seat.seat.plan for seat in showtime.seats.all()}
            == {showtime.plan}
            == set(SeatingPlan.objects.filter(auditorium=showtime.auditorium))
        )
        assert {price.ticket_type.theater for price in showtime.price_version.prices.all()} == {theater}
        assert showtime.plan.status == "PUBLISHED"
    assert Theater.objects.count() == Showtime.objects.count() == 2 and Seat.objects.count() == 24


def test_a_copy_is_on_tomorrow_evening_whenever_it_is_made():
    with time_machine.travel(timezone.now() + timedelta(days=200)):
        showtime = make_showtime()
        assert showtime.starts_at == evening(theater=showtime.auditorium.theater)
        assert showtime.plan.published_at - timezone.now() < timedelta(minutes=1)
        before = showtime.starts_at, showtime.ends_at, showtime.occupied_until, showtime.sales_close_at
        showtime.set_times()
    assert before == (showtime.starts_at, showtime.ends_at, showtime.occupied_until, showtime.sales_close_at)
