"""A crowd asks for receipts: their numbers have no gap and no repetition."""

import threading
from functools import partial

import pytest
from django.db import IntegrityError, connection, transaction

from reservations import locks
from reservations.letters import papers
from reservations.letters.papers import receipt_of
from reservations.models import Paper, PaperCounter
from reservations.selling.bookings import confirm_booking, open_booking
from tests.factories import hold_seats, make_browser, pay_form
from tests.race.racing import run_all

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sold(showtime):
    """Eight bookings without payments: papers only need what was sold."""
    bookings = []
    for number, label in enumerate(["A1", "A2", "A3", "A4", "B1", "B2", "B3", "B4"]):
        browser = make_browser(number)
        hold_seats(showtime, browser, label)
        with transaction.atomic():
            booking = open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, label))
            confirm_booking(booking, actor="test")
        bookings.append(booking)
    return bookings


def number_of(booking):
    return lambda: receipt_of(booking_id=booking.pk).number


def test_eight_receipts_at_once_have_the_numbers_one_to_eight(sold):
    assert sorted(run_all(*map(number_of, sold))) == list(range(1, 9))
    assert PaperCounter.objects.get().last == 8


def test_the_same_receipt_asked_for_ten_times_at_once_has_one_number(sold):
    assert run_all(*[number_of(sold[0])] * 10) == [1] * 10
    assert (Paper.objects.count(), PaperCounter.objects.get().last) == (1, 1)


def test_numbers_taken_while_others_fail_leave_no_gap(sold, monkeypatch):
    original = Paper.objects.create

    def fails_for_some(**fields):
        if fields["sale"].pk in {sold[0].sale_id, sold[3].sale_id, sold[5].sale_id}:
            raise ValueError("the printer is on fire")
        return original(**fields)

    def quietly(booking):
        try:
            return receipt_of(booking_id=booking.pk).number
        except ValueError:
            return 0

    monkeypatch.setattr(Paper.objects, "create", fails_for_some)
    assert sorted(run_all(*[partial(quietly, one) for one in sold])) == [0, 0, 0, 1, 2, 3, 4, 5]


def test_control_a_counter_that_is_only_read_gives_one_number_to_several(sold, monkeypatch):
    all_read = threading.Barrier(4)

    def read_without_lock(**which):
        counter, _ = PaperCounter.objects.get_or_create(**which)
        all_read.wait(10)
        return counter

    def quietly(booking):
        try:
            return number_of(booking)()
        except IntegrityError:
            return "twice"

    PaperCounter.objects.create(theater=sold[0].showtime.auditorium.theater, kind="RECEIPT")
    monkeypatch.setattr(locks, "paper_counter", read_without_lock)
    assert sorted(run_all(*[partial(quietly, one) for one in sold[:4]]), key=str) == [1, "twice", "twice", "twice"]


def test_control_a_sequence_would_leave_gaps(sold, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE race_papers")

    class FromSequence:
        last = 0

        def save(self, **_):
            with connection.cursor() as cursor:
                cursor.execute("SELECT nextval('race_papers')")
                self.last = cursor.fetchone()[0]

    monkeypatch.setattr(papers.locks, "paper_counter", lambda **_: FromSequence())
    monkeypatch.setattr(papers, "receipt_content", lambda bookings: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        receipt_of(booking_id=sold[0].pk)
    monkeypatch.setattr(papers, "receipt_content", lambda bookings: {})
    assert receipt_of(booking_id=sold[1].pk).number == 2
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE race_papers")
