"""A house with unusual rules: map, list, panel, checkout, mail, receipt and books all show the price that is charged."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone

from core.money import format_money
from houses.business_days import business_day
from payments.books.ledger_export import HEADER, ledger_rows
from payments.models import Payment
from payments.sessions.settlement import settle
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import receipt_of
from reservations.models import Booking
from reservations.opening.showtime_opening import open_for_sale
from reservations.seats.showtime_frame import shown_prices
from tests.clock import evening
from tests.factories import (
    make_auditorium,
    make_draft,
    make_price_list,
    make_price_rule,
    make_promo,
    make_showtime,
    make_theater,
)
from tests.ledger import broken_invariants
from theaters.early_ends import EarlyEnd
from theaters.models import Price, TicketType
from theaters.prices.lowest_prices import lowest_prices
from theaters.prices.price_notes import price_notes
from theaters.prices.prices import pinned_prices

pytestmark = pytest.mark.django_db
PLAN = "B ppppp\nA ooooo\n"


@pytest.fixture
def theater():
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save(update_fields=["avoids_single_seats"])
    return theater


def add_type(theater, code, position, *, on="", **rules):
    """Add a ticket type; `on` are the only seats on which it is sold."""
    rules = {"categories": [on]} | rules if on else rules
    return TicketType.objects.create(theater=theater, code=code, name=code.title(), position=position, **rules)


def for_others(theater, category):
    """Let the usual types not be sold on these seats."""
    Price.objects.filter(category=category).delete()
    other = {"PREMIUM": "STANDARD", "STANDARD": "PREMIUM"}[category]
    theater.ticket_types.update(categories=[other])


def priced(theater, kind, category, amount):
    Price.objects.create(
        price_list=theater.price_lists.get(), ticket_type=kind, category=category, amount=Decimal(amount)
    )


def total_on(client, showtime, choices, **more):
    """The total that the checkout shows for these types, when its form is posted."""
    form = {f"type-{label}": code for label, code in choices.items()}
    page = client.post(f"/checkout/{showtime.pk}/", form | more | {"action": "update", "email": "ada@example.com"}).text
    return re.search(r'name="total" value="([0-9.]+)"', page)[1], page


def test_all_wishes_at_once(theater, client, sandbox):  # noqa: PLR0915
    """3D in the evening, with derived types, a free child, a duo ticket, an early bird and a promo code."""
    make_price_list(theater)
    adult = theater.ticket_types.get(code="ADULT")
    add_type(
        theater,
        "SENIOR",
        6,
        derived_from=adult,
        derived_percent=77,
        round_to=Decimal("0.25"),
    )
    add_type(theater, "DUO", 7, derived_from=adult, derived_amount=Decimal(-3), least=2)
    add_type(theater, "TODDLER", 8, on="STANDARD")
    priced(theater, theater.ticket_types.get(code="TODDLER"), "STANDARD", 0)
    priced(theater, theater.ticket_types.get(code="SENIOR"), "PREMIUM", "11.11")
    make_price_rule(theater)
    make_price_rule(theater, kind="EARLY", name="Early bird", pictures=[], percent=Decimal(10), hours_before=2)
    make_promo("CLUB", amount=Decimal(5), kind="AMOUNT", currency="GBP")
    draft = make_draft(
        auditorium=make_auditorium(theater, PLAN),
        price_list=theater.price_lists.get(),
        starts_at=evening(3, theater=theater),
    )
    draft.picture = "3D"
    draft.save(update_fields=["picture"])
    showtime = open_for_sale(showtime_id=draft.pk, actor="test")
    on_map = shown_prices(showtime.pk, now=timezone.now())
    # (14.50 + 2.00) less a tenth. 14.50 × 0.77 = 11.165, in quarters 11.25. A free ticket stays free.
    assert on_map["STANDARD"] == lowest_prices([showtime], now=timezone.now())[showtime.pk] == Decimal("14.85")
    assert "£14.85" in client.get(f"/showtimes/{showtime.pk}/").text
    assert "£14.85" in client.get(f"/showtimes/{showtime.pk}/?view=list").text
    panel = client.post(f"/showtimes/{showtime.pk}/seats/", {"take": ["A1", "A2", "A3", "A4", "B1"]}, follow=True).text
    assert format_money(4 * on_map["STANDARD"] + on_map["PREMIUM"], "GBP") in panel
    choices = {"A1": "SENIOR", "A2": "TODDLER", "A3": "DUO", "A4": "DUO", "B1": "SENIOR"}
    expected = [Decimal("11.92"), Decimal(0), Decimal("12.15"), Decimal("12.15"), Decimal("11.80")]
    shown, page = total_on(client, showtime, choices, promo="CLUB")
    assert Decimal(shown) == sum(expected) - 5 and f"Pay £{shown}" in page
    form = {f"type-{label}": code for label, code in choices.items()} | {"promo": "CLUB", "total": shown}
    form["showing"] = f"{showtime.movie.slug} {int(showtime.starts_at.timestamp())}"
    answer = client.post(f"/checkout/{showtime.pk}/", form | {"action": "pay", "email": "ada@example.com"})
    assert answer.status_code == 303, answer.text
    booking, payment = Booking.objects.get(), Payment.objects.get()
    sandbox.pay(payment.session_id)
    settle(payment_id=payment.pk, actor="test")
    tickets = {ticket.seat.label: ticket for ticket in booking.tickets.all()}
    assert [tickets[label].full_price for label in choices] == expected
    assert [str(tickets[label].list_price) for label in choices] == ["11.25", "0.00", "11.50", "11.50", "11.11"]
    assert payment.amount == booking.total == Decimal(shown) and broken_invariants() == []
    send_due_mail(now=timezone.now())
    assert f"£{shown}" in mail.outbox[0].body and receipt_of(booking_id=booking.pk).content["total"] == shown
    today = business_day(theater, timezone.now())
    rows = [
        dict(zip(HEADER, row, strict=True))
        for row in ledger_rows(theater=theater, first=today - timedelta(days=1), last=today)
    ]
    sold = [row for row in rows if row["kind"] == "sale"]
    assert sum(row["gross"] for row in sold) == Decimal(shown)
    assert sum(row["list_price"] + row["price_rules"] - row["discount"] for row in sold) == Decimal(shown)


@pytest.mark.parametrize(
    "rules", [{"last_on": "before"}, {"weekdays": "another"}, {"channel": "COUNTER"}, {"needs_code": True}]
)
def test_the_map_shows_a_type_that_is_sold_for_this_day(theater, client, rules):
    """Bean bags have no adult price. Their cheap type has ended or is for other days, so the next one is shown and charged."""
    starts_at = evening(3, theater=theater)
    on = business_day(theater, starts_at)
    named = {"before": on - timedelta(days=1), "another": [on.isoweekday() % 7 + 1]}
    make_price_list(theater)
    for_others(theater, "PREMIUM")
    cheap = add_type(
        theater,
        "CHEAP",
        6,
        on="PREMIUM",
        **{key: named.get(value, value) if isinstance(value, str) else value for key, value in rules.items()},
    )
    priced(theater, cheap, "PREMIUM", 3)
    priced(theater, add_type(theater, "DUO", 7, on="PREMIUM", least=2), "PREMIUM", 5)
    priced(theater, add_type(theater, "USUAL", 8, on="PREMIUM"), "PREMIUM", 7)
    auditorium = make_auditorium(theater, "B ppppp\n")
    showtime = make_showtime(auditorium=auditorium, price_list=theater.price_lists.get(), starts_at=starts_at)
    assert shown_prices(showtime.pk, now=timezone.now())["PREMIUM"] == Decimal(7)
    assert lowest_prices([showtime], now=timezone.now()) == {showtime.pk: Decimal(7)}
    assert "Row B, seat 1, Premium, £7.00, free" in client.get(f"/showtimes/{showtime.pk}/").text
    client.post(f"/showtimes/{showtime.pk}/seats/", {"take": "B1"})
    assert total_on(client, showtime, {})[0] == "7.00"


def test_a_type_that_ends_today_is_shown_today_and_no_more_tomorrow(theater):
    """Both showtimes share one price version; the day of each decides."""
    make_price_list(theater)
    for_others(theater, "STANDARD")
    today, tomorrow = evening(3, theater=theater), evening(4, theater=theater)
    priced(theater, add_type(theater, "SALE", 6, on="STANDARD", last_on=business_day(theater, today)), "STANDARD", 4)
    priced(theater, add_type(theater, "USUAL", 7, on="STANDARD"), "STANDARD", 9)
    auditorium = make_auditorium(theater, "A ooooo\n")
    shows = [
        make_showtime(auditorium=auditorium, price_list=theater.price_lists.get(), starts_at=at)
        for at in (today, tomorrow)
    ]
    assert shows[0].price_version_id == shows[1].price_version_id
    assert [lowest_prices(shows, now=timezone.now())[show.pk] for show in shows] == [4, 9]
    assert [shown_prices(show.pk, now=timezone.now())["STANDARD"] for show in shows] == [4, 9]


def test_an_early_bird_of_hours_says_its_moment_when_clocks_go_forward(theater):
    """20 hours before 20:00 is midnight, but 23:00 in the night that is an hour short. Customers read that moment."""
    make_price_rule(theater, kind="EARLY", name="Early bird", pictures=[], amount=Decimal(3), hours_before=20)
    texts = []
    for day in (22, 29):  # the clocks of London go forward on 29 March 2026
        starts_at = datetime(2026, 3, day, 20, tzinfo=theater.zone)
        draft = make_draft(
            auditorium=make_auditorium(theater, "A ooooo\n"),
            price_list=theater.price_lists.first() or make_price_list(theater),
        )
        showtime = open_for_sale(showtime_id=draft.pk, actor="test")
        (note,) = price_notes(
            pinned_prices(showtime.price_version_id).for_buyers_until(EarlyEnd(20)), starts_at=starts_at
        )
        texts.append(note.text)
        assert (starts_at.astimezone(UTC) - timedelta(hours=20)).astimezone(theater.zone).hour == (
            0 if day == 22 else 23
        )
    assert "00:00" in texts[0] and "23:00" in texts[1]
