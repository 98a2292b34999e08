"""No secret of an address reaches a log, Sentry or an exception's text; every route with a secret part is tried."""

import json
import logging
import random
import re
import string
from io import StringIO

import pytest
import sentry_sdk
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from sentry_sdk.integrations.wsgi import SentryWsgiMiddleware

from config.logs import logging_config, without_secrets
from core.monitoring.redaction import PUBLIC_ARGUMENTS, REDACTED, redact, redact_value, secret_routes
from reservations.models.bookings import CODE_ALPHABET
from tests.variants import some

SECRET = "Zq7-Rk2_Wm9xT4bL0vHs8"
# Values that our own routes accept for the parts before the secret.
EXAMPLES = {"reference": "KX7M-4QPD", "uidb36": "1z", "pk": "7", "showtime_id": "7"}


def example(route: str) -> str:
    """A path of this route in which every part that is not public is the secret."""
    path = re.sub(r"\(\?P<(\w+)>(?:[^()\[\]]|\[[^\]]*\])*\)", lambda part: EXAMPLES.get(part[1], SECRET), route)
    return path.replace("\\", "")


PATHS = {entry.name: example(route) for entry, route in secret_routes()}


def test_the_known_secrets_are_among_the_routes():
    assert PATHS.keys() >= {
        "booking_by_link", "ticket", "ticket_qr", "ticket_pdf", "ticket_calendar", "account_confirm_email",
        "account_reset_password_from_key",
    }  # fmt: skip


def test_no_public_argument_is_called_like_a_secret():
    assert not {name for name in PUBLIC_ARGUMENTS if re.search("key|code|secret|token", name)}


@pytest.fixture
def log():
    """Everything that the production configuration logs while the test runs."""
    stream = StringIO()
    config = logging_config(json_lines=True, level="DEBUG")
    formatter = logging.config.DictConfigurator(config).configure_formatter(config["formatters"]["line"])
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    names = ["", "django", "security", "core.web.request_log", "core.web.middleware"]
    before = {name: logging.getLogger(name).level for name in names}
    logging.getLogger().addHandler(handler)
    for name in names:
        logging.getLogger(name).setLevel(logging.DEBUG)
    yield stream
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("name", some(PATHS, every=3))
@pytest.mark.parametrize("end", ["", "?next={path}&code={secret}"])
def test_web_log_of_an_address_with_a_secret(db, log, name, end):
    path = PATHS[name] + end.format(path=PATHS[name], secret=SECRET)
    Client(raise_request_exception=False).get(path, headers={"referer": f"https://shop.example{path}"})
    assert '"request": "GET /' in log.getvalue()
    assert SECRET not in log.getvalue()


@pytest.mark.parametrize("name", some(PATHS, every=3))
@pytest.mark.parametrize("change", [str, lambda path: path.removesuffix("/"), lambda path: f"{path}x/y"])
def test_addresses_in_any_text(name, change):
    path = change(PATHS[name])
    for text in [
        path,
        f"GET {path} HTTP/1.1",
        f"see https://shop.example{path}, please",
        f"next={path}",
        f"('{path}',)",
    ]:
        assert SECRET not in redact(text), text
    assert SECRET not in redact(f"/accounts/login/?next={path.replace('/', '%2F')}")


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("GET /bookings/KX7M-4QPD/abcdefghijklmnopqrstuvwx/", "GET /bookings/KX7M-4QPD/[redacted]/"),
        ("GET /tickets/abcdefghijklmnopqrstuvwxyz1.svg", "GET /tickets/[redacted].svg"),
        ("GET /accounts/password/reset/key/1z-abc/", "GET /accounts/password/reset/key/[redacted]/"),
        ("/admin/reservations/booking/?q=ada@example.com&p=2", "/admin/reservations/booking/?q=[redacted]&p=2"),
    ],
)
def test_what_is_left_of_an_address(text, redacted):
    assert redact(text) == redacted


@pytest.mark.parametrize(
    "text",
    [
        "GET /bookings/KX7M-4QPD/", "GET /bookings/KX7M-4QPD/cancel/", "GET /bookings/KX7M-4QPD/receipt.pdf",
        "/accounts/password/reset/key/done/", "/showtimes/12/?day=2027-01-02", "Really? No.",
        "Task payments.settle_event[0b9ff4f2-55d5-4f6f-9a38-2c9a9a2f5d5e] received", "cs_test_a1B2c3D4e5F6g7H8i9J0k1",
        'File "/app/django/contrib/auth/hashers.py", line 3, in PBKDF2PasswordHasher',
    ],
)  # fmt: skip
def test_what_opens_nothing_stays(text):
    assert redact(text) == text


URL_SAFE = string.ascii_letters + string.digits + "-_"


