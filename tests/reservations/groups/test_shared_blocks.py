"""Sit together, pay apart: an organizer holds seats, each friend takes some and pays separately, and all of it ends at
the same moment.
"""

import re
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.clock import in_zone
from core.refusals import BadChoice
from payments.privacy.account_erasure import erase_account
from payments.privacy.personal_data import data_of_account
from payments.privacy.retention import forget_old_data
from payments.sessions.session_closing import change_seats, close_due_sessions
from payments.sessions.settlement import settle
from reservations.access import mailbox_code
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.aftersale.exchange_choices import begin_exchange, choice_of, stop_choosing
from reservations.groups.friends_seats import (
    FriendsSeatsGone,
    NoFriendsSeats,
    SharedBlockOver,
    give_back_to_friends,
    take_friends_seats,
)
from reservations.groups.group_payments import take_group_seats
from reservations.groups.shared_blocks import (
    Organizer,
    SharedBlockOpen,
    SharedOften,
    known_customer,
    release_block,
    start_sharing,
)
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, BookingAccess, Friend, Hold, SharedBlock, ShowtimeSeat
from reservations.opening.house_seats import report_broken
from reservations.refusals.limits import TooManyHere, TooManyTickets
from reservations.refusals.on_sale import SalesPaused, ShowtimeCanceled
from reservations.refusals.seats import HoldLapsed, LeavesSingleSeats, Paying, SeatsOfSharedBlock
from reservations.refusals.selling import TooLateToPay
from reservations.seats.hold_sweep import end_lapsed_holds
from reservations.seats.state import state_of
from reservations.seats.taking import Browser, extend_hold, release_hold, release_seats, take_seats
from reservations.states import CancelCause
from reservations.waiting.waiting_offers import offer_seats, take_offer
from sales.services.opening import Customer
from tests.aging import age_booking, age_hold, age_shared_block, past_time_to_pay
from tests.clock import begins_in
from tests.exchanging import agree, let_exchange, other_showtime, planned
from tests.factories import (
    begin_paying,
    buy,
    hold_seats,
    make_auditorium,
    make_browser,
    make_group,
    make_shared_block,
    make_showtime,
    make_staff,
    make_theater,
    make_waiting_entry,
    press_pay,
)
from tests.ledger import broken_invariants, nothing_changes
from tests.payments.refunds.test_auditorium_moves import move
from tests.signing_in import signed_in
from theaters.models import Showtime
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
BEN, CLEO = make_browser(71), make_browser(72)
COOKIE = "a-cookie-of-128-random-bits"
HALF_AN_HOUR = 1800
LONG_ROWS = "A oooooo\nB oooooo\nC oooooo\n"


@pytest.fixture
def block(showtime):
    """A block in which Ada holds A1 to A3, the left half of the row."""
    return make_shared_block(showtime, "A1", "A2", "A3")


def take(block, browser, *labels, name="Ben"):
    take_friends_seats(block=block, browser=browser, labels=list(labels), name=name)


def pay_for(sandbox, booking):
    payment = booking.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")


def states(showtime):
    """The states of the left half of row A, by the database's clock, whatever workers did."""
    now = timezone.now()
    rows = ShowtimeSeat.objects.filter(showtime=showtime, label__in=["A1", "A2", "A3"]).order_by("seat_id")
    return [state_of(row, now).value for row in rows]


def held_by(showtime, browser):
    rows = ShowtimeSeat.objects.filter(showtime=showtime, hold__holder=browser.holder, hold__ended_at=None)
    return sorted(rows.values_list("label", flat=True))


def words(answer):
    return " ".join(answer.content.decode().split())


