"""How staff find a booking: by its reference, the e-mail or a seat, in any order."""

import re

from django.db.models import Exists, OuterRef, Q, QuerySet

from reservations.models import Booking, Ticket

SEAT = re.compile(r"[A-Za-z0-9]{1,4}-?[0-9]{1,3}")
MOST_WORDS = 6
HELP = "Reference, e-mail or seat: KX7M-4QPD, ada@example.com, C7"


def bookings_matching(words: str) -> QuerySet[Booking]:
    """Each word must match: "ada C7" is Ada's booking of seat C7. A reference may come without its dash."""
    found = Booking.objects.order_by()
    for word in words.split()[:MOST_WORDS]:
        found = found.filter(_matches(word))
    return found


def _matches(word: str) -> Q:
    reference = word.upper().replace("-", "")
    if len(reference) > 4:
        reference = f"{reference[:4]}-{reference[4:]}"
    matches = Q(reference__startswith=reference) | Q(email__icontains=word)
    if SEAT.fullmatch(word):
        seats = Ticket.objects.filter(booking=OuterRef("pk"), seat__label=word.upper())
        matches |= Q(Exists(seats))
    return matches
