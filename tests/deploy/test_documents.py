"""Everything that the documents name exists: files, `make` targets and variables."""

import re
from collections.abc import Callable, Collection

from dev.state import CHECKOUT
from tests.deploy.dockerfile import documented_variables

DOCUMENTS = sorted(
    path.relative_to(CHECKOUT).as_posix() for path in [*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")]
)
# `make screenshots` makes these from a running system.
PICTURES = CHECKOUT / "docs" / "images"
READERS = re.compile(
    r"""(?:env\.(?:text|integer|seconds|boolean|words|web_address|mailers)|environ(?:\.get|\.setdefault)?[\[(]|environ\.setdefault)"""
    r"""\(?\s*["']([A-Z][A-Z0-9_]+)["']"""
)


def text_of(name: str) -> str:
    return (CHECKOUT / name).read_text()


def wrong_words(
    find: Callable[[str], Collection[str]], *, documents: Collection[str] = DOCUMENTS
) -> dict[str, Collection[str]]:
    """Documents in which `find` returns something, with what it returns. The tests expect none."""
    assert len(documents) > 90
    return {name: found for name in documents if (found := find(text_of(name)))}


def test_links_lead_somewhere():
    def lost(page):
        targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
        ours = [target for target in targets if not re.match(r"[a-z]+:", target)]
        seen = [target for target in ours if PICTURES.exists() or "images/" not in target]
        return {target for target in seen if not (page.parent / target).exists()}

    assert {name: found for name in DOCUMENTS if (found := lost(CHECKOUT / name))} == {}


def test_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    named = re.compile(r"(?:`|^ *)make ([a-z-]+)", re.MULTILINE)
    assert wrong_words(lambda text: set(named.findall(text)) - targets) == {}


def test_env_example_has_every_variable_the_code_reads():
    sources = [path for folder in ("config", "core", "dev", "deploy") for path in (CHECKOUT / folder).rglob("*.py")]
    read = {name for path in sources for name in READERS.findall(path.read_text())}
    scripts = [*(CHECKOUT / "deploy").glob("*.sh")]
    read |= {name for path in scripts for name in re.findall(r"\$\{([A-Z_]+)", path.read_text())}
    assert len(read) > 30
    documented = documented_variables()
    in_files = {f"{name}_FILE" for name in documented}
    # FAKETIME is read by the library of that name; CONTENT_TYPE is a key of a request's WSGI environ.
    of_others = {"PATH", "PYTEST_XDIST_WORKER", "FAKETIME", "LD_PRELOAD", "CONTENT_TYPE"}
    assert read - of_others - in_files <= documented


def test_env_example_has_no_variable_that_nothing_reads():
    kept = ("*.py", "*.sh", "*.yml", "Caddyfile", "Dockerfile")
    folders = ("config", "core", "dev", "deploy")
    files = [path for folder in folders for pattern in kept for path in (CHECKOUT / folder).rglob(pattern)]
    text = "".join(
        path.read_text() for path in [*files, *CHECKOUT.glob("docker-compose*.yml"), CHECKOUT / "Dockerfile"]
    )
    assert {name for name in documented_variables() if name not in text} == {"COMPOSE_FILE"}


def test_the_first_start_needs_only_what_env_example_calls_required():
    """The person who copies the file fills in the values left open; a number left empty would not parse."""
    text = (CHECKOUT / ".env.example").read_text()
    empty = set(re.findall(r"^([A-Z_]+)=$", text, re.MULTILINE))
    assert empty == {
        "SECRET_KEY", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET", "EMAIL_URL", "POSTGRES_PASSWORD", "REDIS_PASSWORD",
        "WEB_DATABASE_PASSWORD", "WORKER_DATABASE_PASSWORD",
        "ACME_EMAIL",
    }  # fmt: skip
