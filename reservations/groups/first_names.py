"""First names that people type for their friends: names in any script, but no web addresses."""

import re
import unicodedata

from django.utils.translation import gettext

from core.refusals import BadChoice
from reservations.models import LONGEST_FIRST_NAME

# Characters of names besides letters, their marks and digits (Jean-Luc, O'Neil, D’Angelo, Gal·la, J. R., Ada & Ben).
SIGNS = frozenset(" '’‘ʼʻ`´-‐‑–.·・,&+()\u200c\u200d")
# A point inside of a word makes an address (example.com); initials have one letter before theirs.
ADDRESS = re.compile(r"\w\w\.\w|\.\w\w")


def first_name(typed: str) -> str:
    """Return a typed first name, tidied. Raises BadChoice."""
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_FIRST_NAME or not is_name(name):
        raise BadChoice(
            "name",
            gettext("Please tell your friends your first name: up to 30 letters, without links, addresses or signs."),
        )
    return name


def is_name(text: str) -> bool:
    """Whether the text has letters, nothing but what names have, and is no address."""
    kinds = [unicodedata.category(sign)[0] for sign in text]
    is_spelled = all(kind in "LMN" or sign in SIGNS for sign, kind in zip(text, kinds, strict=True))
    return "L" in kinds and is_spelled and not ADDRESS.search(text)
