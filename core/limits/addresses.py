"""The address of a request: the one behind exactly the number of proxies we run. The rest of the header is not believed."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# No client on the internet has one of these addresses: where one is seen, it is that of a proxy that
# TRUSTED_PROXY_COUNT leaves out.
PRIVATE = [
    ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "::/127", "fc00::/7", "fe80::/10",
    )
]  # fmt: skip
HOUSEHOLD_PREFIX = 56
SITE_PREFIX = 48


@dataclass(frozen=True)
class Origin:
    """The address that limits by share count, and the wider network around it; '' means not limited."""

    address: str
    network: str


@lru_cache(maxsize=10_000)
def origin_of(address: str) -> Origin:
    """Return the origin of an address as `client_address` writes it.

    IPv6 counts by its /56, and all of its /48 together. Private and unknown addresses have no network: behind a proxy
    that is not counted they are everybody's.
    """
    try:
        network = ip_network(address)
    except ValueError:
        return Origin(address, "")
    if any(_is_within(network, private) for private in PRIVATE):
        return Origin(address, "")
    if isinstance(network, IPv6Network):
        return Origin(str(_widened(network, HOUSEHOLD_PREFIX)), str(_widened(network, SITE_PREFIX)))
    return Origin(address, address)


def is_limited(address: str) -> bool:
    """Whether limits by address apply. All customers may share a private or unknown address, so one person would use up
    the limit of all.
    """
    return origin_of(address).network != ""


def _is_within(network: IPv4Network | IPv6Network, wider: IPv4Network | IPv6Network) -> bool:
    return network.version == wider.version and network.network_address in wider


def _widened(network: IPv6Network, prefix: int) -> IPv6Network:
    return network.supernet(new_prefix=min(prefix, network.prefixlen))


def client_ip(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The client's full address as our proxies report it; None when it cannot be read."""
    raw = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUSTED_PROXY_COUNT:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) >= settings.TRUSTED_PROXY_COUNT:
            raw = hops[-settings.TRUSTED_PROXY_COUNT]
    try:
        address = ip_address(raw)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def client_address(request: HttpRequest) -> str:
    """The client's address for limits; an IPv6 address counts as its /64, one household."""
    address = client_ip(request)
    if address is None:
        return "unknown"
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)
