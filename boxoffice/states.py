"""What may happen to a request to give money back."""

from django.db import models


class RequestStatus(models.TextChoices):
    WAITING = "WAITING", "Waits for a second person"
    DONE = "DONE", "Done"
    DECLINED = "DECLINED", "Declined"


REQUEST_MOVES: dict[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.WAITING: frozenset({RequestStatus.DONE, RequestStatus.DECLINED}),
    RequestStatus.DONE: frozenset(),
    RequestStatus.DECLINED: frozenset(),
}
