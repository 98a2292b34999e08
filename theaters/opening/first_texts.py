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
        return _sections(
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
        )


def propose_privacy(house: House, language: str) -> str:
    """Propose a privacy page as Markdown: what docs/privacy.md says of customers, in short."""
    with override(language):
        return _sections(
            (
                gettext("Who is responsible"),
                gettext(
                    "We are: our name and address, and how to write to us, stand in the [imprint](/pages/imprint/)."
                ),
            ),
            (
                gettext("When you buy tickets"),
                gettext(
                    "We keep your e-mail address and what you bought, because we need them to send your tickets and to tell "
                    "you about changes. Your address is erased %(months)s months after your last show. What was sold and paid "
                    "stays without your name, because the law asks us to keep our books."
                )
                % {"months": house.contact_months},
            ),
            (
                gettext("How you pay"),
                gettext(
                    "You pay on a page of our payment provider, which gets your e-mail address, what you buy and what it "
                    "costs. Your card number never reaches us. We keep who paid, the last four digits of the card and a code "
                    "that recognizes it, as long as your address, for questions about the payment."
                ),
            ),
            (
                gettext("Cookies and network addresses"),
                gettext(
                    "Our pages set only cookies that they need: for the seats that we hold for you, for signing in, and for "
                    "what you chose, such as your language. Nobody follows you with them, and our pages load nothing from "
                    "other sites."
                )
                + f" {_about_network_addresses()}",
            ),
            (
                gettext("What you need"),
                gettext(
                    "If you tell us what you need, such as a wheelchair space, we use it with your consent: to find seats, "
                    "for our staff at the door, and to tell you when something is out of order. You can take it back at any "
                    "time, on the page of your booking or in your account."
                ),
            ),
            (
                gettext("Your rights"),
                gettext(
                    "On the page of your booking, or in your account, you can see your data, take it with you and have it "
                    "erased. You can also have it corrected, object to its use, and complain to a data protection authority."
                ),
            ),
        )


def _about_network_addresses() -> str:
    if not settings.CLIENT_ADDRESS_DAYS:
        return gettext(
            "The network address from which seats were held or paid for is kept, so that nobody can block a whole show."
        )
    says = gettext(
        "The network address from which seats were held or paid for is kept for %(days)s days, so that nobody can block a "
        "whole show."
    )
    return says % {"days": settings.CLIENT_ADDRESS_DAYS}


def _sections(*sections: tuple[str, str]) -> str:
    """Headings and paragraphs as Markdown."""
    return "\n\n".join(f"## {heading}\n\n{text}" for heading, text in sections) + "\n"


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


def title(slug: str, language: str) -> str:
    """The title of the terms of sale, of the imprint or of the privacy page."""
    with override(language):
        return {"terms": gettext("Terms of sale"), "imprint": gettext("Imprint"), "privacy": gettext("Privacy")}[slug]


def auditorium_name(language: str, number: int) -> str:
    """The name of a theater's first or further auditorium until somebody gives it another."""
    with override(language):
        return gettext("Screen %(number)s") % {"number": number}


def area_name(language: str) -> str:
    """The name of the area of a first auditorium that has no numbered seats."""
    with override(language):
        return gettext("Floor")


def _named(*facts: tuple[str, str]) -> Iterable[str]:
    return [f"{name}: {fact}" for name, fact in facts if fact]
