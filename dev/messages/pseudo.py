"""A language for tests: English, 40 % longer, in Arabic letters. Shows what overflows and what nobody marked."""

import re
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo

from core.texts.catalogs import CATALOGS
from dev.messages.catalog_files import po_file, read_catalog
from dev.messages.sources import LANGUAGES

# The code of a real language from right to left, which nobody here offers: browsers and axe know it.
CODE = "dv"
LONGER = 1.4
MARK = "\N{RIGHT-TO-LEFT MARK}"
# Placeholders, tags and entities stay as they are.
UNTOUCHED = re.compile(r"(%\(\w+\)[sd]|%[sd]|\{[^{}]*\}|<[^>]*>|&\w+;)")
VOWELS = "aeiouAEIOU"
# One letter for each of ours, by its sound: no Arabic, but written, joined and wrapped as Arabic is.
ARABIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz,;?",
    "\u0627\u0628\u0635\u062f\u0639\u0641\u063a\u0647\u064a\u062c\u0643\u0644\u0645\u0646\u0648\u067e\u0642\u0631\u0633\u062a\u0624\u0641\u0648\u062e\u0649\u0632\u060c\u061b\u061f",
)


def longer(sentence: str) -> str:
    """The vowels are said longer until 40 % are added. Each translated sentence begins with MARK."""
    parts = UNTOUCHED.split(sentence)
    missing = round(sum(len(part) for part in parts[::2]) * (LONGER - 1))
    vowels = sum(letter in VOWELS for part in parts[::2] for letter in part)
    each, rest = divmod(missing, vowels) if vowels else (0, 0)
    stretched = []
    for number, part in enumerate(parts):
        if number % 2:
            stretched.append(part)
            continue
        letters = []
        for letter in part:
            more = (each + (rest > 0)) if letter in VOWELS else 0
            rest -= letter in VOWELS
            letters.append(letter + letter.lower() * more)
        stretched.append("".join(letters))
    return MARK + "".join(stretched)


def in_arabic_letters(sentence: str) -> str:
    """Placeholders, tags and entities stay in ours."""
    parts = UNTOUCHED.split(sentence)
    return "".join(part if number % 2 else part.lower().translate(ARABIC) for number, part in enumerate(parts))


def write_pseudo(root: Path) -> None:
    """Make locale files of the language in `root`, where they are older than a catalog."""
    files = [path for name in CATALOGS if (path := po_file(name, LANGUAGES[0])).exists()]
    target = root / CODE / "LC_MESSAGES" / "django.mo"
    newest = max((path.stat().st_mtime_ns for path in files), default=0)
    if not target.exists() or target.stat().st_mtime_ns < newest:
        target.parent.mkdir(parents=True, exist_ok=True)
        body = BytesIO()
        write_mo(body, _pseudo(message for path in files for message in read_catalog(path, LANGUAGES[0])))
        target.write_bytes(body.getvalue())


def _pseudo(messages: Iterable[Message]) -> Catalog:
    catalog = Catalog(locale="en", charset="utf-8")
    for message in messages:
        if not message.id:
            continue
        plural = isinstance(message.id, tuple | list)
        said = [in_arabic_letters(longer(text)) for text in (message.id if plural else [str(message.id)])]
        text = tuple(said) if plural else said[0]
        catalog.add(message.id, string=text, context=message.context)
    return catalog
