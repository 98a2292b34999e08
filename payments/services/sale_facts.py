"""What was sold, packed into the metadata of the objects at the provider and read from there again after a restore.

The narrowest limits of a provider: 50 keys, 40 characters a key, 500 a value. Names and labels are
percent-encoded, so that the signs between the parts are in none of them.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from urllib.parse import quote, unquote

from reservations.services.lost_bookings import SoldBooking, SoldSeat

LONGEST_VALUE = 500
MOST_KEYS = 45  # of the provider's 50: the rest is for what else an object says
FORM = "1"


class SaleFactsUnreadable(Exception):
    """An object that tells nothing of what was sold, or not in this form."""


def pack(sold: SoldBooking) -> dict[str, str]:
    """Without what was sold where that would not fit: the payment itself must not fail for it."""
    named = {"booking": sold.reference, "holder": sold.holder}
    head = [
        FORM,
        sold.showtime_id,
        sold.starts_at,
        quote(sold.movie, safe=""),
        sold.currency,
        sold.total,
        sold.tax_rate,
    ]
    types = {seat.type_id: quote(seat.type_name, safe="") for seat in sold.seats}
    packed = {
        **named,
        "sale": ":".join(str(part) for part in head),
        **_numbered("types", (f"{number}:{name}" for number, name in types.items())),
        **_numbered("seats", (_seat_text(seat) for seat in sold.seats)),
    }
    fits = len(packed) <= MOST_KEYS and all(len(value) <= LONGEST_VALUE for value in packed.values())
    return packed if fits else named


def unpack(metadata: dict[str, str]) -> SoldBooking:
    """Raises Unreadable."""
    try:
        form, showtime_id, starts_at, movie, currency, total, tax_rate = metadata["sale"].split(":")
        if form != FORM:
            raise SaleFactsUnreadable(f"form {form} of a sale is not known")
        parts = [part.split(":") for part in _joined(metadata, "types")]
        types = {int(number): unquote(name) for number, name in parts}
        return SoldBooking(
            reference=metadata["booking"],
            holder=metadata["holder"],
            showtime_id=int(showtime_id),
            starts_at=int(starts_at),
            movie=unquote(movie),
            currency=currency,
            total=Decimal(total),
            tax_rate=Decimal(tax_rate),
            seats=tuple(_seat(part, types) for part in _joined(metadata, "seats")),
        )
    except (KeyError, ValueError, InvalidOperation) as error:
        raise SaleFactsUnreadable("it does not say what was sold") from error


def _seat_text(seat: SoldSeat) -> str:
    amounts = (seat.price, seat.discount, seat.tax, seat.fee)
    return ":".join([quote(seat.label, safe=""), str(seat.type_id), *(f"{amount.normalize():f}" for amount in amounts)])


def _seat(text: str, types: dict[int, str]) -> SoldSeat:
    label, type_id, *amounts = text.split(":")
    price, discount, tax, fee = (Decimal(amount) for amount in amounts)
    return SoldSeat(
        label=unquote(label), type_id=int(type_id), type_name=types[int(type_id)],
        price=price, discount=discount, tax=tax, fee=fee,
    )  # fmt: skip


def _numbered(name: str, parts: Iterable[str]) -> dict[str, str]:
    """`seats_1`, `seats_2` …: as many parts in each value as fit."""
    values: list[str] = []
    for part in parts:
        if values and len(values[-1]) + 1 + len(part) <= LONGEST_VALUE:
            values[-1] += f";{part}"
        else:
            values.append(part)
    return {f"{name}_{number}": value for number, value in enumerate(values, start=1)}


def _joined(metadata: dict[str, str], name: str) -> Iterator[str]:
    number = 1
    while value := metadata.get(f"{name}_{number}"):
        yield from value.split(";")
        number += 1
    if number == 1:
        raise KeyError(f"{name}_1")
