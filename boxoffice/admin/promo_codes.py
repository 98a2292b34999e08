"""Promo codes: their discount, their uses, and what these cost."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, DecimalField, F, Q, QuerySet, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from boxoffice.forms.promo_codes import PromoCodeForm
from boxoffice.selectors.promo_codes import promo_code_details
from core.money import format_money
from core.texts.lazy_text import gettext_lazy as _
from reservations.models import PromoCode
from reservations.models.promo_codes import WEEKDAYS
from reservations.states import PromoKind
from staff.access import may_everywhere, may_somewhere, theaters_of
from staff.audit_pages import AuditedAction, record_action
from staff.office import NOTHING, OfficeAdmin, state_chip
from staff.scope import Keys
from theaters.models import Movie

# Percents first, then amounts, each by how much it is.
HOW_MUCH = Case(
    When(kind=PromoKind.PERCENT, then=F("percent")),
    default=F("amount") + 1000,
    output_field=DecimalField(),
)


def _is_readable(request: HttpRequest) -> Case:
    """Whether this person reads the code itself: who may change it does; others see its first letters."""
    permission = "reservations.change_promocode"
    readable = Q(theater__in=theaters_of(request.user, permission))
    if may_everywhere(request.user, permission):
        readable |= Q(theater=None)
    return Case(When(readable, then=True), default=False)


@admin.register(PromoCode)
class PromoCodeAdmin(OfficeAdmin):
    """A code of one theater belongs to those who manage there; one for all theaters to those who manage all of them."""

    theater_path = "theater"
    nothing_here = _("No promo codes yet.")
    form = PromoCodeForm
    empty_words = {"currency": _("That of the theater"), "theater": _("All theaters")}
    secret_fields = frozenset({"code"})
    list_display = ["shown_code", "gives", "place", "valid", "on_days", "uses", "state", "note"]
    list_filter = ["is_withdrawn", "kind", "theater"]
    list_select_related = ["theater"]
    search_fields = ["note", "=code"]
    search_help_text = "Note, or the whole code"
    fieldsets = [
        (None, {"fields": ["code", "note", ("kind", "percent", "amount", "currency")]}),
        (_("Where and when"), {"fields": ["theater", "movies", "ticket_types", "weekdays", ("from_on", "until_on")]}),
        (_("How often"), {"fields": [("most_uses", "most_uses_each"), "is_withdrawn"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PromoCode]:
        counted = Count("redemptions", filter=Q(redemptions__given_back_at=None))
        return super().get_queryset(request).annotate(counted=counted, is_readable=_is_readable(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """A part of a code finds only codes that this person may read, because a search would reveal others letter by
        letter.
        """
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if term := search_term.strip():
            readable = Q(code__icontains=term, is_readable=True)
            found = queryset.filter(Q(pk__in=found.order_by().values("pk")) | readable)
        return found, may_repeat

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        first, *others = super().get_fieldsets(request, obj)
        if obj is None or obj.is_readable:
            return [first, *others]
        shown = ["shown_code" if name == "code" else name for name in first[1]["fields"]]
        return [(first[0], {"fields": shown}), *others]

    def get_urls(self) -> list[Any]:
        reveal = self.admin_site.admin_view(require_POST(self.reveal_view))
        return [path("<int:pk>/reveal/", reveal, name="reservations_promocode_reveal"), *super().get_urls()]

    def reveal_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the code once, in a message, and write to the audit log who saw it."""
        promo = self.get_object(request, str(pk))
        if promo is None:
            raise Http404
        if not self.has_view_permission(request, promo):
            raise PermissionDenied
        record_action(request, AuditedAction("reveal", promo, promo.theater_id, {}, {"done": "The code was shown"}))
        messages.info(
            request,
            gettext("The code is %(code)s. That you looked at it stands in the audit log.") % {"code": promo.code},
        )
        return redirect("admin:reservations_promocode_change", promo.pk)

    def narrow(self, rows: QuerySet[PromoCode], theater_ids: Keys) -> QuerySet[PromoCode]:
        return rows if theater_ids is None else rows.filter(Q(theater=None) | Q(theater__in=theater_ids))

    def permits(self, request: HttpRequest, verb: str, obj: Any = None) -> bool:
        """A code of all theaters is read by everybody who reads codes, and changed by who may change all of them."""
        if obj is None or obj.theater_id is not None:
            return super().permits(request, verb, obj)
        permission = f"reservations.{verb}_promocode"
        may = may_somewhere if verb == "view" else may_everywhere
        return may(request.user, permission)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        used = obj is not None and obj.redemptions.exists()
        return not used and super().has_delete_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        used = obj is not None and obj.redemptions.exists()
        return ["shown_code", "code"] if used else ["shown_code"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form: Any = super().get_form(request, obj, change, **kwargs)
        if field := form.base_fields.get("theater"):
            permission = f"reservations.{'change' if obj else 'add'}_promocode"
            field.queryset = theaters_of(request.user, permission).order_by("name")
            field.required = not may_everywhere(request.user, permission)
        if field := form.base_fields.get("movies"):
            chosen = obj.movies.values("pk") if obj else []
            field.queryset = (
                Movie.objects.works().filter(Q(archived_at=None) | Q(pk__in=chosen)).order_by("title", "year")
            )
        for field in form.base_fields.values():
            if isinstance(field.widget, RelatedFieldWidgetWrapper):
                field.widget.can_add_related = field.widget.can_change_related = False
                field.widget.can_delete_related = field.widget.can_view_related = False
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        super().save_model(request, obj, form, change)
        if form.gives_everything_without_limits:
            messages.warning(
                request,
                gettext(
                    "With %(code)s everybody who knows it gets tickets for nothing, as often as they like: "
                    'one guest can have many addresses. Set "uses in all" unless you want that.'
                )
                % {"code": obj.code},
            )

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        promo = self.get_object(request, object_id)
        extra: dict[str, Any] = {**(extra_context or {})}
        if promo is not None and self.has_view_permission(request, promo):
            extra["is_masked"] = not promo.is_readable
            extra["details"] = promo_code_details(
                promo, theaters=theaters_of(request.user, "reservations.view_booking").order_by()
            )
        return super().change_view(request, object_id, form_url, extra)

    def get_actions(
        self, request: HttpRequest, action_location: admin.ActionLocation = admin.ActionLocation.CHANGE_LIST
    ) -> Any:
        found = super().get_actions(request, action_location=action_location)
        # Django's action checks no permission of single codes.
        found.pop("delete_selected", None)
        return found

    # The list

    @admin.display(description="code")
    def shown_code(self, promo: Any) -> str:
        return promo.code if promo.is_readable else promo.masked_code

    @admin.display(description="gives", ordering=HOW_MUCH)
    def gives(self, promo: PromoCode) -> str:
        if promo.kind == PromoKind.PERCENT:
            assert promo.percent is not None
            return f"{promo.percent.normalize():f}% off"
        assert promo.amount is not None
        if promo.kind == PromoKind.AMOUNT and not promo.amount:
            return "opens ticket types"
        amount = format_money(promo.amount, promo.currency)
        return f"{amount} off" if promo.kind == PromoKind.AMOUNT else f"{amount} a ticket"

    @admin.display(description="theater", ordering="theater__name")
    def place(self, promo: PromoCode) -> str:
        return promo.theater.name if promo.theater else "All"

    @admin.display(description="valid", ordering="until_on")
    def valid(self, promo: PromoCode) -> str:
        first = f"from {promo.from_on:%d %b %Y}" if promo.from_on else ""
        last = f"until {promo.until_on:%d %b %Y}" if promo.until_on else ""
        return f"{first} {last}".strip() or "always"

    @admin.display(description="days")
    def on_days(self, promo: PromoCode) -> str:
        return ", ".join(name[:3] for day, name in WEEKDAYS if day in promo.weekdays) or NOTHING

    @admin.display(description="used", ordering="counted")
    def uses(self, promo: Any) -> str:
        return f"{promo.counted} of {promo.most_uses}" if promo.most_uses else str(promo.counted)

    @admin.display(description="state", ordering="is_withdrawn")
    def state(self, promo: Any) -> SafeString:
        if promo.is_withdrawn:
            return state_chip("canceled", "Withdrawn")
        if promo.most_uses and promo.counted >= promo.most_uses:
            return state_chip("expired", "Used up")
        return state_chip("published", "Open")
