"""With odd amounts in odd currencies, every list, file and page names the price that is charged on the web and at the counter."""

import re
from decimal import Decimal
from itertools import product

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from core.money import format_from_price, format_money
from payments.models import Payment
from payments.sessions.settlement import settle
from reservations.letters.papers import receipt_of
from reservations.models import Booking, Ticket
from reservations.seats.showtime_frame import shown_prices
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.factories import make_auditorium, make_price_list, make_price_rule, make_showtime, make_theater
from tests.ledger import broken_invariants
from tests.variants import some

pytestmark = pytest.mark.django_db
HOUSES = {
    # currency: country, time zone, the prices of Adult and Child
    "JPY": ("JP", "Asia/Tokyo", "1999", "1001"),
    "HUF": ("HU", "Europe/Budapest", "2399.00", "1201.00"),
    "CHF": ("CH", "Europe/Zurich", "17.42", "9.03"),
    "KWD": ("KW", "Asia/Kuwait", "4.250", "2.130"),
}
RULES = {
    "a third off, 3 % on, a seventh off": [("DAY_RATE", 33), ("SURCHARGE", 3), ("EARLY", 14)],
    "all off": [("DAY_RATE", 100), ("SURCHARGE", 50)],
    "nothing off": [("DAY_RATE", 0), ("SURCHARGE", 0), ("EARLY", 0)],
    "doubled, then nine tenths off": [("SURCHARGE", 100), ("EARLY", 90)],
}


@pytest.mark.parametrize(("currency", "rules"), some(product(HOUSES, RULES), every=8))
def test_lists_files_and_pages_name_what_is_charged(currency, rules, sandbox, settings):
    country, zone, adult, child = HOUSES[currency]
    settings.COUNTER_WITHOUT_ADAPTER = ["HU"]
    theater = make_theater(country=country, currency=currency, timezone_name=zone)
    theater.avoids_single_seats = False
    theater.save()
    make_price_list(theater, prices={"ADULT": Decimal(adult), "CHILD": Decimal(child)})
    for kind, percent in RULES[rules]:
        hours = {"hours_before": 2} if kind == "EARLY" else {}
        make_price_rule(
            theater, kind=kind, name=kind.title(), pictures=[], percent=Decimal(percent), amount=None, **hours
        )
    showtime = make_showtime(auditorium=make_auditorium(theater), price_list=theater.price_lists.get())
    price = shown_prices(showtime.pk, now=timezone.now())["STANDARD"]
    client, feeds = Client(), f"/theaters/{theater.slug}/showtimes"
    assert Decimal(client.get(f"{feeds}.json").json()["showtimes"][0]["price_from"]) == price
    (event,) = Calendar.from_ical(client.get(f"{feeds}.ics").content).walk("VEVENT")
    assert format_from_price(price, currency) in event["DESCRIPTION"]
    assert format_money(price, currency) in client.get(showtime.get_absolute_url()).text
    offered = re.findall(r'"price":\s*"([0-9.]+)"', client.get(showtime.movie.get_absolute_url()).text)
    assert {Decimal(one) for one in offered} == {price}
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "A1"})
    form = {"type-A1": "ADULT", "email": "a@example.com"}
    shown = client.post(f"/checkout/{showtime.pk}/", form | {"action": "update"}).text
    total = re.search(r'name="total" value="([0-9.]+)"', shown)[1]
    assert Decimal(total) == price
    showing = f"{showtime.movie.slug} {int(showtime.starts_at.timestamp())}"
    assert (
        client.post(
            f"/checkout/{showtime.pk}/", form | {"action": "pay", "total": total, "showing": showing}
        ).status_code
        == 303
    )
    for payment in Payment.objects.all():
        sandbox.pay(payment.session_id)
        settle(payment_id=payment.pk, actor="test")
        assert payment.amount == price
    clerk = seller(theater)
    hold(clerk, showtime, "A3")
    assert clerk.get(at(showtime)).context["quote"].total == price
    assert clerk.post(at(showtime), sale("A3", total=total, method="terminal")).status_code == 303
    assert set(Ticket.objects.values_list("status", "price")) == {("VALID", price)}
    for booking in Booking.objects.all() if price else ():
        assert receipt_of(booking_id=booking.pk).content["total"].replace(",", "") == total
    assert broken_invariants() == []
