"""Only named places turn text into markup. Everywhere else Django escapes it."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, TokenType

from dev.state import CHECKOUT

PRODUCT = (
    "accounts",
    "boxoffice",
    "config",
    "core",
    "dev",
    "houses",
    "payments",
    "reservations",
    "sales",
    "staff",
    "theaters",
)
TEMPLATES = ("templates", "dev/templates")
# Python that declares text to be markup: how often, and why.
MARKED_SAFE = {
    "core/caches/page_cache.py": 1,  # a marker that is replaced by escaped text before the page is sent
    "staff/scope.py": 1,  # a constant; Django asks for this type
    "core/templatetags/icons.py": 1,  # a constant
    "houses/markdown.py": 2,  # Markdown without HTML, reduced to named elements; and text that Django escapes
    "reservations/seats/map_markup.py": 4,  # parts that were escaped when the map was prepared, and two constant formats
    "reservations/seats/panel_parts.py": 2,  # a rendered template, in two parts
    "theaters/listings/structured_data.py": 1,  # JSON in which the characters of markup are escaped
    "theaters/forms/section_names.py": 1,  # Django asks a widget for this type; format_html_join made it
    "theaters/plans/plan_picture.py": 1,  # parts that format_html made
}
# Mails in plain text have no markup. No other template turns escaping off.
PLAIN_TEXT = re.compile(r"(templates/mail|templates/account/email)/\w+\.txt")
# Django's own list of the password rules.
UNESCAPED = {"templates/allauth/elements/fields.html": ["field.help_text|safe"]}
MARKERS = {"mark_safe", "SafeString", "SafeText"}
# A file that contains none of these words makes no markup.
MAKERS = (*MARKERS, "__html__", "is_safe", "autoescape", "allow_tags", "format_html")
SAFE_FILTER = re.compile(r"\|\s*(safe|safeseq)\b")
UNQUOTED = re.compile(r"<[a-z][^<>{}]*\s[a-z-]+=$", re.IGNORECASE)


def templates() -> Iterator[Path]:
    for folder in TEMPLATES:
        yield from (path for path in sorted((CHECKOUT / folder).rglob("*")) if path.is_file())


def unescaped(source: str) -> list[str]:
    """Everything in a template that turns escaping off, and values in attributes without quotes."""
    tokens = Lexer(source).tokenize()
    found = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.token_type in {TokenType.TEXT, TokenType.COMMENT}:
            continue
        words = token.contents.split()
        if SAFE_FILTER.search(token.contents) or words[0] == "autoescape" or words[:2] == ["filter", "safe"]:
            found.append(token.contents)
        if token.token_type == TokenType.VAR and before is not None and UNQUOTED.search(before.contents):
            found.append(token.contents)
    return found


def marked_safe(source: str) -> int:
    """Calls that declare text to be markup, and format_html with a format that is no constant."""
    if not any(word in source for word in MAKERS):
        return 0
    return sum(map(makes_markup, ast.walk(ast.parse(source))))


def makes_markup(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef):
        return node.name == "__html__"
    if isinstance(node, ast.keyword):
        return node.arg in {"is_safe", "autoescape", "allow_tags"}
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rsplit(".", 1)[-1]
    if name in MARKERS:
        return bool(node.args)
    place = {"format_html": 0, "format_html_join": 1}.get(name)
    return place is not None and not (len(node.args) > place and is_ours(node.args[place]))


def is_ours(node: ast.AST) -> bool:
    """Whether this is a constant, or its translation."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "gettext":
        [node] = node.args
    return isinstance(node, ast.Constant)


def test_no_template_shows_text_as_markup():
    found = {str(path.relative_to(CHECKOUT)): unescaped(path.read_text()) for path in templates()}
    assert {name: what for name, what in found.items() if what and not PLAIN_TEXT.fullmatch(name)} == UNESCAPED


def test_no_page_contains_a_template_that_turns_escaping_off():
    tags = re.compile(r"""\{%\s*(?:include|extends)\s+["'][^"']+\.txt""")
    assert [path.name for path in templates() if path.suffix != ".txt" and tags.search(path.read_text())] == []


def test_python_makes_markup_of_text_in_named_places_alone():
    files = [path for app in PRODUCT for path in sorted((CHECKOUT / app).rglob("*.py"))]
    found = Counter({str(path.relative_to(CHECKOUT)): marked_safe(path.read_text()) for path in files})
    assert +found == MARKED_SAFE


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("{{ movie.title }}", 0),
        ("{{ movie.title|safe }}", 1),
        ("{{ movie.title | safe }}", 1),
        ("{{ titles|safeseq|join:', ' }}", 1),
        ("{% firstof movie.title|safe %}", 1),
        ("{% autoescape off %}{{ movie.title }}{% endautoescape %}", 1),
        ("{% filter safe %}{{ movie.title }}{% endfilter %}", 1),
        ("{% include 'a.html' with title=movie.title|safe only %}", 1),
        ('<a href="/?q={{ q }}">safe</a>', 0),
        ("<a href={{ q }}>", 1),
        ('<a class="a" title={{ q }}>', 1),
    ],
)
def test_what_counts_in_a_template(source, count):
    assert len(unescaped(source)) == count


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("mark_safe(title)", 1),
        ("safestring.SafeString(title)", 1),
        ("SafeString()", 0),
        ("format_html('<b>{}</b>', title)", 0),
        ("format_html(f'<b>{title}</b>')", 1),
        ("format_html('<b>' + title, 1)", 1),
        ("format_html(gettext('<b>{}</b>'), title)", 0),
        ("format_html(gettext(title), 1)", 1),
        ("format_html_join(', ', title, parts)", 1),
        ("format_html_join(', ', '{}', parts)", 0),
        ("class A:\n    def __html__(self):\n        return title", 1),
        ("register.filter(bold, is_safe=True)", 1),
        ("Context(values, autoescape=False)", 1),
    ],
)
def test_what_counts_in_python(source, count):
    assert marked_safe(source) == count
