"""The head of a house's papers: its logo, else its name in large letters."""

from base64 import b64encode
from functools import lru_cache
from io import BytesIO
from typing import Any

import structlog
from django.core.files.storage import default_storage
from PIL import Image

from core.house_facts import HouseFacts
from houses.selectors import house_facts

log = structlog.get_logger(__name__)
# In pixels: sharp on paper where it is drawn at most 60 mm wide and 12 mm high.
LOGO_BOX = (720, 150)
MOST_LOGOS = 16


def letterhead(house_id: int) -> dict[str, Any]:
    """The head of a paper, for templates. `logo` is an SVG document or ''; `ratio` is its width divided by its height."""
    facts = house_facts(house_id)
    logo, ratio = _logo(facts)
    return {"name": facts.name, "logo": logo, "ratio": ratio}


def _logo(facts: HouseFacts) -> tuple[str, float]:
    if not facts.logo_file:
        return "", 1.0
    try:
        return _as_svg(facts.logo_file)
    except OSError:
        # A logo that cannot be read is left out: the paper is needed all the same.
        log.exception("logo_not_read", file=facts.logo_file)
        return "", 1.0


@lru_cache(maxsize=MOST_LOGOS)
def _as_svg(name: str) -> tuple[str, float]:
    """A file of this name never changes: each upload has a name of its own."""
    with default_storage.open(name, "rb") as file, Image.open(file) as stored:
        logo = stored.convert("RGBA")
    logo.thumbnail(LOGO_BOX)
    out = BytesIO()
    logo.save(out, "PNG", optimize=True)
    picture = b64encode(out.getvalue()).decode()
    size = f'width="{logo.width}" height="{logo.height}"'
    image = f'<image {size} href="data:image/png;base64,{picture}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{image}</svg>', logo.width / logo.height
