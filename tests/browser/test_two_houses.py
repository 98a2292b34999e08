"""Two houses in one installation, each on its domain: a guest goes from the front page to a ticket, and sees only that
house's name.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.steps import give_card, go_to_checkout, home_of, press_pay, see_status, take
from tests.factories import make_auditorium, make_movie, make_price_list, make_showtime, make_theater
from tests.house_with_terms import make_house

# Browsers resolve names below .localhost to their own machine.
HOUSES = {"Roxy": "roxy.localhost", "Lumen": "lumen.localhost"}


def open_house(name: str, domain: str):
    """Create a house with a theater and a showtime."""
    house = make_house(f"{name} Pictures", domains=[domain], company=f"{name} Ltd", footer_text=f"{name} since 1931")
    theater = make_theater(house=house)
    theater.name, theater.email = f"{name} Palace", f"hello@{domain}"
    theater.save(update_fields=["name", "email"])
    movie = make_movie(title=f"A night at the {name}", slug=f"night-{name.lower()}")
    return make_showtime(auditorium=make_auditorium(theater), price_list=make_price_list(theater), movie=movie)


@pytest.fixture
def showtimes(site):
    return {name: open_house(name, domain) for name, domain in HOUSES.items()}


@pytest.fixture
def fresh_site(showtimes, tmp_path):
    """A site that starts with these houses; a running one would learn of them only within a minute."""
    with Site(tmp_path) as started:
        yield started
        assert started.errors() == ""


def assert_speaks_as(page: Page, name: str) -> None:
    assert urlsplit(page.url).hostname == HOUSES[name]
    expect(page).to_have_title(re.compile(name))
    # Whole words are compared: random letters, such as those of a token, may contain anything.
    text = set(re.findall(r"\w+", page.content().lower()))
    assert name.lower() in text
    assert {word.lower() for word in (*HOUSES, "Marquee") if word != name} & text == set(), page.url


@pytest.mark.long
def test_each_house_sells_a_ticket_under_its_own_name_alone(showtimes, fresh_site, visit):
    for name, showtime in showtimes.items():
        page = visit(width=375, height=812) if name == "Lumen" else visit()
        page.goto(f"http://{HOUSES[name]}:{fresh_site.port}{home_of(showtime)}")
        assert_speaks_as(page, name)
        page.get_by_role("link", name=f"A night at the {name}").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(name, re.IGNORECASE))
        assert_speaks_as(page, name)
        page.locator(f"a[href*='/showtimes/{showtime.pk}/']").first.click()
        take(page, "A1")
        assert_speaks_as(page, name)
        go_to_checkout(page)
        assert_speaks_as(page, name)
        page.get_by_label("E-mail").fill("ada@example.com")
        press_pay(page)
        expect(page.get_by_role("heading", name="Pay with card")).to_be_visible()
        give_card(page)
        see_status(page, "confirmed")
        assert_speaks_as(page, name)
        page.locator("a[href*='/tickets/']").first.click()
        expect(page.locator("[data-ticket-code]").first).to_be_visible()
        assert_speaks_as(page, name)


@pytest.mark.long
def test_what_belongs_to_the_other_house_is_shown_at_its_own_domain(showtimes, fresh_site, visit):
    page = visit()
    page.goto(f"http://{HOUSES['Roxy']}:{fresh_site.port}/showtimes/{showtimes['Lumen'].pk}/")
    assert_speaks_as(page, "Lumen")
