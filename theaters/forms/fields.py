"""Form fields and widgets that several forms of the office use."""

from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy

from core.columns import AmountFormField
from core.money import decimals
from theaters.movies.uploaded_pictures import MOST_BYTES


def show_amounts(form: forms.BaseForm, currency: str) -> None:
    """Write the amounts of a form with the decimals of their currency: 0.250 dinar, 500 yen."""
    for name, field in form.fields.items():
        amount = form.initial.get(name)
        if isinstance(field, AmountFormField) and isinstance(amount, Decimal):
            form.initial[name] = f"{amount:.{decimals(currency)}f}"


class PictureField(forms.ImageField):
    """A picture upload that checks the size before it opens the file."""

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) > MOST_BYTES:
            raise forms.ValidationError("This file is larger than 5 MB. Save the picture smaller and try again.")
        return super().to_python(data)


def several(choices: Any, *, coerce: Any, help_text: Any, label: str | None = None) -> forms.TypedMultipleChoiceField:
    """A field of check boxes for an array of choices; none checked means all."""
    widget = forms.CheckboxSelectMultiple
    return forms.TypedMultipleChoiceField(
        choices=choices, coerce=coerce, widget=widget, required=False, help_text=help_text, label=label
    )


class PercentField(forms.DecimalField):
    """A share that people type and read in percent: 7.5 for 0.075."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "size": 8})

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.rstrip("% ") if isinstance(value, str) else value)

    def clean(self, value: Any) -> Any:
        percent = super().clean(value)
        return None if percent is None else percent / 100

    def prepare_value(self, value: Any) -> Any:
        return f"{(value * 100).normalize():f}" if isinstance(value, Decimal) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(None if initial is None else initial * 100, data)


class HouseMomentField(forms.SplitDateTimeField):
    """A day and a time by the clock of a house; a day alone begins at midnight. Forms set `zone`."""

    zone = ZoneInfo("UTC")

    def __init__(self, **options: Any) -> None:
        day: Any = {"type": "date", "aria-label": gettext_lazy("Date")}
        clock: Any = {"type": "time", "aria-label": gettext_lazy("Time")}
        widget = forms.SplitDateTimeWidget(
            date_attrs=day, time_attrs=clock, date_format="%Y-%m-%d", time_format="%H:%M"
        )
        super().__init__(**{"required": False, "widget": widget, **options})

    def compress(self, data_list: Any) -> Any:
        day, clock = data_list or (None, None)
        with timezone.override(self.zone):
            return super().compress((day, clock or time()) if day else data_list)

    def prepare_value(self, value: Any) -> Any:
        return timezone.make_naive(value, self.zone) if isinstance(value, datetime) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
