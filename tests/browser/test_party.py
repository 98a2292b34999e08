"""Rules for parties are explained on the map, at the checkout and after Pay; and the prices behind them are set in the office."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from reservations.models import Booking
from tests.browser.steps import give_card, go_to_checkout, open_map, panel, press_pay, see_status, sign_in, take
from tests.browser.test_axe import assert_open_to_all
from tests.factories import make_auditorium, make_movie, make_price_list, make_showtime, make_theater
from theaters.models import MovieRating, Price, TicketType


@pytest.fixture
def theater(site):
    theater = make_theater()
    theater.booking_fee = Decimal("0.80")
    theater.save()
    theater.ticket_types.filter(code="ADULT").update(is_adult=True)
    theater.ticket_types.filter(code="CHILD").update(max_age=14)
    TicketType.objects.create(
        theater=theater, code="CARER", name="Carer", position=5, needs_wheelchair=True, categories=["COMPANION"]
    )
    return theater


@pytest.fixture
def rated(theater):
    def show(label, **ages):
        movie = make_movie()
        MovieRating.objects.create(movie=movie, country="GB", label=label, **ages)
        prices = make_price_list(theater, {"ADULT": Decimal("14.50"), "CHILD": Decimal(9), "CARER": Decimal(0)})
        return make_showtime(auditorium=make_auditorium(theater, "A wcc.ooo"), price_list=prices, movie=movie)

    return show


@pytest.fixture
def visitor(visit):
    return visit(width=375, height=800, color_scheme="dark")


@pytest.mark.long
def test_a_carer_comes_free_beside_a_wheelchair_space(rated, visitor):
    open_map(visitor, rated("U"))
    take(visitor, "A2")
    expect(panel(visitor).get_by_text("only together with a wheelchair space")).to_be_visible()
    expect(panel(visitor).get_by_role("link", name="Continue")).to_have_count(0)
    assert_open_to_all(visitor)
    take(visitor, "A1")
    go_to_checkout(visitor)
    visitor.locator("#type-A2").select_option("CARER")
    expect(visitor.get_by_role("button", name="Pay £14.50")).to_be_visible()
    visitor.get_by_label("E-mail").fill("ada@example.com")
    press_pay(visitor)
    give_card(visitor)
    see_status(visitor, "confirmed")
    assert list(Booking.objects.get().tickets.values_list("type_name", "price")) == [
        ("Adult", Decimal("14.50")),
        ("Carer", 0),
    ]


@pytest.mark.long
def test_a_child_alone_is_told_what_is_missing_and_nothing_is_charged(rated, visitor, watch):
    watch.allow(422)
    open_map(visitor, rated("12A", accompanied_below=12))
    expect(visitor.get_by_text("Anybody under 12 has to come with an adult.")).to_be_visible()
    take(visitor, "A4", "A5")
    go_to_checkout(visitor)
    visitor.locator("#type-A4").select_option("CHILD")
    expect(visitor.get_by_role("button", name="Pay £23.50")).to_be_visible()
    visitor.locator("#type-A5").select_option("CHILD")
    sentence = visitor.get_by_text("please add a ticket for an adult to the Child ticket.")
    expect(sentence).to_be_visible()
    visitor.get_by_label("E-mail").fill("ada@example.com")
    # The page shows the sentence already, so the test waits for the answer to Pay itself.
    with visitor.expect_response(lambda answer: answer.status == 422):
        press_pay(visitor)
    expect(sentence).to_be_visible()
    assert_open_to_all(visitor)
    assert not Booking.objects.exists()


@pytest.mark.long
def test_what_nobody_may_have_is_not_offered(rated, visitor):
    open_map(visitor, rated("15", min_age=15))
    take(visitor, "A4")
    go_to_checkout(visitor)
    expect(visitor.locator("#type-A4 option[value=CHILD]")).to_be_disabled()
    expect(visitor.get_by_text("there are no Child tickets.")).to_be_visible()
    expect(visitor.locator(".sums-included")).to_contain_text("booking fee")
    assert_open_to_all(visitor)


@pytest.mark.long
def test_staff_change_prices_and_move_what_is_on_sale(rated, visitor, manager):
    showtime = rated("U")
    sign_in(visitor, manager)
    visitor.goto(f"/admin/theaters/pricelist/{showtime.price_list_id}/change/")
    visitor.get_by_label("Adult, Standard").fill("16.00")
    visitor.get_by_label("Friday").check()
    assert_open_to_all(visitor)
    visitor.get_by_role("button", name="Save and continue editing").click()
    visitor.get_by_role("link", name="1 showtime on sale sells at older prices").click()
    assert_open_to_all(visitor)
    visitor.get_by_role("button", name="Move them to the new prices").click()
    expect(visitor.get_by_text("1 showtime now sells at the prices of")).to_be_visible()
    assert Price.objects.get(ticket_type__code="ADULT", category="STANDARD").amount == 16
    open_map(visitor, showtime)
    expect(visitor.locator(".legend")).to_contain_text("£16.00")
