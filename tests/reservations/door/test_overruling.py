"""At the door staff overrule a rule with a reason, take entries back, and let a whole party in by its reference."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from reservations.aftersale.cancellation import ALL, CancellationOrigin, cancel_tickets
from reservations.door.door_parties import admit_party, look_up_party
from reservations.door.door_rules import Door
from reservations.door.door_scans import DoorRefused, TooLongAgo, admit, overrule, undo
from reservations.models import Booking, Scan, Ticket
from reservations.states import CancelCause
from sales.models import Sale
from staff.models import AuditEntry
from tests.aging import unguarded
from tests.boxoffice.scenes import book
from tests.factories import make_auditorium, make_staff, make_theater

pytestmark = pytest.mark.django_db
WHY = "Came back from the car"


@pytest.fixture
def door(showtime) -> Door:
    theater = showtime.auditorium.theater
    return Door(theater, showtime.auditorium, "door 2", make_staff("MANAGER", theater).pk)


@pytest.fixture
def ticket(showtime) -> Ticket:
    return book(showtime, "A3").tickets.get()


def soon(showtime, **before):
    return showtime.starts_at - timedelta(**before or {"minutes": 15})


def entries(**wanted) -> int:
    return Scan.objects.filter(outcome="ADMITTED", **wanted).count()


def test_the_same_scan_asked_again_has_the_same_answer(ticket, door, showtime):
    first = admit(text=ticket.code, door=door, now=soon(showtime), key="k1")
    again = admit(text=ticket.code, door=door, now=soon(showtime), key="k1")
    assert (again.is_welcome, again.scan_id) == (True, first.scan_id)
    other = admit(text=ticket.code, door=door, now=soon(showtime), key="k2")
    assert other.sentence.startswith("Used at")
    assert entries() == 1


def test_a_key_belongs_to_its_ticket(ticket, door, showtime):
    admit(text=ticket.code, door=door, now=soon(showtime), key="k1")
    second = book(showtime, "A1", number=1).tickets.get()
    assert admit(text=second.code, door=door, now=soon(showtime), key="k1").ticket.seat == "Row A, seat 1"
    assert entries() == 2


def test_a_key_welcomes_nobody_at_another_theater(ticket, door, showtime):
    admit(text=ticket.code, door=door, now=soon(showtime), key="k1")
    elsewhere = Door(make_theater(), None, "door 1", door.operator_id)
    assert not admit(text=ticket.code, door=elsewhere, now=soon(showtime), key="k1").is_welcome


@pytest.mark.parametrize("case", ["used", "early", "late", "room"])
def test_what_can_be_overruled(ticket, door, showtime, case):
    now = soon(showtime, **{"early": {"hours": 3}, "late": {"hours": -3}}.get(case, {"minutes": 15}))
    if case == "used":
        admit(text=ticket.code, door=door, now=now)
    if case == "room":
        door = Door(door.theater, make_auditorium(door.theater), "door 3", door.operator_id)
    refused = admit(text=ticket.code, door=door, now=now)
    assert refused.can_be_overruled
    welcome = overrule(scan_id=refused.scan_id, reason=WHY, door=door, now=now)
    assert welcome.is_welcome
    entry = Scan.objects.get(pk=welcome.scan_id)
    assert (entry.overrules_id, entry.reason) == (refused.scan_id, WHY)
    ticket.refresh_from_db()
    assert ticket.status == "USED"
    audit = AuditEntry.objects.get(action="overrule the door")
    assert (audit.reason, audit.user_id, audit.after["the door had said"]) == (WHY, door.operator_id, refused.sentence)


def test_all_that_can_be_overruled_is_said_at_once(ticket, door, showtime):
    admit(text=ticket.code, door=door, now=soon(showtime))
    other = Door(door.theater, make_auditorium(door.theater), "door 3", door.operator_id)
    sentence = admit(text=ticket.code, door=other, now=soon(showtime, hours=3)).sentence
    assert [part in sentence for part in ("Used at", "you want", "Too early")] == [True] * 3


def test_pressed_twice_it_is_one_entry(ticket, door, showtime):
    refused = admit(text=ticket.code, door=door, now=soon(showtime, hours=3))
    scans = {
        overrule(scan_id=refused.scan_id, reason=WHY, door=door, now=soon(showtime, hours=3)).scan_id for _ in "12"
    }
    assert (len(scans), entries()) == (1, 1)


def test_what_nobody_may_overrule(ticket, door, showtime):
    cancel_tickets(
        booking_id=ticket.booking_id,
        ticket_ids=None,
        percent=ALL,
        origin=CancellationOrigin(CancelCause.CUSTOMER, "customer"),
    )
    refused = admit(text=ticket.code, door=door, now=soon(showtime))
    assert not refused.can_be_overruled
    for scan_id in (refused.scan_id, 999_999):
        with pytest.raises(DoorRefused):
            overrule(scan_id=scan_id, reason=WHY, door=door, now=soon(showtime))
    assert entries() == 0


def test_a_new_fault_is_said_instead(ticket, door, showtime):
    refused = admit(text=ticket.code, door=door, now=soon(showtime, hours=3))
    cancel_tickets(
        booking_id=ticket.booking_id,
        ticket_ids=None,
        percent=ALL,
        origin=CancellationOrigin(CancelCause.CUSTOMER, "customer"),
    )
    answer = overrule(scan_id=refused.scan_id, reason=WHY, door=door, now=soon(showtime, hours=3))
    assert (answer.is_welcome, "canceled" in answer.sentence, entries()) == (False, True, 0)


def test_another_theater_overrules_nothing_here(ticket, door, showtime):
    refused = admit(text=ticket.code, door=door, now=soon(showtime, hours=3))
    elsewhere = Door(make_theater(), None, "door 1", door.operator_id)
    with pytest.raises(DoorRefused):
        overrule(scan_id=refused.scan_id, reason=WHY, door=elsewhere, now=soon(showtime, hours=3))
    assert entries() == 0


@pytest.mark.parametrize("reason", ["", "  ", "ok", "https://x.example/tickets/" + "a" * 28 + "/", "A" * 28])
def test_no_reason_or_what_a_scanner_typed_overrules_nothing(ticket, door, showtime, reason):
    refused = admit(text=ticket.code, door=door, now=soon(showtime, hours=3))
    with pytest.raises(DoorRefused, match="in a few words why"):
        overrule(scan_id=refused.scan_id, reason=reason, door=door, now=soon(showtime, hours=3))
    assert (entries(), AuditEntry.objects.filter(action="overrule the door").count()) == (0, 0)


def test_the_database_wants_a_reason(ticket, door, showtime):
    refused = admit(text=ticket.code, door=door, now=soon(showtime, hours=3))
    facts = {"ticket": ticket, "theater": door.theater, "operator_id": door.operator_id, "door": "x"}
    with pytest.raises(IntegrityError, match="scan_overruled_for_a_reason"), transaction.atomic():
        Scan.objects.create(outcome="ADMITTED", sentence="Welcome", overrules_id=refused.scan_id, **facts)


def test_taking_an_overruled_entry_back_leaves_the_first(ticket, door, showtime):
    admit(text=ticket.code, door=door, now=soon(showtime))
    refused = admit(text=ticket.code, door=door, now=soon(showtime))
    second = overrule(scan_id=refused.scan_id, reason=WHY, door=door, now=soon(showtime))
    undo(scan_id=second.scan_id, door=door)
    ticket.refresh_from_db()
    assert ticket.status == "USED"
    assert admit(text=ticket.code, door=door, now=soon(showtime)).sentence.startswith("Used at")


def test_an_old_entry_is_taken_back_with_a_reason(ticket, door, showtime):
    entry = admit(text=ticket.code, door=door, now=soon(showtime))
    with unguarded():
        Scan.objects.update(at=Scan.objects.get().at - timedelta(minutes=31))
    with pytest.raises(TooLongAgo):
        undo(scan_id=entry.scan_id, door=door)
    undo(scan_id=entry.scan_id, door=door, reason="Wrong person")
    ticket.refresh_from_db()
    assert ticket.status == "VALID"
    assert AuditEntry.objects.get(action="take an old entry back").reason == "Wrong person"


# ---- the whole party ---------------------------------------------------------------------------------------------


@pytest.fixture
def party(showtime) -> Booking:
    return book(showtime, "A1", "A2", "A3")


def states(answer) -> dict[str, str]:
    return {seat.label: seat.state for seat in answer.party.seats}


def test_a_reference_lets_all_who_are_missing_in(party, door, showtime):
    admit(text=party.tickets.get(seat__label="A2").code, door=door, now=soon(showtime))
    seen = look_up_party(reference=party.reference, door=door, now=soon(showtime))
    assert (states(seen), seen.party.inside, seen.sentence) == ({"A1": "missing", "A2": "in", "A3": "missing"}, 1, "")
    answer = admit_party(reference=party.reference, door=door, now=soon(showtime))
    assert (answer.is_welcome, answer.let_in, answer.party.missing) == (True, ("A1", "A3"), ())
    assert entries() == 3
    again = admit_party(reference=party.reference, door=door, now=soon(showtime))
    assert (again.is_welcome, again.party.inside, entries()) == (False, 3, 3)


def test_canceled_seats_stay_outside(party, door, showtime):
    one = party.tickets.get(seat__label="A2")
    cancel_tickets(
        booking_id=party.pk,
        ticket_ids=[one.pk],
        percent=ALL,
        origin=CancellationOrigin(CancelCause.CUSTOMER, "customer"),
    )
    answer = admit_party(reference=party.reference, door=door, now=soon(showtime))
    assert (answer.let_in, states(answer)["A2"], answer.party.expected) == (("A1", "A3"), "canceled", 2)


def test_too_early_for_the_party_can_be_overruled(party, door, showtime):
    early = soon(showtime, hours=3)
    refused = admit_party(reference=party.reference, door=door, now=early)
    assert (refused.is_welcome, refused.can_be_overruled, entries()) == (False, True, 0)
    with pytest.raises(DoorRefused):
        admit_party(reference=party.reference, door=door, now=early, reason=party.reference)
    assert admit_party(reference=party.reference, door=door, now=early, reason=WHY).is_welcome
    assert entries(reason=WHY) == 3
    assert AuditEntry.objects.get(action="overrule the door").after["seats"] == "A1, A2, A3"


@pytest.mark.parametrize("fault", ["frozen", "canceled", "tomorrow"])
def test_a_reason_does_not_help_a_party_without_valid_tickets(party, door, showtime, fault):
    now = soon(showtime, days=1) if fault == "tomorrow" else soon(showtime)
    if fault == "frozen":
        Sale.objects.update(frozen_at=now)
    if fault == "canceled":
        type(showtime).objects.update(status="CANCELED")
    answer = admit_party(reference=party.reference, door=door, now=now, reason=WHY)
    assert (answer.is_welcome, answer.can_be_overruled, bool(answer.sentence), entries()) == (False, False, True, 0)


def test_a_party_of_another_theater_is_unknown_here(party, door, showtime):
    elsewhere = Door(make_theater(), None, "door 1", door.operator_id)
    for ask in (look_up_party, admit_party):
        assert ask(reference=party.reference, door=elsewhere, now=soon(showtime)) is None
    assert entries() == 0
