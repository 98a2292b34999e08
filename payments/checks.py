"""What `manage.py check --deploy` asks Stripe: whether a restricted key has every right that the product needs."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Info, Tags, register
from django.core.checks.messages import CheckMessage

from payments import gateway
from payments.services.key_rights import missing_rights


@register(Tags.security, deploy=True)
def key_has_its_rights(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Only of a restricted key, which alone can lack any: no other check touches the network.

    Stripe that does not answer is told and stops nothing, not even where warnings do.
    """
    if not settings.STRIPE_SECRET_KEY.startswith("rk_"):
        return []
    try:
        missing = missing_rights()
    except gateway.NotPermitted:
        return [Error("Stripe does not accept STRIPE_SECRET_KEY.", id="payments.E002")]
    except gateway.GatewayError as error:
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
