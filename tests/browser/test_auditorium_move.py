"""A showtime moves to another auditorium: staff see the plan, change a seat and apply it; an open map shows the new seats
by itself.
"""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from tests.boxoffice.scenes import book
from tests.browser.steps import see_seat, sign_in
from tests.browser.test_axe import assert_open_to_all
from tests.factories import make_auditorium

LARGER = "A oooo.oooo\nB oooo.oooo\nC pppp.pppp\nD pppp.pppp"


@pytest.mark.long
def test_from_the_choice_of_an_auditorium_to_the_map_of_the_new_one(visit, watch, manager, showtime):
    with transaction.atomic():
        pair = book(showtime, "B1", "B2")
        hall = make_auditorium(showtime.auditorium.theater, LARGER)
    customer, staff = visit(), visit(width=375, height=812, color_scheme="dark")
    customer.goto(f"/showtimes/{showtime.pk}/")
    see_seat(customer, "B1", "sold")
    sign_in(staff, manager)
    staff.goto(f"/admin/theaters/showtime/{showtime.pk}/alter/")
    card = staff.get_by_role("region", name="Move to another auditorium")
    card.get_by_label("Auditorium").select_option(label=hall.name)
    card.get_by_role("button", name="See what it touches").click()
    expect(staff.get_by_text("Everybody sits as well as before.")).to_be_visible()
    assert_open_to_all(staff)
    watch.allow(503)
    customer.locator('[data-seat="A1"]').click()
    expect(customer.get_by_text("about to move to another auditorium").first).to_be_visible()
    staff.get_by_label("New seat for B1").fill("d3")
    staff.get_by_label("New seat for B2").fill("d4")
    staff.get_by_role("button", name="Change these seats").click()
    expect(staff.get_by_label("New seat for B1")).to_have_value("D3")
    staff.get_by_label("Reason").fill("The heating is broken")
    staff.get_by_role("button", name="Make this change").click()
    expect(staff.get_by_role("heading", name="Who moved where")).to_be_visible()
    assert_open_to_all(staff)
    see_seat(customer, "D3", "sold")
    see_seat(customer, "B1", "free")
    assert list(pair.tickets.values_list("seat__label", flat=True)) == ["D3", "D4"]
