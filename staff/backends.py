"""The sign-in of allauth, with rights from roles: `user.has_perm` and `perms` in templates answer as access.py does."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from houses.models import Theater
from staff.access import may, may_somewhere, roles_of
from staff.roles import PERMISSIONS


class RoleBackend(AuthenticationBackend):
    """Django's groups and permissions give no rights, because they belong to no theater."""

    def get_user_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return set()

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """The permissions at a theater, or with `obj` None at any theater."""
        if not (user_obj.is_active and getattr(user_obj, "is_staff", False)):
            return set()
        roles = {role for theater_id, role in roles_of(user_obj) if obj is None or theater_id == obj.pk}
        return set().union(*(PERMISSIONS[role] for role in roles))

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return may(user_obj, perm, obj) if isinstance(obj, Theater) else obj is None and may_somewhere(user_obj, perm)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))
