"""The behavior of a seat category changes while a showtime with such seats goes on sale: one of the two waits."""

import pytest
from django.db import transaction
from django.utils import timezone

from reservations.opening.showtime_opening import open_for_sale
from tests.factories import make_auditorium, make_draft, make_staff
from tests.race.racing import start, start_and_block
from theaters.models import SeatCategory, Showtime
from theaters.plans.category_behavior import change_behavior
from theaters.states import SeatBehavior, ShowtimeStatus

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(db):
    """A showtime with premium seats that is not on sale."""
    return make_draft()


def change(draft):
    category = draft.auditorium.theater.seat_categories.get(code="PREMIUM")
    boss = make_staff("MANAGER", draft.auditorium.theater)
    return lambda: change_behavior(
        category=category, behavior=SeatBehavior.COMPANION, user_id=boss.pk, actor="test", now=timezone.now()
    )


def on_sale_with_archived_seats():
    archived = SeatCategory.objects.exclude(archived_at=None).values("code")
    return Showtime.objects.published().filter(plan__seats__category__in=archived).distinct().count()


def test_who_changes_it_while_such_seats_go_on_sale_waits_and_is_refused(draft):
    changing = change(draft)
    with transaction.atomic():
        open_for_sale(showtime_id=draft.pk, actor="test")
        changer = start_and_block(changing)
    assert changer.outcome() == "BehaviorStays"
    assert on_sale_with_archived_seats() == 0 and not SeatCategory.objects.filter(code__startswith="C-").exists()


def test_a_showtime_that_goes_on_sale_meanwhile_waits_and_keeps_its_plan(draft):
    changing = change(draft)
    with transaction.atomic():
        changing()
        opener = start_and_block(lambda: open_for_sale(showtime_id=draft.pk, actor="test").status)
    assert opener.outcome() == ShowtimeStatus.PUBLISHED


def test_two_showtimes_of_a_theater_go_on_sale_at_once(draft):
    other = make_draft(auditorium=make_auditorium(draft.auditorium.theater))
    with transaction.atomic():
        open_for_sale(showtime_id=draft.pk, actor="test")
        assert start(lambda: open_for_sale(showtime_id=other.pk, actor="test").status).outcome() == "PUBLISHED"


def test_without_the_lock_seats_on_sale_would_be_of_an_archived_category(draft, monkeypatch):
    """Negative control."""
    monkeypatch.setattr("theaters.locks.theater_to_sell_in", lambda plan_id: None)
    changing = change(draft)
    with transaction.atomic():
        open_for_sale(showtime_id=draft.pk, actor="test")
        assert not isinstance(start(changing).outcome(), str)
    assert on_sale_with_archived_seats() == 1
