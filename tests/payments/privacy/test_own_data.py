"""People see, download and erase what is stored about them: with their account, or with a booking's link and mailbox."""

import json
import time
from copy import deepcopy
from datetime import UTC, timedelta
from hashlib import sha256

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.db.models import F
from django.utils import timezone

from accounts.models import AccountMail, AccountSession, SavedNeeds, User
from accounts.services import account_mail
from core.letters.mail_rendering import mail_language, render_mail
from core.texts.local_formats import format_moment
from payments.books.payment_sweep import send_due_refunds
from payments.models import Payment
from payments.privacy.account_erasure import erase_account
from payments.privacy.contact_erasure import erase_contact_as_customer
from payments.privacy.erasure_rules import MoneyUnderWay, TicketsNotOver, require_over
from payments.privacy.personal_data import data_of_account
from payments.refunds.cancellation import CUSTOMER, cancel_and_refund
from reservations.access import booking_secret, mailbox_code
from reservations.aftersale.transfers import take_ticket
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, BookingAccess, LinkRequest, OutgoingMail, TicketAllowance
from reservations.states import MailKind
from sales.models import Contact, Sale
from staff.models import AuditEntry
from tests.aging import unguarded
from tests.clock import begins_in
from tests.exchanging import cancel_showtime_now
from tests.factories import (
    begin_paying,
    buy,
    make_allowance,
    make_browser,
    make_favorite,
    make_showtime,
    make_staff,
    make_transfer,
    make_waiting_entry,
)
from tests.ledger import broken_invariants, nothing_changes
from tests.sales.test_contact_erasure import traces
from tests.signing_in import signed_in
from tests.standing_booking import sold_once

pytestmark = pytest.mark.django_db
EMAIL = "ada.lovelace@example.com"


standing_booking, sandbox = sold_once(
    lambda sandbox: buy(sandbox, make_showtime(), make_browser(1), "A1", "A2", email=EMAIL)
)


@pytest.fixture
def booking(standing_booking, deliver):
    deliver()
    return deepcopy(standing_booking[0])


@pytest.fixture
def showtime(booking):
    return booking.showtime


@pytest.fixture
def ada(django_user_model, booking):
    user = django_user_model.objects.create_user(
        EMAIL, "a long password of hers", first_name="Ada", last_name="Lovelace"
    )
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    return user


def over_for_days(booking, days=3):
    """Move the showtime and the payment this many days into the past. Return the invariants that the move itself breaks."""
    begins_in(booking.showtime, days=-days)
    with unguarded():
        Payment.objects.update(ended_at=F("ended_at") - timedelta(days=days))
    return broken_invariants()


# The account.


def test_the_file_has_all_that_belongs_to_the_account(ada, booking):
    answer = signed_in(ada).post("/accounts/data/", {"action": "file"})
    data = json.loads(answer.content)
    assert "attachment" in answer["Content-Disposition"] and answer["Cache-Control"] == "no-store"
    assert (data["account"]["email"], data["account"]["last_name"]) == (EMAIL, "Lovelace")
    sale = data["sales"][0]
    assert (sale["reference"], sale["email"]) == (booking.reference, EMAIL)
    assert [ticket["seat"] for ticket in sale["bookings"][0]["tickets"]] == ["A1", "A2"]
    assert sale["payments"][0]["network_address"]
    assert AccountMail.objects.filter(kind="mail/data_exported", to=EMAIL).count() == 1


def test_the_mail_says_by_what_the_data_was_seen_and_what_to_do(ada):
    by_account, by_link = _mail_of(reference=""), _mail_of(reference="KX7M-4QPD")
    assert "signed in as you" in by_account and "please change your password." in by_account
    assert "of the booking KX7M-4QPD" in by_link and "the password of your mailbox" in by_link
    assert "signed in" not in by_link and "your password" not in by_link


def _mail_of(*, reference: str) -> str:
    """Both parts of the mail; they have to say the same."""
    with mail_language("en"):
        return " ".join(render_mail(f"mail/data_exported.{kind}", {"reference": reference}) for kind in ("txt", "html"))


def test_the_page_shows_the_same_to_read(ada, booking):
    page = signed_in(ada).post("/accounts/data/", {"action": "read"}).content.decode()
    assert all(text in page for text in (EMAIL, "Lovelace", booking.reference, "29.00"))


def test_the_page_to_read_says_the_favorites_too_and_days_as_people_write_them(ada, booking):
    theater = booking.showtime.auditorium.theater
    make_favorite(theater, booking.showtime.movie, user=ada)
    make_waiting_entry(booking.showtime, user=ada)
    page = signed_in(ada).post("/accounts/data/", {"action": "read"}).text
    assert "<h2>Waiting lists</h2>" in page and "<h2>Tell me when it is on sale</h2>" in page
    assert f"{format_moment(booking.sale.created_at.astimezone(UTC))} UTC" in page
    assert "+00:00" not in page and booking.tickets.first().code in page


def test_what_people_typed_is_text_on_it(ada, booking):
    Contact.objects.update(payer_name="<b>Ada</b>")
    page = signed_in(ada).post("/accounts/data/", {"action": "read"}).content.decode()
    assert "&lt;b&gt;Ada" in page and "<b>Ada" not in page


