"""The smallest amount that Stripe charges, by currency
(https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).
"""

from decimal import Decimal

from core.money import decimals

# Where a currency is not named: 0.50, or 50 without decimals.
SMALLEST = {
    "AED": "2.00",
    "BGN": "1.00",
    "CZK": "15.00",
    "DKK": "2.50",
    "GBP": "0.30",
    "HKD": "4.00",
    "HUF": "175.00",
    "JPY": "50",
    "MXN": "10.00",
    "MYR": "2.00",
    "NOK": "3.00",
    "PLN": "2.00",
    "RON": "2.00",
    "SEK": "3.00",
    "THB": "10.00",
}


def smallest_charge(currency: str) -> Decimal:
    return Decimal(SMALLEST.get(currency, "50" if decimals(currency) == 0 else "0.50"))
