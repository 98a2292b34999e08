"""Amounts in minor units: which currencies have them, what is too little, how they are shown."""

from dev.sandbox.errors import invalid, refused

ZERO_DECIMAL = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"}
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
# Amounts without decimals that are still sent with two, which are always 00.
ALWAYS_00 = frozenset({"isk", "ugx"})
WITH_TWO = """
aed afn all amd aoa ars aud awg azn bam bbd bdt bgn bmd bnd bob brl bsd bwp byn bzd cad cdf chf cny cop crc cve czk
dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gtq gyd hkd hnl htg huf idr ils inr jmd kes kgs khr kyd kzt lak lbp
lkr lrd lsl mad mdl mkd mmk mnt mop mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd pab pen pgk php pkr pln qar ron
rsd rub sar sbd scr sek sgd shp sle sos srd szl thb tjs top try ttd twd tzs uah usd uyu uzs wst xcd xcg yer zar zmw
"""
# Stripe still knows them; no country has them any more, and the site does not sell in them.
FORMER = frozenset({"ang", "std"})
TWO_DECIMAL = ALWAYS_00 | FORMER | frozenset(WITH_TWO.split())
SUPPORTED = ZERO_DECIMAL | THREE_DECIMAL | TWO_DECIMAL
SMALLEST = {
    "aed": 200,
    "bgn": 100,
    "czk": 1500,
    "dkk": 250,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "thb": 1000,
}
# Twelve digits for cards; other methods, which the site does not use, have eight.
LARGEST = 999_999_999_999
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
    if currency in ALWAYS_00 and amount % 100:
        raise invalid(f"Amounts in {currency} must be evenly divisible by 100.", param)


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
