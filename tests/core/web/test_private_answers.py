"""No cache may keep what belongs to one person, whatever view answers; what is the same for everybody may be kept."""

import re

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.web.answer_headers import complete, with_default_headers
from tests.core.monitoring.test_redaction import PATHS
from tests.core.walking import filled_paths
from tests.variants import some

pytestmark = pytest.mark.django_db
WRITES = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|TRUNCATE)", re.IGNORECASE)


@pytest.fixture
def staff(django_user_model) -> Client:
    client = Client()
    client.force_login(django_user_model.objects.create_superuser("root@marquee.example", "a long pass phrase"))
    return client


# Files that are the same for everybody, signed in or not.
SAME_FOR_ALL = {
    "/robots.txt", "/sitemap.xml", "/manifest.webmanifest", "/tickets/worker.js", "/widget.js", "/sentences/de/1a.js",
    "/apple-touch-icon.png",
}  # fmt: skip


def is_kept_nowhere(answer) -> bool:
    return "no-store" in answer.headers.get("Cache-Control", "")


# Rows of the person who reads: their session, and allauth's note of the address they already have.
WRITTEN_BY_GET = ("django_session", "account_emailaddress", "accounts_accountsession")
# Downloading the audit log writes an entry of its own.
WRITES_ITS_ENTRY = "/admin/staff/auditentry/export.csv"


@pytest.mark.long
def test_every_answer_to_staff(staff, showtime):
    """This includes 404 and 405. It also checks that no GET changes anything."""
    cookies = dict(staff.cookies)
    kept, written = [], []
    for path in filled_paths():
        staff.cookies.update(cookies)
        with CaptureQueriesContext(connection) as queries:
            answer = staff.get(path)
        kept += [] if is_kept_nowhere(answer) or path in SAME_FOR_ALL else [path]
        statements = [query["sql"] for query in queries if WRITES.match(query["sql"])]
        if path == WRITES_ITS_ENTRY:
            statements = [sql for sql in statements if "staff_auditentry" not in sql]
        written += [(path, sql[:80]) for sql in statements if not any(table in sql for table in WRITTEN_BY_GET)]
    assert kept == []
    assert written == []


@pytest.mark.long
def test_every_answer_to_a_customer(client, django_user_model, showtime):
    client.force_login(django_user_model.objects.create_user("ada@example.com", "x"))
    paths = [path for path in filled_paths() if not path.startswith(("/admin/", "/accounts/", "/counter/", "/dev/"))]
    assert [path for path in paths if not is_kept_nowhere(client.get(path))] == sorted(SAME_FOR_ALL)


@pytest.mark.long
def test_every_answer_to_a_stranger_but_for_three_pages(client, showtime):
    """Nobody is signed in here. The answer of a new page belongs to its browser until PAGES_FOR_EVERYBODY names the page."""
    client.cookies["holder"] = "a-cookie-of-128-random-bits"
    paths = [path for path in filled_paths() if not path.startswith("/admin/")]
    kept = {path: client.get(path) for path in paths}
    open_to_caches = {path for path, answer in kept.items() if not is_kept_nowhere(answer)}
    said = {path for path in open_to_caches if "public" in kept[path].headers.get("Cache-Control", "")}
    named = {
        path for path in open_to_caches - said if kept[path].resolver_match.url_name in settings.PAGES_FOR_EVERYBODY
    }
    assert open_to_caches == said | named
    assert "/" in named


def test_public_answers_say_so_themselves(client, django_user_model, showtime):
    client.force_login(django_user_model.objects.create_user("ada@example.com", "x"))
    for name in ("poster.svg", "palette.css"):
        answer = client.get(f"{showtime.movie.get_absolute_url()}{name}")
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize("name", some(PATHS, every=2))
def test_every_page_with_a_secret_in_its_address(client, name):
    assert is_kept_nowhere(client.get(PATHS[name]))


def test_the_sign_in_and_the_sign_out(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ada@example.com", "x"))
    assert is_kept_nowhere(client.post("/accounts/logout/"))


def test_signing_out_forgets_the_language_that_the_account_gave_the_browser(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ada@example.com", "x", language="de"))
    client.get("/bookings/")
    assert client.cookies["language"].value == "de"
    client.post("/accounts/logout/")
    assert client.cookies["language"].value == ""
    assert 'lang="en"' in client.get("/", headers={"Accept-Language": "en"}).text


# Answers that do not come from Django.

REQUIRED = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
}


def run(application, **scope):
    import asyncio

    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [], "query_string": b""} | scope
    asyncio.run(application(scope, receive, send))
    start = sent[0]
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}


def test_a_body_that_is_too_large():
    from config.asgi import MOST_BODY, application

    body = [(b"content-length", str(MOST_BODY + 1).encode())]

    async def long(scope, receive, send):
        async def receive_all():
            return {"type": "http.request", "body": b"x" * (MOST_BODY + 1), "more_body": False}

        await application(scope, receive_all, send)

    status, headers = run(long, method="POST", headers=body)
    assert status == 413
    assert REQUIRED.items() <= headers.items()


def test_what_an_answer_says_itself_stays():
    async def view(scope, receive, send):
        headers = [(b"X-Frame-Options", b"SAMEORIGIN"), (b"Content-Security-Policy", b"default-src 'self'")]
        await with_default_headers(send)({"type": "http.response.start", "status": 200, "headers": headers})

    _, headers = run(view)
    own = {"x-frame-options": "SAMEORIGIN", "content-security-policy": "default-src 'self'"}
    assert headers == REQUIRED | own


def test_a_script_gets_no_policy_of_documents():
    names = {name for name, _ in complete([(b"content-type", b"text/javascript; charset=utf-8")])}
    assert b"x-content-type-options" in names and b"content-security-policy" not in names
