"""The forms of the office that need more than their model: pictures, drawings, tables of prices."""

from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models.functions import Now

from core.money import decimals
from theaters.age_limits import limits_of
from theaters.models import (
    Auditorium,
    Movie,
    MovieRating,
    MovieVersion,
    PriceList,
    Seat,
    SeatingPlan,
    Showtime,
    StaffRole,
    Theater,
    TicketType,
)
from theaters.models.houses import validate_cancel_tiers
from theaters.plan_text import PlanDrawing, PlanTextError, parse_plan
from theaters.posters import layouts
from theaters.services.posters import MOST_BYTES, PosterRefused, as_poster
from theaters.services.price_lists import Cell
from theaters.services.validity import into_the_day
from theaters.services.versions import missed_version
from theaters.states import SeatCategory, Weekday
from theaters.versions import PLAIN, Version, language

UTC_FIRST = ["UTC", *sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))]


class PosterField(forms.ImageField):
    """Looks at the size first: a huge file is never opened."""

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile) and (data.size or 0) > MOST_BYTES:
            raise forms.ValidationError("This file is larger than 5 MB. Save the picture smaller and try again.")
        return super().to_python(data)


class MovieForm(forms.ModelForm):
    poster_layout = forms.ChoiceField(
        required=False,
        choices=[("", "By its title"), *((name, name.capitalize()) for name in layouts())],
        help_text="How the drawn poster is composed, as long as no picture is uploaded.",
    )
    poster_image = PosterField(
        required=False, help_text="JPEG, PNG or WebP up to 5 MB, upright; without one the poster is drawn."
    )

    class Meta:
        model = Movie
        fields = "__all__"  # noqa: DJ007  (the admin page names them)
        help_texts = {
            "cast": "Names, separated by commas.",
            "countries": "Two letters each, separated by commas: DE, FR.",
            "languages": "Separated by commas.",
            "genres": "Separated by commas.",
            "palette": "Three colors such as #1c1a17, #c8963e, #efe3c8: dark, middle, light.",
            "running_minutes": "Showtimes that are already planned keep their length.",
        }

    def clean_poster_image(self) -> Any:
        picture = self.cleaned_data["poster_image"]
        if not isinstance(picture, UploadedFile):
            return picture
        try:
            return as_poster(picture)
        except PosterRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_palette(self) -> list[str]:
        colors: list[str] = self.cleaned_data["palette"] or []
        if len(colors) not in (0, 3):
            raise forms.ValidationError("A palette is three colors, or none.")
        return colors


MOST_STEPS = 4
STEP_FIELDS = tuple((f"hours_{number}", f"percent_{number}") for number in range(1, MOST_STEPS + 1))


def _hours(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label} step: hours before the start", required=False, min_value=0, max_digits=6, decimal_places=2
    )


def _percent() -> forms.IntegerField:
    return forms.IntegerField(label="Percent back", required=False, min_value=1, max_value=100)


class RatingForm(forms.ModelForm):
    """The ages of a label that everybody knows are filled in."""

    class Meta:
        model = MovieRating
        fields = ("country", "label", "min_age", "accompanied_below")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("min_age") is None and data.get("accompanied_below") is None:
            data["min_age"], data["accompanied_below"] = limits_of(data.get("country") or "", data.get("label") or "")
        return data


class RatingFormSet(forms.BaseInlineFormSet):
    """Who bought a ticket is told when a rating changes: that is done at a showtime, where it is seen what it touches."""

    def clean(self) -> None:
        super().clean()
        touched = {
            country
            for form in self.forms
            if form.has_changed() or form in self.deleted_forms
            for country in (form.initial.get("country"), form.cleaned_data.get("country"))
            if country
        }
        ahead = Showtime.objects.published().filter(movie=self.instance.pk, ends_at__gt=Now())
        on_sale = ahead.filter(auditorium__theater__country__in=touched).first() if self.instance.pk else None
        if on_sale is not None:
            raise forms.ValidationError(
                f"{self.instance} is on sale in {on_sale.auditorium.theater.country}: change its rating on the page of "
                "a showtime there, under “Change or cancel”, so that everybody who has a ticket is told."
            )


