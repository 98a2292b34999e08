"""What was typed into the card form, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dev.sandbox.cards import passes_luhn


@dataclass
class CardForm:
    number: str = ""
    expiry: str = ""
    cvc: str = ""
    name: str = ""
    email: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Mapping[str, str], *, now: float, needs_email: bool) -> "CardForm":
        number, expiry, cvc, name, email = (
            sent.get(field_name, "").strip() for field_name in ("number", "expiry", "cvc", "name", "email")
        )
        form = cls(number, expiry, cvc, name, email)
        digits = re.sub(r"[\s-]", "", form.number)
        if not digits.isdigit() or not passes_luhn(digits):
            form.errors["number"] = "Your card number is invalid." if form.number else "Enter your card number."
        form._check_expiry(now)
        if not re.fullmatch(r"\d{3,4}", form.cvc):
            form.errors["cvc"] = "Enter the 3 or 4 digits of the security code."
        if not form.name:
            form.errors["name"] = "Enter the name on the card."
        if needs_email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", form.email):
            form.errors["email"] = "Enter a valid email address."
        return form

    def _check_expiry(self, now: float) -> None:
        match = re.fullmatch(r"(\d{1,2})\s*/?\s*(\d{2}|\d{4})", self.expiry)
        if not match or not 1 <= int(match[1]) <= 12:
            self.errors["expiry"] = "Enter the month and year, like 12 / 34."
            return
        year = int(match[2]) if len(match[2]) == 4 else 2000 + int(match[2])
        today = datetime.fromtimestamp(now, UTC)
        if (year, int(match[1])) < (today.year, today.month):
            self.errors["expiry"] = "Your card's expiration date is in the past."
