"""A showtime on sale moves to another auditorium: bookings move with it, codes stay the same, and everybody is told."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from boxoffice.selectors.auditorium_moves import auditorium_move
from core.clock import from_now
from core.refusals import Refusal
from payments.refunds.change_answers import take_money_back
from payments.refunds.change_notices import carry_out_due
from payments.sessions.settlement import settle
from reservations.changes.auditorium_moves import choose_seats, leave_move
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.groups.group_blocks import end_block
from reservations.letters.emails import compose
from reservations.models import Booking, ChangeNotice, Hold, OutgoingMail, SeatOffer, ShowtimeSeat, Ticket
from reservations.opening.showtime_opening import keep_back
from reservations.refusals.on_sale import ShowtimeMoves
from reservations.refusals.seats import SeatGone, SeatsElsewhere
from reservations.seats.new_seats import TooFewSeats
from reservations.states import MailKind
from reservations.waiting.waiting_offers import offer_seats
from tests.aging import past_grace
from tests.counter import make_seller
from tests.exchanging import buy_to_exchange, exchanging_at_counter
from tests.factories import (
    begin_paying,
    buy,
    hold_seats,
    make_auditorium,
    make_browser,
    make_draft,
    make_group,
    make_showtime,
    make_staff,
    make_theater,
    make_waiting_entry,
    press_pay,
)
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import BrokenSeat, Showtime, ShowtimeChange
from theaters.plans.plans import current_plan, lay_out
from theaters.schedule.scheduling import SchedulingRefused
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db
LARGER = """
A oooo.oooo
B oooo.oooo
C pppp.pppp
"""


@pytest.fixture
def boss(showtime):
    return make_staff("MANAGER", showtime.auditorium.theater)


@pytest.fixture
def larger(showtime):
    return make_auditorium(showtime.auditorium.theater, LARGER)


def plan_move(showtime, auditorium, boss):
    request = ChangeRequest(ChangeKind.MOVE, moves_to=current_plan(auditorium))
    return plan_change(showtime=showtime, request=request, user_id=boss.pk, now=timezone.now())


def carry_out(change, boss):
    return apply_change(change_id=change.pk, reason="The heating is broken", user_id=boss.pk, now=timezone.now())


def move(showtime, auditorium, boss):
    return carry_out(plan_move(showtime, auditorium, boss), boss)


def seats_of(booking) -> list[str]:
    return list(Ticket.objects.filter(booking=booking).order_by("pk").values_list("seat__label", flat=True))


def rows_of(booking) -> list[str]:
    return list(ShowtimeSeat.objects.filter(booking=booking).order_by("pk").values_list("label", flat=True))


class TestTheMove:
    def test_people_move_together_and_keep_their_codes(self, showtime, larger, boss, sandbox):
        pair, one = (buy(sandbox, showtime, make_browser(n), *seats) for n, seats in enumerate((("B1", "B2"), ("A6",))))
        codes = set(Ticket.objects.values_list("code", flat=True))
        move(showtime, larger, boss)
        showtime.refresh_from_db()
        assert (showtime.auditorium, showtime.plan, showtime.seats_total) == (larger, current_plan(larger), 24)
        assert seats_of(pair) == rows_of(pair) == ["C1", "C2"]
        assert seats_of(one) == rows_of(one) == ["A8"]
        assert set(Ticket.objects.values_list("code", flat=True)) == codes
        assert ShowtimeSeat.objects.filter(showtime=showtime).count() == 24
        assert broken_invariants() == []

    def test_the_seats_of_a_group_move_with_it_and_are_still_the_groups(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "B3")
        block = make_group(showtime, "B1", "B2")
        hold_seats(showtime, make_browser(2), "A1")
        ShowtimeSeat.objects.filter(label="B2").update(
            hold=Hold.objects.get(holder=make_browser(2).holder), held_until=from_now(60)
        )
        move(showtime, larger, boss)
        rows = ShowtimeSeat.objects.filter(group_block=block).order_by("pk")
        assert [(row.label, row.house_reason, row.hold_id) for row in rows] == [
            ("C1", f"Group {block.pk}", None),
            ("C2", f"Group {block.pk}", None),
        ]
        assert not {"C1", "C2"}.intersection(seats_of(booking))
        with pytest.raises(SeatGone):
            hold_seats(Showtime.objects.get(pk=showtime.pk), make_browser(3), "C1")
        end_block(block=block, actor="test")
        assert not ShowtimeSeat.objects.exclude(house_reason="").exists()
        assert broken_invariants() == []

    def test_what_a_group_bought_is_the_groups_again_when_it_is_canceled(self, showtime, larger, boss, sandbox):
        block = make_group(showtime, "A1", "A2")
        booking = buy(sandbox, showtime, make_browser(1), "A3")
        ShowtimeSeat.objects.filter(label="A3").update(group_block=block, house_reason=f"Group {block.pk}")
        move(showtime, larger, boss)
        assert ShowtimeSeat.objects.get(booking=booking).group_block == block
        assert ShowtimeSeat.objects.filter(group_block=block).count() == 3

    def test_a_group_has_to_fit_in_and_a_new_one_stops_the_move(self, showtime, larger, boss):
        make_group(showtime, "A1", "A2", "A3")
        with nothing_changes(), pytest.raises(TooFewSeats, match="3 are sold or kept for groups"):
            plan_move(showtime, make_auditorium(showtime.auditorium.theater, "A oo"), boss)
        change = plan_move(showtime, larger, boss)
        make_group(showtime, "B1")
        with (
            nothing_changes(),
            pytest.raises(SchedulingRefused, match="Kept for a group since the move was planned: B1"),
        ):
            carry_out(change, boss)

    def test_the_page_lists_groups_and_what_is_left_behind(self, showtime, larger, boss):
        make_group(showtime, "A1", name="Scouts")
        keep_back(showtime_id=showtime.pk, labels=["B1"], reason="Director")
        moving = auditorium_move(showtime, ShowtimeChange.objects.get(pk=plan_move(showtime, larger, boss).pk))
        assert [(one.name, [old for old, _new in one.seats]) for one in moving.groups] == [("Scouts", ["A1"])]
        assert moving.left_behind == (("B1", "Director"),)

    def test_staff_may_give_a_ticket_the_seat_that_a_group_would_have(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "A4")
        block = make_group(showtime, "A1")
        change = plan_move(showtime, larger, boss)
        theirs = change.after["seats"][-ShowtimeSeat.objects.get(group_block=block).seat_id]
        choose_seats(change_id=change.pk, chosen={booking.tickets.get().pk: theirs})
        carry_out(change, boss)
        assert rows_of(booking) == [theirs]
        assert ShowtimeSeat.objects.filter(group_block=block).exclude(label=theirs).count() == 1

    def test_its_times_are_those_of_the_other_auditorium(self, showtime, larger, boss):
        before = showtime.occupied_until
        type(larger).objects.filter(pk=larger.pk).update(turnaround_minutes=35, preroll_minutes=20)
        larger.refresh_from_db()
        move(showtime, larger, boss)
        showtime.refresh_from_db()
        assert showtime.occupied_until - before == timedelta(minutes=20)

    def test_another_showtime_there_is_in_the_way(self, showtime, larger, boss):
        make_draft(auditorium=larger, starts_at=showtime.starts_at + timedelta(minutes=30))
        with nothing_changes(), pytest.raises(SchedulingRefused, match="cleaning included"):
            plan_move(showtime, larger, boss)

    def test_a_showtime_that_came_there_meanwhile_is_in_the_way(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        change = plan_move(showtime, larger, boss)
        make_draft(auditorium=larger, starts_at=showtime.starts_at)
        with nothing_changes(), pytest.raises(SchedulingRefused, match="cleaning included"):
            carry_out(change, boss)
        assert rows_of(booking) == ["A1"]

    def test_an_auditorium_that_is_too_small_is_refused(self, showtime, boss, sandbox):
        buy(sandbox, showtime, make_browser(1), "A1", "A2", "A3")
        small = make_auditorium(showtime.auditorium.theater, "A oo")
        with (
            nothing_changes(),
            pytest.raises(TooFewSeats, match="3 are sold or kept for groups, and the other auditorium has 2"),
        ):
            plan_move(showtime, small, boss)

    def test_not_to_another_theater_nor_to_where_it_is(self, showtime, boss):
        with pytest.raises(SchedulingRefused, match="another theater"):
            plan_move(showtime, make_auditorium(make_theater()), boss)
        lay_out(auditorium=showtime.auditorium, text=LARGER, now=timezone.now())
        with pytest.raises(SchedulingRefused, match="already"):
            plan_move(showtime, showtime.auditorium, boss)

    def test_a_chair_that_is_broken_there_is_given_to_nobody(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        broken = BrokenSeat.objects.create(auditorium=larger, label="A1", reason="Torn", user=boss)
        move(showtime, larger, boss)
        assert seats_of(booking) != ["A1"]
        row = ShowtimeSeat.objects.get(showtime=showtime, label="A1")
        assert (row.house_reason, row.broken_seat) == ("Torn", broken)

    def test_tickets_that_were_given_back_stay_what_they_were(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        Ticket.objects.update(status="VOID")
        Booking.objects.update(status="CANCELED", ended_at=timezone.now())
        ShowtimeSeat.objects.update(booking=None)
        move(showtime, larger, boss)
        assert (seats_of(booking), rows_of(booking)) == (["A1"], [])
        assert not [rule for rule in broken_invariants() if "showtime" in str(rule)]


class TestSalesPause:
    def test_nobody_takes_a_seat_or_pays_while_staff_look(self, showtime, larger, boss):
        hold_seats(showtime, make_browser(1), "A1")
        plan_move(showtime, larger, boss)
        for act in (
            lambda: hold_seats(showtime, make_browser(2), "A2"),
            lambda: press_pay(showtime, make_browser(1), "A1"),
        ):
            with nothing_changes(), pytest.raises(ShowtimeMoves):
                act()

    def test_the_page_says_it_kindly(self, showtime, larger, boss, client):
        plan_move(showtime, larger, boss)
        answer = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"}, headers={"HX-Request": "true"})
        assert answer.status_code == 503 and "about to move to another auditorium" in answer.content.decode()

    def test_the_map_and_the_list_say_it_before_anybody_clicks(self, showtime, larger, boss, client):
        address, says = f"/showtimes/{showtime.pk}/", "about to move to another auditorium"
        assert says not in client.get(address).text
        change = plan_move(showtime, larger, boss)
        assert says in client.get(address).text
        assert says in client.get(f"{address}?view=list").text
        leave_move(change_id=change.pk)
        assert says not in client.get(address).text

    def test_the_checkout_says_it_before_pay_is_pressed(self, showtime, larger, boss, client):
        address, says = f"/checkout/{showtime.pk}/", "about to move to another auditorium"
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2"]})
        assert says not in client.get(address).text
        change = plan_move(showtime, larger, boss)
        assert says in client.get(address).text
        leave_move(change_id=change.pk)
        assert says not in client.get(address).text

    def test_a_payment_that_was_begun_says_it_too(self, showtime, larger, boss, client, sandbox):
        address, says = f"/checkout/{showtime.pk}/", "about to move to another auditorium"
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "B1"})
        chosen = {"action": "pay", "email": "ada@example.com", "total": "17.50", "type-B1": "ADULT"}
        assert client.post(address, chosen).status_code == 303
        plan_move(showtime, larger, boss)
        page = client.get(address).text
        assert "Finish paying" in page and says in page

    def test_another_showtime_is_sold_all_the_same(self, showtime, larger, boss):
        plan_move(showtime, larger, boss)
        assert hold_seats(make_showtime(), make_browser(1), "A1")

    def test_it_ends_by_time_alone(self, showtime, larger, boss):
        plan_move(showtime, larger, boss)
        Showtime.objects.update(sales_paused_until=from_now(-1))
        assert hold_seats(showtime, make_browser(1), "A1")

    def test_leaving_it_where_it_is_sells_again(self, showtime, larger, boss):
        leave_move(change_id=plan_move(showtime, larger, boss).pk)
        assert hold_seats(showtime, make_browser(1), "A1")

    def test_after_the_move_it_is_sold_again(self, showtime, larger, boss):
        move(showtime, larger, boss)
        assert hold_seats(showtime, make_browser(1), "C7")

    def test_who_was_choosing_is_told_why_the_seats_are_gone(self, showtime, larger, boss):
        hold_seats(showtime, make_browser(1), "A1")
        move(showtime, larger, boss)
        assert Hold.objects.get().end == "MOVED"
        with pytest.raises(SeatsElsewhere, match="moved to another auditorium"):
            press_pay(showtime, make_browser(1), "A1")

    def test_the_map_tells_it_to_who_was_choosing(self, showtime, larger, boss, client):
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
        move(showtime, larger, boss)
        page = client.get(f"/showtimes/{showtime.pk}/")
        assert page.context["panel"].state == "moved" and "Moved to another auditorium" in page.text
        assert "ran out" not in page.text

    def test_the_counter_tells_it_to_who_was_selling(self, showtime, larger, boss, client):
        client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
        desk = f"/counter/showtimes/{showtime.pk}/"
        client.post(f"{desk}seats/", {"take": "A1"})
        move(showtime, larger, boss)
        sold = client.post(desk, {"total": "14.50", "method": "cash", "type-A1": "ADULT", "tendered": "20"})
        for page in (client.get(desk), sold):
            assert "has moved to another auditorium" in page.text and "ran out" not in page.text
        assert not Booking.objects.exists()

    def test_an_exchange_at_the_counter_says_it_too(self, showtime, larger, boss, sandbox):
        other = make_showtime(theater=showtime.auditorium.theater)
        press = exchanging_at_counter(
            buy_to_exchange(sandbox, "A1", showtime=other), showtime, make_seller(other), "A2"
        )
        move(showtime, larger, boss)
        with nothing_changes(), pytest.raises(SeatsElsewhere):
            press()

    def test_what_was_sold_after_the_pause_stops_the_move(self, showtime, larger, boss, sandbox):
        change = plan_move(showtime, larger, boss)
        Showtime.objects.update(sales_paused_until=None)
        buy(sandbox, showtime, make_browser(1), "A3")
        with nothing_changes(), pytest.raises(SchedulingRefused, match="Sold since the move was planned: A3"):
            carry_out(change, boss)


class TestWhoIsPaying:
    def test_who_is_paying_moves_too_and_pays_for_the_new_seat(self, showtime, larger, boss, sandbox):
        booking = begin_paying(showtime, make_browser(1), "B1")
        held_until = ShowtimeSeat.objects.get(booking=booking).held_until
        move(showtime, larger, boss)
        assert seats_of(booking) == rows_of(booking) == ["C1"]
        assert ShowtimeSeat.objects.get(booking=booking).held_until == held_until
        payment = booking.sale.payments.get()
        sandbox.pay(payment.session_id)
        settle(payment_id=payment.pk, actor="test")
        booking.refresh_from_db()
        assert (booking.status, broken_invariants()) == ("CONFIRMED", [])

    def test_money_that_comes_too_late_finds_no_seat_and_goes_back(self, showtime, larger, boss, sandbox):
        booking = begin_paying(showtime, make_browser(1), "B1")
        payment = booking.sale.payments.get()
        past_grace(booking)
        move(showtime, larger, boss)
        assert rows_of(booking) == []
        sandbox.pay(payment.session_id)
        settle(payment_id=payment.pk, actor="test")
        booking.refresh_from_db()
        assert (booking.status, broken_invariants()) == ("REFUNDED", [])


class TestStaffChoose:
    def test_a_ticket_gets_the_seat_that_was_chosen(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        change = plan_move(showtime, larger, boss)
        choose_seats(change_id=change.pk, chosen={booking.tickets.get().pk: "b5"})
        carry_out(change, boss)
        assert seats_of(booking) == rows_of(booking) == ["B5"]

    def test_who_had_that_seat_gets_the_one_that_is_left(self, showtime, larger, boss, sandbox):
        first, second = (buy(sandbox, showtime, make_browser(n), seat) for n, seat in enumerate(("A1", "A3")))
        change = plan_move(showtime, larger, boss)
        had = {booking: change.after["seats"][booking.tickets.get().pk] for booking in (first, second)}
        choose_seats(change_id=change.pk, chosen={first.tickets.get().pk: had[second]})
        carry_out(change, boss)
        assert (seats_of(first), seats_of(second)) == ([had[second]], [had[first]])

    @pytest.mark.parametrize(
        ("typed", "words"), [("Z9", "no seat Z9"), ("A2", "A2: broken"), ("D1", "wheelchair space"), ("E1", "one sofa")]
    )
    def test_what_cannot_be_is_said(self, showtime, boss, sandbox, typed, words):
        room = make_auditorium(showtime.auditorium.theater, "A oooo\nB pppp\nD woo\nE ss")
        BrokenSeat.objects.create(auditorium=room, label="A2", reason="Torn", user=boss)
        booking = buy(sandbox, showtime, make_browser(1), "A1")
        change = plan_move(showtime, room, boss)
        with nothing_changes(), pytest.raises(SchedulingRefused, match=words):
            choose_seats(change_id=change.pk, chosen={booking.tickets.get().pk: typed})

    def test_two_tickets_never_have_one_seat(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
        change = plan_move(showtime, larger, boss)
        with pytest.raises(SchedulingRefused, match="same seat"):
            choose_seats(change_id=change.pk, chosen={one.pk: "B5" for one in booking.tickets.all()})


class TestHolders:
    def test_they_are_told_of_both_seats_and_may_take_their_money(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "B1", "B2")
        move(showtime, larger, boss)
        carry_out_due()
        mail = OutgoingMail.objects.get(kind=MailKind.MOVED)
        message = compose(mail, now=timezone.now(), site_url="https://marquee.example")
        for words in (
            f"{showtime.auditorium}: B1, B2",
            str(larger),
            "C1, C2",
            "The heating is broken",
            "full refund until",
        ):
            assert words in message.body, words
        assert message.subject.startswith("Another auditorium: ")
        take_money_back(booking_id=booking.pk, notice_id=ChangeNotice.objects.get().pk)
        booking.refresh_from_db()
        assert (booking.status, rows_of(booking), broken_invariants()) == ("CANCELED", [], [])

    def test_their_page_says_it_with_the_old_seats(self, showtime, larger, boss, sandbox):
        booking = buy(sandbox, showtime, make_browser(1), "B1")
        move(showtime, larger, boss)
        booking.sale.user = boss
        booking.sale.save(update_fields=["user"])
        client = Client()
        client.force_login(boss)
        page = client.get(booking.get_absolute_url()).content.decode()
        for words in ("Your showtime is in another auditorium", f"{showtime.auditorium}: B1", str(larger), "C1"):
            assert words in page, words

    def test_who_waits_for_seats_waits_on_in_the_new_room(self, showtime, larger, boss):
        labels = list(ShowtimeSeat.objects.filter(showtime=showtime).values_list("label", flat=True))
        keep_back(showtime_id=showtime.pk, labels=[label for label in labels if label != "A1"], reason="Guests")
        entry = make_waiting_entry(showtime, count=1)
        assert offer_seats(showtime_id=showtime.pk) == 1
        move(showtime, larger, boss)
        entry.refresh_from_db()
        assert (entry.status, SeatOffer.objects.get().end) == ("WAITING", "RAN_OUT")
        assert offer_seats(showtime_id=showtime.pk) == 1
        assert broken_invariants() == []


def test_the_old_code_opens_the_door_of_the_new_room_and_of_no_other(showtime, larger, boss, sandbox):
    code = buy(sandbox, showtime, make_browser(1), "B1").tickets.get().code
    old = showtime.auditorium
    move(showtime, larger, boss)
    soon = showtime.starts_at - timedelta(minutes=10)
    there, here = (Door(hall.theater, hall, "door 1", boss.pk) for hall in (old, larger))
    assert larger.name in admit(text=code, door=there, now=soon).sentence
    answer = admit(text=code, door=here, now=soon)
    assert (answer.is_welcome, answer.ticket.seat) == (True, "Row C, seat 1")


def test_calendar_and_ticket_say_the_new_room_at_once(showtime, larger, boss, sandbox, client):
    code = buy(sandbox, showtime, make_browser(1), "B1").tickets.get().code
    before = Calendar.from_ical(client.get(f"/tickets/{code}.ics").content).walk("VEVENT")[0]
    move(showtime, larger, boss)
    after = Calendar.from_ical(client.get(f"/tickets/{code}.ics").content).walk("VEVENT")[0]
    assert (before["UID"], after["SEQUENCE"] > before["SEQUENCE"]) == (after["UID"], True)
    assert f"{larger.name}, row C, seat 1" in str(after["LOCATION"])
    assert client.get(f"/tickets/{code}.pdf").status_code == 200
    page = client.get(f"/tickets/{code}/").content.decode()
    assert larger.name in page and "row C, seat 1" in page


def test_the_map_shows_the_new_room_at_once(showtime, larger, boss, client):
    address = f"/showtimes/{showtime.pk}/"
    assert 'value="C7"' not in client.get(address).content.decode()
    move(showtime, larger, boss)
    page = client.get(address).content.decode()
    assert 'value="C7"' in page and str(larger) in page


def test_any_refusal_is_a_sentence(showtime, larger, boss):
    change = move(showtime, larger, boss)
    with pytest.raises(Refusal, match="made already"):
        carry_out(change, boss)
