"""Somebody who only has the link cannot cancel: a code goes to the mailbox first."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils import timezone

from core.clock import from_now
from houses.models import Theater
from reservations.access import booking_secret
from reservations.letters.outbox import send_due_mail
from reservations.letters.receipt_mails import ReceiptSentOften, mail_receipt, receipts_mailed
from reservations.links.booking_access import admit
from reservations.links.booking_addresses import SentOften, resend_confirmation, resent_before
from reservations.links.booking_links import send_new_link
from reservations.links.mailbox_codes import (
    CODES_PER_HOUR,
    WRONG_CODES_PER_HOUR,
    BookingVisitor,
    prove,
    send_code,
)
from reservations.models import Booking, BookingAccess, OutgoingMail, WrongCodeTry
from reservations.refusals.booking_links import ManyLinksSent
from reservations.refusals.cancellation import ManyCodesSent, TooManyWrongCodes, WrongCode
from sales.models import Sale
from tests.exchanging import agree, choose, let_exchange, other_showtime
from tests.ledger import nothing_changes
from tests.standing_booking import bought_once

pytestmark = pytest.mark.django_db
standing_booking, sandbox, booking, showtime = bought_once("A1", "B1")


@pytest.fixture
def url(booking):
    return f"/bookings/{booking.reference}/cancel/"


@pytest.fixture
def by_link(booking):
    return opened(booking)


def opened(booking) -> Client:
    """A browser that opened the booking by its link."""
    client = Client()
    client.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    return client


def form(action="cancel", **fields):
    return {"action": action, "choosing": "1", "amount": "32.00", "ticket": ["A1", "B1"]} | fields


def code_of_mail():
    send_due_mail(now=timezone.now())
    [found] = re.findall(r"^\d{6}", [one for one in mail.outbox if "is your code" in one.subject][-1].subject)
    assert found in mail.outbox[-1].body and found in mail.outbox[-1].alternatives[0].content
    return found


def pass_time(**by):
    BookingAccess.objects.update(
        code_sent_at=F("code_sent_at") - timedelta(**by), proven_at=F("proven_at") - timedelta(**by)
    )


def wrong(code):
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_link_alone_cancels_nothing(by_link, url):
    page = by_link.get(url).content.decode()
    assert "E-mail me a code" in page and 'value="cancel"' not in page
    for code in ("", "000000"):
        with nothing_changes():
            assert by_link.post(url, form(code=code)).status_code == 422


def test_with_the_code_of_the_mail_it_is_canceled(by_link, url, booking):
    page = by_link.post(url, form("code")).content.decode()
    assert "Code from our e-mail" in page and "Cancel and refund £32.00" in page
    assert by_link.post(url, form(code=f" {code_of_mail()} ")).status_code == 303
    booking.refresh_from_db()
    assert booking.status == "CANCELED"


def test_the_code_goes_to_the_mailbox_of_the_booking_alone(by_link, url):
    by_link.post(url, form("code", email="eve@example.com"))
    code_of_mail()
    assert [one.to for one in mail.outbox if "is your code" in one.subject] == [["ada@example.com"]]


def test_a_code_opens_for_an_hour_and_not_for_other_browsers(by_link, url, booking):
    by_link.post(url, form("code"))
    by_link.post(url, form(code=code_of_mail(), amount="1.00"))
    assert "E-mail me a code" not in by_link.get(url).content.decode()
    other = Client()
    other.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    assert "E-mail me a code" in other.get(url).content.decode()
    pass_time(seconds=3601)
    assert "E-mail me a code" in by_link.get(url).content.decode()


def test_a_code_lives_for_fifteen_minutes(by_link, url):
    by_link.post(url, form("code"))
    code = code_of_mail()
    pass_time(seconds=901)
    with nothing_changes():
        assert by_link.post(url, form(code=code)).status_code == 422


def test_after_five_wrong_ones_of_a_booking_the_right_one_is_refused_too(by_link, url, booking):
    """Wrong codes typed in other browsers with the link count too, because they are counted for the booking."""
    by_link.post(url, form("code"))
    code = code_of_mail()
    browsers = [opened(booking) for _ in range(WRONG_CODES_PER_HOUR)]
    for client in browsers:
        assert client.post(url, form(code=wrong(code))).status_code == 422
    refused = by_link.post(url, form(code=code))
    assert refused.status_code == 429 and 3595 <= int(refused["Retry-After"]) <= 3600
    # Only for this many seconds the oldest of the five still counts.
    WrongCodeTry.objects.filter(pk=WrongCodeTry.objects.earliest("at").pk).update(at=from_now(-3000))
    refused = by_link.post(url, form(code=code))
    assert int(refused["Retry-After"]) in {599, 600} and "in 10 minutes" in refused.content.decode()
    booking.refresh_from_db()
    assert booking.status == "CONFIRMED"
    WrongCodeTry.objects.update(at=F("at") - timedelta(hours=1))
    assert by_link.post(url, form(code=code)).status_code == 303


def test_the_refusal_names_the_theaters_address_where_there_is_one(by_link, url, booking):
    by_link.post(url, form("code"))
    WrongCodeTry.objects.bulk_create(WrongCodeTry(booking=booking) for _ in range(WRONG_CODES_PER_HOUR))
    without = by_link.post(url, form(code="000000")).content.decode()
    assert re.search(r"Please try again in \d+ minutes\.<", without)
    Theater.objects.update(reply_to="hello@marquee.example")
    page = by_link.post(url, form(code="000000")).content.decode()
    assert re.search(r"Please try again in \d+ minutes\. You can also write to hello@marquee\.example\.<", page)


def test_no_sentence_sends_people_to_a_contact_that_is_not_shown():
    """We know no telephone number of a theater, so no sentence asks people to call."""
    promise = re.compile(r"\b(call|phone|ring|contact|e-mail|write to) (us|them)\b", re.IGNORECASE)
    files = [*Path("templates").rglob("*.*"), *Path("static/js").rglob("*.js"), *Path().glob("*/refusals.py")]
    assert len(files) > 100
    assert {str(file): found[0] for file in files if (found := promise.search(file.read_text()))} == {}


def test_an_empty_field_is_no_try(by_link, url):
    assert by_link.post(url, form(code="  ")).status_code == 422
    assert not WrongCodeTry.objects.exists()


def test_many_wrong_ones_of_many_browsers_are_five_tries(booking, url):
    for _ in range(WRONG_CODES_PER_HOUR + 3):
        opened(booking).post(url, form(code="000000"))
    assert WrongCodeTry.objects.count() == WRONG_CODES_PER_HOUR


def test_a_code_from_before_a_restore_does_not_count(by_link, url, booking):
    by_link.post(url, form("code"))
    code = code_of_mail()
    Sale.objects.update(link_nonce="0" * 32)
    assert by_link.post(url, form(code=code)).status_code == 422


def test_a_new_code_makes_the_old_one_worthless(by_link, url):
    by_link.post(url, form("code"))
    old = code_of_mail()
    pass_time(seconds=61)
    by_link.post(url, form("code"))
    assert code_of_mail() != old
    assert by_link.post(url, form(code=old)).status_code == 422


def test_codes_are_sent_with_pauses_and_three_an_hour_for_all_browsers_together(by_link, url, booking):
    for sent in range(1, CODES_PER_HOUR + 1):
        client = opened(booking)
        assert client.post(url, form("code")).status_code == 200
        again = client.post(url, form("code"))
        expected = 60 if sent < CODES_PER_HOUR else 3600
        assert again.status_code == 429 and expected - 5 <= int(again["Retry-After"]) <= expected
        assert OutgoingMail.objects.filter(kind="CODE").count() == sent
    with nothing_changes():
        assert by_link.post(url, form("code")).status_code == 429
    OutgoingMail.objects.update(created_at=F("created_at") - timedelta(hours=1))
    assert by_link.post(url, form("code")).status_code == 200


def test_the_one_who_bought_needs_no_code(booking, url, django_user_model):
    Sale.objects.update(user=django_user_model.objects.create_user("ada@example.com", "x"))
    owner = Client()
    owner.force_login(Booking.objects.get().sale.user)
    assert "Is it you?" not in owner.get(url).content.decode()
    owner.post(url, form("code"))
    assert not OutgoingMail.objects.filter(kind="CODE").exists()


def test_a_link_that_was_changed_takes_its_proof_with_it(by_link, url):
    by_link.post(url, form("code"))
    by_link.post(url, form(code=code_of_mail(), amount="1.00"))
    Sale.objects.update(link_version=2)
    assert by_link.post(url, form()).status_code == 404


def resend(booking) -> bool:
    before = resent_before(booking.pk)
    return resend_confirmation(booking_id=booking.pk, before=before, reason="", actor="customer")


def test_the_bookings_of_one_sale_share_what_its_mailbox_gets_and_how_often_is_guessed(booking):
    """An exchange turns one booking into two, and both have one address."""
    let_exchange(booking.showtime.auditorium.theater)
    agree(choose(booking, "A1", showtime=other_showtime(booking), of=["A1"]))
    first, second = Booking.objects.filter(sale=booking.sale_id).order_by("pk")
    visitors = [BookingVisitor(f"{number:064x}", None) for number in range(6)]
    for visitor, part in zip(visitors, (first, second, first), strict=False):
        admit(booking=part, holder=visitor.holder)
        send_code(part, visitor)
    with nothing_changes(), pytest.raises(ManyCodesSent):
        send_code(second, visitors[3])
    for part in (first, second, first):
        send_new_link(booking_id=part.pk)
    with nothing_changes(), pytest.raises(ManyLinksSent):
        send_new_link(booking_id=second.pk)
    for part in (first, second, first):
        assert resend(part)
        assert mail_receipt(booking_id=part.pk, to="ada@example.com", before=receipts_mailed(part.pk), actor="test")
    with nothing_changes(), pytest.raises(SentOften):
        resend(second)
    for part in (second, first):
        mail_receipt(booking_id=part.pk, to="ada@example.com", before=receipts_mailed(part.pk), actor="test")
    with nothing_changes(), pytest.raises(ReceiptSentOften):
        mail_receipt(booking_id=second.pk, to="ada@example.com", before=receipts_mailed(second.pk), actor="test")
    for number in range(WRONG_CODES_PER_HOUR):
        with pytest.raises(WrongCode):
            prove((first, second)[number % 2], visitors[number], code="x")
    with nothing_changes(), pytest.raises(TooManyWrongCodes):
        prove(second, visitors[5], code="x")
