"""Writes docs/refusals.md: all refusals that people can read, from their classes and the places that raise them."""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.refusals import Refusal
from dev.state import CHECKOUT

APPS = ("core", "accounts", "houses", "staff", "theaters", "sales", "reservations", "payments", "boxoffice")
PAGE = CHECKOUT / "docs" / "refusals.md"
# Parents and exceptions that say nothing themselves.
BASES = {"Refusal", "TooFast", "TooOften", "BadChoice", "ManyProblems"}
# Where the sentence stands among the arguments of gettext's functions.
SENTENCE_AT = {"gettext": 0, "gettext_lazy": 0, "_": 0, "ngettext": 1}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
ENDS = (".", "?", ".”", "}")
HEAD = """# What the box office says no with

For support: a person reads you a sentence, and here is what it means. Written by `manage.py list_refusals` from the code;
words in {braces} are filled in. After a refusal nothing was changed, unless the sentence says so. The status is the one of
the answer, as in the log of requests; 429 and 503 also tell browsers and scripts when to try again.
"""


@dataclass
class Source:
    """What the code says about one class: its sentences, and the modules that raise it."""

    sentences: list[str] = field(default_factory=list)
    modules: set[str] = field(default_factory=set)


def product_files() -> list[Path]:
    found = (path for app in APPS for path in sorted((CHECKOUT / app).rglob("*.py")))
    return [path for path in found if "migrations" not in path.parts]


def refusals() -> list[type[Refusal]]:
    """All classes of the product, by app and name."""
    for path in product_files():
        if "Refus" in (text := path.read_text()) or "TooFast" in text:
            importlib.import_module(_module(path))
    kinds = {kind for kind in _below(Refusal) if kind.__module__.split(".")[0] in APPS}
    return sorted(kinds, key=lambda kind: (APPS.index(kind.__module__.split(".")[0]), kind.__module__, kind.__name__))


def _below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)


def render() -> str:
    sources = _sources({kind.__name__ for kind in refusals()})
    lines = [HEAD]
    app = ""
    for kind in refusals():
        source = sources.get(kind.__name__, Source())
        sentences = _own_sentences(kind, source)
        if kind.__name__ in BASES and not source.sentences:
            continue
        if (home := kind.__module__.split(".")[0]) != app:
            app = home
            lines += [
                f"\n## {app}\n",
                "| Name | Status | Sentence | Comes from | What staff can do |",
                "|---|---|---|---|---|",
            ]
        told = "<br>".join(_cell(sentence) for sentence in sentences) or "(says what stands in the way)"
        places = ", ".join(f"`{module}`" for module in sorted(source.modules or {_place(kind.__module__)}))
        lines.append(f"| {kind.__name__} | {kind.status} | {told} | {places} | {_cell(kind.staff_can)} |")
    return "\n".join(lines) + "\n"


def _own_sentences(kind: type[Refusal], source: Source) -> list[str]:
    own = [_named(str(kind.sentence))] if str(kind.sentence) != str(Refusal.sentence) else []
    return list(dict.fromkeys([*own, *source.sentences]))


def _sources(names: set[str]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for path in product_files():
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in names:
                found.setdefault(node.name, Source()).sentences += _built_in(node)
            elif isinstance(node, ast.Call) and (name := _name(node.func)) in names:
                source = found.setdefault(name, Source())
                source.modules.add(_place(_module(path)))
                source.sentences += [text for argument in node.args if (text := _template(argument)).endswith(ENDS)]
            elif isinstance(node, ast.Raise) and node.exc is not None and (name := _name(node.exc)) in names:
                found.setdefault(name, Source()).modules.add(_place(_module(path)))
    return found


def _built_in(node: ast.ClassDef) -> Iterator[str]:
    """What the class hands to its parent's constructor, and the sentences that its methods choose from."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "__init__":
            yield from (text for argument in call.args if (text := _template(argument)))
    for method in node.body:
        if isinstance(method, ast.FunctionDef):
            yield from (text for call in ast.walk(method) if (text := _translated(call)))


def _template(node: ast.expr) -> str:
    """A text with its placeholders; empty for whatever is no sentence."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _template(node.left)
    if isinstance(node, ast.Call):
        return _translated(node)
    if isinstance(node, ast.List):
        return " ".join(filter(None, map(_template, node.elts)))
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) and " " in node.value else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_part, node.values))
    return ""


def _translated(node: ast.AST) -> str:
    """The English sentence of a call of gettext, with its plural where it has one; empty for other calls."""
    place = SENTENCE_AT.get(_name(node.func), -1) if isinstance(node, ast.Call) else -1
    if not isinstance(node, ast.Call) or not 0 <= place < len(node.args):
        return ""
    return _named(_template(node.args[place]))


def _named(sentence: str) -> str:
    return PLACEHOLDER.sub(r"{\1}", sentence).replace("%%", "%")


def _part(part: ast.expr) -> str:
    if text := _template(part.value) if isinstance(part, ast.FormattedValue) else "":
        return text
    return str(part.value) if isinstance(part, ast.Constant) else "{" + _placeholder(part) + "}"


def _placeholder(part: ast.expr) -> str:
    """The last plain name in it: `count` of `len(self.count)`."""
    names = [
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(part)
        if isinstance(node, ast.Attribute | ast.Name)
    ]
    return names[0].replace("_", " ").strip() if names else "…"


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return _name(node.func)
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _module(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _place(module: str) -> str:
    return module.replace(".", "/")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
