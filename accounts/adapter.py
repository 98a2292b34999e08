from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from core.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    """allauth with the site's own idea of a client's address (exactly as many proxies as we run)."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Staff show their second factor again: a password that was read over a shoulder must not move money."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not (settings.STAFF_SECOND_FACTOR_REQUIRED and getattr(user, "is_staff", False)):
            return methods
        return [method for method in methods if method["id"] != "reauthenticate"] or methods
