"""The roles of web and workers can sell, settle and refund, but can neither rewrite what happened nor change the schema."""

import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import CASCADE
from django.test import Client
from django.utils import timezone

from accounts.models import StaffNotice, User
from accounts.services.staff_notices import send_due_notices
from core.database.number_gap import move_numbers_ahead
from core.database.sessions import WEB, WORKER
from payments.books.invariant_runs import ask_for_check, run_due_check
from payments.books.payment_sweep import send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.models import InvariantRun, Payment, Refund
from payments.privacy import retention
from payments.privacy.database_roles import DELETABLE, WrongRole, require_retention_role
from payments.refunds.cancellation import cancel_and_refund
from payments.sessions.database_age import check_database_age
from payments.tasks import close_due_sessions, sweep_payments
from reservations.aftersale.cancellation import CancellationOrigin
from reservations.changes.auditorium_moves import choose_seats
from reservations.changes.change_requests import ChangeRequest
from reservations.changes.showtime_changes import apply_change, plan_change
from reservations.letters.outbox import send_due_mail
from reservations.models import Booking, ShowtimeSeat
from reservations.states import CancelCause
from reservations.tasks import refresh_fullness, sweep_holds
from staff.access import staff_actor
from staff.models import Invitation
from staff.roles import EVERY_PERMISSION
from staff.services.audit import record
from staff.services.invitations import Welcome, accept_as_new, invite, renew
from staff.services.roles import Person
from tests.factories import make_auditorium, make_staff, make_theater
from tests.ledger import broken_invariants
from tests.payments.test_whole_way import buy
from tests.signing_in import give_factor
from tests.variants import some
from theaters.plans.plans import current_plan
from theaters.schedule.sales_pauses import pause_sales, resume_sales
from theaters.states import ChangeKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_web(logins, showtime, sandbox):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET LOCAL ROLE {logins.web}")
    return showtime


@contextmanager
def logged_in(logins, role):
    """A connection with that role's own login, as a process has it, without anything of the owner's."""
    with psycopg.connect(logins.url(role), autocommit=True) as session:
        yield session


@pytest.fixture(params=["web", "worker"])
def session(request, logins, db):
    with logged_in(logins, getattr(logins, request.param)) as own:
        yield own


@pytest.fixture
def sale(as_web, deliver, client, sandbox):
    """A whole sale through the site's own pages and workers, under their own roles."""
    assert buy(client, as_web, "A1", "B1").status_code == 303
    sandbox.pay(Payment.objects.get().session_id)
    assert deliver() > 0
    settle_due_events()
    send_due_mail(now=timezone.now())
    return Booking.objects.get()


def test_hold_pay_settle_and_refund_work(sale, client):
    assert (sale.status, sale.sale.payments.get().status) == ("CONFIRMED", "SUCCEEDED")
    assert client.get(sale.get_absolute_url()).status_code == 200
    cancel_and_refund(
        booking_id=sale.pk, ticket_ids=None, origin=CancellationOrigin(CancelCause.STAFF, "staff:1", "ill")
    )
    send_due_refunds()
    sale.refresh_from_db()
    assert (sale.status, Refund.objects.get().status) == ("CANCELED", "SUCCEEDED")
    assert not ShowtimeSeat.objects.filter(booking=sale).exists()
    assert broken_invariants() == []


def test_the_sweeps_and_the_nightly_check_work(sale):
    for task in (close_due_sessions, sweep_payments, refresh_fullness, sweep_holds):
        task()
    ask_for_check(actor="staff:1")
    assert run_due_check().broken == 0
    record(actor="worker", action="look", thing=sale, theater=None)
    assert Client().get("/readyz").status_code == 200


@pytest.fixture
def boss(showtime):
    """Made by the owner of the tables: web makes nobody staff."""
    return make_staff("MANAGER", showtime.auditorium.theater)


def test_staff_choose_seats_in_a_planned_move(boss, sale):
    larger = make_auditorium(sale.showtime.auditorium.theater, "A oooo\nB oooo")
    move = ChangeRequest(ChangeKind.MOVE, moves_to=current_plan(larger))
    change = plan_change(showtime=sale.showtime, request=move, user_id=boss.pk, now=timezone.now())
    first = sale.tickets.order_by("pk")[0]
    choose_seats(change_id=change.pk, chosen={first.pk: "B4"})
    apply_change(change_id=change.pk, reason="The heating is broken", user_id=boss.pk, now=timezone.now())
    first.refresh_from_db()
    assert first.seat.label == "B4"


