"""When its term ends, what is stored about people is deleted by a job that may do nothing else."""

from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from accounts.models import StaffNotice
from houses.models import House
from payments.models import Payment, ProviderEvent, RetentionRun
from payments.privacy import retention
from payments.privacy.retention import forget_old_data, months_before
from reservations.models import BookingAccess
from sales.models import Contact, Sale
from tests.aging import unguarded
from tests.clock import begins_in
from tests.factories import buy, make_allowance, make_browser, make_shared_block
from tests.ledger import broken_invariants
from tests.sales.test_contact_erasure import traces

pytestmark = pytest.mark.django_db
EMAIL = "ada.lovelace@example.com"
ALARM = "contacts_are_forgotten_in_time"


@pytest.fixture
def sold(showtime, sandbox, deliver):
    booking = buy(sandbox, showtime, make_browser(1), "A1", email=EMAIL)
    deliver()
    Payment.objects.update(card="a fingerprint", card_last4="4242")
    BookingAccess.objects.create(booking=booking, holder="a" * 64, link_version=1)
    return booking


def days_ago(booking, days):
    """Move the showtime, the sale and its payment this many days into the past."""
    by = timedelta(days=days)
    begins_in(booking.showtime, seconds=-by.total_seconds() - 4 * 3600)
    with unguarded():
        for model in (Payment, Sale):
            model.objects.update(created_at=F("created_at") - by)
        Payment.objects.update(ended_at=F("ended_at") - by)
        ProviderEvent.objects.update(received_at=F("received_at") - by)


def forget():
    return forget_old_data(now=timezone.now())


def test_after_the_months_of_the_house_nobody_knows_who_it_was(sold):
    days_ago(sold, 18 * 31)
    run = forget()
    assert (run.counts["contacts"], run.counts["cards"]) == (1, 1) and run.finished_at is not None
    assert traces("lovelace") == set()
    assert not BookingAccess.objects.exists()
    assert Sale.objects.get().total == sold.total
    assert set(Payment.objects.values_list("card", "card_last4")) == {("", "")}


def test_a_second_run_finds_nothing_to_do(sold):
    days_ago(sold, 18 * 31)
    forget()
    emptied = Contact.objects.get().emptied_at
    assert set(forget().counts.values()) == {0}
    assert Contact.objects.get().emptied_at == emptied and RetentionRun.objects.count() == 2


def test_until_then_everything_stays(sold):
    days_ago(sold, 17 * 30)
    assert set(forget().counts.values()) == {0}
    assert Contact.objects.get().email == EMAIL and BookingAccess.objects.exists()


def test_each_house_has_months_of_its_own(sold):
    House.objects.update(contact_months=2)
    days_ago(sold, 2 * 31)
    assert forget().counts["contacts"] == 1


def test_batches_reach_all_and_a_row_that_fails_stops_no_other(sold, showtime, sandbox, monkeypatch):
    for number, label in ((2, "A2"), (3, "B1")):
        buy(sandbox, showtime, make_browser(number), label, email=f"p{number}@example.com")
    days_ago(sold, 18 * 31)
    with unguarded():
        # Its request may still have to be sent again.
        Payment.objects.filter(sale=sold.sale).update(ended_at=timezone.now())
    monkeypatch.setattr(retention, "SALES_AT_ONCE", 1)
    assert forget().counts["contacts"] == 2
    assert list(Contact.objects.exclude(email="").values_list("email", flat=True)) == [EMAIL]


def test_notices_and_deliveries_have_terms_of_their_own(sold):
    days_ago(sold, 24 * 31)
    old = StaffNotice.objects.create(what="x", person=EMAIL, database_role="x", to=[EMAIL])
    StaffNotice.objects.update(created_at=F("created_at") - timedelta(days=800))
    counts = forget().counts
    assert counts["staff_notices"] == 1 and not StaffNotice.objects.filter(pk=old.pk).exists()
    done = ProviderEvent.objects.exclude(done_at=None)
    assert counts["provider_events"] == done.count()
    assert all(payload == {} for payload in done.values_list("payload", flat=True))


def test_what_friends_were_offered_goes_a_day_after_the_show_and_allowances_a_month(showtime):
    make_shared_block(showtime, "A1", "A2")
    make_allowance(showtime)
    over = showtime.ends_at
    kept = [
        (timedelta(hours=23), 0, 0),
        (timedelta(hours=25), 1, 0),
        (timedelta(days=27), 0, 0),
        (timedelta(days=32), 0, 1),
    ]
    for after, blocks, allowances in kept:
        counts = forget_old_data(now=over + after).counts
        assert (counts["shared_blocks"], counts["ticket_allowances"]) == (blocks, allowances)


def test_the_check_mails_staff_when_the_job_did_not_do_its_work(sold):
    days_ago(sold, 18 * 31 + 9)
    assert ALARM in broken_invariants()
    forget()
    assert ALARM not in broken_invariants()
    RetentionRun.objects.update(began_at=F("began_at") - timedelta(days=3))
    assert ALARM in broken_invariants()


@pytest.mark.parametrize(
    ("day", "months", "before"), [((2027, 3, 31), 1, (2027, 2, 28)), ((2028, 2, 29), 12, (2027, 2, 28))]
)
def test_months_end_with_the_month(day, months, before):
    moment = timezone.now().replace(year=day[0], month=day[1], day=day[2])
    found = months_before(moment, months)
    assert (found.year, found.month, found.day) == before


# Its database role.


def test_the_role_can_do_all_of_it(sold, logins, settings):
    days_ago(sold, 24 * 31)
    settings.RETENTION_DATABASE_ROLE = logins.retention
    assert forget().counts["contacts"] == 1
    assert traces("lovelace") == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user")
        assert cursor.fetchone() == (True,)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sales_sale SET total = 0",
        "UPDATE payments_payment SET amount = 0",
        "DELETE FROM reservations_ticket",
        "DELETE FROM sales_contact",
        "UPDATE accounts_user SET is_superuser = true",
        "SELECT password FROM accounts_user",
        "INSERT INTO staff_auditentry (actor) VALUES ('x')",
        "CREATE TABLE mine (id int)",
    ],
)
def test_the_role_that_forgets_can_do_nothing_else(logins, statement):
    with psycopg.connect(logins.url(logins.worker), autocommit=True) as session:
        session.execute(f"SET ROLE {logins.retention}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(statement)


@pytest.mark.parametrize("role", ["web", "worker"])
def test_others_do_not_have_its_rights_unasked(logins, role):
    with psycopg.connect(logins.url(getattr(logins, role)), autocommit=True) as session:
        for statement in ("DELETE FROM accounts_staffnotice", "UPDATE payments_providerevent SET payload = '{}'"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(statement)
        if role == "web":
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                session.execute(f"SET ROLE {logins.retention}")
