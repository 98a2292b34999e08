"""People. Passwords and second factors belong to their owner: they are set in the account pages, not here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounts.models import User
from core.office import OfficeAdmin

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


@admin.register(User)
class UserAdmin(OfficeAdmin):
    actions = None
    list_display = ["email", "first_name", "last_name", "is_staff", "is_superuser", "is_active"]
    list_filter = ["is_staff", "is_superuser", "is_active", "groups"]
    search_fields = ["email", "first_name", "last_name"]
    search_help_text = "E-mail or name"
    ordering = ["email"]
    filter_horizontal = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", ("first_name", "last_name"), "is_active"]}),
        ("Rights", {"fields": RIGHTS}),
        ("Seen", {"fields": ["last_login", "date_joined"]}),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        seen = ["last_login", "date_joined"]
        # The address is proven by its owner; rights are given only by those who have all of them.
        email = ["email"] if obj else []
        return [*seen, *email, *([] if _has_all_rights(request) else RIGHTS)]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        above = obj is not None and obj.is_superuser and not _has_all_rights(request)
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Deactivate instead: bookings and the history of the office name people."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            obj.email = obj.email.lower()
            # The first password comes by the mail of "Forgot your password?".
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


def _has_all_rights(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
