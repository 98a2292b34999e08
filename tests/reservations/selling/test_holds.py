"""What a browser may do with seats: take them, give them back, get a little more time. All or none, by the database's clock."""

from datetime import timedelta
from functools import partial

import pytest
from django.db.models import F

from core.refusals import TooFast
from reservations.models import Hold, ShowtimeSeat
from reservations.opening.showtime_opening import keep_back
from reservations.refusals.limits import TooManyHere, TooManySeats
from reservations.refusals.on_sale import NotOnSale, NotYetOnSale, ShowtimeCanceled
from reservations.refusals.seats import CannotExtend, HoldLapsed, Paying, SeatGone, UnknownSeat
from reservations.seats.taking import extend_hold, release_hold, release_seats, take_seats
from tests.aging import age_hold, lapse
from tests.factories import begin_paying, hold_seats, make_browser, make_draft, make_showtime
from tests.ledger import counts, nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
ALL = [f"{row}{number}" for row in "AB" for number in range(1, 7)]


def take(showtime, browser, *labels):
    take_seats(showtime_id=showtime.pk, browser=browser, labels=list(labels))


def held_by(browser):
    return sorted(ShowtimeSeat.objects.filter(hold__holder=browser.holder).values_list("label", flat=True))


def seconds(later, earlier):
    return (later - earlier).total_seconds()


# Taking.


def test_the_first_seat_begins_a_hold_of_eight_minutes_with_a_cap_of_twenty(showtime, my_browser):
    hold = hold_seats(showtime, my_browser, "A1")
    assert (seconds(hold.expires_at, hold.started_at), seconds(hold.cap_at, hold.started_at)) == (480, 1200)
    assert [(s.label, s.held_until) for s in hold.seats.all()] == [("A1", hold.expires_at)]
    assert counts() == {"Hold": 1}


def test_taking_what_is_mine_changes_nothing(showtime, my_browser):
    hold = hold_seats(showtime, my_browser, "A1", "A2")
    before = list(ShowtimeSeat.objects.order_by("pk").values())
    take(showtime, my_browser, "A2")
    assert list(ShowtimeSeat.objects.order_by("pk").values()) == before
    assert Hold.objects.get().expires_at == hold.expires_at


def test_more_seats_join_the_same_hold_and_do_not_lengthen_it(showtime, my_browser):
    hold = hold_seats(showtime, my_browser, "A1")
    age_hold(hold, 100)
    hold.refresh_from_db()
    take(showtime, my_browser, "A2")
    release_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    assert Hold.objects.get().expires_at == hold.expires_at
    assert [(s.label, s.held_until) for s in hold.seats.all()] == [("A2", hold.expires_at)]


def test_labels_may_be_written_small_and_twice(showtime, my_browser):
    take(showtime, my_browser, "a1", " A1 ", "b2")
    assert held_by(my_browser) == ["A1", "B2"]


def test_one_seat_that_is_gone_means_none(showtime, my_browser, other_browser):
    take(showtime, other_browser, "A2")
    with nothing_changes(), pytest.raises(SeatGone):
        take(showtime, my_browser, "A1", "A2", "A3")


def test_a_refused_first_seat_leaves_no_hold(showtime, my_browser, other_browser):
    take(showtime, other_browser, "A1")
    with nothing_changes(), pytest.raises(SeatGone):
        take(showtime, my_browser, "A1")


def test_a_refusal_leaves_what_i_hold(showtime, my_browser, other_browser):
    take(showtime, other_browser, "A1")
    take(showtime, my_browser, "A2")
    with pytest.raises(SeatGone):
        take(showtime, my_browser, "A1", "A3")
    assert held_by(my_browser) == ["A2"]


@pytest.mark.parametrize("labels", [["Z9"], ["A1", "Z9"], [], [""], ["A" * 50], [f"Q{n}" for n in range(60)]])
def test_an_unknown_seat_takes_nothing(showtime, my_browser, labels):
    with nothing_changes(), pytest.raises(UnknownSeat):
        take(showtime, my_browser, *labels)


def test_a_seat_of_another_showtime_is_unknown_here(showtime, my_browser):
    other = make_showtime()
    ShowtimeSeat.objects.filter(showtime=other, label="A1").update(label="C1")
    with nothing_changes(), pytest.raises(UnknownSeat):
        take(showtime, my_browser, "C1")


def test_a_house_seat_is_not_sold(showtime, my_browser):
    assert keep_back(showtime_id=showtime.pk, labels=["A1"], reason="Broken arm rest") == []
    with nothing_changes(), pytest.raises(SeatGone):
        take(showtime, my_browser, "A1", "A2")


