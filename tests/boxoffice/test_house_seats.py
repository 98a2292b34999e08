"""Seats kept back from sale and released by hand or by time; a broken seat and everybody who has a ticket for it."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.utils import timezone

from config.celery import app
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import ShowtimeSeat
from reservations.opening.house_seats import release_due_seats
from reservations.refusals.seats import SeatGone
from reservations.seats.fullness import refresh_fullness
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.boxoffice.scenes import book, pay
from tests.factories import hold_seats, make_auditorium, make_browser, make_draft, make_showtime, make_staff
from tests.ledger import nothing_changes
from theaters.models import BrokenSeat, Showtime

pytestmark = pytest.mark.django_db
SEAT = "/admin/theaters/showtime/seat/"


def page_of(showtime) -> str:
    return f"/admin/theaters/showtime/{showtime.pk}/house-seats/"


def said(answer) -> str:
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


def keep(office, showtime, *labels, reason="Press", minutes=""):
    form = {"seats": labels, "reason": reason, "release_minutes": minutes, "_keep": "1"}
    return office.post(page_of(showtime), form)


def reasons(showtime) -> dict[str, str]:
    kept = ShowtimeSeat.objects.filter(showtime=showtime).exclude(house_reason="")
    return dict(kept.values_list("label", "house_reason"))


class TestKeepBack:
    def test_kept_back_they_are_not_sold(self, office, showtime, manager):
        assert "Kept back: A1, A2." in said(keep(office, showtime, "A1", "A2"))
        assert reasons(showtime) == {"A1": "Press", "A2": "Press"}
        with pytest.raises(SeatGone):
            hold_seats(showtime, make_browser(1), "A1")
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.after, entry.reason, entry.user) == (
            "keep seats back", {"seats": "A1, A2"}, "Press", manager,
        )  # fmt: skip
        assert "Press" in office.get(page_of(showtime)).content.decode()

    def test_what_is_sold_or_held_stays_as_it_is(self, office, showtime):
        book(showtime, "A1")
        hold_seats(showtime, make_browser(7), "A2")
        answer = keep(office, showtime, "A1", "A2", "A3")
        assert "Not free, so they stay as they are: A1, A2." in said(answer)
        assert reasons(showtime) == {"A3": "Press"}

    def test_by_hand_they_are_on_sale_again(self, office, showtime):
        keep(office, showtime, "A1", "A2")
        answer = office.post(page_of(showtime), {"seats": ["A1", "B1"], "_release": "1"})
        assert "On sale again: A1." in said(answer)
        assert reasons(showtime) == {"A2": "Press"}
        assert hold_seats(showtime, make_browser(1), "A1").pk

    def test_lists_count_them_again(self, office, showtime):
        refresh_fullness()
        keep(office, showtime, "A1", "A2")
        refresh_fullness()
        assert Showtime.objects.get().seats_taken == 2

    @pytest.mark.parametrize(
        ("form", "status"),
        [({"reason": "Press"}, 409), ({"seats": ["A1"]}, 409), ({"seats": ["Z9"], "reason": "x"}, 200)],
    )
    def test_nothing_chosen_and_no_reason(self, office, showtime, form, status):
        with nothing_changes():
            assert office.post(page_of(showtime), form | {"_keep": "1"}).status_code == status


class TestReleaseByTime:
    """The showtime of these tests starts in 24 hours."""

    def test_before_its_time_a_seat_stays_and_then_it_goes_on_sale(self, office, showtime):
        keep(office, showtime, "A1", minutes="60")
        keep(office, showtime, "A2")
        with nothing_changes():
            assert release_due_seats() == 0
        soon = timezone.now() + timedelta(minutes=59)
        Showtime.objects.update(starts_at=soon, sales_close_at=soon)
        assert release_due_seats() == 1
        assert reasons(showtime) == {"A2": "Press"}
        assert ShowtimeSeat.objects.get(label="A1").house_release_minutes is None
        assert hold_seats(showtime, make_browser(1), "A1").pk

    def test_a_showtime_that_moves_takes_the_moment_with_it(self, office, showtime):
        keep(office, showtime, "A1", minutes="60")
        Showtime.objects.update(starts_at=timezone.now() + timedelta(minutes=61))
        assert release_due_seats() == 0

    def test_the_sweep_runs_often_and_costs_one_query_while_nothing_is_due(
        self, office, showtime, django_assert_num_queries
    ):
        keep(office, showtime, "A1", minutes="60")
        keep(office, make_showtime(auditorium=make_auditorium(showtime.auditorium.theater)), "A1", minutes="0")
        with django_assert_num_queries(1):
            assert release_due_seats() == 0
        entry = app.conf.beat_schedule["house seats on sale"]
        assert (entry["task"], entry["schedule"]) == ("reservations.release_house_seats", 15.0)

    def test_a_canceled_showtime_releases_nothing(self, office, showtime):
        keep(office, showtime, "A1", minutes="2000")
        Showtime.objects.update(status="CANCELED")
        with nothing_changes():
            assert release_due_seats() == 0


class TestBroken:
    @pytest.fixture
    def later(self, showtime):
        return make_showtime(auditorium=showtime.auditorium, starts_at=showtime.starts_at + timedelta(hours=5))

    def address(self, showtime, label="A1"):
        return f"{SEAT}?auditorium={showtime.auditorium_id}&label={label}"

    def test_every_ticket_to_come_is_listed(self, office, showtime, later):
        booking = book(showtime, "A1", email="ada@example.com")
        hold_seats(later, make_browser(5), "A1")
        page = office.get(self.address(showtime, "a1")).content.decode()
        assert booking.reference in page and "ada@example.com" in page and "being chosen or paid" in page

    def test_it_is_kept_back_wherever_it_is_free_and_at_what_opens_later(self, office, showtime, later):
        book(showtime, "A1")
        answer = office.post(self.address(showtime), {"reason": "Broken spring"})
        assert "Somebody has it at 1 showtimes" in said(answer)
        assert (reasons(showtime), reasons(later)) == ({"A1": "Broken spring"}, {"A1": "Broken spring"})
        opened = make_showtime(auditorium=showtime.auditorium, starts_at=later.starts_at + timedelta(hours=5))
        assert reasons(opened) == {"A1": "Broken spring"}

    def test_a_seat_that_is_given_up_is_a_house_seat(self, office, showtime):
        booking = book(showtime, "A1")
        pay(booking)
        office.post(self.address(showtime), {"reason": "Broken spring"})
        cancel_tickets(
            booking_id=booking.pk, ticket_ids=None, percent=100, origin=CancellationOrigin(CancelCause.STAFF, "test")
        )
        with pytest.raises(SeatGone):
            hold_seats(showtime, make_browser(5), "A1")
        office.post(self.address(showtime), {"_mended": "1"})
        assert hold_seats(showtime, make_browser(5), "A1")

    def test_after_the_repair_it_is_on_sale_again(self, office, showtime, later):
        keep(office, later, "A1", reason="Press")
        office.post(self.address(showtime), {"reason": "Broken spring"})
        answer = office.post(self.address(showtime), {"_mended": "1"})
        assert "on sale again at 1 showtimes" in said(answer)
        assert (reasons(showtime), reasons(later)) == ({}, {"A1": "Press"})
        assert BrokenSeat.objects.get().mended_at is not None

    def test_a_repaired_seat_frees_its_own_house_seats_and_no_others_with_the_same_reason(
        self, office, showtime, later
    ):
        keep(office, later, "A1", reason="Torn")
        office.post(self.address(showtime), {"reason": "Torn"})
        answer = office.post(self.address(showtime), {"_mended": "1"})
        assert "on sale again at 1 showtimes" in said(answer)
        assert (reasons(showtime), reasons(later)) == ({}, {"A1": "Torn"})

    def test_kept_back_again_for_something_else_it_stays(self, office, showtime):
        office.post(self.address(showtime), {"reason": "Torn"})
        keep(office, showtime, "A1", reason="Torn")
        answer = office.post(self.address(showtime), {"_mended": "1"})
        assert "on sale again at 0 showtimes" in said(answer)
        assert reasons(showtime) == {"A1": "Torn"}

    def test_only_house_seats_have_a_time_or_a_repair_to_wait_for(self, office, showtime):
        seats = ShowtimeSeat.objects.filter(showtime=showtime, label="A1")
        with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
            seats.update(house_release_minutes=30)

    def test_a_seat_reported_twice_is_one_broken_seat(self, office, showtime):
        office.post(self.address(showtime), {"reason": "Broken spring"})
        answer = office.post(self.address(showtime), {"reason": "Wet"})
        assert "broken already" in answer.context["refusal"]
        assert BrokenSeat.objects.count() == 1

    def test_no_such_seat(self, office, showtime):
        page = office.get(self.address(showtime, "Z9")).content.decode()
        assert "has no seat or place Z9" in page


class TestDoor:
    def test_closed_to_guests_to_the_box_office_and_to_other_theaters(self, client, office, showtime):
        addresses = (page_of(showtime), f"{SEAT}?theater={showtime.auditorium.theater_id}")
        for address in addresses:
            assert client.get(address).url.startswith("/accounts/login/")
            assert office.delete(address).status_code == 405
        client.force_login(make_staff("BOX_OFFICE", showtime.auditorium.theater))
        assert [client.get(address).status_code for address in addresses] == [403, 403]
        client.force_login(make_staff("MANAGER", make_draft().auditorium.theater))
        assert [client.get(address).status_code for address in addresses] == [404, 404]
        assert client.post(page_of(showtime), {"seats": ["A1"], "reason": "x", "_keep": "1"}).status_code == 404
        assert reasons(showtime) == {}

    def test_a_draft_has_no_seats_to_keep_back(self, office):
        draft = make_draft()
        assert office.get(page_of(draft)).status_code == 200
        assert office.get("/admin/theaters/showtime/999999/house-seats/").status_code == 404