class TestStart:
    def test_the_seats_in_hand_are_held_for_half_an_hour_and_are_nobodys(self, showtime, block):
        assert block.labels == ["A1", "A2", "A3"]
        hold = block.hold
        assert abs((hold.expires_at - block.made_at).total_seconds() - HALF_AN_HOUR) < 2
        assert hold.cap_at == hold.expires_at
        assert held_by(showtime, make_browser(70)) == []
        assert set(ShowtimeSeat.objects.filter(hold=hold).values_list("held_until", flat=True)) == {hold.expires_at}
        assert broken_invariants() == []

    def test_the_length_is_a_setting_and_ends_with_the_sale(self, showtime, settings):
        settings.SHARED_BLOCK_MINUTES = 5
        block = make_shared_block(showtime, "A1", "A2")
        assert abs((block.hold.expires_at - block.made_at).total_seconds() - 300) < 2
        close = timezone.now() + timedelta(minutes=2)
        Showtime.objects.filter(pk=showtime.pk).update(sales_close_at=close)
        later = make_shared_block(showtime, "B1", "B2", number=73, email="zoe@example.com")
        assert later.hold.expires_at == close

    def test_one_seat_is_no_block(self, showtime):
        hold_seats(showtime, BEN, "A1")
        with nothing_changes(), pytest.raises(BadChoice, match="two or more"):
            start_sharing(showtime_id=showtime.pk, organizer=Organizer(BEN, Customer("ben@example.com")), name="Ben")

    @pytest.mark.parametrize(
        "name", ["", "   ", "x" * 31, "A\x00da", "A\u202eda", "0170 5551234", "example.com", "<b>Ada</b>"]
    )
    def test_a_first_name_is_needed(self, showtime, name):
        hold_seats(showtime, BEN, "A1", "A2")
        with nothing_changes(), pytest.raises(BadChoice, match="first name"):
            start_sharing(showtime_id=showtime.pk, organizer=Organizer(BEN, Customer("ben@example.com")), name=name)

    def test_what_a_friend_took_is_not_shared_again(self, block):
        take(block, BEN, "A1", "A2")
        with nothing_changes(), pytest.raises(SeatsOfSharedBlock):
            start_sharing(
                showtime_id=block.showtime_id, organizer=Organizer(BEN, Customer("ben@example.com")), name="Ben"
            )

    def test_seats_that_the_theater_keeps_for_a_group_are_not_shared(self, showtime):
        take_group_seats(block=make_group(showtime, "A1", "A2"), browser=BEN, labels=["A1", "A2"])
        with nothing_changes(), pytest.raises(BadChoice, match="keeps these tickets for a group already"):
            start_sharing(showtime_id=showtime.pk, organizer=Organizer(BEN, Customer("ben@example.com")), name="Ben")

    def test_giving_back_to_friends_gives_none_of_ones_own_seats(self, showtime, block):
        hold_seats(showtime, BEN, "B1")
        with nothing_changes():
            give_back_to_friends(block=block, browser=BEN)
        assert held_by(showtime, BEN) == ["B1"]

    def test_what_ran_out_cannot_be_shared(self, showtime):
        with nothing_changes(), pytest.raises(HoldLapsed):
            start_sharing(showtime_id=showtime.pk, organizer=Organizer(BEN, Customer("ben@example.com")), name="Ben")

    def test_one_open_block_a_person_also_in_another_browser(self, showtime, block):
        hold_seats(showtime, CLEO, "B1", "B2")
        organizer = Organizer(CLEO, Customer("Ada+two@example.com"))
        with nothing_changes(), pytest.raises(SharedBlockOpen):
            start_sharing(showtime_id=showtime.pk, organizer=organizer, name="Ada")
        release_block(block_id=block.pk)
        start_sharing(showtime_id=showtime.pk, organizer=organizer, name="Ada")

    def test_three_an_hour(self, showtime):
        for _ in range(3):
            release_block(block_id=make_shared_block(showtime, "A1", "A2", "A3").pk)
        with pytest.raises(SharedOften) as caught:
            make_shared_block(showtime, "A1", "A2", "A3")
        assert 3500 < caught.value.retry_after <= 3600

    def test_while_sales_are_paused_none_begins_and_none_is_taken_but_seats_go_back(self, showtime, block):
        take(block, BEN, "A1")
        hold_seats(showtime, CLEO, "B1", "B2")
        pause_sales(why="A test", actor="test")
        with pytest.raises(SalesPaused):
            take(block, CLEO, "A2")
        with pytest.raises(SalesPaused):
            start_sharing(showtime_id=showtime.pk, organizer=Organizer(CLEO, Customer("c@example.com")), name="Cleo")
        give_back_to_friends(block=block, browser=BEN)
        assert held_by(showtime, BEN) == []


