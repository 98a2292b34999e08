"""Houses and the bare rows of their theaters."""

from houses.models.houses import House
from houses.models.pages import PageText, Post, TextPage
from houses.models.photos import TheaterPhoto
from houses.models.theaters import Theater, validate_timezone

__all__ = ["House", "PageText", "Post", "TextPage", "Theater", "TheaterPhoto", "validate_timezone"]
