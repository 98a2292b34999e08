"""The days and times of showtimes that a price list or a price rule is for."""

from datetime import time
from typing import Any

from django import forms

from houses.models import Theater
from theaters.countries import country_name
from theaters.forms.fields import several
from theaters.models.showtime_days import ShowtimeDays
from theaters.schedule.public_holidays import is_known
from theaters.schedule.showtime_days import into_the_day
from theaters.states import Weekday

DAY_WIDGETS = {
    "from_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    "until_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    "first_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    "last_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
}


class ShowtimeDaysForm(forms.ModelForm):
    weekdays = several(Weekday.choices, coerce=int, help_text=ShowtimeDays._meta.get_field("weekdays").help_text)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on")
        if first is not None and last is not None and last < first:
            self.add_error("last_on", "This is before the first day.")
        theater = self.theater_of(data)
        if theater is not None and _is_empty_span(theater, data.get("from_time"), data.get("until_time")):
            self.add_error(
                "until_time", "No showtime starts between these two: the business day has begun anew by then."
            )
        if data.get("holidays") and theater is not None and not is_known(theater.country):
            self.add_error("holidays", f"The public holidays of {country_name(theater.country)} are not known here.")
        return data

    def theater_of(self, data: dict[str, Any]) -> Theater | None:
        found: Theater | None = data.get("theater") or (self.instance.theater if self.instance.theater_id else None)
        return found


def _is_empty_span(theater: Theater, begins: time | None, ends: time | None) -> bool:
    day_starts = theater.business_day_starts_at
    if begins is None or ends is None or ends == day_starts:
        return False
    return into_the_day(ends, day_starts) <= into_the_day(begins, day_starts)
