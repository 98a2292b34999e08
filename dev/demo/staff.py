"""The manager of the demo world, who may do everything."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import User


@transaction.atomic
def ensure_manager(*, email: str, password: str) -> User:
    """Make the account, or give it this password again, so that what `make run` prints is true."""
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_superuser(email, password)
    if not (user.is_staff and user.is_superuser and user.check_password(password)):
        user.is_staff = user.is_superuser = True
        user.set_password(password)
        user.save(update_fields=["is_staff", "is_superuser", "password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    return user
