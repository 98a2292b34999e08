"""A party's code and the codes of its tickets at several doors at the same time: nobody gets in twice."""

import threading
from functools import partial

import pytest
from django.db import transaction

from reservations import locks
from reservations.door.door_parties import admit_party, look_up_party_code
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.door.party_codes import choose_party_code
from reservations.models import Booking, Scan, Ticket
from tests.boxoffice.scenes import book
from tests.factories import make_staff
from tests.race.racing import PATIENCE, run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
SEATS = ("A1", "A2", "A3", "A4")


@pytest.fixture
def booking(showtime) -> Booking:
    with transaction.atomic():
        made = book(showtime, *SEATS)
    choose_party_code(booking_id=made.pk, wanted=True)
    return Booking.objects.get(pk=made.pk)


def rush(booking, *, parties, singles):
    """Scan each code at a door of its own, at the same time."""
    theater, now = booking.showtime.auditorium.theater, booking.showtime.starts_at
    operator = make_staff("DOOR", theater).pk
    doors = iter(Door(theater, None, f"door {number}", operator) for number in range(parties + singles))

    def come_together(door):
        found = look_up_party_code(text=booking.party_code, door=door, now=now)
        assert found is not None
        return admit_party(reference=found.party.reference, door=door, now=now)

    codes = list(booking.tickets.order_by("pk").values_list("code", flat=True))[:singles]
    jobs = [partial(come_together, next(doors)) for _ in range(parties)]
    jobs += [partial(admit, text=code, door=next(doors), now=now) for code in codes]
    run_all(*jobs)
    return Scan.objects.filter(outcome="ADMITTED").count()


def test_as_many_go_in_as_were_sold(booking):
    assert rush(booking, parties=4, singles=4) == len(SEATS)
    assert set(booking.tickets.values_list("status", flat=True)) == {"USED"}
    assert set(Scan.objects.filter(outcome="ADMITTED").values_list("ticket__seat__label", flat=True)) == set(SEATS)


def test_control_without_the_lock_of_the_tickets_a_party_goes_in_twice(booking, monkeypatch):
    both_have_read = threading.Barrier(2)

    def unlocked(booking_id):
        tickets = list(Ticket.objects.filter(booking=booking_id).select_related("seat").order_by("pk"))
        both_have_read.wait(PATIENCE)
        return tickets

    monkeypatch.setattr(locks, "tickets_of", unlocked)
    assert rush(booking, parties=2, singles=0) == 2 * len(SEATS)
