"""Staff send a booking's mail again, or change its address for all later mails."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.refusals import Refusal
from reservations.access import booking_secret
from reservations.letters import emails
from reservations.letters.outbox import send_due_mail
from reservations.links.booking_addresses import (
    SameAddress,
    SentOften,
    change_email,
    resend_confirmation,
    resent_before,
)
from reservations.models import Booking, Move, OutgoingMail
from sales.models import Contact, Sale
from staff.models import AuditEntry
from tests.boxoffice.actions import act, look, path_of, said, sentences
from tests.boxoffice.scenes import book
from tests.factories import make_staff
from tests.ledger import nothing_changes

pytestmark = pytest.mark.django_db
AGAIN = {"before": 0, "reason": "Lost it"}
NEW = {"email": "ada@new.example", "reason": "A typo"}


@pytest.fixture
def booking(showtime):
    found = book(showtime, "A1")
    send_due_mail(now=timezone.now())
    mail.outbox.clear()
    return found


def letters():
    mail.outbox.clear()
    send_due_mail(now=timezone.now())
    return {letter.to[0]: letter for letter in mail.outbox}


def resend(booking):
    before = resent_before(booking.pk)
    return resend_confirmation(booking_id=booking.pk, before=before, reason="Lost it", actor="test")


class TestResend:
    def test_goes_out_again_with_the_same_tickets(self, office, manager, booking):
        path = path_of("resend", booking.pk)
        page, _ = look(office, path, **AGAIN)
        assert "goes to ada@example.com once more" in page and "Lost it" in page
        assert "On its way to ada@example.com" in said(office, act(office, path, **AGAIN))
        letter = letters()["ada@example.com"]
        assert booking.tickets.get().code in letter.body and booking_secret(booking) in letter.body
        assert OutgoingMail.objects.get(kind="RESENT").purpose == f"resent:{booking.pk}:1"
        assert Move.objects.get(what="mail").actor == f"staff:{manager.pk}"
        assert AuditEntry.objects.get().action == "send confirmation again"

    def test_double_submit_is_one_mail(self, office, booking):
        path = path_of("resend", booking.pk)
        act(office, path, **AGAIN)
        with nothing_changes():
            assert "nothing was sent twice" in said(office, office.post(path, {**AGAIN, "mark": "-", "_do": "yes"}))

    def test_three_times_an_hour_and_not_more(self, booking):
        assert [resend(booking) for _ in range(3)] == [True] * 3
        with nothing_changes(), pytest.raises(SentOften) as refused:
            resend(booking)
        assert 3590 <= refused.value.retry_after <= 3600 and "wait 60 minutes" in refused.value.sentence
        OutgoingMail.objects.filter(kind="RESENT").update(created_at=F("created_at") - timedelta(hours=1))
        assert resend(booking) is True

    def test_the_limit_is_said_on_the_page(self, office, booking):
        for _ in range(3):
            resend(booking)
        answer = office.post(path_of("resend", booking.pk), {"before": 3, "reason": "x", "_do": "yes"})
        assert answer.status_code == 429 and "3 times within the last hour" in sentences(answer)

    def test_wrong_state_method_and_person(self, office, client, showtime, booking):
        path = path_of("resend", booking.pk)
        client.force_login(make_staff("DOOR", showtime.auditorium.theater))
        Booking.objects.update(status="CANCELED", ended_at=timezone.now())
        with nothing_changes():
            assert "no confirmation to send" in sentences(office.post(path, {**AGAIN, "_do": "yes"}))
            assert office.put(path).status_code == 405
            assert client.post(path, {**AGAIN, "_do": "yes"}).status_code in {403, 404}
        page = office.get(f"/admin/reservations/booking/{booking.pk}/change/").content.decode()
        assert "Send the confirmation again" not in page


class TestChangeEmail:
    @pytest.fixture
    def path(self, booking):
        return path_of("email", booking.pk)

    def test_old_link_stops_and_both_addresses_are_told(self, office, manager, booking, path):
        old_link = f"/bookings/{booking.reference}/{booking_secret(booking)}/"
        page, _ = look(office, path, **NEW)
        assert "goes to ada@new.example from now on" in page and "A mail tells ada@example.com" in page
        act(office, path, **NEW)
        booking.refresh_from_db()
        assert (booking.email, booking.sale.link_version) == ("ada@new.example", 2)
        sent = letters()
        assert set(sent) == {"ada@example.com", "ada@new.example"}
        new_link = f"/bookings/{booking.reference}/{booking_secret(booking)}/"
        assert [Client().get(link).status_code for link in (old_link, new_link)] == [404, 302]
        entry = AuditEntry.objects.get()
        assert (entry.before, entry.after, entry.user) == (
            {"contact": str(Contact.objects.get(email="ada@example.com").pk)},
            {"contact": str(booking.sale.contact_id)},
            manager,
        )
        assert Move.objects.get(what="address").note == "A typo"

    def test_the_old_address_learns_neither_the_new_one_nor_the_link(self, booking):
        change_email(booking_id=booking.pk, email="ada@new.example", reason="x", actor="test")
        booking.refresh_from_db()
        old = letters()["ada@example.com"]
        whole = old.body + old.alternatives[0].content
        assert "was changed" in old.subject and booking.reference in whole
        assert "ada@new.example" not in whole and booking_secret(booking) not in whole

    def test_the_new_address_gets_the_link_in_text_and_html(self, booking):
        change_email(booking_id=booking.pk, email="ada@new.example", reason="x", actor="test")
        booking.refresh_from_db()
        letter = letters()["ada@new.example"]
        assert booking_secret(booking) in letter.body and booking_secret(booking) in letter.alternatives[0].content

    def test_a_mail_that_had_not_gone_goes_to_the_new_address(self, showtime):
        booking = book(showtime, "A2", number=7)
        change_email(booking_id=booking.pk, email="ada@new.example", reason="x", actor="test")
        assert set(
            OutgoingMail.objects.filter(booking=booking, kind="CONFIRMATION").values_list("contact__email", flat=True)
        ) == {"ada@new.example"}

    def test_a_worker_that_is_just_sending_leaves_the_link_out(self, showtime):
        booking = book(showtime, "A2", number=7)
        taken = OutgoingMail.objects.select_related("contact").get(booking=booking)
        change_email(booking_id=booking.pk, email="ada@new.example", reason="x", actor="test")
        booking.refresh_from_db()
        letter = emails.compose(taken, now=timezone.now(), site_url="http://testserver")
        assert letter.to == ["ada@example.com"] and booking_secret(booking) not in letter.body

    def test_the_booking_stays_in_the_account_unless_staff_take_it_out(self, office, booking, path):
        account = User.objects.create_user("ada@example.com", "a long pass phrase")
        Sale.objects.update(user=account)
        page, _ = look(office, path, **NEW)
        assert "stays in the account ada@example.com" in page
        act(office, path, **NEW)
        booking.refresh_from_db()
        assert booking.sale.user == account

    def test_taken_out_of_the_account_it_leaves(self, office, booking, path):
        Sale.objects.update(user=User.objects.create_user("ada@example.com", "a long pass phrase"))
        page, _ = look(office, path, **NEW, leaves_account="on")
        assert "leaves the account ada@example.com" in page
        act(office, path, **NEW, leaves_account="on")
        booking.refresh_from_db()
        assert booking.sale.user is None
        assert set(AuditEntry.objects.values_list("action", flat=True)) == {"leave account", "change e-mail"}

    def test_the_same_address_is_refused_so_that_a_double_click_is_harmless(self, office, booking, path):
        act(office, path, **NEW)
        with nothing_changes():
            answer = office.post(path, {**NEW, "mark": "-", "_do": "yes"})
            assert answer.status_code == 422 and "address of the booking already" in sentences(answer)
            with pytest.raises(SameAddress):
                change_email(booking_id=booking.pk, email="ADA@new.example", reason="x", actor="test")

    @pytest.mark.parametrize("change", [{"email": "ada"}, {"email": "a@b.c\nBcc: all@example.com"}, {"reason": ""}])
    def test_nonsense_is_said_beside_the_field(self, office, path, change):
        with nothing_changes():
            assert office.post(path, {**NEW, **change, "_do": "yes"}).status_code == 422

    def test_wrong_method_and_wrong_person(self, office, client, showtime, path):
        client.force_login(make_staff("DOOR", showtime.auditorium.theater))
        with nothing_changes():
            assert office.put(path).status_code == 405
            assert client.post(path, {**NEW, "_do": "yes"}).status_code in {403, 404}

    def test_every_refusal_has_a_sentence(self):
        assert all(kind.sentence != Refusal.sentence for kind in (SentOften, SameAddress))
