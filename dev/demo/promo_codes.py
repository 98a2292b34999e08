"""Some promo codes to try. Those that staff changed are left alone."""

from decimal import Decimal
from typing import Any

from reservations.models import PromoCode
from reservations.states import PromoKind

CODES: dict[str, dict[str, Any]] = {
    "LANTERN": {"note": "A fifth off, everywhere", "kind": PromoKind.PERCENT, "percent": Decimal(20)},
    "MONDAY": {
        "note": "Half the price at the beginning of the week",
        "kind": PromoKind.PERCENT,
        "percent": Decimal(50),
        "weekdays": [1, 2],
    },
    "FIVER": {
        "note": "Five pounds off a booking in London",
        "kind": PromoKind.AMOUNT,
        "amount": Decimal(5),
        "currency": "GBP",
        "most_uses_each": 1,
    },
    "FRIENDS": {
        "note": "Friends of the house come in free",
        "kind": PromoKind.PERCENT,
        "percent": Decimal(100),
        "most_uses": 50,
        "most_uses_each": 1,
    },
}


def ensure_promo_codes() -> None:
    for code, terms in CODES.items():
        PromoCode.objects.get_or_create(code=code, defaults=terms)