def test_others_are_not_in_it(ada, showtime, sandbox):
    buy(sandbox, showtime, make_browser(2), "B1", email="eve@example.com")
    assert b"eve@example.com" not in signed_in(ada).post("/accounts/data/", {"action": "file"}).content


@pytest.mark.parametrize(("path", "post"), [("/accounts/data/", {"action": "file"}), ("/accounts/data/erase/", {})])
def test_both_ask_who_it_is_after_five_minutes(ada, path, post):
    answer = signed_in(ada, at=time.time() - 301).post(path, post)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/accounts/reauthenticate/")
    assert not AccountMail.objects.exists() and User.objects.get(pk=ada.pk).is_active


def test_the_code_of_a_ticket_that_was_given_away_and_mails_to_staff_are_not_in_it(ada, booking):
    ticket = booking.tickets.get(seat__label="A1")
    given = take_ticket(code=make_transfer(ticket).code, holder="f" * 64)
    OutgoingMail.objects.create(
        purpose="alert of a test", kind=MailKind.MONEY_ALERT, booking=booking, to="finance@marquee.example"
    )
    data = json.dumps(data_of_account(ada))
    assert given.code not in data and ticket.code not in data and "finance@marquee.example" not in data


def test_the_code_of_a_place_that_stays_empty_is_not_in_it(ada, booking):
    with unguarded():
        booking.tickets.filter(seat__label="A2").update(is_empty_place=True)
    [sale] = data_of_account(ada)["sales"]
    codes = {ticket["seat"]: ticket["code"] for ticket in sale["bookings"][0]["tickets"]}
    assert codes == {"A1": booking.tickets.get(seat__label="A1").code, "A2": ""}


def test_erasing_forgets_what_was_asked_for_and_allowed_too(ada, booking):
    over_for_days(booking)
    # Nothing was bought with this address.
    EmailAddress.objects.create(user=ada, email="ada@second.example", verified=True)
    LinkRequest.objects.create(asked_for="Ada@Second.example")
    make_allowance(booking.showtime, email="ada@second.example")
    LinkRequest.objects.create(asked_for="bob@example.com")
    erase_account(user_id=ada.pk, now=timezone.now())
    assert [asked.asked_for for asked in LinkRequest.objects.all()] == ["bob@example.com"]
    assert not TicketAllowance.objects.exists()


def test_not_while_a_payment_is_looked_at_or_somebody_is_paying(booking, showtime):
    over_for_days(booking)
    mine = Sale.objects.filter(pk=booking.sale_id)
    require_over(mine, now=timezone.now())
    for looked_at in ("checking_since", "frozen_at"):
        mine.update(checking_since=None, frozen_at=None)
        mine.update(**{looked_at: timezone.now()})
        with pytest.raises(MoneyUnderWay):
            require_over(mine, now=timezone.now())
    pending = begin_paying(make_showtime(), make_browser(3), "A1")
    with pytest.raises(TicketsNotOver):
        require_over(Sale.objects.filter(pk=pending.sale_id), now=timezone.now())


def refused_by_the_bank(sandbox, booking):
    sandbox.switches.refunds = "insufficient_balance"
    cancel_and_refund(booking_id=booking.pk, ticket_ids=None, origin=CUSTOMER)
    send_due_refunds()
    with unguarded():
        Payment.objects.update(ended_at=F("ended_at") - timedelta(days=3))


def called_off(_sandbox, booking):
    """The showtime is canceled, but the sweep that cancels tickets and refunds the money has not run."""
    over_for_days(booking)
    cancel_showtime_now(booking.showtime)


@pytest.mark.parametrize("happens", [refused_by_the_bank, called_off])
def test_not_while_money_is_owed_that_has_not_gone(booking, sandbox, happens):
    happens(sandbox, booking)
    with nothing_changes(), pytest.raises(MoneyUnderWay):
        erase_contact_as_customer(sale_id=booking.sale_id, now=timezone.now())


def test_the_person_is_erased_and_what_was_paid_is_kept(ada, booking):
    moved = over_for_days(booking)
    client = signed_in(ada)
    client.get("/accounts/sessions/")
    assert client.get("/accounts/data/erase/").status_code == 200
    answer = client.post("/accounts/data/erase/")
    assert b"Your data is erased" in answer.content and answer["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/bookings/").status_code == 302
    assert traces("lovelace") == {"accounts_accountmail.to"}  # until its mail was sent
    account_mail.send_due_mail()
    assert [letter.to for letter in mail.outbox if "erased your data" in letter.subject] == [[EMAIL]]
    assert traces("lovelace") == set()
    sale = Sale.objects.get()
    assert (sale.user, sale.total) == (None, 29) and sale.contact.emptied_at
    assert not AccountSession.objects.exists()
    entry = AuditEntry.objects.get(action="erase account")
    assert (entry.actor, entry.what_id) == ("customer", ada.pk) and "lovelace" not in entry.what_text
    assert broken_invariants() == moved


