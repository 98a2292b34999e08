"""What a browser does at the site: opens the seat page, keeps its cookies, posts with the page's CSRF token."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Address
from itertools import count
from urllib.parse import urlencode

from bench.client import Answer, Connection, request

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
TOTAL = re.compile(r'name="total" value="([^"]+)"')
TYPE = re.compile(r'name="(type-\w+)".*?<option value="(\w+)" selected', re.DOTALL)
SESSION = re.compile(r"cs_test_\w+")
SEAT = re.compile(r'<button [^>]*?data-seat="(\w+)"[^>]*? data-state="(\w+)"')


# Public addresses, because private ones are not limited.
_addresses = (str(IPv4Address("11.0.0.0") + number) for number in count(1))


class Buyer:
    """One browser with its cookies, at an address of its own. It opens the seat page before it clicks."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.address = next(_addresses)
        self.cookies: dict[str, str] = {}
        self.token = ""

    async def get(self, connection: Connection, path: str) -> Answer:
        return self._remember(await connection.send(request("GET", path, host=self.host, headers=self._headers())))

    async def open_map(self, connection: Connection, showtime_id: int) -> Answer:
        answer = await self.get(connection, f"/showtimes/{showtime_id}/")
        if answer.status == 200 and (found := TOKEN.search(answer.text())):
            self.token = found[1]
        return answer

    async def take(self, connection: Connection, showtime_id: int, labels: Sequence[str]) -> Answer:
        return await self.post(connection, f"/showtimes/{showtime_id}/seats/", [("take", label) for label in labels])

    async def post(
        self, connection: Connection, path: str, form: Sequence[tuple[str, str]], *, by_htmx: bool = True
    ) -> Answer:
        headers = self._headers() | {"X-CSRFToken": self.token, "Origin": f"http://{self.host}"}
        if by_htmx:
            headers["HX-Request"] = "true"
        raw = request("POST", path, host=self.host, headers=headers, body=urlencode(form).encode())
        return self._remember(await connection.send(raw))

    async def fill_in(self, connection: Connection, showtime_id: int) -> tuple[str, list[tuple[str, str]]]:
        """The address and the fields of the checkout page's form, as it would be posted."""
        path = f"/checkout/{showtime_id}/"
        page = (await self.get(connection, path)).text()
        total = TOTAL.search(page)
        form = [("action", "pay"), ("email", "buyer@example.com"), ("total", total[1] if total else "")]
        return path, form + TYPE.findall(page)

    async def pay(self, connection: Connection, showtime_id: int) -> Answer:
        path, form = await self.fill_in(connection, showtime_id)
        return await self.post(connection, path, form, by_htmx=False)

    def become_somebody_new(self) -> None:
        """Another browser elsewhere with the same page open: it has a CSRF token and holds nothing yet."""
        self.address = next(_addresses)
        self.cookies.pop("holder", None)

    def _headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"X-Forwarded-For": self.address} | ({"Cookie": cookies} if cookies else {})

    def _remember(self, answer: Answer) -> Answer:
        for line in answer.headers("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer


def seats_on(page: str) -> dict[str, str]:
    """Label → state of every seat that an answer shows."""
    return dict(SEAT.findall(page))


def session_of(answer: Answer) -> str | None:
    """The id of the Checkout Session that Pay led to."""
    found = SESSION.search(answer.header("location"))
    return found[0] if found else None
