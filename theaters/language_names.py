"""Languages as movies and versions name them ("French and Dutch"): one key for each language, and its name for readers.

The key is the two or three letters of ISO 639 where Babel knows the language, else its name in small letters.
"""

import re
from functools import cache, lru_cache

from babel import Locale

from core.texts.languages import current_language, locale_for
from core.texts.local_formats import and_list

# In which languages a language may be named.
_READ_LANGUAGES = ("en", "de", "fr", "es", "it")
_JOINED = re.compile(r"\s+and\s+|\s*[,/&+]\s*", re.IGNORECASE)


def language_keys(text: str) -> frozenset[str]:
    """The keys of all languages in a text such as "French and Dutch"; codes are read too."""
    return frozenset(_key(part) for part in _JOINED.split(text) if part.strip())


def language_label(key: str) -> str:
    """The name of a language in the current language: German is Deutsch in German."""
    return locale_for("").languages.get(key) or key.title()


def languages_in_words(text: str) -> str:
    """“French and Dutch” for readers of German: Französisch und Niederländisch. A name that Babel does not know stays."""
    return _in_words(text, current_language())


@lru_cache(maxsize=512)
def _in_words(text: str, _language: str) -> str:
    names = (" ".join(part.split()) for part in _JOINED.split(text))
    known = locale_for("").languages
    return and_list(known.get(_key(name), name) for name in names if name)


def _key(name: str) -> str:
    words = " ".join(name.casefold().split())
    return _codes().get(words, words)


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    for language in reversed(_READ_LANGUAGES):
        names = {str(code): str(name) for code, name in Locale.parse(language).languages.items()}
        codes |= {name.casefold(): code for code, name in names.items() if "_" not in code}
        codes |= {code: code for code in names if len(code) <= 3}
    return codes
