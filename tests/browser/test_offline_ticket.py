"""A ticket that was opened once also opens without a network, until its reader signs out."""

import pytest
from django.db import transaction
from playwright.sync_api import Error, Page, expect

from tests.boxoffice.scenes import book, pay
from tests.browser.steps import sign_in

pytestmark = pytest.mark.long
# This runs in the page and writes into an attribute, for which a selector can wait: the site's policy forbids evaluating scripts
# in a loop.
LOOK = """
setInterval(() => caches.has("tickets-1").then(async (isThere) => {
  const keys = isThere ? await (await caches.open("tickets-1")).keys() : [];
  document.documentElement.dataset.kept = keys.map((key) => new URL(key.url).pathname).join(" ");
}), 100);
"""


def wait_until_kept(page: Page, *paths: str) -> None:
    page.evaluate(LOOK)
    page.locator("html" + "".join(f'[data-kept~="{path}"]' for path in paths)).wait_for()


def test_it_opens_at_the_door_without_a_network(showtime, guest, member, watch):
    with transaction.atomic():
        booking = book(showtime, "A1")
    pay(booking)
    sign_in(guest, member)
    path = f"/tickets/{booking.tickets.get().code}"
    guest.goto(f"{path}/")
    wait_until_kept(guest, f"{path}/", f"{path}.svg", "/static/css/ticket.css")
    guest.context.set_offline(True)
    guest.reload()
    expect(guest.get_by_text("You have no network")).to_be_visible()
    assert guest.evaluate("document.querySelector('.qr img').naturalWidth > 0")
    guest.goto(f"{path}/?utm_source=mail")  # mail programs add such a query
    expect(guest.get_by_text("You have no network")).to_be_visible()
    with pytest.raises(Error):
        guest.goto("/bookings/")
    guest.context.set_offline(False)
    guest.goto("/accounts/logout/")
    guest.locator("main form button").first.click()
    expect(guest.get_by_role("link", name="Sign in")).to_be_visible()
    guest.evaluate(LOOK)
    guest.locator('html[data-kept=""]').wait_for()
    watch.complaints.clear()  # the browser's complaints about the missing network
