"""From Pay to a refund in currencies that Stripe writes in a special way."""

from decimal import Decimal

import pytest

from core.money import in_coins
from payments.books.payment_sweep import send_due_refunds
from payments.models import Refund
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.states import CancelCause
from tests.factories import buy, make_price_list, make_showtime, make_theater
from tests.ledger import broken_invariants

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("country", "currency", "adult", "premium", "minor"),
    [
        ("KW", "KWD", "4.500", "0.750", 9750),
        ("IS", "ISK", "2250", "300", 480_000),
        ("UG", "UGX", "25000", "5000", 5_500_000),
        ("LB", "LBP", "900000.00", "100000.00", 190_000_000),
        ("AR", "ARS", "7500.00", "500.00", 1_550_000),
    ],
)
def test_it_is_sent_as_stripe_takes_it_and_comes_back(my_browser, sandbox, country, currency, adult, premium, minor):
    theater = make_theater(currency=currency, country=country, tax_rate="0.05")
    price_list = make_price_list(theater, {"ADULT": Decimal(adult), "CHILD": Decimal(adult)}, premium=Decimal(premium))
    booking = buy(sandbox, make_showtime(theater=theater, price_list=price_list), my_browser, "A1", "B1")
    session = sandbox.session(booking.sale.payments.get().session_id)
    assert (session["amount_total"], session["currency"], booking.status) == (minor, currency.lower(), "CONFIRMED")
    assert booking.sale.payments.get().captured == booking.total == 2 * Decimal(adult) + Decimal(premium)
    origin = CancellationOrigin(CancelCause.CUSTOMER, "customer")
    done = cancel_tickets(booking_id=booking.pk, ticket_ids=None, percent=33, origin=origin)
    send_due_refunds()
    refund = Refund.objects.get()
    assert (refund.status, refund.amount, in_coins(refund.amount, currency)) == (
        "SUCCEEDED",
        done.refunded,
        done.refunded,
    )
    assert broken_invariants() == []
