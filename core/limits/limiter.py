"""A small limiter in Redis: a counter per key and window. While Redis is away each process counts for itself."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
from django.conf import settings
from django.db.models import QuerySet

from core.caches.fallback_counts import count_here
from core.caches.redis import ask
from core.clock import from_now, seconds_until
from core.limits.addresses import is_limited
from core.refusals import Refusal, TooFast


@dataclass(frozen=True)
class Limit:
    """A limit; `refusal` is raised with the seconds until the window ends."""

    name: str
    most: int
    seconds: int = 60
    refusal: Callable[[int], Refusal] = TooFast


def check_address(limit: Limit, address: str, amount: int = 1) -> None:
    """Like `check`, for a client's address; private and unknown ones are not limited.

    Not for guesses at secrets: those are counted at every address.
    """
    if is_limited(address):
        check(limit, address, amount)


def check(limit: Limit, who: str, amount: int = 1) -> None:
    """Count `amount` for `who`. Raises the limit's refusal when it is exceeded; limit 0 is off."""
    if limit.most <= 0:
        return
    window, passed = divmod(time.time(), limit.seconds)
    key = f"{settings.CACHES['default'].get('KEY_PREFIX', '')}limit:{limit.name}:{who}:{int(window)}"

    def count(client: redis.Redis) -> int | None:
        pipe = client.pipeline(transaction=False)
        pipe.incrby(key, amount)
        pipe.expire(key, limit.seconds + 1)
        return int(pipe.execute()[0])

    counted = ask(count, None)
    if counted is None:
        counted = count_here(key, amount, limit.seconds + 1)
    if counted > limit.most:
        raise limit.refusal(math.ceil(limit.seconds - passed))


def seconds_until_fewer(rows: QuerySet[Any], column: str, *, most: int, within_seconds: int) -> int | None:
    """Seconds until fewer than `most` rows are younger than the given span; None when there are fewer already."""
    recent = rows.filter(**{f"{column}__gt": from_now(-within_seconds)}).order_by(f"-{column}")
    moments = list(recent.values_list(column, flat=True)[:most])
    return None if len(moments) < most else seconds_until(moments[-1] + timedelta(seconds=within_seconds))
