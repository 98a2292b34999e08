"""The movies of the demo world: real ones, with their facts in films.toml."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from theaters.states import Picture
from theaters.versions import Version

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

    def subtitles(self, country: str) -> str:
        """The subtitles for a country; '' where people understand the movie without them."""
        if not self.is_silent:
            return "Japanese" if country == "JP" else ""
        if not self.intertitles:
            return ""
        return "Japanese" if country == "JP" else "" if self.intertitles == "English" else "English"

    @property
    def silent_notes(self) -> list[str]:
        between = [f"{self.intertitles} intertitles"] if self.intertitles else []
        return ["Silent", *between] if self.is_silent else []

    def version(self, country: str, *, is_reel: bool) -> Version:
        return Version(Picture.REEL_35 if is_reel else Picture.FLAT, "", self.subtitles(country))


@cache
def films() -> tuple[Film, ...]:
    with SOURCE.open("rb") as source:
        entries = tomllib.load(source)["film"]
    return tuple(Film(**{**entry, "synopsis": entry["synopsis"].strip()}) for entry in entries)
