"""On a phone: two tickets are exchanged for dearer seats, then one is transferred to a friend, who exchanges it for
another showtime.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from reservations.models import Booking, Ticket
from tests.browser.steps import begin_to_pay, give_card, panel, press_pay, see_status, take
from tests.browser.test_axe import assert_open_to_all
from tests.exchanging import let_exchange

pytestmark = pytest.mark.usefixtures("books")
PHONE = {"width": 375, "height": 812}


@pytest.fixture
def phone(visit, showtime) -> Page:
    """A phone with a paid booking of two tickets."""
    let_exchange(showtime.auditorium.theater)
    phone = visit(**PHONE)
    begin_to_pay(phone, showtime, "A1", "A2")
    give_card(phone)
    see_status(phone, "confirmed")
    return phone


def exchange_for(page: Page, *labels: str, price: str) -> None:
    page.get_by_role("link", name="Exchange tickets").click()
    assert_open_to_all(page)
    page.get_by_role("button", name="Choose new tickets").click()
    take(page, *labels)
    panel(page).get_by_role("link", name="Continue").click()
    expect(page.get_by_role("button", name=f"Pay {price}")).to_be_visible()
    assert_open_to_all(page)
    press_pay(page)
    expect(page.get_by_role("heading", name="Pay with card")).to_be_visible()
    give_card(page)


def link_to_give(page: Page) -> str:
    page.get_by_role("link", name="Give to a friend").first.click()
    expect(page.get_by_role("heading", name="Give this ticket to a friend")).to_be_visible()
    assert_open_to_all(page)
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link for your friend").input_value()
    assert_open_to_all(page)
    copies(page, link)
    return link


def copies(page: Page, link: str) -> None:
    """All of the link is in sight, and the button copies it and says so. Where the browser refuses, the link is selected."""
    field = page.get_by_label("Link for your friend")
    assert field.evaluate(
        "field => [field.scrollWidth - field.clientWidth, field.scrollHeight - field.clientHeight]"
    ) == [0, 0]
    button, said = page.get_by_role("button", name="Copy the link"), page.locator(".link-to-send").get_by_role("status")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button.click()
    expect(said).to_have_text("The link is copied.")
    expect(button).to_be_focused()
    assert page.evaluate("navigator.clipboard.readText()") == link
    page.evaluate("() => void (navigator.clipboard.writeText = () => Promise.reject())")
    button.click()
    expect(said).to_have_text(re.compile("please copy it yourself"))
    expect(field).to_be_focused()
    assert field.evaluate("field => field.value.slice(field.selectionStart, field.selectionEnd)") == link


@pytest.mark.long
def test_dearer_seats_and_a_friend(phone, visit, work, outbox):
    exchange_for(phone, "B1", "B2", price="£6.00")
    see_status(phone, "confirmed")
    expect(phone.locator("[data-ticket-code]")).to_have_count(2)
    assert sorted(Ticket.objects.live().values_list("seat__label", flat=True)) == ["B1", "B2"]
    assert_open_to_all(phone)
    friend, booking = visit(**PHONE), Booking.objects.get()
    friend.goto(link_to_give(phone))
    assert_open_to_all(friend)
    friend.get_by_role("button", name="Take this ticket").click()
    expect(friend.locator("[data-ticket-code]")).to_have_count(1)
    expect(friend.get_by_text(booking.reference)).to_have_count(0)
    assert_open_to_all(friend)
    phone.goto(booking.get_absolute_url())
    expect(phone.locator("[data-ticket-code]")).to_have_count(1)
    expect(phone.get_by_text("Given to a friend")).to_be_visible()
    work()
    assert sorted(mail.subject.split(":")[0] for mail in outbox) == [
        "Your friend has the ticket for seat B1",
        "Your new tickets",
        "Your tickets",
    ]
