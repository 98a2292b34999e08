"""The counter: two tickets for cash by keyboard alone, a card payment, an overridden rule, and a sale without scripts."""

import pytest
from playwright.sync_api import Page, expect

from payments.models import Payment, Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.models import Booking, ShowtimeSeat
from reservations.states import CancelCause
from staff.models import AuditEntry
from tests.browser.steps import see_seat, sign_in
from tests.browser.test_axe import assert_open_to_all
from tests.browser.test_office_walk import looked_at
from tests.counter import make_seller, sell_seats
from tests.factories import hold_seats, make_auditorium, make_browser, make_movie, make_showtime, make_theater

# At two seconds for each key the sale takes twenty seconds.
MOST_KEYS = 10


@pytest.fixture
def showtime(site):
    return make_showtime(movie=make_movie(title="Metropolis", slug="metropolis"))


class Keys:
    """The keys that a person presses, counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.page.wait_for_load_state()
            self.count += 1


def open_desk(page: Page, showtime) -> None:
    page.goto(f"/counter/showtimes/{showtime.pk}/")


def see_total(page: Page, amount: str) -> None:
    expect(page.locator(".sale-total")).to_contain_text(amount)


def see_sold(page: Page, title: str, amount: str) -> None:
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    expect(page.locator(".change-amount")).to_have_text(amount)


def test_two_tickets_for_cash_by_keyboard_alone(showtime, visit, manager, books):
    guest = visit(color_scheme="dark")
    sign_in(guest, manager)
    guest.goto("/counter/")
    keys = Keys(guest)
    keys.press("PageDown")
    expect(guest.locator("#shows > li")).to_have_count(1)
    keys.press("m", "e", "Enter")
    guest.wait_for_url("**/counter/showtimes/**")
    guest.wait_for_load_state()
    keys.press("2")
    see_total(guest, "£35.00")
    keys.press("Enter", "5", "0")
    expect(guest.get_by_text("Change £15.00")).to_be_visible()
    keys.press("Enter")
    see_sold(guest, "Change", "£15.00")
    expect(guest.locator("[data-ticket-code]")).to_have_count(2)
    assert keys.count <= MOST_KEYS
    assert Payment.objects.get().tendered == 50
    assert_open_to_all(guest)
    keys.press("Enter")
    expect(guest.get_by_label("Movie or time")).to_be_focused()
    assert_open_to_all(guest)


def test_places_without_numbers_by_keyboard(site, visit, manager, books):
    """Where nothing has a number there are no best seats: a digit is a number of places, and N leads to the field."""
    hall = make_showtime(auditorium=make_auditorium(make_theater(), "[Hall]\nunreserved 40\n"))
    guest = visit()
    sign_in(guest, manager)
    open_desk(guest, hall)
    keys = Keys(guest)
    keys.press("2")
    see_total(guest, "£29.00")
    assert guest.locator(".sale-lines b").first.evaluate("name => name.getClientRects().length") == 1
    keys.press("n")
    field = guest.locator("[data-area=Hall] input[name=number]")
    expect(field).to_be_focused()
    field.fill("3")
    keys.press("Enter")
    see_total(guest, "£43.50")
    expect(guest.locator("[data-area=Hall]")).to_have_attribute("data-free", "37")


@pytest.mark.long
def test_without_a_network_the_sale_stays_on_the_screen(showtime, guest, manager):
    """The browser's own error page would replace it and lose the seats, ticket types and cash that were typed."""
    sign_in(guest, manager)
    open_desk(guest, showtime)
    guest.locator("#best [value='2']").click()
    see_total(guest, "2 tickets")
    guest.get_by_label("Cash handed over").fill("50")
    guest.context.set_offline(True)
    guest.get_by_role("button", name="Take cash").click()
    expect(guest.get_by_text("There is no network, so nothing was sold")).to_be_visible()
    expect(guest.get_by_label("Cash handed over")).to_have_value("50")
    guest.context.set_offline(False)
    expect(guest.get_by_text("There is no network")).to_be_hidden()
    guest.get_by_role("button", name="Take cash").click()
    see_sold(guest, "Change", "£15.00")


@pytest.mark.long
def test_what_is_typed_while_the_page_comes_stays_and_the_last_customers_does_not(showtime, guest, manager):
    sign_in(guest, manager)
    guest.goto("/counter/")
    Keys(guest).press("PageDown")
    expect(guest.locator("#shows > li")).to_have_count(1)
    find = guest.get_by_label("Movie or time")
    find.press_sequentially("me")
    for persisted, typed in (("false", "me"), ("true", "")):
        guest.evaluate(f"dispatchEvent(new PageTransitionEvent('pageshow', {{ persisted: {persisted} }}))")
        expect(find).to_have_value(typed)
    find.press_sequentially("metro")
    find.press("Enter")
    guest.wait_for_url("**/counter/showtimes/**")
    guest.go_back()
    expect(find).to_have_value("")
    expect(guest.locator("#shows > li:visible")).to_have_count(1)


