from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext, gettext_lazy

from accounts.device_names import device_name
from accounts.known_devices import known_device, remember_device
from accounts.page_limits import ACCOUNT, USUAL_WAIT_SECONDS, TooManyTries, seconds_left
from accounts.sentences import OF_ACCOUNTS, OF_FACTORS
from accounts.services.account_mail import MailText, queue_mail
from accounts.services.account_sessions import forget_session
from accounts.sign_in_codes import code_text, new_nonce
from core.clock import minutes_text
from core.house_facts import current_house
from core.letters.mail_rendering import letter_html, mail_language, signed
from core.letters.mailboxes import clean_address, same_mailbox
from core.limits.addresses import client_address
from core.monitoring.security_log import SecurityEvent, account_hash, write_security_event

# The limits of wrong passwords (config/settings/base.py). Codes have limits of their own (code_limits.py).
BY_ACCOUNT = "login_failed_of_account"
BY_ADDRESS, BY_KNOWN_DEVICE = "login_failed_by_address", "login_failed_on_known_device"
# These count right passwords too.
EVERY_TRY = "sign_in_by_address"
SIGN_IN_CODE = "account/email/login_code"
# The links that a mail may ask people to open, with the words on their buttons.
BUTTONS = {
    "activate_url": gettext_lazy("Confirm this address"),
    "password_reset_url": gettext_lazy("Choose a new password"),
    "signup_url": gettext_lazy("Create an account"),
}
FACTOR_ADDED = {"mfa/email/totp_activated", "mfa/email/webauthn_added"}
FACTOR_REMOVED = {"mfa/email/totp_deactivated", "mfa/email/webauthn_removed"}


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | OF_FACTORS


