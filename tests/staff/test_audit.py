"""The audit log only grows, says what changed, and contains no secrets."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from staff.access import staff_actor
from staff.models import AuditEntry
from staff.services.audit import record
from tests.factories import make_staff, make_theater

pytestmark = pytest.mark.django_db


@pytest.fixture
def theater():
    return make_theater()


def test_entry_says_who_what_from_to_and_why(theater):
    boss = make_staff("OWNER", theater)
    record(
        actor=staff_actor(boss), action="change", thing=theater, theater=theater,
        before={"tax rate": Decimal("0.20"), "from": None}, after={"tax rate": Decimal("0.05"), "from": date(2027, 4, 1)},
        reason="  The law changed ",
    )  # fmt: skip
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.theater, entry.action, entry.what, entry.what_id, entry.what_text) == (
        boss, theater, "change", "houses.theater", theater.pk, str(theater),
    )  # fmt: skip
    assert entry.before == {"tax rate": "0.20", "from": None}
    assert entry.after == {"tax rate": "0.05", "from": "2027-04-01"}
    assert entry.reason == "The law changed"


def test_worker_is_no_person(theater):
    entry = record(actor="worker", action="settle", thing=theater, theater=None)
    assert (entry.user, entry.theater, entry.actor) == (None, None, "worker")


@pytest.mark.parametrize("name", ["password", "Recovery token", "client_secret", "TOTP seed"])
def test_secrets_are_not_told(theater, name):
    record(actor="worker", action="change", thing=theater, theater=theater, before={name: "abc"}, after={name: "def"})
    assert (AuditEntry.objects.get().before, AuditEntry.objects.get().after) == ({name: "(secret)"}, {name: "(secret)"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_auditentry SET reason = 'other'",
        "DELETE FROM staff_auditentry",
        "TRUNCATE staff_auditentry",
    ],
)
def test_nobody_rewrites_it(theater, statement):
    record(actor="worker", action="change", thing=theater, theater=theater)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            cursor.execute(statement)
    assert AuditEntry.objects.get().reason == ""
