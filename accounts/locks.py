"""The only row lock of accounts. It is taken before all others: a transaction with another lock never waits for an
account.
"""

from accounts.models import User


def account(user_id: int) -> User:
    """Lock an account, to erase it. Raises User.DoesNotExist."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)
