"""What the documents tell people to type, set, open or press exists in the code; and nothing exists that they deny."""

import re

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from dev.state import CHECKOUT
from payments.providers.stripe.deliveries import KINDS
from staff.roles import EVERY_PERMISSION
from tests.deploy.test_documents import DOCUMENTS, text_of, wrong_words

FOLDERS = (
    "accounts",
    "boxoffice",
    "config",
    "core",
    "deploy",
    "dev",
    "houses",
    "payments",
    "reservations",
    "sales",
    "staff",
    "templates",
    "theaters",
)
NOW = [name for name in DOCUMENTS if name != "CHANGELOG.md"]  # the changelog also names what is gone
READ_BY_TESTS = {"STRIPE_TEST_SECRET_KEY"}
# Paths of the machine and of other programs.
NOT_OURS = ("/srv/", "/run/", "/etc/", "/tmp/", "/dev/shm", "/app", "/media", "/var/", "/usr/")


@pytest.fixture(scope="module")
def source() -> str:
    """All files that run or are shown, and those that start them."""
    kinds = ("*.py", "*.html", "*.txt", "*.sh", "Caddyfile")
    files = [path for folder in FOLDERS for kind in kinds for path in (CHECKOUT / folder).rglob(kind)]
    starts = [
        *CHECKOUT.glob("docker-compose*.yml"),
        *(CHECKOUT / name for name in (".env.example", "Makefile", "Dockerfile")),
    ]
    return "\n".join(path.read_text() for path in [*files, *starts])


@pytest.mark.parametrize(
    "name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/where.md"]
)
def test_every_app_is_named_where_apps_are_listed(name):
    labels = {config.name for config in apps.get_app_configs() if (CHECKOUT / config.name).is_dir()} - {"dev"}
    assert {label for label in labels if not re.search(rf"\b{label}\b", text_of(name))} == set()


def test_commands_exist():
    commands = get_commands().keys()
    assert wrong_words(lambda text: set(re.findall(r"manage\.py ([a-z_]+)", text)) - commands) == {}


def test_every_command_of_ours_is_told_to_operators():
    labels = {config.name for config in apps.get_app_configs() if (CHECKOUT / config.name).exists()} - {"dev"}
    ours = {command for command, app in get_commands().items() if app in labels} - {"migrate"}
    documents = "".join(map(text_of, DOCUMENTS))
    told = {command for command in ours if re.search(rf"(?:manage\.py |`){command}\b", documents)}
    assert ours - told == set()


def test_settings_and_variables_exist(source):
    def unknown(text):
        named = set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9])(?:=[^`]*)?`", text)) - READ_BY_TESTS
        return {word for word in named if word.removesuffix("_FILE") not in source}

    assert wrong_words(unknown, documents=NOW) == {}


def is_address(path: str) -> bool:
    filled = path.partition("?")[0].replace("<id>", "1").replace("<slug>", "a").replace("<reference>", "KX7M-4QPD")
    try:
        resolve(re.sub(r"<(secret|code)>", "x" * 43, filled))
    except Resolver404:
        return False
    return True


def test_addresses_exist():
    def lost(text):
        named = set(re.findall(r"`(/[a-z][^`\s]*)`", text))
        return {path for path in named if not path.startswith(NOT_OURS) and not is_address(path)}

    assert wrong_words(lost) == {}


def test_events_of_the_webhook_are_those_that_are_acted_on():
    listed = text_of("docs/deploy.md").split("- events:")[1].split("\n\n")[0]
    assert set(re.findall(r"`([a-z_.]+)`", listed)) == set(KINDS)


def test_rights_exist():
    labels = "|".join(config.label for config in apps.get_app_configs() if (CHECKOUT / config.name).exists())
    named = re.compile(rf"`((?:{labels})\.(?:view|add|change|delete|[a-z]+)_[a-z_]+)`")
    files = {f"{path.parent.name}.{path.stem}" for folder in FOLDERS for path in (CHECKOUT / folder).rglob("*.py")}
    assert wrong_words(lambda text: set(named.findall(text)) - files - EVERY_PERMISSION) == {}


def test_buttons_exist(source):
    named = re.compile(r"[Pp]ress(?:es)? \*{1,2}([^*]+)\*{1,2}")
    assert wrong_words(lambda text: {label for label in named.findall(text) if label not in source}) == {}


def test_no_document_denies_what_is_there():
    """These sentences were true once."""
    denied = re.compile(r"no button for a refund|roles? (?:are|is) missing|share one role|separate database roles\.")
    assert wrong_words(lambda text: denied.findall(" ".join(text.split()))) == {}
