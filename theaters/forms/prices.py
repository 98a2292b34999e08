"""The form of a price list."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.money import decimals, format_money, in_coins, smallest_charge, smallest_coin_text
from houses.models import Theater
from theaters.forms.showtime_days import DAY_WIDGETS, ShowtimeDaysForm
from theaters.models import PriceList, Seat, SeatingPlan, TicketType
from theaters.plans.category_names import read_categories
from theaters.prices.derived_prices import Cell, all_cells
from theaters.prices.price_check import dear_accessible_prices
from theaters.seat_categories import CategoryFacts
from theaters.states import UsualCategory


class PriceListForm(ShowtimeDaysForm):
    """Name, theater and when it is valid; once the theater is known also the table: ticket types by seat categories."""

    class Meta:
        model = PriceList
        fields = (
            "theater",
            "name",
            "weekdays",
            "holidays",
            "from_time",
            "until_time",
            "first_on",
            "last_on",
            "rank",
            "is_by_hand",
        )
        widgets = DAY_WIDGETS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types: list[TicketType] = []
        self.categories: list[CategoryFacts] = []
        if self.instance.pk:
            self._add_cells()

    def _add_cells(self) -> None:
        theater = self.instance.theater
        known = {(price.ticket_type_id, price.category): price.amount for price in self.instance.prices.all()}
        self.types = list(theater.ticket_types.in_use())
        derived = all_cells(known, self.types, currency=theater.currency)
        self.categories = _categories(theater, {category for _, category in known})
        for kind in self.types:
            for category in self.categories:
                if not kind.is_sold_on(category.code):
                    continue
                field = _amount_field(theater.currency, label=f"{kind}, {category.name}")
                amount = known.get((kind.pk, category.code))
                field.initial = None if amount is None else f"{amount:.{decimals(theater.currency)}f}"
                if amount is None and (cell := derived.get((kind.pk, category.code))):
                    # The derived price, which counts where the field stays empty.
                    field.widget.attrs["placeholder"] = f"{cell[1]:.{decimals(theater.currency)}f}"
                self.fields[_cell_name(kind.pk, category.code)] = field

    def matrix(self) -> Iterator[tuple[TicketType, list[forms.BoundField | None]]]:
        """Yield each ticket type with its fields by category; None where it is not sold on such seats."""
        for kind in self.types:
            names = [_cell_name(kind.pk, category.code) for category in self.categories]
            yield kind, [self[name] if name in self.fields else None for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        currency = self.instance.theater.currency if self.types else ""
        cells = all_cells(self.amounts(), self.types, currency=currency)
        for (type_id, category), most in dear_accessible_prices(cells).items():
            self.add_error(_cell_name(type_id, category), _says_too_dear(cells[type_id, category][1], most, currency))
        return cleaned

    def amounts(self) -> dict[Cell, Decimal]:
        cells = {
            (kind.pk, category.code): self.cleaned_data.get(_cell_name(kind.pk, category.code))
            for kind in self.types
            for category in self.categories
        }
        return {cell: amount for cell, amount in cells.items() if amount is not None}


def _says_too_dear(amount: Decimal, most: Decimal, currency: str) -> str:
    return (
        "A place for wheelchair users or their companions never costs more than the cheapest other seat. Here it would be "
        f"{format_money(amount, currency)}: make it {format_money(most, currency)} or less."
    )


def _cell_name(type_id: int, category: str) -> str:
    return f"price-{type_id}-{category.lower()}"


def _categories(theater: Theater, priced: set[str]) -> list[CategoryFacts]:
    """The categories of the theater's plans, those with a price, and those that it has added."""
    plans = SeatingPlan.objects.filter(auditorium__theater=theater)
    seated = set(Seat.objects.filter(plan__in=plans).order_by().values_list("category", flat=True).distinct())
    there = read_categories(theater.pk)
    added = {one.code for one in there.in_use()} - set(UsualCategory.values)
    return there.in_order(seated | priced | added) or there.in_use()


def _amount_field(currency: str, *, label: str) -> forms.DecimalField:
    places = decimals(currency)
    field = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=10, decimal_places=places, label=label)
    field.validators.append(partial(_require_what_a_card_can_pay, currency=currency))
    field.widget.attrs |= {"class": "price", "aria-label": label, "inputmode": "decimal" if places else "numeric"}
    return field


def _require_what_a_card_can_pay(amount: Decimal, *, currency: str) -> None:
    """Raise ValidationError for a price above zero and below the smallest charge, or that no card can pay exactly."""
    if amount != in_coins(amount, currency):
        raise ValidationError(smallest_coin_text(currency))
    least = smallest_charge(currency)
    if 0 < amount < least:
        raise ValidationError(f"No card can pay less than {format_money(least, currency)}. 0 makes the ticket free.")
