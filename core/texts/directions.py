"""Names keep their own direction of writing inside a sentence, also where the sentence runs the other way.

"8½" inside an Arabic sentence would read ½8, and a Hebrew title would move the time after it to its other side. So what
is put into a sentence stands between two signs that nobody sees: FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE (UAX
9). Sentences of the catalogs do it for what is put in by %; templates for every variable that stands in their text
(core/web/template_files.py); whatever joins names in Python calls `isolated`.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, SupportsIndex

from django.conf import settings
from django.utils.translation import get_language_bidi, trans_real

BEGIN, END = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# Letters of scripts from right to left, and characters that reverse what follows them.
FROM_THE_RIGHT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff\u202a-\u202e\u2066-\u2069]"
)
# Characters that a sentence from right to left would put in another order: digits, and letters of any other script.
FROM_THE_LEFT = re.compile("[^\\W_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
ISOLATES = re.compile("[\u2066-\u2069]")
ISOLATE = re.compile(f"{BEGIN}[^{BEGIN}{END}]*{END}")
ADDRESS = re.compile(r"https?://")
# A tag, which stays as it is, or a placeholder.
PLACE = re.compile(r"<[^>]*>|%\((\w+)\)s")


def isolated(text: str) -> str:
    """The text, each line of it with its own direction, if it has letters of the other one. Web addresses stay as they are."""
    if not _may_turn(text) or ADDRESS.match(text):
        return text
    if "\n" in text:
        return "\n".join(map(isolated, text.split("\n")))
    text = balanced(text)
    return f"{BEGIN}{text}{END}" if _may_turn(_outside_of_isolates(text)) else text


def side_by_side(names: Iterable[str], between: str = ", ") -> str:
    """Join the names that are not empty; each keeps its own direction."""
    return between.join(isolated(name) for name in names if name)


def balanced(text: str) -> str:
    """Remove isolate characters from a text in which they do not match."""
    depth = 0
    for sign in ISOLATES.findall(text):
        depth += -1 if sign == END else 1
        if depth < 0:
            break
    return ISOLATES.sub("", text) if depth else text


def _outside_of_isolates(text: str) -> str:
    """The text without its isolated parts."""
    while (rest := ISOLATE.sub("", text)) != text:
        text = rest
    return text


class Sentence(str):
    """A sentence of the catalogs: % isolates the texts that are put into it, except inside of tags."""

    __slots__ = ()

    def __mod__(self, values: Any) -> str:
        if isinstance(values, Mapping):
            apart = {BEGIN + name: isolated(text) for name, text in values.items() if _turns(text)}
            if apart:
                places = _places(str(self), frozenset(name.removeprefix(BEGIN) for name in apart))
                return places % {**values, **apart}
        return super().__mod__(values)

    def __getnewargs__(self) -> tuple[str]:
        return (str(self),)

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        return str(self)[key]


def _turns(value: Any) -> bool:
    return isinstance(value, str) and _may_turn(value)


def _may_turn(text: str) -> bool:
    if _offers_right_to_left() and get_language_bidi():
        return FROM_THE_LEFT.search(text) is not None
    return not text.isascii() and FROM_THE_RIGHT.search(text) is not None


@cache
def _offers_right_to_left() -> bool:
    """Whether any offered language is written from right to left; cached, as it is asked often."""
    return any(language in settings.LANGUAGES_BIDI for language, _ in settings.LANGUAGES)


@lru_cache(maxsize=4096)
def _places(sentence: str, names: frozenset[str]) -> str:
    """Mark the placeholders with these names in a sentence, outside of tags."""
    return PLACE.sub(lambda place: f"%({BEGIN}{place[1]})s" if place[1] in names else place[0], sentence)


def isolate_in_sentences() -> None:
    """Let gettext, for Python and templates alike, return sentences that isolate what is put into them."""
    for name in ("gettext", "ngettext"):
        setattr(trans_real.DjangoTranslation, name, _returning_sentences(getattr(trans_real.DjangoTranslation, name)))


def _returning_sentences(translate: Any) -> Any:
    def translated(catalog: Any, *message: Any) -> str:
        text: str = translate(catalog, *message)
        return Sentence(text) if "%" in text else text

    return translated
