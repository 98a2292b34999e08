"""Sit together, pay apart: an organizer and two friends. One friend pays; the other's seat is free when the time is over."""

import os
import re

import pytest
from playwright.sync_api import Page, expect

from reservations.models import Booking, SharedBlock
from tests.aging import age_shared_block
from tests.browser.steps import give_card, open_map, panel, press_pay, see_seat, see_status, sign_in, take
from tests.browser.test_axe import assert_open_to_all

pytestmark = pytest.mark.usefixtures("books")
END = "Nothing is held"


def show(page: Page, name: str) -> None:
    if folder := os.environ.get("LOOK"):
        before = page.viewport_size
        for width in (375, 1280):
            for theme in ("light", "dark"):
                page.set_viewport_size({"width": width, "height": 900})
                page.emulate_media(color_scheme=theme)
                page.screenshot(path=f"{folder}/{name}-{width}-{theme}.png", full_page=True)
        page.emulate_media(color_scheme="no-preference")
        page.set_viewport_size(before)


def start(page: Page, showtime, user) -> str:
    """Let the organizer hold seats and get the link."""
    sign_in(page, user)
    open_map(page, showtime)
    take(page, "A1", "A2", "A3")
    show(page, "panel")
    panel(page).get_by_role("link", name="Sit together, pay apart").click()
    page.get_by_label("Your first name").fill("Ada")
    assert_open_to_all(page)
    show(page, "start")
    page.get_by_role("button", name="Hold them").click()
    return page.get_by_label("Link for your friends").input_value()


def come(page: Page, link: str, name: str, label: str) -> None:
    page.goto(link)
    page.get_by_label("Your first name").fill(name)
    page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Continue to checkout").click()
    expect(page).to_have_url(re.compile("/checkout/"))


@pytest.mark.long
def test_an_organizer_and_two_friends_of_whom_one_pays(visit, showtime, member, work):
    ada, ben = visit(), visit(width=375, height=812)
    cleo = visit(width=375, height=812, java_script_enabled=False)
    link = start(ada, showtime, member)
    come(ben, link, "Ben", "A2")
    ben.get_by_label("E-mail").fill("ben@example.com")
    press_pay(ben)
    give_card(ben)
    see_status(ben, "confirmed")
    assert list(Booking.objects.get().tickets.values_list("seat__label", flat=True)) == ["A2"]
    cleo.goto(link)
    assert_open_to_all(ada)
    show(cleo, "friend")
    come(cleo, link, "Cleo", "A1")
    expect(ada.get_by_text("Cleo took A1, not paid yet")).to_be_visible()
    expect(ada.get_by_text("Ben took A2, paid")).to_be_visible()
    expect(ada.get_by_text("Nobody has taken yet: A3.")).to_be_visible()
    show(ada, "organizer")
    stranger = visit()
    open_map(stranger, showtime)
    see_seat(stranger, "A1", "held")
    age_shared_block(SharedBlock.objects.get(), 1801)
    open_map(stranger, showtime)
    see_seat(stranger, "A1", "free")
    see_seat(stranger, "A3", "free")
    see_seat(stranger, "A2", "sold")
    ada.reload()
    expect(ada.get_by_text(END).first).to_be_visible()
    show(ada, "over")
    cleo.goto(link)
    expect(cleo.get_by_text(END).first).to_be_visible()
    take(stranger, "A1")
    work()


@pytest.mark.long
def test_by_keyboard_and_back_to_the_friends(visit, showtime, member):
    ada, ben = (visit(width=375, height=812, color_scheme=scheme) for scheme in ("light", "dark"))
    link = start(ada, showtime, member)
    come(ben, link, "Ben", "A2")
    open_map(ben, showtime)
    show(ben, "friends-panel")
    panel(ben).get_by_role("link", name="You sit with friends").click()
    assert_open_to_all(ben)
    ben.get_by_role("button", name="Give mine back").focus()
    ben.keyboard.press("Enter")
    expect(ben.get_by_label("A2", exact=True)).not_to_be_checked()
    open_map(ada, showtime)
    panel(ada).get_by_role("link", name="You hold tickets for your friends").click()
    ada.get_by_role("button", name="Release what").click()
    expect(ada.get_by_text(END).first).to_be_visible()
