"""Forms to plan a week: movies with auditoriums, times and days; or a copy of another week."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext

from boxoffice.forms.movie_choice import MovieChoiceField, offered_movies
from boxoffice.forms.showtime_drafts import BY_TIME, FIRST_DAY, LAST_DAY
from core.texts.lazy_text import gettext_lazy as _
from core.web.posted_numbers import posted_number
from houses.models import Theater
from theaters.models import Auditorium, Movie, PriceList
from theaters.planning.showtime_planning import MOST_LINES, WEEK, RequestedShowtime, repeated_times, week_of

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 4, 4, 40
MOST_DAYS = 31
WEEKDAYS = [(str(number), name) for number, name in enumerate(("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))]
TIME = re.compile(r"([01]?\d|2[0-3])[:.h]?([0-5]\d)")


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **options)

    def clean(self, value: Any) -> Any:
        day: date | None = super().clean(value)
        if day is not None and not FIRST_DAY <= day <= LAST_DAY:
            raise forms.ValidationError(gettext("This day is not in our calendar."))
        return day


class TimesField(forms.CharField):
    """A list of times such as "14:00, 17:30 20:45"."""

    def clean(self, value: Any) -> Any:
        words = str(super().clean(value)).replace(",", " ").replace(";", " ").split()
        found = [TIME.fullmatch(word) for word in words]
        if not all(found):
            raise forms.ValidationError(gettext("Write times as 14:00 17:30 20:45."))
        return sorted({time(int(match[1]), int(match[2])) for match in found if match})


class ClockField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}), **options)


class DaysForm(forms.Form):
    """Asks for the days to plan."""

    first = DayField(label=_("First day"))
    last = DayField(label=_("Last day"))
    weekdays = forms.MultipleChoiceField(
        label=_("On"),
        choices=WEEKDAYS,
        widget=forms.CheckboxSelectMultiple,
        initial=[value for value, _ in WEEKDAYS],
        error_messages={"required": _("Choose at least one day of the week.")},
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        length = (data["last"] - data["first"]).days + 1
        if length < 1:
            self.add_error("last", "This is before the first day.")
        elif length > MOST_DAYS:
            self.add_error("last", f"Plan {MOST_DAYS} days at a time at most.")
        elif not self.days():
            self.add_error("weekdays", "None of these days lies between the first and the last.")
        return data

    def days(self) -> list[date]:
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return [day for day in days if str(day.weekday()) in self.cleaned_data["weekdays"]]


class PlannedMovieForm(forms.Form):
    """One movie in one auditorium, at given times or repeatedly."""

    movie = MovieChoiceField(label=_("Movie"))
    auditorium = forms.ModelChoiceField(queryset=Auditorium.objects.none())
    price_list = forms.ModelChoiceField(
        label=_("Price list"), required=False, queryset=PriceList.objects.none(), empty_label=BY_TIME
    )
    times = TimesField(
        label=_("Times"), required=False, widget=forms.TextInput(attrs={"placeholder": "14:00 17:30", "size": 16})
    )
    every = forms.IntegerField(
        label=_("Or every … min"),
        required=False,
        min_value=5,
        max_value=1440,
        widget=forms.NumberInput(attrs={"step": 5}),
    )
    since = ClockField(label=_("From"), required=False)
    until = ClockField(label=_("To"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=100, widget=forms.TextInput(attrs={"size": 16}))

    def __init__(self, *args: Any, theater: Theater, movies: list[Movie], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown: Any = self.fields["movie"]
        shown.offer(movies=movies)
        choices: dict[str, Any] = {
            "auditorium": theater.auditoriums.order_by("name"),
            "price_list": theater.price_lists.order_by("name"),
        }
        for name, rows in choices.items():
            field: Any = self.fields[name]
            field.queryset = rows
        for bound in self:
            bound.field.widget.attrs["aria-label"] = (
                f"{bound.label}, row {int(str(self.prefix).rpartition('-')[2]) + 1}"
            )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        span = (data.get("since"), data.get("until"))
        if any(span) and not all(span):
            self.add_error("until" if span[0] else "since", "Give both: from and to.")
        if data.get("every") and not any(span):
            self.add_error("since", "From when to when?")
        if not self.errors and not data.get("times") and not any(span):
            self.add_error("times", "When? Write times, or from and to.")
        return data

    def all_times(self) -> list[time]:
        data = self.cleaned_data
        times = set(data["times"] or ())
        if data["since"] and data["until"]:
            times.update(
                repeated_times(
                    movie=data["movie"].movie,
                    auditorium=data["auditorium"],
                    first=data["since"],
                    last=data["until"],
                    every=data["every"],
                )
            )
        return sorted(times)

    def entries(self, days: list[date]) -> Iterator[RequestedShowtime]:
        data = self.cleaned_data
        fixed = {name: data[name] for name in ("auditorium", "price_list", "note")} | data["movie"]._asdict()
        for day in days:
            for at in self.all_times():
                yield RequestedShowtime(day=day, at=at, **fixed)


class WeekForm(forms.Form):
    """Asks for a week, and for the week into which its showtimes are copied."""

    first = DayField(label=_("Copy the seven days from"))
    to = DayField(label=_("To the seven days from"))

    def __init__(self, *args: Any, theater: Theater, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.theater = theater

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and abs(data["to"] - data["first"]) < WEEK:
            self.add_error("to", "The two weeks overlap: choose a day at least a week away.")
        return data

    def entries(self) -> list[RequestedShowtime]:
        return list(week_of(theater=self.theater, first=self.cleaned_data["first"], to=self.cleaned_data["to"]))


class MoveForm(forms.Form):
    """Moves a draft by some minutes, or to a time.

    `seen` is the start that the page showed, in seconds since 1970, so that a form that is sent twice, because an
    answer was lost, moves it once.
    """

    by = forms.IntegerField(required=False, min_value=-1440, max_value=1440)
    seen = forms.IntegerField(required=False, min_value=0, max_value=2**33)
    at = forms.TimeField(required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("by") is None and data.get("at") is None:
            raise forms.ValidationError(gettext("Say when."))
        return data


class PlanForms:
    """The forms of days and movies together; empty rows are left out."""

    def __init__(self, data: Any, *, theater: Theater, initial: dict[str, Any]) -> None:
        self.days = DaysForm(data, initial=initial)
        posted = posted_number(data.get("rows", "")) if data else None
        count = FIRST_ROWS if posted is None else posted
        self.count = min(count + (MORE_ROWS if data and "_more" in data else 0), MOST_ROWS)
        movies = offered_movies()
        self.has_movies = bool(movies)
        self.movies = [
            PlannedMovieForm(
                data,
                prefix=f"movie-{number}",
                theater=theater,
                movies=movies,
                empty_permitted=True,
                use_required_attribute=False,
            )
            for number in range(self.count)
        ]
        self.problem = ""

    def filled(self) -> list[PlannedMovieForm]:
        return [form for form in self.movies if form.has_changed()]

    def is_valid(self) -> bool:
        valid = all([self.days.is_valid(), *[form.is_valid() for form in self.movies]])
        if valid and not self.filled():
            self.problem = "Fill in at least one movie."
        elif valid and len(self.entries()) > MOST_LINES:
            self.problem = f"These are more than {MOST_LINES} showtimes. Plan fewer days or movies at a time."
        return valid and not self.problem

    def entries(self) -> list[RequestedShowtime]:
        days = self.days.days()
        return [entry for form in self.filled() for entry in form.entries(days)]
