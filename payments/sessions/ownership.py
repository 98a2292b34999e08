"""Decides whose an object at the provider is that has no row here.

Rows are committed before the provider is asked to create anything. So an object that carries the id of this
installation and has no row proves that the database is older than the object: it was restored.
"""

import structlog

from core.installation import is_from_here
from payments.providers import errors
from payments.providers.answers import Created
from payments.sessions.database_age import is_news, pause_after_restore

logger = structlog.get_logger(__name__)
LOST = "ours without a row: the database is older"
FOREIGN = "not ours"


class RowMissing(errors.Unknown):
    """The provider has an object that this installation created, and there is no row for it."""


def require_foreign(thing: Created) -> None:
    """Check that an object without a row is not ours. Raises RowMissing when it is; then sales pause as well."""
    if not is_from_here(thing.metadata):
        return
    logger.error("provider_object_without_row", what=thing.kind, id=thing.id)
    if is_news(thing):
        pause_after_restore(
            f"A payment provider has {thing.kind} {thing.id}, created here, without a row", thing.created_at
        )
    raise RowMissing(f"{thing.kind} {thing.id} is {LOST}")


def note_foreign(*, what: str, provider_id: str) -> str:
    """Something else uses our account at the provider: written to the log, and nothing is done. Returns the outcome in words."""
    logger.warning("provider_object_not_ours", what=what, id=provider_id)
    return FOREIGN