class TestFriend:
    def test_each_takes_a_seat_and_pays_alone(self, showtime, block, sandbox):
        for browser, label, name in ((BEN, "A1", "Ben"), (CLEO, "A3", "Cleo")):
            take(block, browser, label, name=name)
            pay_for(sandbox, press_pay(showtime, browser, label, email=f"{name}@example.com"))
        assert states(showtime) == ["sold", "held", "sold"]
        sold = Booking.objects.filter(status="CONFIRMED").order_by("pk")
        assert [(one.email, one.tickets.count(), one.total) for one in sold] == [
            ("Ben@example.com", 1, Decimal("14.50")),
            ("Cleo@example.com", 1, Decimal("14.50")),
        ]
        assert broken_invariants() == []

    def test_the_organizers_choice_is_judged_as_a_whole(self):
        """A2 and A3 would leave A1 over, and there is a better pair."""
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), LONG_ROWS))
        hold_seats(showtime, BEN, "A2", "A3")
        with nothing_changes(), pytest.raises(LeavesSingleSeats):
            start_sharing(showtime_id=showtime.pk, organizer=Organizer(BEN, Customer("ben@example.com")), name="Ben")

    def test_a_friends_choice_is_not_also_after_the_others_are_free(self, sandbox):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), LONG_ROWS))
        block = make_shared_block(showtime, "A1", "A2", "A3", "A4", "A5", "A6")
        take(block, BEN, "A2", "A3")
        release_block(block_id=block.pk)
        assert press_pay(showtime, BEN, "A2", "A3").status == "PENDING"

    def test_exactly_what_is_chosen_and_the_rest_goes_back_to_the_friends(self, showtime, block):
        take(block, BEN, "A1", "A2")
        take(block, BEN, "A3")
        assert held_by(showtime, BEN) == ["A3"]
        take(block, CLEO, "A1", "A2", name="Cleo")
        assert held_by(showtime, CLEO) == ["A1", "A2"]
        assert broken_invariants() == []

    def test_a_seat_of_another_friend_is_refused(self, showtime, block):
        take(block, BEN, "A1")
        with nothing_changes(), pytest.raises(FriendsSeatsGone):
            take(block, CLEO, "A1", "A2")

    @pytest.mark.parametrize("label", ["B1", "Z9"])
    def test_a_seat_that_is_not_in_the_block_is_refused(self, showtime, block, label):
        with nothing_changes(), pytest.raises(FriendsSeatsGone):
            take(block, BEN, label)

    def test_nothing_chosen(self, block):
        with nothing_changes(), pytest.raises(NoFriendsSeats):
            take(block, BEN)

    def test_other_seats_in_hand_are_free_again(self, showtime, block):
        hold_seats(showtime, BEN, "B1", "B2")
        take(block, BEN, "A1")
        assert held_by(showtime, BEN) == ["A1"]
        assert not ShowtimeSeat.objects.filter(showtime=showtime, label__in=["B1", "B2"], hold__isnull=False).exists()

    def test_who_pays_for_other_seats_finishes_that_first(self, showtime, block, sandbox):
        begin_paying(showtime, BEN, "B1")
        with nothing_changes(), pytest.raises(Paying):
            take(block, BEN, "A1")

    def test_seats_of_two_groups_at_once_are_refused(self, showtime, block):
        other = make_shared_block(showtime, "B1", "B2", "B3", number=73, email="zoe@example.com")
        take(block, BEN, "A1")
        with nothing_changes(), pytest.raises(SeatsOfSharedBlock):
            take(other, BEN, "B1")

    def test_the_map_changes_nothing_of_it(self, showtime, block):
        """A seat given back there would be free for everybody, and a seat taken there would be held as long as the block."""
        take(block, BEN, "A1")
        here = {"showtime_id": showtime.pk, "browser": BEN}
        for act in (
            lambda: take_seats(**here, labels=["B1"]),
            lambda: release_seats(**here, labels=["A1"]),
            lambda: release_hold(**here),
        ):
            with nothing_changes(), pytest.raises(SeatsOfSharedBlock):
                act()

    def test_an_offer_of_the_waiting_list_does_not_replace_it(self, showtime, block):
        """They would be free for everybody, and lost to the friends."""
        take(block, BEN, "A1")
        entry = make_waiting_entry(showtime, count=2)
        assert offer_seats(showtime_id=showtime.pk) == 1
        with nothing_changes(), pytest.raises(SeatsOfSharedBlock):
            take_offer(code=entry.code, browser=BEN)

    def test_an_old_ticket_is_not_exchanged_for_it(self, showtime, block, sandbox):
        """When the difference is not paid it would be free for everybody, and when it is, nobody knew who of the friends did."""
        booking = buy(sandbox, other_showtime(Booking(showtime=showtime)), BEN, "A1")
        let_exchange(showtime.auditorium.theater)
        booking = Booking.objects.with_names().with_tickets().get(pk=booking.pk)
        exchange = begin_exchange(
            booking=booking, holder=BEN.holder, labels=["A1"], showtime_id=showtime.pk, now=timezone.now()
        )
        take(block, BEN, "A2")
        for act in (planned, agree):
            with nothing_changes(), pytest.raises(SeatsOfSharedBlock):
                act(exchange, BEN)
        stop_choosing(exchange=exchange, browser=BEN)
        assert (choice_of(booking_id=booking.pk, holder=BEN.holder), held_by(showtime, BEN)) == (None, ["A2"])

    def test_given_back_it_is_the_friends_again(self, showtime, block):
        take(block, BEN, "A1")
        give_back_to_friends(block=block, browser=BEN)
        give_back_to_friends(block=block, browser=BEN)
        take(block, CLEO, "A1", name="Cleo")
        assert held_by(showtime, CLEO) == ["A1"]
        assert broken_invariants() == []

    def test_given_back_after_the_organizer_left_it_is_free(self, showtime, block):
        take(block, BEN, "A1")
        release_block(block_id=block.pk)
        assert states(showtime) == ["held", "free", "free"]
        give_back_to_friends(block=block, browser=BEN)
        assert states(showtime) == ["free", "free", "free"]

    def test_a_sofa_goes_whole(self):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A ssttt\nB oooooo\n"))
        block = make_shared_block(showtime, "A1", "A3")
        assert block.labels == ["A1", "A2", "A3", "A4", "A5"]
        take(block, BEN, "A4")
        assert held_by(showtime, BEN) == ["A3", "A4", "A5"]

    def test_places_of_an_area_are_taken_by_their_number(self):
        plan = "[Stalls]\nA oooo\n[Balcony]\nunreserved 6\n"
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), plan))
        places = list(ShowtimeSeat.objects.filter(showtime=showtime, area__isnull=False).order_by("pk"))[:3]
        block = make_shared_block(showtime, *(place.label for place in places))
        client = Client()
        page = client.get(reverse("shared_seats", args=[showtime.pk, block.code]))
        assert '<option value="2 Balcony">2</option>' in page.content.decode()
        client.post(reverse("shared_seats", args=[showtime.pk, block.code]), {"name": "Ben", "places": "2 Balcony"})
        assert Friend.objects.get().name == "Ben"
        assert ShowtimeSeat.objects.filter(hold__shared_block=block).count() == 2
        client.post(reverse("shared_seats", args=[showtime.pk, block.code]), {"name": "Ben", "places": "1 Balcony"})
        assert ShowtimeSeat.objects.filter(hold__shared_block=block).count() == 1

    def test_a_companion_seat_goes_with_the_wheelchair_space(self):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A wcoooo\nB oooooo\n"))
        block = make_shared_block(showtime, "A1", "A2", "A3")
        take(block, BEN, "A2")
        with pytest.raises(BadChoice, match="companion"):
            press_pay(showtime, BEN, "A2")

    def test_a_companion_seat_without_the_space_cannot_be_shared(self):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A wcoooo\nB oooooo\n"))
        hold_seats(showtime, BEN, "A2", "A3")
        with nothing_changes(), pytest.raises(BadChoice, match="companion"):
            start_sharing(showtime_id=showtime.pk, organizer=Organizer(BEN, Customer("ben@example.com")), name="Ben")


