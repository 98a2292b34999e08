"""A customer's e-mail address stands only in contacts: when those are emptied, no table has a trace of it."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from payments.models import Payment, ProviderEvent
from payments.refunds.cancellation import cancel_and_refund
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.letters.outbox import send_due_mail
from reservations.letters.papers import credit_note_of, receipt_of
from reservations.letters.receipt_mails import mail_receipt
from reservations.links.booking_addresses import change_email, resend_confirmation
from reservations.links.booking_links import send_new_link
from reservations.links.link_requests import ask_for_links
from reservations.models import OutgoingMail
from reservations.pdf.papers import paper_pdf
from reservations.records.notes import write_note
from reservations.states import CancelCause
from sales.models import Contact
from tests.aging import unguarded
from tests.factories import buy, make_allowance, make_browser, make_promo, make_staff
from tests.ledger import broken_invariants
from tests.pdfs import text_of
from tests.signing_in import signed_in

pytestmark = pytest.mark.django_db
OLD, NEW, NAME = "ada.lovelace@example.com", "countess@new.example", "Augusta Ada Byron"
OFFICE = "bills@analytical.example"
TEXTS = """
SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
 WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
   AND (data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea') OR data_type = 'USER-DEFINED')
"""


def traces(*words):
    """The columns of all tables that contain one of these words, in capital or small letters."""
    found = set()
    with connection.cursor() as cursor:
        cursor.execute(TEXTS)
        for table, column in cursor.fetchall():
            cursor.execute(
                f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text ILIKE ANY (%s))',
                [[f"%{word}%" for word in words]],
            )
            if cursor.fetchone()[0]:
                found.add(f"{table}.{column}")
    return found


@pytest.fixture
def booking(showtime, sandbox, deliver):
    """A booking with a promo code, mails, a changed address, mails sent again, a part canceled, papers, requests and
    provider events.
    """
    make_promo(most_uses_each=5)
    found = buy(sandbox, showtime, make_browser(1), "A1", "A2", email=OLD, promo_code="LANTERN", total="23.20")
    deliver()
    Contact.objects.filter(pk=found.sale.contact_id).update(payer_name=NAME, payer_search=NAME.lower())
    send_due_mail(now=timezone.now())
    change_email(booking_id=found.pk, email=NEW, reason="A typo", actor="test")
    send_due_mail(now=timezone.now())
    resend_confirmation(booking_id=found.pk, before=0, reason="Lost it", actor="test")
    send_new_link(booking_id=found.pk)
    OutgoingMail.objects.filter(kind="LINK").update(last_error=f"AddressRefused: {NEW}")
    ticket = found.tickets.order_by("pk").first()
    done = cancel_and_refund(
        booking_id=found.pk, ticket_ids=[ticket.pk], origin=CancellationOrigin(CancelCause.STAFF, "test")
    )
    assert receipt_of(booking_id=found.pk) and credit_note_of(cancellation_id=done.pk)
    ask_for_links(NEW)
    make_allowance(showtime, email=NEW)
    Payment.objects.update(last_error=f"receipt_email {OLD} is not an address")
    mail_receipt(booking_id=found.pk, to=OFFICE, before=0, actor="test")
    write_note(
        booking=found, text=f"Call {NAME}", author_id=make_staff("BOX_OFFICE", found.sale.theater).pk, actor="test"
    )
    found.refresh_from_db()
    return found


def erase_long_after(booking):
    """Erase the contact years after the last payment ended."""
    with unguarded():
        Payment.objects.update(ended_at="2020-01-01T00:00Z")
    call_command("erase_contact", booking.reference, why="Asked for it")


def test_the_address_stands_in_contacts_alone(booking):
    """It also waits elsewhere for a short time: in requests that the provider may get again word for word, in questions,
    and in answers of mail servers.
    """
    contact = {f"sales_contact.{column}" for column in ("email", "customer", "payer_name", "payer_search")}
    waiting = {"payments_payment.request", "reservations_linkrequest.asked_for", "reservations_outgoingmail.last_error"}
    waiting |= {
        "payments_payment.last_error",
        "reservations_ticketallowance.email",
        "reservations_ticketallowance.customer",
    }
    assert traces(OLD, NEW, NAME, OFFICE) - contact == waiting | {"reservations_bookingnote.text"}
    assert ProviderEvent.objects.exists()


def test_when_they_are_emptied_no_table_has_a_trace_of_it(booking):
    erase_long_after(booking)
    assert traces(NAME, OFFICE, OLD.partition("@")[0], NEW.partition("@")[0]) == set()
    assert not Contact.objects.filter(emptied_at=None).exists()
    assert not OutgoingMail.objects.due().filter(contact__isnull=False).exists()


def test_what_is_kept_still_opens(booking, django_user_model):
    erase_long_after(booking)
    text = text_of(paper_pdf(receipt_of(booking_id=booking.pk)))
    assert "address erased" in text and NEW not in text
    boss = django_user_model.objects.create_superuser("boss@example.com", "x")
    page = signed_in(boss).get(reverse("admin:reservations_booking_change", args=[booking.pk]))
    assert "an erased address" in page.content.decode()
    assert broken_invariants() == []


def test_not_while_a_payment_may_have_to_be_sent_again(booking):
    with pytest.raises(CommandError, match="less than two days ago"):
        call_command("erase_contact", booking.reference, why="Asked for it")
    assert NEW in Contact.objects.values_list("email", flat=True)


def test_of_a_sale_that_is_not_there(db):
    with pytest.raises(CommandError, match="no sale"):
        call_command("erase_contact", "KX7M-4QPD", why="Asked for it")
