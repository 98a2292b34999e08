"""Colors that are fixed in our styles, each for a reason; all others follow the colors of the house (houses/colors.py)."""

import re
from collections import Counter
from pathlib import Path

from houses.colors import Palette, contrast, mail_colors, stylesheet

ROOT = Path(__file__).resolve().parents[3]
LITERAL = re.compile(r"#[0-9a-f]{3,8}\b|(?:oklch|rgba?|hsla?)\((?!from\b)[^()]*\)", re.IGNORECASE)
COMMENT = re.compile(r"(?s)/\*.*?\*/")
OFFICE = {
    "admin.css",
    "staff.css",
    "plan-editor.css",
    "schedule.css",
}  # the office looks the same for every house
# The roles of a house's colors. Fixed among them are ink (against which the house's surface is checked), danger and shadows.
ROLES = "base.css"
FIXED = {
    "account.css": {"#fff": 1},  # below a QR code
    "counter.css": {"#fff": 1, "#000": 1},  # paper
    "counter-print.css": {"#fff": 2, "#000": 4, "#888": 1},  # paper
    "door.css": {
        "#000": 1,  # below the picture of the camera
        "#06210d": 1, "#4fd07a": 2, "#fff": 1, "#a3160f": 2, "#8f120c": 1,  # let in and stop: read from two meters away
    },
    "frame.css": {"oklch(0 0 0 / 0.08)": 1, "oklch(1 0 0 / 0.08)": 1},  # the edge of a poster
    "order.css": {"oklch(0.3 0.03 60 / 0.12)": 1, "oklch(0 0 0 / 0.5)": 1},  # shadow
    "seats.css": {
        "oklch(0.94 0.014 80)": 1, "oklch(0.135 0.009 50)": 1,  # our own house's color, where --house-room is not set
        "oklch(0.985 0.008 85)": 1, "oklch(0.26 0.016 55)": 1,  # our own house's color, where --house-cushion is not set
        # Premium, sofa and wheelchair: a theater may set colors of its own for these categories.
        "oklch(0.87 0.055 20)": 1, "oklch(0.36 0.09 20)": 2, "oklch(0.52 0.1 20)": 1, "oklch(0.64 0.11 20)": 1,
        "oklch(0.88 0.05 20)": 1, "oklch(0.88 0.045 300)": 1, "oklch(0.35 0.07 300)": 1, "oklch(0.5 0.09 300)": 1,
        "oklch(0.66 0.09 300)": 1, "oklch(0.36 0.08 300)": 1, "oklch(0.88 0.04 300)": 1, "oklch(0.9 0.04 235)": 1,
        "oklch(0.33 0.055 240)": 1, "oklch(0.5 0.09 240)": 1, "oklch(0.68 0.08 235)": 1, "oklch(0.36 0.08 245)": 1,
        "oklch(0.9 0.04 230)": 1,
    },
    "ticket.css": {
        # Shadows.
        "oklch(0.3 0.03 60 / 0.16)": 1, "oklch(0 0 0 / 0.5)": 1, "oklch(0.3 0.03 60 / 0.1)": 1, "oklch(0 0 0 / 0.35)": 1,
        "#fff": 1, "#000": 1,  # below a QR code, and on paper
    },
}  # fmt: skip
# Fixed in our mails for every house: the ink, and the button that is drawn in it.
MAIL_INK = {"#1d1711", "#fff6e5", "#ffffff"}
BLUE = Palette(("#0b3d91", "#8ab4ff"), ("#eef4ff", "#0a1020"))


def literals(text):
    return Counter(LITERAL.findall(COMMENT.sub("", text)))


def test_each_fixed_color_of_a_style_has_its_reason():
    found = {path.name: literals(path.read_text()) for path in (ROOT / "static/css").glob("*.css")}
    assert {name: dict(colors) for name, colors in found.items() if colors and name not in {*OFFICE, ROLES}} == FIXED


def test_the_roles_that_have_our_hue_follow_the_house():
    ours = COMMENT.sub("", (ROOT / "static/css" / ROLES).read_text())
    colored = set(re.findall(r"--([\w-]+): [^;]*oklch", ours))
    kept = {"ink", "danger-surface", "shadow", "film-1", "film-2", "film-3"}
    assert colored - kept == colored & set(re.findall(r"--([\w-]+):", stylesheet(BLUE)))


def test_mails_have_the_colors_of_their_house():
    inside = Counter()
    for path in (ROOT / "templates/mail").glob("*.html"):
        inside += literals(path.read_text())
    assert inside.keys() - MAIL_INK == mail_colors(BLUE).keys()


def test_quiet_text_of_mails_can_be_read_on_every_surface():
    for surface in ("#ffffff", "#eef4ff", "#ffd9d9", "#a9b4c4"):
        colors = mail_colors(Palette(BLUE.accent, (surface, "#000000")))
        assert contrast(colors["#6a5d4e"], surface) >= 4.5
        assert contrast(colors["#6a5d4e"], colors["#fffdf8"]) >= 4.5
