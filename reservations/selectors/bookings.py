"""Facts for the pages of bookings and tickets, in counted queries."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext

from core.clock import in_zone
from core.money import PriceParts, format_money, rounded
from reservations.models import Booking, Exchange, OutgoingMail, Ticket
from reservations.price_changes import PriceChange, summed
from reservations.selectors.cancel_terms import agreed_terms
from reservations.selectors.door_needs import in_words
from reservations.selectors.exchange_terms import exchange_until, may_exchange
from reservations.selectors.party_codes import PartyCard, may_have_party_code, party_card
from reservations.states import LIVE_TICKETS, BookingStatus, CancelCause, TicketStatus
from theaters.plans.category_names import categories_of
from theaters.prices.cancel_tiers import percent_back
from theaters.seat_categories import usual_name
from theaters.seat_labels import labels_in_words, only_places, seats_inside, seats_said, section_in_words
from theaters.selectors import ShowtimeFacts, showtime_facts


@dataclass(frozen=True)
class TypedCheckout:
    """The checkout's fields as filled in before the browser went back to change seats."""

    email: str = ""
    promo_code: str = ""
    tells_needs: bool = False


def typed_before(*, showtime_id: int, holder: str, started_at: datetime) -> TypedCheckout:
    """The typed fields of the booking that ended when its seats went back to a hold with the same start."""
    ended = Booking.objects.filter(
        showtime_id=showtime_id, holder=holder, status=BookingStatus.EXPIRED, hold__started_at=started_at
    )
    columns = ("sale__contact__email", "promo_code__code", "sale__contact__told_needs")
    last = ended.order_by("-pk").values_list(*columns).first()
    return TypedCheckout(last[0], last[1] or "", bool(last[2])) if last else TypedCheckout()


@dataclass(frozen=True)
class TicketCard:
    code: str
    url: str
    qr_url: str
    label: str
    row: str
    number: int
    section: str
    category_label: str
    type_name: str
    price: Decimal
    price_text: str
    currency: str
    status: str
    reference: str
    is_frozen: bool = False
    # Whether the party code lets it in; its own code does so anyway.
    is_in_party: bool = False
    # The page on which its owner gives it to somebody else; '' where they cannot.
    transfer_url: str = ""

    @property
    def stays_empty(self) -> bool:
        """A place of a sofa that is paid for, and where nobody sits."""
        return self.status == "empty"

    @property
    def is_valid(self) -> bool:
        return self.status in {"valid", "used"} and not self.is_frozen


@dataclass(frozen=True)
class BookingPage:
    reference: str
    status: str
    url: str
    # The address of the list of all bookings of its sale; '' when it is the only one.
    whole_sale_url: str
    status_url: str
    continue_url: str
    change_seats_url: str
    cancel_url: str
    exchange_url: str
    exchange_until: datetime
    calendar_url: str
    pdf_url: str
    renew_link_url: str
    send_again_url: str
    showtime: ShowtimeFacts
    tickets: tuple[TicketCard, ...]
    seats_text: str
    valid_seats_text: str
    # As seats_text, after the word "seats" where they have numbers: Seats C7, C8.
    seats_said: str
    # Of the valid tickets, else as seats_text, for the middle of a sentence: seats C7, C8.
    seats_inside: str
    has_only_places: bool
    total: Decimal
    parts: PriceParts
    fee: Decimal
    # List price + price changes = total + discount.
    list_total: Decimal
    price_changes: tuple[PriceChange, ...]
    discount: Decimal
    promo_code: str
    currency: str
    email: str
    created_at: datetime
    placed_at: datetime
    payable_until: datetime
    is_late: bool
    is_past: bool
    is_checking: bool
    is_frozen: bool
    # All of its tickets were exchanged for others at another showtime, which is a booking of the same sale.
    is_exchanged: bool
    is_at_counter: bool
    refund_due: Decimal
    paid_out: Decimal
    fees_kept: Decimal
    terms: str
    link: str = ""
    # What the staff at the door read of their needs, told with the sale, and the address that tells them or takes it back.
    told_needs: tuple[str, ...] = ()
    needs_url: str = ""
    # One code for all of its people; None where each has their own.
    party: PartyCard | None = None
    # The address that switches between one code and one for each; '' where there is nothing to choose.
    codes_url: str = ""

    @property
    def given_seats(self) -> str:
        """The seats of valid tickets that somebody else took; '' where there are none."""
        return labels_in_words(ticket.label for ticket in self.tickets if ticket.status == "given")

    @property
    def refunded_text(self) -> str:
        """Say what goes back to the customer and how; '' when nothing does."""
        said = []
        if self.paid_out:
            said.append(
                gettext("%(amount)s was given back to you at the counter.")
                % {"amount": format_money(self.paid_out, self.currency)}
            )
        if rest := self.refund_due - self.paid_out:
            amount = format_money(rest, self.currency)
            if self.is_at_counter:
                sentence = gettext("Please collect %(amount)s at the counter of %(theater)s: show this booking there.")
            else:
                sentence = gettext("%(amount)s goes back to your card.")
            said.append(sentence % {"amount": amount, "theater": self.showtime.theater_name})
        return " ".join(said)

    @property
    def goes_to_a_card(self) -> bool:
        return not self.is_at_counter and self.refund_due > self.paid_out


