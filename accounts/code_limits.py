"""Limits of codes: wrong ones of the second factor and of a sign-in by e-mail, and the mails with codes that a mailbox gets.

Somebody who knows the password but not the code must neither guess it nor lock the account's owner out. So wrong codes count
for the account and the client's address together, and for the account in all in a wider limit; on a device that the person
knows, and in a session that asks them again, by themselves. A passkey has nothing to guess and is not counted.

Codes of a sign-in by e-mail count in the same way by mailbox, whether or not it has an account.
"""

from typing import Any

from allauth.core import context
from allauth.core.internal import ratelimit
from django.http import HttpRequest
from django.utils.translation import gettext

from accounts.known_devices import known_device
from accounts.page_limits import ACCOUNT, USUAL_WAIT_SECONDS, TooManyTries, seconds_left
from core.clock import minutes_text
from core.letters.mailboxes import same_mailbox
from core.limits.addresses import client_address
from core.monitoring.security_log import SecurityEvent, account_hash, write_security_event

# allauth's names of the limits (config/settings/base.py).
BY_ADDRESS, BY_ACCOUNT, BY_DEVICE = "wrong_codes", "wrong_codes_of_account", "wrong_codes_on_known_device"
MAILS_BY_ADDRESS, MAILS_TO_MAILBOX = "code_mails_by_address", "code_mails_to_mailbox"
MAILS_ON_DEVICE = "code_mails_on_known_device"


class CountsWrongCodes:
    """Mixin for allauth's forms that ask for a code. A right code is not counted."""

    user: Any

    def clean_code(self) -> str:
        tried = count_code(context.request, self.user)
        code: str = super().clean_code()  # type: ignore[misc]
        tried.rollback()
        return code


def count_code(request: HttpRequest, user: Any) -> ratelimit.RateLimitUsage:
    """Count a code of the second factor before it is looked at. Raises TooManyTries; a refused try does not count."""
    return _count(request, user.email, _code_limits(request, user))


def count_mailed_code(request: HttpRequest, email: str) -> ratelimit.RateLimitUsage:
    """Count a try with a code that came by e-mail. Raises TooManyTries."""
    return _count(request, email, _mailed_code_limits(request, email))


def count_code_mail(request: HttpRequest, email: str) -> None:
    """Count a mail with a code before it is written. Raises TooManyTries."""
    _count(request, email, _mail_limits(request, email))


def _count(request: HttpRequest, email: str, limits: list[tuple[str, str | None]]) -> ratelimit.RateLimitUsage:
    counted = ratelimit.RateLimitUsage(usage=[])
    for action, key in limits:
        usage = ratelimit.consume(request, app=ACCOUNT, action=action, key=key)
        if usage is None:
            counted.rollback()
            write_security_event(SecurityEvent.LOCKED_OUT, account=account_hash(email))
            left = seconds_left(request, action, key=key) or USUAL_WAIT_SECONDS
            raise TooManyTries(_sentence(action, left), left)
        counted.usage += usage.usage
    return counted


# Limits with their keys. The narrower limit comes first: tries that it refuses do not fill the wider one.


def _code_limits(request: HttpRequest, user: Any) -> list[tuple[str, str | None]]:
    if request.user.is_authenticated:
        return [(BY_DEVICE, f"signed in:{user.pk}")]
    if device := known_device(request, user.email):
        return [(BY_DEVICE, device)]
    return [(BY_ADDRESS, f"{user.pk}:{client_address(request)}"), (BY_ACCOUNT, str(user.pk))]


def _mailed_code_limits(request: HttpRequest, email: str) -> list[tuple[str, str | None]]:
    if device := known_device(request, email):
        return [(BY_DEVICE, f"mailed:{device}")]
    mailbox = f"mailed:{same_mailbox(email)}"
    return [(BY_ADDRESS, f"{mailbox}:{client_address(request)}"), (BY_ACCOUNT, mailbox)]


def _mail_limits(request: HttpRequest, email: str) -> list[tuple[str, str | None]]:
    if device := known_device(request, email):
        return [(MAILS_ON_DEVICE, device)]
    return [(MAILS_TO_MAILBOX, same_mailbox(email)), (MAILS_BY_ADDRESS, None)]


def _sentence(action: str, seconds: int) -> str:
    what = {
        BY_ADDRESS: gettext("Too many wrong codes were entered from your internet connection."),
        BY_ACCOUNT: gettext("Too many wrong codes were entered for this account."),
        BY_DEVICE: gettext("Too many wrong codes were entered on this device."),
        MAILS_BY_ADDRESS: gettext("Too many codes were asked for from your internet connection."),
        MAILS_TO_MAILBOX: gettext("Too many codes were sent to this e-mail address."),
        MAILS_ON_DEVICE: gettext("Too many codes were asked for on this device."),
    }
    words = [what[action], gettext("Please wait %(wait)s, then try again.") % {"wait": minutes_text(seconds)}]
    if action in {MAILS_BY_ADDRESS, MAILS_TO_MAILBOX, MAILS_ON_DEVICE}:
        words.append(gettext("You can still sign in with your password or a passkey."))
    elif action != BY_DEVICE:
        words.append(gettext("You can still sign in with a passkey, or on a device that you have used before."))
    return " ".join(words)
