"""The report of people who had a ticket and did not come, with comps beside sold tickets."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from boxoffice.report_tables.occupancy import showtime_tables
from boxoffice.selectors.comps import CompGroup, comps
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.no_shows import NoShowGroup, attendance, everybody, no_shows
from boxoffice.selectors.occupancy import seat_states
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.models import Ticket
from reservations.selling.comps import Comp, give_comp
from reservations.states import CancelCause
from staff.access import staff_actor
from tests.boxoffice.scenes import book, pay
from tests.clock import today
from tests.factories import make_auditorium, make_movie, make_showtime, make_staff, make_theater

pytestmark = pytest.mark.django_db
EVENING = date(2014, 6, 6)


@pytest.fixture
def theater():
    return make_theater()


def give(showtime, *labels, reason="Press", actor="test"):
    gift = Comp(labels=list(labels), email="critic@example.com", reason=reason)
    return give_comp(showtime_id=showtime.pk, comp=gift, actor=actor, now=timezone.now())


def shown(theater, *labels, came=(), given=(), at=datetime(2014, 6, 6, 18, tzinfo=UTC), **fields):
    """A showtime that is over: some seats were sold, some given away, and people came with some of both kinds."""
    showtime = make_showtime(auditorium=make_auditorium(theater), **fields)
    for number, label in enumerate(labels):
        book(showtime, label, number=number)
    for label in given:
        give(showtime, label)
    Ticket.objects.filter(showtime=showtime, seat__label__in=came).update(status="USED")
    showtime.starts_at = at
    showtime.set_times()
    showtime.save()
    return showtime


def span_of(theater, first=EVENING, last=EVENING):
    return DayRange(theater, first, last)


def counted(theater, group):
    span = span_of(theater)
    lines = no_shows(attendance(span), span=span, group=group)
    return [(line.label, line.showtimes, line.tickets, line.came, line.stayed_away, line.percent) for line in lines]


def test_by_day_film_and_showtime(theater):
    metropolis = make_movie(title="Metropolis")
    shown(theater, "A1", "A2", came=["A1"], movie=metropolis)
    shown(theater, "A1", "A2", came=["A1", "A2"], movie=metropolis, at=datetime(2014, 6, 6, 23, 30, tzinfo=UTC))
    shown(theater, "A1", "A2", "A3", "A4", came=["A4"], movie=make_movie(title="Sunrise"))
    # 00:30 in London belongs to the evening before.
    assert counted(theater, NoShowGroup.DAY) == [("2014-06-06", 3, 8, 4, 4, 50)]
    assert counted(theater, NoShowGroup.MOVIE) == [("Metropolis", 2, 4, 3, 1, 25), ("Sunrise", 1, 4, 1, 3, 75)]
    by_showtime = counted(theater, NoShowGroup.SHOWTIME)
    assert [line[1:] for line in by_showtime] == [(1, 2, 1, 1, 50), (1, 4, 1, 3, 75), (1, 2, 2, 0, 0)]
    assert by_showtime[2][0].startswith("Sat 07 Jun, 00:30 Metropolis, ")


def test_where_nobody_was_scanned_nobody_stayed_away(theater):
    quiet = shown(theater, "A1", "A2")
    shown(theater, "A1", "A2", came=["A2"])
    assert counted(theater, NoShowGroup.DAY) == [("2014-06-06", 1, 2, 1, 1, 50)]
    (unseen,) = [one for one in attendance(span_of(theater)) if not one.was_scanned]
    assert (unseen.showtime_id, unseen.tickets) == (quiet.pk, 2)


def test_comps_that_did_not_come_stand_apart(theater):
    shown(theater, "A1", given=["A2", "A3"], came=["A2"])
    span = span_of(theater)
    (line,) = no_shows(attendance(span), span=span, group=NoShowGroup.DAY)
    assert (line.tickets, line.came, line.stayed_away, line.of_them_comps) == (3, 1, 2, 1)


def test_a_show_that_runs_yet_has_no_no_shows(theater):
    shown(theater, "A1", at=timezone.now())
    assert attendance(span_of(theater, date(2014, 1, 1), today(theater))) == []


def test_canceled_tickets_and_other_theaters_are_left_out(theater):
    showtime = shown(theater, "A1", "A2", came=["A1"])
    ticket = Ticket.objects.get(showtime=showtime, seat__label="A2")
    cancel_tickets(
        booking_id=ticket.booking_id,
        ticket_ids=None,
        percent=100,
        origin=CancellationOrigin(CancelCause.STAFF, "staff:1"),
    )
    shown(make_theater(), "A1")
    assert counted(theater, NoShowGroup.DAY) == [("2014-06-06", 1, 1, 1, 0, 0)]


def test_the_sum_is_the_sum_of_lines(theater):
    shown(theater, "A1", "A2", came=["A1"])
    shown(theater, "A1", came=["A1"])
    span = span_of(theater)
    whole = everybody(no_shows(attendance(span), span=span, group=NoShowGroup.SHOWTIME))
    assert (whole.showtimes, whole.tickets, whole.came, whole.percent) == (2, 3, 2, 33)


# Comps


def test_comps_by_reason_person_and_day(theater):
    manager = make_staff("MANAGER", theater, email="meg@marquee.example")
    showtime = shown(theater, "A1", came=["B1"], given=["B1"])
    later = make_showtime(theater=theater)
    give(later, "A1", "A2", reason="A prize", actor=staff_actor(manager))
    span = span_of(theater, date(2014, 6, 1), today(theater) + timedelta(days=3))
    figures = {
        group: [(one.label, one.given, one.came) for one in comps(span=span, group=group)]
        for group in (CompGroup.REASON, CompGroup.PERSON)
    }
    assert figures[CompGroup.REASON] == [("A prize", 2, 0), ("Press", 1, 1)]
    assert figures[CompGroup.PERSON] == [("meg@marquee.example", 2, 0), ("test", 1, 1)]
    (line,) = comps(span=span_of(theater), group=CompGroup.DAY)
    assert (line.label, line.given, line.taken_back, line.stand) == ("2014-06-06", 1, 0, 1)
    assert showtime.bookings.filter(sale__comp_reason="").count() == 1


# One showtime, seat by seat


def test_every_seat_says_what_became_of_it(theater):
    showtime = shown(theater, "A1", "A2", given=["B1"], came=["A1"])
    showtime.seats.filter(label="B6").update(house_reason="For the critic")
    states = {seat.label: seat.state for seat in seat_states(showtime)}
    assert {label: state for label, state in states.items() if state != "free"} == {
        "A1": "came", "A2": "sold", "B1": "given", "B6": "house",
    }  # fmt: skip
    assert len(states) == 12


def test_a_showtime_without_numbers_counts_its_places():
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nunreserved 4\n"))
    pay(book(showtime, "Hall 0001", number=1), number=1)
    (counted,) = showtime_tables(showtime)
    assert counted.head[0] == "Places that are"
    assert [(name, number) for name, number, _ in counted.rows if number] == [("Sold", 1), ("Free", 3)]
    assert "Kept back" in [name for name, _, _ in counted.rows]


def test_a_mixed_room_counts_seats_and_places():
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A oo\n[Balcony]\nunreserved 4\n"))
    counted, one_by_one = showtime_tables(showtime)
    assert counted.head[0] == "Seats and places that are"
    assert [(name, number) for name, number, _ in counted.rows if number] == [("Free", 6)]
    assert [label for label, _ in one_by_one.rows] == ["A1", "A2"]