def booking_page(booking: Booking, *, now: datetime, link: str = "") -> BookingPage:
    """No query: the booking comes with its names and tickets. Tickets that are not void come first, and if there are
    any, `seats_text` names only them.
    """
    tickets = list(booking.tickets.all())
    left = [ticket for ticket in tickets if ticket.status != TicketStatus.VOID]
    gone = [ticket for ticket in tickets if ticket.status == TicketStatus.VOID and not is_exchanged(ticket)]
    exchanged = [ticket for ticket in tickets if is_exchanged(ticket)]
    live = [ticket for ticket in tickets if ticket.status in LIVE_TICKETS]
    # Without exchanged tickets, whose price counts in the other booking; all tickets if the booking was exchanged as a
    # whole.
    paid = [*left, *gone] or exchanged
    zone = booking.showtime.auditorium.theater.zone
    page_url = booking.get_absolute_url()
    party = party_card(booking)
    return BookingPage(
        reference=booking.reference,
        status=booking.status.lower(),
        url=page_url,
        whole_sale_url=reverse("booking", args=[booking.reference]) if booking.is_one_of_several else "",
        status_url=page_url,
        continue_url=reverse("checkout", args=[booking.showtime_id]),
        change_seats_url=booking.address_of("change_seats"),
        cancel_url=_cancel_url(booking, now=now),
        exchange_url=booking.address_of("exchange") if may_exchange(booking, now=now) else "",
        exchange_until=in_zone(exchange_until(booking), zone),
        pdf_url=_pdf_url(booking),
        calendar_url=booking.address_of("booking_calendar"),
        renew_link_url=_renew_link_url(booking),
        send_again_url=booking.address_of("send_tickets_again"),
        showtime=showtime_facts(booking.showtime, now=now),
        tickets=tuple(_own_card(ticket, booking, now) for ticket in [*left, *gone, *exchanged]),
        seats_text=_seats_text(left or gone or exchanged),
        valid_seats_text=_seats_text(live),
        seats_said=seats_said(ticket.seat.label for ticket in left or gone or exchanged),
        seats_inside=seats_inside(ticket.seat.label for ticket in live or left or gone or exchanged),
        has_only_places=only_places(ticket.seat.label for ticket in tickets),
        total=rounded(sum((ticket.price for ticket in paid), Decimal(0)), booking.currency),
        parts=sum((ticket.parts for ticket in paid), PriceParts()).rounded(booking.currency),
        fee=rounded(sum((ticket.fee for ticket in paid), Decimal(0)), booking.currency),
        list_total=rounded(sum((_list_price(ticket) for ticket in paid), Decimal(0)), booking.currency),
        price_changes=tuple(summed(change for ticket in paid for change in ticket.changes)),
        discount=rounded(sum((ticket.discount for ticket in paid), Decimal(0)), booking.currency),
        promo_code=booking.promo_code.code if booking.promo_code else "",
        currency=booking.currency,
        email=booking.email,
        created_at=in_zone(booking.created_at, zone),
        placed_at=in_zone(booking.confirmed_at or booking.created_at, zone),
        payable_until=in_zone(booking.sale.payable_until, zone),
        is_late=booking.is_late,
        is_past=booking.showtime.ends_at <= now,
        is_checking=booking.sale.payable_until <= now or booking.sale.checking_since is not None,
        is_frozen=booking.sale.frozen_at is not None,
        is_exchanged=booking.status == BookingStatus.CANCELED and bool(exchanged) and not gone,
        is_at_counter=bool(booking.sale.paid_with),
        refund_due=rounded(booking.sale.refund_due, booking.currency),
        paid_out=rounded(booking.sale.paid_out, booking.currency),
        fees_kept=rounded(booking.sale.fees_kept, booking.currency),
        terms=agreed_terms(booking),
        link=link,
        told_needs=in_words(booking.sale.contact.told_needs),
        needs_url=booking.address_of("booking_needs") if _may_tell_needs(booking, now=now) else "",
        party=party,
        codes_url=booking.address_of("choose_codes") if party or may_have_party_code(booking) else "",
    )


