"""A guest buys a ticket for a showtime of several parts, from the listing to the ticket."""

import re

import pytest
from playwright.sync_api import expect

from reservations.opening.showtime_opening import open_for_sale
from tests.browser.steps import give_card, go_to_checkout, home_of, open_map, press_pay, see_status, take
from tests.factories import make_draft, make_movie
from theaters.schedule.programs import ProgramPart, checked_program, set_program

pytestmark = [pytest.mark.usefixtures("books"), pytest.mark.long]


def on_sale(*parts: ProgramPart, title: str = ""):
    draft = make_draft(movie=parts[0].movie)
    set_program(showtime_id=draft.pk, program=checked_program(title=title, parts=parts))
    return open_for_sale(showtime_id=draft.pk, actor="test")


def buy_from_the_listing(guest, showtime, title: str, parts: list[str]) -> None:
    guest.goto(home_of(showtime))
    row = guest.get_by_role("article", name=title)
    for part in parts:
        expect(row.get_by_role("list", name="Program")).to_contain_text(part)
    row.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).click()
    expect(guest.get_by_role("heading", level=1)).to_have_text(title)
    expect(guest.locator(".program-line")).to_contain_text(parts[-1])
    take(guest, "A3")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    press_pay(guest)
    give_card(guest)
    see_status(guest, "confirmed")
    guest.locator(".qr").first.click()
    expect(guest.get_by_role("heading", level=2, name=title)).to_be_visible()
    for part in parts:
        expect(guest.locator("main")).to_contain_text(part)


def test_two_movies_in_a_row_from_the_listing_to_the_ticket(guest, work, outbox):
    pair = [make_movie(title=title, slug=title.lower()) for title in ("Alien", "Aliens")]
    showtime = on_sale(*map(ProgramPart, pair))
    buy_from_the_listing(guest, showtime, "Alien + Aliens", ["Alien", "Aliens"])
    work()
    work()
    assert ["Alien (100 min), Aliens (100 min)" in mail.body for mail in outbox] == [True]


def test_a_festival_evening_of_shorts_from_the_listing_to_the_ticket(guest):
    shorts = [make_movie(title=f"Short {number}", kind="SHORT", running_minutes=10) for number in range(1, 7)]
    talk = ProgramPart(text="Talk with the jury", minutes=20)
    showtime = on_sale(*map(ProgramPart, shorts), talk, title="Shorts in competition")
    names = [short.title for short in shorts]
    buy_from_the_listing(guest, showtime, "Shorts in competition", [*names, "Talk with the jury"])


def test_long_words_of_a_program_fit_on_a_phone(visit):
    """The watch of all pages finds what sticks out sideways."""
    title = "Die Donaudampfschifffahrtsgesellschaftskapitänswitwenversicherung"
    showtime = on_sale(*(ProgramPart(make_movie(title=f"{title} {part}")) for part in (1, 2)), title="Lange Nacht")
    phone = visit(width=375, height=812, has_touch=True)
    phone.goto(home_of(showtime))
    expect(phone.get_by_role("list", name="Program")).to_contain_text(title)
    open_map(phone, showtime)
    take(phone, "A3")
    go_to_checkout(phone)
    expect(phone.locator(".ticket-head")).to_contain_text(title)
