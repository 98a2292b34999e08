"""Django's Redis cache that forgets instead of failing: a Redis that does not answer must not stop sales.

allauth's counts of wrong passwords and codes are kept in this process while Redis is away.
"""

import time
from typing import Any

import redis
from django.core.cache.backends.redis import RedisCache, RedisCacheClient

from core.caches.fallback_counts import local_counts
from core.caches.redis import PAUSE_AFTER_FAILURE

# allauth's limits of sign-ins, codes and mails.
COUNTED_HERE = "allauth:rl:"


class ForgivingClient(RedisCacheClient):
    _quiet_until = 0.0

    def _forgive(self, method: str, default: Any, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= type(self)._quiet_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except redis.RedisError:
                type(self)._quiet_until = time.monotonic() + PAUSE_AFTER_FAILURE
        if isinstance(args[0], str) and COUNTED_HERE in args[0]:
            return getattr(local_counts, method)(*args, **kwargs)
        return default

    def add(self, key: Any, value: Any, timeout: Any) -> Any:
        return self._forgive("add", True, key, value, timeout)

    def get(self, key: Any, default: Any) -> Any:
        return self._forgive("get", default, key, default)

    def set(self, key: Any, value: Any, timeout: Any) -> Any:
        return self._forgive("set", None, key, value, timeout)

    def touch(self, key: Any, timeout: Any) -> Any:
        return self._forgive("touch", False, key, timeout)

    def delete(self, key: Any) -> Any:
        return self._forgive("delete", False, key)

    def get_many(self, keys: Any) -> Any:
        return self._forgive("get_many", {}, keys)

    def has_key(self, key: Any) -> Any:
        return self._forgive("has_key", False, key)

    def incr(self, key: Any, delta: int) -> Any:
        return self._forgive("incr", delta, key, delta)

    def set_many(self, data: Any, timeout: Any) -> Any:
        return self._forgive("set_many", [], data, timeout)

    def delete_many(self, keys: Any) -> Any:
        return self._forgive("delete_many", None, keys)


class ForgivingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_timeout", 0.5)
        options.setdefault("socket_connect_timeout", 0.5)
        super().__init__(server, params)
        self._class = ForgivingClient
