"""A walk over every page of the office: nothing that axe objects to, nothing too small for a finger, nothing cut off or too wide,
and nothing in the console.

The addresses come from the tables of the role crawler, so a new page is covered as soon as it is written there.
"""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Error, Page

from tests.boxoffice.limits import OTHER_PAGES, PAGES
from tests.boxoffice.test_limits import address_of
from tests.boxoffice.two_theaters import two_houses
from tests.browser.steps import sign_in
from tests.browser.test_axe import CONTRAST, OPTIONS, barriers
from tests.browser.test_targets import FINGER, measured

LOOKS = [(820, "dark", OPTIONS), (1280, "light", CONTRAST)]


# The walk is several tests, so that several processes can share it.
PARTS = 4


def addresses(house) -> Iterator[str]:
    yield from ("/door/", "/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", reverse("ledger_export"))
    yield "/admin/theaters/movie/?q=nothing+like+it"
    for page, rights in PAGES.items():
        yield reverse(f"admin:{page}_changelist")
        yield reverse(f"admin:{page}_change", args=[house.rows[page].pk])
        if "a" in rights:
            yield reverse(f"admin:{page}_add")
    # One of each is enough, because all use the same template.
    yield reverse("admin:theaters_showtime_history", args=[house.rows["theaters_showtime"].pk])
    yield reverse("admin:reservations_promocode_delete", args=[house.rows["reservations_promocode"].pk])
    for name, (args, roles) in OTHER_PAGES.items():
        # The last column is the owner's. An address that opens to nobody by GET is no page.
        if roles.split()[-1].startswith("200"):
            yield address_of(name, args, house)


def opened(page: Page, address: str) -> bool:
    """Open an address; returns whether it is a page and not a file."""
    try:
        answer = page.goto(address)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer.ok, (address, answer.status)
    return "text/html" in answer.headers["content-type"]


def looked_at(page: Page) -> Iterator[tuple]:
    for width, theme, options in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        yield from barriers(page, options)
    yield from ((fault,) for fault in measured(page, (768, 1024)))


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_open_to_all(site, visit, manager, part):
    mine = list(addresses(two_houses()[0]))[part::PARTS]
    page = visit()
    sign_in(page, manager)
    assert [found for address in mine if opened(page, address) for found in looked_at(page)] == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_fits_a_phone_and_its_thumb(site, visit, manager, part):
    # Previews are customers' pages.
    office = [path for path in addresses(two_houses()[0]) if path.startswith("/admin/") and "/preview/" not in path]
    mine = office[part::PARTS]
    page = visit(width=375, height=812, is_mobile=True, has_touch=True)
    sign_in(page, manager)
    assert [fault for path in mine if opened(page, path) for fault in measured(page, (375,), FINGER)] == []
