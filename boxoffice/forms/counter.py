"""Forms of the counter: the place, a sale, overrides."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext

from core.letters.mailboxes import clean_address
from core.money import decimals, format_money, in_coins, smallest_coin_text
from core.refusals import BadChoice
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from reservations.selling.promo_codes import clean_code
from theaters.seat_labels import LONGEST_LABEL

TYPE_PREFIX = "type-"
PRICE_PREFIX = "price-"
MOST_SEATS = 100
# A number, with or without the sign or the code of a currency: £20, 20,50 €, KWD 4.500.
NUMBER = re.compile(r"(?:[^\d+-]{0,9}[^\d.,+-])?(\d{1,12}(?:[.,]\d{1,4})?)[^\d.,+-]{0,9}")
# As much as a column of money holds.
MOST_AMOUNT = Decimal(10**8)
MOST_REASON = 200
LONGEST_AMOUNT = 16


class CounterForm(forms.Form):
    theater = forms.ModelChoiceField(
        Theater.objects.none(), label=_("Where do you sell?"), empty_label=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, theaters: QuerySet[Theater], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["theater"]
        place.queryset = theaters


class OverrideForm(forms.Form):
    """The rules to override at one showtime for a while, and why.

    Two of them are about seats with numbers alone: places are sold by their number, and a kept one is its group's.
    """

    RULES = (
        ("house_seats", _("Sell house seats")),
        ("prices", _("Lower a price")),
        ("sales_close", _("Sell after the counter's close")),
        ("single_seats", _("Leave a single seat over")),
    )

    OF_NUMBERED_SEATS = frozenset({"house_seats", "single_seats"})

    rules = forms.MultipleChoiceField(
        label=_("Which rule?"),
        choices=RULES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one rule.")},
    )
    reason = forms.CharField(
        label=_("Why?"),
        max_length=MOST_REASON,
        help_text=_("Kept for ever, beside your name."),
        error_messages={"required": _("Say why: the reason stays with the sale.")},
    )


@dataclass(frozen=True)
class TypedSale:
    """The input of the counter's panel, to show it again after a refusal."""

    choices: dict[str, str] = field(default_factory=dict)
    email: str = ""
    promo: str = ""
    tendered: str = ""
    comp_reason: str = ""
    prices: dict[str, str] = field(default_factory=dict)


def typed(posted: QueryDict) -> TypedSale:
    return TypedSale(
        choices=_by_seat(posted, TYPE_PREFIX, 10),
        email=posted.get("email", "").strip()[:254],
        promo=clean_code(posted.get("promo", "")),
        tendered=posted.get("tendered", "").strip()[:LONGEST_AMOUNT],
        comp_reason=posted.get("comp_reason", "").strip()[:MOST_REASON],
        prices=_by_seat(posted, PRICE_PREFIX, LONGEST_AMOUNT),
    )


def _by_seat(posted: QueryDict, prefix: str, longest: int) -> dict[str, str]:
    names = [name for name in posted if name.startswith(prefix)][:MOST_SEATS]
    return {name.removeprefix(prefix)[:LONGEST_LABEL]: str(posted[name]).strip()[:longest] for name in names}


def clean_email(email: str) -> str:
    """Return the e-mail address, or '', as it is optional at the counter. Raises BadChoice."""
    if not email:
        return ""
    try:
        return clean_address(email)
    except ValidationError as error:
        printed = gettext("Without an address the tickets are printed.")
        raise BadChoice("email", f"{error.message} {printed}") from None


def clean_total(posted: QueryDict) -> Decimal:
    """Return the total that the screen showed. Raises BadChoice."""
    try:
        total = Decimal(str(posted.get("total", "")))
    except InvalidOperation:
        total = Decimal("NaN")
    if not total.is_finite() or total < 0:
        raise BadChoice("form", gettext("Look at the total once more. Nothing was sold."))
    return total


def clean_tendered(text: str, currency: str) -> Decimal | None:
    """The cash that was handed over; None when nothing was typed, which means the exact amount. Raises BadChoice."""
    return _amount(text, currency, "tendered") if text else None


def clean_prices(prices: dict[str, str], currency: str) -> dict[str, Decimal]:
    """Map seat labels to lowered prices; unchanged ones are left out. Raises BadChoice."""
    return {label: _amount(text, currency, f"{PRICE_PREFIX}{label}") for label, text in prices.items() if text}


def _amount(text: str, currency: str, name: str) -> Decimal:
    """Read an amount; a comma may be the decimal point."""
    number = NUMBER.fullmatch(text.strip())
    amount = Decimal(number[1].replace(",", ".")) if number else MOST_AMOUNT
    if not number or amount >= MOST_AMOUNT or -amount.as_tuple().exponent > decimals(currency):  # type: ignore[operator]
        raise _no_amount(text, currency, name)
    if amount != in_coins(amount, currency):
        raise BadChoice(name, smallest_coin_text(currency))
    return amount


def _no_amount(text: str, currency: str, name: str) -> BadChoice:
    example = format_money(Decimal(20), currency)
    says = gettext("“%(text)s” is no amount. Type it as %(example)s.")
    return BadChoice(name, says % {"text": text, "example": example})
