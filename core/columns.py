"""Model fields that several apps use."""

from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.db.models import CharField, DecimalField, Func, JSONField

# An amount of any currency we sell in; its currency stands beside it. Two decimals hold dinars as well, whose amounts go
# in steps of 0.010 (core/money.py).
MONEY: Any = {"max_digits": 10, "decimal_places": 2}
# Tax is worked out to the last digit of the currency, and in dinars that is the third. A numeric without a scale: the
# columns had two decimals once, and PostgreSQL takes a scale away without writing the table anew.
TAX: Any = {"max_digits": None, "decimal_places": None}
HUNDREDTH = Decimal("0.01")


class AmountFormField(forms.DecimalField):
    """An amount as people type it: 0.250 has two decimals that count."""

    def to_python(self, value: Any) -> Any:
        amount = super().to_python(value)
        if amount is None or not amount.is_finite():
            return amount
        return amount.quantize(HUNDREDTH) if amount == round(amount, 2) else amount


class AmountField(DecimalField):
    """A column of money that a form of the office asks for; to migrations it is a DecimalField."""

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()
        return name, "django.db.models.DecimalField", arguments, options

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": AmountFormField} | options)


# 32 random hexadecimal digits, made by PostgreSQL: for rows that are written without Python's own.
RandomHex = partial(Func, template="md5(gen_random_uuid()::text || gen_random_uuid()::text)", output_field=CharField())


class _KnownToMigrationsAsColumn:
    """Migrations get the column alone, without the functions that check it or make its value: they import no product code."""

    column: str
    has_open_choices = False

    def deconstruct(self) -> Any:
        name, _, arguments, options = super().deconstruct()  # type: ignore[misc]
        if getattr(options.get("default"), "__module__", "builtins") != "builtins":
            del options["default"]
        options.pop("validators", None)
        if self.has_open_choices:
            options.pop("choices", None)
        return name, self.column, arguments, options


class CheckedCharField(_KnownToMigrationsAsColumn, CharField):
    """A CharField whose validator or default may be a function, unseen by migrations."""

    column = "django.db.models.CharField"


class CurrencyField(CheckedCharField):
    """The code of a currency we sell in. Migrations do not know which those are, so that another one needs none."""

    has_open_choices = True


class CheckedJSONField(_KnownToMigrationsAsColumn, JSONField):
    """A JSONField whose validator or default may be a function, unseen by migrations."""

    column = "django.db.models.JSONField"
