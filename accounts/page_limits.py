"""The limits of the account pages: allauth counts the tries, and this module tells how long a person has to wait.

allauth keeps the moments of the last tries for each limit in the cache, newest first. A limit is reached when all of
its moments lie within its duration, and lets somebody try again when the oldest of them leaves it.
"""

import math
import time

from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest

from core.letters.mailboxes import same_mailbox
from core.refusals import TRY_AGAIN, Refusal
from core.texts.lazy_text import gettext_lazy as _

ACCOUNT, MFA = "allauth.account", "allauth.mfa"
# The wait that a page shows when its limit is not listed here.
USUAL_WAIT_SECONDS = 60
# Which of allauth's limits a page answers for with 429 (tests/accounts/test_limits.py compares it with allauth).
LIMITS_OF_PAGES = {
    "account_signup": (ACCOUNT, "signup"),
    "account_email": (ACCOUNT, "manage_email"),
    "account_change_password": (ACCOUNT, "change_password"),
    "account_set_password": (ACCOUNT, "change_password"),
    "account_reset_password": (ACCOUNT, "reset_password"),
    "account_reset_password_from_key": (ACCOUNT, "reset_password_from_key"),
    "account_reauthenticate": (ACCOUNT, "reauthenticate"),
    "mfa_reauthenticate": (ACCOUNT, "reauthenticate"),
    "mfa_reauthenticate_webauthn": (ACCOUNT, "reauthenticate"),
    "mfa_login_webauthn": (MFA, "webauthn_login"),
}


class TooManyTries(Refusal):
    """A password or a code was wrong too often, or a page was used too often; `retry_after` is in whole seconds."""

    status = 429
    title = _("Too many tries")
    way_on = TRY_AGAIN
    staff_can = "Ask them to wait. A forgotten password is set anew by the link on the sign-in page."

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


def seconds_left(request: HttpRequest, action: str, *, app: str = ACCOUNT, key: str | None = None) -> int | None:
    """Seconds until this limit allows another try; None when it is not reached."""
    rates = ratelimit.get_rates(app=app, action=action)
    waits = [
        _wait(rate, ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key)) for rate in rates
    ]
    return math.ceil(max(waits, default=0.0)) or None


def seconds_left_on_page(request: HttpRequest) -> int:
    """Seconds until the limit of the requested page allows another try."""
    match = request.resolver_match
    limit = LIMITS_OF_PAGES.get((match.url_name or "") if match else "")
    if limit is None:
        return USUAL_WAIT_SECONDS
    app, action = limit
    # Only the limit of forgotten passwords counts by address too.
    key = same_mailbox(str(request.POST.get("email", "")))
    return seconds_left(request, action, app=app, key=key) or USUAL_WAIT_SECONDS


def _wait(rate: ratelimit.Rate, cache_key: str) -> float:
    now = time.time()
    recent = sorted((moment for moment in cache.get(cache_key, []) if moment > now - rate.duration), reverse=True)
    return recent[rate.amount - 1] + rate.duration - now if len(recent) >= rate.amount else 0.0
