"""Icons of a house for browser tabs and the first pages of phones: its logo on its own surface, else its first letter.

The house that is called after the software keeps the icons of the software.
"""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from PIL import Image

from core.pdf.engine import make_png
from houses.models import House

# In pixels: browser tabs, Apple's phones, and two for manifests. The last is drawn with the margin that masks cut away.
SIZES = (32, 180, 192, 512)
TEMPLATE = Path(__file__).with_name("icon.typ")
TEMPLATE_POINTS = 64
# The share of the width that round masks leave visible.
LOGO_SHARE = 0.72


def has_own_icons(house: House) -> bool:
    return bool(house.logo) or house.name != settings.PRODUCT_NAME


def icon_version(house: House) -> str:
    """A version that changes when the drawn icon would."""
    drawn = (house.logo.name, house.name[:1], house.accent_dark, house.surface_dark, house.surface_light)
    return sha256(repr(drawn).encode()).hexdigest()[:12]


def draw_icon(house: House, size: int) -> bytes:
    """Draw the icon as a square PNG."""
    return _with_logo(house, size) if house.logo else _with_letter(house, size)


def _with_logo(house: House, size: int) -> bytes:
    icon = Image.new("RGB", (size, size), house.surface_light)
    with house.logo.open("rb") as file, Image.open(file) as stored:
        logo = stored.convert("RGBA")
        logo.thumbnail((round(size * LOGO_SHARE),) * 2)
    icon.paste(logo, ((size - logo.width) // 2, (size - logo.height) // 2), logo)
    out = BytesIO()
    icon.save(out, "PNG", optimize=True)
    return out.getvalue()


def _with_letter(house: House, size: int) -> bytes:
    inputs = {"letter": house.name[:1].upper(), "ground": house.surface_dark, "ink": house.accent_dark}
    return make_png(TEMPLATE, inputs, pixels_per_point=size / TEMPLATE_POINTS)
