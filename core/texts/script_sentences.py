"""The sentences that scripts show on many pages, as one script for each language: browsers fetch it once and keep it.

Sentences of one page stand in that page. Both are templates with <template data-sentences data-too-late="…">.
"""

import json
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from core.texts.languages import current_language, offered, speaking


class SentencesScript(NamedTuple):
    version: str
    text: str


def sentences_url() -> str:
    """The address of the sentences in the visitor's language; it changes with them."""
    language = current_language()
    return reverse("script_sentences", args=[language, sentences_script(language).version])


def sentences_script(language: str) -> SentencesScript:
    return _script(offered(language))


@cache
def _script(language: str) -> SentencesScript:
    sentences = _Sentences()
    with speaking(language):
        for template in settings.SCRIPT_SENTENCES:
            sentences.feed(render_to_string(template))
    text = f"window.sentences = {json.dumps(sentences.found, ensure_ascii=False)};\n"
    return SentencesScript(sha256(text.encode()).hexdigest()[:8], text)


class _Sentences(HTMLParser):
    """The sentences of scripts, by the names that scripts use."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {_camel_case(name.removeprefix("data-")): words for name, words in attrs if words}


def _camel_case(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(part.capitalize() for part in others)
