"""Empties data that is kept for a limited time: network addresses, which the limits need, and exact payment requests,
which repeats need.

They are emptied some days after the hold or payment ended.
"""

import structlog
from django.conf import settings
from django.db.models import QuerySet

from payments.models import Payment
from reservations.models import Hold

BATCH = 5_000
logger = structlog.get_logger(__name__)


def forget_old_addresses() -> int:
    """The nightly sweep. In batches, so that no row stays locked for long; what it does not reach tonight is tomorrow's."""
    requests = _empty(Payment.objects.with_old_request(), request={})
    logger.info("payment_requests_forgotten", payments=requests)
    if not settings.CLIENT_ADDRESS_DAYS:
        return 0
    holds = _empty(Hold.objects.with_old_address(), address="", network="")
    payments = _empty(Payment.objects.with_old_address(), address="")
    logger.info("client_addresses_forgotten", holds=holds, payments=payments)
    return holds + payments


def _empty(due: QuerySet, **emptied: object) -> int:
    forgotten = 0
    while batch := list(due.order_by().values_list("pk", flat=True)[:BATCH]):
        forgotten += due.model.objects.filter(pk__in=batch).update(**emptied)
    return forgotten
