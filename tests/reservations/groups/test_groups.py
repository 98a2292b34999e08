"""A group pays by the link of its block, for some seats or all, in any number of steps; staff may release what is left."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from payments.books.invariants import check_invariants
from reservations import locks
from reservations.groups.group_blocks import data_of_groups, end_block, end_due_blocks
from reservations.groups.group_payments import GroupSeatsGone, take_group_seats
from reservations.models import GroupBlock, Hold, ShowtimeSeat
from reservations.opening.house_seats import release_seats
from reservations.refusals.limits import TooManyTickets
from reservations.seats.geometry import PlanSeat
from reservations.seats.single_seat_check import judge_held
from reservations.seats.single_seats import SingleSeatRule
from reservations.selectors.groups import seats_in_words
from reservations.selling.bookings import confirm_booking, open_booking
from reservations.selling.ticket_limits import Person, limit_in_words
from sales.services.opening import Customer
from staff.models import AuditEntry
from tests.factories import hold_seats, make_auditorium, make_browser, make_group, make_showtime, pay_form
from tests.ledger import nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db


@pytest.fixture
def block(showtime):
    return make_group(showtime, "A1", "A2", "A3")


def page_of(block) -> str:
    return reverse("group", args=[block.code])


def held(showtime) -> list[str]:
    seats = ShowtimeSeat.objects.filter(showtime=showtime, hold__isnull=False)
    return sorted(seats.values_list("label", flat=True))


def words(answer) -> str:
    return " ".join(answer.content.decode().split())


def buy(showtime, block, browser, *labels):
    take_group_seats(block=block, browser=browser, labels=[*labels])
    booking = open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, *labels))
    confirm_booking(locks.booking(booking.pk), actor="test")
    return booking


class TestPage:
    def test_it_shows_the_seats_and_opening_it_changes_nothing(self, client, block):
        with nothing_changes():
            answer = client.get(page_of(block))
        assert "Kept for Scouts" in words(answer) and "These are kept for you until" in words(answer)
        assert "A1, A2 and A3" in words(answer)

    def test_a_number_of_seats_is_taken_from_the_first_one_on_and_leads_to_checkout(self, client, showtime, block):
        answer = client.post(page_of(block), {"count": "2"})
        assert answer.url == reverse("checkout", args=[showtime.pk])
        assert held(showtime) == ["A1", "A2"]
        assert [line.label for line in client.get(answer.url).context["quote"].lines] == ["A1", "A2"]

    def test_the_seats_that_are_chosen(self, client, showtime, block):
        client.post(page_of(block), {"count": "3", "seats": ["A3"]})
        assert held(showtime) == ["A3"]

    def test_exactly_these_whatever_was_held_before(self, client, showtime, block):
        client.post(page_of(block), {"count": "2"})
        client.post(page_of(block), {"seats": ["A2", "A3"]})
        assert held(showtime) == ["A2", "A3"]
        assert "A1, A2 and A3" in words(client.get(page_of(block)))

    @pytest.mark.parametrize("sent", [{}, {"count": "0"}, {"count": "-1"}, {"count": "two"}, {"count": "9999"}])
    def test_without_a_number_of_seats_nothing_is_held(self, client, block, sent):
        answer = client.post(page_of(block), sent)
        assert (answer.status_code, "Please say how many" in words(answer)) == (422, True)
        assert not Hold.objects.exists()

    @pytest.mark.parametrize("seats", [["A4"], ["A1", "A4"]])
    def test_the_link_takes_no_other_seats(self, client, showtime, block, seats):
        answer = client.post(page_of(block), {"seats": seats})
        assert (answer.status_code, "Not all of these" in words(answer)) == (409, True)
        assert held(showtime) == []

    def test_each_link_leads_to_its_own_group_and_takes_nothing_of_another(self, client, showtime, block):
        choir = make_group(showtime, "B1", "B2", name="Choir")
        for group, other in ((block, choir), (choir, block)):
            said = words(client.get(page_of(group)))
            assert f"Kept for {group.name}" in said and f"Kept for {other.name}" not in said
        assert client.post(page_of(choir), {"seats": ["A1"]}).status_code == 409
        assert client.post(page_of(choir), {"count": "2"}).status_code == 302
        assert held(showtime) == ["B1", "B2"]

    def test_over(self, client, block):
        end_block(block=block, actor="test")
        answer = client.get(page_of(block))
        assert (answer.status_code, "Nothing is kept under this link" in words(answer)) == (404, True)

    def test_over_from_its_end_on_also_before_the_sweep(self, client, block):
        GroupBlock.objects.update(until=timezone.now())
        assert client.post(page_of(block), {"count": "1"}).status_code == 410
        assert not Hold.objects.exists()

    def test_a_canceled_showtime(self, client, block):
        Showtime.objects.update(status="CANCELED")
        assert client.post(page_of(block), {"count": "1"}).status_code == 410
        assert not Hold.objects.exists()

    def test_what_another_of_the_group_is_paying_for_is_said_and_refused(self, client, showtime, block, other_browser):
        take_group_seats(block=block, browser=other_browser, labels=["A1"])
        assert "Somebody is paying just now: A1." in words(client.get(page_of(block)))
        assert client.post(page_of(block), {"seats": ["A1"]}).status_code == 409
        assert client.post(page_of(block), {"count": "1"}).status_code == 302
        assert held(showtime) == ["A1", "A2"]


class TestLimits:
    def test_staff_decided_how_many(self, showtime, block, my_browser, settings):
        settings.MAX_SEATS_PER_HOLD = settings.TICKETS_PER_PERSON_AND_SHOWTIME = 1
        settings.SHOWTIME_SHARE_PER_ADDRESS = settings.SHOWTIME_SHARE_UNPAID = "0.01"
        assert buy(showtime, block, my_browser, "A1", "A2", "A3").tickets.count() == 3

    def test_seats_from_the_map_beside_those_of_the_group_are_a_persons_own(
        self, showtime, block, my_browser, settings
    ):
        settings.TICKETS_PER_PERSON_AND_SHOWTIME = 1
        take_group_seats(block=block, browser=my_browser, labels=["A1"])
        hold_seats(showtime, my_browser, "B1", "B2")
        person = Person(Customer(email="", user_id=None), my_browser.holder)
        assert "up to 1 ticket" in limit_in_words(showtime_id=showtime.pk, person=person, count=3, has=0)
        with nothing_changes(), pytest.raises(TooManyTickets):
            open_booking(showtime_id=showtime.pk, browser=my_browser, form=pay_form(showtime, "A1", "B1", "B2"))

    def test_no_limit_is_announced_for_them(self, showtime, block, my_browser, settings):
        settings.TICKETS_PER_PERSON_AND_SHOWTIME = 1
        person = Person(Customer(email="", user_id=None), my_browser.holder)
        take_group_seats(block=block, browser=my_browser, labels=["A1", "A2"])
        assert limit_in_words(showtime_id=showtime.pk, person=person, count=2, has=0) == ""
        other = Person(Customer(email="", user_id=None), "0" * 64)
        assert limit_in_words(showtime_id=showtime.pk, person=other, count=2, has=0) != ""

    def test_a_single_seat_beside_the_block_is_not_their_fault(self, showtime, my_browser):
        """A1 stays alone, and the group has only A2 and A3."""
        showtime = make_showtime(auditorium=make_auditorium(showtime.auditorium.theater, "A oooooo"))
        block = make_group(showtime, "A2", "A3", name="Choir")
        take_group_seats(block=block, browser=my_browser, labels=["A2", "A3"])
        judged = {
            "showtime_id": showtime.pk, "plan_id": showtime.plan_id, "labels": ["A2", "A3"], "rule": SingleSeatRule(True, 0),
        }  # fmt: skip
        assert judge_held(hold_id=Hold.objects.get().pk, **judged) is None
        ShowtimeSeat.objects.update(group_block=None, house_reason="")
        assert judge_held(hold_id=Hold.objects.get().pk, **judged) is not None


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([1, 2, 3], "A1, A2 and A3"),
        ([1, 2, 3, 4, 6], "A1 to A4 and A6"),
        ([6, 5, 4, 3, 2], "A2 to A6"),
        ([1, 3, 5, 7], "A1, A3, A5 and A7"),
        ([8, 4, 6, 2, 1], "A8, A4, A6, A2 and A1"),
    ],
)
def test_many_seats_side_by_side_are_told_by_the_first_and_the_last(numbers, said):
    """This is done when all numbers between them are in the row. `numbers` are from left to right; an aisle may put a 6
    behind a 4.
    """
    xs = [2 * at + 2 * (numbers[at - 1 : at + 1] == [4, 6] and numbers[0] == 1) for at in range(len(numbers))]
    seats = [
        PlanSeat(f"A{number}", "A", number, "", "STANDARD", "", x=x, y=0) for number, x in zip(numbers, xs, strict=True)
    ]
    assert seats_in_words([SimpleNamespace(label=seat.label, seat=seat) for seat in seats]) == said


class TestPaid:
    def test_its_holder_breaks_no_invariant(self, showtime, block, my_browser):
        take_group_seats(block=block, browser=my_browser, labels=["A1"])
        assert [finding for finding in check_invariants() if not finding.is_clean] == []

    def test_what_is_paid_has_left_and_the_rest_stays(self, client, showtime, block, my_browser):
        buy(showtime, block, my_browser, "A1")
        page = words(client.get(page_of(block)))
        assert "These are kept for you" in page and "Paid: A1." in page
        assert client.post(page_of(block), {"seats": ["A1"]}).status_code == 409

    def test_not_paid_they_are_the_groups_again_by_time_alone(self, client, showtime, block, my_browser):
        take_group_seats(block=block, browser=my_browser, labels=["A1"])
        past = timezone.now() - timedelta(seconds=1)
        Hold.objects.update(expires_at=past)
        ShowtimeSeat.objects.filter(label="A1").update(held_until=past)
        assert "These are kept for you" in words(client.get(page_of(block)))
        take_group_seats(block=block, browser=make_browser(9), labels=["A1"])

    def test_when_all_are_paid_the_end_leaves_nothing(self, showtime, block, my_browser):
        buy(showtime, block, my_browser, "A1", "A2", "A3")
        GroupBlock.objects.update(until=timezone.now())
        assert (end_due_blocks(), GroupBlock.objects.exists()) == (1, False)
        assert not AuditEntry.objects.filter(action="end a group's seats").exists()
        assert ShowtimeSeat.objects.filter(booking__isnull=False, house_reason="").count() == 3


def test_a_contact_is_known_whatever_the_case_of_its_letters(showtime):
    block = make_group(showtime, "A1", contact="Scouts@Example.com")
    assert list(data_of_groups(["SCOUTS@example.com"])) == [block]


class TestReleaseWhileSomebodyPays:
    def test_by_hand_what_somebody_pays_for_stays_theirs(self, showtime, block, my_browser):
        take_group_seats(block=block, browser=my_browser, labels=["A1"])
        assert release_seats(showtime=showtime, labels=["A1", "A2"], actor="test") == ["A2"]
        assert open_booking(showtime_id=showtime.pk, browser=my_browser, form=pay_form(showtime, "A1")).pk

    def test_the_end_waits_for_what_is_being_paid_and_takes_the_rest(self, showtime, block, my_browser):
        take_group_seats(block=block, browser=my_browser, labels=["A1"])
        assert end_block(block=block, actor="test") == ["A2", "A3"]
        assert GroupBlock.objects.exists()
        booking = open_booking(showtime_id=showtime.pk, browser=my_browser, form=pay_form(showtime, "A1"))
        end_due_blocks()
        assert GroupBlock.objects.exists()
        confirm_booking(locks.booking(booking.pk), actor="test")
        end_due_blocks()
        assert not GroupBlock.objects.exists()
        assert ShowtimeSeat.objects.get(label="A1").booking == booking

    def test_released_meanwhile_they_are_refused(self, showtime, block, my_browser):
        release_seats(showtime=showtime, labels=["A1"], actor="test")
        with pytest.raises(GroupSeatsGone):
            take_group_seats(block=block, browser=my_browser, labels=["A1", "A2"])
        assert held(showtime) == []
        assert hold_seats(showtime, my_browser, "A1").pk
