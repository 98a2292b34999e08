"""The facts of a sale that a payment session carries fit into Stripe's limits and are read back unchanged."""

from dataclasses import replace
from decimal import Decimal

import pytest

from payments.sessions.sale_facts import MOST_KEYS, SaleFactsUnreadable, pack, unpack
from reservations.moving_in.lost_bookings import SoldBooking, SoldSeat
from reservations.price_changes import PriceChange
from tests.factories import begin_paying
from theaters.states import PriceRuleKind


def sold(count, types=3):
    seats = tuple(
        SoldSeat(
            label=f"BZ{number:06}"[:8],
            type_id=10**9 + number % types,
            type_name=f"Ermäßigt: ab 65; Gruppe {number % types} " + "é" * 12,
            price=Decimal("123456.78"),
            discount=Decimal("0.50"),
            tax=Decimal("20576.13"),
            fee=Decimal("1.00"),
            list_price=Decimal("123455.28"),
            changes=(PriceChange(PriceRuleKind.SURCHARGE, "3D-Zuschlag: = 2 * €", Decimal("2.00")),),
        )
        for number in range(count)
    )
    return SoldBooking(
        reference="KX7M-4QPD", holder="f" * 64, showtime_id=10**12, starts_at=1795896900, movie="s" * 200, currency="GBP",
        total=Decimal("123456.78") * count, tax_rate=Decimal("0.20000"), seats=seats,
    )  # fmt: skip


@pytest.mark.parametrize(("count", "types"), [(1, 1), (10, 10), (100, 8), (300, 4)])
def test_it_comes_out_as_it_went_in_and_fits(count, types):
    packed = pack(sold(count, types))
    assert len(packed) <= MOST_KEYS
    assert all(len(key) <= 40 and len(value) <= 500 for key, value in packed.items())
    assert unpack(packed) == sold(count, types)


def test_a_sale_whose_parts_do_not_fit_is_without_them():
    """The price of each seat is made of different parts."""
    whole = sold(340)
    odd = [
        replace(seat, list_price=seat.list_price + number, discount=seat.discount + number)
        for number, seat in enumerate(whole.seats)
    ]
    packed = pack(replace(whole, seats=tuple(odd)))
    assert "parts_1" not in packed and len(packed) <= MOST_KEYS
    assert unpack(packed).seats == tuple(replace(seat, list_price=None, changes=()) for seat in odd)


def test_an_object_of_the_release_before_and_parts_that_do_not_add_up_say_nothing_of_parts():
    packed, bare = pack(sold(2)), tuple(replace(seat, list_price=None, changes=()) for seat in sold(2).seats)
    older = {key: value for key, value in packed.items() if not key.startswith(("rules", "parts"))}
    assert unpack(older).seats == bare
    assert unpack(packed | {"parts_1": "2*99:0=2"}).seats == bare
    unknown = replace(sold(2), seats=bare)
    assert unpack(pack(unknown)) == unknown


def test_a_sale_that_does_not_fit_leaves_the_payment_possible():
    packed = pack(sold(2000))
    assert packed == {"booking": "KX7M-4QPD", "holder": "f" * 64}
    with pytest.raises(SaleFactsUnreadable):
        unpack(packed)


@pytest.mark.parametrize(
    "damage",
    [
        {"parts_1": "1*14.50:9=2"}, {"parts_1": "x"}, {"parts_1": "1*1:0=1;1*1"}, {"sale": "2:1"},
        {"sale": "1:x:1:m:GBP:1:0"}, {"seats_1": "A1:1"}, {"types_1": "x"}, {"booking": None}, {"seats_1": None, "parts_1": None},
    ],
)  # fmt: skip
def test_what_cannot_be_read_says_so(damage):
    packed = {key: value for key, value in (pack(sold(1)) | damage).items() if value is not None}
    with pytest.raises(SaleFactsUnreadable):
        unpack(packed)


@pytest.mark.django_db
def test_the_largest_booking_of_the_house_carries_its_sale(sandbox, showtime, my_browser, settings):
    settings.MAX_SEATS_PER_HOLD = 12
    booking = begin_paying(showtime, my_browser, *(f"{row}{seat}" for row in "AB" for seat in range(1, 7)))
    carried = sandbox.session(booking.sale.payments.get().session_id)["metadata"]
    facts = unpack(carried)
    tickets = booking.tickets.order_by("seat_id").values_list("seat__label", "type_name", "price", "tax", "fee")
    assert [(seat.label, seat.type_name, seat.price, seat.tax, seat.fee) for seat in facts.seats] == list(tickets)
    assert (facts.reference, facts.total, facts.holder) == (booking.reference, booking.total, booking.holder)
