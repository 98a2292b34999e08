"""Text as it is searched: without case and accents, so that "jose" finds José and "strasse" finds Straße."""

import unicodedata

# Letters that Unicode does not take apart into a letter and an accent.
WITHOUT_STROKE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)


def folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(WITHOUT_STROKE)
