from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext

from core.texts.lazy_text import gettext_lazy as _
from core.web.posted_numbers import posted_number
from staff.access import may, staff_actor, theaters_of
from staff.office import OfficeAdmin
from theaters.admin.older_prices import tell_of_older_prices, tell_of_other_lists
from theaters.forms import PriceListForm
from theaters.models import PriceList, Showtime
from theaters.prices.price_lists import set_prices
from theaters.prices.repricing import at_older_prices, on_other_lists, reprice
from theaters.schedule.price_list_choice import validity_text
from theaters.schedule.scheduling import SchedulingRefused


@admin.register(PriceList)
class PriceListAdmin(OfficeAdmin):
    theater_path = "theater"
    form = PriceListForm
    empty_words = {"holidays": _("Holidays are days like others")}
    list_display = ["name", "theater", "valid", "rank", "currency", "prices_count"]
    list_filter = ["theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "theater__name"]
    search_help_text = "Name of the list or its theater"
    fieldsets = [
        (None, {"fields": ["theater", "name"]}),
        (
            _("When it is valid"),
            {
                "fields": [
                    "weekdays",
                    "holidays",
                    ("from_time", "until_time"),
                    ("first_on", "last_on"),
                    "rank",
                    "is_by_hand",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        return super().get_queryset(request).annotate(cells=Count("prices")).order_by("theater__name", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater"] if obj else []

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.showtimes_view)
        return [path("<int:pk>/showtimes/", view, name="theaters_pricelist_showtimes"), *super().get_urls()]

    def showtimes_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Which showtimes on sale have older prices of this list, and the button that moves them onto the new ones."""
        seen = PriceList.objects.filter(theater__in=theaters_of(request.user, "theaters.view_pricelist"))
        price_list = get_object_or_404(seen.select_related("theater"), pk=pk)
        if not may(request.user, "theaters.change_pricelist", price_list.theater):
            raise PermissionDenied
        older = at_older_prices(price_list, now=timezone.now())
        if request.method == "POST":
            self._reprice(request, price_list, older)
            return redirect(request.path)
        context = {
            "price_list": price_list,
            "older": older,
            "others": on_other_lists(price_list, now=timezone.now()),
            "opts": self.opts,
            "title": "On sale at older prices",
        }
        return TemplateResponse(
            request, "admin/theaters/pricelist/showtimes.html", {**self.admin_site.each_context(request), **context}
        )

    def _reprice(self, request: HttpRequest, price_list: PriceList, older: QuerySet[Showtime]) -> None:
        chosen = {posted_number(pk) for pk in request.POST.getlist("showtime")}
        try:
            moved = reprice(
                showtime_ids=[showtime.pk for showtime in older if showtime.pk in chosen],
                actor=staff_actor(request.user),
            )
        except SchedulingRefused as refusal:
            self.message_user(
                request, gettext("Nothing was changed. %(refusal)s") % {"refusal": refusal}, messages.ERROR
            )
            return
        if not moved:
            self.message_user(
                request, gettext("Choose at least one showtime that still sells at older prices."), messages.ERROR
            )
            return
        count = len(moved)
        words = f"{count} showtime{pluralize(count)} now sell{pluralize(count, 's,')} at the prices of {price_list}."
        self.message_user(request, words, messages.SUCCESS)

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if kwargs.get("obj") is not None:
            price_list, now = kwargs["obj"], timezone.now()
            context |= {
                "older": at_older_prices(price_list, now=now).count(),
                "others": len(on_other_lists(price_list, now=now)),
            }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: PriceList, form: PriceListForm, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if change:
            set_prices(price_list=obj, amounts=form.amounts())
            tell_of_older_prices(request, obj)
        tell_of_other_lists(request, obj)

    def response_add(self, request: HttpRequest, obj: PriceList, post_url_continue: Any = None) -> HttpResponse:
        if "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(
            request,
            gettext("%(name)s is there. Now fill in its prices; an empty field is not sold.") % {"name": obj},
            messages.SUCCESS,
        )
        return redirect("admin:theaters_pricelist_change", obj.pk)

    @admin.display(description="currency", ordering="theater__currency")
    def currency(self, price_list: PriceList) -> str:
        return price_list.theater.currency

    @admin.display(description="prices", ordering="cells")
    def prices_count(self, price_list: Any) -> int:
        return price_list.cells

    @admin.display(description="valid")
    def valid(self, price_list: PriceList) -> str:
        return validity_text(price_list)
