"""Five hundred old tickets, one of which is scanned; five thousand are moved in within a minute."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from payments.books.moving_in import move_in, preview_moving_in
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Ticket
from tests.factories import make_auditorium, make_movie, make_price_list, make_staff, make_theater
from tests.ledger import broken_invariants
from tests.moving_in.old_files import line_of_new_show, old_file

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ROWS = "ABCDEFGHIJ"
WIDTH = 25
PLAN = "\n".join(f"{row} {'o' * WIDTH}" for row in ROWS)


def old_tickets(shows: int):
    """Lines for a full house of 250 at each showtime, with two tickets in each order."""
    theater = make_theater()
    make_price_list(theater)
    room, movie = make_auditorium(theater, PLAN), make_movie()
    lines = []
    for day in range(shows):
        for number in range(len(ROWS) * WIDTH):
            seat = f"{ROWS[number // WIDTH]}{number % WIDTH + 1}"
            line = line_of_new_show(room, movie, barcode=f"{day:03}-{number:05}", seat=seat, days=day + 2)
            lines.append(line.replace("12.50,,", f"12.50,{day}-{number // 2},"))
    return theater, room, old_file(*lines)


def count_rows():
    """Update PostgreSQL's statistics, as it does by itself once rows are committed. Without them it reads all rows for
    each barcode.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def test_five_hundred_are_moved_in_and_one_is_scanned():
    theater, room, file = old_tickets(2)
    assert move_in(theater=theater, file=file, actor="test", now=timezone.now()).new_tickets == 500
    assert Ticket.objects.count() == 500
    door = Door(theater, room, "door 1", make_staff("DOOR", theater).pk)
    ticket = Ticket.objects.get(moved_in__barcode="001-00042")
    answer = admit(text="001-00042", door=door, now=ticket.showtime.starts_at - timedelta(minutes=15))
    assert (answer.is_welcome, Ticket.objects.get(pk=ticket.pk).status) == (True, "USED")
    count_rows()
    assert broken_invariants() == []


def test_five_thousand_are_moved_in_within_a_minute():
    theater, _, file = old_tickets(20)
    began = time.monotonic()
    assert move_in(theater=theater, file=file, actor="test", now=timezone.now()).new_tickets == 5000
    assert time.monotonic() - began < 60
    count_rows()
    assert preview_moving_in(theater=theater, file=file, now=timezone.now()).new_tickets == 0
