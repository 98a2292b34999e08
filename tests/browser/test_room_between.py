"""Forms and notes that once stood too close together on a phone."""

import pytest
from django.template.loader import render_to_string

from tests.browser.steps import sign_in
from tests.browser.test_counter import open_desk
from tests.factories import make_auditorium, make_showtime, make_theater

# CSS pixels: the least distance between two parts of a form, and the least width of fields for a booking's number and for a
# street.
ROOM, FIELD, ADDRESS = 12, 240, 400

GAPS = """(parts) => parts.slice(1).map((part, number) =>
  part.getBoundingClientRect().top - parts[number].getBoundingClientRect().bottom)"""


def gaps(page, selector):
    """The pixels between neighbors, from top to bottom."""
    return page.locator(selector).evaluate_all(GAPS)


@pytest.fixture
def showtime(site):
    return make_showtime()


@pytest.fixture
def phone(visit):
    return visit(width=375, height=740)


def test_the_first_form_of_the_door(showtime, phone, manager):
    make_theater()
    sign_in(phone, manager)
    phone.goto("/door/")
    found = gaps(phone, ".door-page > .form > :not([hidden]):not([type=hidden])")
    assert found and min(found) >= ROOM


def test_the_search_of_the_counter_has_room_for_a_booking(showtime, phone, manager):
    sign_in(phone, manager)
    phone.goto("/counter/find/")
    assert phone.locator(".counter-find input").first.bounding_box()["width"] >= FIELD


CONTACTS = """(refusal, markup) => {
  document.querySelector(".reach-us")?.remove();
  refusal.insertAdjacentHTML("afterend", markup);
}"""


def test_contacts_stand_below_the_ring_of_a_refusal(showtime, phone, watch):
    """The contacts are put there by hand: for another minute the site knows those of the theaters of the previous test."""
    watch.allow(404)
    phone.goto("/nothing-is-here/")
    theater = {
        "name": "Marquee London",
        "address": "1 Light Street",
        "phone": "+44 20 7946 0921",
        "phone_url": "tel:+44",
    }
    markup = render_to_string("theaters/reach_us.html", {"theater_contacts": [theater]})
    phone.locator(".refusal").evaluate(CONTACTS, markup)
    (gap,) = gaps(phone, ".refusal, .reach-us")
    assert gap >= ROOM


def test_the_fields_of_the_first_day_hold_an_address(site, guest, manager):
    sign_in(guest, manager)
    guest.goto("/admin/first-day/")
    assert guest.locator("[name=street]").bounding_box()["width"] >= ADDRESS


def test_needs_that_are_asked_for_are_seen_while_their_list_is_closed(site, guest, manager):
    sign_in(guest, manager)
    open_desk(guest, make_showtime(auditorium=make_auditorium(make_theater(), "A wcoo.oooo\nB pppp.pppp\n")))
    wishes = guest.locator("#best .best-options")
    label = wishes.locator("summary")
    quiet = color_of(label)
    label.click()
    wishes.locator("select").first.select_option(index=1)
    label.click()
    assert color_of(label) != quiet


def color_of(element):
    return element.evaluate("(element) => getComputedStyle(element).backgroundColor")
