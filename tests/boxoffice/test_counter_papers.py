"""Receipts at the counter, printing them again, and sending them by mail."""

from decimal import Decimal

import pytest
from django.core import mail as outbox
from django.utils import timezone, translation

from houses.models import Theater
from payments.models import Refund
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import receipt_of
from reservations.models import Booking, OutgoingMail, Paper
from reservations.pdf.papers import ROLL, paper_pdf
from reservations.states import CancelCause
from sales.models import Sale
from staff.models import AuditEntry
from tests.boxoffice.test_counter import at, hold, sale, seller
from tests.factories import buy, make_browser, make_showtime
from tests.pdfs import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def theater(showtime) -> Theater:
    Theater.objects.update(company="Lichtspiel GmbH", street="Hauptstr. 1", tax_number="DE123", country="GB")
    showtime.auditorium.theater.refresh_from_db()
    return showtime.auditorium.theater


@pytest.fixture
def clerk(theater):
    return seller(theater)


@pytest.fixture
def sold(clerk, showtime) -> Booking:
    hold(clerk, showtime, "A1", "A2")
    clerk.post(at(showtime), sale("A1", "A2", total="29.00", tendered="50"))
    return Booking.objects.get()


@pytest.fixture
def bought(showtime, theater, sandbox) -> Booking:
    return buy(sandbox, showtime, make_browser(1), "B1")


def page_of(booking, part="") -> str:
    return f"/counter/sales/{booking.reference}/{part}"


def printed() -> list[str]:
    return list(AuditEntry.objects.filter(action__startswith="print").order_by("pk").values_list("action", flat=True))


def text(answer) -> str:
    assert answer.status_code == 200
    return text_of(answer.content)


def print_out(client, address) -> str:
    """Press a print button and return the text of the file it leads to."""
    return text(client.post(address, follow=True))


def test_the_slip_after_a_sale_is_a_whole_receipt_and_no_copy(clerk, sold):
    person = sold.sale.operator
    person.first_name, person.last_name = "Ada", "Byron"
    person.save(update_fields=["first_name", "last_name"])
    page = clerk.get(page_of(sold)).content.decode()
    receipt = Paper.objects.get()
    for fact in ("Lichtspiel GmbH", "Hauptstr. 1", "DE123", receipt.name, "Ada Byron", "Tax rate", "29.00", "20%"):
        assert fact in page, fact
    assert "slip-copy" not in page and 'data-prints="original"' in page
    assert printed() == []


def test_the_slips_speak_the_language_of_the_sale_and_the_page_that_of_the_clerk(clerk, sold):
    Sale.objects.filter(pk=sold.sale_id).update(language="de")
    page = clerk.get(page_of(sold)).text
    slips = page[page.index('<section class="slips"') :]
    assert 'lang="de" dir="ltr"' in slips and "Reihe A" in slips and "Row A" not in slips
    for word in ("Bar", "Wechselgeld", "Quittung"):
        assert word in slips, word
    assert "next customer" in page and "Change<" not in slips


def test_a_receipt_never_shows_the_address_of_who_sold(clerk, sold):
    assert sold.sale.operator.email not in str(receipt_of(booking_id=sold.pk).content)


def test_by_one_press_tickets_and_receipt_are_printed_again_as_copies_and_that_is_logged(theater, sold):
    colleague = seller(theater)
    page = colleague.get(page_of(sold)).content.decode()
    assert 'data-prints="nothing"' in page and "Print again" in page
    answer = colleague.post(page_of(sold, "reprint/"))
    assert (answer.status_code, answer.url) == (302, page_of(sold))
    page = colleague.get(answer.url).content.decode()
    assert page.count("slip-copy") == 3 and "data-print-now" in page
    assert printed() == ["print again"] * 2
    assert 'data-prints="nothing"' in colleague.get(page_of(sold)).content.decode()


@pytest.mark.parametrize("paper", ["roll", "a4"])
def test_the_receipt_printed_again_says_copy_on_both_papers(clerk, sold, paper):
    found = print_out(clerk, page_of(sold, f"receipt.pdf?paper={paper}"))
    for fact in ("COPY", "Lichtspiel GmbH", "DE123", "R-000001", "29.00", "20%"):
        assert fact in found, fact
    assert printed() == ["print again"]
    assert Paper.objects.count() == 1


def test_a_copy_speaks_the_language_of_its_paper(bought):
    with translation.override("de"):
        bought.sale.language = "de"
        bought.sale.save(update_fields=["language"])
        assert "KOPIE" in text_of(paper_pdf(receipt_of(booking_id=bought.pk), template=ROLL, is_copy=True))


def test_what_was_bought_online_is_an_original_when_it_is_printed_first(clerk, bought):
    for address in ("tickets.pdf", "receipt.pdf"):
        first, second = (print_out(clerk, page_of(bought, address)) for _ in range(2))
        assert ("COPY" in first, "COPY" in second) == (False, True)
    assert printed() == ["print", "print again"] * 2


