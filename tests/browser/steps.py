"""Steps that people take on the pages, and what they see there."""

import re

from playwright.sync_api import Locator, Page, expect

from houses.business_days import business_day

GOOD_CARD = "4242 4242 4242 4242"
DECLINED_CARD = "4000 0000 0000 0002"
CHALLENGED_CARD = "4000 0025 0000 3155"
PASSWORD = "a long walk to the sea"


def seat(page: Page, label: str) -> Locator:
    return page.locator(f'[data-seat="{label}"]')


def panel(page: Page) -> Locator:
    return page.locator("#order-panel")


def open_map(page: Page, showtime) -> None:
    page.goto(f"/showtimes/{showtime.pk}/")


def take(page: Page, *labels: str) -> None:
    """Choose free seats. Of a sofa name one place only: the other comes with it, and pressing that one too would give
    both back.
    """
    for label in labels:
        see_seat(page, label, "free")
        seat(page, label).click()
        see_seat(page, label, "mine")


def go_to_checkout(page: Page) -> None:
    panel(page).get_by_role("link", name="Continue").click()
    expect(page.get_by_role("heading", name="Your tickets")).to_be_visible()
    page.wait_for_load_state()


def press_pay(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Pay ")).click()


def begin_to_pay(page: Page, showtime, *labels: str, email="ada@example.com") -> None:
    """Go from the map to Stripe's payment page."""
    open_map(page, showtime)
    take(page, *labels)
    go_to_checkout(page)
    page.get_by_label("E-mail").fill(email)
    press_pay(page)
    expect(page.get_by_role("heading", name="Pay with card")).to_be_visible()


def give_card(page: Page, number=GOOD_CARD) -> None:
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiration").fill("12 / 34")
    page.get_by_label("Security code").fill("123")
    page.get_by_label("Name on card").fill("Ada Lovelace")
    press_pay(page)


def see_status(page: Page, status: str) -> None:
    expect(page.locator("#booking-status")).to_have_attribute("data-status", status)


def see_seat(page: Page, label: str, state: str, **options) -> None:
    expect(seat(page, label)).to_have_attribute("data-state", state, **options)


def home_of(showtime) -> str:
    """The home page's address for the day of a showtime."""
    theater = showtime.auditorium.theater
    return f"/?theater={theater.slug}&day={business_day(theater, showtime.starts_at)}"


def sign_in(page: Page, user) -> None:
    page.goto("/accounts/login/")
    fill_in(page, user)


def fill_in(page: Page, user) -> None:
    """Fill in the sign-in page and send it."""
    page.get_by_label("E-mail").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