def test_a_held_seat_is_not_kept_back(showtime, my_browser):
    take(showtime, my_browser, "A1")
    assert keep_back(showtime_id=showtime.pk, labels=["A1", "A2"], reason="Press") == ["A1"]
    assert held_by(my_browser) == ["A1"]


def test_a_seat_whose_hold_lapsed_can_be_kept_back(showtime, my_browser):
    lapse(hold_seats(showtime, my_browser, "A1"))
    assert keep_back(showtime_id=showtime.pk, labels=["A1"], reason="Press") == []


def test_two_browsers_at_one_showtime_and_one_browser_at_two_have_a_hold_each(showtime, my_browser, other_browser):
    second = make_showtime()
    take(showtime, my_browser, "A1")
    take(showtime, other_browser, "A2")
    take(second, my_browser, "A1")
    assert Hold.objects.live().count() == 3


# The limits.


def test_ten_seats_are_the_most(showtime, my_browser):
    take(showtime, my_browser, *ALL[:10])
    with nothing_changes(), pytest.raises(TooManySeats) as refused:
        take(showtime, my_browser, "B5")
    assert (refused.value.status, "up to 10 at a time" in refused.value.sentence) == (422, True)


def test_eleven_at_once_are_none(showtime, my_browser):
    with nothing_changes(), pytest.raises(TooManySeats):
        take(showtime, my_browser, *ALL[:11])


def test_a_limit_of_zero_is_off(showtime, my_browser, settings):
    settings.MAX_SEATS_PER_HOLD = 0
    take(showtime, my_browser, *ALL)
    assert len(held_by(my_browser)) == 12


def test_seats_held_from_one_address_are_limited_over_all_browsers(showtime, settings):
    settings.LIVE_SEATS_PER_ADDRESS = 3
    one, two = make_browser(1), make_browser(251)
    assert one.address == two.address
    take(showtime, one, "A1", "A2")
    with nothing_changes(), pytest.raises(TooManyHere):
        take(showtime, two, "A3", "A4")
    take(showtime, two, "A3")


def test_lapsed_seats_do_not_count_for_the_address(showtime, settings):
    settings.LIVE_SEATS_PER_ADDRESS = 2
    lapse(hold_seats(showtime, make_browser(1), "A1", "A2"))
    take(showtime, make_browser(251), "A3", "A4")


def test_after_three_unpaid_holds_a_new_one_waits_and_longer_each_time(showtime, my_browser, settings):
    settings.UNPAID_HOLD_PAUSE_SECONDS = 30
    for label in ("A1", "A2", "A3"):
        age_hold(hold_seats(showtime, my_browser, label), 600)
    with pytest.raises(TooFast) as refused:
        take(showtime, my_browser, "A4")
    assert 0 < refused.value.retry_after <= 30
    Hold.objects.update(ended_at=F("ended_at") - timedelta(seconds=31))
    take(showtime, my_browser, "A4")


# Time frees seats.


def test_a_lapsed_hold_frees_its_seats_with_every_worker_dead(showtime, my_browser, other_browser):
    lapse(hold_seats(showtime, my_browser, "A1"))
    take(showtime, other_browser, "A1")
    assert (held_by(other_browser), held_by(my_browser)) == (["A1"], [])


def test_taking_again_after_my_hold_lapsed_begins_a_new_one(showtime, my_browser):
    old = hold_seats(showtime, my_browser, "A1", "A2")
    lapse(old)
    new = hold_seats(showtime, my_browser, "A3")
    old.refresh_from_db()
    assert (old.end, sorted(old.labels), new.pk != old.pk, held_by(my_browser)) == (
        "LAPSED",
        ["A1", "A2"],
        True,
        ["A3"],
    )


def test_a_hold_is_not_alive_at_the_instant_it_expires(showtime, my_browser, other_browser):
    hold = hold_seats(showtime, my_browser, "A1")
    age_hold(hold, 480)
    assert not Hold.objects.live().exists()
    take(showtime, other_browser, "A1")


# Giving back.


def test_releasing_a_seat_frees_it_alone(showtime, my_browser, other_browser):
    take(showtime, my_browser, "A1", "A2")
    release_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    assert held_by(my_browser) == ["A2"]
    take(showtime, other_browser, "A1")


def test_releasing_twice_or_what_is_not_mine_changes_nothing(showtime, my_browser, other_browser):
    take(showtime, other_browser, "A1")
    with nothing_changes():
        release_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1", "A2"])
        release_hold(showtime_id=showtime.pk, browser=my_browser)


def test_another_browser_cannot_release_mine(showtime, my_browser, other_browser):
    take(showtime, my_browser, "A1")
    take(showtime, other_browser, "B1")
    release_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1"])
    assert held_by(my_browser) == ["A1"]


