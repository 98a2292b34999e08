"""A person erases their own account: the contacts of all they bought are emptied, the money rows and tickets stay."""

from datetime import datetime

from django.db import transaction

from accounts import locks as account_locks
from accounts.models import User
from accounts.selectors import all_emails, verified_emails
from accounts.services.account_erasure import empty_account, is_erased
from core.refusals import Refusal
from core.texts.lazy_text import gettext_lazy as _
from payments.privacy.contact_erasure import empty_contacts
from payments.privacy.data_mails import mail_of_erasure
from payments.privacy.erasure_rules import require_over
from reservations.groups.group_blocks import erase_group_contacts
from reservations.groups.shared_blocks import erase_shared_blocks
from reservations.links.booking_access import claim_bookings
from reservations.models import LinkRequest, TicketAllowance
from reservations.waiting.favorites import erase_favorites
from reservations.waiting.waiting_list import erase_entries
from sales import locks
from sales.models import Sale
from staff.services.audit import record


class AccountOfStaff(Refusal):
    staff_can = (
        "Take the person's roles away first. What staff did stays in the audit log under the number of their account."
    )
    sentence = _(
        "You work here with this account, so it cannot be erased on this page. Please ask an owner of the house to close "
        "it. Nothing was erased."
    )


def require_erasable_account(user: User, *, now: datetime) -> None:
    """Check that an account may be erased now. Raises AccountOfStaff, TicketsNotOver or MoneyUnderWay."""
    if user.is_staff:
        raise AccountOfStaff
    require_over(Sale.objects.filter(user=user), now=now)


def erase_account(*, user_id: int, now: datetime) -> bool:
    """Erase an account in one transaction and mail a confirmation; False when it was erased before, as by a double click.

    Raises as above, and PaymentTooRecent.
    """
    claim_bookings(user_id=user_id, emails=verified_emails(user_id))
    with transaction.atomic():
        user = account_locks.account(user_id)
        if is_erased(user):
            return False
        mine = Sale.objects.filter(user=user)
        sales = [locks.sale(pk) for pk in mine.order_by("pk").values_list("pk", flat=True)]
        require_erasable_account(user, now=now)
        for sale in sales:
            empty_contacts(sale, reason="Asked for by the customer", actor="customer")
        mine.update(user=None)
        # Before the addresses are deleted, because lists find people by them.
        erase_entries(user_id=user.pk, emails=all_emails(user))
        erase_shared_blocks(user_id=user.pk, emails=all_emails(user))
        erase_group_contacts(all_emails(user))
        erase_favorites(user_id=user.pk, emails=all_emails(user))
        for email in all_emails(user):
            LinkRequest.objects.filter(asked_for__iexact=email).delete()
            TicketAllowance.objects.filter(email__iexact=email).delete()
        to = user.email
        empty_account(user)
        record(actor="customer", action="erase account", thing=user, theater=None, reason="Asked for by the customer")
        mail_of_erasure(to)
    return True