class AccountAdapter(DefaultAccountAdapter):
    """allauth with our limits, mails and addresses: a client's address is found behind exactly the number of proxies we
    run.
    """

    error_messages = DefaultAccountAdapter.error_messages | OF_ACCOUNTS
    _asked_again: int | None = None  # the person whose session asks for the password again

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the sign-in by passkey is requested by a script. All other pages answer with HTML, so that people see a
        refusal.
        """
        match = request.resolver_match
        return match is not None and match.url_name == "mfa_login_webauthn" and super().is_ajax(request)

    def is_safe_url(self, url: str) -> bool:
        """Whether a sign-in may lead there: only to a path of this site."""
        return url.startswith("/") and not url.startswith("//") and super().is_safe_url(url)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where a sign-in leads that asked for no page: staff to their work, as STAFF_FIRST_PAGE says, others to their
        bookings.
        """
        first_page = import_string(settings.STAFF_FIRST_PAGE) if getattr(request.user, "is_staff", False) else None
        return (first_page and first_page(request.user)) or super().get_login_redirect_url(request)

    def clean_email(self, email: str) -> str:
        """Clean an address, for every form of the account pages. Raises ValidationError."""
        return clean_address(super().clean_email(email))

    def generate_login_code(self) -> str:
        """The random text that allauth keeps in the session. The code is computed from it, for the mail and again when
        it is typed.
        """
        return new_nonce()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail into the outbox: a slow mail server keeps nobody waiting, and no answer takes longer for a known
        address.
        """
        links = {name: _on_our_site(value) for name, value in context.items() if name.endswith("_url")}
        house = current_house()
        site = {"site_url": house.site_url, "house": house}
        links.setdefault("password_reset_url", house.address_of(reverse("account_reset_password")))
        words = {"request": self.request, "email": email, **site, **context, **links}
        if template_prefix == SIGN_IN_CODE:
            words["code"] = code_text(context["code"])
        with mail_language(get_language() or settings.LANGUAGE_CODE):  # sent to who asks
            words["device"] = device_name(context.get("user_agent", ""))
            message = self.render_mail(template_prefix, email, words)
            subject, says = str(message.subject), str(message.body)
            named = next((name for name in BUTTONS if name in links and links[name] in says), "")
            link, label = links.get(named, ""), str(BUTTONS.get(named, ""))
            html = letter_html(says, headline=subject, link=link, label=label)
            body = signed(says)
        queue_mail(MailText(template_prefix, to=email, subject=subject, body=body, html=html, sender=house.from_email))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Staff prove themselves by their second factor: a password that was read over a shoulder must not move money."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if not (settings.STAFF_SECOND_FACTOR_REQUIRED and getattr(user, "is_staff", False)):
            return methods
        return [method for method in methods if method["id"] != "reauthenticate"] or methods

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """allauth calls it after every change of an account; a new or lost second factor has ended all its sessions."""
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
        if template_prefix in FACTOR_ADDED | FACTOR_REMOVED:
            _keep_this_session(self.request)
            if template_prefix in FACTOR_ADDED:
                _record_new_factor(self.request)

    # Wrong passwords are counted by account and by address, those of known devices and of signed-in people by themselves.

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try to sign in.

        A right password is not counted, as allauth rolls `_login_failed_rl_usage` back. Raises TooManyTries.
        """
        email = str(credentials.get("email", ""))
        self._login_failed_rl_usage = ratelimit.RateLimitUsage(usage=[])
        for action, key in self._counts(request, email):
            usage = ratelimit.consume(request, app=ACCOUNT, action=action, key=key)
            if usage is None:
                self._rollback_login_failed_rl_usage()
                write_security_event(SecurityEvent.LOCKED_OUT, account=account_hash(email))
                left = seconds_left(request, action, key=key) or USUAL_WAIT_SECONDS
                raise TooManyTries(_too_often(action, left), left)
            if action != EVERY_TRY:
                self._login_failed_rl_usage.usage += usage.usage

    def _counts(self, request: HttpRequest, email: str) -> list[tuple[str, str | None]]:
        """The limits, with their keys, that count a try of this account's password."""
        if self._asked_again is not None:
            return [(BY_KNOWN_DEVICE, f"signed in:{self._asked_again}")]
        if device := known_device(request, email):
            return [(BY_KNOWN_DEVICE, device)]
        account = self._get_login_attempts_cache_key(request, email=email)
        return [(EVERY_TRY, None), (BY_ADDRESS, None), (BY_ACCOUNT, account)]

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Key of the count of an account's tries. Allauth's own key contains the Host header, whose port may be anything."""
        return same_mailbox(str(credentials.get("email", "")))

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Check the password in a signed-in session, where strangers cannot use up the tries."""
        self._asked_again = user.pk
        return bool(super().reauthenticate(user, password))

    def logout(self, request: HttpRequest) -> None:
        forget_session(request)
        super().logout(request)

    # Events of the sign-in for the security log.

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        write_security_event(SecurityEvent.SIGN_IN_FAILED, account=account_hash(credentials.get("email", "")))

    def post_login(self, request: HttpRequest, user: Any, **login: Any) -> HttpResponse:
        answer: HttpResponse = super().post_login(request, user, **login)
        remember_device(request, answer, user)
        write_security_event(SecurityEvent.SIGN_IN_SUCCEEDED, actor=user.pk, is_staff=user.is_staff)
        return answer


def _on_our_site(url: str) -> str:
    """allauth builds links from the Host header, and the sender of a request chooses the port in it."""
    return current_house().site_url + urlsplit(url)._replace(scheme="", netloc="").geturl()


def _too_often(action: str, seconds: int) -> str:
    what = {
        EVERY_TRY: gettext("There were too many tries to sign in from your internet connection."),
        BY_ADDRESS: gettext("Too many wrong passwords were entered from your internet connection."),
        BY_KNOWN_DEVICE: gettext("Too many wrong passwords were entered on this device."),
        BY_ACCOUNT: gettext("Too many wrong passwords were entered for this account."),
    }
    words = [what[action], gettext("Please wait %(wait)s, then try again.") % {"wait": minutes_text(seconds)}]
    if action == BY_ACCOUNT:
        words.append(
            gettext(
                "You can still sign in with a passkey, on a device that you have used before, or with a new password."
            )
        )
    return " ".join(words)


def _keep_this_session(request: HttpRequest) -> None:
    """Keep the session of the person who changed the factor; every other session of the account has ended (migration
    0003).
    """
    user: Any = request.user
    user.refresh_from_db(fields=["sessions_number"])
    update_session_auth_hash(request, user)


def _record_new_factor(request: HttpRequest) -> None:
    """Record the factor as used: adding it needs a code from it after a fresh sign-in."""
    user: Any = request.user
    factor = (
        Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES).latest("created_at")
    )
    record_authentication(request, user, "mfa", id=factor.pk, type=factor.type, reauthenticated=True)
