"""Form of a promo code: what it gives, where and when it is valid, and how often."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, Max, QuerySet

from boxoffice.forms.planning import DayField
from core.money import in_coins, smallest_coin_text
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from reservations.models import PromoCode, PromoRedemption, PromoRedemptionQuerySet
from reservations.models.promo_codes import WEEKDAYS
from reservations.selling.promo_codes import clean_code
from reservations.states import PromoKind
from theaters.forms.fields import show_amounts
from theaters.models import TicketType

ALL = Decimal(100)
NEEDED = {
    PromoKind.PERCENT: ("percent", "Say how many percent come off."),
    PromoKind.AMOUNT: ("amount", "Say what comes off the booking."),
    PromoKind.FIXED: ("amount", "Say what a ticket costs with it; 0 is free."),
}


class PromoCodeForm(forms.ModelForm):
    from_on = DayField(
        label=_("Valid from"),
        required=False,
        help_text=_("The first day it can be used; a day of the theater, 05:00 to 05:00."),
    )
    until_on = DayField(label=_("Valid until"), required=False, help_text=_("The last day it can be used."))
    ticket_types = forms.MultipleChoiceField(
        required=False,
        choices=list,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "None chosen: all of them. Other tickets of the booking keep their price. "
            "A chosen type that is sold only with a promo code is offered to who types this code."
        ),
    )
    weekdays = forms.TypedMultipleChoiceField(
        required=False,
        coerce=int,
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Days of the showtime; the late show after midnight belongs to the evening before. None chosen: all."
        ),
    )

    class Meta:
        model = PromoCode
        fields = (
            "code", "note", "kind", "percent", "amount", "currency", "from_on", "until_on", "theater", "movies",
            "ticket_types", "weekdays", "most_uses", "most_uses_each", "is_withdrawn",
        )  # fmt: skip
        help_texts = {
            "code": "Three to 24 letters A–Z, digits and hyphens. Customers may type it in capital or small letters.",
            "percent": "For a percentage.",
            "amount": "For an amount off the booking, or the fixed price of each ticket.",
            "currency": "Of the amount. With a theater it is the theater's.",
            "most_uses_each": "Bookings; empty: no limit. Guests may have several addresses: limit the uses in all too.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.currency:
            show_amounts(self, self.instance.currency)
        if "ticket_types" in self.fields:
            fields: Any = self.fields
            places = fields["theater"].queryset if "theater" in fields else None
            fields["ticket_types"].choices = _types_by_code(self.instance.ticket_types, places)

    def clean_code(self) -> str:
        return clean_code(self.cleaned_data["code"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if kind := data.get("kind"):
            self._keep_what_the_kind_needs(PromoKind(kind), data)
        if data.get("from_on") and data.get("until_on") and data["until_on"] < data["from_on"]:
            self.add_error("until_on", "It would end before it begins.")
        self._require_space_for_uses(data)
        return data

    @property
    def gives_everything_without_limits(self) -> bool:
        """Whether the code would give anybody any number of free tickets."""
        data = self.cleaned_data
        is_free = data.get("percent") == ALL if data.get("kind") == PromoKind.PERCENT else data.get("amount") == 0
        return is_free and not (data.get("most_uses") or data.get("is_withdrawn"))

    def _keep_what_the_kind_needs(self, kind: PromoKind, data: dict[str, Any]) -> None:
        needed, sentence = NEEDED[kind]
        if data.get(needed) is None and needed not in self.errors:
            self.add_error(needed, sentence)
        if kind == PromoKind.PERCENT:
            data |= {"amount": None, "currency": ""}
            return
        data["percent"] = None
        theater = data.get("theater")
        data["currency"] = currency = theater.currency if theater else data.get("currency", "")
        amount: Decimal | None = data.get("amount")
        if not currency:
            self.add_error("currency", "Choose the currency, or a theater.")
        elif amount is not None and amount != in_coins(amount, currency):
            self.add_error("amount", smallest_coin_text(currency))
        elif kind == PromoKind.AMOUNT and amount == 0 and not self._opens_types(data):
            self.add_error(
                "amount",
                "This takes nothing off. 0 is for a code that opens ticket types which are sold with a code alone.",
            )

    @staticmethod
    def _opens_types(data: dict[str, Any]) -> bool:
        named = TicketType.objects.in_use().filter(code__in=data.get("ticket_types", ()), needs_code=True)
        return (named.filter(theater=data["theater"]) if data.get("theater") else named).exists()

    def _require_space_for_uses(self, data: dict[str, Any]) -> None:
        """Refuse a limit below the uses that were counted already."""
        if not self.instance.pk:
            return
        uses = PromoRedemption.objects.counted().filter(promo_code=self.instance)
        most, each = data.get("most_uses"), data.get("most_uses_each")
        if most is not None and (number := uses.count()) > most:
            self.add_error(
                "most_uses", f"It has been used {number} times. Withdraw it, and nobody can use it any more."
            )
        if each is not None and (number := self._most_of_one(uses)) > each:
            self.add_error(
                "most_uses_each", f"One customer has used it {number} times. Withdraw it, and make a stricter new one."
            )

    @staticmethod
    def _most_of_one(uses: PromoRedemptionQuerySet) -> int:
        numbers = [
            uses.exclude(**{who: nobody})
            .order_by()
            .values(who)
            .annotate(number=Count("pk"))
            .aggregate(most=Max("number"))
            for who, nobody in (("booking__sale__contact__customer", ""), ("user", None))
        ]
        return max(number["most"] or 0 for number in numbers)


def _types_by_code(chosen: list[str], theaters: QuerySet[Theater] | None) -> list[tuple[str, str]]:
    """The ticket types of the theaters that this person may choose, each code once with its names.

    Those of this promo code are always among them.
    """
    names: dict[str, list[str]] = {code: [] for code in chosen}
    types = TicketType.objects.in_use().order_by("position", "pk")
    for code, name in types.filter(theater__in=[] if theaters is None else theaters).values_list("code", "name"):
        known = names.setdefault(code, [])
        known += [] if name in known else [name]
    return [(code, f"{' / '.join(known[:3])} ({code})" if known else code) for code, known in names.items()]
