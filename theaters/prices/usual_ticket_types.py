"""The ticket types that a new theater begins with, by its country. Owners may change them; a type without a price is
not sold.
"""

from collections.abc import Iterator
from typing import Any

from theaters.models import TicketType

# Names and notes by language and code. {age} is the age of the rule.
_NAMES: dict[str, dict[str, tuple[str, str]]] = {
    "en": {
        "ADULT": ("Adult", ""),
        "CHILD": ("Child", "Under {age}"),
        "SENIOR": ("Senior", "{age} and over"),
        "STUDENT": ("Student", "With a valid card"),
        "FAMILY": ("Family of 4", "Four people, at least one of them a child"),
        "CARER": ("Carer", "Beside a wheelchair space"),
    },
    "de": {
        "ADULT": ("Erwachsene", ""),
        "CHILD": ("Kind", "Unter {age} Jahren"),
        "SENIOR": ("Senioren", "Ab {age} Jahren"),
        "STUDENT": ("Ermäßigt", "Schüler, Studierende, Auszubildende mit Ausweis"),
        "FAMILY": ("Familie (4 Personen)", "Vier Personen, davon mindestens ein Kind"),
        "CARER": ("Begleitperson", "Neben einem Rollstuhlplatz"),
    },
}
_GERMAN = {"DE", "AT", "CH", "LI"}
# German is written without ß there.
_WITH_SS = {"CH", "LI"}
# By country: the first age that is no child any more, and the first age of a senior.
_AGES = {"US": (13, 65), "DE": (13, 65), "AT": (15, 65), "CH": (17, 65), "JP": (16, 60), "FR": (15, 65)}
_USUAL_AGES = (15, 60)


def usual_types(country: str) -> Iterator[TicketType]:
    """Ticket types for a new theater, not saved, named in its country's language if we speak it, with translations."""
    own = "de" if country in _GERMAN else "en"
    child, senior = _AGES.get(country, _USUAL_AGES)
    ages = {"CHILD": child, "SENIOR": senior}
    rules: dict[str, dict[str, Any]] = {
        "ADULT": {"is_adult": True, "is_default": True},
        "CHILD": {"max_age": child - 1},
        "SENIOR": {"min_age": senior, "is_adult": True},
        "FAMILY": {"people": 4, "is_adult": True},
        "CARER": {"is_adult": True, "needs_wheelchair": True, "categories": ["COMPANION"]},
    }
    for position, code in enumerate(_NAMES[own], start=1):
        texts = {
            language: dict(
                zip(("name", "note"), (text.format(age=ages.get(code)) for text in names[code]), strict=True)
            )
            for language, names in _NAMES.items()
        }
        if country in _WITH_SS:
            texts["de"] = {name: text.replace("ß", "ss") for name, text in texts["de"].items()}
        others = {language: words for language, words in texts.items() if language != own}
        yield TicketType(code=code, position=position, translations=others, **texts[own], **rules.get(code, {}))