class TestEnd:
    def test_a_second_after_the_end_all_that_is_not_paid_is_free_with_no_worker_alive(self, showtime, block, sandbox):
        take(block, BEN, "A1")
        pay_for(sandbox, press_pay(showtime, BEN, "A1"))
        take(block, CLEO, "A2", name="Cleo")
        age_shared_block(block, HALF_AN_HOUR - 5)
        assert states(showtime) == ["sold", "held", "held"]
        age_shared_block(block, 6)
        assert states(showtime) == ["sold", "free", "free"]
        take_seats(showtime_id=showtime.pk, browser=make_browser(9), labels=["A2", "A3"])
        end_lapsed_holds()
        assert held_by(showtime, make_browser(9)) == ["A2", "A3"]
        assert broken_invariants() == []

    def test_a_friends_hold_ends_with_the_block_and_is_not_extended(self, showtime, block):
        take(block, BEN, "A1")
        mine = Hold.objects.get(shared_block=block)
        assert mine.expires_at == mine.cap_at == block.hold.expires_at
        age_shared_block(block, HALF_AN_HOUR - 60)
        with pytest.raises(Exception, match="more time once"):
            extend_hold(showtime_id=showtime.pk, browser=BEN)

    def test_after_the_end_nothing_is_taken(self, block):
        age_shared_block(block, HALF_AN_HOUR + 1)
        with nothing_changes(), pytest.raises(SharedBlockOver):
            take(block, BEN, "A1")

    def test_pay_with_almost_no_time_left_is_refused(self, showtime, block, sandbox):
        take(block, BEN, "A1")
        age_shared_block(block, HALF_AN_HOUR - 180 - 30)
        with pytest.raises(TooLateToPay):
            press_pay(showtime, BEN, "A1")

    def test_the_time_to_pay_ends_so_early_that_its_grace_ends_with_the_block(self, showtime, block, sandbox):
        take(block, BEN, "A1")
        age_shared_block(block, HALF_AN_HOUR - 300)
        booking = press_pay(showtime, BEN, "A1")
        end = Hold.objects.get(pk=block.hold_id).expires_at
        assert booking.sale.payable_until == end - timedelta(seconds=180)
        assert booking.sale.held_until == end

    def test_one_second_after_the_end_all_that_is_not_paid_is_free_with_every_worker_dead(
        self, showtime, block, sandbox
    ):
        """A1 waits for its payment page, A2 is held by a friend, nobody took A3."""
        take(block, BEN, "A1")
        take(block, CLEO, "A2")
        age_shared_block(block, HALF_AN_HOUR - 300)
        booking = press_pay(showtime, BEN, "A1")
        age_shared_block(block, 301)
        age_booking(booking, 301)
        assert states(showtime) == ["free", "free", "free"]

    def test_of_a_short_block_a_quarter_of_its_time_is_left_for_closing(self, showtime, settings, sandbox):
        settings.SHARED_BLOCK_MINUTES = 4
        block = make_shared_block(showtime, "A1", "A2")
        take(block, BEN, "A1")
        booking = press_pay(showtime, BEN, "A1")
        end = Hold.objects.get(pk=block.hold_id).expires_at
        assert abs(end - booking.sale.payable_until - timedelta(seconds=60)) < timedelta(seconds=2)
        assert booking.sale.held_until == end

    def test_who_pressed_pay_and_did_not_pay_loses_the_seat_before_the_end(self, showtime, block, sandbox):
        take(block, BEN, "A1")
        age_shared_block(block, HALF_AN_HOUR - 300)
        booking = press_pay(showtime, BEN, "A1")
        age_shared_block(block, 121)
        age_booking(booking, 121)
        session_id = booking.sale.payments.get().session_id
        assert (sandbox.session(session_id)["status"], states(showtime)[0]) == ("open", "pending")
        close_due_sessions()
        booking.refresh_from_db()
        # Nobody can pay for it any more, and only then its friends have it again.
        assert sandbox.session(session_id)["status"] == "expired"
        assert (booking.status, states(showtime)[0]) == ("EXPIRED", "held")
        age_shared_block(block, 181)
        assert states(showtime)[0] == "free"

    def test_who_leaves_the_payment_page_earlier_gives_the_seat_back_to_the_friends(self, showtime, block, sandbox):
        take(block, BEN, "A1")
        booking = press_pay(showtime, BEN, "A1")
        past_time_to_pay(booking)
        close_due_sessions()
        booking.refresh_from_db()
        assert (booking.status, states(showtime)) == ("EXPIRED", ["held", "held", "held"])
        take(block, CLEO, "A1", name="Cleo")
        assert held_by(showtime, CLEO) == ["A1"]
        assert broken_invariants() == []

    def test_change_seats_after_pay_leads_back_to_the_block(self, showtime, block, sandbox):
        take(block, BEN, "A1")
        booking = press_pay(showtime, BEN, "A1")
        change_seats(booking_id=booking.pk, actor="customer")
        back = Hold.objects.get(holder=BEN.holder, ended_at=None)
        assert back.shared_block_id == block.pk
        assert back.cap_at == block.hold.expires_at
        take(block, BEN, "A2")
        assert held_by(showtime, BEN) == ["A2"]
        assert broken_invariants() == []

    @pytest.mark.parametrize(("is_over", "after"), [(False, "held"), (True, "free")])
    def test_a_ticket_that_a_friend_cancels_is_the_friends_again_while_their_block_lives(
        self, showtime, block, sandbox, is_over, after
    ):
        take(block, BEN, "A1")
        booking = press_pay(showtime, BEN, "A1")
        pay_for(sandbox, booking)
        if is_over:
            age_shared_block(block, HALF_AN_HOUR + 1)
        origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
        cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
        assert states(showtime)[0] == after
        if not is_over:
            assert "A1" in words(Client().get(reverse("shared_seats", args=[showtime.pk, block.code])))
            take(block, CLEO, "A1", name="Cleo")
            assert held_by(showtime, CLEO) == ["A1"]
        assert broken_invariants() == []

    def test_a_chair_that_broke_meanwhile_is_not_the_friends_again(self, showtime, block, sandbox):
        take(block, BEN, "A1")
        booking = press_pay(showtime, BEN, "A1")
        pay_for(sandbox, booking)
        report_broken(
            auditorium=showtime.auditorium, label="A1", reason="The back is loose", user_id=make_staff("MANAGER").pk
        )
        origin = CancellationOrigin(CancelCause.CUSTOMER, "guest")
        cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
        assert states(showtime) == ["house", "held", "held"]

    def test_the_page_says_until_when_they_pay_and_when_the_rest_is_free(self, showtime, block):
        page = words(Client().get(reverse("shared_seats", args=[showtime.pk, block.code])))
        end = in_zone(Hold.objects.get(pk=block.hold_id).expires_at, showtime.auditorium.theater.zone)
        times = (
            f"until {end - timedelta(minutes=3):%H:%M}. What is not paid by then is free for everybody at {end:%H:%M}."
        )
        assert times in page

    def test_released_by_the_organizer_what_friends_took_stays(self, showtime, block):
        take(block, BEN, "A1")
        release_block(block_id=block.pk)
        release_block(block_id=block.pk)
        assert states(showtime) == ["held", "free", "free"]
        with pytest.raises(SharedBlockOver):
            take(block, CLEO, "A2")

    def test_a_canceled_showtime(self, showtime, block, client):
        Showtime.objects.filter(pk=showtime.pk).update(status="CANCELED")
        with pytest.raises(ShowtimeCanceled):
            take(block, BEN, "A1")
        assert client.get(reverse("shared_seats", args=[showtime.pk, block.code])).status_code == 410
        assert client.get(reverse("share_seats", args=[showtime.pk])).status_code == 410

    def test_a_showtime_that_is_not_published(self, showtime, client):
        Showtime.objects.filter(pk=showtime.pk).update(status="DRAFT")
        assert client.get(reverse("share_seats", args=[showtime.pk])).status_code == 404

    def test_a_showtime_that_moved_to_another_auditorium_without_room(self, showtime, block, client):
        take(block, BEN, "A1")
        theater = showtime.auditorium.theater
        move(showtime, make_auditorium(theater, "A oo\n"), make_staff("MANAGER", theater))
        answer = client.get(reverse("shared_seats", args=[showtime.pk, block.code]))
        assert (answer.status_code, "moved to another auditorium" in words(answer)) == (410, True)
        with pytest.raises(SharedBlockOver):
            take(block, CLEO, "A2")
        assert broken_invariants() == []


