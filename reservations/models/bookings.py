"""Bookings and tickets: a customer's seats from Pay onward."""

import secrets
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Lower, Now, Upper
from django.urls import reverse

from core.clock import ClockTimestamp, from_now
from core.columns import MONEY, RandomHex
from core.mailboxes import AddressField
from core.money import CURRENCIES, PriceParts, price_parts
from core.status_rules import StatusRule, empty, filled, status_is_known, status_rules
from reservations.models.holds import Hold
from reservations.states import LIVE_TICKETS, BookingStatus, PaidWith, TicketStatus
from theaters.models import Seat, Showtime, TicketType

# No 0/O, 1/I/L, U/V, S/5, B/8, Z/2: read over a telephone.
REFERENCE_ALPHABET = "ACDEFGHJKMNPQRTWXY34679"
CODE_ALPHABET = "abcdefghjkmnpqrtuvwxyz2346789"


def new_reference() -> str:
    """Eight speakable characters, such as KX7M-4QPD; it opens nothing by itself."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_code() -> str:
    """A ticket's code: 28 letters and digits that nobody confuses, 132 random bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(28))


def new_link_nonce() -> str:
    """128 random bits: the part of a booking's link that no other link has, not even after a restore of the database."""
    return secrets.token_hex(16)


class BookingQuerySet(models.QuerySet["Booking"]):
    def pending(self) -> "BookingQuerySet":
        return self.filter(status=BookingStatus.PENDING)

    def awaiting_money(self) -> "BookingQuerySet":
        """Pending, and their seats are still theirs by time."""
        return self.pending().filter(held_until__gt=ClockTimestamp())

    def till_over(self) -> "BookingQuerySet":
        """Pending bookings whose time to pay has passed: their payment session is closed, then they expire."""
        return self.pending().filter(till_closes_at__lte=ClockTimestamp())

    def with_names(self) -> "BookingQuerySet":
        return self.select_related("showtime__movie", "showtime__auditorium__theater", "showtime__plan", "promo_code")

    def with_tickets(self) -> "BookingQuerySet":
        """With the tickets and their seats, in the plan's order, in one more query for all bookings."""
        tickets = Ticket.objects.select_related("seat").order_by("seat_id")
        return self.prefetch_related(Prefetch("tickets", queryset=tickets))

    def link_works(self) -> "BookingQuerySet":
        """Those whose link still opens them: until some days after the show, or after the link was renewed."""
        if not settings.BOOKING_LINK_DAYS:
            return self
        since = from_now(-settings.BOOKING_LINK_DAYS * 24 * 3600)
        return self.filter(Q(showtime__ends_at__gt=since) | Q(link_renewed_at__gt=since))

    def opened_by_link(self, holder: str) -> "BookingQuerySet":
        """Those that this browser opened by their present link, whether or not that link still works."""
        if not holder:
            return self.none()
        return self.filter(accesses__holder=holder, accesses__link_version=F("link_version"))

    def visible_to(self, *, holder: str, user_id: int | None) -> "BookingQuerySet":
        """Those of this browser (it bought them, or used the secret link while it works) and of this signed-in person."""
        mine = Q(pk__in=[])
        if holder:
            by_link = Booking.objects.opened_by_link(holder).link_works()
            mine |= Q(holder=holder) | Q(pk__in=by_link.order_by().values("pk"))
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
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        help_text="Who of the staff sold it at the counter; empty for online sales.",
    )
    email = AddressField(blank=True, help_text="Empty only at the counter: then nobody is written to.")
    customer = models.CharField(
        max_length=254, blank=True, default="", db_default="", help_text="The e-mail address without case and alias."
    )
    status = models.CharField(max_length=10, choices=BookingStatus, default=BookingStatus.PENDING)
    currency = models.CharField(max_length=3, choices=[(code, code) for code in CURRENCIES])
    total = models.DecimalField(**MONEY)
    language = models.CharField(
        max_length=12,
        default="en",
        db_default="en",
        help_text="In which it was bought: its mails and papers are written in it.",
    )
    promo_code = models.ForeignKey(
        "PromoCode", null=True, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    terms = models.TextField(help_text="The rules for canceling as shown before payment.")
    cancel_tiers = models.JSONField(
        default=list, db_default=[], help_text="The same as steps of minutes before the start and percent."
    )
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    till_closes_at = models.DateTimeField()
    held_until = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Expired, canceled or refunded.")
    is_late = models.BooleanField(default=False, help_text="Confirmed by money that came after its time.")
    refund_due = models.DecimalField(**MONEY, default=0, help_text="Total ever owed back; it only grows.")
    fees_kept = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="Total ever kept of canceled tickets; it only grows."
    )
    goodwill = models.DecimalField(
        **MONEY,
        default=0,
        db_default=0,
        help_text="Part of what is owed back for which no ticket became void; it only grows.",
    )
    frozen_at = models.DateTimeField(null=True, help_text="Its money is disputed: the tickets open no door meanwhile.")
    checking_since = models.DateTimeField(
        null=True,
        help_text="Whether its money came is not known yet: the provider did not tell, or the bank has not decided.",
    )
    link_version = models.PositiveSmallIntegerField(default=1)
    link_nonce = models.CharField(
        max_length=32, default=new_link_nonce, db_default=RandomHex(), help_text="New with every version of the link."
    )
    link_renewed_at = models.DateTimeField(null=True)
    comp_reason = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Why staff gave these tickets away; empty for sold ones."
    )
    override_reason = models.CharField(
        max_length=200, blank=True, db_default="", help_text="Why staff broke a rule of the house to sell it."
    )
    paid_with = models.CharField(max_length=8, choices=PaidWith, blank=True, db_default="")
    paid_out = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="What of it was given back at the counter; it only grows."
    )
    changed_at = models.DateTimeField(db_default=ClockTimestamp(), db_index=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("give_comp", "Can give tickets away, with a reason"),
            ("sell_at_counter", "Can sell at the counter"),
            ("see_takings", "Can see what every operator took at the counter"),
            ("override_house_seat", "Can sell a house seat at the counter, with a reason"),
            ("override_price", "Can sell below the list price at the counter, with a reason"),
            ("override_sales_close", "Can sell at the counter after its close, with a reason"),
            ("resend_mail", "Can send the confirmation again"),
            ("change_email", "Can correct the e-mail of a booking"),
            ("swap_seats", "Can give tickets other seats"),
            ("write_to_holders", "Can write to all holders of a showtime"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(email="") | Q(operator__isnull=False),
                name="booking_email_unless_at_the_counter",
                violation_error_message="A booking has an e-mail address, unless it was sold at the counter.",
            ),
            models.CheckConstraint(
                condition=Q(override_reason="") | Q(operator__isnull=False),
                name="booking_overrides_have_an_operator",
                violation_error_message="A rule is overridden by somebody at the counter.",
            ),
            models.CheckConstraint(
                condition=Q(comp_reason="") | Q(total=0),
                name="booking_comp_costs_nothing",
                violation_error_message="A booking that is given away costs nothing.",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=0) & Q(refund_due__gte=0),
                name="booking_amounts_not_negative",
                violation_error_message="Amounts are 0 or more.",
            ),
            models.CheckConstraint(
                condition=Q(paid_with="") | Q(operator__isnull=False, total__gt=0),
                name="booking_paid_at_the_counter",
                violation_error_message="What is paid at the counter has an operator and a total.",
            ),
            models.CheckConstraint(
                condition=Q(paid_out__gte=0) & Q(paid_out__lte=F("refund_due")),
                name="booking_paid_out_was_owed",
                violation_error_message="No more is paid out than is owed.",
            ),
            models.CheckConstraint(
                condition=Q(fees_kept__gte=0),
                name="booking_fees_kept_not_negative",
                violation_error_message="Fees that are kept are 0 or more.",
            ),
            models.CheckConstraint(
                condition=Q(held_until__gte=F("till_closes_at")),
                name="booking_held_until_till_closes",
                violation_error_message="Seats are held until nobody can pay for them any more.",
            ),
            *status_rules(
                "booking",
                BookingStatus,
                StatusRule(
                    "pending",
                    (BookingStatus.PENDING,),
                    empty("confirmed_at", "ended_at"),
                    "A pending booking is neither confirmed nor ended.",
                ),
                StatusRule(
                    "confirmed",
                    (BookingStatus.CONFIRMED,),
                    filled("confirmed_at") & empty("ended_at"),
                    "A confirmed booking says when it was confirmed, and has no end.",
                ),
                StatusRule(
                    "canceled",
                    (BookingStatus.CANCELED,),
                    filled("confirmed_at", "ended_at"),
                    "A canceled booking says when it was confirmed and when it ended.",
                ),
                StatusRule(
                    "not_paid",
                    (BookingStatus.EXPIRED, BookingStatus.REFUNDED),
                    filled("ended_at") & empty("confirmed_at"),
                    "A booking that expired or was refunded says when, and was never confirmed.",
                ),
            ),
            models.UniqueConstraint(
                fields=["hold"],
                condition=Q(status=BookingStatus.PENDING),
                name="booking_one_pending_per_hold",
                violation_error_message="These seats are being paid for already.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["till_closes_at"], condition=Q(status=BookingStatus.PENDING), name="booking_pending_till"
            ),
            models.Index(
                fields=["showtime"], condition=Q(status=BookingStatus.CONFIRMED), name="booking_confirmed_showtime"
            ),
            # Reports and the dashboard ask for some days of years.
            models.Index(fields=["confirmed_at"], condition=Q(confirmed_at__isnull=False), name="booking_confirmed_at"),
            models.Index(Lower("email"), condition=Q(user__isnull=True), name="booking_guest_email"),
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="booking_email_search"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("booking", args=[self.reference])

    @property
    def channel(self) -> str:
        if self.comp_reason:
            return "given away"
        return "counter" if self.operator_id else "online"


