from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from core.addresses import client_address
from core.security_log import SecurityEvent, account_hash, write_security_event


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

    # What happens at the sign-in goes into the security log.

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises ValidationError for an account that is locked after too many wrong passwords."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            write_security_event(SecurityEvent.LOCKED_OUT, account=account_hash(credentials.get("email", "")))
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        write_security_event(SecurityEvent.SIGN_IN_FAILED, account=account_hash(credentials.get("email", "")))

    def post_login(self, request: HttpRequest, user: Any, **login: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **login)
        write_security_event(SecurityEvent.SIGN_IN_SUCCEEDED, actor=user.pk, is_staff=user.is_staff)
        return answer
