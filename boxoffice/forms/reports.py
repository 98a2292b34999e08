from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from boxoffice.selectors.reports import Basis, Group, Span
from theaters.models import Theater

MOST_DAYS = 800


class ReportForm(forms.Form):
    """Which figures: a theater, business days, how they are grouped, and which day a ticket belongs to."""

    theater = forms.ModelChoiceField(Theater.objects.none(), empty_label=None)
    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To", widget=forms.DateInput(attrs={"type": "date"}))
    group = forms.ChoiceField(label="By", choices=Group.choices)
    basis = forms.ChoiceField(label="Counted on the", choices=Basis.choices)

    def __init__(self, data: Any, *, theaters: QuerySet[Theater], today: date) -> None:
        """What is missing in `data` is filled in: the first theater, the last seven days."""
        usual = {
            "theater": str(getattr(theaters.first(), "pk", "")),
            "first": (today - timedelta(days=6)).isoformat(),
            "last": today.isoformat(),
            "group": Group.DAY.value,
            "basis": Basis.SHOW.value,
        }
        super().__init__({name: data.get(name) or value for name, value in usual.items()})
        choice: Any = self.fields["theater"]
        choice.queryset = theaters

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
            self.add_error("last", f"Choose a day from the first one on, at most {MOST_DAYS} days later.")
        return found

    def span(self) -> Span:
        return Span(self.cleaned_data["theater"], self.cleaned_data["first"], self.cleaned_data["last"])