@pytest.mark.long
def test_kinds_of_ticket_and_a_card_on_a_tablet(showtime, visit, manager, books):
    page = visit(width=820, height=1180, color_scheme="light")
    sign_in(page, manager)
    open_desk(page, showtime)
    keys = Keys(page)
    keys.press("1")
    see_total(page, "£17.50")
    hold_seats(showtime, make_browser(1), "A1")
    see_seat(page, "A1", "held")
    keys.press("k", "c")
    see_total(page, "£12.00")
    assert_open_to_all(page)
    keys.press("Escape", "t")
    expect(page.get_by_role("button", name="The terminal said yes")).to_be_focused()
    assert_open_to_all(page)
    keys.press("Enter")
    see_sold(page, "Sold", "£12.00")
    assert Payment.objects.get().method == "TERMINAL"


@pytest.mark.long
def test_what_a_sale_costs_is_in_sight_beside_the_room(showtime, visit, manager):
    tablet = visit(width=768, height=1024)
    sign_in(tablet, manager)
    open_desk(tablet, showtime)
    tablet.keyboard.press("2")
    see_total(tablet, "£")
    expect(tablet.locator(".sale-total")).to_be_in_viewport(ratio=1)
    expect(tablet.locator(".keys")).to_be_in_viewport()
    assert tablet.evaluate("scrollY") == 0


@pytest.mark.long
def test_a_house_seat_with_a_reason_for_less(showtime, guest, manager, books):
    ShowtimeSeat.objects.filter(showtime=showtime, label="A1").update(house_reason="For the crew")
    sign_in(guest, manager)
    open_desk(guest, showtime)
    expect(guest.locator('[data-seat="A1"]')).to_be_disabled()
    keys = Keys(guest)
    keys.press("o", "Space", "Tab", "Space", "Tab", "Tab", "Tab")
    guest.keyboard.type("The crew did not come")
    keys.press("Enter")
    expect(guest.get_by_text("Override:")).to_be_visible()
    guest.wait_for_load_state()
    keys.press("ArrowUp", "ArrowUp", *["ArrowLeft"] * 6, "Space")
    see_seat(guest, "A1", "mine")
    guest.get_by_label("Lower price for row A, seat 1").fill("5")
    keys.press("Tab")
    see_total(guest, "£5.00")
    assert_open_to_all(guest)
    keys.press("c", "Enter")
    see_sold(guest, "Sold", "£5.00")
    booking = Booking.objects.get()
    assert (booking.sale.override_reason, booking.total) == ("The crew did not come", 5)


@pytest.mark.long
def test_without_script_the_counter_sells_too(showtime, visit, manager, books, watch):
    watch.allow(422)
    page = visit(width=820, height=1180, java_script_enabled=False)
    sign_in(page, manager)
    page.goto("/counter/")
    page.get_by_role("link", name="Tomorrow").click()
    page.get_by_role("link", name="Metropolis").click()
    page.locator(".best-numbers").get_by_role("button", name="2").click()
    see_total(page, "£35.00")
    page.get_by_label("Cash handed over").fill("20")
    page.get_by_role("button", name="Take cash").click()
    expect(page.get_by_text("less than the total")).to_be_visible()
    page.get_by_role("button", name="£40.00").click()
    see_sold(page, "Change", "£5.00")
    page.get_by_role("link", name="My sales").click()
    expect(page.get_by_role("row")).to_have_count(2)


@pytest.mark.long
def test_money_is_paid_out_and_the_day_is_counted(showtime, guest, manager, books):
    booking = sell_seats(showtime, make_seller(showtime), "A1", "A2").booking
    cancel_and_refund(
        booking_id=booking.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "They are ill")
    )
    sign_in(guest, manager)
    guest.goto("/counter/pay-outs/")
    assert list(looked_at(guest)) == []
    guest.get_by_role("link", name=booking.reference).click()
    assert list(looked_at(guest)) == []
    guest.get_by_role("button", name="Paid in cash").focus()
    guest.keyboard.press("Enter")
    expect(guest.get_by_text(f"of {booking.reference} went back in cash")).to_be_visible()
    assert (Refund.objects.get().status, Refund.objects.get().method) == ("SUCCEEDED", "CASH")
    for address in ("/counter/takings/", "/counter/sales/", "/counter/?change"):
        guest.goto(address)
        assert list(looked_at(guest)) == []


@pytest.mark.long
def test_an_address_of_tickets_that_is_opened_offers_the_print(showtime, visit, manager, books):
    booking = sell_seats(showtime, make_seller(showtime), "A1").booking
    page = visit(width=820, height=1180, color_scheme="light")
    sign_in(page, manager)
    page.goto(f"/counter/sales/{booking.reference}/tickets.pdf")
    expect(page.get_by_role("heading", name="Tickets")).to_be_visible()
    assert_open_to_all(page)
    assert not AuditEntry.objects.filter(action__startswith="print").exists()
    with page.expect_download() as begun:
        page.keyboard.press("Enter")
    assert begun.value.suggested_filename.endswith(f"{booking.reference}.pdf")
    assert AuditEntry.objects.filter(action="print again").count() == 1
