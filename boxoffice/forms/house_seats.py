"""Forms of house seats and of broken seats."""

from typing import Any

from django import forms

from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from theaters.models import Auditorium
from theaters.plans.plan_chairs import labels_like
from theaters.seat_labels import LONGEST_LABEL

MOST_MINUTES = 7 * 24 * 60


class HouseSeatsForm(forms.Form):
    seats = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=60, widget=forms.TextInput(attrs={"size": 40})
    )
    release_minutes = forms.IntegerField(
        label=_("On sale by themselves, minutes before the start"),
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
        help_text=_("Empty: only when somebody releases them."),
    )

    def __init__(self, *args: Any, labels: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["seats"]
        field.choices = [(label, label) for label in labels]


class SeatForm(forms.Form):
    """Asks for a seat: an auditorium, and a label in any of its plans."""

    auditorium = forms.ModelChoiceField(queryset=Auditorium.objects.none())
    label = forms.CharField(
        label=_("Seat or place"),
        max_length=LONGEST_LABEL,
        widget=forms.TextInput(attrs={"size": 12, "placeholder": "C7"}),
    )

    def __init__(self, *args: Any, theater: Theater, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["auditorium"]
        field.queryset = theater.auditoriums.order_by("name")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors:
            found = labels_like(data["auditorium"], data["label"])
            if len(found) == 1:
                data["label"] = found[0]
            elif found:
                self.add_error("label", f"Which of them: {' or '.join(found)}?")
            else:
                self.add_error("label", f"{data['auditorium']} has no seat or place {data['label'].upper()}.")
        return data


class BrokenForm(forms.Form):
    reason = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"size": 40}))
