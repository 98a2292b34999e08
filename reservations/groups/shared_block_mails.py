"""The outbox of shared blocks: mails to the organizer about what others changed."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from core.letters.outbox import send_due_rows
from reservations import shared_block_emails
from reservations.letters.mail_rows import add_mails
from reservations.models import SharedBlock, SharedBlockMail


def write_shared_block_mails(blocks: Iterable[SharedBlock], *, about: str) -> None:
    """Queue a mail, once for each block and `about`. Old blocks without a stored address get none."""
    add_mails(SharedBlockMail(purpose=f"{about}:{block.pk}", block=block) for block in blocks if block.email)


def send_due_shared_block_mail(*, now: datetime, most: int = 50) -> int:
    """Send the mails that are due; returns how many were sent."""
    mails = SharedBlockMail.objects.select_related("block__hold")
    return send_due_rows(mails, partial(shared_block_emails.compose, now=now), most=most)
