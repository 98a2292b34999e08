"""The staff of the demo world: a manager who may do everything, and one person for each role in London."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User
from dev.state import colleague
from houses.models import Theater
from staff.models import StaffRole
from staff.states import Role

LONDON = "london"


@transaction.atomic
def ensure_manager(*, email: str, password: str) -> User:
    """Create the account, or set this password again, so that the one that `make run` prints is right."""
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_superuser(email, password)
    if not (user.is_staff and user.is_superuser and user.check_password(password)):
        user.is_staff = user.is_superuser = True
        user.set_password(password)
        user.save(update_fields=["is_staff", "is_superuser", "password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user


@transaction.atomic
def ensure_colleagues(*, theater: Theater, password: str) -> None:
    """Create one person for each role. A role is given once, so one that somebody took away stays away."""
    for role in Role:
        email = colleague(role.label)
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email, is_staff=True, first_name=role.label)
            StaffRole.objects.create(user=user, theater=theater, role=role)
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if not user.check_password(password):
            user.set_password(password)
            user.save(update_fields=["password"])


@transaction.atomic
def ensure_counter_operator(theater: Theater) -> User:
    """The operator who made the sales of the demo world; without a password, because nobody signs in as this person."""
    email = f"counter.{theater.slug}@marquee.example"
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User.objects.create_user(email, is_staff=True, first_name="Counter", last_name=theater.city)
        StaffRole.objects.create(user=user, theater=theater, role=Role.BOX_OFFICE)
    return user
