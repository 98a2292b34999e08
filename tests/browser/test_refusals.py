"""A refusal moves the focus into the field it is about, and no key pressed afterwards takes seats away from a sale."""

import pytest
from playwright.sync_api import Page, expect

from reservations.models import ShowtimeSeat
from tests.browser.steps import go_to_checkout, open_map, press_pay, see_seat, sign_in, take
from tests.browser.test_counter import Keys, open_desk, see_sold, see_total
from tests.clock import begins_in
from tests.factories import hold_seats, make_browser, make_movie, make_showtime

SELECTED = "() => document.getSelection().toString()"


@pytest.fixture
def showtime(site):
    return make_showtime(movie=make_movie(title="Metropolis", slug="metropolis"))


def see_refused(page: Page, field: str, value: str) -> None:
    """The refused field has the focus, and the text in it is selected."""
    expect(page.locator(f"#{field}")).to_be_focused()
    expect(page.locator(f"#{field}")).to_be_visible()
    assert page.evaluate(SELECTED) == value


def held() -> list[str]:
    seats = ShowtimeSeat.objects.filter(hold__ended_at=None, hold__isnull=False, hold__operator__isnull=False)
    return sorted(seats.values_list("label", flat=True))


@pytest.mark.long
def test_the_counter_by_keyboard_with_a_refusal_at_each_step(showtime, guest, manager, books, watch):
    watch.allow(409, 410, 422)
    sign_in(guest, manager)
    open_desk(guest, showtime)
    keys = Keys(guest)
    keys.press("2")
    see_total(guest, "£35.00")
    seats = held()
    for step in (too_little_cash, bad_email, wrong_code, no_ticket_type, lost_seat):
        step(guest, keys, showtime)
        assert held() == seats, step.__name__
        keys.press("Escape", "5", "0")
        see_total(guest, "£35.00")
        assert held() == seats, step.__name__
    # The last Escape moved the focus from the panel to the button, without pressing it.
    expect(guest.get_by_role("button", name="Give back and leave")).to_be_focused()
    keys.press("Shift+Digit1")
    see_total(guest, "£17.50")
    keys.press("c", "2", "0", "Enter")
    see_sold(guest, "Change", "£2.50")


def too_little_cash(page: Page, keys: Keys, showtime) -> None:
    """What is typed next replaces the amount."""
    keys.press("Enter", "1", "0", "Enter")
    expect(page.get_by_text("less than the total")).to_be_visible()
    see_refused(page, "tendered", "10")
    keys.press("5", "0")
    expect(page.locator("#tendered")).to_have_value("50")


def bad_email(page: Page, keys: Keys, showtime) -> None:
    keys.press("e")
    page.keyboard.type("nobody")
    page.get_by_role("button", name="Take cash").click()
    see_refused(page, "email", "nobody")
    page.keyboard.type("ada@example.com")


def wrong_code(page: Page, keys: Keys, showtime) -> None:
    """The next field has the focus by the time the code is priced."""
    page.locator("#promo").fill("NOSUCH")
    keys.press("Tab")
    expect(page.get_by_text("do not know the code")).to_be_visible()
    see_refused(page, "promo", "NOSUCH")
    page.locator("#promo").fill("")
    keys.press("Tab")
    expect(page.get_by_text("do not know the code")).to_have_count(0)


def no_ticket_type(page: Page, keys: Keys, showtime) -> None:
    """The page is older than the prices."""
    kind = page.locator("#sale select").nth(1)
    kind.evaluate("(it) => { it.options[0].value = 'GONE'; it.options[0].selected = true }")
    page.locator("#sale").evaluate("(form) => form.requestSubmit(form.querySelector('[value=cash]'))")
    expect(page.get_by_text("Choose a ticket type")).to_be_visible()
    expect(kind).to_be_focused()


def lost_seat(page: Page, keys: Keys, showtime) -> None:
    """The sale keeps its other seats, and the focus stays at the desk."""
    hold_seats(showtime, make_browser(1), "A1")
    page.locator('[data-seat="A1"]').evaluate("(it) => { it.removeAttribute('aria-disabled'); it.click() }")
    expect(page.get_by_text("a moment faster")).to_be_visible()
    expect(page.locator("#order-panel")).to_be_focused()


@pytest.mark.long
def test_a_closed_sale_and_a_canceled_showtime(showtime, guest, manager, watch):
    watch.allow(410)
    sign_in(guest, manager)
    open_desk(guest, showtime)
    keys = Keys(guest)
    keys.press("2")
    see_total(guest, "£35.00")
    seats = held()
    begins_in(showtime, minutes=-45)
    keys.press("Enter", "5", "0", "Enter")
    expect(guest.locator("#notice .notice")).to_be_focused()
    keys.press("5", "0")
    assert held() == seats
    type(showtime).objects.filter(pk=showtime.pk).update(status="CANCELED")
    keys.press("Shift+Digit1")
    expect(guest.locator(".refusal")).to_be_focused()
    keys.press("5", "0")
    assert held() == seats


def test_money_with_the_keys_after_a_seat_was_clicked(showtime, guest, manager):
    sign_in(guest, manager)
    open_desk(guest, showtime)
    guest.locator('[data-seat="B4"]').click()
    see_seat(guest, "B4", "mine")
    expect(guest.locator('[data-seat="B4"]')).to_be_focused()
    guest.keyboard.press("Enter")
    expect(guest.locator("#tendered")).to_be_focused()
    assert held() == ["B4"]


def test_a_customer_who_is_refused_stands_in_the_field(showtime, guest, watch):
    watch.allow(409, 422)
    open_map(guest, showtime)
    take(guest, "A3")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("nobody")
    press_pay(guest)
    see_refused(guest, "email", "nobody")
    guest.get_by_label("E-mail").fill("ada@example.com")
    guest.get_by_label("Promo code").fill("NOSUCH")
    guest.get_by_role("button", name="Apply").click()
    see_refused(guest, "promo", "NOSUCH")
    guest.goto("/accounts/password/reset/")
    guest.locator("form").evaluate_all("(forms) => forms.forEach((form) => { form.noValidate = true })")
    guest.get_by_label("E-mail").fill("nobody")
    guest.keyboard.press("Enter")
    expect(guest.locator("#id_email")).to_be_focused()


@pytest.mark.long
def test_staff_who_are_refused_stand_in_the_field(showtime, guest, manager):
    sign_in(guest, manager)
    guest.goto("/admin/theaters/movie/add/")
    guest.locator("#id_title").fill("Metropolis")
    guest.get_by_role("button", name="Save", exact=True).click()
    expect(guest.locator("#id_title")).not_to_have_attribute("aria-invalid", "true")
    expect(guest.locator("[aria-invalid=true]").first).to_be_focused()
