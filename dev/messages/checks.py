"""Finds faults of translations and templates: missing and fuzzy entries, other placeholders, bare text, long lines."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from core.texts.catalogs import CATALOGS
from dev.messages.bare_text import bare_texts
from dev.messages.catalog_files import po_file, read_catalog
from dev.messages.extraction import collected
from dev.messages.glossary import findings_of_words
from dev.messages.scripts import SCRIPTS, bare_sentences, names_without_sentence
from dev.messages.sources import (
    COMPLETE,
    ENGLISH_DATES,
    LANGUAGES,
    LONGEST_LINE,
    MARKED,
    NOT_MARKED,
    sources,
    templates,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|(?<!\{)\{\w*(?::[^{}]*)?\}(?!\})")
TAG = re.compile(r"</?[a-zA-Z]+")


def all_findings() -> list[str]:
    return [
        *findings_of_catalogs(),
        *findings_of_two_voices(),
        *findings_of_words(),
        *findings_of_templates(),
        *findings_of_scripts(),
    ]


def findings_of_catalogs() -> Iterator[str]:
    for catalog, source in sorted(collected(sources()).items()):
        for language in LANGUAGES:
            path = po_file(catalog, language)
            translated = read_catalog(path, language)
            is_complete = catalog in COMPLETE[language]
            for message in source:
                if message.id and (why := fault_of(message, translated, is_complete=is_complete)):
                    yield f"{path}: {why}: {forms_of(message.id)[0]!r}"


def findings_of_two_voices() -> Iterator[str]:
    """A sentence of two catalogs has one translation: the visitor gets that of the first. Where it means two things, each
    has a context of its own."""
    for language in LANGUAGES:
        said: dict[tuple[str, str | None], tuple[str, object]] = {}
        for catalog in CATALOGS:
            for entry in read_catalog(po_file(catalog, language), language):
                if not entry.id or not all(forms_of(entry.string)):
                    continue
                key = (forms_of(entry.id)[0], entry.context)
                first, text = said.setdefault(key, (catalog, entry.string))
                if text != entry.string:
                    yield f"{po_file(catalog, language)}: is said otherwise in {first}: {key[0]!r}"


def fault_of(source: Message, translated: Catalog, *, is_complete: bool) -> str:
    """'' for a good entry, and for a missing one in a catalog that is not complete."""
    entry = translated.get(source.id, source.context)
    texts = [] if entry is None else forms_of(entry.string)
    if entry is None or not texts or not all(texts):
        return "is not translated (make messages)" if is_complete else ""
    if entry.fuzzy:
        return "is marked as fuzzy" if is_complete else ""
    ids = forms_of(source.id)
    if isinstance(source.id, str) != isinstance(entry.string, str):
        return "has plural forms in one of the two only (make messages)"
    for text in texts:
        if not any(signs_of(text) == signs_of(original) for original in ids):
            return "has other placeholders or tags in the translation"
    return ""


def signs_of(text: str) -> list[str]:
    """Placeholders and tags, which a translation must neither lose nor invent."""
    return sorted([*PLACEHOLDER.findall(text), *TAG.findall(text)])


def forms_of(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """A sentence, or its singular and plurals."""
    return [text] if isinstance(text, str) else list(text or ())


def findings_of_templates() -> Iterator[str]:
    for path in templates():
        text = Path(path).read_text()
        if path.startswith(MARKED) and not path.startswith(tuple(NOT_MARKED)):
            for line, bare in bare_texts(text):
                if path.startswith(ENGLISH_DATES) and bare.startswith(("|date", "|time")):
                    continue
                yield f"{path}:{line}: bare text, mark it with translate or blocktranslate: {bare!r}"
        if path.endswith(".html"):
            yield from findings_of_lines(path, text)


def findings_of_scripts() -> Iterator[str]:
    pages = [Path(path).read_text() for path in templates()]
    for path in sorted(SCRIPTS.rglob("*.js")):
        script = path.read_text()
        for line, bare in bare_sentences(script):
            yield f"{path}:{line}: a sentence in a script, put it into its page: {bare!r}"
        for name in sorted(names_without_sentence(script, pages)):
            yield f"{path}: asks for the sentence {name!r}, which no template offers"


def findings_of_lines(path: str, text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > LONGEST_LINE:
            yield f"{path}:{number}: longer than {LONGEST_LINE} signs"
