"""The form of a ticket type: its name in all languages, who may have it, where and when it is sold, what it costs."""

from typing import Any

from django import forms

from core.money import format_money, smallest_charge
from houses.models import Theater
from theaters.forms.fields import several, show_amounts
from theaters.forms.translations import translation_fields
from theaters.models import Price, PriceList, SeatCategory, TicketType
from theaters.plans.category_names import read_categories
from theaters.prices.derived_prices import derived_price
from theaters.prices.price_check import newly_dear_prices
from theaters.states import Weekday

# Rules that the usual type, with which a seat starts, must not have, because everybody can have it.
CONDITIONS = ("channel", "needs_code", "weekdays", "last_on", "least", "most", "needs_adult", "needs_wheelchair")
# What a price of the type is made from.
PRICE_FIELDS = ("derived_from", "derived_percent", "derived_amount", "round_to", "categories")
# Rules about persons, which a type for empty places must not have.
OF_PEOPLE = ("is_default", "min_age", "max_age", "is_adult", "needs_adult", "needs_wheelchair")


TranslationFields: Any = translation_fields(TicketType, "name", "note")


class TicketTypeForm(forms.ModelForm, TranslationFields):
    categories = several([], coerce=str, label="Sold on", help_text=TicketType._meta.get_field("categories").help_text)
    weekdays = several(Weekday.choices, coerce=int, help_text=TicketType._meta.get_field("weekdays").help_text)
    is_archived = forms.BooleanField(
        label="Archived",
        required=False,
        help_text="New prices are without it. Tickets and showtimes that are on sale already keep it.",
    )

    class Meta:
        model = TicketType
        fields = "__all__"  # noqa: DJ007
        widgets = {"last_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_translations(self.instance.translations)
        if self.instance.theater_id:
            show_amounts(self, self.instance.theater.currency)
        if "is_archived" in self.fields:
            self.fields["is_archived"].initial = self.instance.archived_at is not None
        if (categories := self.fields.get("categories")) is not None:
            categories.choices = self._category_choices()  # type: ignore[attr-defined]
        if "people" in self.fields:
            self.fields["people"].required = False
        if (base := self.fields.get("derived_from")) is not None:
            self._offer_bases(base)

    def _offer_bases(self, field: Any) -> None:
        """The types from which this one may be derived; of several theaters each says its own."""
        possible = TicketType.objects.in_use().filter(derived_from=None).exclude(pk=self.instance.pk)
        if self.instance.theater_id:
            field.queryset = possible.filter(theater=self.instance.theater_id)
            return
        theaters = self.fields["theater"].queryset  # type: ignore[attr-defined]
        field.queryset = possible.filter(theater__in=theaters).select_related("theater").order_by("theater", "position")
        if len(theaters) > 1:
            field.label_from_instance = lambda kind: f"{kind}, {kind.theater}"

    def _category_choices(self) -> list[tuple[str, str]]:
        """The categories of the type's theater; for a new type those of all theaters to choose from."""
        if self.instance.theater_id:
            there = read_categories(self.instance.theater_id)
            codes = [one.code for one in there.in_use()]
            return [(one.code, one.name) for one in there.in_order([*codes, *self.instance.categories])]
        theaters = self.fields["theater"].queryset  # type: ignore[attr-defined]
        names: dict[str, dict[str, None]] = {}
        for category in SeatCategory.objects.in_use().filter(theater__in=theaters).order_by("position", "pk"):
            names.setdefault(category.code, {})[category.shown_name] = None
        return [(code, " / ".join(found)) for code, found in names.items()]

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"])

    def clean_people(self) -> int:
        return self.cleaned_data.get("people") or 1

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        theater = data.get("theater") or (self.instance.theater if self.instance.theater_id else None)
        self._require_spans(data)
        if data.get("is_empty_place"):
            self._require_empty_place(data)
        if theater is not None:
            self._require_own_categories(data, theater)
            self._require_usual_type(data, theater)
            self._require_price(data, theater)
            self._require_no_dear_places(data, theater)
        if (
            data.get("is_archived")
            and self.instance.pk
            and self.instance.derived_types.filter(archived_at=None).exists()
        ):
            self.add_error("is_archived", "Other types are derived from this one: change those first.")
        return data

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        self.instance.translations = self.translations()
        return super().save(commit)

    def _require_spans(self, data: dict[str, Any]) -> None:
        youngest, oldest = data.get("min_age"), data.get("max_age")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("max_age", "This is younger than the lowest age.")
        least, most, people = data.get("least"), data.get("most"), data.get("people") or 1
        if least is not None and most is not None and least > most:
            self.add_error("most", "This is less than the lowest number.")
        if most is not None and most < people:
            self.add_error("most", f"One ticket of this type is for {people} people: so many are needed.")

    def _require_empty_place(self, data: dict[str, Any]) -> None:
        """Check a type for empty places: nothing about people, and only sofas are ticked."""
        for name in OF_PEOPLE:
            if data.get(name) not in (None, False):
                self.add_error(name, "Nobody sits on a place that stays empty.")
        if (data.get("people") or 1) > 1:
            self.add_error("people", "A place that stays empty counts as one.")
        if not data.get("categories"):
            self.add_error("categories", "Tick the sofas: other seats are sold one by one.")

    def _require_usual_type(self, data: dict[str, Any], theater: Theater) -> None:
        """Check that a type may be the one a seat starts with, and is the only one."""
        if not data.get("is_default"):
            return
        others = TicketType.objects.filter(theater=theater, is_default=True).exclude(pk=self.instance.pk)
        if other := others.first():
            self.add_error("is_default", f"{other} is the type a seat starts with already: take the tick there first.")
        elif data.get("is_archived"):
            self.add_error("is_archived", "A seat starts with this type: give another one the tick first.")
        elif any(data.get(name) for name in CONDITIONS) or (data.get("people") or 1) > 1:
            self.add_error("is_default", "A seat can start only with a type that everybody can buy, one at a time.")

    def _require_own_categories(self, data: dict[str, Any], theater: Theater) -> None:
        there = read_categories(theater.pk)
        if foreign := [code for code in data.get("categories", []) if code not in there]:
            self.add_error("categories", f"{theater} has no seat category {foreign[0]}.")

    def _require_price(self, data: dict[str, Any], theater: Theater) -> None:
        base, percent, amount = data.get("derived_from"), data.get("derived_percent"), data.get("derived_amount")
        if base is None:
            if percent is not None or amount is not None or data.get("round_to") is not None:
                self.add_error("derived_from", "From which type is the price derived?")
            return
        if base.theater_id != theater.pk or base.derived_from_id is not None or base.pk == self.instance.pk:
            self.add_error("derived_from", f"Choose a type of {theater} whose own price is typed.")
        elif self.instance.pk and self.instance.derived_types.exists():
            self.add_error("derived_from", "Other types are derived from this one, so its own price is typed.")
        elif (percent is None) == (amount is None):
            self.add_error("derived_percent", "Give a percentage of the other price, or an amount added to it.")
        elif too_small := self._too_small(data, base, theater):
            self.add_error("derived_from", too_small)

    def _require_no_dear_places(self, data: dict[str, Any], theater: Theater) -> None:
        """Refuse a change with which accessible seats would come to cost more than others on a price list."""
        if not self.instance.pk or self.errors or data.get("is_archived"):
            return
        before = TicketType.objects.get(pk=self.instance.pk)
        after = TicketType(pk=before.pk, **{name: data.get(name, getattr(before, name)) for name in PRICE_FIELDS})
        for price_list in PriceList.objects.filter(theater=theater).order_by("pk").prefetch_related("prices"):
            for cell, amount, most in newly_dear_prices(price_list, before, after, currency=theater.currency):
                place = read_categories(theater.pk).name(cell[1])
                sentence = (
                    f"On the price list {price_list}, {place} would be {format_money(amount, theater.currency)} and the "
                    f"cheapest other seat {format_money(most, theater.currency)}. A place for wheelchair users or their "
                    "companions never costs more: change its price on that list first."
                )
                self.add_error("derived_from" if data.get("derived_from") else "categories", sentence)
                return

    def _too_small(self, data: dict[str, Any], base: TicketType, theater: Theater) -> str:
        """Return the sentence about the first price below the smallest card payment; '' when all are fine."""
        tried = TicketType(
            **{name: data.get(name) for name in ("derived_percent", "derived_amount", "round_to")}, derived_from=base
        )
        least = smallest_charge(theater.currency)
        for price in Price.objects.filter(ticket_type=base).select_related("price_list"):
            made = derived_price(tried, price.amount, theater.currency)
            if 0 < made < least:
                return (
                    f"On the list {price.price_list} this would be {format_money(made, theater.currency)}. "
                    f"No card can pay less than {format_money(least, theater.currency)}."
                )
        return ""
