"""Seats that staff keep for a group under a name until a moment; they are released in part or as a whole."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.utils import timezone

from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.groups.group_blocks import end_due_blocks
from reservations.models import GroupBlock, ShowtimeSeat
from reservations.opening.house_seats import release_due_seats
from reservations.opening.showtime_opening import take_back
from reservations.refusals.seats import SeatGone
from reservations.seats.fullness import refresh_fullness
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.boxoffice.scenes import book, pay
from tests.factories import hold_seats, make_browser, make_showtime
from tests.ledger import nothing_changes
from theaters.models import Showtime
from theaters.schedule.scheduling import SchedulingRefused

pytestmark = pytest.mark.django_db
ZONE_HOURS = timedelta(hours=3)


def page_of(showtime) -> str:
    return f"/admin/theaters/showtime/{showtime.pk}/house-seats/"


def local(showtime, moment):
    return moment.astimezone(showtime.auditorium.theater.zone)


def until_fields(showtime, moment, prefix="group"):
    at = local(showtime, moment)
    return {f"{prefix}-on": f"{at:%Y-%m-%d}", f"{prefix}-at": f"{at:%H:%M:%S.%f}"}


def keep(office, showtime, *labels, name="Scouts", until=None):
    until = until or showtime.starts_at - ZONE_HOURS
    form = {"seats": labels, "group-name": name, "group-contact": "scouts@example.com", "_group": "1"}
    return office.post(page_of(showtime), form | until_fields(showtime, until))


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def kept(showtime) -> list[str]:
    seats = ShowtimeSeat.objects.filter(showtime=showtime, group_block__isnull=False).exclude(house_reason="")
    return sorted(seats.values_list("label", flat=True))


def let_it_end(block) -> None:
    GroupBlock.objects.filter(pk=block.pk).update(until=timezone.now() - timedelta(seconds=1))


class TestKeep:
    def test_they_are_the_groups_and_nobody_elses(self, office, showtime, manager):
        assert "Kept for Scouts." in said(keep(office, showtime, "A1", "A2"))
        assert kept(showtime) == ["A1", "A2"]
        with pytest.raises(SeatGone):
            hold_seats(showtime, make_browser(1), "A1")
        refresh_fullness()
        assert Showtime.objects.get().seats_taken == 2
        block = GroupBlock.objects.get()
        assert (block.name, block.contact, block.until) == (
            "Scouts", "scouts@example.com", showtime.starts_at - ZONE_HOURS,
        )  # fmt: skip

    def test_map_and_list_show_the_name(self, office, showtime):
        keep(office, showtime, "A1", "A2")
        page = office.get(page_of(showtime)).content.decode()
        assert "kept back: Scouts" in page and "scouts@example.com" in page and "A1, A2" in page

    def test_seats_and_audit_log_keep_its_number_alone(self, office, showtime, manager):
        keep(office, showtime, "A1")
        block = GroupBlock.objects.get()
        assert ShowtimeSeat.objects.get(label="A1").house_reason == f"Group {block.pk}"
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.user, entry.after["group"], entry.after["seats"]) == (
            "keep seats for a group", manager, f"Group {block.pk}", "A1",
        )  # fmt: skip
        assert "Scouts" not in str((entry.after, entry.before, entry.reason, entry.what_text))

    @pytest.mark.parametrize("how", ["held", "sold", "press", "group"])
    def test_all_seats_of_a_group_are_kept_or_none_of_them(self, office, showtime, how):
        if how == "held":
            hold_seats(showtime, make_browser(7), "A1")
        elif how == "sold":
            book(showtime, "A1")
        elif how == "press":
            office.post(page_of(showtime), {"seats": ["A1"], "reason": "Press", "_keep": "1"})
        else:
            keep(office, showtime, "A1", name="Choir")
        with nothing_changes():
            answer = keep(office, showtime, "A1", "A2")
        assert (answer.status_code, "Not free: A1." in answer.content.decode()) == (409, True)
        # What was typed is kept.
        assert 'value="Scouts"' in answer.content.decode()

    def test_the_end_lies_between_now_and_the_start(self, office, showtime):
        minute = timedelta(minutes=1)
        with nothing_changes():
            early = keep(office, showtime, "A1", until=timezone.now() - minute)
            late = keep(office, showtime, "A1", until=showtime.starts_at + minute)
        assert (early.status_code, "This moment is over" in early.content.decode()) == (409, True)
        assert (late.status_code, "until the start of the showtime" in late.content.decode()) == (409, True)

    def test_without_seats_or_name(self, office, showtime):
        with nothing_changes():
            assert keep(office, showtime).status_code == 409
            assert "This field is required." in keep(office, showtime, "A1", name=" ").content.decode()

    def test_a_canceled_showtime_has_none_to_keep(self, office, showtime):
        Showtime.objects.update(status="CANCELED")
        with nothing_changes():
            assert keep(office, showtime, "A1").status_code == 409

    def test_kept_back_for_something_else_they_stay_with_the_group(self, office, showtime):
        keep(office, showtime, "A1")
        answer = office.post(page_of(showtime), {"seats": ["A1"], "reason": "Press", "_keep": "1"})
        assert "Not free, so they stay as they are: A1." in said(answer)
        assert kept(showtime) == ["A1"]

    def test_a_broken_chair_is_no_groups(self, office, showtime):
        keep(office, showtime, "A1", "A2")
        seat = f"/admin/theaters/showtime/seat/?auditorium={showtime.auditorium_id}&label=A1"
        assert "Somebody has it at 1 showtimes" in said(office.post(seat, {"reason": "Torn"}))
        assert kept(showtime) == ["A2"]
        assert ShowtimeSeat.objects.get(label="A1").house_reason == "Torn"

    def test_the_counter_reads_the_name(self, office, showtime):
        keep(office, showtime, "A1", "A2")
        assert "Scouts" in " ".join(office.get(f"/counter/showtimes/{showtime.pk}/").content.decode().split())


class TestRelease:
    def test_some_of_them_by_the_map(self, office, showtime):
        keep(office, showtime, "A1", "A2")
        office.post(page_of(showtime), {"seats": ["A1"], "_release": "1"})
        assert kept(showtime) == ["A2"]
        assert hold_seats(showtime, make_browser(1), "A1").pk

    def test_with_the_last_seat_the_block_is_gone(self, office, showtime):
        keep(office, showtime, "A1")
        office.post(page_of(showtime), {"seats": ["A1"], "_release": "1"})
        assert not GroupBlock.objects.exists()

    def test_all_by_the_groups_button(self, office, showtime):
        keep(office, showtime, "A1", "A2")
        keep(office, showtime, "B1", name="Choir")
        block = GroupBlock.objects.get(name="Scouts")
        assert "Scouts: On sale again: A1 and A2." in said(office.post(page_of(showtime), {"_end": block.pk}))
        assert (kept(showtime), GroupBlock.objects.get().name) == (["B1"], "Choir")

    def test_pressed_again_it_says_that_it_is_over(self, office, showtime):
        keep(office, showtime, "A1")
        block = GroupBlock.objects.get()
        office.post(page_of(showtime), {"_end": block.pk})
        with nothing_changes():
            answers = [office.post(page_of(showtime), {name: block.pk}) for name in ("_end", "_extend")]
        assert [answer.status_code for answer in answers] == [409, 409]
        assert "not kept for the group any more" in answers[0].content.decode()

    def test_the_block_of_another_showtime_is_not_touched(self, office, showtime):
        other = make_showtime(auditorium=showtime.auditorium, starts_at=showtime.starts_at + timedelta(hours=5))
        keep(office, other, "A1")
        with nothing_changes():
            assert office.post(page_of(showtime), {"_end": GroupBlock.objects.get().pk}).status_code == 409

    def test_what_was_sold_of_it_is_the_groups_again_when_it_is_canceled(self, office, showtime):
        booking = book(showtime, "A1")
        pay(booking)
        keep(office, showtime, "A2")
        block = GroupBlock.objects.get()
        ShowtimeSeat.objects.filter(label="A1").update(house_reason=str(block), group_block=block)
        assert "Sold or held: A1." in " ".join(office.get(page_of(showtime)).content.decode().split())
        cancel_tickets(
            booking_id=booking.pk, ticket_ids=None, percent=100, origin=CancellationOrigin(CancelCause.STAFF, "test")
        )
        with pytest.raises(SeatGone):
            hold_seats(showtime, make_browser(5), "A1")

    def test_what_was_sold_stays_sold_when_the_block_ends(self, office, showtime):
        pay(book(showtime, "A1"))
        keep(office, showtime, "A2")
        block = GroupBlock.objects.get()
        ShowtimeSeat.objects.filter(label="A1").update(house_reason=str(block), group_block=block)
        assert "On sale again: A2." in said(office.post(page_of(showtime), {"_end": block.pk}))
        seat = ShowtimeSeat.objects.get(label="A1")
        assert (seat.booking is not None, seat.house_reason, seat.group_block) == (True, "", None)

    def test_a_showtime_with_a_group_is_not_taken_back(self, office, showtime):
        keep(office, showtime, "A1")
        with nothing_changes(), pytest.raises(SchedulingRefused, match="kept for a group"):
            take_back(showtime_id=showtime.pk, actor="test")


class TestEnd:
    def test_before_it_nothing_and_then_they_are_on_sale(self, office, showtime):
        keep(office, showtime, "A1", "A2")
        with nothing_changes():
            assert (end_due_blocks(), release_due_seats()) == (0, 0)
        let_it_end(GroupBlock.objects.get())
        assert end_due_blocks() == 1
        assert (kept(showtime), GroupBlock.objects.count()) == ([], 0)
        assert hold_seats(showtime, make_browser(1), "A1").pk
        assert AuditEntry.objects.get(action="end a group's seats").after["on sale again"] == "A1, A2"

    def test_it_ends_with_the_start_of_a_showtime_that_was_moved_to_an_earlier_time(self, office, showtime):
        keep(office, showtime, "A1")
        Showtime.objects.update(starts_at=timezone.now() - timedelta(seconds=1))
        assert (end_due_blocks(), kept(showtime)) == (1, [])

    def test_a_canceled_showtimes_block_goes_too(self, office, showtime):
        keep(office, showtime, "A1")
        Showtime.objects.update(status="CANCELED")
        let_it_end(GroupBlock.objects.get())
        assert (end_due_blocks(), GroupBlock.objects.count()) == (1, 0)

    def test_the_sweep_costs_one_query_while_nothing_is_due(self, office, showtime, django_assert_num_queries):
        keep(office, showtime, "A1")
        with django_assert_num_queries(1):
            assert end_due_blocks() == 0

    def test_it_can_be_changed(self, office, showtime):
        keep(office, showtime, "A1")
        block = GroupBlock.objects.get()
        until = showtime.starts_at - timedelta(hours=1)
        fields = until_fields(showtime, until, f"group-{block.pk}")
        assert "the end is changed" in said(office.post(page_of(showtime), {"_extend": block.pk} | fields))
        assert GroupBlock.objects.get().until == until
        entry = AuditEntry.objects.get(action="change the end of a group's seats")
        assert entry.before["until"] != entry.after["until"]

    def test_not_past_the_start(self, office, showtime):
        keep(office, showtime, "A1")
        block = GroupBlock.objects.get()
        fields = until_fields(showtime, showtime.starts_at + timedelta(minutes=5), f"group-{block.pk}")
        with nothing_changes():
            assert office.post(page_of(showtime), {"_extend": block.pk} | fields).status_code == 409
