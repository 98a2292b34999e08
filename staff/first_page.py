"""The page on which staff begin after they signed in without asking for one."""

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse

from staff.access import roles_of
from staff.states import Role


def first_page_of(user: AbstractBaseUser) -> str:
    """The door for who only admits, the counter for who sells, else Today in the office; "" for who has no work here."""
    roles = {role for _theater, role in roles_of(user)}
    if getattr(user, "is_superuser", False) or roles - {Role.DOOR, Role.BOX_OFFICE}:
        return reverse("admin:index")
    if not roles:
        return ""
    return reverse("counter") if Role.BOX_OFFICE in roles else reverse("door")
