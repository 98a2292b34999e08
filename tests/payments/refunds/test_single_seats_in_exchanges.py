"""Single seats and exchanges: map, best seats and the exchange's own page judge alike, and count the old seats as free."""

import re
from datetime import timedelta
from itertools import combinations
from random import Random

import pytest

from houses.models import Theater
from reservations.aftersale.exchange_choices import seats_freed_by
from reservations.models import Booking, Exchange, Hold, ShowtimeSeat
from reservations.refusals.seats import LeavesSingleSeats
from reservations.seats.taking import Browser
from tests.exchanging import choose, let_exchange, other_showtime, planned
from tests.factories import buy, hold_seats, make_auditorium, make_browser, make_showtime, make_theater
from tests.standing_booking import BUYER, browser_of_owner
from tests.standing_world import paying_world

pytestmark = pytest.mark.django_db
OTHER = make_browser(2)
HTMX = {"HX-Request": "true"}
PLAN = "A oooooo\nB oooooo\nC oo.oooo"
OLD = ("A3", "B5", "C4")


@pytest.fixture(scope="module", autouse=True)
def standing(django_db_setup, django_db_blocker, sandbox_process):
    """Ada's three seats stand apart, because she bought them before the theater's rule about single seats."""

    def make(sandbox):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), PLAN))
        let_exchange(showtime.auditorium.theater)
        booking = buy(sandbox, showtime, BUYER, *OLD)
        Theater.objects.update(avoids_single_seats=True, single_seats_off_up_to=0)
        return booking

    with paying_world(django_db_blocker, sandbox_process, make) as booking:
        yield booking


@pytest.fixture
def booking(standing):
    return Booking.objects.get(pk=standing.pk)


@pytest.fixture
def me(booking):
    return browser_of_owner(booking)


def begin(me, booking, *labels, showtime=None) -> Exchange:
    form = {"action": "begin", "choosing": "1", "ticket": labels, "new_showtime": (showtime or booking.showtime).pk}
    assert me.post(f"/bookings/{booking.reference}/exchange/", form).status_code == 302
    return Exchange.objects.order_by("-pk").first()


def press(me, booking, where="seats", **fields):
    return me.post(f"/showtimes/{booking.showtime_id}/{where}/", fields, headers=HTMX).text


def press_the_button(me, booking, panel):
    """Press the button that the panel offers."""
    form = re.search(r'<form class="better-choice".*?</form>', panel, re.DOTALL)[0]
    named = {name: re.findall(rf'name="{name}" value="([^"]+)"', form) for name in ("take", "release")}
    return press(me, booking, **named)


def is_refused_after_continue(exchange) -> bool:
    try:
        planned(exchange, Browser(holder=exchange.holder, address=""))
    except LeavesSingleSeats:
        return True
    return False


def test_a_seat_that_comes_free_between_new_ones_and_others_is_told_on_the_map(me, booking):
    hold_seats(booking.showtime, OTHER, "A4")
    exchange = begin(me, booking, "A3", "B5")
    panel = press(me, booking, take=["A1", "A2"])
    assert "Seat A3 would be left over alone" in panel and "Continue" not in panel
    assert "Seat A3 would be left over alone" in me.get(f"/showtimes/{booking.showtime_id}/?view=list").text
    assert is_refused_after_continue(exchange)
    panel = press_the_button(me, booking, panel)
    assert "left over" not in panel and "Continue" in panel
    assert not is_refused_after_continue(exchange)
    assert "Exchange now" in me.get(f"/bookings/{booking.reference}/exchange/").text


def test_a_seat_beside_one_that_comes_free_is_not_alone(me, booking):
    """A4 lies between the old A3 and the new A5. The map once refused this, while Continue allowed it."""
    exchange = begin(me, booking, "A3", "C4")
    panel = press(me, booking, take=["A5", "A6"])
    assert "left over" not in panel and "Continue" in panel
    assert not is_refused_after_continue(exchange)


def test_a_house_seat_that_is_given_up_is_kept_back_again(me, booking):
    ShowtimeSeat.objects.filter(showtime=booking.showtime_id, label="A3").update(house_reason="Wet")
    exchange = begin(me, booking, "A3", "C4")
    assert "Seat A4 would be left over alone" in press(me, booking, take=["A5", "A6"])
    assert is_refused_after_continue(exchange)


def test_the_old_seats_count_at_their_own_showtime_alone(me, booking):
    showtime = other_showtime(booking, auditorium=make_auditorium(booking.showtime.auditorium.theater, PLAN))
    hold_seats(showtime, OTHER, "A3")
    exchange = begin(me, booking, "A3", "C4", showtime=showtime)
    page = me.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A5", "A6"]}, headers=HTMX).text
    assert "Seat A4 would be left over alone" in page and is_refused_after_continue(exchange)


def test_the_best_seats_isolate_no_seat_that_comes_free(me, booking):
    """B3 and B4 would be the best, but then B5 would be free between them and B6."""
    hold_seats(booking.showtime, OTHER, "B6")
    exchange = begin(me, booking, "B5", "A3")
    answer = press(me, booking, "best", count="2")
    assert "Held for you" in answer and "left over" not in answer
    assert not is_refused_after_continue(exchange)
    for others in re.findall(r'name="choices" value="([^"]+)"', answer):
        mine = list(ShowtimeSeat.objects.filter(hold__holder=exchange.holder).values_list("label", flat=True))
        press(me, booking, "best", count="2", choices=others, replaces=mine)
        assert not is_refused_after_continue(exchange)


def test_the_same_seat_of_another_showtime_is_not_freed(sandbox, booking):
    """In the showtime that the tickets are exchanged for, seats of the same name belong to somebody else."""
    here = booking.showtime
    later = make_showtime(auditorium=here.auditorium, movie=here.movie, starts_at=here.starts_at + timedelta(days=1))
    buy(sandbox, later, OTHER, "A3")
    assert seats_freed_by(choose(booking, "A1", showtime=later, of=["A3"])) == []
    assert seats_freed_by(choose(booking, "A1", of=["A3"])) == ["A3"]


def test_map_and_continue_never_differ(me, booking):
    """For any old tickets, new seats and seats of others the map says the same as Continue, and its button works."""
    draw, refused = Random(18), 0
    seats = sorted(booking.showtime.plan.seats.exclude(label__in=OLD).values_list("label", flat=True))
    rows = ShowtimeSeat.objects.filter(showtime=booking.showtime_id)
    hold_seats(booking.showtime, OTHER, *seats[:2])
    others = Hold.objects.get(holder=OTHER.holder)
    for of in combinations(OLD, 2):
        exchange = begin(me, booking, *of)
        for _ in range(5):
            drawn = draw.sample(seats, 5)
            rows.filter(hold__isnull=False).update(hold=None, held_until=None)
            rows.filter(label__in=drawn[2:]).update(hold=others, held_until=others.expires_at)
            panel = press(me, booking, take=drawn[:2])
            assert ("left over alone" in panel) == is_refused_after_continue(exchange), (of, drawn)
            if "left over alone" in panel:
                refused += 1
                assert "Continue" in press_the_button(me, booking, panel), (of, drawn)
                assert not is_refused_after_continue(exchange), (of, drawn)
            me.post(f"/showtimes/{booking.showtime_id}/release/")
    assert refused > 3
