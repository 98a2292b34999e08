"""The form of a price rule: what it is called, what it does to a price, and for which showtimes and tickets."""

from typing import Any

from django import forms

from core.money import in_coins, smallest_coin_text
from houses.models import Theater
from theaters.forms.fields import several, show_amounts
from theaters.forms.showtime_days import DAY_WIDGETS, ShowtimeDaysForm
from theaters.forms.translations import translation_fields
from theaters.models import Auditorium, PriceRule, TicketType
from theaters.models.price_rules import MOST_HOURS_BEFORE
from theaters.states import MovieKind, Picture, PriceRuleKind

ENDS = {"days_before", "hours_before", "until_clock", "until_day"}
ALL = "None ticked: all."
TranslationFields: Any = translation_fields(PriceRule, "name")


class PriceRuleForm(ShowtimeDaysForm, TranslationFields):
    days_before = forms.IntegerField(
        required=False, min_value=0, max_value=MOST_HOURS_BEFORE // 24, label="Days before the start"
    )
    hours_before = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=23,
        label="And hours",
        help_text="Only for an early bird: until so long before the start. Who holds seats by then pays less.",
    )
    until_clock = forms.TimeField(
        required=False,
        label="At this time of the day",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="With days alone: 1 day and 23:59 is until midnight of the evening before, on nights when clocks change too.",
    )
    until_day = forms.DateField(
        required=False,
        label="Or until this date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="For all showtimes alike; until the end of that day, or until the time beside it.",
    )
    pictures = several(Picture.choices, coerce=str, help_text=ALL, label="Projected in")
    movie_kinds = several(MovieKind.choices, coerce=str, help_text=ALL, label="Kinds of movies")
    auditoriums = several([], coerce=int, help_text=ALL)
    ticket_types = several([], coerce=str, help_text=ALL)

    class Meta:
        model = PriceRule
        fields = (
            "theater", "kind", "name", "amount", "percent", "hours_before", "until_clock", "until_day", "position", "pictures",
            "movie_kinds", "auditoriums", "ticket_types", "weekdays", "holidays", "from_time", "until_time", "first_on",
            "last_on",
        )  # fmt: skip
        widgets = DAY_WIDGETS
        help_texts = {
            "amount": "Per person. Of a day rate: the price, which makes nothing dearer. Else what is added or taken off.",
            "percent": "Of the price: added by a surcharge, taken off by the others.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show_translations(self.instance.translations)
        if self.instance.theater_id:
            show_amounts(self, self.instance.theater.currency)
        if "hours_before" in self.fields:
            days, hours = divmod(self.instance.hours_before, 24)
            has_days = days or (self.instance.until_clock is not None and self.instance.until_day is None)
            self.initial.update(days_before=days if has_days else None, hours_before=hours or None)
        if "auditoriums" in self.fields:
            self._offer(self._theaters())

    def _theaters(self) -> Any:
        """The rule's theater; for a new rule those to choose from."""
        if self.instance.theater_id:
            return Theater.objects.filter(pk=self.instance.theater_id)
        return self.fields["theater"].queryset  # type: ignore[attr-defined]

    def _offer(self, theaters: Any) -> None:
        auditoriums = (
            Auditorium.objects.filter(theater__in=theaters).select_related("theater").order_by("theater__name", "name")
        )
        kinds = TicketType.objects.in_use().filter(theater__in=theaters).order_by("position", "code")
        is_one = len({auditorium.theater_id for auditorium in auditoriums}) <= 1
        fields: Any = self.fields
        fields["auditoriums"].choices = [
            (auditorium.pk, auditorium.name if is_one else f"{auditorium.name}, {auditorium.theater}")
            for auditorium in auditoriums
        ]
        # Types that the rule names stay among the choices, archived ones too.
        names = {code: code for code in self.instance.ticket_types} | {kind.code: kind.name for kind in kinds}
        fields["ticket_types"].choices = sorted(names.items(), key=lambda choice: choice[1])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self._require_an_end(data)
        if not self.errors.keys() & {"amount", "percent"} and (data.get("amount") is None) == (
            data.get("percent") is None
        ):
            self.add_error("amount", "Give an amount or a percentage.")
        if (theater := self.theater_of(data)) is not None:
            self._require_its_own(data, theater)
        return data

    def _require_an_end(self, data: dict[str, Any]) -> None:
        """Require one end for an early bird, and none for other rules."""
        is_early = data.get("kind") == PriceRuleKind.EARLY
        hours = data.get("hours_before")
        data["hours_before"] = 24 * (data.get("days_before") or 0) + (hours or 0)
        has_clock, has_day = data.get("until_clock") is not None, data.get("until_day") is not None
        if not is_early and (data["hours_before"] or has_clock or has_day):
            named = "days_before" if data["hours_before"] else "until_clock" if has_clock else "until_day"
            self.add_error(named, "Only an early bird ends some time before the start.")
        elif is_early and has_day and data["hours_before"]:
            self.add_error("until_day", "Give a date or a time before the start, not both.")
        elif is_early and has_clock and hours:
            self.add_error("hours_before", "With a time of the day give days alone.")
        elif is_early and not (data["hours_before"] or has_clock or has_day) and not self.errors.keys() & ENDS:
            self.add_error("days_before", "Until how long before the start?")
        elif data["hours_before"] > MOST_HOURS_BEFORE:
            self.add_error("days_before", "That is more than a year.")

    def _require_its_own(self, data: dict[str, Any], theater: Theater) -> None:
        known = set(theater.auditoriums.values_list("pk", flat=True))
        if not known.issuperset(data.get("auditoriums") or []):
            self.add_error("auditoriums", f"Choose auditoriums of {theater}.")
        amount = data.get("amount")
        if amount is not None and amount != in_coins(amount, theater.currency):
            self.add_error("amount", smallest_coin_text(theater.currency))

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002
        self.instance.translations = self.translations()
        return super().save(commit)
