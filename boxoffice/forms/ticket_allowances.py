"""Form that allows a person more tickets of a showtime than usual, with a reason."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext

from reservations.models import TicketAllowance
from sales.services.opening import Customer
from theaters.models import Showtime


class TicketAllowanceForm(forms.ModelForm):
    class Meta:
        model = TicketAllowance
        fields = ("showtime", "email", "most", "reason")

    def clean_most(self) -> int:
        most: int = self.cleaned_data["most"]
        usual = settings.TICKETS_PER_PERSON_AND_SHOWTIME
        if most <= usual:
            raise forms.ValidationError(gettext("Everybody can have %(usual)s tickets already.") % {"usual": usual})
        return most

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        showtime, email = data.get("showtime"), data.get("email")
        if isinstance(showtime, Showtime) and email:
            self.instance.customer = Customer(email=email).key
            if TicketAllowance.objects.filter(showtime=showtime, customer=self.instance.customer).exists():
                self.add_error(
                    "email", "This person has an allowance for this showtime. Delete it first to give another."
                )
        return data
