"""People and their roles. Passwords and second factors belong to their owner: they are set in the account pages, not here."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import Prefetch, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.models import User
from core.texts.lazy_text import gettext_lazy as _
from staff.access import staff_actor
from staff.models import StaffRole
from staff.office import NOTHING, OfficeAdmin, moment_text, titled
from staff.scope import Keys
from staff.services.roles import NO_REASON, RoleRefused, set_open, take_role

UTC = ZoneInfo("UTC")
BY = admin.BooleanFieldListFilter
LABELS = {"is_staff": "Staff", "is_superuser": "Everything, everywhere"}
HELP = {
    "is_active": "Untick it to close the account: the person cannot sign in, and what they did stays in the records.",
    "is_staff": "May come into the office. What they may do there, their roles say.",
    "is_superuser": "Has every right at every theater, without a role. Given and taken on the server (docs/deploy.md).",
}


def reason_of(request: HttpRequest) -> str:
    return request.POST.get("_reason", "")[:500]


@admin.register(StaffRole)
class StaffRoleAdmin(OfficeAdmin):
    """A role is given by invitation and taken back here; it cannot be edited."""

    theater_path = "theater"
    actions = None
    list_display = ["person", "name", "role", "theater"]
    list_display_links = ["person"]
    list_filter = ["theater", "role"]
    list_select_related = ["user", "theater"]
    search_fields = ["user__email", "user__first_name", "user__last_name"]
    search_help_text = "E-mail or name"
    ordering = ["user__email", "theater__name", "role"]

    fields = ["person", "name", "role", "theater"]
    readonly_fields = ["person", "name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        """Show the same page again with the sentence when the role cannot be taken."""
        try:
            return super().delete_view(request, object_id, {"reason_is_required": True, **(extra_context or {})})
        except RoleRefused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return redirect("admin:staff_staffrole_delete", object_id)

    def delete_model(self, request: HttpRequest, obj: StaffRole) -> None:
        take_role(role_id=obj.pk, actor=staff_actor(request.user), reason=reason_of(request))

    # The service writes the audit entry.

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        return None

    @admin.display(description="person", ordering="user__email")
    def person(self, given: StaffRole) -> str:
        return given.user.email

    @admin.display(description="name", ordering=Concat("user__first_name", Value(" "), "user__last_name"))
    def name(self, given: StaffRole) -> str:
        return given.user.get_full_name() or NOTHING


@admin.register(User)
class UserAdmin(OfficeAdmin):
    """Accounts. Owners see the staff of their theaters; only superusers see customers."""

    theater_path = "staff_roles"  # through roles, of which a person may have several
    actions = None
    list_display = ["email", "full_name", "roles", "is_active"]
    list_filter = ["is_active", "staff_roles__role"]
    search_fields = ["email", "first_name", "last_name"]
    search_help_text = "E-mail or name"
    ordering = ["email"]
    readonly_fields = ["roles", "last_sign_in", "joined"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        form: Any = super().get_form(request, obj, change, labels=LABELS, help_texts=HELP, **kwargs)

        class WithReason(form):
            def clean(self) -> Any:
                if "is_active" in self.changed_data and not reason_of(request).strip():
                    self.add_error("is_active", NO_REASON)
                return super().clean()

        return WithReason

    def narrow(self, rows: QuerySet[User], theater_ids: Keys) -> QuerySet[User]:
        if theater_ids is None:
            return rows
        return rows.filter(pk__in=StaffRole.objects.filter(theater__in=theater_ids).values("user"))

    def belongs(self, obj: User, theater_ids: frozenset[int]) -> bool:
        return obj.staff_roles.filter(theater__in=theater_ids).exists()

    def told_at(self, obj: Any) -> list[int | None]:
        return list(obj.staff_roles.order_by().values_list("theater", flat=True).distinct()) or [None]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        mine = StaffRole.objects.select_related("theater")
        theater_ids = self.keys(request, "view", "change")
        seen = mine if theater_ids is None else mine.filter(theater__in=theater_ids)
        return super().get_queryset(request).prefetch_related(Prefetch("staff_roles", seen, to_attr="seen_roles"))

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        staff = [("is_staff", titled("staff", BY)), ("is_superuser", titled("everything, everywhere", BY))]
        return ["is_active", *staff] if request.user.is_superuser else ["is_active"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        rights = [("Rights", {"fields": ["is_staff", "is_superuser"]})] if request.user.is_superuser else []
        return [
            (None, {"fields": ["email", ("first_name", "last_name"), "is_active"]}),
            *rights,
            ("At work", {"fields": ["roles", "last_sign_in", "joined"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # Read-only: an address is confirmed by its owner, and who is staff follows from roles. The database role of the
        # site cannot make superusers.
        return [*self.readonly_fields, "is_staff", "is_superuser", "email"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Owners may change only people who work at no other theaters, and no superusers."""
        theater_ids = self.keys(request, "change")
        if obj is None or theater_ids is None:
            return theater_ids is None or bool(theater_ids)
        elsewhere = obj.staff_roles.exclude(theater__in=theater_ids).exists()
        return not obj.is_superuser and not elsewhere and self.belongs(obj, theater_ids)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never: staff are invited, and customers sign up."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: close the account instead, as bookings and the audit log refer to it."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        changed = [name for name in form.changed_data if name != "is_active"]
        with transaction.atomic():
            if changed:
                obj.save(update_fields=changed)
            if "is_active" in form.changed_data:
                set_open(user=obj, is_open=obj.is_active, actor=staff_actor(request.user), reason=reason_of(request))
                form.changed_data.remove("is_active")  # the service logs it

    @admin.display(description="name", ordering=Concat("first_name", Value(" "), "last_name"))
    def full_name(self, user: User) -> str:
        return user.get_full_name() or NOTHING

    @admin.display(description=_("last sign-in"))
    def last_sign_in(self, user: User) -> str:
        return moment_text(user.last_login, UTC)

    @admin.display(description="joined")
    def joined(self, user: User) -> str:
        return moment_text(user.date_joined if user.pk else None, UTC)

    @admin.display(description="roles")
    def roles(self, user: Any) -> str:
        if user.is_superuser:
            return gettext("Everything, everywhere")
        given = sorted(f"{role.get_role_display()} at {role.theater}" for role in getattr(user, "seen_roles", []))
        return ", ".join(given) or NOTHING
