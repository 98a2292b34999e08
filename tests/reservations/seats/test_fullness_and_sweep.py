"""What workers do about seats: opening a showtime, ending holds that ran out, counting what is taken."""

import pytest

from core.models import Heartbeat
from reservations import tasks
from reservations.models import Hold, Move, ShowtimeSeat
from reservations.opening.showtime_opening import keep_back, open_for_sale, take_back
from reservations.seats import hold_sweep
from reservations.seats.fullness import refresh_fullness
from reservations.seats.hold_sweep import end_lapsed_holds
from tests.aging import lapse, past_grace
from tests.factories import begin_paying, hold_seats, make_browser, make_draft, make_price_list, make_showtime
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import PinnedPrice, Price, PriceList, Showtime, TicketType
from theaters.prices.prices import pinned_prices
from theaters.schedule.scheduling import SchedulingRefused

pytestmark = pytest.mark.django_db


def counted(showtime):
    refresh_fullness()
    showtime.refresh_from_db()
    return showtime.seats_total, showtime.seats_taken


# Holds that ran out.


def test_a_hold_that_ran_out_is_ended_and_remembers_its_seats(showtime, my_browser):
    hold = hold_seats(showtime, my_browser, "A1", "B1")
    lapse(hold)
    assert end_lapsed_holds() == 1
    hold.refresh_from_db()
    assert (hold.end, sorted(hold.labels), hold.seats.count()) == ("LAPSED", ["A1", "B1"], 0)
    assert not ShowtimeSeat.objects.exclude(held_until=None).exists()


def test_living_holds_are_left_alone(showtime, my_browser):
    hold_seats(showtime, my_browser, "A1")
    with nothing_changes():
        assert end_lapsed_holds() == 0


def test_a_seat_that_was_taken_over_is_not_freed(showtime, my_browser, other_browser):
    lapse(hold_seats(showtime, my_browser, "A1", "A2"))
    new = hold_seats(showtime, other_browser, "A1")
    end_lapsed_holds()
    assert [seat.label for seat in new.seats.all()] == ["A1"]
    assert Hold.objects.get(holder=my_browser.holder).labels == ["A2"]


def test_more_than_one_batch_is_ended(showtime, monkeypatch):
    monkeypatch.setattr(hold_sweep, "BATCH", 2)
    for number in range(1, 6):
        lapse(hold_seats(showtime, make_browser(number), f"A{number}"))
    assert (end_lapsed_holds(), end_lapsed_holds()) == (5, 0)


# How full.


def test_held_pending_sold_and_house_seats_are_taken_and_lapsed_ones_are_not(showtime, my_browser, sandbox):
    hold_seats(showtime, my_browser, "A1")
    begin_paying(showtime, make_browser(2), "A2")
    keep_back(showtime_id=showtime.pk, labels=["A3"], reason="Press")
    lapse(hold_seats(showtime, make_browser(3), "A4"))
    past_grace(begin_paying(showtime, make_browser(4), "A5"))
    assert counted(showtime) == (12, 3)


def test_seats_that_lapse_with_every_worker_dead_are_counted_by_the_next_run(showtime, my_browser):
    hold = hold_seats(showtime, my_browser, "A1")
    assert counted(showtime) == (12, 1)
    lapse(hold)
    Heartbeat.objects.update(at=Hold.objects.get().started_at)
    assert counted(showtime) == (12, 0)


def test_without_changes_nothing_is_written(showtime):
    refresh_fullness()
    before = Showtime.objects.get().fullness_at
    refresh_fullness()
    assert Showtime.objects.get().fullness_at == before


@pytest.mark.parametrize("task", [tasks.sweep_holds, tasks.refresh_fullness, tasks.send_due_mail])
def test_every_task_may_run_twice_with_unknown_keywords(showtime, task):
    with nothing_changes():
        task(invented=True)
        task()


# Opening a showtime.


def test_opening_makes_one_free_row_per_seat_in_the_order_of_the_plan(db):
    showtime = make_showtime()
    rows = ShowtimeSeat.objects.filter(showtime=showtime).order_by("pk")
    assert [row.label for row in rows] == [seat.label for seat in showtime.plan.seats.order_by("pk")]
    assert set(rows.values_list("hold", "booking", "held_until", "house_reason")) == {(None, None, None, "")}
    assert (showtime.status, showtime.seats_total) == ("PUBLISHED", 12)


