"""The pages in German on a phone, and in a pseudo-language that is longer and runs from right to left."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import GOOD_CARD, give_card, home_of, open_map, panel, seat, see_seat, see_status, take
from tests.pdfs import text_of
from tests.signing_in import signed_in

PHONE = {"width": 375, "height": 812, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}

# Marks of direction in places that only programs read.
SET_APART_IN_TAGS = """[...document.querySelectorAll("*")].flatMap((element) => [...element.attributes]
    .filter(({ name, value }) => /[\\u2068\\u2069]/.test(value) && !/^(aria-label|alt|title|content|placeholder|data-spoken)$/
    .test(name)).map(({ name, value }) => `${name}=${value}`))"""


@pytest.mark.long
def test_from_home_to_the_ticket_its_mail_and_its_paper_in_german(showtime, visit, books, work, outbox):
    phone = visit(**PHONE, locale="de-DE")
    phone.goto(home_of(showtime))
    expect(phone.locator("html")).to_have_attribute("lang", "de")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Programm")
    phone.get_by_role("link", name=re.compile(r"^\d\d:\d\d")).tap()
    expect(phone.get_by_role("heading", name="Wählen Sie Ihre Plätze")).to_be_visible()
    seat(phone, "A3").tap()
    see_seat(phone, "A3", "mine")
    panel(phone).get_by_role("link", name="Weiter").tap()
    phone.get_by_label("E-Mail").fill("ada@example.com")
    phone.get_by_role("button", name=re.compile("14,50.£ bezahlen")).tap()
    phone.get_by_label("Card number").fill(GOOD_CARD)
    phone.get_by_label("Expiration").fill("12 / 34")
    phone.get_by_label("Security code").fill("123")
    phone.get_by_label("Name on card").fill("Ada Lovelace")
    phone.get_by_role("button", name=re.compile("^Pay ")).tap()
    see_status(phone, "confirmed")
    expect(phone.get_by_role("heading", name="Viel Vergnügen im Kino!")).to_be_visible()
    phone.locator(".qr").first.tap()
    expect(phone.locator("[data-ticket-code]")).to_contain_text("Reihe")
    paper = phone.request.get(phone.url.rstrip("/") + ".pdf")
    assert "Reihe A Platz 3" in text_of(paper.body())
    work()
    [mail] = outbox
    assert mail.subject.startswith("Ihre Tickets: ") and "Reihe A" in mail.body


@pytest.mark.long
def test_the_switch_by_keyboard_stays_on_the_page_and_is_remembered(showtime, guest):
    guest.goto("/find-booking/?from=mail")
    guest.get_by_role("button", name="Deutsch").focus()
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Ihre Buchung finden")).to_be_visible()
    assert guest.url.endswith("/find-booking/?from=mail")
    open_map(guest, showtime)
    expect(guest.locator("html")).to_have_attribute("lang", "de")
    expect(guest.get_by_role("button", name="Deutsch")).to_have_attribute("aria-current", "true")


@pytest.mark.long
def test_the_switch_works_without_scripts(site, visit):
    page = visit(java_script_enabled=False)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()


@pytest.mark.long
def test_longer_and_from_right_to_left_nothing_is_too_wide(site, showtime, visit, member, watch):
    """Opens every customer page; `watch` measures on each of them that nothing is too wide."""
    phone = visit(**PHONE)
    phone.context.add_cookies([{"name": "language", "value": "dv", "url": site.url}])
    theater = showtime.auditorium.theater
    watch.allow(404)
    for path in (
        home_of(showtime),
        theater.get_absolute_url(),
        showtime.movie.get_absolute_url(),
        "/find-booking/",
        "/search/?q=film",
        "/search/?q=zzzz",
        "/coming-soon/",
        "/news/",
        "/pages/terms/",
        "/accounts/needs/",
        f"{showtime.movie.get_absolute_url()}tell-me/",
        f"/showtimes/{showtime.pk}/?view=list",
        f"/showtimes/{showtime.pk}/waiting/",
        "/no-such-page/",
    ):
        see(phone, path)
    for name in ("login", "login/code", "signup", "password/reset", "password/reset/done", "confirm-email"):
        see(phone, f"/accounts/{name}/")
    open_map(phone, showtime)
    assert first_seat_is_left_of_the_second(phone)
    take(phone, "A1", "A2")
    see(phone, f"/showtimes/{showtime.pk}/group/")
    open_map(phone, showtime)
    phone.locator(".order a[data-kind=primary]").tap()
    phone.locator("#email").fill(member.email)
    see_no_overflow(phone)
    phone.locator("[data-pay]").tap()
    expect(phone.get_by_role("heading", name="Pay with card")).to_be_visible()
    phone.go_back()
    see_no_overflow(phone)
    phone.locator("[data-pay]").tap()
    give_card(phone)
    see_status(phone, "confirmed")
    see_no_overflow(phone)
    phone.locator("a[href$='/cancel/']").tap()
    see_no_overflow(phone)
    phone.go_back()
    phone.locator(".qr").first.tap()
    see_no_overflow(phone)
    phone.locator("a[href$='/transfer/']").tap()
    see_no_overflow(phone)
    phone.locator("main form button").tap()
    see_no_overflow(phone)
    phone.context.add_cookies(
        [{"name": "sessionid", "value": signed_in(member).cookies["sessionid"].value, "url": site.url}]
    )
    see(phone, "/bookings/")
    see(phone, "/accounts/data/")
    for name in ("email", "password/change", "sessions", "2fa", "2fa/totp/activate", "2fa/webauthn/add", "logout"):
        see(phone, f"/accounts/{name}/")


def see(page: Page, path: str) -> None:
    page.goto(path)
    see_no_overflow(page)


def see_no_overflow(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("main")).to_contain_text("\N{RIGHT-TO-LEFT MARK}")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0, page.url
    assert page.evaluate(SET_APART_IN_TAGS) == []


@pytest.mark.long
def test_from_right_to_left_arrows_of_lists_and_the_fold_stand_beside_the_words(site, showtime, visit):
    phone = visit(**PHONE)
    phone.context.add_cookies([{"name": "language", "value": "dv", "url": site.url}])
    open_map(phone, showtime)
    take(phone, "A1", "A2")
    arrow = "getComputedStyle(document.querySelector('select')).backgroundPositionX"
    assert phone.evaluate(arrow).startswith("left") or phone.evaluate(arrow) == "12px"
    fold = phone.locator(".order-fold").bounding_box()
    assert fold["x"] + fold["width"] < PHONE["width"] / 2


def first_seat_is_left_of_the_second(page: Page) -> bool:
    """The map is a drawing of the auditorium, so it is not mirrored."""
    return seat(page, "A1").bounding_box()["x"] < seat(page, "A2").bounding_box()["x"]
