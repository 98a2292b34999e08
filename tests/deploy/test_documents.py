"""What the documents name exists: files, `make` targets, variables."""

import re

import pytest

from dev.state import CHECKOUT
from tests.deploy.dockerfile import documented_variables

DOCUMENTS = sorted(
    path.relative_to(CHECKOUT).as_posix() for path in [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
)
# Made by `make screenshots` of a running system.
PICTURES = CHECKOUT / "docs" / "images"
READERS = re.compile(
    r"""(?:env\.(?:text|integer|seconds|boolean|words|web_address|mailers)|environ(?:\.get|\.setdefault)?[\[(]|environ\.setdefault)"""
    r"""\(?\s*["']([A-Z][A-Z0-9_]+)["']"""
)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_links_lead_somewhere(name):
    page = CHECKOUT / name
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
        if not re.match(r"[a-z]+:", target) and (PICTURES.exists() or "images/" not in target):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_make_targets_exist(name):
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^ *)make ([a-z-]+)", (CHECKOUT / name).read_text(), re.MULTILINE)) <= targets


def test_env_example_has_every_variable_the_code_reads():
    sources = [path for folder in ("config", "core", "dev", "deploy") for path in (CHECKOUT / folder).rglob("*.py")]
    read = {name for path in sources for name in READERS.findall(path.read_text())}
    scripts = [*(CHECKOUT / "deploy").glob("*.sh")]
    read |= {name for path in scripts for name in re.findall(r"\$\{([A-Z_]+)", path.read_text())}
    assert len(read) > 30
    documented = documented_variables()
    in_files = {f"{name}_FILE" for name in documented}
    assert read - {"PATH", "PYTEST_XDIST_WORKER"} - in_files <= documented


def test_env_example_has_no_variable_that_nothing_reads():
    kept = ("*.py", "*.sh", "*.yml", "Caddyfile", "Dockerfile")
    folders = ("config", "core", "dev", "deploy")
    files = [path for folder in folders for pattern in kept for path in (CHECKOUT / folder).rglob(pattern)]
    text = "".join(
        path.read_text() for path in [*files, *CHECKOUT.glob("docker-compose*.yml"), CHECKOUT / "Dockerfile"]
    )
    assert {name for name in documented_variables() if name not in text} == {"COMPOSE_FILE"}


def test_the_first_start_needs_only_what_env_example_calls_required():
    """Values that stand open are filled in by whoever copies the file; a number left empty would not parse."""
    text = (CHECKOUT / ".env.example").read_text()
    empty = set(re.findall(r"^([A-Z_]+)=$", text, re.MULTILINE))
    assert empty == {
        "SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "EMAIL_URL", "POSTGRES_PASSWORD", "REDIS_PASSWORD",
        "WEB_DATABASE_PASSWORD", "WORKER_DATABASE_PASSWORD",
        "ACME_EMAIL",
    }  # fmt: skip