class TestLimits:
    ROOM = "\n".join(f"{row} {'o' * 10}" for row in "ABCDEFGH")

    @pytest.fixture
    def showtime(self, settings):
        """A showtime with 80 seats, of which an address may have 20."""
        settings.SHOWTIME_SHARE_PER_ADDRESS = Decimal("0.25")
        return make_showtime(auditorium=make_auditorium(make_theater(), self.ROOM))

    @staticmethod
    def row(letter, most=10):
        return [f"{letter}{number}" for number in range(1, most + 1)]

    def test_a_block_counts_where_it_was_started(self, showtime):
        make_shared_block(showtime, *self.row("A"))
        neighbor = Browser(holder="5" * 64, address=make_browser(70).address)
        take_seats(showtime_id=showtime.pk, browser=neighbor, labels=self.row("B"))
        with pytest.raises(TooManyHere):
            take_seats(showtime_id=showtime.pk, browser=Browser("6" * 64, neighbor.address), labels=["C1"])

    def test_what_a_friend_takes_counts_at_the_friends_address(self, showtime):
        block = make_shared_block(showtime, *self.row("A"))
        for letter, holder in (("B", "5"), ("C", "6")):
            take_seats(showtime_id=showtime.pk, browser=Browser(holder * 64, BEN.address), labels=self.row(letter))
        with nothing_changes(), pytest.raises(TooManyHere):
            take(block, BEN, "A1")

    def test_friends_in_the_organizers_own_flat_take_what_is_counted_there_already(self, showtime):
        block = make_shared_block(showtime, *self.row("A"))
        at_home = Browser(BEN.holder, make_browser(70).address)
        take_seats(showtime_id=showtime.pk, browser=Browser("5" * 64, at_home.address), labels=self.row("B"))
        take(block, at_home, *self.row("A"))
        assert len(held_by(showtime, at_home)) == 10

    def test_the_seats_that_nobody_took_count_among_the_organizers_tickets(self, showtime, sandbox, settings):
        settings.TICKETS_PER_PERSON_AND_SHOWTIME = 6
        block = make_shared_block(showtime, *self.row("A", 4))
        hold_seats(showtime, CLEO, *self.row("B", 3))
        with pytest.raises(TooManyTickets):
            press_pay(showtime, CLEO, *self.row("B", 3), email="ada@example.com")
        take(block, BEN, "A1")
        assert press_pay(showtime, CLEO, *self.row("B", 3), email="ada@example.com").status == "PENDING"

    def test_what_a_friend_takes_counts_among_the_friends_own_tickets(self, showtime, sandbox, settings):
        settings.TICKETS_PER_PERSON_AND_SHOWTIME = 4
        block = make_shared_block(showtime, *self.row("A", 4))
        settings.TICKETS_PER_PERSON_AND_SHOWTIME = 2
        take(block, BEN, *self.row("A", 3))
        with pytest.raises(TooManyTickets):
            press_pay(showtime, BEN, *self.row("A", 3), email="ben@example.com")
        take(block, BEN, *self.row("A", 2))
        assert press_pay(showtime, BEN, *self.row("A", 2), email="ben@example.com").status == "PENDING"

    def test_no_block_of_more_than_a_person_can_have(self, showtime, sandbox, settings):
        settings.TICKETS_PER_PERSON_AND_SHOWTIME = 6
        buy(sandbox, showtime, CLEO, *self.row("B", 3), email="ada@example.com")
        with pytest.raises(TooManyTickets):
            make_shared_block(showtime, *self.row("A", 4))
        hold = Hold.objects.get(holder=make_browser(70).holder)
        assert hold.ended_at is None and not SharedBlock.objects.exists()


