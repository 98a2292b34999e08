"""Counter and door in German: a sale by keyboard, a scan, and labels that fit on a tablet and on a desktop screen."""

import pytest
from playwright.sync_api import Page, expect

from payments.models import Payment
from reservations.models import Ticket
from tests.browser.steps import sign_in
from tests.browser.test_counter import Keys, open_desk, see_total
from tests.browser.test_door import scan, see
from tests.browser.test_reading import MEASURE, TWO_FRAMES
from tests.clock import begins_in

WIDTHS = {820: 1180, 1100: 800, 1280: 800}


@pytest.fixture
def page(visit, site, manager, showtime) -> Page:
    begins_in(showtime, minutes=30)
    page = visit(color_scheme="light")
    sign_in(page, manager)
    page.context.add_cookies([{"name": "language", "value": "de", "url": site.url}])
    return page


def assert_all_fits(page: Page) -> None:
    for width, height in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(TWO_FRAMES)
        # The screen's beam of light reaches beyond its box on purpose.
        faults = [fault for fault in page.evaluate(MEASURE) if 'class="auditorium"' not in fault]
        assert faults == [], (page.url, width)


@pytest.mark.long
def test_a_sale_and_a_scan(page, showtime, books):
    page.goto("/counter/")
    assert_all_fits(page)
    open_desk(page, showtime)
    assert_all_fits(page)
    keys = Keys(page)
    keys.press("2")
    see_total(page, "2 Tickets")
    keys.press("Enter", "5", "0")
    expect(page.locator("[data-change-hint]")).to_have_text("Wechselgeld 15,00\u00a0£")
    assert_all_fits(page)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Wechselgeld", exact=True)).to_be_visible()
    assert Payment.objects.get().tendered == 50
    assert_all_fits(page)
    for address in ("/counter/sales/", "/counter/find/?q=A1", "/counter/takings/", "/counter/pay-outs/"):
        page.goto(address)
        assert_all_fits(page)
    page.goto("/door/")
    assert_all_fits(page)
    page.get_by_label("Wo stehen Sie?").select_option(index=1)
    page.get_by_role("button", name="Diesen Einlass öffnen").click()
    code = Ticket.objects.order_by("pk").values_list("code", flat=True)[0]
    page.locator("#code").focus()
    scan(page, code)
    see(page, "welcome", "Willkommen")
    scan(page, code)
    see(page, "refused", "Stopp")
    assert_all_fits(page)
