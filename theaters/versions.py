"""A version of a movie: the picture, the spoken language, the subtitles. People choose their showtime by it."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext

from core.refusals import Refusal
from theaters.language_names import languages_in_words
from theaters.states import Picture

# Names of languages in words, several joined by "and": no comma, which parts a version's facts, and no formula.
LANGUAGE = re.compile(r"[^\W\d_][^\d,;|<>=@\x00-\x1f\x7f]*")
LANGUAGE_SIGNS = 40
DUBBED = re.compile(r"dubbed in (?P<language>.+)", re.IGNORECASE)
SUBTITLED = re.compile(r"(?P<language>.+) subtitles|subtitled in (?P<other>.+)", re.IGNORECASE)


class VersionUnreadable(Refusal):
    """The version cannot be read; the sentence says why."""


@dataclass(frozen=True, order=True)
class Version:
    """What is projected, spoken and subtitled. The plain one is 2D in the original language without subtitles."""

    picture: str = Picture.FLAT
    dubbed_in: str = ""
    subtitles_in: str = ""

    @property
    def sound(self) -> str:
        """Sound and subtitles in English: dubbed in German; '' for the plain ones."""
        words = [f"dubbed in {self.dubbed_in}"] if self.dubbed_in else []
        words += [f"{self.subtitles_in} subtitles"] if self.subtitles_in else []
        return ", ".join(words)

    @property
    def sound_in_words(self) -> str:
        """Sound and subtitles in the reader's language: Ton: Deutsch, Untertitel: Französisch."""
        words = []
        if self.dubbed_in:
            words.append(gettext("dubbed in %(language)s") % {"language": languages_in_words(self.dubbed_in)})
        if self.subtitles_in:
            words.append(gettext("%(language)s subtitles") % {"language": languages_in_words(self.subtitles_in)})
        return ", ".join(words)

    @property
    def in_words(self) -> str:
        """The version for people: 3D, dubbed in German."""
        return ", ".join(filter(None, (str(self.picture), self.sound_in_words)))

    @property
    def text(self) -> str:
        """3D, dubbed in German; always in English, for files, forms and reports. `version_of` reads it."""
        return ", ".join(filter(None, (str(self.picture), self.sound)))

    def __str__(self) -> str:
        return self.text


PLAIN = Version()


def language(text: str) -> str:
    """Tidy the name of a language. Raises VersionUnreadable."""
    words = " ".join(text.split())
    if words and (len(words) > LANGUAGE_SIGNS or not LANGUAGE.fullmatch(words)):
        raise VersionUnreadable(f"{words[:LANGUAGE_SIGNS]!r} is not the name of a language, such as German.")
    return words[:1].upper() + words[1:]


def version_of(text: str) -> Version:
    """Reads what `Version.text` writes, whatever the order and the case of its parts. Raises VersionUnreadable."""
    pictures = {picture.value.lower(): picture.value for picture in Picture}
    picture, dubbed_in, subtitles_in = "", "", ""
    for part in (" ".join(part.split()) for part in text.split(",")):
        if part.lower() in pictures and not picture:
            picture = pictures[part.lower()]
        elif (found := DUBBED.fullmatch(part)) and not dubbed_in:
            dubbed_in = language(found["language"])
        elif (found := SUBTITLED.fullmatch(part)) and not subtitles_in:
            subtitles_in = language(found["language"] or found["other"])
        else:
            raise VersionUnreadable(
                f"{part[:LANGUAGE_SIGNS]!r} is not part of a version. Write one as “3D, dubbed in German, French subtitles”."
            )
    return Version(picture or Picture.FLAT, dubbed_in, subtitles_in)
