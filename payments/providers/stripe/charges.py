"""What Stripe charges by currency: its minor units and the smallest amount (https://docs.stripe.com/currencies)."""

from decimal import Decimal

from core.money import coin, decimals, rounded

# Without decimals since some years, and still sent as amounts with two of them that are always 00.
WRITTEN_WITH_CENTS = frozenset({"ISK", "UGX"})

# Stated by Stripe, for accounts that are paid out in the currency.
STATED = {
    **dict.fromkeys(("ARS", "AUD", "BRL", "CAD", "CHF", "COP", "EUR", "IDR", "ILS", "INR", "NZD", "PHP"), "0.50"),
    **dict.fromkeys(("RUB", "SGD", "USD", "ZAR"), "0.50"),
    **dict.fromkeys(("AED", "MYR", "PLN", "RON"), "2.00"),
    "BGN": "1.00",
    "CZK": "15.00",
    "DKK": "2.50",
    "GBP": "0.30",
    "HKD": "4.00",
    "HUF": "175.00",
    "JPY": "50",
    "KRW": "50",
    "MXN": "10.00",
    "NOK": "3.00",
    "SEK": "3.00",
    "THB": "10.00",
}
# Accounts are paid out in another currency than these, and the amount has to reach 0.50 dollars or euros after the
# exchange. Round amounts well above it, because rates change.
ABOUT = {
    **dict.fromkeys(("BHD", "KWD", "OMR"), "0.300"),
    **dict.fromkeys(("BMD", "BSD", "FKP", "GIP", "KYD", "PAB", "SHP"), "0.75"),
    "JOD": "0.600",
    **dict.fromkeys(("AWG", "AZN", "BAM", "BBD", "BND", "BZD", "XCG"), "1.50"),
    **dict.fromkeys(("FJD", "TOP"), "2.00"),
    "TND": "2.500",
    **dict.fromkeys(("GEL", "WST", "XCD"), "2.50"),
    **dict.fromkeys(("BYN", "PEN", "QAR", "SAR"), "3.00"),
    "PGK": "4.00",
    **dict.fromkeys(("CNY", "GTQ", "MOP", "TTD"), "6.00"),
    **dict.fromkeys(("BOB", "MAD", "SBD", "TJS"), "8.00"),
    **dict.fromkeys(("BWP", "MVR", "SCR"), "12.00"),
    **dict.fromkeys(("LSL", "MDL", "NAD", "SZL"), "15.00"),
    **dict.fromkeys(("HNL", "SLE", "ZMW"), "20.00"),
    "TWD": "25.00",
    **dict.fromkeys(("NIO", "SRD"), "30.00"),
    **dict.fromkeys(("EGP", "MKD", "MUR", "TRY", "UAH", "UYU"), "40.00"),
    **dict.fromkeys(("DOP", "MZN"), "50.00"),
    **dict.fromkeys(("AFN", "ALL", "GMD"), "60.00"),
    **dict.fromkeys(("CVE", "KGS", "RSD"), "80.00"),
    **dict.fromkeys(("BDT", "DZD", "HTG", "KES"), "100.00"),
    "ISK": "100",
    **dict.fromkeys(("ETB", "JMD", "NPR"), "120.00"),
    **dict.fromkeys(("GYD", "LRD"), "160.00"),
    **dict.fromkeys(("LKR", "PKR"), "250.00"),
    **dict.fromkeys(("AMD", "CRC"), "400.00"),
    "KZT": "450.00",
    "SOS": "500.00",
    "AOA": "700.00",
    "XPF": "80",
    "VUV": "100",
    "DJF": "150",
    **dict.fromkeys(("KMF", "XAF", "XOF"), "450"),
    "CLP": "750",
    "RWF": "1200",
    **dict.fromkeys(("NGN", "YER"), "1200.00"),
    **dict.fromkeys(("MWK", "TZS"), "2000.00"),
    **dict.fromkeys(("BIF", "UGX"), "3000"),
    **dict.fromkeys(("CDF", "MNT"), "3000.00"),
    "MGA": "3500",
    **dict.fromkeys(("KHR", "MMK"), "3500.00"),
    "PYG": "6000",
    "GNF": "7000",
    "UZS": "10000.00",
    "LAK": "18000.00",
    "VND": "20000",
    "LBP": "75000.00",
}


def smallest_charge(currency: str) -> Decimal:
    return rounded(Decimal(STATED.get(currency) or ABOUT[currency]), currency)


def minor_digits(currency: str) -> int:
    """How many decimals an amount has for Stripe."""
    return 2 if currency in WRITTEN_WITH_CENTS else decimals(currency)


def is_in_coins(amount: Decimal, currency: str) -> bool:
    """Whether Stripe can charge the amount: whole krónur and shillings, dinars in hundredths."""
    return amount % coin(currency) == 0
