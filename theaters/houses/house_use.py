"""Which theaters trade as a house. Its name, look and texts appear at all of them, so changing it needs rights at every
one.
"""

from houses.models import House, Theater

WHO_CAN = "Somebody with rights at every theater of {house} can change this."


def theater_ids_of_house(house: House) -> frozenset[int]:
    return frozenset(Theater.objects.filter(house=house).values_list("pk", flat=True))


def refusal_to_change(*, house: House, theater_ids: frozenset[int] | None) -> str:
    """Why a person with rights at these theaters alone (None: at all) cannot change a house; "" when they can."""
    if theater_ids is None or theater_ids_of_house(house) <= theater_ids:
        return ""
    return WHO_CAN.format(house=house.name)
