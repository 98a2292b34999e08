"""One person alone on a sofa: the house's rule and price hold, the shown price is charged, and the door counts one person."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.money import format_money
from core.refusals import BadChoice
from houses.models import Theater
from payments.models import Payment
from payments.sessions.checkout import pay
from payments.sessions.settlement import settle
from reservations.aftersale.transfers import CannotTransfer
from reservations.door.door_parties import admit_party
from reservations.door.door_rules import Door
from reservations.door.door_scans import admit
from reservations.models import Ticket
from reservations.refusals.seats import NothingTogether, OnlyWholeSofas, SeatGone
from reservations.refusals.selling import QuoteChanged
from reservations.seats.best_seats import OpenSeats, Wish, best_choices
from reservations.seats.list_wish import ListWish
from reservations.seats.seat_list import HouseFacts, seat_list
from reservations.seats.taking import Browser
from reservations.selectors.bookings import booking_page
from reservations.selectors.cancellation import cancel_offer
from reservations.selectors.door_parties import party_of, showtimes_today
from reservations.selling.bookings import PayForm, open_booking
from reservations.selling.quotes import make_quote
from tests.exchanging import with_all
from tests.factories import (
    hold_seats,
    make_auditorium,
    make_price_list,
    make_showtime,
    make_staff,
    make_theater,
    make_transfer,
    press_pay,
)
from theaters.forms import TicketTypeForm
from theaters.models import AgeRule, Price, TicketType
from theaters.plans.plan_text import parse_plan
from theaters.prices.prices import PriceTable, pinned_prices
from theaters.seat_categories import Categories

SOFAS = "A ssttt\n"
ALONE = {"A1": "ADULT", "A2": "EMPTY"}
# The house's rule: a price in its list, or a part of an adult's price (14.50 there).
RULES = {
    "nothing": ({"amount": "0"}, "0.00"),
    "full": ({"derived_percent": 100}, "14.50"),
    "amount": ({"amount": "4.20"}, "4.20"),
    "percent": ({"derived_percent": 33}, "4.79"),
}


def empty_place(theater, *, amount=None, **rules):
    if rules:
        rules["derived_from"] = theater.ticket_types.get(code="ADULT")
    kind = TicketType(code="EMPTY", name="Stays empty", is_empty_place=True, position=9, categories=["SOFA"], **rules)
    kind.theater = theater
    kind.save()
    price_list = theater.price_lists.get()
    if amount is not None:
        Price.objects.create(price_list=price_list, ticket_type=kind, category="SOFA", amount=Decimal(amount))
    return kind


def show(rule=None, plan=SOFAS):
    theater = make_theater()
    price_list = make_price_list(theater)
    if rule:
        empty_place(theater, **RULES[rule][0])
    return make_showtime(auditorium=make_auditorium(theater, plan), price_list=price_list)


@pytest.fixture
def booking(sandbox, my_browser):
    """A booking of one person on a sofa for two, with the other place at £4.20."""
    showtime = show("amount")
    hold_seats(showtime, my_browser, "A1")
    form = PayForm(email="ada@example.com", choices=ALONE, expected_total=Decimal("18.70"))
    made = pay(showtime_id=showtime.pk, browser=my_browser, form=form).booking
    payment = made.sale.payments.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    return with_all(made)


@pytest.mark.django_db
@pytest.mark.parametrize("rule", RULES)
def test_what_the_pages_say_is_what_is_charged(rule, client, sandbox):
    showtime, empty = show(rule), Decimal(RULES[rule][1])
    page, seats = client.get(f"/showtimes/{showtime.pk}/?view=list&count=1").text, f"/showtimes/{showtime.pk}/seats/"
    total = Decimal("14.50") + empty
    assert f"{format_money(total, 'GBP')} if 1 place stays empty" in page
    client.post(seats, {"take": "A1"})
    assert (
        f"A place that stays empty costs {format_money(empty, 'GBP')}" in client.get(f"/showtimes/{showtime.pk}/").text
    )
    checkout = f"/checkout/{showtime.pk}/"
    chosen = {"type-A1": "ADULT", "type-A2": "EMPTY", "email": "ada@example.com", "total": str(total)}
    shown = client.post(checkout, chosen | {"action": "update"}).text
    assert f"Pay {format_money(total, 'GBP')}" in shown.replace("\n", " ") or format_money(total, "GBP") in shown
    assert client.post(checkout, chosen | {"action": "pay"}).status_code == 303
    tickets = Ticket.objects.order_by("seat_id")
    assert [(one.seat.label, one.is_empty_place, one.price) for one in tickets] == [
        ("A1", False, Decimal("14.50")),
        ("A2", True, empty),
    ]
    assert Payment.objects.get().amount == total == sum(one.price for one in tickets)
    assert all(one.parts.tax == one.tax and 0 <= one.tax <= one.price for one in tickets)


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "words"), [("amount", "£4.20 for a place that stays empty"), (None, "")])
def test_legend_spoken_names_and_list_say_what_an_empty_place_costs(rule, words, client):
    showtime = show(rule, f"{SOFAS}B ooooo\n")
    page = client.get(f"/showtimes/{showtime.pk}/").text
    sofa, plain = (re.search(rf'aria-label="Row {seat}, ([^"]*)"', page)[1] for seat in ("A, seat 1", "B, seat 1"))
    assert sofa == ", ".join(part for part in ("Sofa", "£14.50", words, "free") if part)
    assert plain == "Standard, £14.50, free"
    legend = " ".join(re.search(r'<ul class="legend".*?</ul>', page, re.DOTALL)[0].split())
    assert legend.count("for a place that stays empty") == (1 if words else 0) and words in legend
    listed = client.get(f"/showtimes/{showtime.pk}/?view=list&count=2").text
    assert (f"£14.50, {words}</option>" in " ".join(listed.split())) == bool(words)


amounts = st.decimals(min_value=0, max_value=99, places=2)


@given(person=amounts, nobody=amounts, size=st.integers(2, 3), data=st.data())
def test_the_list_promises_what_the_quote_charges(person, nobody, size, data):
    count = data.draw(st.integers(1, size - 1))
    seats = parse_plan("A " + {2: "ss", 3: "ttt"}[size] + "\n").seats
    table = PriceTable(
        types=(
            TicketType(code="ADULT", name="Adult", is_default=True),
            TicketType(code="EMPTY", name="Empty", is_empty_place=True, position=1),
        ),
        amounts={("ADULT", "SOFA"): person, ("EMPTY", "SOFA"): nobody},
        tax_rate=Decimal("0.2"),
        booking_fee=Decimal("0.80"),
    )
    listed = seat_list(
        seats,
        "f" * size,
        ListWish(count=count),
        prices={"SOFA": person},
        currency="GBP",
        categories=Categories(),
        house=HouseFacts({"SOFA": table.empty_place_amount("SOFA")}),
    )
    (group,) = [group for section in listed.sections for row in section.rows for group in row.groups]
    theater = Theater(currency="GBP", timezone="Europe/London", business_day_starts_at=datetime(2026, 1, 1, 5).time())
    showtime = SimpleNamespace(
        pk=1,
        starts_at=datetime(2026, 11, 29, 19, tzinfo=UTC),
        auditorium=SimpleNamespace(theater=theater),
        age_rule=AgeRule(),
    )
    choices = {seat.label: "ADULT" if at < count else "EMPTY" for at, seat in enumerate(seats)}
    quote = make_quote(showtime=showtime, seats=[_Seat(seat) for seat in seats], choices=choices, prices=table)
    assert not quote.objections
    assert group.facts[0].startswith(format_money(quote.total, "GBP") + " if ")
    assert quote.total == sum(line.price for line in quote.lines) == person * count + nobody * (size - count)


class _Seat(SimpleNamespace):
    def __init__(self, drawn):
        super().__init__(label=drawn.label, category=drawn.category, unit=drawn.unit, section="", row="A", number=1)


@pytest.mark.django_db
def test_the_door_counts_one_person_and_the_empty_place_opens_nothing(booking, client):
    theater = booking.showtime.auditorium.theater
    door, now = Door(theater, None, "door 1", make_staff("DOOR", theater).pk), booking.showtime.starts_at
    _person, empty = booking.tickets.order_by("seat_id")
    assert admit(text=empty.code, door=door, now=now).sentence == "This place of a sofa stays empty: it lets nobody in."
    answer = admit_party(reference=booking.reference, door=door, now=now)
    assert (answer.let_in, answer.party.inside, answer.party.expected) == (("A1",), 1, 1)
    assert [seat.state for seat in party_of(booking).seats] == ["in", "empty"]
    assert [(one.inside, one.expected) for one in showtimes_today(theater, now)] == [(1, 1)]
    empty.refresh_from_db()
    assert empty.status == "VALID"


@pytest.mark.django_db
def test_it_has_no_code_and_nobody_else_gets_it(booking):
    page = booking_page(booking, now=timezone.now())
    shown = [(card.label, bool(card.code), card.status, card.transfer_url != "") for card in page.tickets]
    assert shown == [("A1", True, "valid", True), ("A2", False, "empty", False)]
    assert (page.total, page.seats_text) == (Decimal("18.70"), "A1, A2")
    with pytest.raises(CannotTransfer, match="sold to stay empty"):
        make_transfer(booking.tickets.get(seat__label="A2"))
    with pytest.raises(SeatGone):
        hold_seats(booking.showtime, Browser(holder="f" * 64, address=""), "A2")


@pytest.mark.django_db
def test_the_sofa_is_canceled_whole_and_all_of_its_money_goes_back(booking):
    offer = cancel_offer(booking, labels=["A1"], now=timezone.now())
    assert (len(offer.chosen), offer.refund) == (2, Decimal("18.70"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "choices", "words"),
    [
        ("amount", {"A1": "EMPTY", "A2": "EMPTY"}, "somebody has to sit on the sofa"),
        (None, ALONE, "Choose a ticket type for seat A2"),
    ],
)
def test_somebody_sits_there_and_the_house_must_sell_it(rule, choices, words, my_browser):
    showtime = show(rule)
    hold_seats(showtime, my_browser, "A1")
    form = PayForm(email="ada@example.com", choices=choices, expected_total=Decimal(1))
    with pytest.raises(BadChoice, match=words):
        open_booking(showtime_id=showtime.pk, browser=my_browser, form=form)
    assert not Ticket.objects.exists()


@pytest.mark.django_db
def test_a_house_that_does_not_sell_it_says_so_beside_the_sofa(client: Client):
    showtime = show()
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    page = client.get(f"/showtimes/{showtime.pk}/").text
    assert "We sell a sofa whole: there is a ticket for each of its places." in page
    assert "sold whole" in client.get(f"/showtimes/{showtime.pk}/?view=list&count=1").text


def test_the_best_seat_for_one_is_a_sofa_only_where_nothing_else_is_left():
    seats = parse_plan("A ssttt\nB oo\n").seats
    everything = {seat.label for seat in seats}

    def best(free, count, sells):
        return best_choices(OpenSeats(seats, free, None, sells_empty_places=sells), Wish(count=count))[0].labels

    sofas = everything - {"B1", "B2"}
    assert best(everything, 1, True) in (["B1"], ["B2"])
    assert best(sofas, 1, True) == ["A1", "A2"]
    assert best({"A3", "A4", "A5"}, 1, True) == ["A3", "A4", "A5"]
    with pytest.raises(OnlyWholeSofas):
        best(sofas, 1, False)
    with pytest.raises(NothingTogether) as refused:
        best(set(), 1, True)
    assert type(refused.value) is NothingTogether


@pytest.mark.django_db
def test_best_for_one_holds_a_sofa_and_says_what_the_place_costs(client):
    showtime = show("amount")
    client.post(f"/showtimes/{showtime.pk}/best/", {"count": "1"})
    assert "A place that stays empty costs £4.20" in client.get(f"/showtimes/{showtime.pk}/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"is_default": "on"}, "is_default"),
        ({"people": "2"}, "people"),
        ({"max_age": "12"}, "max_age"),
        ({"categories": []}, "categories"),
        ({}, None),
    ],
)
def test_the_office_says_nothing_about_people_there(typed, field):
    theater = make_theater()
    usual = {"theater": theater.pk, "code": "EMPTY", "name": "Empty", "position": 9, "categories": ["SOFA"]}
    form = TicketTypeForm(usual | {"is_empty_place": "on"} | typed)
    assert ([field] if field else []) == [name for name in form.errors if name == field or not field]


@pytest.mark.django_db
def test_a_seat_never_starts_empty():
    showtime = show("nothing")
    TicketType.objects.filter(code="EMPTY").update(position=0)
    prices = pinned_prices(showtime.price_version_id)
    assert (prices.default_type("SOFA").code, prices.shown_amount("SOFA")) == ("ADULT", Decimal("14.50"))


@pytest.mark.django_db
def test_pay_with_another_total_is_refused(my_browser):
    showtime = show("amount")
    hold_seats(showtime, my_browser, "A1")
    with pytest.raises(QuoteChanged):
        press_pay(showtime, my_browser, "A1", "A2", total="18.70")
