"""Whose an object at Stripe is when no row here knows it.

Rows are committed before Stripe is asked to create anything. So an object that carries the id of this installation and
has no row proves that the database is older than the object: it was restored.
"""

import structlog

from core.installation import is_from_here
from payments import gateway

logger = structlog.get_logger(__name__)
LOST = "ours without a row: the database is older"
FOREIGN = "not ours"


class RowMissing(gateway.Unknown):
    """Stripe has an object that this installation created, and there is no row for it."""


def require_foreign(metadata: dict[str, str], *, what: str, stripe_id: str) -> None:
    """For an object without a row here. An alarm, and raises RowMissing, when this installation created it."""
    if is_from_here(metadata):
        logger.error("stripe_object_without_row", what=what, id=stripe_id)
        raise RowMissing(f"{what} {stripe_id} is {LOST}")


def note_foreign(*, what: str, stripe_id: str) -> str:
    """Something else uses our account at Stripe: written to the log, and nothing is done. Returns the outcome in words."""
    logger.warning("stripe_object_not_ours", what=what, id=stripe_id)
    return FOREIGN