def test_needs_mails_sessions_and_the_password_go_with_the_account(ada, booking):
    over_for_days(booking)
    SavedNeeds.objects.create(user=ada, needs=["STEP_FREE"], tells_staff=True)
    account_mail.queue_mail(
        account_mail.MailText("account/email/password_reset_key", EMAIL, "A link", "It opens the account")
    )
    client = signed_in(ada)
    assert client.get("/bookings/").status_code == 200
    assert AccountSession.objects.filter(session_key=client.session.session_key).exists()
    before = ada.sessions_number
    erase_account(user_id=ada.pk, now=timezone.now())
    ada.refresh_from_db()
    assert (ada.has_usable_password(), ada.sessions_number) == (False, before + 1)
    assert SavedNeeds.objects.filter(needs=[], tells_staff=False).count() == 1
    assert set(AccountMail.objects.values_list("kind", flat=True)) == {account_mail.TO_ERASED_ADDRESS}
    assert not Session.objects.exists()


def test_not_while_tickets_are_good_and_the_page_says_until_when(ada, booking):
    answer = signed_in(ada).post("/accounts/data/erase/")
    page = answer.content.decode()
    assert answer.status_code == 409 and booking.showtime.movie.title in page and "You can erase your data from" in page
    assert User.objects.get(pk=ada.pk).email == EMAIL and Contact.objects.get().email == EMAIL


def test_not_while_a_payment_may_have_to_be_sent_again(ada, booking):
    begins_in(booking.showtime, days=-1)
    assert b"less than two days ago" in signed_in(ada).post("/accounts/data/erase/").content
    assert Contact.objects.get().email == EMAIL


def test_not_an_account_of_staff(showtime):
    clerk = make_staff("BOX_OFFICE", showtime.auditorium.theater)
    assert b"You work here" in signed_in(clerk).post("/accounts/data/erase/").content
    assert User.objects.get(pk=clerk.pk).is_active


def test_nobody_signs_in_to_an_erased_account(ada, booking, client):
    over_for_days(booking)
    signed_in(ada).post("/accounts/data/erase/")
    client.post("/accounts/login/", {"login": EMAIL, "password": "a long password of hers"})
    assert "_auth_user_id" not in client.session
    again = User.objects.create_user(EMAIL, "another long password")
    assert again.pk != ada.pk


# A booking of a guest.


@pytest.fixture
def guest(booking, client):
    client.get(f"/bookings/{booking.reference}/{booking_secret(booking)}/")
    return client


def hers(client, booking):
    """The browser in which she bought."""
    client.cookies["holder"] = "a-cookie-of-128-random-bits"
    Booking.objects.filter(pk=booking.pk).update(holder=sha256(client.cookies["holder"].value.encode()).hexdigest())
    return client


def path_of(booking):
    return f"/bookings/{booking.reference}/data/"


def prove(guest, booking):
    guest.post(path_of(booking), {"action": "code"})
    code = mailbox_code(BookingAccess.objects.get(booking=booking, code_sent_at__isnull=False))
    return guest.post(path_of(booking), {"action": "prove", "code": code})


def test_the_link_alone_shows_and_erases_nothing(guest, booking):
    over_for_days(booking)
    for action in ("file", "read", "erase"):
        answer = guest.post(path_of(booking), {"action": action})
        assert answer.status_code == 422 and b"network_address" not in answer.content
    assert Contact.objects.get().email == EMAIL


def test_the_browser_that_bought_is_asked_for_the_code_too(booking, client):
    over_for_days(booking)
    hers(client, booking)
    assert client.post(path_of(booking), {"action": "erase"}).status_code == 422
    assert b"Your data is erased" not in prove(client, booking).content
    assert b"Your data is erased" in client.post(path_of(booking), {"action": "erase"}).content


def test_the_mail_says_what_the_code_is_for(guest, booking):
    guest.post(path_of(booking), {"action": "code"})
    send_due_mail(now=timezone.now())
    code = OutgoingMail.objects.get(kind=MailKind.CODE)
    letter = next(letter for letter in mail.outbox if code.message_key in letter.extra_headers["Message-ID"])
    assert "erase what we have stored" in letter.body and "cancel" not in letter.body


def test_with_the_code_a_guest_gets_the_file(guest, booking):
    prove(guest, booking)
    data = json.loads(guest.post(path_of(booking), {"action": "file"}).content)
    assert [sale["reference"] for sale in data["sales"]] == [booking.reference] and "account" not in data


def test_with_the_code_a_guest_erases_once_the_show_is_over(guest, booking):
    prove(guest, booking)
    answer = guest.post(path_of(booking), {"action": "erase"})
    assert answer.status_code == 409 and b"You can erase your data from" in answer.content
    moved = over_for_days(booking)
    assert b"Your data is erased" in guest.post(path_of(booking), {"action": "erase"}).content
    account_mail.send_due_mail()
    assert traces("lovelace") == set()
    assert b"No name and no address" in guest.get(path_of(booking)).content
    assert broken_invariants() == moved


def test_the_owner_goes_to_the_page_of_the_account(ada, booking):
    Sale.objects.update(user=ada)
    assert signed_in(ada).get(path_of(booking)).url == "/accounts/data/"