def test_a_credit_note_is_an_original_once(clerk, sold):
    Theater.objects.update(refund_limit=100)
    plan = clerk.get(page_of(sold, "void/")).context["plan"]
    clerk.post(page_of(sold, "void/"), {"mark": plan.mark, "reason": "Wrong seats"})
    first, second = (print_out(clerk, page_of(sold, "credit-notes/1.pdf")) for _ in range(2))
    assert ("COPY" in first, "COPY" in second) == (False, True)


@pytest.mark.parametrize("address", ["tickets.pdf", "receipt.pdf", "receipt.pdf?paper=roll"])
def test_looking_at_the_address_of_a_file_notes_no_print_and_offers_the_button(theater, clerk, bought, address):
    """This also holds when it has been printed: nobody gets an original by opening an address, and a reload shows the
    file again.
    """
    address = page_of(bought, address)
    clerk.get(address)
    assert (printed(), Paper.objects.count()) == ([], 0)
    assert "COPY" not in print_out(clerk, address)
    assert "COPY" not in text(clerk.get(address))
    page = seller(theater).get(address).content.decode()
    assert 'method="post"' in page and "Print" in page
    assert printed() == ["print"]


def test_the_receipt_goes_by_mail_as_a_file(clerk, sold):
    for _ in range(2):
        answer = clerk.post(page_of(sold, "receipt/mail/"), {"email": "ada@example.com", "before": "0"})
        assert answer.status_code == 302
    written = OutgoingMail.objects.get()
    assert (written.kind, written.recipient) == ("RECEIPT", "ada@example.com")
    send_due_mail(now=timezone.now())
    [sent] = outbox.outbox
    [(name, content, kind)] = [tuple(attached) for attached in sent.attachments]
    assert (name, kind) == ("marquee-R-000001.pdf", "application/pdf")
    assert "29.00" in text_of(content)
    assert "/bookings/" not in sent.body
    assert "ada@example.com" not in str(AuditEntry.objects.get(action="mail the receipt").after)


@pytest.mark.parametrize("email", ["", "ada", "ada@example"])
def test_no_mail_without_an_address(clerk, sold, email):
    answer = clerk.post(page_of(sold, "receipt/mail/"), {"email": email, "before": "0"})
    assert answer.status_code == 422
    assert not OutgoingMail.objects.exists()


def test_the_receipt_is_not_mailed_without_end(clerk, sold):
    codes = [
        clerk.post(page_of(sold, "receipt/mail/"), {"email": "ada@example.com", "before": str(number)}).status_code
        for number in range(6)
    ]
    assert codes == [302] * 5 + [429]


@pytest.mark.parametrize("part", ["reprint/", "receipt/mail/", "notes/"])
def test_wrong_method_wrong_person_and_another_theater(clerk, theater, sold, part):
    assert clerk.get(page_of(sold, part)).status_code == 405
    assert seller(theater, "DOOR").post(page_of(sold, part)).status_code == 403
    stranger = seller(make_showtime().auditorium.theater)
    assert stranger.post(page_of(sold, part), {"email": "a@example.com", "note": "x"}).status_code == 404
    assert (printed(), OutgoingMail.objects.count(), sold.notes.count()) == ([], 0, 0)


def test_the_number_is_given_when_the_counter_sells_and_a_look_gives_none(clerk, sold, bought):
    assert Paper.objects.get().sale == sold.sale
    for address in ("", "receipt.pdf", "tickets.pdf"):
        assert clerk.get(page_of(bought, address)).status_code == 200
    assert Paper.objects.count() == 1
    answer = clerk.post(page_of(bought, "receipt.pdf"))
    assert (answer.status_code, answer.url) == (303, page_of(bought, "receipt.pdf"))
    assert "R-000002" in text(clerk.get(answer.url))
    clerk.post(page_of(bought, "receipt.pdf"))
    assert [paper.name for paper in Paper.objects.all()] == ["R-000001", "R-000002"]


def test_money_that_is_paid_out_later_gives_the_receipt_its_credit_note(theater, sold):
    boss = seller(theater, "MANAGER")
    cancel_and_refund(
        booking_id=sold.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "They are ill")
    )
    boss.get(page_of(sold, "credit-notes/1.pdf"))
    assert Paper.objects.count() == 1
    boss.post(f"/counter/pay-outs/{Refund.objects.get().pk}/", {"method": "cash"})
    assert [paper.name for paper in Paper.objects.all()] == ["R-000001", "C-000001"]


def test_nothing_paid_no_receipt_by_mail(theater, showtime):
    boss = seller(theater, "MANAGER")
    hold(boss, showtime, "A1")
    boss.post(at(showtime), sale("A1", total=str(Decimal(0)), method="comp", comp_reason="A torn seat"))
    answer = boss.post(page_of(Booking.objects.get(), "receipt/mail/"), {"email": "a@example.com", "before": "0"})
    assert answer.status_code == 409 and "Nothing was paid" in answer.content.decode()
