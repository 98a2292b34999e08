"""The office: Django's admin behind allauth's sign-in, with its pages in the order of a manager's day.

Apps register their pages here without importing each other; boxoffice fills the first page.
"""

from collections.abc import Callable, Iterable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import LoginView, redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.services.session_sign_ins import SecondFactor, second_factor_of
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from core.web.refusal_pages import address_of, with_retry_after
from staff.idle_time import end_session, forget_workplace_of_others, has_ended
from staff.office import viewer
from staff.reauth import require_fresh_sign_in_to_write
from staff.scope import SHARED, RefusedWithReason, ScopedAdmin
from staff.shared_rows import SharedAdmin

# allauth's own admin pages would let staff read the secrets of second factors and call an address verified;
# groups of permissions would be rights without a theater.
NEVER_SHOWN = {"account", "mfa", "auth"}
# URL names of read-only pages; the page for unknown addresses has none.
ONLY_SHOWN = {"index", "login", "password_change", "password_change_done", "jsi18n", "app_list"}
# Django's redirect to any object's page by its number tells what exists elsewhere; its search for choices, which no page of
# ours uses, shows rows past the columns and masks of their list.
LEFT_OUT = {"view_on_site", "autocomplete"}
GROUPS = {
    "Program": ("Showtime", "Movie", "Series"),
    "Sales": (
        "Booking",
        "Ticket",
        "Payment",
        "Refund",
        "RefundRequest",
        "PromoCode",
        "TicketAllowance",
        "WaitingEntry",
        "SharedBlock",
    ),
    "House": (
        "House",
        "TextPage",
        "Post",
        "Theater",
        "Auditorium",
        "SeatingPlan",
        "SeatCategory",
        "TicketType",
        "PriceList",
        "PriceRule",
        "Device",
    ),
    "Records": (
        "OutgoingMail",
        "AccountMail",
        "ProviderEvent",
        "Move",
        "AuditEntry",
        "InvariantRun",
        "LedgerComparison",
        "SalesPause",
    ),
    "People": ("Invitation", "StaffRole", "User"),
}


class Office(admin.AdminSite):
    site_header = site_title = _("Office")
    index_title = _("Office")

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        models = model_or_iterable if isinstance(model_or_iterable, Iterable) else [model_or_iterable]
        shown = [model for model in models if model._meta.app_label not in NEVER_SHOWN]
        if shown and not (issubclass(admin_class or object, ScopedAdmin) and hasattr(admin_class, "theater_path")):
            raise ImproperlyConfigured(
                f"{admin_class}: an OfficeAdmin says how its rows lead to a theater (theater_path)."
            )
        if shown and admin_class.theater_path == SHARED and not issubclass(admin_class, SharedAdmin):
            raise ImproperlyConfigured(f"{admin_class}: a page of rows that several theaters use is a SharedAdmin.")
        super().register(shown, admin_class, **options)

    # The door

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        return not settings.STAFF_SECOND_FACTOR_REQUIRED or second_factor_of(request) is SecondFactor.USED

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:  # noqa: FBT001, FBT002  (Django's signature)
        guarded = super().admin_view(view, cacheable)

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if turned_away := _turn_away(request, request.get_full_path()):
                return turned_away
            require_fresh_sign_in_to_write(request)
            return self._answer(guarded, request, *args, **kwargs)

        return inner

    def _answer(self, view: Callable[..., Any], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Show a refusal as an office page, rendered while the request still has its user."""
        token = viewer.set(request.user)
        try:
            answer = view(request, *args, **kwargs)
            return answer.render() if isinstance(answer, SimpleTemplateResponse) else answer
        except Http404:
            return self._refused(request, 404, "Not here")
        except Refusal as refusal:
            if refusal.is_hidden:
                return self._refused(request, 404, "Not here")
            answer = self._refused(request, refusal.status, refusal.title, why=refusal.sentence, way_on=refusal.way_on)
            return with_retry_after(answer, refusal.retry_after)
        except PermissionDenied as refusal:
            why = str(refusal) if isinstance(refusal, RefusedWithReason) else ""
            return self._refused(request, 403, "Not yours to do", why=why)
        finally:
            viewer.reset(token)

    def _refused(
        self, request: HttpRequest, status: int, title: str, *, why: str = "", way_on: WayOn | None = None
    ) -> HttpResponseBase:
        """Show a refusal; without a next step of its own it leads to the office's first page."""
        to = (address_of(request, way_on), way_on.label) if way_on else (reverse("admin:index"), "To what you may do")
        context = {**self.each_context(request), "title": title, "status": status, "why": why, "way_on": to}
        return TemplateResponse(request, "admin/refused.html", context, status=status).render()

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Redirect to allauth's sign-in, which has the limits, notices and second factor."""
        named = LoginView(request=request).get_redirect_url()
        wanted = named if named.startswith("/") else reverse("admin:index", current_app=self.name)
        return _turn_away(request, wanted) or HttpResponseRedirect(wanted)

    @method_decorator(require_POST)
    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        get_adapter(request).logout(request)
        return redirect(settings.ACCOUNT_LOGOUT_REDIRECT_URL)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("admin:index")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "second_factor_is_off": not settings.STAFF_SECOND_FACTOR_REQUIRED}

    def get_urls(self) -> list[Any]:
        """Refuse POST on Django's read-only pages, which would answer it like GET."""
        patterns = [pattern for pattern in super().get_urls() if getattr(pattern, "name", None) not in LEFT_OUT]
        for pattern in patterns:
            if isinstance(pattern, URLPattern) and (pattern.name in ONLY_SHOWN or pattern.name is None):
                pattern.callback = require_safe(pattern.callback)
        return patterns

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """List pages by purpose rather than by app; an app's own page is Django's."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        pages = {page["object_name"]: page for app in apps for page in app["models"]}
        groups = [
            _group(title, [pages.pop(name) for name in names if name in pages]) for title, names in GROUPS.items()
        ]
        groups.append(_group("More", list(pages.values())))
        return [group for group in groups if group["models"]]


def _group(title: str, pages: list[Any]) -> dict[str, Any]:
    return {
        "name": title,
        "app_label": title.lower(),
        "app_url": f"{reverse('admin:index')}#{title.lower()}",
        "has_module_perms": True,
        "models": pages,
    }


def _turn_away(request: HttpRequest, wanted: str) -> HttpResponse | None:
    """Redirect to the sign-in or the second factor; tell a signed-in customer that the office is for staff."""
    user = request.user
    if not user.is_authenticated:
        return redirect_to_login(wanted)
    if not (user.is_active and user.is_staff):
        raise PermissionDenied
    if has_ended(request, now=timezone.now().timestamp()):
        end_session(request)
        return redirect_to_login(wanted)
    forget_workplace_of_others(request)
    if settings.STAFF_SECOND_FACTOR_REQUIRED:
        return _asked_for_second_factor(request)
    return None


def _asked_for_second_factor(request: HttpRequest) -> HttpResponse | None:
    """Demand the second factor in this session. Raises ReauthenticationRequired."""
    state = second_factor_of(request)
    if state is SecondFactor.NOT_SET_UP:
        messages.warning(
            request, gettext("The office opens with a second factor. Add an authenticator app or a security key first.")
        )
        return redirect("mfa_index")
    if state is SecondFactor.NOT_USED:
        raise ReauthenticationRequired
    return None