class TestOrganizer:
    @pytest.fixture
    def ada(self, django_user_model):
        user = django_user_model.objects.create_user("ada@example.com", "a long password of hers", first_name="Ada")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def test_an_account_with_a_confirmed_address(self, ada):
        assert known_customer(user_id=ada.pk, holder="") == Customer("ada@example.com", ada.pk)
        EmailAddress.objects.update(verified=False)
        assert known_customer(user_id=ada.pk, holder="") is None

    def test_from_the_map_to_the_link_and_back(self, ada, showtime):
        client = signed_in(ada)
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2", "A3"]})
        address = reverse("share_seats", args=[showtime.pk])
        assert f'href="{address}"' in client.get(f"/showtimes/{showtime.pk}/").content.decode()
        page = client.get(address)
        assert "You hold: <b>A1, A2, A3</b>" in words(page) and 'value="Ada"' in words(page)
        answer = client.post(address, {"action": "start", "name": "Ada"})
        assert (answer.status_code, answer.url) == (303, address)
        page = client.get(address)
        block = SharedBlock.objects.get()
        assert reverse("shared_seats", args=[showtime.pk, block.code]) in words(page)
        assert "Nobody has taken yet: A1, A2, A3." in words(page)
        assert page.headers["Cache-Control"] == "no-store"
        seat_map = words(client.get(f"/showtimes/{showtime.pk}/"))
        assert "You hold tickets for your friends" in seat_map
        assert "We are holding 3 seats for you" in words(client.get("/"))
        take(block, BEN, "A2")
        assert "<b>Ben</b> took A2, not paid yet" in words(client.get(address))
        client.post(address, {"action": "release"})
        assert states(showtime) == ["free", "held", "free"]
        of_friends = reverse("shared_seats", args=[showtime.pk, block.code])
        for page in (client.get(address), Client().get(of_friends)):
            assert "Friends who took a ticket can still pay for it." in words(page)
        age_hold(Hold.objects.get(holder=BEN.holder), 3600)
        assert "Nothing is held for you any more" in words(client.get(address))

    def test_before_the_link_the_time_is_counted_down_and_more_is_given_once(self, ada, showtime):
        client, address = signed_in(ada), reverse("share_seats", args=[showtime.pk])
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2", "A3"]})
        page = words(client.get(address))
        assert "js/countdown.js" in page and "Held for you for about 8 min" in page and "data-extend hidden" in page
        assert page.index('value="start"') < page.index('value="extend"')  # Enter presses the first button
        age_hold(Hold.objects.get(), settings.HOLD_SECONDS - 60)
        assert 'data-extend name="action" value="extend"' in words(client.get(address))
        answer = client.post(address, {"action": "extend", "name": "Adele"})
        assert answer.status_code == 200 and 'value="Adele"' in words(answer) and "data-extend" not in words(answer)
        assert Hold.objects.get().extended_at is not None
        with nothing_changes():
            assert client.post(address, {"action": "extend"}).status_code == 409

    def test_after_the_time_the_seats_can_be_taken_again_and_shared(self, ada, showtime):
        client, address = signed_in(ada), reverse("share_seats", args=[showtime.pk])
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2", "A3"]})
        age_hold(Hold.objects.get(), settings.HOLD_SECONDS + 1)
        page = words(client.get(address))
        assert "Your time ran out" in page and 'value="start"' not in page and "data-countdown" not in page
        again = {"action": "retake", "take": re.findall(r'name="take" value="([^"]+)"', page)}
        assert client.post(address, again).status_code == 303
        assert states(showtime) == ["held"] * 3
        client.post(address, {"action": "start", "name": "Ada"})
        assert SharedBlock.objects.get().labels == ["A1", "A2", "A3"]

    def test_what_leaves_a_single_seat_over_is_refused_with_a_button_that_takes_a_better_choice(self, ada):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), LONG_ROWS))
        client, address = signed_in(ada), reverse("share_seats", args=[showtime.pk])
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A2", "A3"]})
        answer = client.post(address, {"action": "start", "name": "Adele"})
        page = words(answer)
        assert (answer.status_code, page.count("Seat A1 would be left over alone")) == (409, 1)
        assert 'name="action" value="instead"' in page and "Take row A, seats 1 and 2 instead" in page
        asked = {
            name: re.findall(rf'type="hidden" name="{name}" value="([^"]+)"', page) for name in ("take", "release")
        }
        assert asked == {"take": ["A1"], "release": ["A3"]}
        answer = client.post(address, asked | {"action": "instead", "name": "Adele"})
        page = words(answer)
        assert (answer.status_code, "You hold: <b>A1, A2</b>" in page, 'value="Adele"' in page) == (200, True, True)
        assert "left over" not in page
        client.post(address, {"action": "start", "name": "Adele"})
        assert SharedBlock.objects.get().labels == ["A1", "A2"]

    def test_a_stranger_is_asked_to_sign_in_and_starts_nothing(self, client, showtime):
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2", "A3"]})
        address = reverse("share_seats", args=[showtime.pk])
        assert "Please sign in" in words(client.get(address))
        answer = client.post(address, {"action": "start", "name": "Ada"})
        assert (answer.status_code, SharedBlock.objects.exists()) == (409, False)

    def test_a_strangers_way_in_stands_beside_the_better_choice(self, client):
        showtime = make_showtime(auditorium=make_auditorium(make_theater(), LONG_ROWS))
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A2", "A3"]})
        address = reverse("share_seats", args=[showtime.pk])
        page = words(client.get(address))
        assert "Take row A, seats 1 and 2 instead" in page
        assert "Please sign in" in page and f"?next={address}" in page

    def test_an_address_that_was_typed_and_not_paid_with_gets_no_mail(self, client, showtime, sandbox):
        """If it did, each unpaid booking would send three mails an hour to somebody who wants none."""
        client.cookies["holder"] = COOKIE
        me, address = Browser(sha256(COOKIE.encode()).hexdigest(), "127.0.0.1"), f"/showtimes/{showtime.pk}/group/"
        hold_seats(showtime, me, "A1")
        press_pay(showtime, me, "A1", email="victim@example.com")
        with nothing_changes():
            client.post(address, {"action": "code"})
        assert "victim@example.com" not in words(client.get(address))

    def test_a_guest_by_the_code_from_the_mailbox_of_a_booking(self, client, showtime, sandbox, settings):
        client.cookies[settings.HOLDER_COOKIE_NAME] = COOKIE
        holder = sha256(COOKIE.encode()).hexdigest()
        booking = buy(sandbox, showtime, Browser(holder, "127.0.0.1"), "B1", email="guest@example.com")
        client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2", "A3"]})
        address = reverse("share_seats", args=[showtime.pk])
        assert "we send a code to <b>guest@example.com</b>" in words(client.get(address))
        client.post(address, {"action": "code"})
        send_due_mail(now=timezone.now())
        assert "wants to hold tickets for friends" in " ".join(mail.outbox[-1].body.split())
        assert client.post(address, {"action": "prove", "code": "1"}).status_code == 422
        code = mailbox_code(BookingAccess.objects.get(booking=booking))
        assert client.post(address, {"action": "prove", "code": code}).status_code == 303
        client.post(address, {"action": "start", "name": "Gus"})
        assert SharedBlock.objects.get().customer == "guest@example.com"

    def test_the_organizers_own_ticket_that_is_canceled_is_the_friends_again(self, showtime, block, sandbox):
        take(block, make_browser(70), "A2", name="Ada")
        booking = press_pay(showtime, make_browser(70), "A2", email="ada@example.com")
        pay_for(sandbox, booking)
        origin = CancellationOrigin(CancelCause.CUSTOMER, "test")
        cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=100, origin=origin)
        assert set(ShowtimeSeat.objects.filter(hold=block.hold).values_list("label", flat=True)) == {"A1", "A2", "A3"}
        assert broken_invariants() == []

    def test_friends_see_first_names_and_nothing_else(self, ada, showtime):
        block = make_shared_block(showtime, "A1", "A2", "A3", user_id=ada.pk)
        take(block, BEN, "A2")
        page = Client().get(reverse("shared_seats", args=[showtime.pk, block.code])).content.decode()
        assert "Sit with Ada" in page and "<b>Ben</b>" in page
        assert "ada@example.com" not in page and BEN.holder not in page and BEN.address not in page

    def test_a_friend_who_opens_the_organizers_address_is_led_to_the_link(self, showtime, block):
        client = Client()
        link = reverse("shared_seats", args=[showtime.pk, block.code])
        answer = client.post(link, {"name": "Ben", "seats": "A1"})
        assert (answer.status_code, answer.url) == (303, f"/checkout/{showtime.pk}/")
        assert client.get(reverse("share_seats", args=[showtime.pk])).url == link
        panel = words(client.get(f"/showtimes/{showtime.pk}/"))
        assert "You sit with friends" in panel and 'class="give-back"' not in panel
        refused = client.post(f"/showtimes/{showtime.pk}/seats/", {"release": "A1"})
        assert (refused.status_code, "give them back to your friends" in words(refused)) == (409, True)
        client.post(link, {"action": "back"})
        assert states(showtime) == ["held"] * 3 and not ShowtimeSeat.objects.filter(hold__shared_block=block).exists()

    def test_a_name_that_is_refused_keeps_the_choice(self, showtime, block):
        answer = Client().post(reverse("shared_seats", args=[showtime.pk, block.code]), {"name": "", "seats": "A2"})
        assert answer.status_code == 422
        assert 'value="A2" checked' in words(answer)

    def test_wrong_links_are_counted(self, client, showtime, settings):
        settings.WRONG_LINKS_PER_MINUTE_PER_ADDRESS = 2
        wrong = reverse("shared_seats", args=[showtime.pk, "x" * 32])
        assert [client.get(wrong).status_code for _ in range(3)] == [404, 404, 429]

    def test_a_link_of_another_showtime_is_wrong(self, client, block):
        assert client.get(reverse("shared_seats", args=[make_showtime().pk, block.code])).status_code == 404


