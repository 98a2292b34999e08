"""After a restore no number is given a second time: every sequence of the database is moved ahead.

Keys of rows stand in Message-IDs, calendar entries, audit logs of others and customers' mails. Those that were given after
the backup are unknown to the restored database, which would give them again.
"""

import structlog
from django.db import connection

# More rows than any table gets between two backups.
GAP = 100_000
# A role that may not set a sequence draws the numbers instead, which takes some 25 ms for each sequence.
MOVE = """
SELECT count(CASE WHEN has_sequence_privilege(sequence, 'UPDATE')
                  THEN setval(sequence, nextval(sequence) + %(gap)s - 1)
                  ELSE (SELECT count(nextval(sequence) + number) FROM generate_series(1, %(gap)s) AS number) END)
  FROM (SELECT oid::regclass AS sequence FROM pg_class
         WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY oid) AS named
"""
logger = structlog.get_logger(__name__)


def move_numbers_ahead(*, lost: int = 0) -> int:
    """Skip GAP numbers of every sequence, and as many as are known to be lost; returns how many sequences there are.

    An old backup that is restored a second time lacks the first gap too: that is lost then. Not undone by a rollback.
    """
    with connection.cursor() as cursor:
        cursor.execute(MOVE, {"gap": GAP + lost})
        [moved] = cursor.fetchone()
    logger.warning("numbers_moved_ahead", sequences=moved, by=GAP + lost)
    return int(moved)


def is_far_behind(number: int, *, table: str) -> bool:
    """Whether numbers of this table were moved ahead since it gave this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass), 0)", [table]
        )
        [last] = cursor.fetchone()
    return bool(last >= number + GAP // 2)
