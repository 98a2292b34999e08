"""The outbox of groups: the link by which a group pays goes to its contact, where that is an e-mail address."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives

from core.letters.mailboxes import clean_address
from core.letters.outbox import Compose, send_due_rows
from core.rows import hints
from reservations.groups import group_emails
from reservations.groups.group_emails import CHANGED
from reservations.models import GroupBlock, GroupMail, ShowtimeSeat
from theaters.models import Showtime


def is_address(contact: str) -> bool:
    try:
        clean_address(contact)
    except ValidationError:
        return False
    return True


def write_group_mail(block: GroupBlock) -> bool:
    """Queue another mail about a locked block; False if it has no address or the last mail is still waiting."""
    if not is_address(block.contact) or block.mails.filter(sent_at=None, gave_up_at=None).exists():
        return False
    GroupMail.objects.create(purpose=f"group:{block.pk}:{block.mails.count() + 1}", block=block)
    hints.on_commit("reservations.send_due_mail")
    return True


def tell_groups_of_change(showtime: Showtime, *, about: str) -> None:
    """Mail groups with unpaid seats that a showtime has changed, once each. Buyers get a notice instead."""
    unpaid = ShowtimeSeat.objects.filter(showtime=showtime, group_block__isnull=False, booking=None)
    blocks = GroupBlock.objects.filter(pk__in=unpaid.values("group_block"))
    mails = [
        GroupMail(purpose=f"{CHANGED}{about}:{block.pk}", block=block) for block in blocks if is_address(block.contact)
    ]
    GroupMail.objects.bulk_create(mails, ignore_conflicts=True)
    hints.on_commit("reservations.send_due_mail")


def send_due_group_mail(*, now: datetime, most: int = 50) -> int:
    """Send the mails that are due; returns how many were sent."""
    return send_due_rows(GroupMail.objects.select_related("block"), _composed_at(now), most=most)


def _composed_at(now: datetime) -> Compose:
    def compose(mail: GroupMail) -> EmailMultiAlternatives:
        return group_emails.compose(mail, now=now)

    return compose
