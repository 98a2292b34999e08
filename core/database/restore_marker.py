"""The newest fact of the database, kept in a file beside it: after a restore the file knows more than the database.

The file stands in STATE_DIR and carries the installation's id in its name, so databases that share a machine do not
meet in it. Without STATE_DIR there is no file; the provider's newest objects are compared all the same.
"""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class RestoreMarker:
    """The highest number in the log of moves, as it was at a moment of the database's clock.

    `sold` counts, by theater and business day, what no payment provider knows of.
    """

    newest_move: int
    written_at: datetime
    sold: dict[str, dict[str, int]] = field(default_factory=dict)


def read_marker(installation: str) -> RestoreMarker | None:
    """Read the marker file; None when it is missing or unreadable, as on a new machine."""
    path = _path(installation)
    if path is None:
        return None
    try:
        told = json.loads(path.read_text())
        sold = {
            str(day): {str(name): int(count) for name, count in counts.items()}
            for day, counts in told.get("sold", {}).items()
        }
        # A time without its zone is read as that of this machine.
        return RestoreMarker(int(told["newest_move"]), datetime.fromisoformat(told["written_at"]).astimezone(), sold)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError) as error:
        logger.warning("restore_marker_unreadable", path=str(path), error=type(error).__name__)
        return None


def write_marker(installation: str, marker: RestoreMarker) -> bool:
    """Replace the marker file as a whole. False, with a logged warning, if that fails."""
    path = _path(installation)
    if path is None:
        return False
    told = {"newest_move": marker.newest_move, "written_at": marker.written_at.isoformat(), "sold": marker.sold}
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps(told))
        beside.replace(path)
    except OSError as error:
        logger.warning("restore_marker_not_written", path=str(path), error=type(error).__name__)
        return False
    return True


def _path(installation: str) -> Path | None:
    return Path(settings.STATE_DIR) / f"newest-{installation}.json" if settings.STATE_DIR else None
