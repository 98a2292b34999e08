"""The seller as the law requires it on papers; receipts and credit notes take it from here."""

from dataclasses import dataclass

from houses.models import Theater


@dataclass(frozen=True)
class Seller:
    """The company's name and address, line by line, and its tax number; '' where none is known.

    A theater without a company of its own sells for that of its house.
    """

    lines: tuple[str, ...]
    tax_number: str


def seller_of(theater: Theater) -> Seller:
    house = theater.house
    lines = (theater.company or house.company or theater.name, theater.street, f"{theater.place}, {theater.country}")
    return Seller(lines, theater.tax_number or ("" if theater.company else house.tax_number))
