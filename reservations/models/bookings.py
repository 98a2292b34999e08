"""Bookings and tickets: a customer's seats from Pay onward."""

import secrets
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext

from core.clock import ClockTimestamp, from_now
from core.columns import MONEY, TAX, CheckedCharField
from core.money import PriceParts, format_money, price_parts
from core.rows.status_rules import StatusRule, empty, filled, status_is_known, status_rules
from reservations.models.holds import Hold
from reservations.price_changes import PriceChange, in_words, read
from reservations.states import LIVE_TICKETS, BookingStatus, TicketStatus
from sales.models import Sale
from sales.states import Channel
from theaters.models import Seat, Showtime, TicketType

# No 0/o, 1/i/l, s/5: read over a telephone.
CODE_ALPHABET = "abcdefghjkmnpqrtuvwxyz2346789"


def new_code() -> str:
    """A ticket's code: 28 letters and digits that nobody confuses, 132 random bits."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(28))


class BookingQuerySet(models.QuerySet["Booking"]):
    def pending(self) -> "BookingQuerySet":
        return self.filter(status=BookingStatus.PENDING)

    def awaiting_money(self) -> "BookingQuerySet":
        """Pending bookings whose time to pay is not over."""
        return self.pending().filter(sale__held_until__gt=ClockTimestamp())

    def no_longer_payable(self) -> "BookingQuerySet":
        """Pending bookings whose time to pay has passed: their payment session is closed, then they expire."""
        return self.pending().filter(sale__payable_until__lte=ClockTimestamp())

    def with_names(self) -> "BookingQuerySet":
        named = self.select_related("showtime__movie", "showtime__auditorium__theater", "showtime__plan", "promo_code")
        return named.with_siblings_known()

    def with_siblings_known(self) -> "BookingQuerySet":
        """Whether each is one of several of its sale."""
        others = Booking.objects.filter(sale=OuterRef("sale")).exclude(pk=OuterRef("pk")).order_by()
        return self.annotate(is_one_of_several=Exists(others))

    def with_tickets(self) -> "BookingQuerySet":
        """Prefetch the tickets and their seats in the plan's order: one more query in all."""
        tickets = Ticket.objects.select_related("seat", "ticket_type", "canceled__cancellation").order_by("seat_id")
        return self.prefetch_related(Prefetch("tickets", queryset=tickets))

    def link_works(self) -> "BookingQuerySet":
        """Bookings whose link works: until some days after the sale's last show, or after it was renewed."""
        if not settings.BOOKING_LINK_DAYS:
            return self
        since = from_now(-settings.BOOKING_LINK_DAYS * 24 * 3600)
        shown = Booking.objects.filter(sale=OuterRef("sale"), showtime__ends_at__gt=since).order_by()
        return self.filter(Q(sale__link_renewed_at__gt=since) | Exists(shown))

    def opened_by_link(self, holder: str) -> "BookingQuerySet":
        """Bookings that this browser opened by their present link, even if the link has stopped working."""
        if not holder:
            return self.none()
        return self.filter(accesses__holder=holder, accesses__link_version=F("sale__link_version"))

    def visible_to(self, *, holder: str, user_id: int | None) -> "BookingQuerySet":
        """Bookings of this browser (bought there, or opened by a link that works) and of this signed-in person.

        Each once without DISTINCT, for which PostgreSQL plans 40 ms when other tables are joined to it.
        """
        mine = Q(pk__in=[])
        if holder:
            by_link = Booking.objects.opened_by_link(holder).link_works()
            mine |= Q(holder=holder) | Q(pk__in=by_link.order_by().values("pk"))
        if user_id is not None:
            mine |= Q(sale__user_id=user_id)
        return self.filter(mine)


class _WithSale(models.Manager["Booking"]):
    """Bookings always come with their sale and its contact: nearly every reader needs them."""

    def get_queryset(self) -> models.QuerySet["Booking"]:
        return super().get_queryset().select_related("sale__contact")


BookingManager = _WithSale.from_queryset(BookingQuerySet)


