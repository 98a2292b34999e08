"""The films of the demo world: real ones, their facts in films.toml."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parent / "films.toml"


@dataclass(frozen=True, slots=True)
class Film:
    title: str
    slug: str
    year: int
    director: str
    running_minutes: int
    countries: list[str]
    genres: list[str]
    palette: list[str]
    poster_layout: str
    tagline: str
    synopsis: str
    original_title: str = ""
    intertitles: str = ""
    cast: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    ratings: dict[str, str] = field(default_factory=dict)

    @property
    def is_silent(self) -> bool:
        return not self.languages

    @property
    def is_short(self) -> bool:
        return self.running_minutes < 40

    def language_note(self, country: str) -> str:
        """What a theater in that country says about the words: nothing where everybody understands them."""
        subtitles = {"JP": "Japanese subtitles"}.get(country, "")
        if not self.is_silent:
            return subtitles
        if not self.intertitles:
            return "Silent"
        if not subtitles and self.intertitles != "English":
            subtitles = "English subtitles"
        return ", ".join(filter(None, [f"Silent, {self.intertitles} intertitles", subtitles]))


@cache
def films() -> tuple[Film, ...]:
    with SOURCE.open("rb") as source:
        entries = tomllib.load(source)["film"]
    return tuple(Film(**{**entry, "synopsis": entry["synopsis"].strip()}) for entry in entries)
