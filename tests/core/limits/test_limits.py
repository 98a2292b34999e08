"""Limits, health checks, and the address of a request: all of them work without Redis."""

import pytest
import redis
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client, RequestFactory

from core.caches import cache as forgiving
from core.caches import redis as our_redis
from core.caches.fallback_counts import local_counts
from core.limits.addresses import client_address
from core.limits.limiter import Limit, check
from core.models import Heartbeat
from core.refusals import TooFast
from core.tasks import heartbeat
from core.web.refusal_pages import refuse

pytestmark = pytest.mark.usefixtures("windows_of_the_wall_clock")


@pytest.fixture
def dead_redis(monkeypatch):
    nobody = redis.Redis.from_url("redis://127.0.0.1:1/0", socket_connect_timeout=0.2)
    monkeypatch.setattr(our_redis, "client", lambda: nobody)
    monkeypatch.setattr(our_redis, "_quiet_until", 0.0)
    yield
    our_redis._quiet_until = 0.0


@pytest.fixture(autouse=True)
def own_window():
    """The middle of a window that no other test uses."""
    with time_machine.travel(4_000_000_030, tick=False):
        yield


# The limiter.


def test_as_many_as_the_limit_and_then_a_wait_till_the_window_ends():
    limit = Limit("three", 3)
    for _ in range(3):
        check(limit, "ada")
    with pytest.raises(TooFast) as refused:
        check(limit, "ada")
    assert refused.value.retry_after == 50
    check(limit, "bob")
    check(Limit("another", 3), "ada")


def test_who_waits_as_long_as_was_said_gets_in():
    with time_machine.travel(4_000_000_030.6, tick=False):
        check(Limit("parts", 1), "ada")
        with pytest.raises(TooFast) as refused:
            check(Limit("parts", 1), "ada")
    with time_machine.travel(4_000_000_030.6 + refused.value.retry_after, tick=False):
        check(Limit("parts", 1), "ada")


@pytest.mark.parametrize(("seconds", "words"), [(1, "in 1 second."), (90, "in 90 seconds."), (299, "in 5 minutes.")])
def test_a_refusal_says_how_long_to_wait(db, rf, seconds, words):
    request = rf.get("/")
    request.user = AnonymousUser()
    answer = refuse(request, TooFast(seconds))
    assert words in answer.content.decode() and answer.headers["Retry-After"] == str(seconds)


def test_the_next_window_begins_at_zero():
    check(Limit("one", 1), "ada")
    with time_machine.travel(4_000_000_080):
        check(Limit("one", 1), "ada")


def test_many_at_once_count_as_many():
    with pytest.raises(TooFast):
        check(Limit("ten", 10), "ada", amount=11)


@pytest.mark.parametrize("most", [0, -1])
def test_zero_is_off(most):
    for _ in range(50):
        check(Limit("off", most), "ada")


def test_without_redis_the_process_counts_for_itself_and_does_not_ask_for_a_while(dead_redis, monkeypatch):
    asked = []
    original = our_redis.client
    monkeypatch.setattr(our_redis, "client", lambda: asked.append(1) or original())
    local_counts.clear()
    for _ in range(5):
        check(Limit("five", 5), "ada")
    with pytest.raises(TooFast):
        check(Limit("five", 5), "ada")
    check(Limit("five", 5), "bob")
    assert len(asked) == 1


def test_the_cache_forgets_instead_of_failing(monkeypatch):
    class Dead(type(cache._cache)):
        def get_client(self, *args, **kwargs):
            raise redis.ConnectionError

    monkeypatch.setattr(cache, "_cache", Dead(["redis://127.0.0.1:1/0"]), raising=False)
    monkeypatch.setattr(forgiving.ForgivingClient, "_quiet_until", 0.0)
    cache.set("a", 1)
    assert (cache.get("a", "none"), cache.add("b", 1), cache.has_key("a"), cache.get_many(["a"])) == (
        "none",
        True,
        False,
        {},
    )
    assert (cache.incr("n", 3), cache.touch("a"), cache.delete("a"), cache.set_many({"a": 1})) == (3, False, False, [])


# The address of a request.


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "192.0.2.7", "203.0.113.9", "192.0.2.7"),
        (1, "10.0.0.1", "203.0.113.9, 198.51.100.4", "198.51.100.4"),
        (2, "10.0.0.1", "203.0.113.9, 198.51.100.4", "203.0.113.9"),
        (2, "10.0.0.1", "198.51.100.4", "10.0.0.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        # A server that listens on both protocols writes IPv4 addresses like this. They must not count as one household.
        (0, "::ffff:203.0.113.9", "", "203.0.113.9"),
        (1, "10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "nonsense", "unknown"),
        (0, "", "", "unknown"),
    ],
)
def test_the_address_behind_exactly_the_proxies_we_run(settings, proxies, remote, forwarded, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)) == address


# Health.


def test_up_is_up_whatever_else_is_down(dead_redis):
    """This test has no django_db mark, so any query would fail it, also one for a signed-in person."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content, "no-store" in answer["Cache-Control"]) == (200, b"ok", True)


def test_ready_names_a_silent_worker_and_beat(db, monkeypatch):
    monkeypatch.setattr("core.monitoring.health.web_clock_ahead", lambda: 299.0)
    assert Client().get("/readyz").json() == {
        "ready": True, "database": "ok", "redis": "ok", "worker": "degraded", "beat": "degraded", "clock": "ok"
    }  # fmt: skip
    for queue in settings.WORKER_QUEUES[1:]:
        heartbeat(queue=queue, invented=True)
    ready = Client().get("/readyz").json()
    assert (ready["worker"], ready["beat"]) == ("degraded", "ok")  # one queue without a worker is enough to be degraded
    heartbeat(queue=settings.WORKER_QUEUES[0])
    assert set(Client().get("/readyz").json().values()) == {True, "ok"}
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {
        "beat", "worker money", "worker seats", "worker mail", "worker checks",
    }  # fmt: skip


def test_ready_names_a_clock_that_is_wrong(db):
    """The clock of this test module is wrong itself."""
    assert Client().get("/readyz").json()["clock"] == "degraded"


def test_without_redis_it_is_still_ready(db, dead_redis):
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()["redis"]) == (200, "degraded")


def test_without_the_database_or_a_migration_it_is_not(db, monkeypatch):
    monkeypatch.setattr("core.monitoring.health.MigrationExecutor.migration_plan", lambda *args: [("payments", "0099")])
    answer = Client().get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"ready": False, "database": "1 migrations missing"})

    def gone(*args):
        raise DatabaseError

    monkeypatch.setattr("core.monitoring.health.MigrationExecutor", gone)
    assert (Client().get("/readyz").status_code, Client().get("/readyz").json()["database"]) == (503, "unreachable")


def test_metrics_are_for_prometheus_alone(db, settings):
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a token"
    assert Client().get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = Client().get("/metrics", headers={"Authorization": "Bearer a token"})
    assert answer.status_code == 200 and b"marquee_bookings" in answer.content


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_health_is_only_read(db, path):
    assert Client().post(path).status_code == 405