def test_a_category_without_a_price_is_not_opened(db):
    draft = make_draft()
    Price.objects.filter(category="PREMIUM").delete()
    with nothing_changes(), pytest.raises(SchedulingRefused, match="no price for: Premium"):
        open_for_sale(showtime_id=draft.pk, actor="test")
    draft.refresh_from_db()
    assert draft.status == "DRAFT"


def test_each_missing_pair_is_named(db):
    draft = make_draft()
    Price.objects.filter(category="PREMIUM", ticket_type__code="CHILD").delete()
    with nothing_changes(), pytest.raises(SchedulingRefused) as refusal:
        open_for_sale(showtime_id=draft.pk, actor="test")
    assert str(refusal.value) == f"The price list {draft.price_list} has no price for: Child on Premium."


@pytest.mark.parametrize("categories", [["STANDARD"], ["STANDARD", "COMPANION"]])
def test_a_type_needs_no_price_where_it_is_not_sold(db, categories):
    draft = make_draft()
    TicketType.objects.filter(code="CHILD").update(categories=categories)
    open_for_sale(showtime_id=draft.pk, actor="test")
    pinned = PinnedPrice.objects.filter(ticket_type__code="CHILD").values_list("category", flat=True)
    assert sorted(pinned) == sorted(categories)


def test_a_type_without_any_price_is_not_on_sale_with_that_list(db):
    draft = make_draft()
    Price.objects.filter(ticket_type__code="CHILD").delete()
    opened = open_for_sale(showtime_id=draft.pk, actor="test")
    assert [kind.code for kind in pinned_prices(opened.price_version_id).types] == ["ADULT"]


def test_a_list_that_is_no_longer_valid_is_replaced_when_the_sale_opens(db):
    draft = make_draft()
    Showtime.objects.update(is_list_by_hand=False)
    later = make_price_list(draft.auditorium.theater)
    PriceList.objects.exclude(pk=later.pk).update(is_by_hand=True)
    assert open_for_sale(showtime_id=draft.pk, actor="test").price_list == later


def test_prices_are_pinned_when_the_sale_opens_and_let_go_when_it_is_taken_back(db):
    draft = make_draft()
    assert draft.price_version is None
    assert open_for_sale(showtime_id=draft.pk, actor="test").price_version.price_list_id == draft.price_list_id
    assert take_back(showtime_id=draft.pk, actor="test").price_version is None


@pytest.mark.parametrize("status", ["PUBLISHED", "CANCELED"])
def test_only_a_draft_is_opened(showtime, status):
    Showtime.objects.update(status=status)
    with nothing_changes(), pytest.raises(SchedulingRefused, match=f"is {status.lower()}"):
        open_for_sale(showtime_id=showtime.pk, actor="test")


def test_an_unsold_showtime_is_taken_back_and_opened_again(showtime, my_browser):
    lapse(hold_seats(showtime, my_browser, "A1"))
    take_back(showtime_id=showtime.pk, actor="test")
    assert not ShowtimeSeat.objects.exists()
    assert open_for_sale(showtime_id=showtime.pk, actor="test").seats_total == 12


def test_a_showtime_with_a_living_hold_or_a_booking_is_not_taken_back(showtime, my_browser, sandbox):
    hold_seats(showtime, my_browser, "A1")
    with nothing_changes(), pytest.raises(SchedulingRefused, match="choosing seats"):
        take_back(showtime_id=showtime.pk, actor="test")
    begin_paying(showtime, make_browser(2), "A2")
    with nothing_changes(), pytest.raises(SchedulingRefused, match="has bookings"):
        take_back(showtime_id=showtime.pk, actor="test")
    assert broken_invariants() == []


def test_the_log_names_who_opened_and_who_took_back(db):
    draft = make_draft()
    open_for_sale(showtime_id=draft.pk, actor="staff:7")
    take_back(showtime_id=draft.pk, actor="staff:8")
    with pytest.raises(SchedulingRefused):
        take_back(showtime_id=draft.pk, actor="staff:9")
    logged = Move.objects.filter(what="showtime", what_id=draft.pk).order_by("pk")
    assert list(logged.values_list("from_status", "to_status", "actor")) == [
        ("DRAFT", "PUBLISHED", "staff:7"),
        ("PUBLISHED", "DRAFT", "staff:8"),
    ]
