"""What people see when something is over, wrong, empty or not theirs."""

import re

import pytest
from playwright.sync_api import expect

from payments.models import Payment
from reservations.models import Booking, Hold
from tests.aging import age_hold, past_time_to_pay
from tests.browser.steps import begin_to_pay, go_to_checkout, home_of, open_map, press_pay, see_status, take
from tests.factories import hold_seats, make_browser, make_movie, make_showtime
from theaters.models import Showtime


@pytest.mark.long
def test_the_waiting_page_tells_that_the_time_is_over(showtime, guest, work, books):
    begin_to_pay(guest, showtime, "A3")
    booking = Booking.objects.get()
    guest.goto(booking.get_absolute_url())
    see_status(guest, "pending")
    expect(guest.get_by_role("link", name="Continue paying")).to_be_visible()
    past_time_to_pay(booking)
    work()
    see_status(guest, "expired")
    expect(guest.get_by_role("heading", name="This booking was not paid")).to_be_visible()
    guest.get_by_role("link", name="Choose again").click()
    expect(guest.get_by_role("heading", name="Choose your seats")).to_be_visible()


@pytest.mark.long
def test_the_waiting_page_tells_that_the_money_came(showtime, guest, site, work, books):
    begin_to_pay(guest, showtime, "A3")
    guest.goto(Booking.objects.get().get_absolute_url())
    see_status(guest, "pending")
    site.stripe.pay(Payment.objects.get().session_id)
    site.deliver()
    work()
    see_status(guest, "confirmed")
    expect(guest.locator("[data-ticket-code] .qr")).to_be_visible()


@pytest.mark.long
def test_late_money_brings_the_seats_back(showtime, guest, site, work, books):
    begin_to_pay(guest, showtime, "A3")
    booking = Booking.objects.get()
    past_time_to_pay(booking)
    work()
    site.stripe.pay_late(Payment.objects.get().session_id)
    site.deliver()
    work()
    guest.goto(booking.get_absolute_url())
    see_status(guest, "confirmed")
    expect(guest.get_by_text("Your payment arrived late")).to_be_visible()


@pytest.mark.long
def test_late_money_for_seats_that_are_gone_goes_back(showtime, guest, site, work, books, outbox):
    begin_to_pay(guest, showtime, "A3")
    booking = Booking.objects.get()
    past_time_to_pay(booking)
    work()
    hold_seats(showtime, make_browser(2), "A3")
    others = [make_showtime(movie=showtime.movie) for _ in range(3)]
    site.stripe.pay_late(Payment.objects.get().session_id)
    site.deliver()
    work()
    work()
    guest.goto(booking.get_absolute_url())
    see_status(guest, "refunded")
    expect(guest.get_by_role("heading", name="We are sending your money back")).to_be_visible()
    assert {address for mail in outbox for address in mail.to} == {"ada@example.com"}
    [apology] = [mail for mail in outbox if "on its way back" in mail.subject]
    for other in others:
        guest.goto(f"{site.url}/showtimes/{other.pk}/")
        assert f"{site.url}/showtimes/{other.pk}/" in apology.body
        expect(guest.get_by_role("heading", name=showtime.movie.title).first).to_be_visible()
    refund = site.stripe.desk.ledger.find("refund", "1 = 1")
    assert [one["amount"] for one in refund] == [1450]


@pytest.mark.long
def test_somebody_elses_booking_is_not_there(showtime, guest, visit, watch):
    watch.allow(404)
    begin_to_pay(guest, showtime, "A3")
    booking = Booking.objects.get()
    stranger = visit()
    for address in (booking.get_absolute_url(), "/bookings/AAAA-AAAA/"):
        assert stranger.goto(address).status == 404
        expect(stranger.locator("h1")).to_be_visible()
    assert booking.reference not in stranger.content()
    stranger.locator("main").get_by_role("link").first.click()
    expect(stranger.get_by_role("heading", name="Find your booking")).to_be_visible()


