"""Whether the addresses that limits count by are those of customers."""

from datetime import timedelta

from django.conf import settings

from core.clock import database_now
from reservations.models import Hold

NEWEST = 100
LEAST = 3
# A school shares one address, too, but that number of browsers of one address are hardly all customers of a day.
LEAST_BROWSERS_OF_ONE_ADDRESS = 20
NOBODY_IS_LIMITED = "all customers have private addresses, so none is limited by address"
ALL_ARE_LIMITED = "all customers have one address, so limits by address stop them together"


def why_proxies_look_miscounted() -> str:
    """A sentence about suspicious addresses in the newest holds of customers, within a day; '' if all is well.

    Behind a proxy that TRUSTED_PROXY_COUNT does not count every customer has the proxy's address; where it counts one
    too many, the header has no such entry, and the proxy's address is used as well.
    """
    if not (settings.SHOWTIME_SHARE_PER_ADDRESS or settings.SHOWTIME_SHARE_UNPAID):
        return ""
    newest = Hold.objects.order_by("-pk").values_list("address", "network", "holder", "operator_id", "started_at")[
        :NEWEST
    ]
    since = database_now() - timedelta(days=1)
    seen = [(network, holder) for address, network, holder, staff, at in newest if address and not staff and at > since]
    networks, browsers = {network for network, _ in seen}, {holder for _, holder in seen}
    if len(networks) != 1:
        return ""
    if networks == {""}:
        return NOBODY_IS_LIMITED if len(seen) >= LEAST else ""
    return ALL_ARE_LIMITED if len(browsers) >= LEAST_BROWSERS_OF_ONE_ADDRESS else ""