def _may_tell_needs(booking: Booking, *, now: datetime) -> bool:
    is_to_come = booking.status == BookingStatus.CONFIRMED and booking.showtime.ends_at > now
    return is_to_come and booking.sale.contact.emptied_at is None


def _list_price(ticket: Ticket) -> Decimal:
    """The list price; the full price for old tickets that do not have it on record."""
    return ticket.full_price if ticket.list_price is None else ticket.list_price


def _own_card(ticket: Ticket, booking: Booking, now: datetime) -> TicketCard:
    """The ticket as the payer sees it: without the code if it was given away."""
    card = replace(ticket_card(ticket), is_in_party=booking.party_code is not None and ticket.is_let_in_with_party)
    if ticket.given_at is not None:
        card = replace(card, reference=booking.reference)
        is_live = ticket.status != TicketStatus.VOID
        return replace(card, code="", url="", qr_url="", status="given") if is_live else card
    can_be_given = (
        ticket.status == TicketStatus.VALID
        and not ticket.is_empty_place
        and not card.is_frozen
        and booking.showtime.ends_at > now
    )
    return replace(card, transfer_url=reverse("transfer", args=[ticket.code])) if can_be_given else card


def _seats_text(tickets: list[Ticket]) -> str:
    return labels_in_words(ticket.seat.label for ticket in tickets)


def _renew_link_url(booking: Booking) -> str:
    """The page on which the customer asks for a new link; '' if no mail with a link was sent."""
    has_link = bool(booking.email) and booking.status not in {BookingStatus.PENDING, BookingStatus.EXPIRED}
    return reverse("renew_link", args=[booking.reference]) if has_link else ""


def _pdf_url(booking: Booking) -> str:
    """The address of the tickets as one file; '' when none of them is valid."""
    opens = booking.status == BookingStatus.CONFIRMED and booking.sale.frozen_at is None
    has_live = any(ticket_card(ticket).is_valid and ticket.given_at is None for ticket in booking.tickets.all())
    return booking.address_of("booking_pdf") if opens and has_live else ""


def _cancel_url(booking: Booking, *, now: datetime) -> str:
    """Where the customer cancels tickets; '' when nothing can be canceled or it is too late."""
    is_open = percent_back(booking.sale.cancel_tiers, starts_at=booking.showtime.starts_at, now=now) is not None
    has_valid = any(ticket.status == TicketStatus.VALID for ticket in booking.tickets.all())
    may = booking.status == BookingStatus.CONFIRMED and booking.sale.frozen_at is None and is_open and has_valid
    return booking.address_of("cancel_tickets") if may else ""


