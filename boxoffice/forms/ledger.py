"""Form that chooses the days and theater to export for accounting."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_lazy

from boxoffice.forms.planning import DayField
from core.spreadsheets import CsvStyle
from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater

MOST_DAYS = 92


class LedgerForm(forms.Form):
    theater = forms.ModelChoiceField(queryset=Theater.objects.none(), empty_label=None)
    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    columns = forms.ChoiceField(
        label=gettext_lazy("Written for"),
        required=False,
        choices=[
            ("", gettext_lazy("The spreadsheet of this computer")),
            (CsvStyle.COMMA, gettext_lazy("Programs: commas between columns, points in amounts")),
            (CsvStyle.SEMICOLON, gettext_lazy("Spreadsheets with a decimal comma: semicolons between columns")),
        ],
    )

    def __init__(self, *args: Any, theaters: QuerySet[Theater], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["theater"]
        field.queryset = theaters

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and not first <= last < first + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(
                gettext(
                    "Choose up to %(days)s days, the last not before the first. For more there is manage.py export_ledger."
                )
                % {"days": MOST_DAYS}
            )
        return data
