"""Fills the templates in `pages/`; every value is escaped unless it is markup made here."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

PAGES = Path(__file__).parent / "pages"


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


@cache
def _template(name: str) -> Template:
    return Template((PAGES / name).read_text())


def fill(template: str, /, **values: str) -> Markup:
    safe = {key: value if isinstance(value, Markup) else escape(value) for key, value in values.items()}
    return Markup(_template(template).substitute(safe))


def join(parts: list[Markup]) -> Markup:
    return Markup("".join(parts))


@cache
def stylesheet() -> str:
    return (PAGES / "page.css").read_text()
