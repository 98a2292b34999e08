"""Accessibility: axe's rules on the main pages, small and dark, then colors and widths large and light."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from payments.models import Payment
from reservations.models import Booking, Hold
from tests.aging import age_hold, past_time_to_pay
from tests.browser.steps import go_to_checkout, open_map, panel, see_status, sign_in, take
from tests.factories import make_movie, make_showtime

AXE = Axe()
BAD = {"serious", "critical"}
# The search field of Django's lists has a picture for a label, and axe counts only words.
OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"label-title-only": {"enabled": False}, "target-size": {"enabled": True}},
}
# The pseudo-locale has a code from the private-use range; axe knows only registered codes.
LOOKED_AT = {"exclude": [["button[lang=qps]"]]}
# Both themes have the same words and labels, so the second look is only at colors and widths.
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
LARGE, SMALL = 1280, 375
IS_DARK = "matchMedia('(prefers-color-scheme: dark)').matches"
SETTLED = "Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))"


def barriers(page: Page, options: dict = OPTIONS) -> list[tuple]:
    page.wait_for_load_state()
    page.evaluate(SETTLED)
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE.axe_script)
    violations = page.evaluate(
        f"axe.run({json.dumps(LOOKED_AT)}, {json.dumps(options)}).then((results) => results.violations)"
    )
    return [
        (page.url, rule["id"], [(node["html"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in violations
        if rule["impact"] in BAD
    ]


def assert_open_to_all(page: Page) -> None:
    """Check all of axe's rules in the page's present theme and size, then contrast and width in the other theme on a
    large screen.
    """
    assert barriers(page) == []
    with other_look(page):
        assert barriers(page, CONTRAST) == []


@contextmanager
def other_look(page: Page) -> Iterator[None]:
    size, is_dark = page.viewport_size, page.evaluate(IS_DARK)
    page.set_viewport_size({"width": LARGE, "height": size["height"]})
    page.emulate_media(color_scheme="light" if is_dark else "dark")
    yield
    page.set_viewport_size(size)
    page.emulate_media(color_scheme="dark" if is_dark else "light")


@pytest.fixture
def visitor(visit):
    return visit(width=SMALL, height=800, color_scheme="dark")


@pytest.mark.long
def test_choosing_a_film(site, visitor, watch):
    watch.allow(404)
    movie = make_movie(
        title="Metropolis",
        slug="metropolis",
        tagline="The mediator between head and hands must be the heart.",
        synopsis="A city of the future.",
        cast=["Brigitte Helm"],
        genres=["Science fiction"],
    )
    showtime = make_showtime(movie=movie)
    theater = showtime.auditorium.theater.slug
    day = f"/?theater={theater}&day=2020-02-02"
    pages = ("/", f"/theaters/{theater}/", "/movies/metropolis/", "/search/?q=metro", day, "/no/")
    for address in pages:
        visitor.goto(address)
        assert_open_to_all(visitor)


@pytest.mark.long
def test_choosing_seats(showtime, visitor):
    open_map(visitor, showtime)
    assert_open_to_all(visitor)
    take(visitor, "A3", "B4")
    assert_open_to_all(visitor)
    go_to_checkout(visitor)
    assert_open_to_all(visitor)
    age_hold(Hold.objects.get(), 485)
    open_map(visitor, showtime)
    expect(panel(visitor)).to_have_attribute("data-state", "lapsed")
    assert_open_to_all(visitor)


@pytest.mark.long
def test_a_booking(showtime, visitor, site, work):
    open_map(visitor, showtime)
    take(visitor, "A3")
    go_to_checkout(visitor)
    visitor.get_by_label("E-mail").fill("ada@example.com")
    visitor.get_by_role("button", name="Pay £14.50").click()
    visitor.wait_for_url(f"{site.stripe.base_url}/**")
    booking = Booking.objects.get()
    for address in (booking.get_absolute_url(), f"/checkout/{showtime.pk}/"):
        visitor.goto(address)
        assert_open_to_all(visitor)
    site.stripe.pay(Payment.objects.get().session_id)
    visitor.goto(f"/payments/return/{booking.reference}/")
    see_status(visitor, "confirmed")
    assert_open_to_all(visitor)
    visitor.locator(".qr").click()
    expect(visitor.locator(".ticket-page")).to_be_visible()
    assert_open_to_all(visitor)


@pytest.mark.long
def test_a_booking_that_was_not_paid(showtime, visitor, site, work):
    open_map(visitor, showtime)
    take(visitor, "A3")
    go_to_checkout(visitor)
    visitor.get_by_label("E-mail").fill("ada@example.com")
    visitor.get_by_role("button", name="Pay £14.50").click()
    visitor.wait_for_url(f"{site.stripe.base_url}/**")
    booking = Booking.objects.get()
    past_time_to_pay(booking)
    work()
    visitor.goto(booking.get_absolute_url())
    see_status(visitor, "expired")
    assert_open_to_all(visitor)


@pytest.mark.long
def test_an_account(visitor, member):
    for address in (
        "/accounts/login/",
        "/accounts/login/code/",
        "/accounts/signup/",
        "/accounts/password/reset/",
        "/accounts/needs/",
    ):
        visitor.goto(address)
        assert_open_to_all(visitor)
    sign_in(visitor, member)
    for address in (
        "/bookings/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/sessions/",
    ):
        visitor.goto(address)
        assert_open_to_all(visitor)


@pytest.mark.long
def test_the_door(showtime, visitor, manager):
    sign_in(visitor, manager)
    visitor.goto("/door/")
    assert_open_to_all(visitor)
    visitor.get_by_role("button", name="Open this door").click()
    visitor.get_by_label("Code of the ticket").fill("not a ticket")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#result")).to_have_attribute("data-answer", "refused")
    assert_open_to_all(visitor)
