"""The ticket type that a checkout proposes to somebody who saved that an assistant comes with them."""

from dataclasses import dataclass

from reservations.selling.quotes import Quote
from theaters.seat_categories import is_companion, is_wheelchair


@dataclass(frozen=True)
class ProposedType:
    label: str
    code: str
    name: str


def carer_beside_wheelchair(quote: Quote) -> ProposedType | None:
    """A carer's ticket on the companion seat, else on another seat of a party with a wheelchair space; None without one."""
    if not quote.declares_wheelchair:
        return None
    others = [line for line in quote.lines if not is_wheelchair(line.seat.category)]
    for line in sorted(others, key=lambda line: not is_companion(line.seat.category)):
        for kind in line.types:
            if kind.is_for_carers and not kind.is_impossible:
                return ProposedType(line.label, kind.code, kind.name)
    return None
