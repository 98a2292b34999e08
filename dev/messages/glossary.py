"""One word for one thing in German too: the table "Words in German" of docs/languages.md, and the translations that ignore it."""

import re
from collections.abc import Iterator
from pathlib import Path

from core.texts.catalogs import CATALOGS
from dev.messages.catalog_files import po_file, read_catalog

DOCUMENT = Path("docs/languages.md")
HEADING = "## Words in German"
CARD = {"Karte", "Karten"}


def findings_of_words() -> Iterator[str]:
    banned = banned_words(DOCUMENT.read_text())
    for catalog in CATALOGS:
        path = po_file(catalog, "de")
        for message in read_catalog(path, "de"):
            for text in [message.string] if isinstance(message.string, str) else message.string or ():
                for word in sorted(words_of(text) & banned.keys()):
                    yield f"{path}: “{word}” is not used, say {banned[word]}: {text!r}"
                if words_of(text) & CARD and speaks_of_tickets(str(message.id)):
                    yield f"{path}: “Karte” is a card of a bank, say Ticket: {text!r}"


def speaks_of_tickets(sentence: str) -> bool:
    """Whether the sentence is about tickets, and not about cards as well."""
    return "ticket" in sentence.lower() and "card" not in sentence.lower()


def banned_words(document: str) -> dict[str, str]:
    """Word → what is said instead."""
    rows = re.findall(r"^\| .+? \| (.+?) \| (.+?) \|$", document.partition(HEADING)[2], re.MULTILINE)
    return {
        word.strip(): instead for instead, words in rows for word in words.split(",") if words not in {"not", "---"}
    }


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text))
