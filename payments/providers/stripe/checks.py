"""System checks: settings of Stripe with which money would be lost or faked; with --deploy also whether a restricted
key has every right.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Info, Tags, register
from django.core.checks.messages import CheckMessage

from payments.providers import errors
from payments.providers.stripe.probes import missing_rights
from payments.providers.stripe.provider import LIVE_KEYS, RESTRICTED_KEYS


@register(Tags.security)
def keys_are_safe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check, under any settings, for keys that would lose money or accept fake payments."""
    found: list[CheckMessage] = []
    live = settings.STRIPE_SECRET_KEY.startswith(LIVE_KEYS)
    base = urlsplit(settings.STRIPE_API_BASE)
    loopback = base.hostname in {"localhost", "127.0.0.1", "::1"}
    if not settings.STRIPE_WEBHOOK_SECRET.strip():
        found.append(Error("STRIPE_WEBHOOK_SECRET is empty: anyone could say that they paid.", id="marquee.E001"))
    if live and settings.DEBUG:
        found.append(Error("A live Stripe key must not be used with DEBUG.", id="marquee.E002"))
    if live and base.hostname != "api.stripe.com":
        found.append(Error(f"A live Stripe key would be sent to {base.hostname}, not to Stripe.", id="marquee.E003"))
    if base.scheme != "https" and not (loopback and not live):
        found.append(Error("STRIPE_API_BASE must be https, except for a sandbox on loopback.", id="marquee.E004"))
    if settings.STRIPE_WEBHOOK_TOLERANCE != 300:
        found.append(Error("STRIPE_WEBHOOK_TOLERANCE must be 300 seconds.", id="marquee.E005"))
    return found


WEBHOOK_SECRET = re.compile(r"whsec_\S{16,}")


@register(Tags.security, deploy=True)
def keys_are_of_stripe(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check that each key has the form that Stripe gives it, and was not swapped or made up."""
    found: list[CheckMessage] = []
    if not settings.STRIPE_SECRET_KEY.startswith(("sk_", "rk_")):
        found.append(Error("STRIPE_SECRET_KEY must begin with sk_ or rk_.", id="marquee.E015"))
    if not WEBHOOK_SECRET.fullmatch(settings.STRIPE_WEBHOOK_SECRET):
        says = "STRIPE_WEBHOOK_SECRET must be the endpoint's own secret, whsec_…: another one can be guessed."
        found.append(Error(says, id="marquee.E016"))
    return found


@register(Tags.security, deploy=True)
def key_has_its_rights(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Check the rights of a restricted key, as only such a key can lack any.

    The only check that uses the network: if Stripe does not answer, it is mentioned and never fails the command.
    """
    if not settings.STRIPE_SECRET_KEY.startswith(RESTRICTED_KEYS):
        return []
    try:
        missing = missing_rights()
    except errors.NotPermitted:
        return [Error("Stripe does not accept STRIPE_SECRET_KEY.", id="payments.E002")]
    except errors.ProviderError as error:
        says = f"Stripe did not answer: whether the key has its rights is not known ({error})."
        return [Info(says, id="payments.I001")]
    return [
        Error(
            f"The restricted key lacks the right “{right.in_dashboard}” ({right.name}), needed {right.what_for}.",
            hint="Give it this right in Stripe's Dashboard, under API keys.",
            id="payments.E001",
        )
        for right in missing
    ]
