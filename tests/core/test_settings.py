"""Settings come from the environment; a value that cannot be parsed is refused at start with the name of the variable."""

import importlib
import os
import subprocess
import sys

import pytest
import structlog
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from config import env
from core.checks import folders_can_be_used, mail_and_metrics_are_safe, servers_are_safe, site_is_safe, staff_are_safe
from payments.providers.stripe.checks import keys_are_of_stripe, keys_are_safe


@pytest.fixture
def given(monkeypatch):
    return lambda value: monkeypatch.setenv("OUR_VARIABLE", value)


def test_a_variable_that_must_be_set_is_named(monkeypatch):
    monkeypatch.delenv("OUR_VARIABLE", raising=False)
    with pytest.raises(ImproperlyConfigured, match=r"^OUR_VARIABLE is not set"):
        env.text("OUR_VARIABLE")
    assert env.text("OUR_VARIABLE", "otherwise") == "otherwise"


@pytest.mark.parametrize(
    ("parse", "value", "sentence"),
    [
        (lambda name: env.integer(name, 1), "many", "OUR_VARIABLE must be a whole number, not 'many'"),
        (lambda name: env.integer(name, 1), "1.5", "OUR_VARIABLE must be a whole number"),
        (lambda name: env.integer(name, 1), "-1", "OUR_VARIABLE must be between 0 and"),
        (lambda name: env.seconds(name, 1), "0", "OUR_VARIABLE must be between 1 and 86400, not 0"),
        (lambda name: env.seconds(name, 1), "90000", "OUR_VARIABLE must be between 1 and 86400"),
        (lambda name: env.boolean(name, default=True), "perhaps", "OUR_VARIABLE must be true or false, not 'perhaps'"),
        (env.web_address, "tickets.example.com", "OUR_VARIABLE must be an address such as https://"),
        (env.web_address, "ftp://example.com", "OUR_VARIABLE must be an address"),
        (env.web_address, "https://", "OUR_VARIABLE must be an address"),
        (env.web_address, "https://example.com:99999", "OUR_VARIABLE must be an address"),
        (env.web_address, "https://ada:secret@example.com", "OUR_VARIABLE must be an address alone"),
        (env.web_address, "https://example.com/?house=1", "OUR_VARIABLE must be an address alone"),
        (env.origin, "https://example.com/shop", "OUR_VARIABLE must end with the host"),
        (env.folder, "state", "OUR_VARIABLE must be a path from the root on, such as /srv/marquee, not 'state'"),
        (env.origins, "www.example.com", "OUR_VARIABLE must be an address such as https://"),
        (env.origins, "https://a.example,https://b.example/cinema", "OUR_VARIABLE must end with the host"),
        (
            env.countries,
            "DE,Austria",
            "OUR_VARIABLE must be countries by their two letters, such as DE,AT, not 'AUSTRIA'",
        ),
        (env.contact, "security@example.com", "OUR_VARIABLE must begin with mailto: or https://"),
        (env.contact, "http://example.com", "OUR_VARIABLE must begin with mailto: or https://"),
        (env.contact, "mailto:nobody", "OUR_VARIABLE must begin with mailto: or https://"),
        (env.redis_address, "memcached://127.0.0.1", "OUR_VARIABLE must look like redis://"),
        (lambda name: env.share(name, "0.25"), "NaN", "OUR_VARIABLE must be between 0 and 1"),
        (env.redis_address, "127.0.0.1:6379", "OUR_VARIABLE must look like redis://"),
        (env.mailers, "smtp://mail.example.com:99999", "OUR_VARIABLE: Port out of range"),
        (env.mailers, "mailto:ada", "OUR_VARIABLE must look like smtp://"),
        (env.mailers, "smtp://", "OUR_VARIABLE must look like smtp://"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_the_variable(given, parse, value, sentence):
    given(value)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        parse("OUR_VARIABLE")


@pytest.mark.parametrize(
    ("parse", "value", "result"),
    [
        (lambda name: env.integer(name, 1), " 12 ", 12),
        (lambda name: env.integer(name, 7), "", 7),
        (lambda name: env.seconds(name, 1), "3", 3),
        (lambda name: env.boolean(name, default=False), "Yes", True),
        (lambda name: env.boolean(name, default=True), "0", False),
        (env.words, " a, b ,,c ", ["a", "b", "c"]),
        (env.web_address, "https://example.com/", "https://example.com"),
        (env.folder, "/srv/state", "/srv/state"),
        (env.folder, "", ""),
        (
            env.origins,
            "https://WWW.Example.com/, http://127.0.0.1:8000",
            ["https://www.example.com", "http://127.0.0.1:8000"],
        ),
        (env.countries, "de, AT", ["DE", "AT"]),
        (env.contact, "mailto:security@example.com", "mailto:security@example.com"),
        (env.contact, "https://example.com/report", "https://example.com/report"),
        (env.contact, "", ""),
    ],
)
def test_a_right_value_is_parsed(given, parse, value, result):
    given(value)
    assert parse("OUR_VARIABLE") == result


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        ("file:///tmp/a%20b", "filebased", {"file_path": "/tmp/a b"}),
        ("console:", "console", None),
        ("memory:", "locmem", None),
    ],
)
def test_mail_goes_where_one_address_says(given, url, backend, options):
    given(url)
    mailer = env.mailers("OUR_VARIABLE")["default"]
    assert mailer["BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"
    assert mailer.get("OPTIONS") == options


def test_a_mail_server_with_a_login_over_tls(given):
    given("smtp://ada:a%40b@mail.example.com/?tls=1")
    options = env.mailers("OUR_VARIABLE")["default"]["OPTIONS"]
    assert (options["host"], options["port"], options["username"], options["password"]) == (
        "mail.example.com", 587, "ada", "a@b"
    )  # fmt: skip
    assert (options["use_tls"], options["use_ssl"], options["timeout"]) == (True, False, 10)


def start(**environment):
    """Start a process with these production settings; returns its last line if it refuses to start, else ''."""
    known = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    run = [sys.executable, "-c", "import django; django.setup()"]
    done = subprocess.run(run, env=known | environment, capture_output=True, text=True, timeout=60, check=False)
    return done.stderr.strip().splitlines()[-1] if done.returncode else ""


COMPLETE = {
    "SECRET_KEY": "q7Jc0vXn3sLw9RtYb2KdZpHfUe5GmAi8ToVx1WyE4CkSrNj6-of-a-test",
    "SITE_URL": "https://tickets.example.com", "DATABASE_URL": "postgresql://u@127.0.0.1:1/x",
    "REDIS_URL": "redis://127.0.0.1:1/0", "STRIPE_SECRET_KEY": "sk_test_x", "STRIPE_WEBHOOK_SECRET": "whsec_x",
    "EMAIL_URL": "console:",
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "STRIPE_WEBHOOK_SECRET"])
def test_production_does_not_start_without(name):
    assert start(**{key: value for key, value in COMPLETE.items() if key != name}).endswith(
        f"{name} is not set. Set it in the environment; .env.example tells what it means."
    )


@pytest.mark.long
def test_production_starts_with_all_of_them():
    assert start(**COMPLETE) == ""


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("SECRET_KEY", "a", "SECRET_KEY can be guessed"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY can be guessed"),
        ("SECRET_KEY", "django-insecure-q7Jc0vXn3sLw9RtYb2KdZpHfUe5GmAi8ToVx1WyE4CkSrNj6", "SECRET_KEY can be guessed"),
        ("SITE_URL", "http://tickets.example.com", "SITE_URL must be https"),
        ("ALLOWED_HOSTS", "tickets.example.com,*", "ALLOWED_HOSTS must name the hosts"),
        ("ALLOWED_HOSTS", "cinema.example.org", "ALLOWED_HOSTS must name the host of SITE_URL"),
        ("SITE_URL", "https://tickets.example.com/shop", "SITE_URL must end with the host"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL, not 'LOUD'"),
        ("PROCESS", "wep", "PROCESS must be one of web, worker, beat, not 'wep'"),
        ("SENTRY_DSN", "sentry.example.com", "SENTRY_DSN must look like https://"),
        ("STAFF_IDLE_SECONDS", "999999", "STAFF_IDLE_SECONDS must be between 60 and 86400"),
    ],
)
def test_production_settings_that_make_no_sense_are_refused(monkeypatch, name, value, sentence):
    assert sentence in load_production(monkeypatch, COMPLETE | {name: value})


def test_a_rehearsal_on_localhost_may_go_without_https(monkeypatch):
    assert load_production(monkeypatch, COMPLETE | {"SITE_URL": "http://localhost:8080"}) == ""


def load_production(monkeypatch, environment) -> str:
    """Return the sentence with which the settings refuse to load, or ''."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delitem(sys.modules, "config.settings.production", raising=False)
    configured = structlog.get_config()
    try:
        importlib.import_module("config.settings.production")
    except ImproperlyConfigured as refusal:
        return str(refusal)
    finally:
        structlog.configure(**configured)
        sys.modules.pop("config.settings.production", None)
    return ""


@pytest.mark.parametrize(
    "name",
    [
        "SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET",
        "METRICS_TOKEN", "SENTRY_DSN",
    ],
)  # fmt: skip
def test_a_secret_may_come_from_a_file(monkeypatch, tmp_path, name):
    monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{name}_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match=f"^{name}_FILE: .*cannot be read"):
        env.text(name, "")
    (tmp_path / "secret").write_text("of the file\n")
    assert env.text(name) == "of the file"
    monkeypatch.setenv(name, "of the environment")
    assert env.text(name) == "of the environment"


@pytest.mark.parametrize("content", ["", "\n", "two\nlines\n"])
def test_a_file_without_one_value_is_refused(monkeypatch, tmp_path, content):
    (tmp_path / "secret").write_text(content)
    monkeypatch.setenv("OUR_VARIABLE_FILE", str(tmp_path / "secret"))
    with pytest.raises(ImproperlyConfigured, match="must hold one line"):
        env.text("OUR_VARIABLE", "")


def test_another_database_is_refused():
    assert "DATABASE_URL must be a postgresql:// address" in start(**COMPLETE | {"DATABASE_URL": "sqlite:///x"})


@pytest.mark.long
def test_the_second_factor_cannot_be_turned_off_in_production():
    said = start(**COMPLETE | {"STAFF_SECOND_FACTOR_REQUIRED": "false"})
    assert said.endswith("STAFF_SECOND_FACTOR_REQUIRED cannot be turned off in production: take the line out.")
    assert start(**COMPLETE | {"STAFF_SECOND_FACTOR_REQUIRED": "true"}) == ""


# System checks.


def ids(messages):
    return [message.id for message in messages]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"STRIPE_WEBHOOK_SECRET": " "}, ["marquee.E001"]),
        (
            {"STRIPE_SECRET_KEY": "sk_live_1", "DEBUG": True, "STRIPE_API_BASE": "https://api.stripe.com"},
            ["marquee.E002"],
        ),
        ({"STRIPE_SECRET_KEY": "rk_live_1", "STRIPE_API_BASE": "https://stripe.example.com"}, ["marquee.E003"]),
        ({"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_API_BASE": "http://127.0.0.1:9"}, ["marquee.E003", "marquee.E004"]),
        ({"STRIPE_API_BASE": "http://stripe.example.com"}, ["marquee.E004"]),
        ({"STRIPE_WEBHOOK_TOLERANCE": 0}, ["marquee.E005"]),
    ],
)
def test_keys_that_would_lose_or_fake_money_are_refused(settings, changes, found):
    for name, value in changes.items():
        setattr(settings, name, value)
    assert ids(keys_are_safe(None)) == found


@pytest.mark.parametrize(
    ("key", "secret", "found"),
    [
        ("sk_test_1", "whsec_" + "x" * 32, []),
        ("rk_live_1", "whsec_" + "x" * 16, []),
        ("pk_live_1", "whsec_" + "x" * 32, ["marquee.E015"]),
        ("a", "whsec_", ["marquee.E015", "marquee.E016"]),
        ("sk_test_1", "we_" + "x" * 32, ["marquee.E016"]),
        ("sk_test_1", "whsec_" + "x " * 16, ["marquee.E016"]),
    ],
)
def test_keys_that_are_none_of_stripes_are_refused(settings, key, secret, found):
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = key, secret
    assert ids(keys_are_of_stripe(None)) == found


@pytest.mark.parametrize(
    ("address", "token", "found"),
    [
        ("smtp://mail.example.com:25", "", []),
        ("smtps://u:p@mail.example.com", "f3" * 16, []),
        ("smtp://u:p@mail.example.com:587/?tls=1", "", []),
        ("smtp://u:p@mail.example.com:587", "", ["marquee.E022"]),
        ("smtp://u:p@127.0.0.1:25", "", []),
        ("console:", "", ["marquee.E018"]),
        ("file:///tmp/mail", "", ["marquee.E018"]),
        ("memory:", "a", ["marquee.E018", "marquee.E017"]),
    ],
)
def test_mail_that_reaches_nobody_and_a_token_that_is_guessed_are_refused(settings, monkeypatch, address, token, found):
    monkeypatch.setenv("OUR_MAIL", address)
    settings.MAILERS, settings.METRICS_TOKEN = env.mailers("OUR_MAIL"), token
    assert ids(mail_and_metrics_are_safe(None)) == found


def test_folders_that_cannot_be_written_are_refused(settings, tmp_path):
    settings.STATE_DIR, settings.MEDIA_ROOT = str(tmp_path), tmp_path / "media" / "posters"
    assert folders_can_be_used(None) == []  # uploads create their folders themselves
    (tmp_path / "file").write_text("")
    for unusable in (tmp_path / "missing", tmp_path / "file", "/proc"):
        settings.STATE_DIR = str(unusable)
        [found] = folders_can_be_used(None)
        assert (found.id, f"STATE_DIR={unusable} is no folder" in found.msg) == ("marquee.E023", True)
    settings.STATE_DIR, settings.MEDIA_ROOT = "", "/proc/media"
    assert ids(folders_can_be_used(None)) == ["marquee.E024"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_pages_without_their_collected_files_are_refused(settings, tmp_path):
    collected = tmp_path / "static"
    collected.mkdir()
    settings.MEDIA_ROOT, settings.STATIC_ROOT = tmp_path / "media", collected
    by_manifest = {"staticfiles": {"BACKEND": "core.web.static_files.RememberingStaticFilesStorage"}}
    settings.STORAGES = {**settings.STORAGES, **by_manifest}
    assert ids(folders_can_be_used(None)) == ["marquee.E025"]
    (collected / "staticfiles.json").write_text('{"version": "1.1", "paths": {"a.css": "a.1.css"}, "hash": "x"}')
    settings.STORAGES = {**settings.STORAGES, **by_manifest}
    assert folders_can_be_used(None) == []


@pytest.mark.parametrize("sender", ["", "no address", "Marquee <>", "a@b.example\nBcc: x@y.example"])
def test_mail_without_a_sender_is_refused(settings, monkeypatch, sender):
    monkeypatch.setenv("OUR_MAIL", "smtp://mail.example.com")
    settings.MAILERS, settings.METRICS_TOKEN = env.mailers("OUR_MAIL"), ""
    assert ids(mail_and_metrics_are_safe(None)) == []
    settings.DEFAULT_FROM_EMAIL = sender
    assert ids(mail_and_metrics_are_safe(None)) == ["marquee.E020"]


def test_mail_for_staff_needs_addresses(settings, monkeypatch):
    monkeypatch.setenv("OUR_MAIL", "smtp://mail.example.com")
    settings.MAILERS, settings.METRICS_TOKEN = env.mailers("OUR_MAIL"), ""
    settings.STAFF_MAIL = ["ada@example.com", "the office"]
    assert ids(mail_and_metrics_are_safe(None)) == ["marquee.E021"]


@pytest.mark.long
def test_a_cap_below_the_time_of_a_hold_is_refused():
    said = start(**COMPLETE | {"HOLD_SECONDS": "600", "HOLD_CAP_SECONDS": "300"})
    assert said.endswith("HOLD_CAP_SECONDS must be HOLD_SECONDS or more: no seat is held for longer than the cap.")


def test_a_site_that_can_be_guessed_or_listened_to_is_refused(settings):
    assert ids(site_is_safe(None)) == ["marquee.E011", "marquee.E012"]  # the suite's own secret key, and http
    settings.ALLOWED_HOSTS = ["*"]
    settings.SECRET_KEY, settings.SITE_URL = COMPLETE["SECRET_KEY"], COMPLETE["SITE_URL"]
    assert ids(site_is_safe(None)) == ["marquee.E013"]


@pytest.mark.parametrize(("is_on", "found"), [(True, []), (False, ["marquee.E010"])])
def test_an_office_without_a_second_factor_is_refused(settings, is_on, found):
    settings.STAFF_SECOND_FACTOR_REQUIRED = is_on
    assert ids(staff_are_safe(None)) == found


def test_servers_that_would_break_the_seats_are_refused(settings, monkeypatch):
    assert ids(servers_are_safe(None)) == []
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    database = {"ATOMIC_REQUESTS": True, "OPTIONS": {"pool": True}, "ENGINE": "django.db.backends.postgresql"}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    assert ids(servers_are_safe(None)) == ["marquee.E006", "marquee.E007", "marquee.E008", "marquee.E009"]


def test_the_suite_itself_passes_every_check(db):
    assert ids(run_checks()) == []
