"""Two scanners read one code at the same time: one lets the person in, the other says when and where that happened."""

from functools import partial

import pytest
from django.db import transaction

from reservations import locks
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Move, Scan, Ticket
from tests.boxoffice.scenes import book
from tests.factories import make_staff
from tests.race.racing import run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
DEVICES = 8


def scan_everywhere(showtime):
    theater = showtime.auditorium.theater
    operator = make_staff("DOOR", theater).pk
    with transaction.atomic():
        ticket = book(showtime, "A1").tickets.get()
    jobs = [
        partial(admit, text=ticket.code, door=Door(theater, None, f"door {number}", operator), now=showtime.starts_at)
        for number in range(DEVICES)
    ]
    return run_all(*jobs)


def test_one_ticket_at_eight_doors_lets_one_person_in(showtime):
    answers = scan_everywhere(showtime)
    assert sum(answer.is_welcome for answer in answers) == 1
    entry = Scan.objects.get(outcome="ADMITTED")
    used = f"Used at {entry.at.astimezone(entry.theater.zone):%H:%M} at {entry.door}."
    assert [answer.sentence for answer in answers if not answer.is_welcome] == [used] * (DEVICES - 1)
    assert Move.objects.filter(what="ticket", to_status="USED").count() == 1


def test_without_the_lock_several_go_in(showtime, monkeypatch):
    monkeypatch.setattr(locks, "ticket_by_code", lambda code: Ticket.objects.filter(code=code).first())
    assert sum(answer.is_welcome for answer in scan_everywhere(showtime)) > 1