class Booking(models.Model):
    """The seats of one showtime within a sale, from Pay onward. Its price is as sold and never computed again."""

    sale = models.ForeignKey(Sale, on_delete=models.PROTECT, related_name="bookings")
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="bookings")
    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="bookings")
    holder = models.CharField(max_length=64, db_index=True)
    status = models.CharField(max_length=10, choices=BookingStatus, default=BookingStatus.PENDING)
    total = models.DecimalField(
        **MONEY, help_text="The price of its tickets; the sale has the total of all its bookings."
    )
    promo_code = models.ForeignKey(
        "PromoCode", null=True, on_delete=models.PROTECT, related_name="bookings", db_index=False
    )
    party_code = CheckedCharField(
        max_length=32,
        null=True,
        help_text="Lets in all of its people at the door, where the customer chose one code for all.",
    )
    created_at = models.DateTimeField(db_default=ClockTimestamp())
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="Expired, canceled or refunded.")
    is_late = models.BooleanField(default=False, help_text="Confirmed by money that came after its time.")
    changed_at = models.DateTimeField(db_default=ClockTimestamp(), db_index=True)

    # The tickets with their seats, in the plan's order, if this object has just created the booking; else empty.
    written_tickets: tuple["Ticket", ...] = ()

    objects = BookingManager()

    class Meta:
        ordering = ["-pk"]
        base_manager_name = "objects"
        permissions = [
            ("give_comp", "Can give tickets away, with a reason"),
            ("sell_at_counter", "Can sell at the counter"),
            ("see_takings", "Can see what every operator took at the counter"),
            ("override_house_seat", "Can sell a house seat at the counter, with a reason"),
            ("override_price", "Can sell below the list price at the counter, with a reason"),
            ("override_sales_close", "Can sell at the counter after its close, with a reason"),
            ("override_single_seat", "Can leave a single seat over at the counter and in swaps, with a reason"),
            ("resend_mail", "Can send the confirmation again"),
            ("change_email", "Can correct the e-mail of a booking"),
            ("swap_seats", "Can give tickets other seats"),
            ("write_to_holders", "Can write to all holders of a showtime"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0),
                name="booking_total_not_negative",
                violation_error_message="Amounts are 0 or more.",
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
                fields=["sale", "showtime"],
                name="booking_one_per_sale_and_showtime",
                violation_error_message="This sale has a booking for this showtime already.",
            ),
            models.UniqueConstraint(
                fields=["hold"],
                condition=Q(status=BookingStatus.PENDING),
                name="booking_one_pending_per_hold",
                violation_error_message="These seats are being paid for already.",
            ),
        ]
        indexes = [
            models.Index(fields=["sale"], condition=Q(status=BookingStatus.PENDING), name="booking_pending_sale"),
            # Unique without a constraint's help: 132 random bits.
            models.Index(fields=["party_code"], condition=Q(party_code__isnull=False), name="booking_of_party_code"),
            models.Index(
                fields=["showtime"], condition=Q(status=BookingStatus.CONFIRMED), name="booking_confirmed_showtime"
            ),
            # For reports and the dashboard, which read some days of years.
            models.Index(fields=["confirmed_at"], condition=Q(confirmed_at__isnull=False), name="booking_confirmed_at"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return self.address_of("booking")

    def address_of(self, page: str) -> str:
        """Return the address of one of the booking's pages, by the name of its URL."""
        return reverse(page, args=[self.reference]) + self.showtime_query

    @property
    def showtime_query(self) -> str:
        """`?showtime=17` where its sale has other bookings too, and the reference alone does not say which; else ''."""
        return f"?showtime={self.showtime_id}" if self.is_one_of_several else ""

    @property
    def address_for_forms(self) -> str:
        """The action of a form that may come late, when its sale has a booking for another showtime too."""
        return f"?showtime={self.showtime_id}"

    @cached_property
    def is_one_of_several(self) -> bool:
        """Whether its sale has bookings for other showtimes. No query for one that comes `with_names`."""
        return Booking.objects.filter(sale=self.sale_id).exclude(pk=self.pk).exists()

    @property
    def reference(self) -> str:
        return self.sale.reference

    @property
    def email(self) -> str:
        """The customer's address; '' at the counter, or after the contact was erased."""
        return self.sale.contact.email

    @property
    def currency(self) -> str:
        return self.sale.currency


def first_booking(sale: Sale) -> Booking:
    """The booking that mails, alerts and office pages about the money of a sale name. No query where they were prefetched."""
    return min(sale.bookings.all(), key=lambda booking: booking.pk)


class BookingAccess(models.Model):
    """A browser that opened the secret link of the mail; it loses access when the link gets a new version."""

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
    """A wrong code for the mailbox of a booking, typed in any browser; counted by booking and hour."""

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
        """Live tickets and those of bookings that are being paid for, without tickets that staff sold or gave away."""
        reserved = Q(status=TicketStatus.RESERVED, booking__sale__held_until__gt=ClockTimestamp())
        return self.filter(Q(status__in=LIVE_TICKETS) | reserved, booking__sale__channel=Channel.ONLINE)


class Ticket(models.Model):
    """One person, one seat, once. Price and tax are those of the moment of Pay."""

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="tickets")
    showtime = models.ForeignKey(Showtime, on_delete=models.PROTECT, related_name="tickets")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tickets")
    ticket_type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="tickets")
    type_name = models.CharField(max_length=40)
    # The theater's name of the seat category at the sale. A trigger writes it, so that a new name changes no ticket.
    category_name = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)
    price = models.DecimalField(**MONEY)
    discount = models.DecimalField(
        **MONEY, db_default=0, help_text="What a promo code or staff took off its full price."
    )
    # The price is list price and price changes less the discount: reservations/price_changes.py.
    list_price = models.DecimalField(
        **MONEY, null=True, help_text="Before price rules and discount; empty where nobody wrote it down."
    )
    price_changes = models.JSONField(default=list, db_default=[], editable=False)
    tax = models.DecimalField(**TAX)
    fee = models.DecimalField(
        **MONEY, default=0, db_default=0, help_text="The booking fee inside the price, tax included."
    )
    tax_rate = models.DecimalField(max_digits=6, decimal_places=5)
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=8, choices=TicketStatus, default=TicketStatus.RESERVED)
    code = CheckedCharField(max_length=32, unique=True, default=new_code)

    is_empty_place = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Of a sofa, and paid for: nobody sits there, and its code opens nothing.",
    )
    most_percent = models.PositiveSmallIntegerField(
        null=True,
        help_text="It came by an exchange: its customer gets back no larger part of the price. Empty: the terms alone.",
    )
    given_at = models.DateTimeField(
        null=True, help_text="When somebody else took it by a link: its code is theirs alone."
    )

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
            # A void ticket does not block a later ticket for its seat.
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
    def changes(self) -> tuple[PriceChange, ...]:
        """The changes of the price by price rules; empty for old tickets without a list price."""
        return read(self.price_changes)

    @property
    def price_text(self) -> str:
        """How its price came about, in words; '' where it is the price of the list, or an old ticket without this
        record.
        """
        if self.changes:
            assert self.list_price is not None
            return in_words(self.list_price, self.changes, self.discount, self.currency)
        if not self.discount:
            return ""
        full, off = format_money(self.full_price, self.currency), format_money(self.discount, self.currency)
        return gettext("%(full)s less %(off)s") % {"full": full, "off": off}

    @property
    def type_text(self) -> str:
        """The name of its type in the reader's language; the name it was sold under where the type has another one now."""
        kind = self.ticket_type
        return kind.shown_name if kind.name == self.type_name else self.type_name

    @property
    def is_let_in_with_party(self) -> bool:
        """Whether the code or reference of the booking lets it in: not if given away, or sold to stay empty."""
        return self.status in LIVE_TICKETS and self.given_at is None and not self.is_empty_place

    @property
    def stays_empty(self) -> bool:
        """Whether the seat is paid for and nobody is to sit there."""
        return self.is_empty_place and self.status in LIVE_TICKETS

    @property
    def parts(self) -> PriceParts:
        """The parts of the price at the time of sale."""
        return price_parts(self.price, tax=self.tax, rate=self.tax_rate, fee=self.fee, currency=self.currency)
