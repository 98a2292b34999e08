"""Proposals of the texts that a house needs before it sells, with the facts of the house filled in.

Proposals, not advice: the page shows them before they count, and says that somebody who knows the law should read them.
"""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext, override

from houses.models import House, Theater

SPEAK_GERMAN = {"AT", "DE"}


def language_of(theater: Theater) -> str:
    """The language in which the theater's first texts are written."""
    return "de" if theater.country in SPEAK_GERMAN else str(settings.LANGUAGE_CODE)


def languages_of(house: House, theater: Theater) -> list[str]:
    """The theater's language, then the other languages of the house's customers."""
    own = language_of(theater)
    return [own, *(code for code in house.offered_languages if code != own)]


def propose_terms(language: str) -> str:
    """Propose terms as Markdown. The rules for canceling are not in them, because the checkout shows them."""
    with override(language):
        parts = [
            (
                gettext("Your tickets"),
                gettext(
                    "A ticket is for the showtime and the seat that stand on it. Please keep it until the show has begun."
                ),
            ),
            (
                gettext("Ages"),
                gettext("Age ratings apply to everybody. Please bring a document that shows how old you are."),
            ),
            (
                gettext("If you cannot come"),
                gettext(
                    "Until when you can give tickets back, and how much of the price you get, stands beside Pay, in your "
                    "e-mail and on the page of your booking."
                ),
            ),
            (
                gettext("If something changes"),
                gettext(
                    "If we cancel a showtime, you get back all that you paid. If we move it or show something else, you keep "
                    "your tickets or take your money back."
                ),
            ),
        ]
        return "\n\n".join(f"## {heading}\n\n{text}" for heading, text in parts) + "\n"


def imprint(house: House, language: str) -> str:
    """Write the imprint, which says who sells, as Markdown."""
    with override(language):
        lines = [
            house.company,
            house.company_address,
            *_named((gettext("Register"), house.register_entry)),
            *_named((gettext("Tax number"), house.tax_number)),
            *_named((gettext("Responsible"), house.responsible_person)),
            *_named((gettext("E-mail"), house.reply_to)),
        ]
    # In Markdown two blanks at the end of a line break it.
    return "  \n".join(line for line in lines if line) + "\n"


def titles(language: str) -> tuple[str, str]:
    """The titles of the terms of sale and of the imprint."""
    with override(language):
        return gettext("Terms of sale"), gettext("Imprint")


def auditorium_name(language: str) -> str:
    """The name of a first auditorium until somebody gives it another."""
    with override(language):
        return gettext("Screen 1")


def area_name(language: str) -> str:
    """The name of the area of a first auditorium that has no numbered seats."""
    with override(language):
        return gettext("Floor")


def _named(*facts: tuple[str, str]) -> Iterable[str]:
    return [f"{name}: {fact}" for name, fact in facts if fact]
