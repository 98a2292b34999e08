"""Old tickets for areas without numbered seats: each gets the first free place, and the same one if its file comes again."""

import pytest
from django.utils import timezone

from payments.books.moving_in import move_in, preview_moving_in
from reservations.models import ShowtimeSeat, Ticket
from tests.factories import make_auditorium, make_movie, make_price_list, make_showtime, make_theater
from tests.ledger import broken_invariants
from tests.moving_in.old_files import line_of_new_show, old_file, old_line

pytestmark = pytest.mark.django_db
FOYER = "A ooo\n[Foyer]\nunreserved 4\n"
SECTIONS = "barcode,auditorium,starts,movie,seat,type,price,order,email,name,section,row"


def moved(showtime, *lines, header=SECTIONS) -> list[tuple[str, str]]:
    """Move lines in and check that the preview said the same; returns outcome and seat of each line."""
    theater, file = showtime.auditorium.theater, old_file(*lines, header=header)
    seen = preview_moving_in(theater=theater, file=file, now=timezone.now()).lines
    done = move_in(theater=theater, file=file, actor="test", now=timezone.now()).lines
    assert [(line.outcome, line.seat, line.sentence) for line in seen] == [
        (line.outcome, line.seat, line.sentence) for line in done
    ]
    return [(line.outcome.value, line.seat or line.sentence) for line in done]


@pytest.fixture
def foyer():
    return make_showtime(auditorium=make_auditorium(make_theater(), FOYER))


def line(showtime, barcode, seat="", section="", row="", **fields):
    return f"{old_line(showtime, barcode, seat, **fields)},{section},{row}"


@pytest.mark.parametrize(
    ("seat", "section", "row"),
    [
        ("", "Foyer", ""), ("", "FOYER", ""), ("3", "foyer", ""), ("Foyer", "", ""), ("foyer 3", "", ""), ("3", "", "Foyer"),
        ("Foyer Nr. 77", "", ""), ("Foyer-4", "", ""), ("Free seating", "", ""), ("freie Platzwahl", "", ""), ("", "", ""),
        ("0", "Foyer", "0"), ("Foyer 0001", "", ""), ("0001", "Foyer", ""),
    ],
)  # fmt: skip
def test_a_ticket_for_an_area_gets_its_first_free_place(foyer, seat, section, row):
    assert moved(foyer, line(foyer, "b1", seat, section, row)) == [("NEW", "Foyer 0001")]
    assert Ticket.objects.get().seat.label == "Foyer 0001"
    assert broken_invariants() == []


def test_a_numbered_seat_stays_one_and_an_unknown_one_is_refused(foyer):
    assert moved(foyer, line(foyer, "b1", "A2"), line(foyer, "b2", "Z9"), line(foyer, "b3", "1", "", "0")) == [
        ("NEW", "A2"),
        ("REFUSED", "There is no seat “Z9” in the plan of that showtime."),
        ("REFUSED", "There is no seat “0 1” in the plan of that showtime."),
    ]


def test_an_order_for_an_area_is_one_booking_and_comes_again_without_a_change(foyer):
    lines = [line(foyer, f"b{number}", "", "Foyer", order="7") for number in range(3)]
    places = ["Foyer 0001", "Foyer 0002", "Foyer 0003"]
    assert moved(foyer, *lines) == [("NEW", place) for place in places]
    # In another order, and with one more ticket.
    again = [line(foyer, "b9", "", "Foyer"), *reversed(lines)]
    assert moved(foyer, *again) == [("NEW", "Foyer 0004"), *(("SAME", place) for place in reversed(places))]
    assert sorted(booking.tickets.count() for booking in {ticket.booking for ticket in Ticket.objects.all()}) == [1, 3]
    assert broken_invariants() == []


def test_places_that_are_taken_kept_back_or_named_are_passed_over_and_a_full_area_is_a_conflict(foyer):
    ShowtimeSeat.objects.filter(label="Foyer 0001").update(house_reason="press")
    lines = [line(foyer, f"b{number}", "", "Foyer") for number in range(3)]
    assert moved(foyer, *lines, line(foyer, "named", "Foyer 0002")) == [
        ("NEW", "Foyer 0003"),
        ("NEW", "Foyer 0004"),
        ("CONFLICT", "Foyer"),
        ("NEW", "Foyer 0002"),
    ]
    assert broken_invariants() == []


def test_a_new_showtime_is_filled_from_its_first_place():
    room = make_auditorium(make_theater(), "[Hall]\nunreserved 3\n")
    make_price_list(room.theater)
    movie = make_movie()
    lines = [line_of_new_show(room, movie, barcode=f"b{number}") for number in range(4)]
    file = old_file(*lines)
    seen = preview_moving_in(theater=room.theater, file=file, now=timezone.now()).lines
    done = move_in(theater=room.theater, file=file, actor="test", now=timezone.now()).lines
    for told in (seen, done):
        assert [line.seat for line in told] == ["Hall 0001", "Hall 0002", "Hall 0003", "Hall"]
        assert told[0].remarks == ("It has no seat in the file: it counts as unreserved, Hall.",)
        assert (told[3].outcome, told[3].sentence) == ("CONFLICT", "Hall has no free place left.")
    assert broken_invariants() == []


def test_with_two_areas_a_ticket_has_to_say_which():
    theater = make_theater()
    showtime = make_showtime(auditorium=make_auditorium(theater, "[Hall]\nunreserved 3\n[Bar]\nunreserved 2\n"))
    assert moved(showtime, line(showtime, "b1"), line(showtime, "b2", "", "Bar")) == [
        ("REFUSED", "This ticket has no seat, and the plan has several areas. Write which: Hall, Bar."),
        ("NEW", "Bar 0001"),
    ]


def test_a_barcode_of_a_numbered_seat_does_not_come_again_for_an_area(foyer):
    moved(foyer, line(foyer, "b1", "A1"))
    ((outcome, _),) = moved(foyer, line(foyer, "b1", "", "Foyer"))
    assert outcome == "CONFLICT"
