"""At the door a ticket lets one person in, once, and every refusal can be read aloud."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from reservations.aftersale.cancellation import ALL, CancellationOrigin, cancel_tickets
from reservations.aftersale.transfers import take_ticket
from reservations.door.door_rules import Door
from reservations.door.door_scans import DoorRefused, TooLongAgo, admit, undo
from reservations.models import Move, Scan, Ticket
from reservations.states import CancelCause
from tests.boxoffice.scenes import book
from tests.factories import (
    begin_paying,
    make_auditorium,
    make_browser,
    make_movie,
    make_showtime,
    make_staff,
    make_theater,
    make_transfer,
)
from theaters.models import MovieRating, Showtime

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(showtime) -> Ticket:
    return book(showtime, "A3").tickets.get()


@pytest.fixture
def door(showtime) -> Door:
    theater = showtime.auditorium.theater
    return Door(theater, showtime.auditorium, "door 2", make_staff("DOOR", theater).pk)


def at(ticket, **before):
    """The moment this long before the start."""
    return ticket.showtime.starts_at - timedelta(**before)


def ask(ticket, door, **before):
    return admit(text=ticket.code, door=door, now=at(ticket, **before or {"minutes": 15}))


def status(ticket) -> str:
    return Ticket.objects.get(pk=ticket.pk).status


def test_welcome_tells_seat_type_and_rating(ticket, door):
    MovieRating.objects.create(movie=ticket.showtime.movie, country="GB", label="12A")
    answer = ask(ticket, door)
    assert (answer.is_welcome, answer.sentence) == (True, "Welcome")
    assert (answer.ticket.seat, answer.ticket.type_name, answer.ticket.rating) == ("Row A, seat 3", "Adult", "12A")
    assert status(ticket) == "USED"
    scan = Scan.objects.get()
    assert (scan.ticket, scan.outcome, scan.door, scan.operator_id) == (ticket, "ADMITTED", "door 2", door.operator_id)
    move = Move.objects.filter(what="ticket").latest("pk")
    assert (move.from_status, move.to_status, move.actor) == ("VALID", "USED", f"staff:{door.operator_id}")


@pytest.mark.parametrize("text", ["{}", " {}\n", "http://localhost:8000/tickets/{}/", "HTTPSÖ--X.EXAMPLE-TICKETS-{}-"])
def test_a_scanner_may_read_the_address_or_the_code(ticket, door, text):
    assert admit(text=text.format(ticket.code).upper(), door=door, now=at(ticket, minutes=15)).is_welcome


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("A3", "This is not a readable code. Scan it again, or type the code that stands under the QR code."),
        ("\x00", "This is not a readable code. Scan it again, or type the code that stands under the QR code."),
        ("a" * 28, "This is not one of our tickets."),
        ("https://x.example/tickets/" + "a" * 28, "This is not one of our tickets."),
    ],
)
def test_what_cannot_be_read_is_told_from_what_is_unknown(ticket, door, text, sentence):
    answer = admit(text=text, door=door, now=at(ticket))
    assert (answer.is_welcome, answer.sentence) == (False, sentence)
    assert list(Scan.objects.values_list("ticket", "outcome")) == [(None, "REFUSED")]


def test_the_second_time_says_when_and_where_the_first_was(ticket, door):
    first = ask(ticket, door)
    entered = Scan.objects.get(pk=first.scan_id).at.astimezone(door.theater.zone)
    again = ask(ticket, Door(door.theater, None, "door 1", door.operator_id))
    assert again.sentence == f"Used at {entered:%H:%M} at door 2."
    assert (status(ticket), Move.objects.filter(what="ticket", to_status="USED").count()) == ("USED", 1)


def test_another_auditorium_names_both(ticket, door):
    other = make_auditorium(door.theater)
    answer = ask(ticket, Door(door.theater, other, "door 3", door.operator_id))
    assert answer.sentence == f"This is {other.name}; you want {ticket.showtime.auditorium.name}."
    assert status(ticket) == "VALID"


def test_the_entrance_of_the_theater_takes_every_auditorium(ticket, door):
    assert ask(ticket, Door(door.theater, None, "foyer", door.operator_id)).is_welcome


def test_a_ticket_of_another_theater_is_told_apart_and_not_shown(ticket, door):
    elsewhere = make_theater()
    answer = ask(ticket, Door(elsewhere, None, "door 1", door.operator_id))
    assert answer.sentence == f"This ticket is for {door.theater.name}."
    assert (answer.ticket, Scan.objects.get().ticket) == (None, None)


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ({"days": 1}, "This starts tomorrow at 19:30."),
        ({"days": 4}, "This starts on Thursday 3 June at 19:30."),
        ({"hours": 3}, "Too early: it starts at 19:30, doors open at 17:30."),
        ({"hours": -3}, "This show ended at 21:25."),
        ({"days": -1}, "This ticket was for Thursday 3 June, 19:30."),
    ],
)
def test_the_wrong_day_or_hour(showtime, door, before, sentence):
    ticket = book(showtime, "A3").tickets.get()
    starts = datetime(2027, 6, 3, 18, 30, tzinfo=UTC)
    move_showtime_to(showtime, starts)
    ticket.refresh_from_db()
    assert ask(ticket, door, **before).sentence == sentence
    assert status(ticket) == "VALID"


def move_showtime_to(showtime, starts):
    showtime.starts_at = starts
    showtime.set_times()
    showtime.save()


def test_a_late_show_belongs_to_the_evening_before(showtime, door):
    ticket = book(showtime, "A3").tickets.get()
    late = showtime.starts_at.astimezone(door.theater.zone).replace(hour=0, minute=30, second=0, microsecond=0)
    move_showtime_to(showtime, late)
    ticket.refresh_from_db()
    assert ask(ticket, door, minutes=45).is_welcome


def test_a_canceled_ticket_is_worth_nothing(ticket, door):
    cancel_tickets(
        booking_id=ticket.booking_id,
        ticket_ids=None,
        percent=ALL,
        origin=CancellationOrigin(CancelCause.CUSTOMER, "customer"),
    )
    assert ask(ticket, door).sentence == "This ticket was canceled; it is worth nothing any more."
    assert status(ticket) == "VOID"


def test_the_code_of_a_canceled_ticket_before_it_was_given_away_is_worth_nothing(ticket, door):
    take_ticket(code=make_transfer(ticket).code, holder="f" * 64)
    origin = CancellationOrigin(CancelCause.STAFF, "staff:1")
    cancel_tickets(booking_id=ticket.booking_id, ticket_ids=None, percent=ALL, origin=origin)
    assert ask(ticket, door).sentence == "This ticket was canceled; it is worth nothing any more."


def test_a_ticket_that_is_being_paid_for_lets_nobody_in(ticket, door, sandbox):
    reserved = begin_paying(ticket.showtime, make_browser(7), "B1").tickets.get()
    answer = ask(reserved, door)
    assert (answer.is_welcome, answer.sentence) == (False, "This ticket is not paid for yet.")


def test_a_canceled_showtime_is_said(ticket, door):
    Showtime.objects.filter(pk=ticket.showtime_id).update(status="CANCELED")
    assert ask(ticket, door).sentence == "This showtime was canceled. The money goes back by itself."


def test_an_entry_is_taken_back_once(ticket, door):
    entry = ask(ticket, door)
    assert undo(scan_id=entry.scan_id, door=door).sentence == "Taken back: the ticket is good again."
    assert status(ticket) == "VALID"
    with pytest.raises(DoorRefused):
        undo(scan_id=entry.scan_id, door=door)
    assert ask(ticket, door).is_welcome
    with pytest.raises(DoorRefused):  # this was the entry before, not the new one
        undo(scan_id=entry.scan_id, door=door)
    assert list(Scan.objects.order_by("pk").values_list("outcome", flat=True)) == ["ADMITTED", "UNDONE", "ADMITTED"]


def test_nobody_undoes_the_entries_of_another_theater(ticket, door):
    entry = ask(ticket, door)
    with pytest.raises(DoorRefused, match="no such entry here"):
        undo(scan_id=entry.scan_id, door=Door(make_theater(), None, "door 1", door.operator_id))
    assert status(ticket) == "USED"


def test_an_old_entry_stays(ticket, door):
    entry = ask(ticket, door)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # without the trigger
        cursor.execute("UPDATE reservations_scan SET at = at - interval '31 minutes'")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    with pytest.raises(TooLongAgo, match="more than 30 minutes ago"):
        undo(scan_id=entry.scan_id, door=door)
    assert status(ticket) == "USED"


@pytest.mark.parametrize("change", [lambda: Scan.objects.update(door="x"), lambda: Scan.objects.all().delete()])
def test_the_log_of_the_door_only_grows(ticket, door, change):
    ask(ticket, door)
    with pytest.raises(IntegrityError), transaction.atomic():
        change()
    assert Scan.objects.get().door == "door 2"


def test_the_queries_of_an_entry_do_not_grow(ticket, door, django_assert_num_queries):
    make_showtime(theater=door.theater, movie=make_movie())
    with django_assert_num_queries(12):
        ask(ticket, door)
