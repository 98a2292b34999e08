"""Only roles at theaters give rights."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission

from accounts.models import User
from staff.access import forget_roles, may, may_everywhere, may_somewhere, theaters_of
from staff.models import StaffRole
from staff.roles import EVERY_PERMISSION, PERMISSIONS
from staff.services.roles import take_role
from staff.states import Role
from tests.factories import make_staff, make_theater
from tests.variants import some

pytestmark = pytest.mark.django_db
REFUND = "payments.refund_payment"


@pytest.fixture
def houses():
    return make_theater(), make_theater()


def again(user) -> User:
    """The person as the next request reads them."""
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("role", some(Role, every=2))
def test_role_gives_its_permissions_at_its_theater_alone(role, houses):
    user = make_staff(role, houses[0])
    for permission in EVERY_PERMISSION:
        assert may(user, permission, houses[0]) is (permission in PERMISSIONS[role]), permission
        assert not may(user, permission, houses[1]), permission
        assert set(theaters_of(user, permission)) == ({houses[0]} if permission in PERMISSIONS[role] else set())


def test_roles_add_up_and_stay_apart(houses):
    user = make_staff("MANAGER", houses[0])
    StaffRole.objects.create(user=user, theater=houses[1], role="FINANCE")
    assert [may(user, "theaters.change_showtime", house) for house in houses] == [True, False]
    assert [may(user, "payments.approve_refund", house) for house in houses] == [False, True]
    assert [may(user, REFUND, house.pk) for house in houses] == [True, True]


def test_superuser_may_everything_everywhere(houses):
    user = User.objects.create_superuser("root@marquee.example", "a long pass phrase")
    assert all(may(user, permission, house) for permission in [*EVERY_PERMISSION, "x.y"] for house in houses)
    assert set(theaters_of(user, REFUND)) == set(houses)
    assert may_everywhere(user, REFUND)


@pytest.mark.parametrize("lost", [{"is_active": False}, {"is_staff": False}])
@pytest.mark.parametrize("is_superuser", [False, True])
def test_who_is_out_may_nothing_whatever_the_role(houses, lost, is_superuser):
    user = make_staff("OWNER", *houses)
    User.objects.filter(pk=user.pk).update(**lost, is_superuser=is_superuser)
    assert not any(may(again(user), permission, houses[0]) for permission in EVERY_PERMISSION)
    assert not theaters_of(again(user), REFUND).exists()


def test_nobody_and_staff_without_a_role_may_nothing(houses):
    for user in (AnonymousUser(), make_staff("MANAGER")):
        assert not any(may_somewhere(user, permission) for permission in EVERY_PERMISSION)
        assert not may_everywhere(user, REFUND)


def test_djangos_groups_and_permissions_give_nothing(houses):
    user = make_staff("DOOR", houses[0])
    permission = Permission.objects.get(codename="refund_payment")
    user.user_permissions.add(permission)
    Group.objects.create(name="All").permissions.add(permission)
    user.groups.add(Group.objects.get())
    assert not may(again(user), REFUND, houses[0])


def test_everywhere_means_every_theater_there_is(houses):
    user = make_staff("FINANCE", *houses)
    assert may_everywhere(user, REFUND)
    make_theater()
    forget_roles(user)
    assert not may_everywhere(user, REFUND)


def test_before_the_first_theater_nobody_has_a_right_at_all_of_them():
    """Else every right at "all of no theaters" would be anybody's, on the first day of an installation."""
    assert not may_everywhere(make_staff("OWNER"), REFUND)
    assert may_everywhere(User.objects.create_superuser("root@marquee.example", "a long pass phrase"), REFUND)


def test_change_of_role_acts_with_the_next_request(houses):
    user = make_staff("FINANCE", houses[0])
    assert may(user, REFUND, houses[0])
    user.staff_roles.all().delete()
    assert not may(again(user), REFUND, houses[0])


def test_roles_are_read_once_per_request(houses, django_assert_num_queries):
    user = again(make_staff("MANAGER", houses[0]))
    with django_assert_num_queries(1):
        for permission in EVERY_PERMISSION:
            may(user, permission, houses[0])


def test_owner_has_all_that_any_role_has():
    assert PERMISSIONS[Role.OWNER] == EVERY_PERMISSION


def test_auditor_changes_nothing():
    verbs = {permission.split(".")[1].split("_")[0] for permission in PERMISSIONS[Role.AUDITOR]}
    assert verbs == {"view", "see", "export", "run"}  # takings are seen; a check of seats and money only reads


def test_the_office_closes_with_the_last_role(houses):
    user = make_staff("MANAGER", houses[0])
    second = StaffRole.objects.create(user=user, theater=houses[1], role="FINANCE")
    take_role(role_id=user.staff_roles.get(role="MANAGER").pk, actor="test", reason="Moved")
    assert again(user).is_staff
    take_role(role_id=second.pk, actor="test", reason="Left")
    assert not again(user).is_staff


def test_who_may_do_everything_needs_no_role(houses):
    owner = User.objects.create_superuser("owner@marquee.example", "a long pass phrase")
    role = StaffRole.objects.create(user=owner, theater=houses[0], role="DOOR")
    take_role(role_id=role.pk, actor="test", reason="A mistake")
    assert again(owner).is_staff
