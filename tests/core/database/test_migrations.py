"""Migrations stand on their own: they run as they are, whatever the product's code becomes."""

import ast

import pytest

from dev.refusal_list import APPS
from dev.state import CHECKOUT

FILES = sorted(path for app in APPS for path in (CHECKOUT / app / "migrations").glob("[0-9]*.py"))


def imported_by(path) -> set[str]:
    """The first words of what a file imports."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    names += [node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.parent.name}.{path.stem}")
def test_it_imports_no_product_code(path):
    assert imported_by(path) & {*APPS, "config", "dev", "tests"} == set()


def test_each_app_with_tables_begins_with_its_tables():
    assert {path.parent.parent.name for path in FILES if path.stem == "0001_initial"} == set(APPS)
