import gc
import os
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import redis
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings

from core.caches.process_cache import forget_everything
from dev.sandbox.testing import SandboxServer
from dev.template_database import migrated_template, socket_of
from houses.selectors import footer_pages, has_news, known_houses, terms_now
from reservations.seats.taking import Browser
from tests import showtime_copies
from tests.emptying import empty_quickly
from tests.factories import make_showtime, open_usual_showtime
from tests.logins import Logins, drop_logins, make_logins
from tests.page_contexts import keep_of_pages_alone
from tests.probing import is_transactional, probed
from tests.web_rights import with_rights_of_web

DAY_SECONDS = 24 * 3600

# A busy machine must not fail a test. `make test-long` tries ten times as many examples as `make test`.
settings.register_profile("short", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=30)
settings.register_profile("long", settings.get_profile("short"), max_examples=300)
settings.load_profile(os.environ.get("EXAMPLES", "short"))


def pytest_collection_finish() -> None:
    """Exclude everything loaded so far from garbage collection: searching it again and again took a fifth of the
    processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session", autouse=True)
def django_test_environment(django_test_environment) -> None:
    keep_of_pages_alone()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings) -> None:
    """Copy a migrated database instead of migrating an empty one, and connect through the socket, which is faster than TCP."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_template(os.environ["DATABASE_URL"])
    if socket := socket_of(os.environ["DATABASE_URL"]):
        connection.settings_dict["HOST"] = socket


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[Logins]:
    """Install what makes tests fast (tests/emptying.py, tests/showtime_copies.py), and make the roles of production."""
    empty_quickly()
    with django_db_blocker.unblock():
        showtime_copies.learn(open_usual_showtime)
        with connection.cursor() as cursor:
            # A sale never has the same id as its booking, so code that mistakes one for the other finds nothing.
            cursor.execute("ALTER SEQUENCE sales_sale_id_seq RESTART WITH 70000001")
        roles = make_logins()
    with with_rights_of_web(roles.web):
        yield roles
    with django_db_blocker.unblock():
        drop_logins(roles)


@pytest.fixture(scope="session")
def logins(django_db_setup) -> Logins:
    """Logins with the roles of web, workers and auditors."""
    return django_db_setup


@pytest.fixture(autouse=True)
def forget_prepared_maps() -> Iterator[None]:
    yield
    forget_everything()


@pytest.fixture
def kept_values_stay_fresh(monkeypatch) -> None:
    """Keep values that a process caches for seconds, so that on a slow machine they are not read again while queries are counted.

    The note of a signed-in person's visit, written once in five minutes, is left out of the count as well.
    """
    monkeypatch.setattr("core.caches.process_cache.time", SimpleNamespace(monotonic=lambda: 0.0))
    monkeypatch.setattr("accounts.middleware.note_visit", lambda request: None)


@pytest.fixture
def django_assert_num_queries(kept_values_stay_fresh, django_assert_num_queries):
    return with_houses_in_memory(django_assert_num_queries)


@pytest.fixture
def django_assert_max_num_queries(kept_values_stay_fresh, django_assert_max_num_queries):
    return with_houses_in_memory(django_assert_max_num_queries)


def with_houses_in_memory(count):
    """Read houses and their terms before queries are counted; a process reads them once a minute."""

    def counted(number, **options):
        for house_id in known_houses().by_id:
            terms_now(house_id)
            footer_pages(house_id)
            has_news(house_id)
        return count(number, **options)

    return counted


@pytest.fixture(scope="session")
def counts() -> Iterator[redis.Redis]:
    """A connection to Redis that no test replaces or breaks."""
    with redis.Redis.from_url(django_settings.REDIS_URL) as client:
        yield client


@pytest.fixture(autouse=True)
def windows_of_limits_begin_with_the_test(monkeypatch) -> None:
    """Let windows of limits begin with the test. They follow the wall clock, so one could end in the middle of a test."""
    began = time.time() % DAY_SECONDS
    monkeypatch.setattr("core.limits.limiter.time", SimpleNamespace(time=lambda: time.time() - began))


@pytest.fixture
def windows_of_the_wall_clock(windows_of_limits_begin_with_the_test, monkeypatch) -> None:
    """Lets windows of limits follow the wall clock again, for tests that set the clock and check how long a limit
    lasts.
    """
    monkeypatch.setattr("core.limits.limiter.time", time)


@pytest.fixture(autouse=True)
def forget_counts(counts) -> Iterator[None]:
    """Delete the counts of limits after each test, so that they do not stop the next."""
    yield
    if keys := counts.keys(f"{django_settings.CACHES['default']['KEY_PREFIX']}*"):
        counts.delete(*keys)


@pytest.fixture
def showtime(db):
    return make_showtime()


@pytest.fixture
def my_browser() -> Browser:
    return Browser(holder="a" * 64, address="192.0.2.1")


@pytest.fixture
def other_browser() -> Browser:
    return Browser(holder="b" * 64, address="192.0.2.2")


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[SandboxServer]:
    with SandboxServer() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(request, sandbox_process, settings) -> Iterator[SandboxServer]:
    """Stripe's stand-in, empty, with the site using it.

    If a test runs outside a transaction, it fails when one is open while Stripe is called.
    """
    if not is_transactional(request):
        yield from _pointed_at(sandbox_process, settings)
        return
    with probed(sandbox_process):
        yield from _pointed_at(sandbox_process, settings)


def _pointed_at(sandbox_process: SandboxServer, settings) -> Iterator[SandboxServer]:
    sandbox_process.heal()
    sandbox_process.reset()
    settings.STRIPE_API_BASE = sandbox_process.base_url
    settings.STRIPE_SECRET_KEY = sandbox_process.secret_key
    settings.STRIPE_WEBHOOK_SECRET = sandbox_process.webhook_secret
    yield sandbox_process
    sandbox_process.heal()


@pytest.fixture
def deliver(sandbox, client):
    """Send Stripe's due webhook events to the site, as Stripe would."""

    def post(body: bytes, signature: str) -> int:
        answer = Client().post(
            "/payments/stripe/webhook/",
            data=body,
            content_type="application/json",
            headers={"Stripe-Signature": signature},
        )
        return answer.status_code

    return lambda: sandbox.deliver_to(post)
