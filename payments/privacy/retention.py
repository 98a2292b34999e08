"""The nightly retention job: deletes personal data when the term is over that its house or this module sets.

All of it runs under the database role of retention, which can empty these columns and delete these rows and nothing
else (payments/privacy/database_roles.py). It works in batches: what it does not reach tonight is tomorrow's, and a
second run finds nothing to do.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import StaffNotice
from core.clock import ClockTimestamp
from core.rows.sweeps import next_row_on_error
from houses.models import House
from payments.models import Payment, ProviderEvent, RetentionRun
from payments.privacy.contact_erasure import forget_contacts
from payments.privacy.database_roles import require_retention_role, require_right_to_forget
from reservations.models import BookingAccess, SharedBlock, TicketAllowance, Transfer
from sales import locks
from sales.models import Sale

# Banks can take the money of a card back for up to 540 days; until then we may have to ask the customer.
NOTICE_MONTHS = EVENT_MONTHS = 24
ONE_DAY = timedelta(days=1)
SALES_AT_ONCE, ROWS_AT_ONCE = 200, 5_000
MOST_SALES_A_NIGHT = 20_000
logger = structlog.get_logger(__name__)


def forget_old_data(*, now: datetime) -> RetentionRun:
    """Run one night's deletion; returns a run with the number of rows emptied or deleted of each kind."""
    with as_retention():
        run = RetentionRun.objects.create()
    counts = {
        "contacts": sum(_forget_contacts_of(house, now=now) for house in House.objects.order_by("pk")),
        "cards": _empty(_old_payments().exclude(card="", card_last4=""), card="", card_last4=""),
        "provider_events": _empty(_old_events(now), payload={}),
        "opened_by": _delete(BookingAccess.objects.filter(booking__sale__contact__emptied_at__isnull=False)),
        "staff_notices": _delete(StaffNotice.objects.filter(created_at__lt=months_before(now, NOTICE_MONTHS))),
        "ticket_allowances": _delete(TicketAllowance.objects.filter(showtime__ends_at__lt=months_before(now, 1))),
        "shared_blocks": _delete(SharedBlock.objects.filter(showtime__ends_at__lt=now - ONE_DAY)),
    }
    with as_retention():
        RetentionRun.objects.filter(pk=run.pk).update(counts=counts, finished_at=ClockTimestamp())
    logger.info("old_data_forgotten", **counts)
    run.refresh_from_db()
    return run


@contextmanager
def as_retention() -> Iterator[None]:
    """A transaction with the rights of the retention role; with the worker's own rights where no such role is set
    (development).
    """
    with transaction.atomic():
        if role := settings.RETENTION_DATABASE_ROLE:
            with connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL ROLE {connection.ops.quote_name(role)}")
        yield
        if settings.RETENTION_DATABASE_ROLE:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


def refuse_wrong_role() -> None:
    """Check at the start of workers that the nightly job has its rights.

    Does nothing if the database does not answer. Raises WrongRole.
    """
    try:
        if settings.RETENTION_DATABASE_ROLE:
            require_retention_role(settings.RETENTION_DATABASE_ROLE)
        else:
            require_right_to_forget()
    except DatabaseError as error:
        logger.warning("retention_role_not_checked", error=str(error)[:200])
    finally:
        connection.close()


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment `months` months earlier: on the same day, or on the last day of that month."""
    years, month = divmod(moment.month - 1 - months, 12)
    for day in (moment.day, 30, 29, 28):
        try:
            return moment.replace(year=moment.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError(moment)


def due_sales(house: House, *, now: datetime) -> QuerySet[Sale]:
    """Sales whose last show ended longer ago than the house keeps contacts, with data of a person left."""
    before = months_before(now, house.contact_months)
    takers = Transfer.objects.filter(ticket__booking__sale=OuterRef("pk")).exclude(told_needs=[])
    says_something = Q(contact__emptied_at=None) & (
        ~Q(contact__email="") | ~Q(contact__payer_name="") | ~Q(contact__told_needs=[])
    ) | Exists(takers)
    late = Sale.objects.filter(bookings__showtime__ends_at__gte=before)
    return Sale.objects.filter(says_something, theater__house=house, created_at__lt=before).exclude(pk__in=late)


def _forget_contacts_of(house: House, *, now: datetime) -> int:
    forgotten = 0
    last = 0
    while forgotten < MOST_SALES_A_NIGHT:
        batch = list(
            due_sales(house, now=now).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:SALES_AT_ONCE]
        )
        if not batch:
            break
        for sale_id in batch:
            with next_row_on_error("contact_not_forgotten", sale=sale_id), as_retention():
                forget_contacts(locks.sale(sale_id))
                BookingAccess.objects.filter(booking__sale=sale_id).delete()
                forgotten += 1
        last = batch[-1]
    return forgotten


def _old_payments() -> QuerySet[Payment]:
    """Old payments whose contact is emptied."""
    return Payment.objects.filter(sale__contact__emptied_at__isnull=False)


def _old_events(now: datetime) -> QuerySet[ProviderEvent]:
    before = months_before(now, EVENT_MONTHS)
    return ProviderEvent.objects.filter(received_at__lt=before, done_at__isnull=False).exclude(payload={})


def _empty(due: QuerySet, **emptied: object) -> int:
    return sum(due.model.objects.filter(pk__in=batch).update(**emptied) for batch in _batches(due))


def _delete(due: QuerySet) -> int:
    return sum(due.model.objects.filter(pk__in=batch).delete()[0] for batch in _batches(due))


def _batches(due: QuerySet) -> Iterator[list[int]]:
    """Yield primary keys in batches, each in its own transaction under the rights of retention."""
    last = 0
    while batch := list(due.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:ROWS_AT_ONCE]):
        with as_retention():
            yield batch
        last = batch[-1]