class VersionForm(forms.ModelForm):
    class Meta:
        model = MovieVersion
        fields = ("picture", "dubbed_in", "subtitles_in")

    def clean_dubbed_in(self) -> str:
        return language(self.cleaned_data["dubbed_in"])

    def clean_subtitles_in(self) -> str:
        return language(self.cleaned_data["subtitles_in"])


class VersionFormSet(forms.BaseInlineFormSet):
    """What is planned stays possible: a showtime ahead keeps its version among those of its movie."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        names = VersionForm.Meta.fields
        offered = [Version(*(data[name] for name in names)) for data in kept if "picture" in data] or [PLAIN]
        if self.instance.pk and (refusal := missed_version(movie=self.instance, offered=offered, now=Now())):
            raise forms.ValidationError(refusal)


class TheaterForm(forms.ModelForm):
    timezone = forms.ChoiceField(choices=[(name, name.replace("_", " ")) for name in UTC_FIRST], label="Time zone")
    hours_1, percent_1 = _hours("First"), _percent()
    hours_2, percent_2 = _hours("Second"), _percent()
    hours_3, percent_3 = _hours("Third"), _percent()
    hours_4, percent_4 = _hours("Fourth"), _percent()

    class Meta:
        model = Theater
        fields = "__all__"  # noqa: DJ007

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, step in zip(STEP_FIELDS, self.instance.cancel_tiers, strict=False):
            self.initial[name[0]] = f"{Decimal(step['minutes']) / 60:.2f}".removesuffix(".00")
            self.initial[name[1]] = step["percent"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        steps = [(data.get(hours), data.get(percent)) for hours, percent in STEP_FIELDS]
        for (hours, percent), step in zip(STEP_FIELDS, steps, strict=True):
            if (step[0] is None) != (step[1] is None) and not {hours, percent} & self.errors.keys():
                self.add_error(
                    hours if step[0] is None else percent, "A step needs both, the hours and the percentage."
                )
        if not self.errors:
            tiers = [
                {"minutes": round(hours * 60), "percent": percent} for hours, percent in steps if hours is not None
            ]
            self._keep(sorted(tiers, key=lambda tier: -tier["minutes"]))
        return data

    def _keep(self, tiers: list[dict[str, int]]) -> None:
        try:
            validate_cancel_tiers(tiers)
        except forms.ValidationError as error:
            self.add_error("hours_1", error)
        else:
            self.instance.cancel_tiers = tiers


def several(choices: Any, *, coerce: Any, help_text: Any, label: str | None = None) -> forms.TypedMultipleChoiceField:
    """Boxes to tick for an array of choices; none ticked means all of them."""
    widget = forms.CheckboxSelectMultiple
    return forms.TypedMultipleChoiceField(
        choices=choices, coerce=coerce, widget=widget, required=False, help_text=help_text, label=label
    )


class TicketTypeForm(forms.ModelForm):
    categories = several(
        SeatCategory.choices, coerce=str, label="Sold on", help_text=TicketType._meta.get_field("categories").help_text
    )

    class Meta:
        model = TicketType
        fields = "__all__"  # noqa: DJ007

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        theater = data.get("theater") or getattr(self.instance, "theater", None)
        if data.get("is_default") and theater is not None:
            others = TicketType.objects.filter(theater=theater, is_default=True).exclude(pk=self.instance.pk)
            if other := others.first():
                self.add_error(
                    "is_default", f"{other} is the type a seat starts with already: take the tick there first."
                )
        youngest, oldest = data.get("min_age"), data.get("max_age")
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("max_age", "This is younger than the lowest age.")
        return data


class AuditoriumChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.theater.name} · {obj.name}"


class DrawingForm(forms.Form):
    """A new plan: the drawing is read before anything is written, and what cannot be read is told with its line."""

    auditorium = AuditoriumChoice(queryset=Auditorium.objects.select_related("theater"))
    source = forms.CharField(
        label="Drawing",
        max_length=60_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "cols": 90, "class": "drawing", "spellcheck": "false", "wrap": "off"}),
    )
    drawing: PlanDrawing | None = None

    def clean_source(self) -> str:
        # A browser sends its lines with carriage returns.
        text: str = self.cleaned_data["source"].replace("\r\n", "\n")
        try:
            self.drawing = parse_plan(text)
        except PlanTextError as error:
            raise forms.ValidationError(str(error)) from None
        return text


class PriceListForm(forms.ModelForm):
    """Name, theater and when it is valid; once the theater is known also the table: ticket types by seat categories."""

    weekdays = several(Weekday.choices, coerce=int, help_text=PriceList._meta.get_field("weekdays").help_text)

    class Meta:
        model = PriceList
        fields = ("theater", "name", "weekdays", "from_time", "until_time", "first_on", "last_on", "rank", "is_by_hand")
        widgets = {
            "from_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "until_time": forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
            "first_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "last_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.types: list[TicketType] = []
        self.categories: list[SeatCategory] = []
        if self.instance.pk:
            self._add_cells()

    def _add_cells(self) -> None:
        theater = self.instance.theater
        known = {(price.ticket_type_id, price.category): price.amount for price in self.instance.prices.all()}
        self.types = list(theater.ticket_types.all())
        self.categories = _categories(theater, {category for _, category in known})
        for kind in self.types:
            for category in filter(kind.is_sold_on, self.categories):
                field = _amount_field(theater.currency, label=f"{kind}, {category.label}")
                amount = known.get((kind.pk, category))
                field.initial = None if amount is None else f"{amount:.{decimals(theater.currency)}f}"
                self.fields[_cell_name(kind.pk, category)] = field

    def matrix(self) -> Iterator[tuple[TicketType, list[forms.BoundField | None]]]:
        """None where a type is not sold on such seats."""
        for kind in self.types:
            names = [_cell_name(kind.pk, category) for category in self.categories]
            yield kind, [self[name] if name in self.fields else None for name in names]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first_on"), data.get("last_on")
        if first is not None and last is not None and last < first:
            self.add_error("last_on", "This is before the first day.")
        theater = data.get("theater") or getattr(self.instance, "theater", None)
        if theater is not None and _is_empty_span(theater, data.get("from_time"), data.get("until_time")):
            self.add_error(
                "until_time", "No showtime starts between these two: the business day has begun anew by then."
            )
        return data

    def amounts(self) -> dict[Cell, Decimal]:
        cells = {
            (kind.pk, str(category)): self.cleaned_data.get(_cell_name(kind.pk, category))
            for kind in self.types
            for category in self.categories
        }
        return {cell: amount for cell, amount in cells.items() if amount is not None}


def _is_empty_span(theater: Theater, begins: time | None, ends: time | None) -> bool:
    day_starts = theater.business_day_starts_at
    if begins is None or ends is None or ends == day_starts:
        return False
    return into_the_day(ends, day_starts) <= into_the_day(begins, day_starts)


def _cell_name(type_id: int, category: str) -> str:
    return f"price-{type_id}-{category.lower()}"


def _categories(theater: Theater, priced: set[str]) -> list[SeatCategory]:
    """Those of the theater's plans, and those that have a price already."""
    plans = SeatingPlan.objects.filter(auditorium__theater=theater)
    seated = set(Seat.objects.filter(plan__in=plans).order_by().values_list("category", flat=True).distinct())
    return [category for category in SeatCategory if category in seated | priced] or list(SeatCategory)


def _amount_field(currency: str, *, label: str) -> forms.DecimalField:
    places = decimals(currency)
    field = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=10, decimal_places=places, label=label)
    field.widget.attrs |= {"class": "price", "aria-label": label, "inputmode": "decimal" if places else "numeric"}
    return field


class RoleForm(forms.ModelForm):
    """A role for somebody by e-mail, whether or not there is an account: the answer is the same."""

    email = forms.EmailField(
        label="E-mail",
        max_length=254,
        help_text="They sign in with it. Without an account one is made; the first password comes by “Forgot your password?”.",
    )
    first_name = forms.CharField(max_length=150, required=False)
    last_name = forms.CharField(max_length=150, required=False)

    class Meta:
        model = StaffRole
        fields = ("theater", "role")
