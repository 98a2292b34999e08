"""How staff find a booking: by its reference, the e-mail or a seat, in any order."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.texts.lazy_text import gettext_lazy as _
from reservations.models import Booking, Ticket
from theaters.seat_labels import row_and_number

MOST_WORDS = 6
HELP = _("Reference, e-mail or seat: KX7M-4QPD, ada@example.com, C7")


def bookings_matching(words: str) -> QuerySet[Booking]:
    """Each word must match: "ada C7" is Ada's booking of seat C7, "balcony A7" one in the balcony.

    A reference may come without its dash.
    """
    found = Booking.objects.order_by()
    typed = words.split()[:MOST_WORDS]
    names_seat = any(map(row_and_number, typed))
    for word in typed:
        found = found.filter(_matches(word, names_seat=names_seat))
    return found


def _matches(word: str, *, names_seat: bool) -> Q:
    reference = word.upper().replace("-", "")
    if len(reference) > 4:
        reference = f"{reference[:4]}-{reference[4:]}"
    matches = Q(sale__reference__startswith=reference) | Q(sale__contact__email__icontains=word)
    tickets = Ticket.objects.filter(booking=OuterRef("pk"))
    if place := row_and_number(word):
        matches |= Q(Exists(tickets.filter(seat__row=place[0], seat__number=place[1])))
    elif names_seat:
        matches |= Q(Exists(tickets.filter(seat__section__icontains=word)))
    return matches
