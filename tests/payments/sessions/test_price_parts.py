"""The effect of price rules on a price is kept with the ticket, whatever happens to the rules and the ticket later."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.utils import timezone, translation

from boxoffice.report_tables import ReportOptions
from boxoffice.report_tables.price_rules import price_rule_tables
from boxoffice.selectors.day_ranges import DayRange
from boxoffice.selectors.price_rule_figures import price_parts_sold
from boxoffice.selectors.sales_figures import Basis
from houses.business_days import business_day
from payments.books.ledger_export import HEADER, ledger_rows
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.counter.counter_seats import Overrides
from reservations.door.party_codes import choose_party_code
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import receipt_of
from reservations.models import Ticket
from reservations.opening.showtime_opening import open_for_sale
from reservations.pdf.papers import paper_pdf
from reservations.selectors.bookings import booking_page
from reservations.selling.comps import Comp, give_comp
from reservations.states import CancelCause
from sales.models import Sale
from tests.aging import unguarded
from tests.counter import make_seller, sell_seats
from tests.exchanging import agree, buy_to_exchange, choose, with_all
from tests.factories import (
    buy,
    hold_seats,
    make_browser,
    make_draft,
    make_price_list,
    make_price_rule,
    make_promo,
    make_theater,
)
from tests.ledger import broken_invariants
from tests.pdfs import text_of
from theaters.models import PriceRule

pytestmark = pytest.mark.django_db
WORDS = "List price £14.50; Happy Monday −£1.45; 3D surcharge £2.00"


@pytest.fixture
def theater():
    theater = make_theater()
    theater.avoids_single_seats = False
    theater.save(update_fields=["avoids_single_seats"])
    return theater


def in_2d(theater):
    return open_for_sale(showtime_id=make_draft(theater=theater, price_list=make_price_list(theater)).pk, actor="test")


@pytest.fixture
def showtime(theater):
    """A showtime in 3D with 10 % off: 14.50 − 1.45 + 2.00 = 15.05."""
    make_price_rule(theater, translations={"de": {"name": "3D-Zuschlag"}})
    make_price_rule(theater, kind="DAY_RATE", name="Happy Monday", percent=Decimal(10))
    draft = make_draft(theater=theater, price_list=make_price_list(theater))
    draft.picture = "3D"
    draft.save(update_fields=["picture"])
    return open_for_sale(showtime_id=draft.pk, actor="test")


def parts(ticket):
    changes = [(change.name, str(change.amount)) for change in ticket.changes]
    return (str(ticket.list_price), changes, str(ticket.discount), str(ticket.price))


RULES = [("Happy Monday", "-1.45"), ("3D surcharge", "2.00")]


def report(theater, basis=Basis.BOOK):
    today = business_day(theater, timezone.now())
    span = DayRange(theater, today - timedelta(days=40), today + timedelta(days=40))
    (table,) = price_rule_tables(ReportOptions(span=span, basis=basis))
    assert table.verdict.light == "green"
    return {
        (line.label, line.sold, str(line.gross), line.canceled, str(line.taken_back))
        for line in price_parts_sold(span=span, basis=basis)
    }


def exported(theater):
    today = business_day(theater, timezone.now())
    rows = ledger_rows(theater=theater, first=today - timedelta(days=2), last=today + timedelta(days=2))
    lines = [dict(zip(HEADER, map(str, row), strict=True)) for row in rows]
    return [
        (line["kind"], line["gross"], line["list_price"], line["price_rules"], line["by_price_rule"])
        for line in lines
        if line["book"] == "sales"
    ]


def test_a_ticket_keeps_its_parts_whatever_becomes_of_the_rules(showtime, sandbox):
    make_promo("HALF", kind="PERCENT", percent=Decimal(50))
    booking = buy(sandbox, showtime, make_browser(1), "A1", promo_code="HALF", total="7.52")
    PriceRule.objects.update(name="Another", amount=None, percent=Decimal(90))
    ticket = booking.tickets.get()
    assert parts(ticket) == ("14.50", RULES, "7.53", "7.52")
    assert ticket.price_text == f"{WORDS}; Discount −£7.53"
    assert broken_invariants() == []


def test_page_mail_receipt_and_pdf_tell_the_parts(showtime, sandbox, client):
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
    page = booking_page(with_all(booking), now=timezone.now())
    assert (page.list_total, page.total) == (Decimal(29), Decimal("30.10"))
    assert [(change.name, change.amount) for change in page.price_changes] == [
        ("Happy Monday", Decimal("-2.90")), ("3D surcharge", Decimal(4)),
    ]  # fmt: skip
    send_due_mail(now=timezone.now())
    (letter,) = mail.outbox
    assert WORDS in letter.body and WORDS in letter.alternatives[0][0]
    shown = client.get(f"/tickets/{booking.tickets.first().code}/").content.decode()
    assert WORDS in shown
    pdf = text_of(client.get(f"/tickets/{booking.tickets.first().code}.pdf").content)
    assert "3D surcharge £2.00" in " ".join(pdf.split())
    paper = receipt_of(booking_id=booking.pk)
    assert paper.content["price_rules"] == [
        {"what": "Happy Monday: in these prices already", "amount": "-2.90"},
        {"what": "3D surcharge: in these prices already", "amount": "4.00"},
    ]
    assert "3D surcharge: in these prices already" in text_of(paper_pdf(paper))


def test_the_name_is_read_in_the_language_of_the_reader(showtime, sandbox):

    ticket = buy(sandbox, showtime, make_browser(1), "A1").tickets.get()
    with translation.override("de"):
        assert "3D-Zuschlag 2,00" in ticket.price_text and "Happy Monday −1,45" in ticket.price_text


def test_a_price_of_staff_at_the_counter_is_a_discount_after_the_rules(showtime, theater):
    seller = make_seller(showtime, "MANAGER")
    allow = Overrides(reason="cold hall", prices={"A1": Decimal(10)})
    sold = sell_seats(showtime, seller, "A1", allow=allow, expected_total=Decimal(10), tendered=Decimal(10))
    assert parts(sold.booking.tickets.get()) == ("14.50", RULES, "5.05", "10.00")
    assert broken_invariants() == []
    assert report(theater) == {
        ("Price of the list", 1, "14.50", 0, "0"),
        ("Happy Monday", 1, "-1.45", 0, "0"),
        ("3D surcharge", 1, "2.00", 0, "0"),
        ("Discount", 1, "-5.05", 0, "0"),
    }
    assert exported(theater) == [("sale", "10.00", "14.50", "0.55", "Happy Monday -1.45; 3D surcharge 2.00")]


def test_what_is_given_away_has_no_part_in_the_figures(showtime, theater, sandbox):
    comp = Comp(labels=["A4"], email="critic@example.com", reason="Press")
    give_comp(showtime_id=showtime.pk, comp=comp, actor="test", now=timezone.now())
    assert parts(Ticket.objects.get()) == ("0.00", [], "0.00", "0.00")
    buy(sandbox, showtime, make_browser(1), "A1")
    assert {line[:2] for line in report(theater)} == {
        ("Price of the list", 1), ("Happy Monday", 1), ("3D surcharge", 1),
    }  # fmt: skip
    assert broken_invariants() == []


def test_a_canceled_ticket_takes_all_of_its_parts_back_and_what_is_kept_stands_apart(showtime, theater, sandbox):
    booking = buy(sandbox, showtime, make_browser(1), "A1", "A2")
    origin = CancellationOrigin(CancelCause.CUSTOMER, "customer")
    ids = [booking.tickets.first().pk]
    cancel_tickets(booking_id=booking.pk, ticket_ids=ids, percent=50, origin=origin)
    for basis in Basis:
        assert report(theater, basis) == {
            ("Price of the list", 2, "29.00", 1, "14.50"),
            ("Happy Monday", 2, "-2.90", 1, "-1.45"),
            ("3D surcharge", 2, "4.00", 1, "2.00"),
            ("Kept of canceled tickets", 1, "7.52", 0, "0"),
        }


def test_an_exchange_brings_the_parts_of_the_new_showtime(showtime, theater, sandbox):
    booking = buy_to_exchange(sandbox, "A1", showtime=showtime)
    plain = in_2d(theater)
    exchange = choose(booking, "A2", showtime=plain)
    agree(exchange)
    old, new = booking.tickets.get(), Ticket.objects.get(showtime=plain)
    assert (parts(old), parts(new)) == (("14.50", RULES, "0.00", "15.05"), ("14.50", [], "0.00", "14.50"))
    assert broken_invariants() == []
    assert report(theater) == {
        ("Price of the list", 2, "29.00", 1, "14.50"),
        ("Happy Monday", 1, "-1.45", 1, "-1.45"),
        ("3D surcharge", 1, "2.00", 1, "2.00"),
    }


def test_a_ticket_from_before_is_read_as_it_was(showtime, theater, sandbox):
    """Nobody noted the parts of its price; the release before this one writes such tickets too."""
    booking = buy(sandbox, showtime, make_browser(1), "A1")
    with unguarded() as cursor:
        cursor.execute("UPDATE reservations_ticket SET list_price = NULL, price_changes = '[]'")
    page = booking_page(with_all(booking), now=timezone.now())
    assert (page.price_changes, page.tickets[0].price_text) == ((), "")
    assert receipt_of(booking_id=booking.pk).content["price_rules"] == []
    assert exported(theater) == [("sale", "15.05", "", "", "")]
    assert report(theater) == {("Sold before parts were kept: the full price", 1, "15.05", 0, "0")}
    assert broken_invariants() == []


def test_one_code_for_a_party_says_what_the_price_of_all_is_made_of(client, sandbox, showtime, django_user_model):
    """Only the person who paid reads it; with the code alone nobody sees a price."""
    make_promo("PAIR", kind="PERCENT", percent=Decimal(10))
    browser = make_browser(7)
    hold_seats(showtime, browser, "A1", "A2")
    booking = buy(sandbox, showtime, browser, "A1", "A2", promo_code="PAIR", total=Decimal("27.09"))
    Sale.objects.filter(pk=booking.sale_id).update(user=django_user_model.objects.create_user("ada@example.com", "x"))
    choose_party_code(booking_id=booking.pk, wanted=True)
    booking.refresh_from_db()
    page = f"/tickets/{booking.party_code}/"
    assert "£" not in client.get(page).text
    client.force_login(booking.sale.user)
    mine = " ".join(client.get(page).text.split())
    whole = "List price £29.00; Happy Monday −£2.90; 3D surcharge £4.00; Discount −£3.01"
    assert '2 × Adult: <span class="amount">£27.09</span>' in mine and f"({whole})" in mine
    printed = " ".join(text_of(client.get(booking.address_of("booking_pdf")).content).split())
    assert "2 people: 2 × Adult" in printed and "£27.09" in printed and whole in printed
