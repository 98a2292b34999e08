"""A group's seats are extended, or sold at the counter, at the moment when the sweep ends the block."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from reservations.groups import group_blocks
from reservations.groups.group_blocks import Group, end_block, end_due_blocks, extend_block, keep_for_group
from reservations.groups.group_payments import take_group_seats
from reservations.models import GroupBlock, ShowtimeSeat
from reservations.opening.house_seats import release_seats
from reservations.seats import taking
from reservations.seats.taking import take_seats
from tests.factories import make_group
from tests.race.racing import run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def block(showtime):
    now = timezone.now()
    block = keep_for_group(
        showtime=showtime,
        labels=["A1", "A2"],
        group=Group("Scouts", "", now + timedelta(hours=1)),
        actor="test",
        now=now,
    )
    GroupBlock.objects.update(until=now - timedelta(seconds=1))
    return block


def extend_while_the_sweep_waits(block, showtime):
    """The sweep finds that the block is due, and waits for the transaction that gives it more time."""
    now = timezone.now()
    with transaction.atomic():
        extend_block(block=block, until=now + timedelta(hours=2), actor="test", now=now)
        sweep = start_and_block(end_due_blocks)
    return sweep.outcome()


def kept(showtime):
    return ShowtimeSeat.objects.filter(showtime=showtime, group_block__isnull=False).count()


def test_a_block_that_got_more_time_is_left_alone(showtime, block):
    assert (extend_while_the_sweep_waits(block, showtime), kept(showtime)) == (0, 2)
    assert GroupBlock.objects.exists()


def test_judged_by_what_the_sweep_found_the_group_loses_its_seats(showtime, block, monkeypatch):
    """Negative control: the end that was read before the lock decides."""

    def end_as_found(found):
        with transaction.atomic():
            group_blocks._locked(found)
            group_blocks._end(found, "test")
            return True

    monkeypatch.setattr(group_blocks, "_end_if_due", end_as_found)
    assert (extend_while_the_sweep_waits(block, showtime), kept(showtime)) == (1, 0)


def test_ended_twice_at_once_it_ends_once(showtime, block):
    with transaction.atomic():
        first = end_due_blocks()
        second = start_and_block(end_due_blocks)
    assert (first, second.outcome(), GroupBlock.objects.exists()) == (1, 0, False)


def test_a_seat_that_a_customer_takes_meanwhile_keeps_the_whole_block_from_being_made(showtime, my_browser):
    now = timezone.now()
    group = Group("Scouts", "", now + timedelta(hours=1))
    with transaction.atomic():
        take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A2"])
        making = start_and_block(
            lambda: keep_for_group(showtime=showtime, labels=["A1", "A2"], group=group, actor="test", now=now)
        )
    assert (making.outcome(), kept(showtime), GroupBlock.objects.exists()) == ("SchedulingRefused", 0, False)


class TestLink:
    """Somebody pays by the link at the moment when staff release the seats."""

    @pytest.fixture
    def mine(self, showtime):
        return make_group(showtime, "A1", "A2")

    def test_a_release_waits_and_leaves_what_was_taken(self, showtime, mine, my_browser):
        with transaction.atomic():
            take_group_seats(block=mine, browser=my_browser, labels=["A1"])
            releasing = start_and_block(lambda: release_seats(showtime=showtime, labels=["A1", "A2"], actor="test"))
        assert (releasing.outcome(), kept(showtime)) == (["A2"], 1)

    def take_while_staff_give_them_to_others(self, showtime, mine, browser):
        with transaction.atomic():
            end_block(block=mine, actor="test")
            make_group(showtime, "A1", "A2", name="Choir")
            payer = start_and_block(lambda: take_group_seats(block=mine, browser=browser, labels=["A1", "A2"]))
        return payer.outcome()

    def test_seats_that_went_to_another_group_are_refused(self, showtime, mine, my_browser):
        assert self.take_while_staff_give_them_to_others(showtime, mine, my_browser) == "GroupSeatsGone"
        assert not ShowtimeSeat.objects.filter(hold__isnull=False).exists()

    def test_without_a_look_under_the_lock_the_other_group_loses_them(self, showtime, mine, my_browser, monkeypatch):
        """Negative control: the owner of the seats was read before the lock."""
        monkeypatch.setattr(taking, "are_seats_of_group", lambda *args, **kwargs: True)
        assert self.take_while_staff_give_them_to_others(showtime, mine, my_browser) is None
        assert ShowtimeSeat.objects.filter(hold__isnull=False, group_block__name="Choir").count() == 2

    def test_two_of_the_group_press_at_once(self, showtime, mine, my_browser, other_browser):
        jobs = [
            lambda browser=browser: take_group_seats(block=mine, browser=browser, labels=["A1", "A2"])
            for browser in (my_browser, other_browser)
        ]
        assert sorted(map(str, run_all(*jobs))) == ["GroupSeatsGone", "None"]
        assert ShowtimeSeat.objects.filter(hold__isnull=False).values("hold").distinct().count() == 1
