"""A friend takes a ticket while it is scanned, canceled, or taken by others: it has one owner."""

from functools import partial

import pytest
from django.db import transaction

from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from reservations import locks
from reservations.aftersale.transfers import take_ticket
from reservations.door.door_parties import admit_party
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Ticket, Transfer
from tests.factories import buy, make_browser, make_staff, make_transfer
from tests.race.racing import as_word, broken_invariants, run_all, start_and_block

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def booking(showtime, sandbox):
    return buy(sandbox, showtime, make_browser(1), "A1")


@pytest.fixture
def ticket(booking):
    return booking.tickets.get()


def taking(ticket, number=1):
    code = make_transfer(ticket).code
    return as_word(partial(take_ticket, code=code, holder=f"{number:064x}"), "taken")


def scanning(booking, code):
    theater = booking.showtime.auditorium.theater
    door = Door(theater, None, "door 2", make_staff("DOOR", theater).pk)
    return partial(admit, text=code, door=door, now=booking.showtime.starts_at)


def unlocked(ticket_id):
    return Ticket.objects.get(pk=ticket_id)


def test_the_door_or_the_friend_is_first(booking, ticket):
    taken, answer = run_all(taking(ticket), scanning(booking, ticket.code))
    assert (taken == "taken") == (not answer.is_welcome)
    assert broken_invariants() == set()


def test_who_is_inside_gives_nothing_away(booking, ticket):
    job = taking(ticket)
    with transaction.atomic():
        assert scanning(booking, ticket.code)().is_welcome
        racer = start_and_block(job)
    assert racer.outcome() == "CannotTransfer"


def test_what_was_taken_lets_nobody_in_by_the_old_code(booking, ticket):
    scan = scanning(booking, ticket.code)
    with transaction.atomic():
        assert taking(ticket)() == "taken"
        racer = start_and_block(scan)
    assert "given to somebody else" in racer.outcome().sentence


def test_the_payers_party_goes_in_without_what_is_being_taken(booking, ticket):
    theater = booking.showtime.auditorium.theater
    door = Door(theater, None, "door 2", make_staff("DOOR", theater).pk)
    party = partial(admit_party, reference=booking.reference, door=door, now=booking.showtime.starts_at)
    with transaction.atomic():
        assert taking(ticket)() == "taken"
        racer = start_and_block(party)
    assert ticket.seat.label not in racer.outcome().let_in
    ticket.refresh_from_db()
    assert ticket.status == "VALID"


def test_without_the_lock_of_the_ticket_two_people_have_it(booking, ticket, monkeypatch):
    """Only the database keeps the code of somebody who is inside from changing hands."""
    monkeypatch.setattr(locks, "ticket", unlocked)
    job = taking(ticket)
    with transaction.atomic():
        assert scanning(booking, ticket.code)().is_welcome
        racer = start_and_block(job)
    with pytest.raises(Exception, match="is frozen"):
        racer.outcome()


def test_one_of_many_friends_has_it(booking, ticket):
    ends = run_all(*(taking(ticket, number) for number in range(1, 7)))
    assert sorted(ends) == ["TransferOver"] * 5 + ["taken"]
    assert (Transfer.objects.get().accepted_at is not None, broken_invariants()) == (True, set())


def test_a_canceled_ticket_cannot_be_taken(booking, ticket):
    job = taking(ticket)
    with transaction.atomic():
        cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
        racer = start_and_block(job)
    assert racer.outcome() == "CannotTransfer"
    assert broken_invariants() == set()