@pytest.mark.long
def test_bookings_ask_who_is_there(showtime, guest):
    guest.goto("/bookings/")
    expect(guest.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.long
def test_wrong_addresses_lead_on(showtime, guest, watch):
    watch.allow(404)
    for address in (
        "/movies/never-made/",
        "/theaters/nowhere/",
        "/?theater=nowhere",
        "/?day=someday",
        "/showtimes/999999999999/",
        "/checkout/999999999999/",
        "/no/such/page/",
    ):
        assert guest.goto(address).status == 404
        expect(guest.locator("h1")).to_be_visible()
        guest.locator("main").get_by_role("link").first.click()
        expect(guest.locator("#listing")).to_be_visible()


@pytest.mark.long
def test_an_empty_day_leads_to_the_next_with_films(showtime, guest):
    guest.goto(f"/?theater={showtime.auditorium.theater.slug}&day=2020-02-02")
    expect(guest.get_by_role("heading", name="This day is over.")).to_be_visible()
    guest.get_by_role("link", name="See the next day with shows").click()
    expect(guest.get_by_role("link", name=showtime.movie.title).first).to_be_visible()
    guest.goto(f"/?theater={showtime.auditorium.theater.slug}&day=2199-02-02")
    expect(guest.get_by_role("heading", name=re.compile("No shows on this day"))).to_be_visible()


@pytest.mark.long
def test_a_house_without_theaters_says_so(site, guest):
    guest.goto("/")
    expect(guest.get_by_role("heading", name="We are not open yet.")).to_be_visible()


def test_filters_count_at_once_and_stay_open_under_the_keyboard(showtime, guest):
    other = make_showtime(movie=make_movie(title="The General"), theater=showtime.auditorium.theater)
    Showtime.objects.filter(pk=other.pk).update(picture="3D")
    guest.goto(home_of(showtime))
    guest.evaluate("window.untouched = true")
    guest.locator("#filters-summary").press("Enter")
    guest.get_by_role("checkbox", name=re.compile("^3D")).press("Space")
    expect(guest.get_by_role("status").filter(has_text="1 showtime fits your filters")).to_be_visible()
    expect(guest.get_by_role("checkbox", name=re.compile("^3D"))).to_be_focused()
    expect(guest.locator(".film h3")).to_have_text(["The General"])
    assert "format=3d" in guest.url and guest.evaluate("window.untouched")


def test_days_and_theaters_change_in_place_and_back_undoes_it(showtime, guest):
    make_showtime(movie=make_movie(title="The General", slug="the-general"))
    guest.goto("/")
    guest.evaluate("window.untouched = true")
    guest.locator(".switch a").nth(1).click()
    expect(guest.locator(".switch a").nth(1)).to_have_attribute("aria-current", "true")
    guest.locator(".days a").nth(3).click()
    expect(guest.locator(".days a").nth(3)).to_have_attribute("aria-current", "date")
    assert guest.evaluate("window.untouched")
    assert "day=" in guest.url
    guest.reload()
    expect(guest.locator(".days a").nth(3)).to_have_attribute("aria-current", "date")
    guest.go_back()
    expect(guest.locator(".days a").nth(3)).not_to_have_attribute("aria-current", "date")


@pytest.mark.long
def test_sales_that_have_closed_lead_to_other_showtimes(showtime, guest, watch):
    watch.allow(410)
    showtime.sales_close_at = showtime.starts_at.replace(year=2020)
    showtime.save(update_fields=["sales_close_at"])
    assert guest.goto(f"/showtimes/{showtime.pk}/").status == 410
    expect(guest.get_by_text("You can no longer buy tickets for this showtime online.")).to_be_visible()
    guest.get_by_role("link", name="Other showtimes").click()
    expect(guest.get_by_role("heading", name=showtime.movie.title)).to_be_visible()


def test_sales_that_close_while_choosing_are_told_in_place(showtime, guest, watch):
    watch.allow(410)
    open_map(guest, showtime)
    showtime.sales_close_at = showtime.starts_at.replace(year=2020)
    showtime.save(update_fields=["sales_close_at"])
    guest.locator("[data-seat=A1]").click()
    expect(guest.get_by_text("You can no longer buy tickets for this showtime online.")).to_be_visible()


def test_what_tells_of_a_seat_may_come_when_the_map_is_gone(showtime, guest, watch):
    watch.allow(410)
    late = []

    def keep(route):
        late.append(route)

    guest.route(re.compile(r"/seat-tip\b"), keep)
    open_map(guest, showtime)
    showtime.sales_close_at = showtime.starts_at.replace(year=2020)
    showtime.save(update_fields=["sales_close_at"])
    guest.locator("[data-seat=A1]").click()
    expect(guest.get_by_text("You can no longer buy tickets for this showtime online.")).to_be_visible()
    with guest.expect_response(re.compile(r"/seat-tip\b")):
        late[0].continue_()
    guest.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_seats_are_taken_without_what_tells_of_them(showtime, guest, watch):
    guest.route(re.compile(r"/seat-tip\b"), lambda route: route.fulfill(status=404))
    watch.allow(404)
    open_map(guest, showtime)
    take(guest, "A1")


@pytest.mark.long
def test_checkout_without_seats_leads_to_the_map(showtime, guest):
    guest.goto(f"/checkout/{showtime.pk}/")
    expect(guest.get_by_text("Please choose your tickets first.")).to_be_visible()


@pytest.mark.long
def test_pay_after_the_time_ran_out_asks_and_keeps_what_was_typed(showtime, guest, watch):
    watch.allow(409)
    open_map(guest, showtime)
    take(guest, "A1")
    go_to_checkout(guest)
    guest.get_by_label("E-mail").fill("ada@example.com")
    age_hold(Hold.objects.get(), 485)
    press_pay(guest)
    expect(guest.get_by_text("Your time ran out")).to_be_visible()
    assert not Booking.objects.exists()
    guest.get_by_role("button", name="Take A1 again").click()
    expect(guest.get_by_label("E-mail")).to_have_value("ada@example.com")


@pytest.mark.long
def test_the_checkout_warns_gives_more_time_and_says_when_it_is_over(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A1")
    age_hold(Hold.objects.get(), 388)
    go_to_checkout(guest)
    expect(guest.locator("#announcer")).to_have_text("90 seconds left to keep your seats.")
    guest.get_by_label("E-mail").fill("ada@example.com")
    guest.get_by_role("button", name="I need more time").click()
    expect(guest.locator("[data-countdown-words]")).to_have_text("Held for you for 6 min")
    expect(guest.get_by_label("E-mail")).to_have_value("ada@example.com")
    age_hold(Hold.objects.get(), 328)
    guest.get_by_label("E-mail").fill("bob@example.com")
    # When prices are asked for again, the page learns that two seconds are left.
    guest.get_by_label("Row A seat 1").select_option("CHILD")
    expect(guest.get_by_role("heading", name="Your time ran out")).to_be_focused()
    guest.get_by_role("button", name="Take A1 again").click()
    expect(guest.get_by_label("E-mail")).to_have_value("bob@example.com")
    expect(guest.get_by_label("Row A seat 1")).to_have_value("CHILD")


def test_search_finds_while_one_types_and_says_how_many(showtime, guest, site):
    make_movie(title="Metropolis")
    guest.goto("/")
    guest.get_by_role("link", name="Search").click()
    guest.get_by_role("searchbox").press_sequentially("metropl")
    expect(guest.get_by_role("status").filter(has_text="1 result")).to_be_visible()
    expect(guest.locator("#results").get_by_role("link", name="Metropolis")).to_be_visible()
    assert guest.url.endswith("/search/?q=metropl")
    guest.get_by_role("searchbox").press("Tab")
    guest.keyboard.press("Tab")
    expect(guest.locator("#results a").first).to_be_focused()
    guest.keyboard.press("Enter")
    expect(guest.get_by_role("heading", name="Metropolis", level=1)).to_be_visible()