def refused(session, statement):
    with pytest.raises(psycopg.Error) as error:
        session.execute(statement)
    return str(error.value)


REWRITES = [
    "UPDATE reservations_move SET actor = 'somebody'",
    "DELETE FROM reservations_move",
    "TRUNCATE reservations_move",
    "UPDATE staff_auditentry SET reason = ''",
    "DELETE FROM staff_auditentry",
    "UPDATE reservations_cancellation SET kept = 0",
    "UPDATE reservations_canceledticket SET kept = 0",
    "UPDATE payments_providerevent SET payload = '{}'",
    "UPDATE payments_providerevent SET provider_id = 'other'",
    "DELETE FROM payments_providerevent",
    "UPDATE payments_payment SET amount = 1",
    "UPDATE payments_payment SET currency = 'USD'",
    "UPDATE payments_payment SET key = 'other'",
    "UPDATE payments_payment SET sale_id = 0",
    "DELETE FROM payments_payment",
    "UPDATE payments_refund SET amount = 1",
    "DELETE FROM payments_refund",
    "UPDATE reservations_ticket SET price = 0",
    "UPDATE reservations_ticket SET tax = 0",
    "UPDATE reservations_swappedticket SET old_code = 'other'",
    "DELETE FROM reservations_ticket",
    "UPDATE reservations_booking SET total = 0",
    "DELETE FROM reservations_booking",
    "UPDATE boxoffice_refundrequest SET amount = 1",
    "UPDATE boxoffice_refundrequest SET asked_by_id = 1",
    "UPDATE boxoffice_refundrequest SET tickets = '{}'",
    "DELETE FROM boxoffice_refundrequest",
    "DELETE FROM staff_invitation",
    "UPDATE staff_invitation SET email = 'eve@example.com'",
    "DELETE FROM accounts_user",
    "DELETE FROM houses_theater",
    "DELETE FROM payments_dispute",
    "UPDATE payments_invariantrun SET actor = 'somebody'",
    "UPDATE payments_invariantrun SET asked_at = now()",
    "DELETE FROM payments_invariantrun",
    "UPDATE theaters_showtimechange SET before = '{}'",
    "DELETE FROM theaters_showtimechange",
    "UPDATE reservations_changenotice SET booking_id = 0",
    "DELETE FROM reservations_changenotice",
    "UPDATE reservations_scan SET at = now()",
    "UPDATE django_admin_log SET change_message = ''",
    "DELETE FROM django_admin_log",
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


@pytest.mark.parametrize("statement", some([*REWRITES, *SCHEMA], every=3))
def test_web_and_workers_can_neither_rewrite_what_happened_nor_change_the_schema(session, statement):
    said = refused(session, statement)
    assert "permission denied" in said or "must be owner" in said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_user SET is_superuser = true",
        "UPDATE accounts_user SET is_superuser = NOT is_superuser, is_staff = true",
        """INSERT INTO accounts_user (email, password, first_name, last_name, is_superuser, is_staff, is_active, date_joined)
           VALUES ('eve@example.com', '', '', '', true, true, true, now())""",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_web_and_workers_make_no_superuser(session, statement):
    User.objects.create_user("ada@example.com")
    assert "is_superuser is set by the owner" in refused(session, statement)
    assert not User.objects.filter(is_superuser=True).exists()
    # Their daily work is allowed, with every column that it writes.
    session.execute("UPDATE accounts_user SET first_name = 'Ada', is_superuser = is_superuser")
    assert User.objects.get().first_name == "Ada"


@pytest.mark.parametrize(
    "change",
    [
        "withdrawn_at = now()",
        "accepted_at = now()",
        "expires_at = now()",
        "email = 'other@example.com'",
        "invited_by_id = (SELECT id FROM accounts_user WHERE email = 'ada@example.com')",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_web_and_workers_make_staff_by_an_open_invitation_alone(session, change):
    theater, inviter = make_theater(), User.objects.create_user("owner@example.com", is_staff=True)
    ada = User.objects.create_user("ada@example.com")
    make_staff = "UPDATE accounts_user SET is_staff = true WHERE email = 'ada@example.com'"
    assert "by accepting an open invitation" in refused(session, make_staff)
    invitation = Invitation.objects.create(
        email=ada.email, theater=theater, role="DOOR", invited_by=inviter, reason="new", secret_hash="x",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    session.execute("BEGIN")
    session.execute(make_staff)
    session.execute("ROLLBACK")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE staff_invitation SET {change} WHERE id = {invitation.pk}")
    # A temporary table of that name, which the session makes itself, changes nothing.
    session.execute("CREATE TEMP TABLE staff_invitation AS SELECT * FROM public.staff_invitation")
    session.execute(
        "UPDATE pg_temp.staff_invitation SET accepted_at = NULL, withdrawn_at = NULL, email = 'ada@example.com',"
        " expires_at = now() + interval '1 day', invited_by_id = %s",
        [inviter.pk],
    )
    assert "by accepting an open invitation" in refused(session, make_staff)
    assert not User.objects.get(pk=ada.pk).is_staff


GIVE_ROLE = "INSERT INTO staff_staffrole (user_id, theater_id, role, given_at) SELECT {}, {}, '{}', now()"


@pytest.mark.parametrize(
    "change",
    some(
        [
            "withdrawn_at = now()",
            "accepted_at = now()",
            "expires_at = now()",
            "email = 'other@example.com'",
            "role = 'FINANCE'",
            "theater_id = {elsewhere}",
            "invited_by_id = {mara}",
            "invited_by_id = {manager}",
            "invited_by_id = {stranger}",
        ],
        every=2,
    ),
)
@pytest.mark.django_db(transaction=True)
def test_web_and_workers_give_a_role_by_an_open_invitation_to_it_alone(session, change):
    """This also holds for people who are staff already; and nobody can widen a role that somebody has."""
    theater, elsewhere = make_theater(), make_theater()
    owner, manager, mara = (make_staff(role, theater) for role in ("OWNER", "MANAGER", "DOOR"))
    stranger = make_staff("OWNER", elsewhere)
    give = GIVE_ROLE.format(mara.pk, theater.pk, "AUDITOR")
    assert "by accepting an open invitation" in refused(session, give)
    assert "by accepting an open invitation" in refused(session, "UPDATE staff_staffrole SET role = 'OWNER'")
    invitation = Invitation.objects.create(
        email=mara.email.upper(), theater=theater, role="AUDITOR", invited_by=owner, reason="more", secret_hash="x",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    session.execute("BEGIN")
    session.execute(give)
    session.execute("ROLLBACK")
    people = {"elsewhere": elsewhere.pk, "mara": mara.pk, "manager": manager.pk, "stranger": stranger.pk}
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE staff_invitation SET {change.format(**people)} WHERE id = {invitation.pk}")
    assert "by accepting an open invitation" in refused(session, give)
    assert mara.staff_roles.count() == 1


@pytest.mark.django_db(transaction=True)
def test_who_opens_a_new_theater_owns_it_and_nobody_owns_it_beside_them(logins):
    known, new = make_theater(), make_theater()
    owner, finance = make_staff("OWNER", known), make_staff("FINANCE", known)
    with logged_in(logins, logins.web) as web:
        assert "by accepting" in refused(web, GIVE_ROLE.format(finance.pk, new.pk, "OWNER"))
        assert "by accepting" in refused(web, GIVE_ROLE.format(owner.pk, new.pk, "FINANCE"))
        web.execute(GIVE_ROLE.format(owner.pk, new.pk, "OWNER"))
        assert "by accepting" in refused(web, GIVE_ROLE.format(make_staff("OWNER", known).pk, new.pk, "OWNER"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["new@example.com", "known@example.com"])
def test_under_the_role_of_web_a_person_is_invited_accepts_and_leaves(logins, address):
    theater = make_theater()
    owner, known = make_staff("OWNER", theater), User.objects.create_user("old@example.com")
    EmailAddress.objects.create(user=known, email="known@example.com", verified=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {logins.web}")
        invitation, _ = invite(person=Person(address), theater=theater, role="DOOR", inviter=owner, reason="hired")
        _, secret = renew(invitation_id=invitation.pk, actor=staff_actor(owner), reason="lost")
        person = accept_as_new(secret=secret, welcome=Welcome("!", "ORSXG5A="))
        person.refresh_from_db()
        assert person.is_staff and (person == known) is (address == "known@example.com")
        person.staff_roles.all().delete()


OWNER = ["root@example.com", "{owner}"]
INTRUSIONS = {
    GIVE_ROLE.format("{eve}", "{theater}", "DOOR"): (
        "has the role door at",
        OWNER,
    ),
    "UPDATE accounts_user SET is_staff = true WHERE id = {eve}": ("became staff", ["root@example.com"]),
    "UPDATE accounts_user SET password = 'x' WHERE id = {mara}": ("has another password", OWNER),
    "UPDATE accounts_user SET email = 'eve2@example.com' WHERE id = {mara}": (
        "had the address",
        [*OWNER, "{mara_email}"],
    ),
    "UPDATE accounts_user SET is_active = false WHERE id = {mara}": ("was closed", [*OWNER, "{mara_email}"]),
    "DELETE FROM mfa_authenticator WHERE user_id = {mara}": ("lost a second factor: an authenticator app", OWNER),
    "UPDATE mfa_authenticator SET data = '{{}}' WHERE user_id = {mara}": (
        "has a new second factor: an authenticator app",
        OWNER,
    ),
    "DELETE FROM staff_staffrole WHERE role = 'OWNER'": ("lost the role owner", OWNER),
    """INSERT INTO account_emailaddress (user_id, email, verified, "primary")
       VALUES ({mara}, 'eve2@example.com', true, false)""": ("can sign in with the address eve2@example.com", OWNER),
}


@pytest.mark.parametrize("statement", INTRUSIONS)
@pytest.mark.django_db(transaction=True)
def test_owners_are_told_of_whoever_becomes_staff_or_takes_an_account_over(logins, statement, mailoutbox):
    """The change is made through the web role's own connection. Nothing that this role can do stops the mail."""
    theater = make_theater()
    User.objects.create_superuser("root@example.com", "x")
    owner, mara = make_staff("OWNER", theater), make_staff("DOOR", theater)
    give_factor(mara)
    eve = User.objects.create_user("eve@example.com")
    Invitation.objects.create(
        email=eve.email, theater=theater, role="DOOR", invited_by=owner, reason="new", secret_hash="x",
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    assert not StaffNotice.objects.exists()  # changes by the owner of the tables are not noted
    names = {"eve": eve.pk, "mara": mara.pk, "theater": theater.pk, "owner": owner.email, "mara_email": mara.email}
    said, told = INTRUSIONS[statement]
    with logged_in(logins, logins.web) as web:
        web.execute(statement.format(**names))
        for attempt in (
            "DELETE FROM accounts_staffnotice",
            "UPDATE accounts_staffnotice SET sent_at = now()",
            "UPDATE accounts_staffnotice SET \"to\" = '{}'",
            "INSERT INTO accounts_staffnotice (what) VALUES ('x')",
            "SELECT marquee_note_staff(1, 1, 'x', '{}')",
        ):
            assert "permission denied" in refused(web, attempt)
    send_due_notices()
    (mail,) = mailoutbox
    assert said in mail.body
    assert sorted(mail.to) == sorted(address.format(**names) for address in told)
    send_due_notices()
    assert len(mailoutbox) == 1


@pytest.mark.django_db(transaction=True)
def test_customers_and_what_staff_do_all_day_is_not_told(logins):
    mara = make_staff("DOOR", make_theater())
    codes = Authenticator.objects.create(user=mara, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    User.objects.create_user("eve@example.com")
    with logged_in(logins, logins.web) as web:
        web.execute("UPDATE accounts_user SET password = 'x', email = 'b@example.com' WHERE email = 'eve@example.com'")
        web.execute("UPDATE accounts_user SET last_login = now(), first_name = 'Mara', password = password")
        web.execute("""UPDATE mfa_authenticator SET data = '{"seed": "x", "used_mask": 1}', last_used_at = now()""")
        assert Authenticator.objects.get(pk=codes.pk).data["used_mask"] == 1
    assert not StaffNotice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_accepted_invitation_is_one_notice_and_workers_note_that_its_mail_went(logins):
    theater = make_theater()
    owner = make_staff("OWNER", theater)
    _, secret = invite(person=Person("new@example.com"), theater=theater, role="DOOR", inviter=owner, reason="hired")
    with as_login(logins.web):
        accept_as_new(secret=secret, welcome=Welcome("!", "ORSXG5A="))
    (notice,) = StaffNotice.objects.all()
    assert notice.what.startswith("has the role DOOR at ") and notice.to == [owner.email]
    assert notice.database_role == logins.web
    with logged_in(logins, logins.worker) as worker:
        worker.execute("UPDATE accounts_staffnotice SET sent_at = now(), attempts = 1")
        for attempt in ("DELETE FROM accounts_staffnotice", "UPDATE accounts_staffnotice SET person = 'x'"):
            assert "permission denied" in refused(worker, attempt)


@contextmanager
def as_login(role):
    """Act as if the process had connected with that role."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET SESSION AUTHORIZATION {role}")
        try:
            yield
        finally:
            cursor.execute("RESET SESSION AUTHORIZATION")


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_rows_are_deleted_from_the_tables_that_say_why_alone(logins, db, kind):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(%s, oid, 'DELETE')",
            [getattr(logins, kind)],
        )
        assert {name for (name,) in cursor.fetchall()} == set(DELETABLE)


def test_whatever_the_office_may_delete_can_be_deleted_with_what_hangs_on_it():
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    assert set(DELETABLE) <= set(models)
    permitted = {permission.partition(".delete_") for permission in EVERY_PERMISSION if ".delete_" in permission}
    assert {apps.get_model(app, name)._meta.db_table for app, _, name in permitted} <= set(DELETABLE)
    for table in DELETABLE:
        related = [field for field in models[table]._meta.get_fields(include_hidden=True) if field.auto_created]
        cascades = {
            field.related_model._meta.db_table for field in related if getattr(field, "on_delete", None) is CASCADE
        }
        assert cascades <= set(DELETABLE), table


@pytest.mark.django_db(transaction=True)
def test_a_check_that_has_ended_is_not_rewritten(session):
    run = InvariantRun.objects.create(actor="schedule", checked=3, broken=3, finished_at=timezone.now())
    for change in ("broken = 0", "findings = '[]'", "finished_at = NULL"):
        assert "has ended" in refused(session, f"UPDATE payments_invariantrun SET {change}")
    session.execute("UPDATE payments_invariantrun SET told_at = now()")
    run.refresh_from_db()
    assert (run.broken, run.told_at is not None) == (3, True)


def test_the_audit_role_reads_and_writes_nothing(logins, db):
    with logged_in(logins, logins.audit) as session:
        for table in ("payments_payment", "payments_providerevent", "reservations_move", "theaters_showtime"):
            assert session.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
            assert "permission denied" in refused(session, f"DELETE FROM {table}")
            assert "permission denied" in refused(session, f"INSERT INTO {table} DEFAULT VALUES")
            assert "permission denied" in refused(session, f"UPDATE {table} SET id = 0")


@pytest.mark.parametrize(
    "secret",
    [
        "password FROM accounts_user",
        "* FROM django_session",
        "* FROM mfa_authenticator",
        "holder FROM reservations_booking",
    ],
)
def test_the_audit_role_reads_no_secrets(logins, db, secret):
    with logged_in(logins, logins.audit) as session:
        assert "permission denied" in refused(session, f"SELECT {secret}")


@pytest.mark.parametrize(("kind", "required"), [("web", WEB), ("worker", WORKER)])
def test_the_limits_come_with_the_role(logins, db, kind, required):
    with logged_in(logins, getattr(logins, kind)) as session:
        assert {name: session.execute(f"SHOW {name}").fetchone()[0] for name in required} == required


def test_without_roles_of_their_own_nothing_is_granted(db, settings):
    settings.WEB_DATABASE_URL = settings.WORKER_DATABASE_URL = ""
    with pytest.raises(CommandError, match="WEB_DATABASE_URL is not set"):
        call_command("grant_roles")
    with pytest.raises(CommandError, match="roles of their own"):
        call_command("grant_roles", web="same", worker="same")


def test_no_rights_are_taken_from_the_owner_of_the_tables(logins, db):
    """If "the role of web" were the owner, these grants would take the owner's rights to its own tables."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        (owner,) = cursor.fetchone()
    names = {"web": logins.web, "worker": logins.worker, "audit": logins.audit, "retention": logins.retention}
    for name in names:
        with pytest.raises(CommandError, match=f"^{owner} owns the tables or is a superuser"):
            call_command("grant_roles", **names | {name: owner})
    with pytest.raises(CommandError, match=r"auditors and the job that forgets .* need roles of their own"):
        call_command("grant_roles", **names | {"retention": logins.audit})


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("nobody_made_it", "names nobody_made_it, which is not there"),
        ("{owner}", "may do more than forget"),
        ("{web}", "may do more than forget"),
        ("{worker}", "may do more than forget"),
        ("{retention}", ""),
    ],
)
def test_the_role_that_forgets_is_one_of_its_own(logins, db, named, sentence):
    owner = connection.settings_dict["USER"]
    role = named.format(owner=owner, web=logins.web, worker=logins.worker, retention=logins.retention)
    assert sentence in why_not_forgotten_as(role) and bool(sentence) == bool(why_not_forgotten_as(role))


def test_workers_can_take_the_role_that_forgets(logins, db):
    for login, sentence in [(logins.worker, ""), (logins.web, f"cannot take {logins.retention}")]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {login}")
            assert sentence in why_not_forgotten_as(logins.retention)
            assert bool(sentence) == bool(why_not_forgotten_as(logins.retention))
            transaction.set_rollback(True)


def test_without_one_workers_must_be_able_to_forget_themselves(logins, settings, monkeypatch, db):
    """In development one role owns the tables. Workers with a role of their own need the name of the other one."""
    monkeypatch.setattr(retention.connection, "close", lambda: None)
    settings.RETENTION_DATABASE_ROLE = ""
    retention.refuse_wrong_role()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {logins.worker}")
        with pytest.raises(WrongRole, match=f"is empty, and {logins.worker}, the role of the workers, may not erase"):
            retention.refuse_wrong_role()
        cursor.execute(f"SET LOCAL ROLE {logins.retention}")
        retention.refuse_wrong_role()
        transaction.set_rollback(True)


def why_not_forgotten_as(role) -> str:
    try:
        require_retention_role(role)
    except WrongRole as wrong:
        return str(wrong)
    return ""


def test_workers_do_not_start_with_a_role_that_is_not_there(settings, monkeypatch, db):
    """The question is asked over another connection than the test's, which stays open."""
    monkeypatch.setattr(retention.connection, "close", lambda: None)
    retention.refuse_wrong_role()
    settings.RETENTION_DATABASE_ROLE = "nobody_made_it"
    with pytest.raises(WrongRole, match=r"Run manage\.py grant_roles"):
        retention.refuse_wrong_role()


def test_the_addresses_of_the_roles_may_come_in_files(tmp_path):
    address = tmp_path / "address"
    address.write_text("postgres://marquee_web:secret@db/marquee\n")
    environment = {name: value for name, value in os.environ.items() if name != "WEB_DATABASE_URL"}
    shown = subprocess.run(
        [sys.executable, "-c", "from config.settings import base; print(base.WEB_DATABASE_URL)"],
        env={**environment, "WEB_DATABASE_URL_FILE": str(address)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stdout.strip() == "postgres://marquee_web:secret@db/marquee"


def test_a_second_run_changes_nothing_and_keeps_the_password(logins, db):
    names = [logins.web, logins.worker, logins.audit]

    def rights():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*), sum(hashtext(table_name || column_name || privilege_type)::bigint)"
                " FROM information_schema.column_privileges WHERE grantee = ANY(%s)",
                [names],
            )
            counted = cursor.fetchone()
            cursor.execute(
                "SELECT pg_authid.rolname, pg_authid.rolpassword, rolconfig FROM pg_authid JOIN pg_roles USING (rolname)"
                " WHERE rolname = ANY(%s) ORDER BY 1",
                [names],
            )
            return counted, cursor.fetchall()

    first = rights()
    call_command("grant_roles", web=logins.web, worker=logins.worker, audit=logins.audit)
    assert rights() == first and first[0][0] > 100 and Decimal(first[0][1]) != 0


def next_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sales_sale_id_seq')")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("role", ["web", "worker"])
def test_both_pause_and_resume_and_neither_rewrites_a_pause_or_the_installation(logins, sandbox, role, monkeypatch):
    monkeypatch.setattr("core.database.number_gap.GAP", 1000)  # the full length takes seconds
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET LOCAL ROLE {getattr(logins, role)}")
    assert check_database_age() is False
    pause_sales(why="A test", actor="test")
    resume_sales(actor="test", reason="Done")
    before = next_number()
    assert move_numbers_ahead() > 50  # numbers are drawn, because neither role may set a sequence
    assert next_number() == before + 1000 + 1
    for statement in (
        "UPDATE core_salespause SET why = 'another'",
        "DELETE FROM core_salespause",
        "UPDATE core_installation SET public_id = 'another'",
        "DELETE FROM core_installation",
    ):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(statement)
