"""A sentence that a page brings from the page before gets the focus, so that a screen reader begins with it."""

import re

import pytest
from playwright.sync_api import Page, expect

from reservations.models import Hold
from tests.aging import age_hold, lapse
from tests.browser.steps import go_to_checkout, open_map, sign_in, take
from tests.factories import hold_seats, make_auditorium, make_browser, make_showtime, make_theater


def see_focus_on(page: Page, sentence: str) -> None:
    expect(page.locator("#content .notice").filter(has_text=sentence)).to_be_focused()


def test_without_seats_the_checkout_leads_back_to_the_map(showtime, guest):
    guest.goto(f"/checkout/{showtime.pk}/")
    expect(guest).to_have_url(re.compile(f"/showtimes/{showtime.pk}/$"))
    see_focus_on(guest, "Please choose your tickets first.")


@pytest.mark.long
def test_seats_that_somebody_took_after_the_time_ran_out(showtime, guest):
    open_map(guest, showtime)
    take(guest, "A1")
    go_to_checkout(guest)
    age_hold(Hold.objects.get(), 600)
    guest.reload()
    expect(guest.get_by_role("heading", name="Your time ran out")).to_be_focused()
    hold_seats(showtime, make_browser(2), "A1")
    guest.get_by_role("button", name="Take A1 again").click()
    see_focus_on(guest, "Somebody was a moment faster")


@pytest.mark.long
def test_a_choice_that_leaves_a_single_seat_over(site, guest):
    showtime = make_showtime(auditorium=make_auditorium(make_theater(), "A oooooo\nB oooooo"))
    open_map(guest, showtime)
    take(guest, "A2", "A3")
    guest.goto(f"/checkout/{showtime.pk}/")
    see_focus_on(guest, "Seat A1 would be left over alone")


def test_a_refusal_above_the_form_of_a_page(showtime, guest, member, watch):
    """Nothing is held any more when the button is pressed, and the plain form is answered with a whole page."""
    watch.allow(409)
    sign_in(guest, member)
    open_map(guest, showtime)
    take(guest, "A1", "A2")
    guest.goto(f"/showtimes/{showtime.pk}/group/")
    guest.get_by_label("Your first name").fill("Ada")
    lapse(Hold.objects.get())
    guest.get_by_role("button", name="Hold them and get the link").click()
    expect(guest.locator("#refused")).to_be_focused()


@pytest.mark.long
def test_where_a_page_begins_in_a_field_news_leave_the_focus_there(showtime, guest, manager):
    sign_in(guest, manager)
    guest.goto("/counter/")
    expect(guest.locator("#find")).to_be_focused()
    guest.evaluate("""() => document.querySelector("#content").insertAdjacentHTML(
        "afterbegin", '<div class="messages"><p class="notice">Paid out.</p></div>')""")
    guest.evaluate("() => htmx.trigger(document.body, 'htmx:afterSettle', {})")
    expect(guest.locator("#find")).to_be_focused()
