"""Whether the addresses that limits count by are those of customers."""

from datetime import timedelta

from django.conf import settings

from core.clock import database_now
from reservations.models import Hold

NEWEST = 100
LEAST = 3


def proxies_look_miscounted() -> bool:
    """All newest holds of customers, within a day, came from private or unknown addresses: nobody is limited by address.

    Behind a proxy that TRUSTED_PROXY_COUNT does not count every customer has the proxy's address; where it counts one too
    many the header that is looked for is not there, and it is the same.
    """
    if not (settings.SHOWTIME_SHARE_PER_ADDRESS or settings.SHOWTIME_SHARE_UNPAID):
        return False
    newest = Hold.objects.order_by("-pk").values_list("address", "network", "operator_id", "started_at")[:NEWEST]
    since = database_now() - timedelta(days=1)
    networks = [network for address, network, operator, at in newest if address and not operator and at > since]
    return len(networks) >= LEAST and not any(networks)