def test_releasing_an_old_hold_does_not_touch_the_new_owner(showtime, my_browser, other_browser):
    lapse(hold_seats(showtime, my_browser, "A1"))
    take(showtime, other_browser, "A1")
    release_hold(showtime_id=showtime.pk, browser=my_browser)
    assert held_by(other_browser) == ["A1"]


def test_giving_all_back_ends_the_hold(showtime, my_browser):
    hold = hold_seats(showtime, my_browser, "A1", "B1")
    release_hold(showtime_id=showtime.pk, browser=my_browser)
    hold.refresh_from_db()
    assert (hold.end, hold.ended_at is not None, hold.seats.count()) == ("RELEASED", True, 0)
    assert not ShowtimeSeat.objects.exclude(held_until=None).exists()


# A little more time.


@pytest.fixture
def warned(showtime, my_browser):
    """A hold that ends in one minute."""
    hold = hold_seats(showtime, my_browser, "A1")
    age_hold(hold, 420)
    hold.refresh_from_db()
    return hold


def test_a_hold_is_extended_by_four_minutes_with_its_seats(warned, my_browser):
    extend_hold(showtime_id=warned.showtime_id, browser=my_browser)
    later = Hold.objects.get()
    assert (seconds(later.expires_at, warned.expires_at), later.cap_at) == (240, warned.cap_at)
    assert later.seats.get().held_until == later.expires_at


def test_a_hold_is_extended_once(warned, my_browser):
    extend_hold(showtime_id=warned.showtime_id, browser=my_browser)
    age_hold(warned, 230)  # little time is left again, and the limit is far away
    with nothing_changes(), pytest.raises(CannotExtend):
        extend_hold(showtime_id=warned.showtime_id, browser=my_browser)


@pytest.mark.parametrize(("gone", "is_early"), [(385, True), (395, False)])
def test_a_hold_is_extended_only_when_less_than_90_seconds_are_left(showtime, my_browser, gone, is_early):
    age_hold(hold_seats(showtime, my_browser, "A1"), gone)
    try:
        extend_hold(showtime_id=showtime.pk, browser=my_browser)
    except CannotExtend:
        assert is_early
    assert Hold.objects.filter(extended_at=None).exists() == is_early


def test_a_hold_is_never_extended_past_its_cap(warned, my_browser):
    Hold.objects.update(cap_at=F("expires_at") + timedelta(seconds=100))
    extend_hold(showtime_id=warned.showtime_id, browser=my_browser)
    hold = Hold.objects.get()
    assert hold.expires_at == hold.cap_at == hold.seats.get().held_until


def test_a_hold_at_its_cap_cannot_be_extended(warned, my_browser):
    Hold.objects.update(cap_at=F("expires_at"))
    with nothing_changes(), pytest.raises(CannotExtend):
        extend_hold(showtime_id=warned.showtime_id, browser=my_browser)


def test_a_lapsed_hold_cannot_be_extended(showtime, my_browser, other_browser):
    lapse(hold_seats(showtime, my_browser, "A1"))
    for who in (my_browser, other_browser):
        with nothing_changes(), pytest.raises(HoldLapsed):
            extend_hold(showtime_id=showtime.pk, browser=who)


def test_seats_that_are_being_paid_for_are_neither_given_back_nor_extended(showtime, my_browser, sandbox):
    begin_paying(showtime, my_browser, "A1")
    mine = {"showtime_id": showtime.pk, "browser": my_browser}
    for act in (release_hold, extend_hold, partial(release_seats, labels=["A1"])):
        with nothing_changes(), pytest.raises(Paying):
            act(**mine)


# When nothing can be sold.


def test_a_draft_is_not_on_sale(my_browser):
    with nothing_changes(), pytest.raises(NotYetOnSale):
        take(make_draft(), my_browser, "A1")


@pytest.mark.parametrize("showtime_id", [999_999])
def test_a_showtime_that_is_not_there_is_not_on_sale(my_browser, db, showtime_id):
    with nothing_changes(), pytest.raises(NotYetOnSale):
        take_seats(showtime_id=showtime_id, browser=my_browser, labels=["A1"])


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"status": "CANCELED"}, ShowtimeCanceled),
        ({"sales_close_at": F("sales_close_at") - timedelta(days=2)}, NotOnSale),
    ],
)
def test_nothing_is_taken_at_a_canceled_showtime_or_after_sales_closed(showtime, my_browser, change, refusal):
    Showtime.objects.update(**change)
    with nothing_changes(), pytest.raises(refusal) as refused:
        take(showtime, my_browser, "A1")
    assert (type(refused.value), refused.value.status) == (refusal, 410)


def test_seats_can_be_given_back_after_sales_closed(showtime, my_browser):
    take(showtime, my_browser, "A1")
    Showtime.objects.update(sales_close_at=F("sales_close_at") - timedelta(days=2))
    release_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    assert held_by(my_browser) == []
