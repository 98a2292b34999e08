"""Read-only admin pages of payments, refunds and disputes: statuses change by settling, never by hand."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from payments.models import Payment, Refund
from payments.records.money_advice import advice_on, payment_advice
from reservations.links.booking_search import HELP, bookings_matching
from reservations.models import first_booking
from sales.models import Sale
from staff.access import may
from staff.office import NOTHING, LedgerAdmin, as_json, link_to, moment_text, state_chip, viewer


class MoneyAdmin(LedgerAdmin):
    """A payment or a refund; the search looks for its booking, or for the provider's ids."""

    sale_path = "sale"
    id_fields = ["session_id", "provider_id"]
    search_fields = ["sale__reference"]
    search_help_text = f"{HELP}, or an id of the payment provider"
    list_select_related = ["sale__contact", "sale__theater"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related(f"{self.sale_path}__bookings")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = search_term.strip()
        if not words:
            return queryset, False
        matches = Q(**{f"{self.sale_path}__in": bookings_matching(words).values("sale")})
        for name in self.id_fields:
            matches |= Q(**{name: words})
        return queryset.filter(matches), False

    @admin.display(description="amount", ordering="amount")
    def amount_text(self, row: Any) -> str:
        return format_money(row.amount, row.currency)

    @admin.display(description="status", ordering="status")
    def state(self, row: Any) -> SafeString:
        return state_chip(row.status, row.get_status_display())

    @admin.display(description="created", ordering="pk")
    def created(self, row: Any) -> str:
        return moment_text(row.created_at, self.zone(row))

    @admin.display(description="ended", ordering="ended_at")
    def ended(self, row: Any) -> str:
        return moment_text(row.ended_at, self.zone(row))

    @admin.display(description=_("next look at the provider"))
    def next_look(self, row: Any) -> str:
        return moment_text(None if row.ended_at else row.look_at, self.zone(row))

    def zone(self, row: Any) -> ZoneInfo:
        return row.sale.theater.zone

    @admin.display(description="booking")
    def booking_link(self, row: Any) -> SafeString:
        return _link_to_booking(row.sale)


def _link_to_booking(sale: Sale) -> SafeString:
    """Link to the sale's first booking, whose page shows the money of the whole sale."""
    return link_to("reservations_booking", first_booking(sale).pk, sale)


@admin.register(Payment)
class PaymentAdmin(MoneyAdmin):
    theater_path = "sale__theater"
    nothing_here = _("No money has been asked for yet. A payment appears when a customer presses Pay.")
    list_display = ["created", "booking_link", "email", "amount_text", "method", "state", "session_id", "last_error"]
    list_display_links = ["created"]
    list_filter = ["status", "method", "currency", "sale__theater"]
    fields = [
        "booking_link", "email", "amount_text", "method", "state", "what_to_do", "created", "ended", "next_look", "looks",
        "last_error", "session_id", "provider_id", "key", "sent_to_provider",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.is_online:
            return self.fields
        return [
            "booking_link",
            "email",
            "amount_text",
            "method",
            "cash",
            "taken_by",
            "state",
            "what_to_do",
            "created",
            "key",
        ]

    @admin.display(description="cash")
    def cash(self, payment: Payment) -> str:
        if payment.tendered is None:
            return self._rounding(payment) if payment.rounding else NOTHING
        tendered, change = (format_money(amount, payment.currency) for amount in (payment.tendered, payment.change))
        given = gettext("%(given)s given, %(change)s change") % {"given": tendered, "change": change}
        return f"{given}, {self._rounding(payment)}" if payment.rounding else given

    def _rounding(self, payment: Payment) -> str:
        return gettext("rounded to coins: %(amount)s") % {"amount": format_money(payment.rounding, payment.currency)}

    @admin.display(description=_("taken by"))
    def taken_by(self, payment: Payment) -> str:
        return str(payment.operator)

    @admin.display(description="e-mail", ordering="sale__contact__email")
    def email(self, payment: Payment) -> str:
        return payment.sale.contact.email or NOTHING

    @admin.display(description=_("what to do"))
    def what_to_do(self, payment: Payment) -> str:
        return payment_advice(payment).sentence

    @admin.display(description=_("sent to the provider"))
    def sent_to_provider(self, payment: Payment) -> SafeString:
        return as_json(payment.request)


class CounterFilter(admin.SimpleListFilter):
    title = _("at the counter")
    parameter_name = "counter"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "Waits to be paid out")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refund]) -> QuerySet[Refund]:
        waiting = Refund.objects.waiting_at_counter().order_by().values("pk")
        return queryset.filter(pk__in=waiting) if self.value() == "waiting" else queryset


class PersonFilter(admin.SimpleListFilter):
    title = "needs a person"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("counter", "To be paid out at the counter")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Refund]) -> QuerySet[Refund]:
        if self.value() == "counter":
            return queryset.filter(pk__in=Refund.objects.waiting_at_counter().order_by().values("pk"))
        needing = Refund.objects.needing_a_person().order_by().values("pk")
        return queryset.filter(pk__in=needing) if self.value() == "yes" else queryset


@admin.register(Refund)
class RefundAdmin(MoneyAdmin):
    theater_path = "payment__sale__theater"
    nothing_here = _("No money has gone back yet. Refunds begin on the page of a booking.")
    sale_path = "payment__sale"
    search_fields = ["payment__sale__reference"]
    id_fields = ["provider_id", "payment__provider_id"]
    list_display = ["created", "booking_link", "amount_text", "method", "state", "reason", "provider_id", "last_error"]
    list_display_links = ["created"]
    list_filter = [
        PersonFilter,
        CounterFilter,
        "status",
        "method",
        "currency",
        "payment__sale__theater",
    ]
    list_select_related = ["payment__sale__theater"]
    fields = [
        "booking_link", "payment_link", "amount_text", "method", "state", "what_to_do", "reason", "created", "ended", "next_look",
        "looks", "last_error", "provider_id", "key",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None or obj.is_online:
            return self.fields
        return [
            "booking_link", "payment_link", "amount_text", "method", "state", "what_to_do", "paid_out_by", "reason", "created",
            "ended", "key",
        ]  # fmt: skip

    @admin.display(description=_("paid out by"))
    def paid_out_by(self, refund: Refund) -> str:
        return str(refund.operator or NOTHING)

    def zone(self, row: Any) -> ZoneInfo:
        return row.payment.sale.theater.zone

    @admin.display(description="booking")
    def booking_link(self, row: Any) -> SafeString:
        return _link_to_booking(row.payment.sale)

    @admin.display(description=_("what to do"))
    def what_to_do(self, refund: Refund) -> SafeString:
        advice = advice_on(refund, now=timezone.now())
        user, theater = viewer.get(), refund.payment.sale.theater_id
        said = format_html("{}", advice.sentence)
        for is_offered, right, act, words in (
            (advice.may_retry, "payments.retry_refund", "retry", "Try it again"),
            (advice.may_pay_out, "payments.pay_out", "pay_out", "Pay it out"),
        ):
            if is_offered and user and may(user, right, theater):
                url = reverse(
                    f"admin:reservations_booking_{act}", args=[first_booking(refund.payment.sale).pk, refund.pk]
                )
                said = format_html('{} <a class="button" href="{}">{}</a>', said, url, words)
        return said

    @admin.display(description="payment")
    def payment_link(self, refund: Refund) -> SafeString:
        return link_to("payments_payment", refund.payment_id, refund.payment)
