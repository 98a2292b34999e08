"""Who has which seat. One row per seat and showtime is locked; everything else is a fact about it."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower, Now, Upper
from django.urls import reverse

from core.clock import ClockTimestamp
from core.money import CURRENCIES
from reservations.states import LIVE_TICKETS, BookingStatus, HoldEnd, MailKind, TicketStatus
from theaters.models import Seat, Showtime, TicketType

# No 0/O, 1/I/L, U/V, S/5, B/8, Z/2: read over a telephone.
REFERENCE_ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
CODE_ALPHABET = "abcdefghjkmnpqrtuvwxyz2346789"
# An amount of any currency we sell in; its currency stands beside it.
MONEY: Any = {"max_digits": 10, "decimal_places": 2}


def new_reference() -> str:
    """Eight speakable characters, such as KX7M-4QPD; it opens nothing by itself."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_code() -> str:
    """A ticket's code: 28 letters and digits that nobody confuses, 132 random bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(28))


class HoldQuerySet(models.QuerySet["Hold"]):
    def live(self) -> "HoldQuerySet":
        return self.filter(ended_at__isnull=True, expires_at__gt=ClockTimestamp())

    def lapsed(self) -> "HoldQuerySet":
        return self.filter(ended_at__isnull=True, expires_at__lte=ClockTimestamp())


class Hold(models.Model):
    """One browser's seats at one showtime, until a moment. All moments are the database's."""

    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="holds")
    holder = models.CharField(max_length=64, help_text="SHA-256 of the browser's cookie.")
    address = models.CharField(max_length=64, blank=True)
    started_at = models.DateTimeField(db_default=ClockTimestamp())
    expires_at = models.DateTimeField()
    cap_at = models.DateTimeField(help_text="No hold or till of this browser lives past it.")
    extended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=HoldEnd, blank=True)
    labels = ArrayField(models.CharField(max_length=8), default=list, help_text="What it held when it ran out.")
    changed_at = models.DateTimeField(db_default=ClockTimestamp(), db_index=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["showtime", "holder"], condition=Q(ended_at__isnull=True), name="hold_one_live_per_browser"
            ),
            models.CheckConstraint(condition=Q(expires_at__lte=F("cap_at")), name="hold_not_past_its_cap"),
            models.CheckConstraint(condition=Q(ended_at__isnull=True) ^ ~Q(end=""), name="hold_ended_with_a_reason"),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(ended_at__isnull=True), name="hold_live_expires"),
            models.Index(fields=["holder", "-started_at"], name="hold_by_holder"),
            models.Index(fields=["address"], condition=Q(ended_at__isnull=True), name="hold_live_address"),
        ]

    def __str__(self) -> str:
        return f"Hold {self.pk}"


class BookingQuerySet(models.QuerySet["Booking"]):
    def pending(self) -> "BookingQuerySet":
        return self.filter(status=BookingStatus.PENDING)

    def awaiting_money(self) -> "BookingQuerySet":
        """Pending, and their seats are still theirs by time."""
        return self.pending().filter(held_until__gt=ClockTimestamp())

    def till_over(self) -> "BookingQuerySet":
        """Pending bookings whose time to pay has passed: their till is closed, then they expire."""
        return self.pending().filter(till_closes_at__lte=ClockTimestamp())

    def with_names(self) -> "BookingQuerySet":
        return self.select_related("showtime__movie", "showtime__auditorium__theater", "showtime__plan")

    def with_tickets(self) -> "BookingQuerySet":
        """With the tickets and their seats, in the plan's order, in one more query for all bookings."""
        tickets = Ticket.objects.select_related("seat").order_by("seat_id")
        return self.prefetch_related(Prefetch("tickets", queryset=tickets))

    def visible_to(self, *, holder: str, user_id: int | None) -> "BookingQuerySet":
        """Those of this browser (it bought them, or used the secret link) and of this signed-in person."""
        mine = Q(pk__in=[])
        if holder:
            mine |= Q(holder=holder) | Q(accesses__holder=holder, accesses__link_version=F("link_version"))
        if user_id is not None:
            mine |= Q(user_id=user_id)
        return self.filter(mine).distinct()


