"""Stripe's test cards and what each of them does."""

import hashlib
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["pays", "declined", "challenge", "processing"]


@dataclass(frozen=True)
class Card:
    number: str
    note: str
    outcome: Outcome = "pays"
    code: str = ""
    decline_code: str = ""
    message: str = ""
    refund: Literal["", "pending", "failed"] = ""
    disputed: bool = False

    @property
    def last4(self) -> str:
        return self.number[-4:]

    @property
    def brand(self) -> str:
        brands = {"34": "amex", "37": "amex", "35": "jcb", "5": "mastercard", "6": "discover", "4": "visa"}
        return next((brand for start, brand in brands.items() if self.number.startswith(start)), "unknown")

    @property
    def fingerprint(self) -> str:
        """The same card always has the same one, which is what limits per card rely on."""
        return hashlib.sha256(f"fingerprint {self.number}".encode()).hexdigest()[:16]


def _declined(number: str, note: str, code: str, decline_code: str, message: str) -> Card:
    return Card(number, note, "declined", code, decline_code, message)


CARDS = (
    Card("4242424242424242", "Pays"),
    Card("5555555555554444", "Pays (Mastercard)"),
    Card("378282246310005", "Pays (American Express)"),
    Card("3566002020360505", "Pays (JCB)"),
    _declined("4000000000000002", "Is declined", "card_declined", "generic_decline", "Your card was declined."),
    _declined(
        "4000000000009995",
        "Has insufficient funds",
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
    ),
    _declined("4000000000000069", "Has expired", "expired_card", "", "Your card has expired."),
    _declined(
        "4000000000000127", "Has a wrong security code", "incorrect_cvc", "", "Your card's security code is incorrect."
    ),
    _declined(
        "4000000000000119",
        "Fails while processing",
        "processing_error",
        "",
        "An error occurred while processing your card. Try again in a little bit.",
    ),
    Card("4000002500003155", "Asks for 3-D Secure", "challenge"),
    Card("4000000000007726", "Pays; its refunds are pending first", refund="pending"),
    Card("4000000000005126", "Pays; its refunds fail later", refund="failed"),
    Card("4000000000000259", "Pays; is then disputed", disputed=True),
    Card("4000000000000077", "Pays straight into the available balance"),
)
BY_NUMBER = {card.number: card for card in CARDS}
SLOW_BANK = Card("0000000000000000", "A method that stays in processing for days", "processing")


def find_card(number: str) -> Card:
    """Any well-formed number that is no test card is declined, as Stripe's test mode does it."""
    digits = "".join(filter(str.isdigit, number))
    return BY_NUMBER.get(digits) or _declined(
        digits,
        "Not a test card",
        "card_declined",
        "test_mode_live_card",
        "Your card was declined. Your request was in test mode, but used a non test card.",
    )


def passes_luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(number) if digit.isdigit()]
    doubled = [sum(divmod(digit * 2, 10)) for digit in digits[1::2]]
    return 12 <= len(digits) <= 19 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
