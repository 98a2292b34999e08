"""Sofas are held, sold, swapped, canceled and kept back as a whole, and the database refuses half of one."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone

from boxoffice.services.refunds import RefundChoice, plan_refund
from payments.refunds.cancellation import cancel_as_customer
from reservations.counter.counter_seats import CounterSeller, take_at_counter
from reservations.counter.swaps import SwapChoice, SwapRefused, plan_swap
from reservations.models import Hold, ShowtimeSeat
from reservations.opening.house_seats import keep_seats, report_broken
from reservations.opening.house_seats import release_seats as put_on_sale
from reservations.refusals.limits import TooManySeats
from reservations.refusals.seats import SeatGone
from reservations.seats.best_seats import OpenSeats, Wish, best_choices
from reservations.seats.list_wish import ListWish
from reservations.seats.single_seats import SingleSeatRule, judge_choice, picture_of
from reservations.seats.taking import release_seats, take_seats
from reservations.seats.units import are_whole, sizes_of
from reservations.selectors.cancellation import cancel_offer
from reservations.selling.comps import Comp, give_comp
from reservations.states import TicketStatus
from sales.models import Sale
from tests.factories import buy, hold_seats, make_auditorium, make_browser, make_showtime, make_staff, make_theater
from tests.reservations.seats.test_seat_list import listed, names
from theaters.plans.plan_text import parse_plan

pytestmark = pytest.mark.django_db
SOFAS = "A ssttt\nB oooooo\n"
FIRST, SECOND = ["A1", "A2"], ["A3", "A4", "A5"]


@pytest.fixture
def showtime():
    return make_showtime(auditorium=make_auditorium(make_theater(), SOFAS))


@pytest.fixture
def sofa(showtime, sandbox, my_browser):
    """A booking of the first sofa and B1."""
    return buy(sandbox, showtime, my_browser, *FIRST, "B1")


def labels(**owner):
    return list(ShowtimeSeat.objects.filter(**owner).order_by("pk").values_list("label", flat=True))


def refuses_halves():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("click", FIRST)
def test_one_click_takes_the_sofa_and_one_gives_it_back(showtime, click):
    client = Client()
    answer = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": click}, headers={"HX-Request": "true"})
    assert labels(hold__isnull=False) == FIRST
    assert all(f"""hx-swap-oob="outerHTML:[data-seat='{label}']""" in answer.text for label in FIRST)
    assert "Remove the sofa with row A, seat 1" in answer.text
    client.post(f"/showtimes/{showtime.pk}/seats/", {"release": click})
    assert labels(hold__isnull=False) == []


def test_a_sofa_half_of_which_somebody_has_is_gone_and_counts_whole_in_the_limit(showtime, settings):
    settings.MAX_SEATS_PER_HOLD = 4
    hold_seats(showtime, make_browser(1), "A1")
    with pytest.raises(SeatGone):
        hold_seats(showtime, make_browser(2), "A2", "B1")
    hold_seats(showtime, make_browser(2), "B1", "B2")
    with pytest.raises(TooManySeats):
        hold_seats(showtime, make_browser(2), "A5")
    assert labels(hold__holder=make_browser(2).holder) == ["B1", "B2"]


def test_a_half_that_lapsed_is_taken_whole_and_given_back_whole(showtime):
    take_seats(showtime_id=showtime.pk, browser=make_browser(1), labels=["A4"])
    release_seats(showtime_id=showtime.pk, browser=make_browser(1), labels=["A3"])
    assert labels(hold__isnull=False) == []


@pytest.mark.parametrize("column", ["hold", "booking"])
def test_the_database_refuses_a_half(showtime, sofa, column):
    hold = hold_seats(showtime, make_browser(2), "A3", "B4")
    refuses_halves()
    owner = {"hold": hold, "held_until": hold.expires_at} if column == "hold" else {"booking": sofa}
    row = ShowtimeSeat.objects.filter(label="A5" if column == "booking" else "A1")
    row.update(**{"hold": None, "booking": None, "held_until": None} | owner)
    with pytest.raises(IntegrityError, match="is cut"):
        refuses_halves()


def test_counter_and_comps_take_it_whole(showtime):
    operator = make_staff("BOX_OFFICE", showtime.auditorium.theater)
    seller = CounterSeller("5" * 64, operator.pk)
    take_at_counter(showtime_id=showtime.pk, seller=seller, labels=["A2"], now=timezone.now())
    assert labels(hold__operator=operator) == FIRST
    comp = Comp(["A3"], "friend@example.com", "press")
    booking = give_comp(showtime_id=showtime.pk, comp=comp, actor="test", now=timezone.now())
    assert [ticket.seat.label for ticket in booking.tickets.order_by("seat_id")] == SECOND
    refuses_halves()


