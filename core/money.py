"""Money as Decimal and currency code; minor units exist only inside payment providers."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel.numbers import format_currency, get_currency_symbol
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from core.texts.languages import SOURCE, current_language, locale_for

# Every currency of today that our payment provider charges in, by the decimals of its amounts (ISO 4217). The ariary has
# fifths and no decimals. BGN was sold in until Bulgaria took the euro.
_WITHOUT_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF"
_WITH_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CNY COP CRC CVE CZK
DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LBP
LKR LRD LSL MAD MDL MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON
RSD RUB SAR SBD SCR SEK SGD SHP SLE SOS SRD SZL THB TJS TOP TRY TTD TWD TZS UAH USD UYU UZS WST XCD XCG YER ZAR ZMW
"""
_ZERO_DECIMALS = frozenset(_WITHOUT_DECIMALS.split())
_TWO_DECIMALS = frozenset(_WITH_TWO.split())
_THREE_DECIMALS = frozenset({"BHD", "JOD", "KWD", "OMR", "TND"})
_HUNDREDTH = Decimal("0.01")
# Cards and ISO 4217 know two decimals, people know none: the fillér ended in 1999, and prices in Taiwan are whole dollars.
_WHOLE_PRICES = frozenset({"HUF", "TWD"})

CURRENCIES = tuple(sorted(_ZERO_DECIMALS | _TWO_DECIMALS | _THREE_DECIMALS))


def decimals(currency: str) -> int:
    """The decimal places of a currency. Raises ValueError for one that we do not sell in."""
    if currency in _ZERO_DECIMALS:
        return 0
    if currency in _TWO_DECIMALS:
        return 2
    if currency in _THREE_DECIMALS:
        return 3
    raise ValueError(f"Marquee does not sell in {currency!r}.")


def smallest_unit(currency: str) -> Decimal:
    """The last digit of an amount as it is written: 0.01, 1 yen, 0.001 dinar. Tax is worked out to it."""
    return Decimal(1).scaleb(-decimals(currency))


def coin(currency: str) -> Decimal:
    """The step of what cards can charge: 0.01, 1 yen, and 0.010 dinar, because they take no single thousandths."""
    return max(smallest_unit(currency), _HUNDREDTH) if decimals(currency) else smallest_unit(currency)


def price_step(currency: str) -> Decimal:
    """The step of prices, discounts and refunds: that of cards, or 1 where nobody writes less."""
    return Decimal(1) if currency in _WHOLE_PRICES else coin(currency)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the decimals of the currency."""
    return amount.quantize(smallest_unit(currency), rounding=ROUND_HALF_UP)


def in_coins(amount: Decimal, currency: str) -> Decimal:
    """Round half up to what can be charged and given back, written with the decimals of the currency."""
    return rounded(amount.quantize(price_step(currency), rounding=ROUND_HALF_UP), currency)


def smallest_coin_text(currency: str) -> str:
    """The sentence of a form for an amount that nobody can pay."""
    step = f"{price_step(currency):.{decimals(currency)}f}"
    return gettext("Amounts in %(currency)s go in steps of %(step)s.") % {"currency": currency, "step": step}


def share(amount: Decimal, percent: int, currency: str) -> Decimal:
    """Return a percentage of an amount, rounded half up: 50 % of £14.55 is £7.28."""
    return in_coins(amount * percent / 100, currency)


def smallest_charge(currency: str) -> Decimal:
    """The smallest amount that can be paid online, as the SMALLEST_CHARGE function says."""
    smallest: Decimal = import_string(settings.SMALLEST_CHARGE)(currency)
    return smallest


def tax_included(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The tax inside a gross amount: gross − half-up(gross ÷ (1 + rate)), so net and tax add up exactly."""
    return gross - rounded(gross / (1 + rate), currency)


@dataclass(frozen=True)
class PriceParts:
    """The parts of a price: net + fee + tax is the price, to the coin. The fee stands here without its tax."""

    net: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)

    def rounded(self, currency: str) -> "PriceParts":
        """The parts as printed and compared. Sums of rounded parts need no rounding."""
        return PriceParts(*(rounded(part, currency) for part in (self.net, self.fee, self.tax)))

    def __add__(self, other: "PriceParts") -> "PriceParts":
        return PriceParts(self.net + other.net, self.fee + other.fee, self.tax + other.tax)


def price_parts(price: Decimal, *, tax: Decimal, rate: Decimal, fee: Decimal, currency: str) -> PriceParts:
    """The parts inside a gross price with its tax; `fee` is gross too and at most the price. Net is what is left."""
    fee_net = fee - tax_included(fee, rate, currency)
    return PriceParts(net=price - tax - fee_net, fee=fee_net, tax=tax)


def included_text(*, fee: Decimal, tax: Decimal, tax_name: str, currency: str) -> str:
    """The sentence about what a price includes; "" for nothing. The fee is with its tax, as the theater states it."""
    amounts = {"fee": format_money(fee, currency), "tax": format_money(tax, currency), "tax_name": tax_name}
    if fee and tax:
        return gettext("Includes a %(fee)s booking fee and %(tax)s %(tax_name)s") % amounts
    if fee:
        return gettext("Includes a %(fee)s booking fee") % amounts
    return gettext("Includes %(tax)s %(tax_name)s") % amounts if tax else ""


def format_money(amount: Decimal, currency: str) -> str:
    """Format an amount: £14.50, ¥1,900, CHF 12.00, or 14,50 € in German; a minus sign comes first."""
    places = decimals(currency)
    sign = "−" if amount < 0 else ""
    if current_language() != SOURCE:
        locale = locale_for("")
        pattern = locale.currency_formats["standard"].pattern.replace(".00", f".{'0' * places}" if places else "")
        return sign + format_currency(abs(amount), currency, format=pattern, locale=locale, currency_digits=False)
    return f"{sign}{_symbol(currency)}{abs(amount):,.{places}f}"


@cache
def _symbol(currency: str) -> str:
    """What stands before an amount in English: £, CA$, and CHF with a space that does not break."""
    symbol = get_currency_symbol(currency, locale=SOURCE).replace("\u202f", "\N{NO-BREAK SPACE}")
    return symbol + "\N{NO-BREAK SPACE}" if symbol[-1].isalpha() or symbol[-1] == "." else symbol


def format_from_price(amount: Decimal, currency: str) -> str:
    """Format a lowest price: £11 for a whole amount, else £11.50."""
    if amount != amount.to_integral_value():
        return format_money(amount, currency)
    if current_language() != SOURCE:
        locale = locale_for("")
        pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)
    return f"{_symbol(currency)}{amount:,.0f}"
