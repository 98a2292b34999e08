"""The facts of a sale, packed into the metadata of objects at the provider, and read from there after a restore.

Limits of providers: 50 keys, 40 characters a key, 500 a value. Names and labels are percent-encoded, so that they never
contain the separators. Changes by price rules have keys of their own, `rules_1` … and `parts_1` …: older objects have
none, and the release before this one ignores them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import groupby
from urllib.parse import quote, unquote

from core.rows.known_values import known
from reservations.moving_in.lost_bookings import SoldBooking, SoldSeat
from reservations.price_changes import PriceChange
from theaters.states import PriceRuleKind

LONGEST_VALUE = 500
MOST_KEYS = 45  # of the provider's 50; the rest is for other metadata
FORM = "1"
UNKNOWN = "-"


class SaleFactsUnreadable(Exception):
    """The object has no facts of a sale, or has them in an unknown form."""


def pack(sold: SoldBooking) -> dict[str, str]:
    """Write what was sold into metadata. Facts that do not fit are left out, price rules first, because the payment
    must not fail.
    """
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
    with_parts = {**packed, **_packed_parts(sold)}
    return next((facts for facts in (with_parts, packed) if _fits(facts)), named)


def _fits(packed: dict[str, str]) -> bool:
    return len(packed) <= MOST_KEYS and all(len(value) <= LONGEST_VALUE for value in packed.values())


def _packed_parts(sold: SoldBooking) -> dict[str, str]:
    """The rules once each, and of each row of seats with the same parts: how many, list price, and what each rule changed."""
    rules = list(dict.fromkeys((change.kind, change.name) for seat in sold.seats for change in seat.changes))
    texts = groupby(_parts_text(seat, rules) for seat in sold.seats)
    return {
        **_numbered("rules", (f"{kind}:{quote(name, safe='')}" for kind, name in rules)),
        **_numbered("parts", (f"{len(list(same))}*{text}" for text, same in texts)),
    }


def _parts_text(seat: SoldSeat, rules: list[tuple[str, str]]) -> str:
    if seat.list_price is None:
        return UNKNOWN
    changes = (f"{rules.index((change.kind, change.name))}={_plain(change.amount)}" for change in seat.changes)
    return ":".join([_plain(seat.list_price), *changes])


def unpack(metadata: dict[str, str]) -> SoldBooking:
    """Read what was sold from an object's metadata. Raises Unreadable."""
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
            seats=_with_parts([_seat(part, types) for part in _joined(metadata, "seats")], metadata),
        )
    except (KeyError, IndexError, ValueError, InvalidOperation) as error:
        raise SaleFactsUnreadable("it does not say what was sold") from error


def _seat_text(seat: SoldSeat) -> str:
    amounts = (seat.price, seat.discount, seat.tax, seat.fee)
    return ":".join([quote(seat.label, safe=""), str(seat.type_id), *map(_plain, amounts)])


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"


def _with_parts(seats: list[SoldSeat], metadata: dict[str, str]) -> tuple[SoldSeat, ...]:
    """Parts that do not add up to the price are ignored, as if the object were an older one without them."""
    if "parts_1" not in metadata:
        return tuple(seats)
    rules = [text.split(":") for text in _joined(metadata, "rules")] if "rules_1" in metadata else []
    named = [(known(PriceRuleKind, kind) or kind, unquote(name)) for kind, name in rules]
    texts: list[str] = []
    for run in _joined(metadata, "parts"):
        count, text = run.split("*")
        texts += [text] * min(int(count), len(seats))
    told = [_seat_with_parts(seat, text, named) for seat, text in zip(seats, texts, strict=True)]
    return tuple(told if all(seat.adds_up for seat in told) else seats)


def _seat_with_parts(seat: SoldSeat, text: str, rules: list[tuple[str, str]]) -> SoldSeat:
    if text == UNKNOWN:
        return seat
    listed, *changes = text.split(":")
    pairs = [change.split("=") for change in changes]
    made = tuple(PriceChange(*rules[int(number)], Decimal(amount)) for number, amount in pairs)
    return replace(seat, list_price=Decimal(listed), changes=made)


def _seat(text: str, types: dict[int, str]) -> SoldSeat:
    label, type_id, *amounts = text.split(":")
    price, discount, tax, fee = (Decimal(amount) for amount in amounts)
    return SoldSeat(
        label=unquote(label), type_id=int(type_id), type_name=types[int(type_id)],
        price=price, discount=discount, tax=tax, fee=fee,
    )  # fmt: skip


def _numbered(name: str, parts: Iterable[str]) -> dict[str, str]:
    """Distribute parts over the values `seats_1`, `seats_2` …, as many in each as fit."""
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
