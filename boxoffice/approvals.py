"""A second person approves what somebody does at the counter: on the same screen, with their own PIN."""

from django.http import HttpRequest

from houses.models import Theater
from staff.acting import acting_in
from staff.selectors.operators import people_with_pin
from staff.services.pins import check_pin

FIELD, PIN_FIELD = "approver", "approver_pin"


def people_who_approve(request: HttpRequest, theater: Theater, permission: str) -> list[tuple[int, str]]:
    """Ids and names of others with this right at the theater and a PIN."""
    here = acting_in(request)
    found = people_with_pin(theater_id=theater.pk, permission=permission, device=here.device)
    return [(person.user_id, person.name) for person in found if person.user_id != here.user_id]


def approver_in(request: HttpRequest, theater: Theater, permission: str) -> int | None:
    """The person who approves, when their PIN is right; None when nobody was chosen. Raises what check_pin raises."""
    chosen = request.POST.get(FIELD, "")
    people = {str(user_id): user_id for user_id, _ in people_who_approve(request, theater, permission)}
    if chosen not in people:
        return None
    check_pin(user_id=people[chosen], pin=request.POST.get(PIN_FIELD, ""), place=acting_in(request).pin_place)
    return people[chosen]
