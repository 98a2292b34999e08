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


def seats_text(labels: list[str]) -> str:
    """B1–B10, C7: neighbors in reading order as one word."""
    runs: list[list[tuple[str, str, int]]] = []
    for label in labels:
        row = label.rstrip("0123456789")
        number = int(label[len(row) :] or 0)
        if runs and runs[-1][-1][1] == row and abs(runs[-1][-1][2] - number) == 1:
            runs[-1].append((label, row, number))
        else:
            runs.append([(label, row, number)])
    return ", ".join(run[0][0] if len(run) == 1 else f"{run[0][0]}–{run[-1][0]}" for run in runs)