@pytest.mark.parametrize(
    ("letters", "length"),
    [(URL_SAFE, 22), (URL_SAFE, 24), (URL_SAFE, 43), (CODE_ALPHABET, 28), ("0123456789abcdef", 32)],
)
def test_random_text_is_a_secret_wherever_it_stands(letters, length):
    """Secrets of links, keys and ticket codes outside of an address. One in some hundred may look like words."""
    chance = random.Random(length)
    secrets = ["".join(chance.choices(letters, k=length)) for _ in range(400)]
    assert sum(redact(f"it said {secret} to us") == f"it said {REDACTED} to us" for secret in secrets) >= 398


def test_values_of_a_log_line_at_any_depth():
    line = {
        "session_key": "abc",
        "error": ValueError(PATHS["ticket"]),
        "facts": [{"url": PATHS["ticket"]}],
        "code": 404,
    }
    shown = redact_value(line)
    assert SECRET not in json.dumps(shown)
    assert (shown["session_key"], shown["code"]) == (REDACTED, 404)


def raising(message):
    def view(*args, **kwargs):
        raise RuntimeError(message)

    return view


@pytest.mark.parametrize("name", PATHS)
def test_traceback_of_an_exception_that_names_an_address(log, name):
    try:
        raising(f"cannot answer {PATHS[name]}?code={SECRET} with {SECRET}")()
    except RuntimeError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", PATHS[name])
    assert "RuntimeError" in log.getvalue() and "Traceback" in log.getvalue()
    assert SECRET not in log.getvalue()


def test_a_refusal_leaves_no_traceback(db, log, monkeypatch, client):
    def refuse(*args, **kwargs):
        raise PermissionDenied

    monkeypatch.setattr("core.web.views.readiness", refuse)
    assert client.get("/readyz").status_code == 403
    assert "/readyz" in log.getvalue() and "Traceback" not in log.getvalue()


@pytest.mark.parametrize("name", PATHS)
def test_sentry_event(name):
    """The event of an exception during a request as the SDK makes it, with the path in every place where the SDK puts it."""
    events = []
    transport = type(
        "Kept", (sentry_sdk.transport.Transport,), {"capture_envelope": lambda _, letter: events.append(letter)}
    )
    client = sentry_sdk.Client(
        "https://key@sentry.invalid/1",
        transport=transport,
        default_integrations=False,
        before_send=without_secrets,
        before_breadcrumb=without_secrets,
    )
    path = f"{PATHS[name]}?code={SECRET}"
    environ = RequestFactory().get(path, headers={"referer": f"https://shop.example{path}"}).environ
    with sentry_sdk.isolation_scope() as scope:
        scope.set_client(client)
        scope.add_breadcrumb(message=f"GET {path}", data={"url": path})
        scope.set_extra("celery-job", {"task_name": "send", "args": [path], "kwargs": {"code": SECRET}})
        with pytest.raises(RuntimeError):
            SentryWsgiMiddleware(raising(f"no answer for {path}"))(environ, lambda *_: None)
    client.flush()
    said = b"".join(letter.serialize() for letter in events).decode()
    assert "no answer for" in said and '"query_string"' in said and "celery-job" in said
    assert SECRET not in said


def test_production_gives_sentry_and_the_logs_no_other_way():
    source = (settings.BASE_DIR / "config/settings/production.py").read_text()
    assert "before_send=without_secrets" in source and "before_breadcrumb=without_secrets" in source


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        # Percent escapes in lower case, as some programs write them.
        ("/accounts/login/?next=%2ftickets%2fabcdefghijklmnopqrstuvwxyz1%2f", "/accounts/login/?next=[redacted]"),
        ("see %2ftickets%2fabcdefghijklmnopqrstuvwxyz1%2f", "see /tickets/[redacted]/"),
        # A link with a typing error opens nothing, but still shows nearly the whole secret.
        ("GET /tickets/abc/def/", "GET /tickets/[redacted]"),
        ("/bookings/?q=", "/bookings/?q=[redacted]"),
        # Text of nothing but random letters and digits, and text that merely begins like an id that opens nothing.
        ("holder aB3dE5fG7hJ9kL1mN3pQ5r came", "holder [redacted] came"),
        ("0b9ff4f2-55d5-4f6f-9a38-2c9a9a2f5d5eA1b2C3d4E5f6G7h8", "[redacted]"),
        ("aB3d-E5fG-wwww-7hJ9-kkkk-x", "[redacted]"),
    ],
)
def test_secrets_in_other_shapes(text, redacted):
    assert redact(text) == redacted


def test_bytes_and_the_query_of_a_request_are_redacted_like_text():
    path = PATHS["ticket"]
    shown = redact_value({"body": path.encode(), "query_string": f"email=ada@example.com&day=2027-01-02&x={SECRET}"})
    assert shown == {
        "body": redact(path),
        "query_string": f"email={REDACTED}&day=2027-01-02&x={REDACTED}",
    }
    assert SECRET not in json.dumps(shown) and not shown["body"].startswith("b'")
