"""Migrations do not depend on the product's code: they run unchanged whatever that code becomes."""

import ast

from dev.refusal_list import APPS
from dev.state import CHECKOUT

FILES = sorted(path for app in APPS for path in (CHECKOUT / app / "migrations").glob("[0-9]*.py"))


def imported_by(path) -> set[str]:
    """The top-level packages that a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    names += [node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def test_no_migration_imports_product_code():
    assert len(FILES) > 100
    assert {path for path in FILES if imported_by(path) & {*APPS, "config", "dev", "tests"}} == set()


def test_each_app_with_tables_begins_with_its_tables():
    assert {path.parent.parent.name for path in FILES if path.stem == "0001_initial"} == set(APPS)
