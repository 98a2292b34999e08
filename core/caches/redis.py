"""One Redis client a process, with short timeouts and a pause after a failure: Redis carries hints, never truth."""

import time
from collections.abc import Callable
from functools import lru_cache

import redis
from django.conf import settings

PAUSE_AFTER_FAILURE = 5.0
_quiet_until = 0.0


@lru_cache(maxsize=1)
def client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)


def ask[T](command: Callable[[redis.Redis], T], default: T) -> T:
    """The command's answer, or `default` when Redis is away; then Redis is not asked again for some seconds."""
    global _quiet_until
    if time.monotonic() < _quiet_until:
        return default
    try:
        return command(client())
    except redis.RedisError:
        _quiet_until = time.monotonic() + PAUSE_AFTER_FAILURE
        return default
