"""Friends press the same seat, pay at the moment when the block ends, and take seats while the organizer releases them."""

import pytest
from django.db import transaction

from core.clock import ClockTimestamp
from reservations import locks
from reservations.groups import friends_seats
from reservations.groups.friends_seats import give_back_to_friends, take_friends_seats
from reservations.groups.shared_blocks import Organizer, release_block, start_sharing
from reservations.models import Hold, SharedBlock, ShowtimeSeat
from reservations.seats.taking import take_seats
from reservations.selling.bookings import open_booking
from sales.services.opening import Customer
from tests.aging import age_shared_block
from tests.factories import hold_seats, make_auditorium, make_browser, make_shared_block, make_staff, pay_form
from tests.payments.refunds.test_auditorium_moves import carry_out, plan_move
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
BEN, CLEO = make_browser(71), make_browser(72)


@pytest.fixture
def block(showtime):
    return make_shared_block(showtime, "A1", "A2", "A3")


def take(block, browser, *labels):
    return lambda: take_friends_seats(block=block, browser=browser, labels=list(labels), name="Ben")


def held_by(browser):
    rows = ShowtimeSeat.objects.filter(hold__holder=browser.holder, hold__ended_at=None)
    return sorted(rows.values_list("label", flat=True))


class TestOneSeat:
    def second_waits(self, block):
        with transaction.atomic():
            take(block, BEN, "A1")()
            cleo = start_and_block(take(block, CLEO, "A1"))
        return cleo.outcome()

    def test_two_friends_press_the_same_seat_and_one_has_it(self, block):
        assert self.second_waits(block) == "FriendsSeatsGone"
        assert (held_by(BEN), held_by(CLEO)) == (["A1"], [])

    def test_all_at_once(self, block):
        outcomes = run_all(*(as_word(take(block, make_browser(80 + n), "A1", "A2"), "held") for n in range(6)))
        assert sorted(outcomes) == ["FriendsSeatsGone"] * 5 + ["held"]
        assert broken_invariants() == set()

    def test_judged_by_what_was_read_before_the_lock_the_second_takes_it_away(self, block, monkeypatch):
        """Negative control: the block and its seats are read, not locked."""
        monkeypatch.setattr(locks, "shared_block", lambda pk: SharedBlock.objects.get(pk=pk))
        monkeypatch.setattr(locks, "hold_by_id", lambda pk: Hold.objects.get(pk=pk))
        read = lambda *holds: list(ShowtimeSeat.objects.filter(hold_id__in=holds).order_by("pk"))
        monkeypatch.setattr(locks, "seats_of_two_holds", read)
        assert self.second_waits(block) is None
        assert (held_by(BEN), held_by(CLEO)) == ([], ["A1"])


class TestEnd:
    def pay_while_the_end_comes(self, showtime, block):
        """Let Pay wait; when it goes on, the block's time is over."""
        form = pay_form(showtime, "A1")

        def pay():
            with transaction.atomic():
                open_booking(showtime_id=showtime.pk, browser=BEN, form=form)
            return "paying"

        with transaction.atomic():
            Hold.objects.filter(shared_block=block).update(expires_at=ClockTimestamp())
            ShowtimeSeat.objects.filter(showtime=showtime, label="A1").update(held_until=ClockTimestamp())
            ben = start_and_block(pay)
        return ben.outcome()

    def test_a_friend_who_pays_a_moment_after_the_end_is_told(self, showtime, block):
        take(block, BEN, "A1")()
        assert self.pay_while_the_end_comes(showtime, block) == "HoldLapsed"
        assert not ShowtimeSeat.objects.filter(booking__isnull=False).exists()

    def test_judged_by_the_end_that_was_read_before_a_seat_is_sold_that_is_free(self, showtime, block, monkeypatch):
        """Negative control: the friend's hold is read, not locked."""
        take(block, BEN, "A1")()
        known = Hold.objects.get(shared_block=block)
        monkeypatch.setattr(locks, "live_hold", lambda **wanted: known)
        assert self.pay_while_the_end_comes(showtime, block) == "paying"
        assert ShowtimeSeat.objects.filter(booking__isnull=False).exists()

    def test_who_was_in_time_keeps_the_seat_against_a_stranger(self, showtime, block):
        """Pay has locked the seat when the others become free."""
        take(block, BEN, "A1")()
        with transaction.atomic():
            open_booking(showtime_id=showtime.pk, browser=BEN, form=pay_form(showtime, "A1"))
            stranger = start_and_block(
                lambda: take_seats(showtime_id=showtime.pk, browser=make_browser(9), labels=["A1"])
            )
        assert stranger.outcome() == "SeatGone"

    def take_after_the_end(self, showtime, block):
        """A stranger has the seats, which are free by time, when the friend presses."""
        age_shared_block(block, 1801)
        with transaction.atomic():
            take_seats(showtime_id=showtime.pk, browser=make_browser(9), labels=["A1", "A2", "A3"])
            ben = start_and_block(take(block, BEN, "A1"))
        return ben.outcome()

    def test_a_friend_takes_nothing_from_who_was_faster_after_the_end(self, showtime, block):
        assert self.take_after_the_end(showtime, block) == "SharedBlockOver"
        assert held_by(make_browser(9)) == ["A1", "A2", "A3"]

    def test_without_a_look_at_the_clock_after_the_lock_a_seat_is_given_that_is_over(
        self, showtime, block, monkeypatch
    ):
        """Negative control: the friend's seat is in no live hold."""
        monkeypatch.setattr(friends_seats, "_is_alive", lambda hold, now: True)
        age_shared_block(block, 1801)
        take(block, BEN, "A1")()
        assert held_by(BEN) == ["A1"]
        assert not Hold.objects.live().filter(holder=BEN.holder).exists()


