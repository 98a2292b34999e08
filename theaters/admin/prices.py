from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from core.office import NOTHING, OfficeAdmin
from theaters.forms import PriceListForm, TicketTypeForm
from theaters.models import PriceList, TicketType
from theaters.services.price_lists import set_prices


@admin.register(TicketType)
class TicketTypeAdmin(OfficeAdmin):
    form = TicketTypeForm
    list_display = ["name", "code", "theater", "ages", "position", "is_default"]
    list_filter = ["theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "theater__name"]
    search_help_text = "Name of the ticket type or its theater"
    fields = ["theater", "code", "name", "note", ("min_age", "max_age"), "position", "is_default"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater", "code"] if obj else []

    @admin.display(description="ages")
    def ages(self, kind: TicketType) -> str:
        if kind.min_age is None:
            return NOTHING if kind.max_age is None else f"up to {kind.max_age}"
        return f"from {kind.min_age}" if kind.max_age is None else f"{kind.min_age} to {kind.max_age}"


@admin.register(PriceList)
class PriceListAdmin(OfficeAdmin):
    form = PriceListForm
    list_display = ["name", "theater", "currency", "prices_count"]
    list_filter = ["theater"]
    list_select_related = ["theater"]
    search_fields = ["name", "theater__name"]
    search_help_text = "Name of the list or its theater"
    fields = ["theater", "name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PriceList]:
        return super().get_queryset(request).annotate(cells=Count("prices")).order_by("theater__name", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["theater"] if obj else []

    def save_model(self, request: HttpRequest, obj: PriceList, form: PriceListForm, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if change:
            set_prices(price_list=obj, amounts=form.amounts())

    def response_add(self, request: HttpRequest, obj: PriceList, post_url_continue: Any = None) -> HttpResponse:
        if "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(
            request, f"{obj} is there. Now fill in its prices; an empty field is not sold.", messages.SUCCESS
        )
        return redirect("admin:theaters_pricelist_change", obj.pk)

    @admin.display(description="currency", ordering="theater__currency")
    def currency(self, price_list: PriceList) -> str:
        return price_list.theater.currency

    @admin.display(description="prices", ordering="cells")
    def prices_count(self, price_list: Any) -> int:
        return price_list.cells
