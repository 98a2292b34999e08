"""Amounts in minor units: which currencies have them, what is too little, how they are shown."""

from dev.sandbox.errors import invalid, refused

ZERO_DECIMAL = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
TWO_DECIMAL = frozenset(
    {"aed", "aud", "bgn", "brl", "cad", "chf", "cny", "czk", "dkk", "eur", "gbp", "hkd", "huf", "idr", "ils", "inr"}
    | {"isk", "mxn", "myr", "nok", "nzd", "pen", "php", "pln", "ron", "sar", "sek", "sgd", "thb", "try", "twd"}
    | {"usd", "zar"}
)
SUPPORTED = ZERO_DECIMAL | THREE_DECIMAL | TWO_DECIMAL
SMALLEST = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50, "chf": 50, "sek": 300, "dkk": 250, "nok": 300, "mxn": 1000}
LARGEST = 99_999_999
SYMBOLS = {"usd": "$", "gbp": "£", "eur": "€", "jpy": "¥", "cad": "CA$", "aud": "A$", "nzd": "NZ$"}


def check_currency(code: str, param: str) -> str:
    lowered = code.lower()
    if lowered not in SUPPORTED:
        known = ", ".join(sorted(SUPPORTED))
        raise invalid(f"Invalid currency: {lowered}. Stripe currently supports these currencies: {known}", param)
    return lowered


def check_unit_amount(amount: int, currency: str, param: str) -> None:
    if amount < 0:
        raise invalid("This value must be greater than or equal to 0.", param, "parameter_invalid_integer")
    if currency in THREE_DECIMAL and amount % 10:
        raise invalid("Amounts in three-decimal currencies must be rounded to the nearest ten.", param)


def check_total(amount: int, currency: str) -> None:
    least = SMALLEST.get(currency, 50)
    if amount < least:
        raise refused(
            f"The Checkout Session's total amount due must add up to at least {shown(least, currency)} {currency}",
            code="amount_too_small",
        )
    if amount > LARGEST:
        raise refused(
            f"The Checkout Session's total amount must be no more than {shown(LARGEST, currency)} {currency}",
            code="amount_too_large",
        )


def shown(amount: int, currency: str) -> str:
    """`$14.50`, `¥1,800`, `CHF 12.00`."""
    places = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    whole, rest = divmod(amount, 10**places)
    number = f"{whole:,}" + (f".{rest:0{places}}" if places else "")
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}" if symbol else f"{currency.upper()} {number}"
