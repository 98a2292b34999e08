"""A manager's week: showtimes are planned, published, moved and canceled; and customers see the changes."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from payments.refunds.change_notices import carry_out_due
from reservations.models import OutgoingMail
from tests.browser.steps import begin_to_pay, give_card, see_status, sign_in
from tests.factories import (
    make_auditorium,
    make_draft,
    make_movie,
    make_price_list,
    make_theater,
)
from theaters.models import Showtime

LIST = "/admin/theaters/showtime/"


@pytest.fixture
def room(site):
    return make_auditorium(make_theater())


def buy_a_ticket(page: Page, showtime, seat="A1") -> None:
    begin_to_pay(page, showtime, seat)
    give_card(page)
    see_status(page, "confirmed")


@pytest.mark.long
def test_a_week_is_planned_looked_at_and_published(guest, visit, manager, room):
    price_list, movie = make_price_list(room.theater), make_movie(title="Metropolis", slug="metropolis")
    sign_in(guest, manager)
    guest.goto(LIST)
    guest.get_by_role("link", name="Plan a week").click()
    guest.get_by_label("Movie, row 1").select_option(label=str(movie))
    guest.get_by_label("Auditorium, row 1").select_option(value=str(room.pk))
    guest.get_by_label("Price list, row 1").select_option(value=str(price_list.pk))
    guest.get_by_label("Times, row 1").fill("17:00 18:30 20:45")
    guest.get_by_role("button", name="Look at it").click()
    expect(guest.get_by_role("heading", name="21 showtimes, 14 with something in the way")).to_be_visible()
    assert not Showtime.objects.exists()
    guest.get_by_label("Times, row 1").fill("17:00 20:45")
    guest.get_by_role("button", name="Look again").click()
    expect(guest.get_by_role("heading", name="14 showtimes")).to_be_visible()
    guest.get_by_role("button", name="Save as drafts").click()
    expect(guest.get_by_text("14 drafts are saved")).to_be_visible()
    customer = visit()
    customer.goto("/movies/metropolis/")
    expect(customer.get_by_role("link", name=re.compile("17:00"))).to_have_count(0)
    guest.get_by_role("button", name="Publish the chosen ones").click()
    expect(guest.get_by_text("14 showtimes are on sale.")).to_be_visible()
    customer.reload()
    expect(customer.get_by_role("link", name=re.compile("17:00")).first).to_be_visible()


@pytest.mark.long
def test_a_draft_moves_by_arrow_key_and_by_form(guest, manager, room):
    draft = make_draft(auditorium=room)
    before = draft.starts_at
    day = f"{LIST}{draft.pk}/change/"
    sign_in(guest, manager)
    guest.goto(day)
    guest.get_by_role("link", name="Timeline of the day").click()
    bar = guest.locator(f"#showtime-{draft.pk}")
    bar.focus()
    bar.press("ArrowRight")
    bar.press("ArrowRight")
    expect(guest.get_by_text("is where it starts now")).to_be_visible()
    assert Showtime.objects.get().starts_at == before + timedelta(minutes=10)
    expect(guest.locator(f"#showtime-{draft.pk}")).to_be_focused()
    guest.get_by_role("button", name=re.compile("^5 minutes earlier")).click()
    expect(guest.get_by_text("is where it starts now")).to_be_visible()
    assert Showtime.objects.get().starts_at == before + timedelta(minutes=5)


@pytest.mark.long
def test_a_showtime_with_bookings_is_canceled(guest, visit, manager, showtime, work, books):
    customer = visit()
    buy_a_ticket(customer, showtime)
    booking = customer.url
    sign_in(guest, manager)
    guest.goto(f"{LIST}{showtime.pk}/change/")
    guest.get_by_role("link", name="Change or cancel").click()
    card = guest.get_by_role("region", name="Cancel")
    card.get_by_role("button", name="See what it touches").click()
    expect(guest.get_by_text("£14.50")).to_be_visible()
    guest.get_by_label("Reason").fill("The projector is broken")
    guest.get_by_role("button", name="Cancel this showtime").click()
    expect(guest.get_by_text("Done: on sale → canceled.")).to_be_visible()
    carry_out_due()
    work()
    guest.reload()
    expect(guest.get_by_text("Everything is done; nothing failed.")).to_be_visible()
    customer.goto(booking)
    see_status(customer, "canceled")
    expect(customer.get_by_text("£14.50 goes back").first).to_be_visible()
    assert list(OutgoingMail.objects.filter(kind="CALLED_OFF").values_list("contact__email", flat=True)) == [
        "ada@example.com"
    ]


@pytest.mark.long
def test_a_showtime_moves_and_its_holder_takes_the_money_back(guest, visit, manager, showtime, work, books):
    customer = visit()
    buy_a_ticket(customer, showtime)
    booking = customer.url
    later = (showtime.starts_at + timedelta(hours=1)).astimezone(showtime.auditorium.theater.zone)
    sign_in(guest, manager)
    guest.goto(f"{LIST}{showtime.pk}/alter/")
    card = guest.get_by_role("region", name="Move the time")
    card.get_by_label("Date").fill(f"{later:%Y-%m-%d}")
    card.get_by_label("Time").fill(f"{later:%H:%M}")
    card.get_by_role("button", name="See what it touches").click()
    guest.get_by_label("Reason").fill("The film is longer than we thought.")
    guest.get_by_role("button", name="Make this change").click()
    expect(guest.get_by_text(re.compile("^Done: "))).to_be_visible()
    customer.goto(booking)
    expect(customer.get_by_role("heading", name="Your showtime starts at another time")).to_be_visible()
    customer.get_by_role("button", name="Keep my tickets").click()
    expect(customer.get_by_text("You are keeping your tickets.")).to_be_visible()
    customer.get_by_role("button", name="Return my tickets for a full refund").click()
    see_status(customer, "canceled")
    expect(customer.get_by_text("£14.50 goes back").first).to_be_visible()
    carry_out_due()
    work()
