"""German texts of the demo world, from german.toml. A missing one raises KeyError."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from core.texts.translated_texts import Translations

SOURCE = Path(__file__).parent / "german.toml"


def in_german(words: str) -> str:
    return _texts()["words"][words] if words else ""


def german_texts(kind: str, slug: str) -> Translations:
    """Of a movie, theater or series, as the column `translations` keeps them."""
    return {"de": _texts()[kind][slug]}


def german_sections() -> Translations:
    """Of all plans, as the house keeps them."""
    return {"de": _texts()["sections"]}


@cache
def _texts() -> dict[str, Any]:
    with SOURCE.open("rb") as source:
        return tomllib.load(source)