def is_out_of_reach(booking: Booking) -> bool:
    """Whether the latest mail to the booking's address could not be delivered."""
    mails = OutgoingMail.objects.filter(booking=booking, contact=booking.sale.contact_id)
    last = mails.exclude(sent_at=None, gave_up_at=None).order_by("-pk").first()
    return last is not None and last.gave_up_at is not None


def is_exchanged(ticket: Ticket) -> bool:
    """Whether it was given for another ticket. No query for one that comes `with_tickets`."""
    canceled = getattr(ticket, "canceled", None) if ticket.status == TicketStatus.VOID else None
    return canceled is not None and canceled.cancellation.cause == CancelCause.EXCHANGE


def ticket_uid(ticket: Ticket) -> str:
    """The UID of a ticket in calendars. It has the sale's reference, because primary keys repeat after a restore.

    For a ticket that was given away it is a hash of the code it had then, which reveals nothing of the payer.
    """
    if ticket.given_at is not None:
        taken = ticket.transfers.exclude(accepted_at=None).order_by("accepted_at", "pk").last()
        assert taken is not None, "it was given away"
        return hashlib.sha256(f"ticket {taken.new_code}".encode()).hexdigest()[:24]
    number = Ticket.objects.filter(booking__sale=ticket.booking.sale_id, pk__lte=ticket.pk).count()
    return f"{ticket.booking.reference}-{number}"


def is_sold_with_others(booking: Booking) -> bool:
    """Whether its sale had several showtimes when it was made. One that an exchange adds later does not count, so that
    entries in calendars keep their names.
    """
    if not booking.is_one_of_several:
        return False
    sold_first = Booking.objects.filter(sale=booking.sale_id, made_by=None)
    return sold_first.exclude(pk=booking.pk).exists()


def calendar_version(booking: Booking) -> tuple[datetime, int]:
    """When time or seats last changed, and how often: a calendar updates its entry for a higher number."""
    swaps = booking.swaps.aggregate(times=Count("pk"), newest=Max("at"))
    # Exchanges within the showtime count as cancellations already, so only those from other showtimes of the sale are
    # added.
    canceled = booking.cancellations.aggregate(times=Count("pk"), newest=Max("at"))
    exchanges = Exchange.objects.filter(lines__new_ticket__booking=booking).exclude(booking=booking)
    came = exchanges.aggregate(times=Count("pk", distinct=True), newest=Max("ended_at"))
    changes = (swaps, canceled, came)
    moments = [at for at in (booking.showtime.changed_at, *(one["newest"] for one in changes)) if at is not None]
    since = max(moments, default=booking.confirmed_at or booking.created_at)
    return since, booking.showtime.times_changed + sum(one["times"] for one in changes)


def category_text(ticket: Ticket) -> str:
    """The name of its seat's category in the reader's language; the one it was sold under where that has changed."""
    now = categories_of(ticket.ticket_type.theater_id).of(ticket.seat.category)
    return now.name if now.own_name == ticket.category_name else ticket.category_name or usual_name(now.code)


def ticket_card(ticket: Ticket) -> TicketCard:
    """A ticket with its seat at hand. The reference of the booking stays with the payer when the ticket is given away.

    A place of a sofa that stays empty has no code.
    """
    card = TicketCard(
        code=ticket.code,
        url=reverse("ticket", args=[ticket.code]),
        qr_url=reverse("ticket_qr", args=[ticket.code]),
        label=ticket.seat.label,
        row=ticket.seat.row,
        number=ticket.seat.number,
        section=section_in_words(ticket.seat.section),
        category_label=category_text(ticket),
        type_name=ticket.type_text,
        price=rounded(ticket.price, ticket.currency),
        price_text=ticket.price_text,
        currency=ticket.currency,
        status=ticket.status.lower(),
        reference="" if ticket.given_at is not None else ticket.booking.reference,
        is_frozen=ticket.booking.sale.frozen_at is not None,
    )
    return replace(card, code="", url="", qr_url="", status="empty") if ticket.stays_empty else card
