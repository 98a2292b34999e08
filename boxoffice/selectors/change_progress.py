"""The progress of a changed showtime: mails, refunds, and what a person must look at."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from houses.models import Theater
from payments.models import Refund
from payments.states import RefundStatus
from reservations.models import ChangeNotice, OutgoingMail
from reservations.states import MailKind, NoticeStatus, OfferAnswer
from theaters.models import ShowtimeChange
from theaters.states import ChangeKind, ChangeStatus

MOST_SHOWN = 100
TELLS = (MailKind.MOVED, MailKind.CALLED_OFF)


@dataclass(frozen=True)
class Progress:
    total: int
    done: int
    kept: int
    refunded: int
    failures: list[ChangeNotice]
    failed_refunds: list[Refund]
    untold: list[ChangeNotice]

    @property
    def waiting(self) -> int:
        return self.total - self.done


def progress_of(change: ShowtimeChange) -> Progress:
    """Four queries.

    Failed notices are tried again by themselves. `untold` are done, but the customer does not know: the booking has no
    address, or its mail could not be delivered.
    """
    counts = change.notices.aggregate(
        total=Count("pk"),
        done=Count("pk", filter=Q(status=NoticeStatus.DONE)),
        kept=Count("pk", filter=Q(answer=OfferAnswer.KEPT)),
        refunded=Count("pk", filter=Q(answer=OfferAnswer.REFUNDED)),
    )
    failures = (
        change.notices.filter(status=NoticeStatus.WAITING)
        .exclude(last_error="")
        .select_related("booking__sale__contact")
    )
    refunds = Refund.objects.filter(
        payment__sale__bookings__notices__change=change, status=RefundStatus.FAILED, created_at__gte=change.planned_at
    )
    given_up = OutgoingMail.objects.filter(
        booking=OuterRef("booking"), kind__in=TELLS, gave_up_at__isnull=False, created_at__gte=change.planned_at
    )
    untold = change.notices.filter(Q(booking__sale__contact__email="") | Exists(given_up), status=NoticeStatus.DONE)
    return Progress(
        **counts,
        untold=list(untold.select_related("booking__sale__contact")[:MOST_SHOWN]),
        failures=list(failures[:MOST_SHOWN]),
        failed_refunds=list(
            refunds.select_related("payment__sale__contact").prefetch_related("payment__sale__bookings")[:MOST_SHOWN]
        ),
    )


def changes_of(theater: Theater) -> list[ShowtimeChange]:
    """The newest applied changes, with the number of waiting notices and of failed ones among these."""
    waiting = Q(notices__status=NoticeStatus.WAITING)
    changes = (
        ShowtimeChange.objects.filter(showtime__auditorium__theater=theater, status=ChangeStatus.APPLIED)
        .select_related("showtime__movie", "showtime__auditorium__theater", "user")
        .annotate(waiting=Count("notices", filter=waiting))
        .annotate(failed=Count("notices", filter=waiting & ~Q(notices__last_error="")))
    )
    return list(changes.order_by("-applied_at", "-pk")[:MOST_SHOWN])


def what_is_touched(change: ShowtimeChange) -> list[tuple[str, object]]:
    """The counts in words, for the page; zeros are left out."""
    touched, facts = change.touched, change.touched.get("facts", {})
    told = "are told" if change.kind != ChangeKind.CANCEL else "are told and get all of their money back"
    says = [
        (
            "Showtimes at which somebody misses it"
            if change.kind == ChangeKind.OUTAGE
            else "Showtimes of this movie in this country",
            touched.get("showtimes", 1) if touched.get("showtimes", 1) != 1 else 0,
        ),
        (f"Bookings whose holders {told}" if touched["mails"] else "Bookings that exist", touched["bookings"]),
        ("Bookings that are being paid right now", touched["pending"]),
        (
            "Browsers that hold seats right now, and lose them"
            if change.kind == ChangeKind.MOVE
            else "Browsers that hold seats right now",
            touched["holds"],
        ),
        (
            "Bookings of people who need what is no longer said of their seats: they are told, and may have their money back",
            facts.get("bookings", 0) + facts.get("pending", 0),
        ),
        ("Of these without an address: nobody can tell them", facts.get("silent", 0)),
        ("Live tickets", touched["tickets"]),
        ("Mails to be sent", touched["mails"]),
        ("Bookings of the counter without an address: nobody can tell them", touched.get("silent", 0)),
    ]
    return [(words, count) for words, count in says if count]
