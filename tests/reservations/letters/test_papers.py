"""Receipts and credit notes: numbers without gaps, sums that add up, and contents that never change."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from core.models import PauseKind, SalesPause
from houses.models import Theater
from payments.refunds.cancellation import cancel_and_refund
from reservations import locks
from reservations.access import booking_secret
from reservations.aftersale.cancellation import CancellationOrigin, cancel_tickets
from reservations.aftersale.goodwill import owe_goodwill
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import credit_note_of, receipt_of
from reservations.models import Paper, PaperCounter
from reservations.pdf.papers import paper_pdf
from reservations.states import CancelCause
from sales.models import Sale
from tests.factories import begin_paying, buy, make_browser, make_price_list, make_promo, make_showtime, make_theater
from tests.ledger import broken_invariants, nothing_changes
from tests.pdfs import text_of
from tests.variants import some
from theaters.schedule.sales_pauses import pause_sales

pytestmark = pytest.mark.django_db
STAFF = CancellationOrigin(CancelCause.STAFF, "staff:1")


@pytest.fixture
def booking(showtime, my_browser, sandbox):
    Theater.objects.update(company="Lantern Ltd", tax_number="GB 123 4567 89")
    return buy(sandbox, showtime, my_browser, "A1", "B1")


@pytest.fixture
def me(booking, django_user_model):
    ada = django_user_model.objects.create_user("ada@example.com", "x")
    Sale.objects.filter(pk=booking.sale_id).update(user=ada)
    client = Client()
    client.force_login(ada)
    return client


def cancel(booking, label, percent=100):
    ids = list(booking.tickets.filter(seat__label=label).values_list("pk", flat=True))
    return cancel_tickets(booking_id=booking.pk, ticket_ids=ids, percent=percent, origin=STAFF)


def words_of(answer):
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert answer.content.startswith(b"%PDF-") and answer.content.rstrip().endswith(b"%%EOF")
    return text_of(answer.content)


# What they say.


def test_a_receipt_names_who_sold_what_and_the_tax_inside(me, booking):
    text = words_of(me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True))
    for words in (
        "Receipt R-000001", "Lantern Ltd", "1 Light Street", "Tax number GB 123 4567 89", booking.reference,
        "ada@example.com", "row A seat 1, Adult", "row B seat 1, Adult", "20% tax included", "14.50", "17.50",
        "Paid by card", "32.00", "26.66", "5.34", "All amounts in GBP",
    ):  # fmt: skip
        assert words in text, words


def test_a_receipt_says_what_was_taken_off_and_by_which_code(showtime, sandbox):
    make_promo()
    booking = buy(sandbox, showtime, make_browser(5), "A1", "B1", promo_code="LANTERN", total="25.60")
    content = receipt_of(booking_id=booking.pk).content
    assert content["discount"] == {"what": "Discount, promo code LA••••: taken off already", "amount": "-6.40"}
    assert (content["total"], [line["amount"] for line in content["lines"]]) == ("25.60", ["11.60", "14.00"])
    text = text_of(paper_pdf(receipt_of(booking_id=booking.pk)))
    assert "promo code LA" in text and "LANTERN" not in text and "-6.40" in text


def test_without_a_discount_there_is_no_line_for_it(booking):
    assert receipt_of(booking_id=booking.pk).content["discount"] == {}


def test_a_receipt_stays_what_was_sold(me, booking):
    before = me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).content
    cancel(booking, "B1")
    Theater.objects.update(company="Somebody Else", street="2 Dark Street", tax_rate=Decimal("0.5"))
    assert me.post(f"/bookings/{booking.reference}/receipt.pdf", follow=True).content == before


def test_there_is_no_credit_note_of_what_gave_nothing_back(booking):
    assert credit_note_of(cancellation_id=cancel(booking, "A1", percent=0).pk) is None


def test_a_credit_note_refers_to_its_receipt_and_says_what_was_kept(me, booking):
    cancel(booking, "B1", percent=50)
    text = words_of(me.post(f"/bookings/{booking.reference}/credit-notes/1.pdf", follow=True))
    for words in (
        "Credit note C-000001",
        "For receipt R-000001 of",
        "row B seat 1",
        "Given back",
        "8.75",
        "7.29",
        "1.46",
    ):
        assert words in text, words
    assert "Kept of these tickets" in text and "row A seat 1" not in text


def test_goodwill_has_a_credit_note_with_its_tax(me, booking):
    with transaction.atomic():
        owe_goodwill(locks.booking(booking.pk), Decimal("6.00"), actor="staff:1", reason="The heating was off")
    text = words_of(me.post(f"/bookings/{booking.reference}/credit-notes/1.pdf", follow=True))
    for words in ("Credit note C-000001", "For receipt R-000001 of", "the tickets stay", "6.00", "5.00", "1.00"):
        assert words in text, words
    assert "heating" not in text
    assert list(booking.tickets.values_list("status", flat=True)) == ["VALID", "VALID"]


def test_each_cancellation_has_a_credit_note_of_its_own(me, booking):
    cancel(booking, "B1")
    cancel(booking, "A1")
    second, first = [
        words_of(me.post(f"/bookings/{booking.reference}/credit-notes/{n}.pdf", follow=True)) for n in (2, 1)
    ]
    assert [paper.name for paper in Paper.objects.order_by("pk")] == ["R-000001", "C-000001", "C-000002"]
    assert ("row A" in first, "row A" in second) == (False, True)
    assert me.get(f"/bookings/{booking.reference}/credit-notes/3.pdf").status_code == 404
    assert me.get(f"/bookings/{booking.reference}/credit-notes/0.pdf").status_code == 404


@pytest.mark.parametrize(
    ("currency", "price", "rate"),
    [("GBP", "14.55", "0.2"), ("JPY", "1905", "0.1"), ("EUR", "9.99", "0.07"), ("OMR", "3.500", "0.05")],
)
@pytest.mark.parametrize("percent", some([33, 100, 50], every=3))
def test_net_fee_and_tax_add_up_to_the_coin(my_browser, sandbox, currency, price, rate, percent):
    theater = make_theater(currency=currency, tax_rate=rate)
    amount = Decimal(price)
    prices = make_price_list(theater, {"ADULT": amount, "CHILD": amount}, premium=Decimal(0))
    sold = buy(sandbox, make_showtime(theater=theater, price_list=prices), my_browser, "A1", "A2", "B1")
    done = cancel_tickets(booking_id=sold.pk, ticket_ids=None, percent=percent, origin=STAFF)
    for paper, total in (
        (receipt_of(booking_id=sold.pk), sold.total),
        (credit_note_of(cancellation_id=done.pk), done.refunded),
    ):
        [row] = paper.content["taxes"]
        number = {name: Decimal(text.replace(",", "")) for name, text in row.items() if name != "rate"}
        assert number["net"] + number["fee"] + number["tax"] == number["gross"] == total
        lines = [Decimal(line["amount"].replace(",", "")) for line in paper.content["lines"]]
        assert sum(lines) == Decimal(paper.content["total"].replace(",", "")) == total


# Their numbers.


def test_numbers_run_by_theater_and_kind_and_are_given_once(showtime, sandbox):
    other = make_showtime(theater=make_theater(currency="USD"))
    sold = [
        buy(sandbox, where, make_browser(n), f"A{n}") for n, where in enumerate([showtime, other, showtime], start=1)
    ]
    papers = [receipt_of(booking_id=one.pk) for one in reversed(sold)]
    assert [paper.name for paper in papers] == ["R-000001", "R-000001", "R-000002"]
    with nothing_changes():
        assert [receipt_of(booking_id=one.pk) for one in sold] == list(reversed(papers))
    assert PaperCounter.objects.count() == 2


def test_after_a_restore_numbers_run_in_a_new_series_and_none_comes_again(showtime, sandbox):
    """Nobody knows any more which numbers were given after the backup."""
    first, second, third = (buy(sandbox, showtime, make_browser(n), f"A{n}") for n in (1, 2, 3))
    before = receipt_of(booking_id=first.pk)
    names = [before.name]
    for booking, day in [(second, 3), (third, 4)]:
        since = datetime(2026, 12, day, 14, 30, tzinfo=UTC)
        pause = {"kind": PauseKind.AFTER_RESTORE, "why": "Restored", "actor": "command", "since": since}
        SalesPause.objects.create(**pause, ended_at=since, ended_by="command")
        names.append(receipt_of(booking_id=booking.pk).name)
    assert names == ["R-000001", "R-2612031430-000001", "R-2612041430-000001"]
    assert receipt_of(booking_id=first.pk) == before and broken_invariants() == []


def test_a_pause_by_hand_begins_no_series(booking):
    pause_sales(why="The projector is on fire", actor="command")
    assert receipt_of(booking_id=booking.pk).name == "R-000001"


def test_a_number_that_could_not_be_written_is_given_to_the_next(booking, monkeypatch):
    monkeypatch.setattr(Paper.objects, "create", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        receipt_of(booking_id=booking.pk)
    monkeypatch.undo()
    assert receipt_of(booking_id=booking.pk).number == 1


def test_a_paper_never_changes(booking):
    receipt_of(booking_id=booking.pk)
    for change in (lambda: Paper.objects.update(number=7), Paper.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize("status", ["pending", "free"])
def test_without_money_there_is_no_paper(status, my_browser, sandbox):
    theater = make_theater()
    price = Decimal(0 if status == "free" else 9)
    prices = make_price_list(theater, {"ADULT": price, "CHILD": price}, premium=Decimal(0))
    begun = begin_paying(make_showtime(theater=theater, price_list=prices), my_browser, "A1")
    assert receipt_of(booking_id=begun.pk) is None
    if status == "free":
        done = cancel_tickets(booking_id=begun.pk, ticket_ids=None, percent=100, origin=STAFF)
        assert credit_note_of(cancellation_id=done.pk) is None
    assert not Paper.objects.exists()


# Who gets them, and where.


@pytest.mark.parametrize("path", ["receipt.pdf", "credit-notes/1.pdf"])
def test_nobody_else_gets_them(booking, django_user_model, path):
    cancel(booking, "A1")
    eve = Client()
    eve.force_login(django_user_model.objects.create_user("eve@example.com", "x", is_staff=True))
    for client in (Client(), eve):
        assert client.get(f"/bookings/{booking.reference}/{path}").status_code == 404
        assert client.post(f"/bookings/{booking.reference}/{path}").status_code == 404
    assert not Paper.objects.exists()


def test_the_page_of_the_booking_leads_to_them(me, booking):
    page = me.get(booking.get_absolute_url()).content.decode()
    assert "receipt.pdf" in page and "credit-notes" not in page
    cancel(booking, "A1")
    page = me.get(booking.get_absolute_url()).content.decode()
    assert "receipt.pdf" in page and "Credit note of £14.50 (PDF)" in page and "credit-notes/1.pdf" in page


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("receipt", "receipt.pdf"),
        ("credit-note-1", "credit-notes/1.pdf"),
        ("credit-note-x", ""),
        ("//evil.example", ""),
    ],
)
def test_the_links_of_the_mails_open_them(booking, wanted, path):
    stranger = Client()
    answer = stranger.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/?to={wanted}")
    assert answer.url == f"/bookings/{booking.reference}/{path}"


def test_the_mails_carry_those_links(booking):
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=STAFF)
    send_due_mail(now=timezone.now())
    bodies = {one.subject.split(":")[0]: (one.body, one.alternatives[0].content) for one in mail.outbox}
    assert all("/?to=receipt" in body for body in bodies["Your tickets"])
    assert all("/?to=credit-note-1" in body for body in bodies["Canceled"])