class TestData:
    @pytest.fixture
    def ada(self, django_user_model):
        user = django_user_model.objects.create_user("ada@example.com", "a long password of hers")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    def test_the_day_after_the_show_no_name_is_kept(self, showtime, block):
        take(block, BEN, "A1")
        begins_in(showtime, days=-3)
        forget_old_data(now=timezone.now())
        assert not SharedBlock.objects.exists() and not Friend.objects.exists()
        assert not Hold.objects.filter(shared_block__isnull=False).exists()

    def test_on_the_evening_itself_it_is(self, showtime, block):
        begins_in(showtime, minutes=-30)
        forget_old_data(now=timezone.now())
        assert SharedBlock.objects.exists()

    def test_an_account_takes_its_own_along_and_erases_all(self, showtime, ada):
        block = make_shared_block(showtime, "A1", "A2", "A3", user_id=ada.pk)
        take(block, BEN, "A1")
        [mine] = data_of_account(ada)["held_for_friends"]
        assert (mine["first_name"], mine["seats"]) == ("Ada", ["A1", "A2", "A3"])
        assert "Ben" not in str(mine)
        erase_account(user_id=ada.pk, now=timezone.now())
        assert not SharedBlock.objects.exists() and not Friend.objects.exists()
        assert states(showtime) == ["held", "free", "free"]