class Booking(models.Model):
    """A customer's seats from Pay onward. Amounts are as sold and never computed again."""

    reference = models.CharField(max_length=9, unique=True, default=new_reference)
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="bookings")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="bookings")
    holder = models.CharField(max_length=64, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="bookings")
    email = models.EmailField()
    status = models.CharField(max_length=10, choices=BookingStatus, default=BookingStatus.PENDING)
    currency = models.CharField(max_length=3, choices=[(code, code) for code in CURRENCIES])
    total = models.DecimalField(**MONEY)
    terms = models.TextField(help_text="The rules for canceling as shown before payment.")
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    till_closes_at = models.DateTimeField()
    held_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Expired, canceled or refunded.")
    is_late = models.BooleanField(default=False, help_text="Confirmed by money that came after its time.")
    refund_due = models.DecimalField(**MONEY, default=0, help_text="Total ever owed back; it only grows.")
    link_version = models.PositiveSmallIntegerField(default=1)
    changed_at = models.DateTimeField(db_default=ClockTimestamp(), db_index=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(refund_due__gte=0), name="booking_amounts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(held_until__gte=F("till_closes_at")), name="booking_held_until_till_closes"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[BookingStatus.CONFIRMED, BookingStatus.CANCELED])
                | Q(confirmed_at__isnull=False),
                name="booking_confirmed_has_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[BookingStatus.EXPIRED, BookingStatus.CANCELED, BookingStatus.REFUNDED])
                | Q(ended_at__isnull=False),
                name="booking_ended_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["hold"], condition=Q(status=BookingStatus.PENDING), name="booking_one_pending_per_hold"
            ),
        ]
        indexes = [
            models.Index(
                fields=["till_closes_at"], condition=Q(status=BookingStatus.PENDING), name="booking_pending_till"
            ),
            models.Index(Lower("email"), condition=Q(user__isnull=True), name="booking_guest_email"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="booking_email_search"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("booking", args=[self.reference])


class BookingAccess(models.Model):
    """A browser that came in by the secret link of the mail; a new link version ends it."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="accesses")
    holder = models.CharField(max_length=64, db_index=True)
    link_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "holder", "link_version"], name="access_once_per_browser")
        ]

    def __str__(self) -> str:
        return f"Access {self.pk}"


class ShowtimeSeat(models.Model):
    """One seat at one showtime: the row that is locked. Free, held, pending, sold or a house seat, and nothing between."""

    id = models.BigAutoField(primary_key=True)
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="seats", db_index=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+", db_index=False)
    label = models.CharField(max_length=8)
    hold = models.ForeignKey(Hold, null=True, on_delete=models.PROTECT, related_name="seats", db_index=False)
    booking = models.ForeignKey(Booking, null=True, on_delete=models.PROTECT, related_name="seats", db_index=False)
    held_until = models.DateTimeField(null=True)
    house_reason = models.CharField(max_length=60, db_default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["showtime", "label"], name="seat_once_per_showtime"),
            models.CheckConstraint(
                name="seat_is_in_one_state",
                condition=Q(house_reason="", hold=None, booking=None, held_until=None)
                | Q(house_reason="", hold__isnull=False, booking=None, held_until__isnull=False)
                | Q(house_reason="", hold=None, booking__isnull=False)
                | (~Q(house_reason="") & Q(hold=None, booking=None, held_until=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["held_until"], condition=Q(held_until__isnull=False), name="seat_lapses"),
            models.Index(fields=["hold"], condition=Q(hold__isnull=False), name="seat_of_hold"),
            models.Index(fields=["booking"], condition=Q(booking__isnull=False), name="seat_of_booking"),
        ]

    def __str__(self) -> str:
        return self.label


class TicketQuerySet(models.QuerySet["Ticket"]):
    def live(self) -> "TicketQuerySet":
        return self.filter(status__in=LIVE_TICKETS)


class Ticket(models.Model):
    """One person, one seat, once. Price and tax are those of the moment of Pay."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="tickets")
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="tickets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tickets")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="tickets")
    type_name = models.CharField(max_length=40)
    price = models.DecimalField(**MONEY)
    tax = models.DecimalField(**MONEY)
    tax_rate = models.DecimalField(max_digits=6, decimal_places=5)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=8, choices=TicketStatus, default=TicketStatus.RESERVED)
    code = models.CharField(max_length=32, unique=True, default=new_code)

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            # The last line of defence: whatever the code does, a seat is sold once.
            models.UniqueConstraint(
                fields=["showtime", "seat"], condition=Q(status__in=LIVE_TICKETS), name="ticket_one_live_per_seat"
            ),
            models.UniqueConstraint(fields=["booking", "seat"], name="ticket_once_per_booking_and_seat"),
            models.CheckConstraint(
                condition=Q(price__gte=0) & Q(tax__gte=0) & Q(tax__lte=F("price")), name="ticket_tax_inside_price"
            ),
        ]

    def __str__(self) -> str:
        return f"Ticket {self.pk}"


class Move(models.Model):
    """The log of moves: what went from which status to which, when, by whom. Append-only by trigger."""

    what = models.CharField(max_length=12)
    what_id = models.BigIntegerField()
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    actor = models.CharField(max_length=60)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["what", "what_id"])]

    def __str__(self) -> str:
        return f"{self.what} {self.what_id}: {self.from_status} → {self.to_status}"


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self) -> "OutgoingMailQuerySet":
        return self.filter(sent_at__isnull=True, gave_up_at__isnull=True, try_at__lte=ClockTimestamp())


class OutgoingMail(models.Model):
    """The outbox. The purpose is unique, so the same mail is never written twice; a lease keeps two workers apart."""

    purpose = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=MailKind)
    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="mails")
    to = models.EmailField()
    created_at = models.DateTimeField(db_default=Now())
    try_at = models.DateTimeField(db_default=ClockTimestamp(), help_text="Due from this moment; a lease moves it on.")
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    gave_up_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["try_at"], condition=Q(sent_at__isnull=True, gave_up_at__isnull=True), name="mail_due")
        ]

    def __str__(self) -> str:
        return self.purpose