def test_it_is_kept_back_and_put_on_sale_whole_and_a_broken_half_keeps_all_of_it(showtime):
    keep_seats(showtime=showtime, labels=["A1"], reason="director", release_minutes=None, actor="test")
    assert labels(house_reason="director") == FIRST
    assert put_on_sale(showtime=showtime, labels=["A2"], actor="test") == FIRST
    hold_seats(showtime, make_browser(1), "A1")
    user = make_staff("MANAGER", showtime.auditorium.theater)
    report_broken(auditorium=showtime.auditorium, label="A2", reason="spring", user_id=user.pk)
    report_broken(auditorium=showtime.auditorium, label="A5", reason="leg", user_id=user.pk)
    assert (labels(house_reason="spring"), labels(house_reason="leg")) == (FIRST, SECOND)
    again = make_showtime(auditorium=showtime.auditorium, starts_at=showtime.starts_at.replace(hour=9))
    assert labels(showtime=again, house_reason="leg") == SECOND


def test_canceling_a_part_cancels_the_sofa_and_says_so(sofa, showtime):
    booking = type(sofa).objects.with_names().with_tickets().get(pk=sofa.pk)
    offer = cancel_offer(booking, labels=["A2"], now=timezone.now())
    assert [(line.card.label, line.goes_with and line.goes_with.label) for line in offer.chosen] == [
        ("A1", None), ("A2", "A1"),
    ]  # fmt: skip
    assert offer.refund == Decimal("29.00")
    cancel_as_customer(booking_id=sofa.pk, labels=["A1"], shown=offer.refund, now=timezone.now())
    assert labels(booking=sofa) == ["B1"]
    assert Hold.objects.live().count() == 0
    refuses_halves()


def test_the_page_has_one_box_for_a_sofa(sofa, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.update(user=ada)
    client = Client()
    client.force_login(ada)
    page = client.get(f"/bookings/{sofa.reference}/cancel/").text
    assert page.count('name="ticket"') == 2
    assert "One sofa with row A, seat 1: both are canceled together." in page


def test_a_sofa_half_of_which_is_used_is_not_canceled(sofa):
    sofa.tickets.filter(seat__label="A1").update(status=TicketStatus.USED)
    booking = type(sofa).objects.with_names().with_tickets().get(pk=sofa.pk)
    assert [line.card.label for line in cancel_offer(booking, labels=None, now=timezone.now()).lines] == ["B1"]


def test_staff_give_money_back_for_all_of_it(sofa):
    ticket = sofa.tickets.get(seat__label="A2")
    plan = plan_refund(sofa, RefundChoice((ticket.pk,), 100, "spilled"))
    assert [one.seat.label for one in plan.tickets] == FIRST


def test_a_swap_moves_all_of_it_or_nothing(sofa):
    def plan(old, new):
        tickets = tuple(sofa.tickets.filter(seat__label__in=old).values_list("pk", flat=True))
        return [(move.old.label, move.new.label) for move in plan_swap(sofa, SwapChoice(tickets, tuple(new))).moves]

    for old, new in ((["A1"], ["B3"]), (["B1"], ["A3"]), ([*FIRST], ["A3", "A4"])):
        with pytest.raises(SwapRefused, match="are one sofa"):
            plan(old, new)
    assert plan(FIRST, ["B3", "B4"]) == [("A1", "B3"), ("A2", "B4")]
    assert plan([*FIRST, "B1"], SECOND) == [("A1", "A3"), ("A2", "A4"), ("B1", "A5")]


# Choosing, without a database.


@pytest.mark.parametrize(
    ("plan", "count", "taken", "expected"),
    [
        ("A ssss", 2, (), ["A1", "A2"]),
        ("A ssttt", 3, (), ["A3", "A4", "A5"]),
        ("A ssss", 2, ("A2",), ["A3", "A4"]),
        ("A ossss\nB oo", 3, (), ["A1", "A2", "A3"]),
        ("A ss.ttt", 5, (), ["A1", "A2", "A3", "A4", "A5"]),
        ("A ttt.ooo", 4, ("A6",), ["A1", "A2", "A3", "A4"]),
        ("A osso", 1, ("A3",), ["A1"]),
    ],
)
def test_the_best_seats_cut_no_sofa(plan, count, taken, expected):
    seats = parse_plan(plan).seats
    free = {seat.label for seat in seats} - set(taken)
    best = best_choices(OpenSeats(seats, free, picture_of(seats, free=free)), Wish(count))
    assert best[0].labels == expected
    assert all(are_whole(choice.seats, sizes_of(seats)) for choice in best)


def test_the_list_offers_sofas_whole():
    assert names(listed("A ssssoo\n", ListWish(count=2))) == [
        [["Row A, seats 1 and 2", "Row A, seats 3 and 4", "Row A, seats 5 and 6"]]
    ]
    assert names(listed("A sstttoo\n", ListWish(count=1), taken={"A4"})) == [
        [["Row A, seats 1 and 2", "Row A, seat 6", "Row A, seat 7"]]
    ]


def test_what_is_offered_instead_cuts_no_sofa():
    seats = parse_plan("A ss.ooooo\nB tttss\n").seats
    free = {seat.label for seat in seats}
    chosen = [seat for seat in seats if seat.label in {"A1", "A2", "A4", "A5"}]
    found = judge_choice(picture_of(seats, free=free), chosen, rule=SingleSeatRule(True, 0))
    assert found is not None
    assert are_whole(found.instead, sizes_of(seats))