class BookingAccess(models.Model):
    """A browser that came in by the secret link of the mail; a new link version ends it."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="accesses")
    holder = models.CharField(max_length=64, db_index=True)
    link_version = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    codes_sent = models.PositiveSmallIntegerField(default=0, db_default=0)
    code_sent_at = models.DateTimeField(null=True)
    proven_at = models.DateTimeField(null=True, help_text="When the code from the booking's mailbox was given here.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "holder", "link_version"], name="access_once_per_browser"),
            models.CheckConstraint(
                condition=Q(codes_sent=0, code_sent_at=None) | Q(codes_sent__gt=0, code_sent_at__isnull=False),
                name="access_code_sent_has_a_moment",
                violation_error_message="A code that was sent says when.",
            ),
            models.CheckConstraint(
                condition=Q(proven_at=None) | Q(code_sent_at__isnull=False),
                name="access_proven_by_a_code",
                violation_error_message="A mailbox is proven by a code that was sent.",
            ),
        ]

    def __str__(self) -> str:
        return f"Access {self.pk}"


class WrongCodeTry(models.Model):
    """A wrong code for the mailbox of a booking, whichever browser typed it: they are counted by booking and hour."""

    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="wrong_code_tries")
    at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Wrong code {self.pk}"


class TicketQuerySet(models.QuerySet["Ticket"]):
    def live(self) -> "TicketQuerySet":
        return self.filter(status__in=LIVE_TICKETS)

    def bought_online(self) -> "TicketQuerySet":
        """Live ones, and those reserved for a booking that is being paid for; what staff sold or gave away left out."""
        reserved = Q(status=TicketStatus.RESERVED, booking__held_until__gt=ClockTimestamp())
        return self.filter(
            Q(status__in=LIVE_TICKETS) | reserved, booking__operator__isnull=True, booking__comp_reason=""
        )


class Ticket(models.Model):
    """One person, one seat, once. Price and tax are those of the moment of Pay."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="tickets")
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="tickets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tickets")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="tickets")
    type_name = models.CharField(max_length=40)
    price = models.DecimalField(**MONEY)
    discount = models.DecimalField(
        **MONEY, db_default=0, help_text="What a promo code or staff took off its full price."
    )
    tax = models.DecimalField(**MONEY)
    fee = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="The booking fee inside the price, tax included."
    )
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
                fields=["showtime", "seat"],
                condition=Q(status__in=LIVE_TICKETS),
                name="ticket_one_live_per_seat",
                violation_error_message="There is a ticket for this seat already.",
            ),
            # A ticket that was given back does not stand in the way of one that gets its seat later.
            models.UniqueConstraint(
                fields=["booking", "seat"],
                condition=~Q(status=TicketStatus.VOID),
                name="ticket_once_per_booking_and_seat",
                violation_error_message="This booking has a ticket for this seat already.",
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0) & Q(tax__gte=0) & Q(tax__lte=F("price")),
                name="ticket_tax_inside_price",
                violation_error_message="The tax is a part of the price.",
            ),
            models.CheckConstraint(
                condition=Q(fee__gte=0) & Q(fee__lte=F("price")),
                name="ticket_fee_inside_price",
                violation_error_message="The booking fee is a part of the price.",
            ),
            models.CheckConstraint(
                condition=Q(discount__gte=0),
                name="ticket_discount_not_negative",
                violation_error_message="A discount is 0 or more.",
            ),
            status_is_known("ticket", TicketStatus),
        ]

    def __str__(self) -> str:
        return f"Ticket {self.pk}"

    @property
    def full_price(self) -> Decimal:
        return self.price + self.discount

    @property
    def parts(self) -> PriceParts:
        """What its price was made of when it was sold."""
        return price_parts(self.price, tax=self.tax, rate=self.tax_rate, fee=self.fee, currency=self.currency)

    @property
    def opens_the_door(self) -> bool:
        """With its booking at hand: live, and its money is not disputed."""
        return self.status in LIVE_TICKETS and self.booking.frozen_at is None
