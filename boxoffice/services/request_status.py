"""The only module that changes the status of a refund request: checked by the table of allowed moves, saved with its
fields, logged.
"""

from typing import Any

from boxoffice.models import RefundRequest
from boxoffice.states import REQUEST_MOVES, RequestStatus
from reservations.records.status_changes import log_moves


def move_request(request: RefundRequest, to: RequestStatus, *, actor: str, note: str = "", **fields: Any) -> None:
    """Move a locked request and set the fields that go with it."""
    old = REQUEST_MOVES.move(request, to, **fields)
    log_moves("request", [(request.pk, old, to)], actor=actor, note=note)
