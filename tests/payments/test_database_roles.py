"""The role of web and workers sells, settles and gives back, and can neither rewrite what happened nor change the schema."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from payments.models import Payment, Refund, StripeEvent
from payments.services.cancellation import cancel_and_refund
from payments.services.checking import ask_for_check, run_due_check
from payments.services.events import settle_due_events
from payments.services.sweeps import send_due_refunds
from payments.tasks import close_due_tills, sweep_payments
from reservations.models import Booking, Move, ShowtimeSeat
from reservations.services.cancellation import Why
from reservations.services.outbox import send_due_mail
from reservations.states import CancelCause
from reservations.tasks import refresh_fullness, sweep_holds
from tests.ledger import broken_invariants
from tests.payments.test_whole_way import buy
from theaters.services.audit import record

pytestmark = pytest.mark.django_db


@pytest.fixture
def granted(db):
    """Both roles, as `manage.py grant_roles` makes them; rolled back with the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    call_command("grant_roles", site="site_of_test", audit="audit_of_test", verbosity=0)


def become(role):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")


@pytest.fixture
def as_site(granted, showtime, sandbox):
    become("site_of_test")
    return showtime


@pytest.fixture
def sale(as_site, deliver, client, sandbox):
    """The whole way by the site's own pages and workers, under its own role."""
    assert buy(client, as_site, "A1", "B2").status_code == 303
    sandbox.pay(Payment.objects.get().session_id)
    assert deliver() > 0
    settle_due_events()
    send_due_mail(now=timezone.now())
    return Booking.objects.get()


def test_hold_pay_settle_and_refund_work(sale, client):
    assert (sale.status, sale.payments.get().status) == ("CONFIRMED", "SUCCEEDED")
    assert client.get(sale.get_absolute_url()).status_code == 200
    cancel_and_refund(booking_id=sale.pk, ticket_ids=None, why=Why(CancelCause.STAFF, "staff:1", "ill"))
    send_due_refunds()
    sale.refresh_from_db()
    assert (sale.status, Refund.objects.get().status) == ("CANCELED", "SUCCEEDED")
    assert not ShowtimeSeat.objects.filter(booking=sale).exists()
    assert broken_invariants() == []


def test_the_sweeps_and_the_nightly_check_work(sale):
    for task in (close_due_tills, sweep_payments, refresh_fullness, sweep_holds):
        task()
    ask_for_check(actor="staff:1")
    assert run_due_check().broken == 0
    record(actor="worker", action="look", thing=sale, theater=None)
    assert Client().get("/readyz").status_code == 200


def refused(statement):
    with connection.cursor() as cursor, pytest.raises(DatabaseError) as error, transaction.atomic():
        cursor.execute(statement)
    return str(error.value)


REWRITES = [
    "UPDATE reservations_move SET actor = 'somebody'",
    "DELETE FROM reservations_move",
    "TRUNCATE reservations_move",
    "UPDATE theaters_auditentry SET reason = ''",
    "DELETE FROM theaters_auditentry",
    "UPDATE reservations_cancellation SET kept = 0",
    "UPDATE reservations_canceledticket SET kept = 0",
    "UPDATE payments_stripeevent SET payload = '{}'",
    "UPDATE payments_stripeevent SET stripe_id = 'other'",
    "DELETE FROM payments_stripeevent",
    "UPDATE payments_payment SET amount = 1",
    "UPDATE payments_payment SET currency = 'USD'",
    "UPDATE payments_payment SET key = 'other'",
    "UPDATE payments_payment SET booking_id = 0",
    "DELETE FROM payments_payment",
    "UPDATE payments_refund SET amount = 1",
    "DELETE FROM payments_refund",
    "UPDATE reservations_ticket SET price = 0",
    "UPDATE reservations_ticket SET tax = 0",
    "UPDATE reservations_swappedticket SET old_code = 'other'",
    "DELETE FROM reservations_ticket",
    "UPDATE reservations_booking SET total = 0",
    "DELETE FROM reservations_booking",
    "UPDATE django_migrations SET name = 'other'",
]
SCHEMA = [
    "CREATE TABLE mine (id int)",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DROP TABLE reservations_move",
    "ALTER TABLE payments_payment ADD COLUMN mine int",
    "ALTER TABLE payments_payment DISABLE TRIGGER payment_frozen",
    "DROP TRIGGER move_append_only ON reservations_move",
    "DROP INDEX ticket_one_live_per_seat",
    "SET session_replication_role = replica",
    "CREATE OR REPLACE FUNCTION marquee_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
]


@pytest.mark.parametrize("statement", [*REWRITES, *SCHEMA])
def test_the_site_can_neither_rewrite_what_happened_nor_change_the_schema(as_site, statement):
    assert "permission denied" in refused(statement) or "must be owner" in refused(statement)


def test_the_audit_role_reads_and_writes_nothing(granted, showtime):
    become("audit_of_test")
    assert (Payment.objects.count(), StripeEvent.objects.count(), Move.objects.filter(what="payment").count()) == (
        0,
        0,
        0,
    )
    for table in ("payments_payment", "reservations_move", "theaters_showtime"):
        assert "permission denied" in refused(f"DELETE FROM {table}")
        assert "permission denied" in refused(f"INSERT INTO {table} DEFAULT VALUES")
        assert "permission denied" in refused(f"UPDATE {table} SET id = 0")


@pytest.mark.parametrize(
    "secret",
    [
        "password FROM accounts_user",
        "* FROM django_session",
        "* FROM mfa_authenticator",
        "holder FROM reservations_booking",
    ],
)
def test_the_audit_role_reads_no_secrets(granted, secret):
    become("audit_of_test")
    assert "permission denied" in refused(f"SELECT {secret}")


def test_without_a_name_nothing_is_granted(db, capsys):
    call_command("grant_roles")
    assert "No second role" in capsys.readouterr().out


def test_a_second_run_changes_nothing(granted, showtime):
    def rights():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), sum(hashtext(table_name || column_name || privilege_type)::bigint)"
                " FROM information_schema.column_privileges WHERE grantee IN ('site_of_test', 'audit_of_test')"
            )
            return cursor.fetchone()

    first = rights()
    call_command("grant_roles", site="site_of_test", audit="audit_of_test")
    assert rights() == first and first[0] > 100 and Decimal(first[1]) != 0
