"""The attacks of `make attack`: by how many cookies, from which addresses. Needs Django set up."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.crowd import Crowd, Figures, Hoarder, attack, limits_of_production, school
from bench.filling import make_movie, make_room, make_theater, open_showtime, plan_text
from theaters.models import Showtime

HOUR, TICK, HONEST_EVERY, SEATS = 3600, 20, 40, 300
Scene = Callable[[Crowd], list[Hoarder]]


def _one_address(crowd: Crowd) -> list[Hoarder]:
    return [Hoarder(crowd, ["198.51.100.7"], cookies=30, fresh_cookies=False)]


def _fresh_cookies(crowd: Crowd) -> list[Hoarder]:
    return [Hoarder(crowd, ["198.51.100.7"], cookies=30, fresh_cookies=True)]


def _one_network(crowd: Crowd) -> list[Hoarder]:
    return [Hoarder(crowd, [f"2001:db8:1:{number:x}00::/64" for number in range(30)], cookies=30, fresh_cookies=True)]


def _twenty_addresses(crowd: Crowd) -> list[Hoarder]:
    addresses = [f"198.51.{number}.7" for number in range(20)]
    return [Hoarder(crowd, addresses, cookies=40, fresh_cookies=True)]


ATTACKS: dict[str, Scene] = {
    "one address, 30 cookies, pressing Pay": _one_address,
    "one address, a fresh cookie every time": _fresh_cookies,
    "30 addresses of one IPv6 /48": _one_network,
    "20 IPv4 addresses, 40 cookies": _twenty_addresses,
}


def room_of(seats: int) -> Crowd:
    theater, prices = make_theater(f"attacked-{datetime.now(UTC):%H%M%S%f}", "Attacked")
    room = make_room(theater, "Grand", plan_text(seats, 20))
    movie = make_movie("The Long Queue", theater.slug)
    showtime_id = open_showtime(movie, room, prices, datetime.now(UTC) + timedelta(days=20))
    return Crowd(Showtime.objects.get(pk=showtime_id))


def attacked(scene: Scene) -> Figures:
    with limits_of_production():
        crowd = room_of(SEATS)
        return attack(crowd, scene(crowd), seconds=HOUR, tick=TICK, honest_every=HONEST_EVERY)


def schooled() -> Figures:
    with limits_of_production():
        return school(room_of(SEATS), pupils=60, tick=TICK, address="198.51.100.20")
