"""Staff exchange tickets for another showtime at the counter: all of it or nothing, and the money to the cent."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from boxoffice.selectors.takings import takings_of
from houses.business_days import business_day
from payments.models import Payment, Refund
from reservations.letters.papers import exchange_receipt_of
from reservations.models import Booking, Exchange, Hold, Ticket
from reservations.pdf.papers import printed_words
from staff.models import AuditEntry
from tests.boxoffice.test_counter import at, hold, seller
from tests.counter import make_seller, sell_seats
from tests.exchanging import buy_to_exchange, other_showtime, tickets
from tests.factories import make_price_list, make_showtime, make_theater
from tests.ledger import broken_invariants, nothing_changes
from theaters.models import Showtime

pytestmark = pytest.mark.django_db
ADULT, PREMIUM = Decimal("14.50"), Decimal("17.50")


@pytest.fixture
def booking(sandbox):
    """Two seats for £14.50 each, paid online."""
    return buy_to_exchange(sandbox, "A1", "A2")


def page_of(booking):
    return f"/counter/sales/{booking.reference}/exchange/"


def begin(clerk, booking, showtime, *seats, held=()):
    """Choose these tickets and the showtime, then take seats there; returns the page with the difference."""
    begun = clerk.post(page_of(booking), {"action": "begin", "ticket": seats, "new_showtime": showtime.pk})
    assert begun.url == f"/counter/showtimes/{showtime.pk}/", begun.content
    hold(clerk, showtime, *held)
    return clerk.get(page_of(booking))


def agree(clerk, booking, page, **fields):
    return clerk.post(page_of(booking), {"action": "agree", "mark": page.context["shown"].mark, **fields})


def clerk_of(booking, role="BOX_OFFICE"):
    return seller(booking.showtime.auditorium.theater, role)


def moved(booking):
    return Booking.objects.filter(sale=booking.sale_id).exclude(pk=booking.pk).get()


def test_tickets_of_the_same_price_change_hands_at_once(booking):
    clerk, new = clerk_of(booking), other_showtime(booking)
    page = begin(clerk, booking, new, "A1", "A2", held=["A4", "A5"])
    assert "Nothing to pay" in page.text and tickets(booking) == {"A1": "VALID", "A2": "VALID"}
    answer = agree(clerk, booking, page)
    assert answer.url == f"/counter/sales/{booking.reference}/?showtime={new.pk}"
    assert (tickets(booking), tickets(moved(booking))) == ({"A1": "VOID", "A2": "VOID"}, {"A4": "VALID", "A5": "VALID"})
    assert (Payment.objects.count(), Refund.objects.count(), broken_invariants()) == (1, 0, [])
    assert clerk.get(answer.url).status_code == 200


@pytest.mark.parametrize(
    ("fields", "method", "change"),
    [({"method": "cash", "tendered": "10"}, "CASH", 4), ({"method": "terminal"}, "TERMINAL", 0)],
)
def test_dearer_tickets_are_paid_at_the_counter(booking, fields, method, change):
    clerk, new = clerk_of(booking), other_showtime(booking)
    page = begin(clerk, booking, new, "A1", "A2", held=["B1", "B2"])
    agree(clerk, booking, page, **fields)
    payment = Payment.objects.get(exchange__isnull=False)
    assert (payment.amount, payment.method, payment.change, payment.status) == (
        2 * (PREMIUM - ADULT),
        method,
        change,
        "SUCCEEDED",
    )
    assert tickets(moved(booking)) == {"B1": "VALID", "B2": "VALID"}
    theater = booking.showtime.auditorium.theater
    total = takings_of(theater, business_day(theater, timezone.now())).total
    assert total.cash + total.terminal == payment.amount and broken_invariants() == []


def test_the_receipt_of_the_exchange_says_how_the_difference_was_paid(booking):
    clerk, new = clerk_of(booking), other_showtime(booking)
    agree(clerk, booking, begin(clerk, booking, new, "A1", held=["B1"]), method="cash")
    words = printed_words(exchange_receipt_of(exchange=Exchange.objects.get()))
    assert words["sums"][0]["what"] == "Paid with exchanged tickets (14.50) and in cash"


def test_cheaper_tickets_give_the_difference_back_to_the_card(sandbox):
    booking = buy_to_exchange(sandbox, "B1", "B2")
    clerk, new = clerk_of(booking), other_showtime(booking)
    answer = agree(clerk, booking, begin(clerk, booking, new, "B1", "B2", held=["A1", "A2"]))
    refund = Refund.objects.get()
    assert (refund.amount, refund.method) == (2 * (PREMIUM - ADULT), "ONLINE")
    assert "goes back to the card that paid" in clerk.get(answer.url).text and broken_invariants() == []


def test_what_was_paid_in_cash_is_paid_out(showtime):
    seats = sell_seats(showtime, make_seller(showtime), "B1").booking
    boss, new = clerk_of(seats, "MANAGER"), other_showtime(seats)
    page = begin(boss, seats, new, "B1", held=["A1"])
    assert "its tickets are not exchanged" in page.text
    answer = agree(boss, seats, page, reason="wrong evening")
    refund = Refund.objects.get()
    assert (answer.url, refund.method, refund.status, refund.amount) == (
        f"/counter/pay-outs/{refund.pk}/", "CASH", "REQUESTED", PREMIUM - ADULT,
    )  # fmt: skip
    boss.post(answer.url, {"method": "cash"})
    assert broken_invariants() == []


class TestTerms:
    def late(self, booking):
        """Too late to exchange by the terms, too late to get anything back."""
        Showtime.objects.filter(pk=booking.showtime_id).update(starts_at=timezone.now() + timedelta(minutes=5))
        return Booking.objects.get(pk=booking.pk)

    def test_against_them_a_reason_is_asked_for_and_kept(self, booking):
        clerk, new = clerk_of(booking), other_showtime(booking)
        self.late(booking)
        page = begin(clerk, booking, new, "A1", "A2", held=["A4", "A5"])
        with nothing_changes():
            refused = agree(clerk, booking, page)
        assert (refused.status_code, "Please give a reason" in refused.text) == (422, True)
        agree(clerk, booking, page, reason="train was late")
        entry = AuditEntry.objects.get(action="exchange at the counter")
        assert entry.reason == "train was late" and "too late" in str(entry.after["against the terms"])
        assert tickets(moved(booking)) == {"A4": "VALID", "A5": "VALID"}

    def test_money_back_against_them_needs_the_right_to_give_money_back(self, sandbox):
        booking = buy_to_exchange(sandbox, "B1")
        new = other_showtime(booking)
        self.late(booking)
        clerk = clerk_of(booking)
        page = begin(clerk, booking, new, "B1", held=["A1"])
        assert page.context["may_not"] and "You may not give money back here" in page.text
        with nothing_changes():
            assert agree(clerk, booking, page, reason="x").status_code == 422
        clerk.post(page_of(booking), {"action": "stop"})
        booking.sale.theater.refund_limit = 5
        booking.sale.theater.save()
        boss = clerk_of(booking, "MANAGER")
        agree(boss, booking, begin(boss, booking, new, "B1", held=["A1"]), reason="we were closed")
        assert Refund.objects.get().amount == PREMIUM - ADULT and broken_invariants() == []


@pytest.mark.parametrize("fault", ["less cash", "no method", "other plan", "other seats", "used"])
def test_what_fails_changes_nothing(booking, fault):
    clerk, new = clerk_of(booking), other_showtime(booking)
    page = begin(clerk, booking, new, "A1", "A2", held=["B1", "B2"])
    fields = {"method": "cash", "tendered": "5"} if fault == "less cash" else {"method": "terminal"}
    if fault == "no method":
        fields = {}
    if fault == "other plan":
        fields["mark"] = "x"
    if fault == "other seats":
        clerk.post(f"/counter/showtimes/{new.pk}/seats/", {"release": "B2"})
    if fault == "used":
        Ticket.objects.filter(booking=booking, seat__label="A1").update(status="USED")
    before = tickets(booking)
    answer = agree(clerk, booking, page, **fields)
    assert answer.status_code in (409, 410, 422), answer.status_code
    assert (tickets(booking), Payment.objects.count(), Exchange.objects.get().status) == (before, 1, "CHOOSING")


def test_pressed_twice_it_is_one_exchange(booking):
    clerk, new = clerk_of(booking), other_showtime(booking)
    page = begin(clerk, booking, new, "A1", "A2", held=["B1", "B2"])
    agree(clerk, booking, page, method="terminal")
    agree(clerk, booking, page, method="terminal")
    assert (Payment.objects.count(), Exchange.objects.filter(status="DONE").count(), broken_invariants()) == (2, 1, [])


def test_the_desk_says_for_what_the_seats_are_and_stopping_frees_them(booking):
    clerk, new = clerk_of(booking), other_showtime(booking)
    begin(clerk, booking, new, "A1", held=["A4"])
    assert "These are for the exchange of" in clerk.get(at(new)).text
    clerk.post(page_of(booking), {"action": "stop"})
    assert not Hold.objects.live().exists() and tickets(booking) == {"A1": "VALID", "A2": "VALID"}
    hold(clerk, new, "A4")
    assert "These are for the exchange of" not in clerk.get(at(new)).text


def test_who_may_not_and_other_theaters(booking):
    other = seller(make_showtime().auditorium.theater)
    assert other.get(page_of(booking)).status_code == 404
    assert other.post(page_of(booking), {"action": "begin"}).status_code == 404


def test_cash_for_the_difference_is_rounded_to_coins(sandbox):
    theater = make_theater(country="CH", currency="CHF", timezone_name="Europe/Zurich")
    prices = make_price_list(theater, prices={"ADULT": Decimal("10.00"), "CHILD": Decimal("5.00")})
    dearer = make_price_list(theater, prices={"ADULT": Decimal("12.42"), "CHILD": Decimal("5.00")})
    showtime = make_showtime(theater=theater, price_list=prices)
    sold = sell_seats(showtime, make_seller(showtime), "A1").booking
    new = make_showtime(
        auditorium=showtime.auditorium, price_list=dearer, starts_at=showtime.starts_at + timedelta(days=1)
    )
    clerk = clerk_of(sold)
    page = begin(clerk, sold, new, "A1", held=["A1"])
    assert "CHF\xa02.40" in page.text
    agree(clerk, sold, page, method="cash", reason="wrong day")
    payment = Payment.objects.get(exchange__isnull=False)
    assert (payment.amount, payment.rounding, Exchange.objects.get().cash_rounding) == (
        Decimal("2.42"), Decimal("-0.02"), Decimal("-0.02"),
    )  # fmt: skip
    assert broken_invariants() == []
