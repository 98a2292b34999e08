"""A cinema opens: from an empty installation to a paid ticket, and with the tickets that another system sold."""

import re

import pytest
from playwright.sync_api import Page, expect

from houses.models import Theater
from tests.browser.site import Site
from tests.browser.steps import fill_in, give_card, go_to_checkout, home_of, press_pay, see_status, sign_in, take
from tests.browser.test_door import scan, see, stand_at
from tests.clock import begins_in
from tests.factories import make_auditorium, make_showtime, make_theater
from tests.moving_in.old_files import HEADER, old_line
from theaters.models import Showtime

pytestmark = pytest.mark.long


@pytest.fixture
def empty_site(site, tmp_path):
    """A site that starts on an empty installation; a running one would remember its house for a minute."""
    assert not Theater.objects.exists()
    with Site(tmp_path) as started:
        yield started
        assert started.errors() == ""


def go_on(page: Page, fields: dict[str, str] | None = None) -> None:
    """Fill in the fields of a step and press its button."""
    for label, text in (fields or {}).items():
        page.get_by_label(label).fill(text)
    page.locator("input.default").click()


def test_from_an_empty_installation_to_a_paid_ticket(empty_site, manager, guest, visit, books):
    guest.goto(f"{empty_site.url}/accounts/login/")
    fill_in(guest, manager)
    guest.goto(f"{empty_site.url}/admin/")
    guest.locator("a[href='/admin/first-day/']").first.click()
    guest.get_by_label("Country").select_option("GB")
    names = {"Name of the house": "Lantern", "Name of the theater": "Lantern Leith"}
    go_on(guest, names | {"Street": "1 Shore", "City": "Leith"})
    go_on(guest)  # the auditorium
    go_on(guest)  # the prices
    go_on(guest, {"Company": "Lantern Ltd", "Who answers for it": "Ada Lovelace", "E-mail": "box@lantern.example"})
    go_on(guest, {"Title": "Faust", "Director": "Murnau", "Year": "1926", "Running time in minutes": "106"})
    go_on(guest)  # the week
    expect(guest.get_by_text("The week is on sale.")).to_be_visible()
    showtime = Showtime.objects.published().order_by("starts_at").last()
    customer = visit(width=375, height=800)
    customer.goto(f"{empty_site.url}{home_of(showtime)}")
    customer.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).last.click()
    expect(customer.get_by_role("heading", level=1)).to_have_text("Faust")
    take(customer, "B3", "B4")
    go_to_checkout(customer)
    customer.get_by_label("E-mail").fill("ada@example.com")
    press_pay(customer)
    give_card(customer)
    see_status(customer, "confirmed")
    expect(customer.locator("main").get_by_text("Lantern Leith").first).to_be_visible()


def test_500_sold_tickets_move_in_and_one_is_scanned_with_its_old_barcode(site, manager, guest, visit, books):
    rows = [chr(65 + number) for number in range(20)]
    room = make_auditorium(make_theater(), "\n".join(f"{row} {'o' * 25}" for row in rows))
    showtime = make_showtime(auditorium=room)
    places = [f"{row}{number}" for row in rows for number in range(1, 26)]
    lines = [old_line(showtime, f"OLD-{place}", place, order=place[0]) for place in places]
    sign_in(guest, manager)
    guest.goto("/admin/theaters/showtime/move-in/")
    guest.locator("[name=text]").fill("\n".join([HEADER, *lines]))
    guest.locator("[name=_look]").click()
    guest.get_by_role("button", name="Move 500 tickets in").click()
    expect(guest.get_by_text("500 tickets are moved in.")).to_be_visible()
    begins_in(showtime, minutes=30)
    door = visit(width=820)
    stand_at(door, manager, showtime, "door 1")
    scan(door, "OLD-C7")
    see(door, "welcome", "Row C, seat 7")
    scan(door, "OLD-C7")
    see(door, "refused", "Used at")
    scan(door, "old-c8")  # compared with capitals and small letters as they are
    see(door, "refused")
