"""German sentences as they are read: a time within a sentence says "Uhr", and nothing is said twice."""

import re
from collections.abc import Iterator

import pytest

from dev.messages.catalog_files import po_file, read_catalog

CATALOGS = ("pages", "sentences", "letters", "counter")
# "bis %(until)s", "um %(time)s": placeholders that hold a time of day or a moment that ends in one.
TIMES = "time|until|payable_until|moment|opens"
BARE_TIME = re.compile(rf"\b(?:um|bis|ab|vor|seit|gegen|nach) (?:<b>)?%\((?:{TIMES})\)s(?! Uhr)", re.IGNORECASE)
# Here the moment is written by hours before the start, without a clock.
NO_CLOCK = "theaters/prices/cancel_tiers.py"
SENTENCE = re.compile(r"[^.!?]{20,}[.!?]")


def sentences(catalog: str) -> Iterator[tuple[str, set[str]]]:
    """The German texts of a catalog, each with the files that say it."""
    for message in read_catalog(po_file(catalog, "de"), "de"):
        if message.id:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            yield from ((text, {file for file, _ in message.locations}) for text in texts)


@pytest.mark.parametrize("catalog", CATALOGS)
def test_a_time_within_a_sentence_says_uhr(catalog):
    assert [text for text, files in sentences(catalog) if BARE_TIME.search(text) and NO_CLOCK not in files] == []


@pytest.mark.parametrize("catalog", CATALOGS)
def test_no_sentence_is_said_twice(catalog):
    said = {text: [part.strip() for part in SENTENCE.findall(text)] for text, _ in sentences(catalog)}
    assert [text for text, parts in said.items() if len(set(parts)) < len(parts)] == []


@pytest.mark.parametrize("catalog", CATALOGS)
def test_a_percent_sign_stays_with_its_number(catalog):
    """DIN 5008: a space between them, here one at which no line breaks."""
    assert [text for text, _ in sentences(catalog) if re.search(r"percent\)s(?!\N{NO-BREAK SPACE}%%)", text)] == []
