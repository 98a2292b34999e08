"""All that is known of one booking, for the people who help its customer: six queries at any size."""

from dataclasses import dataclass

from django.db.models import Q

from payments.models import Payment, Refund
from reservations.models import Booking, Move, OutgoingMail, Ticket


@dataclass(frozen=True)
class Dossier:
    tickets: list[Ticket]
    payments: list[Payment]
    refunds: list[Refund]
    mails: list[OutgoingMail]
    moves: list[Move]


def booking_dossier(booking: Booking) -> Dossier:
    tickets = list(booking.tickets.select_related("seat").order_by("seat__pk"))
    payments = list(booking.payments.order_by("pk"))
    refunds = list(Refund.objects.filter(payment__booking=booking).order_by("pk"))
    mine = Q(what="booking", what_id=booking.pk)
    for what, rows in (("ticket", tickets), ("payment", payments), ("refund", refunds)):
        mine |= Q(what=what, what_id__in=[row.pk for row in rows])
    return Dossier(
        tickets=tickets,
        payments=payments,
        refunds=refunds,
        mails=list(booking.mails.order_by("pk")),
        moves=list(Move.objects.filter(mine).order_by("pk")),
    )
