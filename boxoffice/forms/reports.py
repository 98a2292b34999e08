from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from boxoffice.report_tables import ReportOptions
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.sales_figures import Basis
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater

MOST_DAYS = 800
BASIS = "Counted on the"


class ReportForm(forms.Form):
    """The choices of a report: a theater, business days; for some reports also a grouping and the basis of days."""

    theater = forms.ModelChoiceField(Theater.objects.none(), empty_label=None)
    first = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}))
    group = forms.ChoiceField(label=_("By"))
    basis = forms.ChoiceField(label=BASIS, choices=Basis.choices)

    def __init__(
        self, data: Any, *, theaters: QuerySet[Theater], today: date, groups: Sequence[tuple[str, str]], has_basis: bool
    ) -> None:
        """Missing values of `data` are filled in: the first theater, the last seven days, the first grouping."""
        usual = {
            "theater": str(getattr(theaters.first(), "pk", "")),
            "first": (today - timedelta(days=6)).isoformat(),
            "last": today.isoformat(),
            "group": groups[0][0] if groups else "",
            "basis": Basis.SHOW.value,
        }
        super().__init__({name: data.get(name) or value for name, value in usual.items()})
        choice: Any = self.fields["theater"]
        choice.queryset = theaters
        grouping: Any = self.fields["group"]
        grouping.choices = groups
        for name, is_asked in (("group", bool(groups)), ("basis", has_basis)):
            if not is_asked:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
            self.add_error("last", f"Choose a day from the first one on, at most {MOST_DAYS} days later.")
        return found

    def options(self) -> ReportOptions:
        chosen = self.cleaned_data
        span = DayRange(chosen["theater"], chosen["first"], chosen["last"])
        return ReportOptions(span, group=chosen.get("group", ""), basis=Basis(chosen.get("basis", Basis.SHOW)))
