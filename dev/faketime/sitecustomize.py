"""Read by every Python process of `make test-hours` when it starts.

Under libfaketime with true monotonic clocks `time.sleep` fails with EINVAL (its absolute `clock_nanosleep` is read as
shifted), so it sleeps in `select` here.
"""

import select
import time


def sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = sleep  # type: ignore[assignment]
