"""Cash at a counter whose country has no coins for the smallest amounts: one line of its own, in every book."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import DatabaseError
from django.utils import timezone

from boxoffice.selectors.takings import takings_of
from boxoffice.services.voids import Operator, VoidOrder, plan_void, void_sale
from core.refusals import BadChoice
from houses.business_days import business_day
from houses.models import Theater
from payments.books.ledger_export import ledger_lines
from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from payments.refunds.payouts import pay_out
from payments.states import PaymentMethod
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.letters.papers import credit_note_of, receipt_of
from reservations.models import Booking, Cancellation
from reservations.pdf.papers import printed_words
from reservations.states import CancelCause
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.counter import make_seller, press_sell, sell_seats, take
from tests.exchanging import exchanging_at_counter, other_showtime
from tests.factories import make_price_list, make_showtime, make_theater
from tests.ledger import broken_invariants

pytestmark = pytest.mark.django_db
CASH, TERMINAL = PaymentMethod.CASH, PaymentMethod.TERMINAL
PRICE = Decimal("17.42")


@pytest.fixture
def swiss(db):
    """A showtime in Zurich whose ticket costs CHF 17.42."""
    theater = make_theater(country="CH", currency="CHF", timezone_name="Europe/Zurich")
    prices = make_price_list(theater, prices={"ADULT": PRICE, "CHILD": Decimal("9.99")})
    return make_showtime(theater=theater, price_list=prices)


@pytest.fixture
def clerk(swiss):
    return make_seller(swiss, "MANAGER")


def today(showtime):
    return business_day(showtime.auditorium.theater, timezone.now())


def in_drawer(showtime):
    theater = showtime.auditorium.theater
    total = takings_of(theater, today(showtime)).total
    booked = Counter()
    for line in ledger_lines(theater=theater, first=today(showtime), last=today(showtime)):
        booked[line.book, line.kind] += line.gross
    return total, booked


def sums_of(paper):
    return [(line["what"], line["amount"]) for line in printed_words(paper)["sums"]]


def give_back(sold, method):
    origin = CancellationOrigin(CancelCause.STAFF, "staff:1")
    cancel_and_refund(booking_id=sold.booking.pk, ticket_ids=None, origin=origin)
    return pay_out(refund_id=Refund.objects.get().pk, method=method, operator_id=sold.payment.operator_id)


def test_the_total_is_rounded_and_the_price_and_its_tax_are_not(swiss, clerk):
    sold = sell_seats(swiss, clerk, "A1", tendered=Decimal(20))
    ticket = sold.booking.tickets.get()
    assert (ticket.price, sold.booking.total, sold.payment.amount, sold.payment.captured) == (PRICE,) * 4
    assert ticket.tax == PRICE - (PRICE / Decimal("1.20")).quantize(Decimal("0.01"))
    assert (sold.payment.rounding, sold.payment.in_coins, sold.change) == (
        Decimal("-0.02"), Decimal("17.40"), Decimal("2.60"),
    )  # fmt: skip
    assert broken_invariants() == []


def test_the_sum_is_rounded_once_and_not_each_ticket(swiss, clerk):
    assert sell_seats(swiss, clerk, "A1", "A2", "A3").payment.in_coins == Decimal("52.25")  # 52.26; 3 × 17.40 is 52.20


def test_what_coins_can_pay_is_enough_and_less_is_not(swiss, clerk):
    take(swiss, clerk, "A1")
    with pytest.raises(BadChoice, match="less than the total"):
        press_sell(swiss, clerk, "A1", tendered=Decimal("17.35"))
    assert press_sell(swiss, clerk, "A1", tendered=Decimal("17.40")).change == 0


def test_a_card_pays_and_gets_back_to_the_cent(swiss, clerk):
    sold = sell_seats(swiss, clerk, "A1", method=TERMINAL)
    assert (sold.payment.rounding, sold.booking.sale.cash_rounding, give_back(sold, TERMINAL).rounding) == (0, 0, 0)
    assert broken_invariants() == []


@pytest.mark.parametrize(("method", "handed"), [(CASH, "17.40"), (TERMINAL, "17.42")])
def test_money_goes_back_as_it_is_handed_out(swiss, clerk, method, handed):
    refund = give_back(sell_seats(swiss, clerk, "A1"), method)
    assert refund.in_coins == Decimal(handed) and refund.amount == PRICE
    total, booked = in_drawer(swiss)
    assert total.cash + total.terminal == Decimal("17.40") - Decimal(handed)
    assert sum(amount for (book, _), amount in booked.items() if book == "money") == total.cash + total.terminal
    assert broken_invariants() == []


def test_a_credit_note_before_the_payout_says_what_the_drawer_will_hand_out(swiss, clerk):
    sold = sell_seats(swiss, clerk, "A1")
    origin = CancellationOrigin(CancelCause.STAFF, "staff:1")
    cancel_and_refund(booking_id=sold.booking.pk, ticket_ids=None, origin=origin)
    note = credit_note_of(cancellation_id=Cancellation.objects.get().pk)
    pay_out(refund_id=Refund.objects.get().pk, method=CASH, operator_id=sold.payment.operator_id)
    assert sums_of(note) == [("Given back at the counter", "17.42"), ("In cash, rounded to coins", "17.40")]
    assert Refund.objects.get().in_coins == Decimal("17.40")


def test_the_credit_note_of_a_card_has_no_line_for_coins(swiss, clerk):
    give_back(sell_seats(swiss, clerk, "A1", method=TERMINAL), TERMINAL)
    note = credit_note_of(cancellation_id=Cancellation.objects.get().pk)
    assert [what for what, _ in sums_of(note)] == ["Given back at the counter"]


def test_the_drawer_holds_coins_and_the_books_say_why(swiss, clerk):
    sell_seats(swiss, clerk, "A1")
    total, booked = in_drawer(swiss)
    assert (total.cash_in, total.rounding, total.cash) == (PRICE, Decimal("-0.02"), Decimal("17.40"))
    assert booked == {
        ("sales", "sale"): PRICE,
        ("money", "payment"): PRICE,
        ("money", "cash rounding"): Decimal("-0.02"),
    }


def test_the_receipt_has_a_line_for_it(swiss, clerk):
    sold = sell_seats(swiss, clerk, "A1")
    assert sums_of(receipt_of(booking_id=sold.booking.pk)) == [
        ("Total", "17.42"), ("Rounded to coins", "-0.02"), ("Paid in cash", "17.40"),
    ]  # fmt: skip


def test_the_receipt_of_exact_cash_has_none(showtime):
    sold = sell_seats(showtime, make_seller(showtime), "A1")
    assert [line["what"] for line in printed_words(receipt_of(booking_id=sold.booking.pk))["sums"]] == ["Paid in cash"]


class TestAtTheScreen:
    def test_it_is_shown_before_the_money_is_taken(self, swiss):
        clerk = seller(swiss.auditorium.theater)
        hold(clerk, swiss, "A1")
        page = clerk.get(at(swiss))
        assert "In cash, rounded to coins (−CHF\xa00.02)" in page.text and 'data-total="17.40"' in page.text
        sold = clerk.post(at(swiss), sale("A1", total="17.42", cash="20"), follow=True)
        assert "CHF\xa02.60" in sold.text and "CHF\xa017.42, rounded to coins: −CHF\xa00.02" in sold.text

    def test_a_void_hands_out_coins(self, swiss):
        Theater.objects.update(refund_limit=100)
        boss = seller(swiss.auditorium.theater, "MANAGER")
        hold(boss, swiss, "A1")
        boss.post(at(swiss), sale("A1", total="17.42"))
        page = f"/counter/sales/{Booking.objects.get().reference}/void/"
        shown = boss.get(page)
        assert "Void and hand back CHF\xa017.40" in shown.text
        boss.post(page, {"mark": shown.context["plan"].mark, "reason": "Wrong show"})
        assert Refund.objects.get().in_coins == Decimal("17.40")
        assert sums_of(credit_note_of(cancellation_id=Cancellation.objects.get().pk)) == [
            ("Total", "17.42"), ("Rounded to coins", "-0.02"), ("Given back at the counter", "17.40"),
        ]  # fmt: skip
        assert broken_invariants() == []

    def test_a_void_gives_back_the_coins_that_each_payment_brought(self, swiss, clerk):
        """A sale and the difference of its exchange were rounded each, and so is what goes back: 20.40, not 20.45."""
        Theater.objects.update(refund_limit=100)
        sold = sell_seats(swiss, clerk, "A1").booking
        dearer = make_price_list(swiss.auditorium.theater, prices={"ADULT": Decimal("20.44"), "CHILD": Decimal("9.99")})
        new = other_showtime(sold, price_list=dearer)
        exchanging_at_counter(sold, new, clerk, "A1")()
        taken = sum(payment.in_coins for payment in Payment.objects.all())
        operator = Operator(user_id=clerk.operator_id, device_id=None)
        plan = plan_void(sold.sale, operator=operator, now=timezone.now())
        void_sale(
            sale_id=sold.sale_id, operator=operator, order=VoidOrder(reason="Ill", mark=plan.mark), now=timezone.now()
        )
        assert taken == sum(refund.in_coins for refund in Refund.objects.all()) == plan.cash == Decimal("20.40")
        note = credit_note_of(cancellation_id=Cancellation.objects.get(cause=CancelCause.VOID).pk)
        assert sums_of(note)[-1] == ("Given back at the counter", f"{plan.cash}")
        assert broken_invariants() == []

    def test_a_payout_says_what_it_is_in_cash(self, swiss, clerk):
        sold = sell_seats(swiss, clerk, "A1")
        cancel_and_refund(
            booking_id=sold.booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1")
        )
        boss, page = seller(swiss.auditorium.theater, "MANAGER"), f"/counter/pay-outs/{Refund.objects.get().pk}/"
        assert "In cash it is <b>CHF\xa017.40</b>" in boss.get(page).text
        assert "CHF\xa017.40 of" in boss.post(page, {"method": "cash"}, follow=True).text

    def test_the_takings_have_a_column_for_it(self, swiss, clerk):
        sell_seats(swiss, clerk, "A1")
        page = seller(swiss.auditorium.theater, "MANAGER").get("/counter/takings/").text
        assert "Rounding to coins, in that cash" in page and "−CHF\xa00.02" in page


def test_the_database_refuses_rounding_on_a_card(swiss, clerk):
    sell_seats(swiss, clerk, "A1", method=TERMINAL)
    with pytest.raises(DatabaseError, match="rounding"):
        Payment.objects.update(rounding=Decimal("0.01"))


def test_what_was_handed_out_is_frozen(swiss, clerk):
    give_back(sell_seats(swiss, clerk, "A1"), CASH)
    with pytest.raises(DatabaseError, match=r"rounding of payments_refund .* is frozen"):
        Refund.objects.update(rounding=0)
