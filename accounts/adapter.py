from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from core.addresses import client_address
from core.security_log import SecurityEvent, account_hash, write_security_event

FACTOR_ADDED = {"mfa/email/totp_activated", "mfa/email/webauthn_added"}
FACTOR_REMOVED = {"mfa/email/totp_deactivated", "mfa/email/webauthn_removed"}


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

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """allauth calls it after every change of an account; a new or lost second factor has ended all its sessions."""
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
        if template_prefix in FACTOR_ADDED | FACTOR_REMOVED and self.request.user.pk == user.pk:
            _keep_this_session(self.request)
            if template_prefix in FACTOR_ADDED:
                _record_new_factor(self.request)

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


def _keep_this_session(request: HttpRequest) -> None:
    """The person who changed the factor goes on; every other session of the account has ended (migration 0003)."""
    user: Any = request.user
    user.refresh_from_db(fields=["sessions_number"])
    update_session_auth_hash(request, user)


def _record_new_factor(request: HttpRequest) -> None:
    """To add a factor it has to be used once, after a fresh sign-in: this session has shown it."""
    user: Any = request.user
    factor = (
        Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).latest("created_at")
    )
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True)
