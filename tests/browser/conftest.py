from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection, connections
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from config import celery  # noqa: F401  (hints of this process go to the test's Valkey)
from dev.browser import running_chromium
from payments.books.invariants import check_invariants
from payments.books.payment_sweep import look_at_due_payments, send_due_refunds
from payments.books.provider_events import settle_due_events
from payments.sessions.session_closing import close_due_sessions
from reservations.letters.outbox import send_due_mail
from reservations.seats.fullness import refresh_fullness
from reservations.seats.hold_sweep import end_lapsed_holds
from tests.browser.site import Site
from tests.browser.steps import PASSWORD
from tests.browser.watch import Watch
from tests.emptying import empty_tables
from tests.factories import make_showtime
from tests.probing import probed

FOLDER = Path(__file__).parent
PATIENCE = 30_000
KNOWN_TO_THE_SITE = {"core_installation"}  # written when the site starts


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.browser)


def waiting_for_the_page(act: Callable[..., Any]) -> Callable[..., Any]:
    """A click or key press that may open another page returns once that page has loaded, styles and scripts too, as a
    person would wait.
    """

    @wraps(act)
    def acted(locator: Locator, *args: Any, **options: Any) -> Any:
        done = act(locator, *args, **options)
        if not locator.page.is_closed():
            # A script sends plain forms. When no form is busy, the answer, or the page it leads to, is there.
            expect(locator.page.locator("form[aria-busy='true']")).to_have_count(0)
            locator.page.wait_for_load_state()
        return done

    return acted


@pytest.fixture(scope="package", autouse=True)
def patient_people() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("click", "press", "tap"):
            patch.setattr(Locator, name, waiting_for_the_page(getattr(Locator, name)))
        yield


@pytest.fixture(scope="package")
def chromium():
    """One browser for the whole folder. It is closed afterwards, because Playwright's running event loop disturbs other tests."""
    expect.set_options(timeout=PATIENCE)
    with pytest.MonkeyPatch.context() as patch:
        # That loop runs in the tests' thread, where Django would refuse to query the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with running_chromium() as running:
            yield running
            # Django keeps a connection of its own for that loop.
            connections.close_all()


def first_showtime_id(worker_id: str) -> int:
    """The first showtime id for a worker of pytest-xdist ("gw0" and so on), or for "master", which runs alone."""
    return (int(worker_id.removeprefix("gw")) + 2 if worker_id.startswith("gw") else 1) * 1_000_000


@pytest.fixture(scope="package")
def site_process(django_db_setup, django_db_blocker, tmp_path_factory, worker_id) -> Iterator[Site]:
    with django_db_blocker.unblock():
        # Messages of live changes carry only the showtime's id, and all workers of a test run share one Valkey.
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER SEQUENCE theaters_showtime_id_seq RESTART WITH {first_showtime_id(worker_id)}")
        with Site(tmp_path_factory.mktemp("site")) as site:
            yield site


@pytest.fixture
def transactional_db(site_process, django_db_blocker) -> Iterator[None]:
    """Tables that the site's process sees; they are emptied at the end.

    pytest-django's own fixture would not do: its flush makes new content types, and the site's process remembers the old ones.
    """
    with django_db_blocker.unblock():
        yield
        site_process.rest()
        empty_tables(but=KNOWN_TO_THE_SITE)
    assert site_process.errors() == ""


@pytest.fixture
def site(site_process, transactional_db, settings) -> Iterator[Site]:
    """The running site, empty. What a test calls directly uses the same addresses.

    If a transaction is open while Stripe is called, the test fails.
    """
    settings.SITE_URL = site_process.url
    settings.HINTS_ENABLED = True
    settings.STRIPE_API_BASE = site_process.stripe.base_url
    settings.STRIPE_SECRET_KEY = site_process.stripe.secret_key
    settings.STRIPE_WEBHOOK_SECRET = site_process.stripe.webhook_secret
    with probed(site_process.stripe):
        yield site_process


@pytest.fixture
def showtime(site):
    return make_showtime()


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def visit(site, chromium, watch, request):
    """A function that opens a browser of its own for one more person."""
    contexts = []

    def come(*, width=1280, height=900, **options) -> Page:
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": height}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.on("page", watch.over)
        return context.new_page()

    yield come
    _keep_pictures(request.node, contexts)
    for context in contexts:
        context.close()
    assert watch.complaints == []


def _keep_pictures(test: pytest.Item, contexts) -> None:
    if not getattr(test, "rep_call", None) or test.rep_call.passed:
        return
    folder = Path("test-results")
    folder.mkdir(exist_ok=True)
    for number, page in enumerate(page for context in contexts for page in context.pages):
        page.screenshot(path=folder / f"{test.name}-{number}.png", full_page=True)


@pytest.fixture
def guest(visit) -> Page:
    """A customer's page in a large window."""
    return visit()


@pytest.fixture
def work(site):
    """A function that runs the frequent jobs of worker and beat once."""

    def once() -> None:
        settle_due_events()
        close_due_sessions()
        look_at_due_payments()
        end_lapsed_holds()
        send_due_refunds()
        send_due_mail(now=timezone.now())
        refresh_fullness()

    return once


@pytest.fixture
def books(site) -> Iterator[None]:
    """Checks all invariants after a test that sells."""
    yield
    assert [finding for finding in check_invariants() if not finding.is_clean] == []


@pytest.fixture
def member(site) -> User:
    """Somebody with an account and a verified address."""
    return _user("grace@example.com")


@pytest.fixture
def manager(site) -> User:
    return _user("manager@example.com", is_staff=True, is_superuser=True)


def _user(email: str, **fields) -> User:
    user = User.objects.create_user(email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def outbox():
    """The mails that this process has sent."""
    return mail.outbox
