"""Checks the database session when a process starts."""

import structlog
from django.db import OperationalError, connection

from core.database.base import WrongSession

logger = structlog.get_logger(__name__)


def refuse_wrong_session() -> None:
    """Raise WrongSession for wrong settings. If the database is away nothing happens: each connection is checked later."""
    try:
        connection.ensure_connection()
    except WrongSession:
        raise
    except OperationalError as error:
        logger.warning("database_away_at_start", error=str(error)[:200])
    finally:
        connection.close()
