"""Nothing that keeps people out: axe on the main pages in both themes, small and large."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from payments.models import Payment
from reservations.models import Booking, Hold
from tests.aging import age_hold, past_till
from tests.browser.steps import go_to_checkout, open_map, panel, see_status, sign_in, take
from tests.factories import make_movie, make_showtime

BAD = {"serious", "critical"}
# The search field of Django's lists has a picture for a label, and axe counts words alone.
OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"label-title-only": {"enabled": False}, "target-size": {"enabled": True}},
}
SETTLED = "Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null)))"


def barriers(page: Page, options: dict = OPTIONS) -> list[tuple]:
    page.evaluate(SETTLED)
    return [
        (page.url, rule["id"], [(node["html"], node["failureSummary"]) for node in rule["nodes"]])
        for rule in Axe().run(page, options=options).response["violations"]
        if rule["impact"] in BAD
    ]


def assert_open_to_all(page: Page) -> None:
    assert barriers(page) == []


@pytest.fixture(params=[(375, "dark"), (1280, "light")], ids=["small and dark", "large and light"])
def visitor(request, visit):
    width, theme = request.param
    return visit(width=width, height=800, color_scheme=theme)


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
    for address in ("/", f"/theaters/{theater}/", "/movies/metropolis/", f"/?theater={theater}&day=2020-02-02", "/no/"):
        visitor.goto(address)
        assert_open_to_all(visitor)


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


def test_a_booking_that_was_not_paid(showtime, visitor, site, work):
    open_map(visitor, showtime)
    take(visitor, "A3")
    go_to_checkout(visitor)
    visitor.get_by_label("E-mail").fill("ada@example.com")
    visitor.get_by_role("button", name="Pay £14.50").click()
    visitor.wait_for_url(f"{site.stripe.base_url}/**")
    booking = Booking.objects.get()
    past_till(booking)
    work()
    visitor.goto(booking.get_absolute_url())
    see_status(visitor, "expired")
    assert_open_to_all(visitor)


def test_an_account(visitor, member):
    for address in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
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


def test_the_door(showtime, visitor, manager):
    sign_in(visitor, manager)
    visitor.goto("/door/")
    assert_open_to_all(visitor)
    visitor.get_by_role("button", name="Open this door").click()
    visitor.get_by_label("Code of the ticket").fill("not a ticket")
    visitor.keyboard.press("Enter")
    expect(visitor.locator("#result")).to_have_attribute("data-answer", "refused")
    assert_open_to_all(visitor)
