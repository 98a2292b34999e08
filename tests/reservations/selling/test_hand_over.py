"""Pay turns a hold into a booking: exactly what was shown, or nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F

from core.refusals import BadChoice
from houses.models import Theater
from reservations.models import Hold, ShowtimeSeat, Ticket
from reservations.refusals.on_sale import NotOnSale, ShowtimeCanceled
from reservations.refusals.seats import HoldLapsed
from reservations.refusals.selling import QuoteChanged, SeatsChanged, TooLateToPay
from reservations.seats.taking import release_seats, take_seats
from reservations.selling.bookings import confirm_booking, expire_booking, open_booking, reopen_hold
from tests.aging import age_booking, lapse, past_grace
from tests.factories import hold_seats, pay_form
from tests.ledger import counts, moves_of, nothing_changes
from theaters.models import Price, Showtime

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold(showtime, my_browser):
    return hold_seats(showtime, my_browser, "A1", "B1")


@pytest.fixture
def hand_over(showtime, my_browser):
    return lambda *labels, **form: open_booking(
        showtime_id=showtime.pk, browser=my_browser, form=pay_form(showtime, *(labels or ("A1", "B1")), **form)
    )


def seconds(later, earlier):
    return round((later - earlier).total_seconds())


def test_the_rows_move_from_the_hold_to_the_booking_and_the_hold_ends(hold, hand_over):
    booking = hand_over()
    hold.refresh_from_db()
    assert (booking.status, booking.total, booking.currency, hold.end) == ("PENDING", Decimal("32.00"), "GBP", "PAID")
    rows = ShowtimeSeat.objects.exclude(booking=None).values_list("label", "hold", "booking", "held_until")
    assert list(rows) == [
        ("A1", None, booking.pk, booking.sale.held_until),
        ("B1", None, booking.pk, booking.sale.held_until),
    ]
    assert counts() == {"Hold": 1, "Booking": 1, "Ticket": 2}


def test_tickets_are_reserved_with_price_tax_and_currency_as_sold(hold, hand_over):
    hand_over()
    sold = Ticket.objects.values_list("seat__label", "type_name", "price", "tax", "tax_rate", "currency", "status")
    rate = Decimal("0.20000")
    assert list(sold) == [
        ("A1", "Adult", Decimal("14.50"), Decimal("2.42"), rate, "GBP", "RESERVED"),
        ("B1", "Adult", Decimal("17.50"), Decimal("2.92"), rate, "GBP", "RESERVED"),
    ]


def test_ticket_types_change_the_price(hold, hand_over):
    assert hand_over(kind="CHILD").total == Decimal("21.00")


def test_a_later_price_does_not_change_what_was_sold(hold, hand_over):
    booking = hand_over()
    Price.objects.update(amount=99)
    booking.refresh_from_db()
    assert sum(ticket.price for ticket in booking.tickets.all()) == booking.total == Decimal("32.00")


def test_the_payment_session_closes_after_ten_minutes_and_the_seats_are_kept_three_more(hold, hand_over):
    booking = hand_over()
    assert seconds(booking.sale.payable_until, booking.created_at) == 600
    assert seconds(booking.sale.held_until, booking.sale.payable_until) == 180


def test_the_payment_session_closes_at_the_cap_of_the_hold(hold, hand_over):
    Hold.objects.update(cap_at=F("expires_at"))
    booking = hand_over()
    assert booking.sale.payable_until == Hold.objects.get().cap_at
    assert seconds(booking.sale.held_until, booking.sale.payable_until) == 180


def test_the_terms_are_those_that_were_shown(hold, hand_over):
    booking = hand_over()
    Theater.objects.update(cancellation_terms="No.", cancel_tiers=[])
    booking.refresh_from_db()
    assert booking.sale.terms == (
        "You can cancel tickets online. Until 12 hours before the start you get all of the price back, until 2 hours "
        "before the start 50% of it. After that they cannot be canceled.\n\nAt the counter we are happy to help."
    )
    assert booking.sale.cancel_tiers == [{"minutes": 720, "percent": 100}, {"minutes": 120, "percent": 50}]


# Refusals, each of which changes nothing.


def test_a_changed_total_is_shown_and_not_charged(hold, hand_over):
    with nothing_changes(), pytest.raises(QuoteChanged):
        hand_over(total=Decimal("31.99"))


@pytest.mark.parametrize("shown", [("A1",), ("A1", "A2"), ("A1", "B1", "B2")])
def test_seats_other_than_those_shown_are_not_sold(hold, hand_over, shown):
    with nothing_changes(), pytest.raises(SeatsChanged):
        hand_over(*shown)


def test_an_unknown_ticket_type_is_not_sold(hold, hand_over, showtime, my_browser):
    form = pay_form(showtime, "A1", "B1")
    form.choices["B1"] = "KING"
    with nothing_changes(), pytest.raises(BadChoice) as refused:
        open_booking(showtime_id=showtime.pk, browser=my_browser, form=form)
    assert refused.value.field == "type-B1"


def test_a_hold_that_ran_out_is_not_handed_over(hold, hand_over):
    lapse(hold)
    with nothing_changes(), pytest.raises(HoldLapsed):
        hand_over()


def test_without_a_hold_or_with_an_empty_one_nothing_is_handed_over(showtime, my_browser, hand_over):
    with nothing_changes(), pytest.raises(HoldLapsed):
        hand_over("A1")
    take_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    release_seats(showtime_id=showtime.pk, browser=my_browser, labels=["A1"])
    with nothing_changes(), pytest.raises(HoldLapsed):
        hand_over("A1")


def test_another_browser_cannot_pay_for_my_seats(showtime, hold, other_browser):
    with nothing_changes(), pytest.raises(HoldLapsed):
        open_booking(showtime_id=showtime.pk, browser=other_browser, form=pay_form(showtime, "A1", "B1"))


def test_with_almost_no_time_left_nothing_is_handed_over(hold, hand_over):
    Hold.objects.update(
        expires_at=F("started_at") + timedelta(seconds=1), cap_at=F("started_at") + timedelta(seconds=1)
    )
    with nothing_changes(), pytest.raises(TooLateToPay):
        hand_over()


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"status": "CANCELED"}, ShowtimeCanceled),
        ({"sales_close_at": F("sales_close_at") - timedelta(days=2)}, NotOnSale),
    ],
)
def test_a_canceled_showtime_or_one_whose_sales_closed_cannot_be_paid(hold, hand_over, change, refusal):
    Showtime.objects.update(**change)
    with nothing_changes(), pytest.raises(refusal):
        hand_over()


# Confirm, expire, change seats.


@pytest.fixture
def booking(hold, hand_over):
    return hand_over()


def test_confirming_sells_the_seats_for_good_and_writes_one_mail(booking):
    assert confirm_booking(booking, actor="test") is True
    booking.refresh_from_db()
    assert (booking.status, booking.is_late, booking.ended_at) == ("CONFIRMED", False, None)
    assert set(booking.seats.values_list("held_until", "hold")) == {(None, None)}
    assert [(mail.purpose, mail.recipient) for mail in booking.mails.all()] == [
        (f"confirmation:{booking.pk}", "ada@example.com")
    ]
    assert (moves_of("booking"), moves_of("ticket")) == (["PENDING→CONFIRMED"], ["RESERVED→VALID"] * 2)


@pytest.mark.parametrize("who_has_it", ["a new hold", "a house seat"])
def test_a_seat_that_is_somebody_elses_now_means_no_ticket_at_all(showtime, booking, other_browser, who_has_it):
    past_grace(booking)
    if who_has_it == "a new hold":
        take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["B1"])
    else:
        ShowtimeSeat.objects.filter(label="B1").update(house_reason="Broken", booking=None, held_until=None)
    booking.refresh_from_db()
    with nothing_changes():
        assert confirm_booking(booking, actor="test") is False


def test_a_seat_whose_new_hold_lapsed_too_is_taken_back(showtime, booking, other_browser):
    past_grace(booking)
    lapse(hold_seats(showtime, other_browser, "B1"))
    booking.refresh_from_db()
    assert confirm_booking(booking, actor="test") is True
    assert (booking.is_late, booking.seats.count()) == (True, 2)


def test_expiry_frees_the_seats_at_once(showtime, booking, other_browser):
    expire_booking(booking, actor="test")
    assert (moves_of("booking"), moves_of("ticket")) == (["PENDING→EXPIRED"], ["RESERVED→VOID"] * 2)
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1", "B1"])


def test_expiry_does_not_touch_the_new_owner(showtime, booking, other_browser):
    past_grace(booking)
    new = hold_seats(showtime, other_browser, "A1")
    expire_booking(booking, actor="test")
    assert [seat.label for seat in new.seats.all()] == ["A1"]


def test_changed_seats_are_held_again_with_the_old_start_and_cap(hold, booking):
    age_booking(booking, 500)
    booking.refresh_from_db()
    hold.refresh_from_db()
    reopen_hold(booking, actor="test")
    new = Hold.objects.get(ended_at=None)
    assert (new.started_at, new.cap_at, new.holder) == (hold.started_at, hold.cap_at, hold.holder)
    assert sorted((seat.label, seat.held_until) for seat in new.seats.all()) == [
        ("A1", new.expires_at),
        ("B1", new.expires_at),
    ]
    assert (booking.status, new.expires_at <= new.cap_at) == ("EXPIRED", True)


def test_changing_seats_over_and_over_never_passes_the_cap(showtime, my_browser, hold):
    for _ in range(6):
        booking = open_booking(showtime_id=showtime.pk, browser=my_browser, form=pay_form(showtime, "A1", "B1"))
        age_booking(booking, 180)
        booking.refresh_from_db()
        reopen_hold(booking, actor="test")
    assert seconds(Hold.objects.get(ended_at=None).expires_at, Hold.objects.get(ended_at=None).started_at) == 1200


def test_after_the_cap_changing_seats_frees_them(hold, booking):
    age_booking(booking, 1201)
    booking.refresh_from_db()
    reopen_hold(booking, actor="test")
    assert not Hold.objects.filter(ended_at=None).exists()
    assert not ShowtimeSeat.objects.exclude(booking=None, hold=None).exists()


def test_seats_taken_over_by_another_are_not_held_again(showtime, booking, other_browser):
    age_booking(booking, 800)
    take_seats(showtime_id=showtime.pk, browser=other_browser, labels=["A1", "B1"])
    booking.refresh_from_db()
    reopen_hold(booking, actor="test")
    assert set(ShowtimeSeat.objects.exclude(hold=None).values_list("hold__holder")) == {(other_browser.holder,)}
    assert not ShowtimeSeat.objects.exclude(booking=None).exists()
