"""Statuses of a request for a refund, and the allowed changes."""

from django.db import models

from core.rows.statuses import StatusTable


class RequestStatus(models.TextChoices):
    WAITING = "WAITING", "Waits for a second person"
    DONE = "DONE", "Done"
    DECLINED = "DECLINED", "Declined"


REQUEST_MOVES = StatusTable(
    RequestStatus,
    {
        RequestStatus.WAITING: {RequestStatus.DONE, RequestStatus.DECLINED},
    },
)
