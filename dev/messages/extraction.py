"""Sentences of templates and Python modules, found by Babel; xgettext is not needed."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from django.utils.translation.template import templatize

from dev.messages.sources import Source

KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAG = "Translators"


def collected(sources: Iterable[Source]) -> dict[str, Catalog]:
    """By catalog, the sentences of these files in English."""
    found: dict[str, Catalog] = {}
    for source in sources:
        catalog = found.setdefault(source.catalog, Catalog(charset="utf-8"))
        for message, comments, context in sentences_of(source.path, Path(source.path).read_text()):
            catalog.add(message, locations=[(source.path, 1)], auto_comments=comments, context=context)
    return found


def sentences_of(path: str, text: str) -> Iterator[tuple[Any, list[str], str | None]]:
    """Message (a pair where it has a plural), comments for translators, context."""
    if not path.startswith("templates/") and "gettext" not in text:
        return
    if path.startswith("templates/"):
        # In brackets, so that its indentation means nothing to Python's tokenizer.
        text = f"(\n{templatize(text, origin=path)}\n)"
    lines = extract(
        "python", BytesIO(text.encode()), KEYWORDS, (COMMENT_TAG,), {"encoding": "utf-8"}, strip_comment_tags=False
    )
    for _line, message, comments, context in lines:
        yield message, comments, context
