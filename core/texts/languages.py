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


def language_name(code: str, told_in: str = "") -> str:
    """A language's name as it stands in a sentence of the current language, or of another: German, and not Deutsch."""
    try:
        return str(Locale.parse(code, sep="-").get_display_name(told_in or current_language()))
    except (UnknownLocaleError, ValueError):  # the pseudo-language of tests
        return str(dict(settings.LANGUAGES).get(code, code))


def locale_for(territory: str) -> Locale:
    """How the current language writes dates, times and numbers in a country, such as US; "" is no country in particular."""
    language = current_language()
    for name in (f"{language}_{territory}", language):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse(SOURCE)  # the pseudo-language of tests
