"""A theater: where it is, how it looks, what can be reached, and its policies."""

from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from core.texts.lazy_text import gettext_lazy as _
from houses.models import Theater
from houses.models.theaters import MOST_TEXT_LETTERS, TRANSLATED_TEXTS, validate_cancel_tiers
from houses.states import AccessFeature
from theaters import locks
from theaters.forms.fields import PercentField, PictureField, several, show_amounts
from theaters.movies.house_pictures import as_photo
from theaters.movies.uploaded_pictures import PictureRefused
from theaters.opening.country_defaults import DEFAULTS
from theaters.schedule.public_holidays import regions_of
from theaters.schedule.scheduling import planned_after

ZONES = [*sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")), "UTC"]

MOST_STEPS = 4
STEP_FIELDS = tuple((f"hours_{number}", f"percent_{number}") for number in range(1, MOST_STEPS + 1))


FIRST_POLICIES: dict[str, Any] = {
    "hours_1": "24", "percent_1": 100, "hours_2": "2", "percent_2": 50, "refund_limit": 100,
}  # fmt: skip


def _hours(label: str) -> forms.DecimalField:
    return forms.DecimalField(
        label=f"{label} step: hours before the start", required=False, min_value=0, max_digits=6, decimal_places=2
    )


def _percent() -> forms.IntegerField:
    return forms.IntegerField(label="Percent back", required=False, min_value=1, max_value=100)


# The form's field for each text, by language.
TEXT_FIELDS: dict[str, dict[str, str]] = {
    code: {text: f"{text}_{code.replace('-', '_')}" for text in TRANSLATED_TEXTS} for code, _name in settings.LANGUAGES
}
TEXT_LABELS = {
    "name": _("Name"), "city": _("City"),
    "about": _("About"), "opening_hours": _("Opening hours"), "directions": _("Directions"),
    "access_information": _("Access information"), "photo_alt": _("What the opening photo shows"),
    "cancellation_terms": _("Cancellation terms"),
}  # fmt: skip


def translated_languages(theater: Theater | None) -> list[str]:
    """The languages of the house except the first, in which the theater's columns are written."""
    offered = theater.house.offered_languages if theater is not None and theater.pk else list(TEXT_FIELDS)
    return offered[1:]


def _longest(text: str) -> int:
    column: Any = Theater._meta.get_field(text)
    longest: int | None = column.max_length
    return longest or MOST_TEXT_LETTERS


def _widget(text: str) -> forms.Widget:
    is_line = Theater._meta.get_field(text).get_internal_type() == "CharField"
    return forms.TextInput(attrs={"class": "vTextField"}) if is_line else forms.Textarea(attrs={"rows": 3})


class TranslatedTexts(forms.Form):
    """The theater's texts in other languages; an empty one means the text above."""

    locals().update({
        field: forms.CharField(
            label=TEXT_LABELS[text], required=False, max_length=_longest(text), widget=_widget(text)
        )
        for fields in TEXT_FIELDS.values()
        for text, field in fields.items()
    })  # fmt: skip


KEPT_WHEN_EMPTY = {"single_seats_off_up_to", "exchange_minutes"}


class TheaterForm(TranslatedTexts, forms.ModelForm):
    photo = PictureField(
        label="Opening photo",
        required=False,
        help_text="JPEG, PNG or WebP up to 5 MB, 800 × 400 pixels or more, wider than high. It opens the theater's page.",
    )
    access_features = several(
        AccessFeature.choices, coerce=str, label="There is", help_text="Shown on the theater's page."
    )
    hold_minutes = forms.IntegerField(
        label="Hold time in minutes",
        required=False,
        min_value=1,
        max_value=60,
        help_text=(
            "How long seats are held from the first click. Empty: as everywhere in the house. The time to pay comes on top; "
            "who is choosing already keeps the time they were shown."
        ),
    )
    timezone = forms.ChoiceField(
        choices=[("", "That of the country"), *((name, name.replace("_", " ")) for name in ZONES)],
        label="Time zone",
        required=False,
        help_text="Empty: the usual one of the country. Choose it where a country has several.",
    )
    tax_rate = PercentField(
        label="Tax rate in percent",
        min_value=0,
        max_value=Decimal("99.999"),
        decimal_places=3,
        help_text="Included in every price: 20, 7 or 7.5. New rates are for showtimes that are published from then on.",
    )
    hours_1, percent_1 = _hours("First"), _percent()
    hours_2, percent_2 = _hours("Second"), _percent()
    hours_3, percent_3 = _hours("Third"), _percent()
    hours_4, percent_4 = _hours("Fourth"), _percent()

    class Meta:
        model = Theater
        exclude = ["translations"]  # noqa: DJ006
        widgets = {"business_day_starts_at": forms.TimeInput(format="%H:%M", attrs={"type": "time"})}

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance.pk:
            # Usual values, which people see and may change before they save.
            self.initial = {**FIRST_POLICIES, **self.initial, "timezone": ""}
        else:
            show_amounts(self, self.instance.currency)
        if "holiday_region" in self.fields:
            self.fields["holiday_region"] = self._region_field()
        for kept in KEPT_WHEN_EMPTY & self.fields.keys():  # missing for people with read access
            self.fields[kept].required = False
        shown = translated_languages(self.instance)
        for code, fields in TEXT_FIELDS.items():
            known = self.instance.translations.get(code, {})
            for text, field in fields.items():
                self.initial[field] = known.get(text, "")
                if code not in shown:
                    self.fields.pop(field, None)
        if seconds := self.instance.hold_seconds:
            self.initial["hold_minutes"] = -(-seconds // 60)
        for name, step in zip(STEP_FIELDS, self.instance.cancel_tiers, strict=False):
            self.initial[name[0]] = f"{Decimal(step['minutes']) / 60:.2f}".removesuffix(".00")
            self.initial[name[1]] = step["percent"]

    def _region_field(self) -> forms.ChoiceField:
        """The choice of regions of the country selected in the form."""
        country = self.data.get("country") or self.instance.country
        regions = sorted(regions_of(country).items(), key=lambda region: region[1])
        column = Theater._meta.get_field("holiday_region")
        return forms.ChoiceField(
            label="Region for public holidays", required=False, help_text=column.help_text,
            choices=[("", "None: the days that the whole country has"), *regions],
        )  # fmt: skip

    def clean_timezone(self) -> str:
        zone = str(self.cleaned_data["timezone"])
        if zone:
            return zone
        usual = DEFAULTS.get(str(self.cleaned_data.get("country") or self.instance.country))
        if usual is None:
            raise forms.ValidationError("Choose the time zone: we know of none for this country.")
        return usual.timezone

    def clean_photo(self) -> Any:
        picture = self.cleaned_data["photo"]
        if isinstance(picture, UploadedFile):
            try:
                photo = as_photo(picture)
            except PictureRefused as refusal:
                raise forms.ValidationError(str(refusal)) from None
            self.instance.photo_small = photo.small
            self.instance.photo_width, self.instance.photo_height = photo.width, photo.height
            return photo.large
        if picture is False:
            self.instance.photo_small, self.instance.photo_width, self.instance.photo_height = "", None, None
        return picture

    def clean_closes_on(self) -> date | None:
        last: date | None = self.cleaned_data["closes_on"]
        if last is not None and self.instance.pk:
            locks.theater_to_change(self.instance.pk)
            if later := planned_after(self.instance, last).first():
                starts_at = later.starts_at.astimezone(self.instance.zone)
                raise forms.ValidationError(
                    f"{later.title}, {starts_at:%a %d %b, %H:%M}, is planned after that day: cancel, delete or move it first."
                )
        return last

    def clean_single_seats_off_up_to(self) -> int:
        number: int | None = self.cleaned_data["single_seats_off_up_to"]
        return self.instance.single_seats_off_up_to if number is None else number

    def clean_exchange_minutes(self) -> int:
        minutes: int | None = self.cleaned_data["exchange_minutes"]
        return self.instance.exchange_minutes if minutes is None else minutes

    def clean_hold_minutes(self) -> int | None:
        minutes: int | None = self.cleaned_data["hold_minutes"]
        if "hold_minutes" in self.changed_data:
            self.instance.hold_seconds = minutes and minutes * 60
        return minutes

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("photo") and not data.get("photo_alt"):
            self.add_error("photo_alt", "Say what the photo shows: some visitors hear the page.")
        steps = [(data.get(hours), data.get(percent)) for hours, percent in STEP_FIELDS]
        for (hours, percent), step in zip(STEP_FIELDS, steps, strict=True):
            if (step[0] is None) != (step[1] is None) and not {hours, percent} & self.errors.keys():
                self.add_error(
                    hours if step[0] is None else percent, "A step needs both, the hours and the percentage."
                )
        self.instance.translations = {
            code: texts
            for code, fields in TEXT_FIELDS.items()
            if (
                texts := {text: said for text, field in fields.items() if (said := self._said(data, code, text, field))}
            )
        }
        if not self.errors:
            tiers = [
                {"minutes": round(hours * 60), "percent": percent} for hours, percent in steps if hours is not None
            ]
            self._keep_tiers(sorted(tiers, key=lambda tier: -tier["minutes"]))
        return data

    def _said(self, data: dict[str, Any], code: str, text: str, field: str) -> str:
        """Return a text from the form; if its language is not shown there, the stored text."""
        return data[field].strip() if field in data else self.instance.translations.get(code, {}).get(text, "")

    def _keep_tiers(self, tiers: list[dict[str, int]]) -> None:
        try:
            validate_cancel_tiers(tiers)
        except forms.ValidationError as error:
            self.add_error("hours_1", error)
        else:
            self.instance.cancel_tiers = tiers
