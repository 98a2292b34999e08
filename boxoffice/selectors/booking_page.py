"""All facts of one booking, for staff who help its customer. The number of queries does not grow with its seats."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from boxoffice.models import RefundRequest
from boxoffice.selectors.booking_history import HistoryEntry, booking_history
from boxoffice.states import RequestStatus
from payments.models import Dispute, Payment, Refund
from payments.records.money_advice import Advice, advised, dispute_advice, is_locked, payment_advice
from payments.states import UNDECIDED_DISPUTES
from reservations.aftersale.goodwill import most_goodwill
from reservations.models import Booking, Move, OutgoingMail, Ticket
from theaters.seat_labels import is_place, label_in_words, labels_in_words, short_label

LOCKED = "The customer's bank is deciding about this payment. Until it has, nothing can be given back here."


@dataclass(frozen=True)
class BookingDetails:
    tickets: list[Ticket]
    payments: list[tuple[Payment, Advice]]
    refunds: list[tuple[Refund, Advice]]
    mails: list[OutgoingMail]
    requests: list[RefundRequest]
    history: list[HistoryEntry]
    disputes: list[tuple[Dispute, Advice]]
    lock: str
    may_give: bool

    @property
    def is_locked(self) -> bool:
        """Whether nothing can be refunded, as a bank or a second person must decide first."""
        return bool(self.lock) or any(request.status == RequestStatus.WAITING for request in self.requests)


def booking_details(booking: Booking, *, now: datetime) -> BookingDetails:
    tickets = list(booking.tickets.select_related("seat").order_by("seat__pk"))
    payments = list(booking.sale.payments.order_by("pk"))
    refunds = list(Refund.objects.filter(payment__sale=booking.sale_id).order_by("pk"))
    mails = list(booking.mails.select_related("contact").order_by("pk"))
    requests = list(
        RefundRequest.objects.filter(booking=booking).select_related("asked_by", "decided_by").order_by("pk")
    )
    disputes = list(Dispute.objects.filter(payment__sale=booking.sale_id).order_by("pk"))
    locked = is_locked(payments, disputes)
    moves = _moves(booking, {"dispute": disputes, "ticket": tickets, "payment": payments, "refund": refunds, "retry": refunds,
                             "mail": mails, "request": requests})  # fmt: skip
    return BookingDetails(
        tickets=tickets,
        payments=[(payment, payment_advice(payment)) for payment in payments],
        refunds=advised(booking.sale, payments, refunds, now=now),
        mails=mails,
        requests=requests,
        history=booking_history(booking, tickets=tickets, payments=payments, refunds=refunds, mails=mails, moves=moves),
        disputes=[(dispute, dispute_advice(dispute)) for dispute in disputes],
        lock=LOCKED if locked else "",
        may_give=bool(payments) and most_goodwill(booking) > 0,
    )


def bookings_needing_a_person() -> QuerySet[Booking, int]:
    """Bookings whose money needs a person: a refund that failed or does not finish, a dispute, a waiting request."""
    refunds = Refund.objects.needing_a_person().filter(payment__sale=OuterRef("sale"))
    disputes = Dispute.objects.filter(payment__sale=OuterRef("sale"), status__in=UNDECIDED_DISPUTES)
    requests = RefundRequest.objects.filter(booking=OuterRef("pk"), status=RequestStatus.WAITING)
    return Booking.objects.filter(Exists(refunds) | Exists(disputes) | Exists(requests)).values_list("pk", flat=True)


def _moves(booking: Booking, rows_of: dict[str, Iterable[Model]]) -> list[Move]:
    mine = Q(what__in=["booking", "address", "freeze", "goodwill", "swap", "message"], what_id=booking.pk)
    for what, rows in rows_of.items():
        mine |= Q(what=what, what_id__in=[row.pk for row in rows])
    return list(Move.objects.filter(mine).order_by("pk"))


def seats_text(labels: list[str]) -> str:
    """Name seats in reading order, neighbors as a run: B1–B10, C7, Balcony A1–A3."""
    runs: list[list[tuple[str, str, int]]] = []
    for label in labels:
        if is_place(label):
            continue
        row = label.rstrip("0123456789")
        number = int(label[len(row) :] or 0)
        if runs and runs[-1][-1][1] == row and abs(runs[-1][-1][2] - number) == 1:
            runs[-1].append((label, row, number))
        else:
            runs.append([(label, row, number)])
    firsts = [(label_in_words(run[0][0]), run) for run in runs]
    words = [first if len(run) == 1 else f"{first}–{short_label(run[-1][0])}" for first, run in firsts]
    places = labels_in_words(label for label in labels if is_place(label))
    return ", ".join([*words, *([places] if places else [])])