class TestRelease:
    def take_while_the_organizer_releases(self, block):
        with transaction.atomic():
            release_block(block_id=block.pk)
            ben = start_and_block(take(block, BEN, "A1"))
        return ben.outcome()

    def test_a_friend_who_comes_a_moment_later_is_told(self, block):
        assert self.take_while_the_organizer_releases(block) == "SharedBlockOver"
        assert held_by(BEN) == []
        assert not Hold.objects.live().filter(holder=BEN.holder).exists()

    def test_a_release_waits_for_a_friend_and_leaves_what_was_taken(self, block):
        with transaction.atomic():
            take(block, BEN, "A1")()
            organizer = start_and_block(lambda: release_block(block_id=block.pk))
        organizer.outcome()
        assert held_by(BEN) == ["A1"]
        assert ShowtimeSeat.objects.filter(hold__isnull=False).count() == 1

    def give_back_while_the_organizer_releases(self, block):
        take(block, BEN, "A1")()
        with transaction.atomic():
            release_block(block_id=block.pk)
            ben = start_and_block(lambda: give_back_to_friends(block=block, browser=BEN))
        ben.outcome()
        return ShowtimeSeat.objects.filter(hold__isnull=False).count()

    def test_given_back_to_a_block_that_was_released_meanwhile_it_is_free(self, block):
        assert self.give_back_while_the_organizer_releases(block) == 0
        assert broken_invariants() == set()

    def test_judged_before_the_lock_the_seat_stays_in_a_hold_that_ended(self, block, monkeypatch):
        """Negative control: the block was open when the page was shown."""
        monkeypatch.setattr(friends_seats, "_is_alive", lambda hold, now: True)
        assert self.give_back_while_the_organizer_releases(block) == 1
        assert "ended_holds_have_no_seats" in broken_invariants()


class TestMove:
    """Staff carry out a move while the organizer releases the block. Nothing can be sold, but seats can be given back."""

    @pytest.fixture
    def planned(self, showtime, block):
        boss = make_staff("MANAGER", showtime.auditorium.theater)
        there = make_auditorium(showtime.auditorium.theater, "A oooo.oooo\nB oooo.oooo\n")
        return plan_move(showtime, there, boss), boss

    def move_while_the_organizer_releases(self, block, planned):
        with transaction.atomic():
            release_block(block_id=block.pk)
            staff = start_and_block(lambda: carry_out(*planned))
        staff.outcome()
        return SharedBlock.objects.get().labels

    def test_what_was_released_a_moment_before_does_not_move(self, block, planned):
        assert self.move_while_the_organizer_releases(block, planned) == ["A1", "A2", "A3"]
        assert not ShowtimeSeat.objects.filter(hold__isnull=False).exists()
        assert broken_invariants() == set()

    def test_judged_by_what_was_read_before_the_lock_the_block_moves_without_seats(self, block, planned, monkeypatch):
        """Negative control: blocks and holds are read, not locked."""
        read = lambda model: lambda showtime_id: list(model.objects.filter(showtime=showtime_id).order_by("pk"))
        monkeypatch.setattr(locks, "shared_blocks_of", read(SharedBlock))
        monkeypatch.setattr(locks, "holds_of_showtime", read(Hold))
        assert self.move_while_the_organizer_releases(block, planned) == []

    def test_a_release_waits_for_the_move_and_frees_the_new_seats(self, block, planned):
        with transaction.atomic():
            carry_out(*planned)
            organizer = start_and_block(lambda: release_block(block_id=block.pk))
        organizer.outcome()
        assert not ShowtimeSeat.objects.filter(hold__isnull=False).exists()
        assert Hold.objects.get().end == "RELEASED"
        assert broken_invariants() == set()


class TestStart:
    def test_two_browsers_of_one_person_at_once_start_one_block(self, showtime):
        jobs = []
        for number, labels in ((71, ("A1", "A2", "A3")), (72, ("B1", "B2", "B3"))):
            hold_seats(showtime, make_browser(number), *labels)
            organizer = Organizer(make_browser(number), Customer("ada@example.com"))
            jobs.append(
                lambda organizer=organizer: (
                    start_sharing(showtime_id=showtime.pk, organizer=organizer, name="Ada").pk and "started"
                )
            )
        assert sorted(run_all(*jobs)) == ["SharedBlockOpen", "started"]

    def test_without_the_turn_of_the_person_there_are_two(self, showtime, monkeypatch):
        """Negative control: both look before either has written."""
        monkeypatch.setattr(locks, "persons", lambda keys: None)
        hold_seats(showtime, BEN, "A1", "A2", "A3")
        hold_seats(showtime, CLEO, "B1", "B2", "B3")
        share = lambda browser: start_sharing(
            showtime_id=showtime.pk, organizer=Organizer(browser, Customer("ada@example.com")), name="Ada"
        )
        with transaction.atomic():
            share(BEN)
            assert run_all(as_word(lambda: share(CLEO), "started")) == ["started"]
        assert broken_invariants() == {"one_shared_block_at_a_time"}
