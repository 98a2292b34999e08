"""Money as Decimal and currency code; minor units exist only inside payment providers."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency
from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext

from core.texts.languages import SOURCE, current_language, locale_for

# ISO 4217. Currencies with three decimals are refused on purpose (docs/money-and-seats.md), and so is ISK: it has no
# decimals in a shop and two at card processors.
_ZERO_DECIMALS = frozenset({"CLP", "JPY", "KRW", "PYG", "VND", "XAF", "XOF", "XPF"})
_TWO_DECIMALS = frozenset(
    {
        *(
            "AED",
            "AUD",
            "BGN",
            "BRL",
            "CAD",
            "CHF",
            "CNY",
            "CZK",
            "DKK",
            "EUR",
            "GBP",
            "HKD",
            "HUF",
            "ILS",
            "INR",
            "MXN",
        ),
        *("MYR", "NOK", "NZD", "PEN", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR"),
    }
)
_SYMBOLS = {
    "GBP": "£",
    "USD": "$",
    "EUR": "€",
    "JPY": "¥",
    "KRW": "₩",
    "INR": "₹",
    "CAD": "CA$",
    "AUD": "A$",
    "NZD": "NZ$",
}

CURRENCIES = tuple(sorted(_ZERO_DECIMALS | _TWO_DECIMALS))


def decimals(currency: str) -> int:
    """The decimal places of a currency. Raises ValueError for one that we do not sell in."""
    if currency in _ZERO_DECIMALS:
        return 0
    if currency in _TWO_DECIMALS:
        return 2
    raise ValueError(f"Marquee does not sell in {currency!r}.")


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up to the currency's smallest coin."""
    return amount.quantize(Decimal(1).scaleb(-decimals(currency)), rounding=ROUND_HALF_UP)


def share(amount: Decimal, percent: int, currency: str) -> Decimal:
    """Return a percentage of an amount, rounded half up: 50 % of £14.55 is £7.28."""
    return rounded(amount * percent / 100, currency)


def smallest_charge(currency: str) -> Decimal:
    """The smallest amount that can be paid online, as the SMALLEST_CHARGE function says."""
    smallest: Decimal = import_string(settings.SMALLEST_CHARGE)(currency)
    return smallest


def tax_included(gross: Decimal, rate: Decimal, currency: str) -> Decimal:
    """The tax inside a gross amount: gross − half-up(gross ÷ (1 + rate)), so net and tax add up to the coin."""
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
    symbol = _SYMBOLS.get(currency, f"{currency}\N{NO-BREAK SPACE}")
    return f"{sign}{symbol}{abs(amount):,.{places}f}"


def format_from_price(amount: Decimal, currency: str) -> str:
    """Format a lowest price: £11 for a whole amount, else £11.50."""
    if amount != amount.to_integral_value():
        return format_money(amount, currency)
    if current_language() != SOURCE:
        locale = locale_for("")
        pattern = locale.currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)
    return f"{_SYMBOLS.get(currency, f'{currency}\N{NO-BREAK SPACE}')}{amount:,.0f}"
