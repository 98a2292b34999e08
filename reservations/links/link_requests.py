"""Links of bookings that somebody asked for by reference or e-mail: they go to the bookings' own addresses alone."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from core.clock import from_now
from core.letters.mailboxes import same_mailbox
from core.limits.limiter import seconds_until_fewer
from core.rows import hints
from core.rows.sweeps import next_row_on_error
from reservations import locks
from reservations.models import Booking, LinkRequest, OutgoingMail
from reservations.selling.bookings import write_mail
from reservations.states import BookingStatus, MailKind

MOST_SALES = 5
MOST_READ = 50
# A request that is sent twice, because the answer was lost, causes one mail.
PAUSE_SECONDS = 60
MAILS_PER_HOUR = 3
HOUR = 3600
WITH_A_PAGE = (BookingStatus.CONFIRMED, BookingStatus.CANCELED, BookingStatus.REFUNDED)


def ask_for_links(asked_for: str) -> None:
    """Store a request for links, which a worker answers. `asked_for` has at most 254 letters."""
    with transaction.atomic():
        LinkRequest.objects.create(asked_for=asked_for)
        hints.on_commit("reservations.send_due_mail")


def answer_link_requests(*, most: int = 50) -> None:
    """Write a mail for each requested sale, at most three an hour for one of them, and delete the requests."""
    for _ in range(most):
        with next_row_on_error("link_request_failed"), transaction.atomic():
            asked = locks.next_link_request()
            if asked is None:
                return
            for booking in _one_per_sale(_meant(asked.asked_for)):
                _send_link(booking, asked)
            asked.delete()


def _meant(asked_for: str) -> QuerySet[Booking]:
    """Find bookings by e-mail or reference, latest shows first. A reference may have blanks or no dash."""
    letters = re.sub(r"[\s-]", "", asked_for).upper()
    is_it = (
        Q(sale__contact__email__iexact=same_mailbox(asked_for))
        if "@" in asked_for
        else Q(sale__reference=f"{letters[:4]}-{letters[4:]}")
    )
    found = Booking.objects.link_works().filter(is_it, status__in=WITH_A_PAGE)
    return found.order_by("-showtime__starts_at", "-pk")[:MOST_READ]


def _one_per_sale(bookings: Iterable[Booking]) -> list[Booking]:
    """Keep one booking of each sale, because one link opens all bookings of a sale."""
    first: dict[int, Booking] = {}
    for booking in bookings:
        first.setdefault(booking.sale_id, booking)
    return list(first.values())[:MOST_SALES]


def _send_link(booking: Booking, asked: LinkRequest) -> None:
    mails = OutgoingMail.objects.filter(booking__sale=booking.sale_id, kind=MailKind.FOUND)
    if mails.filter(created_at__gt=from_now(-PAUSE_SECONDS)).exists():
        return
    if seconds_until_fewer(mails, "created_at", most=MAILS_PER_HOUR, within_seconds=HOUR) is None:
        write_mail(booking, MailKind.FOUND, about=f"{booking.pk}-{asked.pk}")
