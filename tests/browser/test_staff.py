"""A manager plans a showtime in the office and puts it on sale."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import open_map, see_seat, sign_in, take
from tests.clock import evening
from tests.factories import make_auditorium, make_draft, make_movie, make_price_list, make_theater
from theaters.models import Showtime

pytestmark = pytest.mark.long


def test_a_showtime_is_planned_published_and_sold(site, guest, visit, manager):
    theater = make_theater()
    auditorium, price_list = make_auditorium(theater), make_price_list(theater)
    make_movie(title="Metropolis", slug="metropolis")
    on = f"{evening(2, theater=theater):%Y-%m-%d}"
    sign_in(guest, manager)
    guest.goto("/admin/")
    guest.locator("#content").get_by_role("link", name="Showtimes", exact=True).first.click()
    guest.get_by_role("link", name=re.compile("Add showtime", re.IGNORECASE)).click()
    guest.get_by_label("Movie").select_option(label="Metropolis (1927)")
    guest.get_by_label("Auditorium").select_option(value=str(auditorium.pk))
    guest.get_by_label("Price list").select_option(value=str(price_list.pk))
    guest.get_by_label("Date").fill(on)
    guest.get_by_label("Time").fill("19:30")
    guest.get_by_role("button", name="Save and publish").click()
    expect(guest.get_by_text("on sale with 12 seats")).to_be_visible()
    showtime = Showtime.objects.get()
    customer = visit()
    customer.goto(f"/?theater={theater.slug}&day={on}")
    customer.get_by_role("link", name=re.compile("^19:30")).click()
    take(customer, "A1")
    assert customer.url.endswith(f"/showtimes/{showtime.pk}/")


def test_a_showtime_that_overlaps_is_refused_by_name(showtime, guest, manager):
    local = showtime.starts_at.astimezone(showtime.auditorium.theater.zone)
    sign_in(guest, manager)
    guest.goto("/admin/theaters/showtime/add/")
    guest.get_by_label("Movie").select_option(label=str(showtime.movie))
    guest.get_by_label("Auditorium").select_option(value=str(showtime.auditorium_id))
    guest.get_by_label("Price list").select_option(value=str(showtime.price_list_id))
    guest.get_by_label("Date").fill(f"{local:%Y-%m-%d}")
    guest.get_by_label("Time").fill(f"{local:%H:%M}")
    guest.get_by_role("button", name="Save", exact=True).click()
    expect(guest.locator(".errorlist").filter(has_text=showtime.movie.title)).to_be_visible()
    assert Showtime.objects.count() == 1


def test_a_draft_is_not_for_the_public(site, guest, visit, manager, watch):
    watch.allow(404)
    draft = make_draft()
    customer = visit()
    assert customer.goto(f"/showtimes/{draft.pk}/").status == 404
    sign_in(guest, manager)
    guest.goto(f"/admin/theaters/showtime/{draft.pk}/change/")
    guest.get_by_role("button", name="Save and publish").click()
    expect(guest.get_by_text("on sale with 12 seats")).to_be_visible()
    open_map(customer, draft)
    see_seat(customer, "A1", "free")


def test_the_office_is_closed_to_customers(guest, member, watch):
    watch.allow(403)
    guest.goto("/admin/")
    expect(guest.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(guest, member)
    assert guest.goto("/admin/").status == 403
    expect(guest.locator("h1")).to_be_visible()


def test_going_from_a_customers_page_into_the_office_is_no_error(site, guest, manager):
    """Chromium begins a page transition, finds that the office has none, and would report an error that nobody caught."""
    make_theater()
    sign_in(guest, manager)
    for place in ("/admin/", "/counter/", "/door/"):
        guest.goto("/")
        guest.evaluate(
            "(place) => document.body.append(Object.assign(document.createElement('a'), { href: place, id: 'in' }))",
            place,
        )
        guest.evaluate("setTimeout(() => document.getElementById('in').click(), 50)")
        guest.wait_for_url(f"**{place}**")
        expect(guest.get_by_role("heading").first).to_be_visible()
