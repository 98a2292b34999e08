"""The languages of pages, mails and papers: their names, the current one, and how to use another one.

How to mark sentences and translate them: docs/languages.md.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from babel import Locale, UnknownLocaleError
from django.conf import settings
from django.utils import translation

# Sentences are written in English in the source, so none is missing.
SOURCE = "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Context in which this language is the current one; English where `language` is not offered.

    For texts that are written outside a request, or to somebody else than the visitor: mails, papers, calendar files.
    """
    with translation.override(offered(language)):
        yield


def offered(language: str) -> str:
    """The code itself if it is in settings.LANGUAGES, else the source language."""
    return language if language in dict(settings.LANGUAGES) else SOURCE


def current_language() -> str:
    """The current language, as a code in settings.LANGUAGES."""
    return offered(translation.get_language() or SOURCE)


def locale_for(territory: str) -> Locale:
    """How the current language writes dates, times and numbers in a country, such as US; "" is no country in particular."""
    language = current_language()
    for name in (f"{language}_{territory}", language):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(SOURCE)  # the pseudo-language of tests
