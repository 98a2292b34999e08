"""Houses that may sell: each has terms of sale."""

from datetime import UTC, datetime

from django.utils.text import slugify

from houses.models import House, PageText, TextPage
from houses.selectors import forget_houses

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def usual_house() -> House:
    """The house of the installation, which has terms and so may sell."""
    house = House.objects.of_installation()
    write_terms(house)
    return house


def make_house(name: str, *, domains=(), **columns) -> House:
    """One more house, with terms."""
    house = House.objects.create(name=name, slug=slugify(name), domains=list(domains), **columns)
    write_terms(house)
    forget_houses()
    return house


def write_terms(house: House) -> PageText:
    page, _ = TextPage.objects.get_or_create(house=house, slug="terms")
    return page.texts.first() or PageText.objects.create(
        page=page, language="en", title="Terms of sale", body="Tickets are sold by us.", holds_from=LONG_AGO
    )
