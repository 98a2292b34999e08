"""What happens to a ticket after it was moved in: the door, swaps, canceling, and refunds by hand."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from boxoffice.selectors.found_bookings import find_bookings
from houses.models import House
from payments.books.moving_in import move_in
from payments.books.payment_sweep import send_due_refunds
from payments.models import Refund
from payments.providers.errors import Refused
from payments.providers.registry import provider_named
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.payouts import NotMovedIn, pay_out
from payments.states import PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.counter.swaps import SwapChoice, plan_swap, swap_seats
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Booking, Scan, ShowtimeSeat, Ticket
from reservations.records.notes import write_note
from reservations.states import CancelCause
from tests.clock import begins_in
from tests.counter import make_seller, sell_seats
from tests.factories import make_showtime, make_staff, make_theater
from tests.ledger import broken_invariants
from tests.moving_in.old_files import old_file, old_line

pytestmark = pytest.mark.django_db
BARCODE = "00417-aB"
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1", "Asked for.")


@pytest.fixture
def ticket(showtime) -> Ticket:
    file = old_file(old_line(showtime, BARCODE, "A3", order="9001", email="ada@example.com"))
    move_in(theater=showtime.auditorium.theater, file=file, actor="test", now=timezone.now())
    return Ticket.objects.get()


@pytest.fixture
def door(showtime) -> Door:
    theater = showtime.auditorium.theater
    return Door(theater, showtime.auditorium, "door 2", make_staff("DOOR", theater).pk)


def scan(ticket, door, text=BARCODE):
    return admit(text=text, door=door, now=ticket.showtime.starts_at - timedelta(minutes=15))


@pytest.mark.parametrize("text", [BARCODE, f" {BARCODE}\r\n", f"]C1{BARCODE}"])
def test_the_old_barcode_lets_one_person_in_once(ticket, door, text):
    first, second = scan(ticket, door, text), scan(ticket, door, text)
    assert (first.is_welcome, first.ticket.seat) == (True, "Row A, seat 3")
    assert not second.is_welcome and second.sentence.startswith("Used at ")
    assert Ticket.objects.get().status == "USED"
    assert broken_invariants() == []


@pytest.mark.parametrize("text", ["417-aB", "00417-AB", "00417aB", "0417-aB", "00417-aB1"])
def test_a_barcode_is_compared_exactly(ticket, door, text):
    answer = scan(ticket, door, text)
    assert (answer.is_welcome, answer.sentence) == (False, "This is not one of our tickets.")
    assert Ticket.objects.get().status == "VALID"


def test_another_theater_of_the_house_says_where_it_is_for_and_shows_nothing_of_it(ticket, door):
    elsewhere = make_theater()
    there = Door(elsewhere, None, "door 1", make_staff("DOOR", elsewhere).pk)
    answer = scan(ticket, there)
    assert (answer.is_welcome, answer.sentence) == (False, f"This ticket is for {door.theater.name}.")
    assert (answer.ticket, Scan.objects.get().ticket_id, answer.can_be_overruled) == (None, None, False)


def test_where_two_other_theaters_have_the_barcode_neither_is_named(ticket):
    other = make_showtime()
    move_in(
        theater=other.auditorium.theater,
        file=old_file(old_line(other, BARCODE, "B1")),
        actor="test",
        now=timezone.now(),
    )
    third = make_theater()
    sentence = scan(ticket, Door(third, None, "door 1", make_staff("DOOR", third).pk)).sentence
    assert sentence.startswith("This is not a readable code.")


def test_another_house_does_not_know_it(ticket):
    elsewhere = make_theater()
    elsewhere.house = House.objects.create(name="Plough", slug="plough", domains=["plough.example"])
    elsewhere.save(update_fields=["house"])
    there = Door(elsewhere, None, "door 1", make_staff("DOOR", elsewhere).pk)
    assert scan(ticket, there).sentence.startswith("This is not a readable code.")


def test_two_theaters_may_have_the_same_barcode_and_each_lets_its_own_guest_in(ticket, door):
    other = make_showtime()
    theater = other.auditorium.theater
    move_in(theater=theater, file=old_file(old_line(other, BARCODE, "B1")), actor="test", now=timezone.now())
    there = Door(theater, other.auditorium, "door 1", make_staff("DOOR", theater).pk)
    theirs = Ticket.objects.get(showtime=other)
    assert [scan(ticket, door).ticket.seat, scan(theirs, there).ticket.seat] == ["Row A, seat 3", "Row B, seat 1"]
    assert set(Ticket.objects.values_list("status", flat=True)) == {"USED"}


def test_a_barcode_that_reads_like_a_reference_is_scanned_as_a_ticket(showtime, door):
    file = old_file(old_line(showtime, "KX7M4QPD", "A3"))
    move_in(theater=door.theater, file=file, actor="test", now=timezone.now())
    begins_in(showtime, minutes=30)
    usher = Client()
    usher.force_login(make_staff("DOOR", door.theater))
    usher.post("/door/here/", {"place": str(door.theater.pk), "name": "door 2"})
    usher.post("/door/scan/", {"code": "KX7M4QPD"})
    assert Ticket.objects.get().status == "USED"


def test_after_a_swap_the_old_barcode_names_the_new_seat(ticket, door):
    choice = SwapChoice((ticket.pk,), ("A4",), False)
    mark = plan_swap(ticket.booking, choice).mark
    swap_seats(booking_id=ticket.booking_id, choice=choice, mark=mark, reason="The seat is wet", actor="test")
    assert scan(ticket, door).sentence == "This seat was changed; the new ticket is A4."
    assert scan(ticket, door, Ticket.objects.get().code).is_welcome
    again = old_file(old_line(ticket.showtime, BARCODE, "A3", order="9001"))
    moved = move_in(theater=door.theater, file=again, actor="test", now=timezone.now())
    assert [line.outcome for line in moved.lines] == ["SAME"]


def test_a_canceled_one_opens_no_door_and_its_seat_is_free(ticket, door):
    cancel_and_refund(booking_id=ticket.booking_id, ticket_ids=None, origin=STAFF)
    assert scan(ticket, door).sentence == "This ticket was canceled; it is worth nothing any more."
    assert ShowtimeSeat.objects.get(label="A3").booking_id is None
    assert broken_invariants() == []


def test_its_money_is_given_back_by_hand_and_noted(ticket):
    cancel_and_refund(booking_id=ticket.booking_id, ticket_ids=None, origin=STAFF)
    refund = Refund.objects.get()
    assert (refund.status, refund.method, refund.amount) == ("REQUESTED", "MOVED_IN", ticket.price)
    assert send_due_refunds() == 0
    pay_out(refund_id=refund.pk, method=PaymentMethod.MOVED_IN, operator_id=make_staff("FINANCE").pk)
    refund.refresh_from_db()
    sale = refund.payment.sale
    assert (refund.status, refund.method, sale.paid_out) == ("SUCCEEDED", "MOVED_IN", 0)
    assert broken_invariants() == []


def test_it_may_be_given_back_out_of_the_drawer(ticket):
    cancel_and_refund(booking_id=ticket.booking_id, ticket_ids=None, origin=STAFF)
    refund = Refund.objects.get()
    pay_out(refund_id=refund.pk, method=PaymentMethod.CASH, operator_id=make_staff("FINANCE").pk)
    assert Booking.objects.get().sale.paid_out == refund.amount
    assert broken_invariants() == []


def test_money_that_was_taken_here_is_not_given_back_elsewhere(showtime):
    booking = sell_seats(showtime, make_seller(showtime, "MANAGER"), "A1").booking
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    with pytest.raises(NotMovedIn):
        pay_out(refund_id=Refund.objects.get().pk, method=PaymentMethod.MOVED_IN, operator_id=make_staff("FINANCE").pk)


def test_the_provider_refuses_to_refund_and_says_how_it_is_done(ticket):
    payment = ticket.booking.sale.payments.get()
    with pytest.raises(Refused, match="give it back by hand"):
        provider_named(payment.provider).refund(
            provider_payment_id="x", amount=payment.amount, currency="GBP", key=payment.key
        )


def test_staff_find_it_by_its_old_numbers_and_write_notes(ticket):
    theater = ticket.showtime.auditorium.theater
    for text in ("9001", BARCODE):
        (found,) = find_bookings(theater=theater, text=text, now=timezone.now()).bookings
        assert found.pk == ticket.booking_id
    author = make_staff("BOX_OFFICE", theater)
    write_note(booking=ticket.booking, text="Comes by wheelchair", author_id=author.pk, actor="test")
    assert ticket.booking.notes.count() == 1


def test_today_counts_what_was_sold_here_alone(ticket, showtime, admin_client):
    assert "0 tickets sold today" in admin_client.get("/admin/").text
    sell_seats(showtime, make_seller(showtime), "A1")
    assert "1 ticket sold today" in admin_client.get("/admin/").text
