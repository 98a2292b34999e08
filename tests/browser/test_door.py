"""The door: two devices, one code; a camera that is not there; the keyboard alone."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from reservations.models import Ticket
from tests.boxoffice.scenes import book
from tests.browser.steps import sign_in
from tests.clock import begins_in


@pytest.fixture
def ticket(showtime) -> Ticket:
    """For a show that starts in half an hour."""
    with transaction.atomic():
        ticket = book(showtime, "A3").tickets.get()
    begins_in(showtime, minutes=30)
    return ticket


def stand_at(page, manager, showtime, name):
    sign_in(page, manager)
    page.goto("/door/")
    page.get_by_label("Where do you stand?").select_option(
        label=f"{showtime.auditorium.theater.name}, {showtime.auditorium.name}"
    )
    page.get_by_label("Name of this door").fill(name)
    page.get_by_role("button", name="Open this door").click()
    expect(page.get_by_text("Ready for the first ticket.")).to_be_visible()


def scan(page, text):
    """As a scanner does: it types and presses Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def see(page, answer, *words):
    expect(page.locator("#result")).to_have_attribute("data-answer", answer)
    for word in words:
        expect(page.locator("#result .answer")).to_contain_text(word)


def test_two_devices_with_one_code_let_one_in(showtime, ticket, guest, visit, manager, site):
    other = visit(width=375, height=800)
    stand_at(guest, manager, showtime, "door 1")
    stand_at(other, manager, showtime, "door 2")
    scan(guest, f"{site.url}/tickets/{ticket.code}/")
    see(guest, "welcome", "Row A, seat 3", "Adult")
    scan(other, ticket.code)
    see(other, "refused", "Used at", "at door 1")
    guest.get_by_role("button", name="Undo A3").click()
    see(guest, "refused", "the ticket is good again")
    scan(other, ticket.code)
    see(other, "welcome", "Row A, seat 3")
    ticket.refresh_from_db()
    assert ticket.status == "USED"


def test_without_script_the_door_answers_too(showtime, ticket, visit, manager):
    page = visit(java_script_enabled=False)
    stand_at(page, manager, showtime, "door 1")
    page.get_by_label("Code of the ticket").fill(ticket.code)
    page.get_by_role("button", name="Check").click()
    see(page, "welcome", "Row A, seat 3")
    page.reload()
    see(page, "welcome")


def test_without_a_camera_the_page_says_what_to_do(showtime, ticket, guest, manager):
    stand_at(guest, manager, showtime, "door 1")
    guest.get_by_role("button", name="Use the camera").click()
    expect(guest.get_by_text("Type the code")).to_be_visible()
    guest.get_by_label("Code of the ticket").fill(ticket.code)
    guest.get_by_role("button", name="Check").click()
    see(guest, "welcome")
