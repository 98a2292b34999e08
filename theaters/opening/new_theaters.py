"""New theaters: each begins with the usual ticket types of its country and one price list, and its founder owns it."""

from django.db import transaction

from core.actors import user_id_of
from houses.models import House, Theater
from staff.models import StaffRole
from staff.services.audit import record
from staff.states import Role
from theaters.houses.house_use import refusal_to_change
from theaters.models import PriceList, TicketType
from theaters.prices.usual_ticket_types import usual_types

FIRST_LIST = "Standard"


def found_theater(*, theater: Theater, actor: str, house: House | None = None) -> None:
    """Save a new theater, in this house (None: the first).

    Its ticket types and price list may be changed like others. The founder becomes its owner and gets no role at other
    theaters.
    """
    with transaction.atomic():
        theater.house = house or House.objects.of_installation()
        theater.save(force_insert=True)
        types = list(usual_types(theater.country))
        for kind in types:
            kind.theater = theater
        TicketType.objects.bulk_create(types)
        prices = PriceList.objects.create(theater=theater, name=FIRST_LIST)
        for thing in (*types, prices):
            record(actor=actor, action="add", thing=thing, theater=theater, after={"theater": str(theater)})
        _give_to(theater, actor)


def _give_to(theater: Theater, actor: str) -> None:
    """Make the person owner, even a superuser, so that the theater has somebody to notify."""
    if (user_id := user_id_of(actor)) is not None:
        given = StaffRole.objects.create(theater=theater, user_id=user_id, role=Role.OWNER)
        record(actor=actor, action="give role", thing=given, theater=theater, after={"role": Role.OWNER.label})


def houses_to_join(theater_ids: frozenset[int] | None) -> list[House]:
    """The houses under which a person who may add theaters at these ones (None: at all) may begin another.

    Every owner may add a theater to the first house; to another house only those who own all of its theaters.
    """
    first = House.objects.of_installation()
    houses = House.objects.order_by("pk")
    return [house for house in houses if house == first or not refusal_to_change(house=house, theater_ids=theater_ids)]
