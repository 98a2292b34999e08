"""Ticket types as an open list, with rules that are pinned with a showtime's prices, from the quote to Pay."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest
from django.utils import translation

from core.refusals import BadChoice
from reservations.models import PromoRedemption, Ticket
from reservations.seats.taking import Browser
from reservations.selling.bookings import open_booking
from reservations.selling.party_rules import PartySeat, objections
from reservations.selling.type_offers import TypeOffer, why_not_offered
from tests.factories import (
    hold_seats,
    make_auditorium,
    make_browser,
    make_price_list,
    make_promo,
    make_showtime,
    make_theater,
    pay_form,
)
from theaters.models import AgeRule, TicketType
from theaters.prices.price_versions import pin_prices
from theaters.prices.prices import pinned_prices
from theaters.states import SalesChannel

FAMILY = TicketType(code="FAMILY", name="Family", people=4)
GROUP = TicketType(code="GROUP", name="Group", least=3, most=5)
MONDAY = date(2026, 11, 30)
COOKIE = "a-cookie-of-128-random-bits"
ME = Browser(holder=sha256(COOKIE.encode()).hexdigest(), address="127.0.0.1")
ONLINE = TypeOffer(SalesChannel.ONLINE, MONDAY)


def objected(kind, number):
    places = [PartySeat(f"A{seat}", "STANDARD", kind) for seat in range(1, number + 1)]
    return [one.sentence for one in objections(places=places, ages=AgeRule())]


@pytest.mark.parametrize(
    ("kind", "number", "words"),
    [
        (FAMILY, 4, None),
        (FAMILY, 8, None),
        (FAMILY, 3, "is for 4 people together"),
        (FAMILY, 5, "is for 4 people together"),
        (GROUP, 2, "from 3 tickets on, and this is 2"),
        (GROUP, 3, None),
        (GROUP, 5, None),
        (GROUP, 6, "up to 5 Group tickets at a time"),
    ],
)
def test_a_type_is_booked_in_the_numbers_that_it_says(kind, number, words):
    found = objected(kind, number)
    assert found == [] if words is None else [words in sentence for sentence in found] == [True]


@pytest.mark.parametrize(
    ("rules", "offer", "words"),
    [
        ({"channel": "COUNTER"}, ONLINE, "only at the counter"),
        ({"channel": "COUNTER"}, replace(ONLINE, channel=SalesChannel.COUNTER), ""),
        ({"channel": "ONLINE"}, replace(ONLINE, channel=SalesChannel.COUNTER), "only online"),
        ({"needs_code": True}, ONLINE, "you need a promo code"),
        ({"needs_code": True}, replace(ONLINE, opened=frozenset({"STAFF"})), ""),
        ({"needs_code": True}, replace(ONLINE, opened=frozenset({"ADULT"})), "you need a promo code"),
        ({"weekdays": [1]}, ONLINE, ""),
        ({"weekdays": [2, 3]}, ONLINE, "these days: Tuesday and Wednesday"),
        ({"last_on": MONDAY}, ONLINE, ""),
        ({"last_on": date(2026, 11, 29)}, ONLINE, "until 29 November"),
    ],
)
def test_who_may_not_have_a_type_reads_why(rules, offer, words):
    sentence = why_not_offered(TicketType(code="STAFF", name="Staff", **rules), offer)
    assert words in sentence if words else not sentence


@pytest.fixture
def theater():
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save(update_fields=["avoids_single_seats"])
    return theater


def opened(theater, **prices):
    auditorium = make_auditorium(theater)
    amounts = {"ADULT": Decimal("14.50"), "CHILD": Decimal(9)} | {
        name: Decimal(amount) for name, amount in prices.items()
    }
    return make_showtime(auditorium=auditorium, price_list=make_price_list(theater, amounts))


def add_type(theater, code, **rules):
    return TicketType.objects.create(theater=theater, code=code, name=code.title(), position=5, **rules)


@pytest.mark.django_db
class TestOnSale:
    def test_a_family_pays_one_price_to_the_cent_and_each_seat_has_its_share(self, theater):
        add_type(theater, "FAMILY", people=3)
        showtime, browser = opened(theater, FAMILY="40.00"), make_browser(1)
        hold_seats(showtime, browser, "A1", "A2", "A3")
        form = pay_form(showtime, "A1", "A2", "A3", kind="FAMILY", total="40.00")
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=form)
        shares = list(booking.tickets.order_by("seat_id").values_list("price", flat=True))
        assert (shares, booking.total) == ([Decimal("13.33"), Decimal("13.34"), Decimal("13.33")], Decimal(40))

    def test_rules_that_change_later_do_not_touch_a_showtime_on_sale(self, theater):
        showtime, browser = opened(theater), make_browser(2)
        theater.ticket_types.filter(code="CHILD").update(channel="COUNTER", needs_adult=True, people=2, name="Kid")
        hold_seats(showtime, browser, "A1")
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, "A1", kind="CHILD"))
        assert booking.tickets.values_list("price", "type_name").get() == (Decimal(9), "Kid")
        pin_prices(showtime)
        pinned = {kind.code: kind for kind in pinned_prices(showtime.price_version_id).types}
        assert (pinned["CHILD"].channel, pinned["CHILD"].people) == ("COUNTER", 2)

    def test_a_type_of_the_counter_is_refused_online_in_words(self, theater):
        add_type(theater, "STAFF", channel="COUNTER")
        showtime, browser = opened(theater, STAFF="3.00"), make_browser(3)
        hold_seats(showtime, browser, "A1")
        with pytest.raises(BadChoice, match="only at the counter"):
            open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, "A1", kind="STAFF"))
        assert not Ticket.objects.exists()

    def test_a_code_that_takes_nothing_off_opens_a_type(self, theater, client):
        add_type(theater, "STAFF", needs_code=True)
        showtime = opened(theater, STAFF="3.00")
        client.cookies["holder"] = COOKIE
        promo = make_promo("INHOUSE", kind="AMOUNT", amount=Decimal(0), currency="GBP", ticket_types=["STAFF"])
        hold_seats(showtime, ME, "A1")
        page = f"/checkout/{showtime.pk}/"
        assert b"Staff" not in client.get(page).content
        offered = client.post(page, {"action": "update", "promo": "INHOUSE", "type-A1": "ADULT"}).content.decode()
        assert "Staff" in offered and "opens special tickets" in offered
        form = pay_form(showtime, "A1", kind="STAFF", promo_code="INHOUSE")
        booking = open_booking(showtime_id=showtime.pk, browser=ME, form=form)
        assert (booking.total, booking.promo_code) == (Decimal(3), promo)
        assert PromoRedemption.objects.get().discount == 0

    def test_a_ticket_shows_its_type_in_the_reader_s_language_until_the_type_is_renamed(self, theater):
        theater.ticket_types.filter(code="ADULT").update(translations={"de": {"name": "Erwachsene"}})
        showtime, browser = opened(theater), make_browser(4)
        hold_seats(showtime, browser, "A1")
        booking = open_booking(showtime_id=showtime.pk, browser=browser, form=pay_form(showtime, "A1"))
        with translation.override("de"):
            assert booking.tickets.get().type_text == "Erwachsene"
            theater.ticket_types.filter(code="ADULT").update(name="Full price")
            assert booking.tickets.get().type_text == "Adult"
