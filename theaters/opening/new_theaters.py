"""New theaters: each begins with the usual ticket types of its country and one price list, and its founder owns it."""

from django.db import transaction

from core.actors import user_id_of
from houses.models import House, Theater
from staff.models import StaffRole
from staff.services.audit import record
from staff.states import Role
from theaters.models import PriceList, TicketType
from theaters.prices.usual_ticket_types import usual_types

FIRST_LIST = "Standard"


def found(*, theater: Theater, actor: str) -> None:
    """Saves it. What it begins with is there to be changed; the founder becomes its owner and is nobody elsewhere."""
    with transaction.atomic():
        theater.house = House.objects.of_installation()
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
    """Also to a superuser, who may everything anyway: the theater has somebody to be told."""
    if (user_id := user_id_of(actor)) is not None:
        given = StaffRole.objects.create(theater=theater, user_id=user_id, role=Role.OWNER)
        record(actor=actor, action="give role", thing=given, theater=theater, after={"role": Role.OWNER.label})
