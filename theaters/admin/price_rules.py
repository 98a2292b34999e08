"""Price rules in the office: surcharges, day rates and early birds of a theater."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from staff.office import OfficeAdmin
from theaters.admin.older_prices import tell_of_older_prices
from theaters.early_ends import LAST_MINUTE
from theaters.forms import PriceRuleForm
from theaters.forms.translations import translation_names
from theaters.models import Auditorium, PriceRule
from theaters.schedule.showtime_days import days_text
from theaters.states import MovieKind, PriceRuleKind


@admin.register(PriceRule)
class PriceRuleAdmin(OfficeAdmin):
    theater_path = "theater"
    form = PriceRuleForm
    empty_words = {"holidays": _("Holidays are days like others")}
    list_display = ["name", "sort", "theater", "effect", "what_for"]
    list_filter = ["theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "theater__name"]
    search_help_text = "Name of the rule or its theater"
    fieldsets = [
        (
            None,
            {
                "fields": ["theater", "kind", "name", *translation_names("name"), "position"],
                "description": _(
                    "Rules change the prices of showtimes that are published from now on. For those on sale already: "
                    "the price list, On sale at older prices."
                ),
            },
        ),
        (
            _("What it does"),
            {
                "fields": [("amount", "percent"), ("days_before", "hours_before"), ("until_clock", "until_day")],
                "description": _(
                    "A day rate comes first, then all surcharges of that price, then the early bird. "
                    "A ticket that is free stays free. Promo codes and tax come after."
                ),
            },
        ),
        (_("For which showtimes and tickets"), {"fields": ["pictures", "movie_kinds", "auditoriums", "ticket_types"]}),
        (
            _("On which days"),
            {"fields": ["weekdays", "holidays", ("from_time", "until_time"), ("first_on", "last_on")]},
        ),
    ]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Show the form's own fields to editors only; others see just the columns."""
        found = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj) if obj else self.has_add_permission(request):
            return found
        (first, head), (second, _effect), (third, _scope), *others = found
        columns = ["theater", "kind", "name", "position"]
        return [
            (first, {**head, "fields": columns}),
            (second, {"fields": ["effect"]}),
            (third, {"fields": ["what_for"]}),
            *others,
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater", "effect", "what_for"] if obj else []

    def save_model(self, request: HttpRequest, obj: PriceRule, form: PriceRuleForm, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        self._tell_what_is_on_sale(request, obj)

    def delete_model(self, request: HttpRequest, obj: PriceRule) -> None:
        super().delete_model(request, obj)
        self._tell_what_is_on_sale(request, obj)

    def _tell_what_is_on_sale(self, request: HttpRequest, rule: PriceRule) -> None:
        """Tell staff which showtimes keep their old prices, with a link to where they change them."""
        for price_list in rule.theater.price_lists.select_related("theater"):
            tell_of_older_prices(request, price_list)

    @admin.display(description="kind", ordering="kind")
    def sort(self, rule: PriceRule) -> str:
        return str(PriceRuleKind(rule.kind).label).split(":", maxsplit=1)[0]

    @admin.display(description="effect")
    def effect(self, rule: PriceRule) -> str:
        sign = {PriceRuleKind.SURCHARGE: "+", PriceRuleKind.DAY_RATE: "", PriceRuleKind.EARLY: "−"}[
            PriceRuleKind(rule.kind)
        ]
        if rule.amount is not None:
            words = f"{sign}{format_money(rule.amount, rule.theater.currency)} a person"
        else:
            assert rule.percent is not None
            words = f"{sign or '−'}{rule.percent.normalize():f}%"
        return f"{words}, until {end}" if (end := _end_in_words(rule)) else words

    @admin.display(description="for")
    def what_for(self, rule: PriceRule) -> str:
        auditoriums = (
            Auditorium.objects.filter(pk__in=rule.auditoriums).values_list("name", flat=True)
            if rule.auditoriums
            else []
        )
        words = [
            ", ".join(rule.pictures),
            ", ".join(str(MovieKind(kind).label) for kind in rule.movie_kinds),
            ", ".join(auditoriums),
            ", ".join(rule.ticket_types),
            days_text(rule),
        ]
        return "; ".join(filter(None, words)) or "everything"


def _end_in_words(rule: PriceRule) -> str:
    """Say when an early bird ends; '' for other rules."""
    days, hours = divmod(rule.hours_before, 24)
    if rule.until_day is not None:
        return f"{rule.until_clock or LAST_MINUTE:%H:%M} on {rule.until_day:%d %b %Y}"
    if rule.until_clock is not None:
        day = f"{days} days before" if days > 1 else "the day before" if days else "the day of the showtime"
        return f"{rule.until_clock:%H:%M}, {day}"
    before = [f"{days} days"] if days else []
    before += [f"{hours} hours"] if hours else []
    return f"{' and '.join(before)} before the start" if before else ""
