"""The form in which people set their PIN."""

from typing import Any

from django import forms

from core.texts.lazy_text import gettext_lazy as _
from staff.pin_rules import LENGTH

DIGITS = {"inputmode": "numeric", "pattern": "[0-9]{6}", "autocomplete": "off", "maxlength": LENGTH}


class PinForm(forms.Form):
    pin = forms.CharField(
        label=_("New PIN"), max_length=LENGTH, widget=forms.PasswordInput(attrs=DIGITS), help_text=_("Six digits."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("The same PIN again"), max_length=LENGTH, widget=forms.PasswordInput(attrs=DIGITS)
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "pin" in data and "again" in data and data["pin"] != data["again"]:
            self.add_error("again", _("These are two different PINs."))
        return data
