"""Renders mails: text and HTML with the same facts, and the QR codes inside. Imports models and selectors only."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from core.clock import in_zone
from core.house_facts import current_house, speaking_for
from core.letters.mail_rendering import mail_headers, mail_language, render_mail, render_subject, signed
from core.letters.mailboxes import same_mailbox
from houses.selectors import house_facts
from reservations.access import booking_secret, mailbox_code
from reservations.letters.calendar_files import booking_visit, calendar_file
from reservations.models import Booking, BookingAccess, Cancellation, Exchange, OutgoingMail, Paper, SwappedTicket
from reservations.pdf.papers import paper_pdf
from reservations.qr_codes import qr_png
from reservations.selectors.bookings import BookingPage, TicketCard, booking_page
from reservations.selectors.cancellation import cancellation_facts
from reservations.selectors.change_offers import side_text
from reservations.selectors.party_codes import PartyCard
from reservations.states import BookingStatus, CodePurpose, MailKind, TicketStatus
from sales.states import PaidWith
from theaters.seat_labels import label_in_words, labels_in_words
from theaters.selectors import ShowtimeFacts, other_showtimes, showtime_facts
from theaters.states import ChangeKind, ShowtimeStatus

TEMPLATES = {
    MailKind.CONFIRMATION: "mail/confirmation",
    MailKind.APOLOGY: "mail/apology",
    MailKind.CANCELLATION: "mail/cancellation",
    MailKind.REFUND: "mail/refund",
    MailKind.CODE: "mail/code",
    MailKind.RESENT: "mail/confirmation",
    MailKind.ADDRESS_LEFT: "mail/address_left",
    MailKind.ADDRESS_NEW: "mail/address_new",
    MailKind.REFUND_ALERT: "mail/refund_alert",
    MailKind.CALLED_OFF: "mail/called_off",
    MailKind.MOVED: "mail/moved",
    MailKind.MONEY_ALERT: "mail/money_alert",
    MailKind.SWAPPED: "mail/swapped",
    MailKind.EXCHANGED: "mail/exchanged",
    MailKind.NO_EXCHANGE: "mail/no_exchange",
    MailKind.GIVEN: "mail/given",
    MailKind.LINK: "mail/link",
    MailKind.FOUND: "mail/found",
    MailKind.MESSAGE: "mail/message",
    MailKind.RECEIPT: "mail/receipt",
}
WITH_TICKETS = {MailKind.CONFIRMATION, MailKind.RESENT, MailKind.SWAPPED, MailKind.EXCHANGED}
WITH_CALENDAR = {*WITH_TICKETS, MailKind.MOVED, MailKind.CALLED_OFF, MailKind.CANCELLATION}
TO_STAFF = {MailKind.REFUND_ALERT, MailKind.MONEY_ALERT}


@dataclass(frozen=True)
class MailTicket(TicketCard):
    qr_cid: str = ""


class MailWithPictures(EmailMultiAlternatives):
    """A mail whose pictures belong to the HTML part (multipart/related). Beside the text they would be attachments, and
    many programs would show a broken picture in the HTML. Attachments are in the outer part.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Content-ID without brackets, PNG, file name.
        self.pictures: list[tuple[str, bytes, str]] = []

    def message(self, **options: Any) -> EmailMessage:
        made: EmailMessage = super().message(**options)
        html: Any = made.get_body(("html",))
        for cid, png, name in self.pictures:
            html.add_related(png, maintype="image", subtype="png", cid=f"<{cid}>", filename=name, disposition="inline")
        return made


def compose(mail: OutgoingMail, *, now: datetime, site_url: str) -> EmailMultiAlternatives:
    """Render a mail of the outbox in its reader's language."""
    booking = Booking.objects.with_names().with_tickets().get(pk=mail.booking_id)
    if mail.kind in TO_STAFF:
        with mail_language(settings.LANGUAGE_CODE):
            return _composed(mail, booking, now=now, site_url=site_url)
    house = house_facts(booking.showtime.auditorium.theater.house_id)
    with mail_language(booking.sale.language), speaking_for(house):
        return _composed(mail, booking, now=now, site_url=house.site_url)


def _composed(mail: OutgoingMail, booking: Booking, *, now: datetime, site_url: str) -> EmailMultiAlternatives:
    page = _page(booking, now=now, site_url=site_url, to=mail.recipient)
    if mail.kind in WITH_TICKETS:
        # Tickets that were canceled before the mail was sent, or sent again, are left out.
        page = replace(page, tickets=tuple(ticket for ticket in page.tickets if ticket.is_valid or ticket.stays_empty))
    template = TEMPLATES[MailKind(mail.kind)]
    others = _other_showtimes_of_sale(booking, now=now)
    left = _left_by_exchange(mail, booking)
    context = {"booking": page, "site_url": site_url, "others_of_sale": others, **_facts(mail, booking, now)}
    if left is not None:
        context["left"] = showtime_facts(left.showtime, now=now)
    message = MailWithPictures(
        subject=render_subject(f"{template}_subject.txt", context),
        body=signed(
            render_mail(f"{template}.txt", context)
            + (render_mail("mail/others_of_sale.txt", context) if others else "")
        ),
        from_email=current_house().from_email,
        to=[mail.recipient],
        reply_to=_answers_go_to(mail, booking),
        headers=mail_headers(mail.message_key, site_url=site_url),
    )
    message.attach_alternative(render_mail(f"{template}.html", context), "text/html")
    if mail.kind in WITH_TICKETS:
        shown: list[TicketCard | PartyCard] = [one for one in page.tickets if one.code and not one.is_in_party]
        if page.party is not None:
            shown.insert(0, page.party)
        for number, card in enumerate(shown):
            name = card.label if isinstance(card, TicketCard) else f"code-{number}"
            message.pictures.append((_qr_cid(card), qr_png(site_url + card.url), f"{name}.png"))
    if mail.kind in WITH_CALENDAR:
        is_off = mail.kind == MailKind.CALLED_OFF or booking.status == BookingStatus.CANCELED
        _attach_calendar(message, booking, page, site_url=site_url, is_off=is_off)
    if left is not None:
        is_off = left.status == BookingStatus.CANCELED
        left_page = _page(left, now=now, site_url=site_url, to=mail.recipient)
        _attach_calendar(message, left, left_page, site_url=site_url, is_off=is_off)
    if mail.kind == MailKind.RECEIPT:
        paper = Paper.objects.get(pk=mail.facts["paper"])
        message.attach(current_house().file_name(paper.name, "pdf"), paper_pdf(paper), "application/pdf")
    return message


def _qr_cid(ticket: TicketCard | PartyCard) -> str:
    return f"{ticket.code}@tickets"


def _answers_go_to(mail: OutgoingMail, booking: Booking) -> list[str]:
    """Return the Reply-To address: the theater's, else the house's, else none."""
    address = booking.showtime.auditorium.theater.reply_to or current_house().reply_to
    return [] if mail.kind in TO_STAFF or not address else [address]


def _facts(mail: OutgoingMail, booking: Booking, now: datetime) -> dict[str, Any]:
    """Collect what a mail of this kind says besides the facts of its booking."""
    if mail.kind == MailKind.CANCELLATION:
        cancellation = Cancellation.objects.get(pk=mail.facts["about"])
        cancellation.booking = booking
        return {"cancellation": cancellation_facts(cancellation)}
    if mail.kind in {MailKind.REFUND, MailKind.NO_EXCHANGE}:
        # Money that was paid in another currency goes back in that one.
        by_hand = mail.facts.get("method") in PaidWith.values
        money = {"amount": Decimal(mail.facts["amount"]), "currency": mail.facts["currency"]}
        return {**money, "by_hand": by_hand, "still_good": _still_good(booking)}
    if mail.kind in {MailKind.MOVED, MailKind.CALLED_OFF}:
        return {"change": _change(mail.facts, booking.showtime.auditorium.theater.zone)}
    if mail.kind == MailKind.APOLOGY:
        return {"others": other_showtimes(booking.showtime, now=now)}
    if mail.kind == MailKind.CODE:
        access = BookingAccess.objects.select_related("booking__sale__contact").get(pk=mail.facts["access"])
        purpose = mail.facts.get("purpose")
        return {
            "code": mailbox_code(access),
            "is_about_data": purpose == CodePurpose.DATA,
            "is_about_sharing": purpose == CodePurpose.SHARE,
        }
    return {"facts": mail.facts, "swaps": _swaps(mail) if mail.kind == MailKind.SWAPPED else []}


def _still_good(booking: Booking) -> str:
    """Name the seats of valid tickets in the reader's language; '' when there are none."""
    is_on = booking.status == BookingStatus.CONFIRMED and booking.showtime.status == ShowtimeStatus.PUBLISHED
    valid = [one for one in booking.tickets.all() if one.status == TicketStatus.VALID]
    good = [one for one in valid if one.given_at is None and not one.is_empty_place]
    return labels_in_words(one.seat.label for one in good) if is_on and booking.sale.frozen_at is None else ""


def _change(facts: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    """What changed, in the current language. Mails that the release before wrote hold its words.

    Raises ValueError for a kind of the next release, whose workers send that mail later.
    """
    until = facts.get("offer_until")
    sides = {name: facts[name] for name in ("before", "after") if name in facts}
    texts: dict[str, Any] = {
        name: side if isinstance(side, str) else side_text(ChangeKind(facts["kind"]), side, zone)
        for name, side in sides.items()
    }
    return {**facts, **texts, "until": until and in_zone(datetime.fromisoformat(until), zone)}


def _swaps(mail: OutgoingMail) -> list[tuple[str, str]]:
    """Return the seats of a swap as pairs: before and after."""
    lines = SwappedTicket.objects.filter(swap=mail.facts["about"]).select_related("old_seat", "new_seat")
    return [(label_in_words(line.old_seat.label), label_in_words(line.new_seat.label)) for line in lines]


def _page(booking: Booking, *, now: datetime, site_url: str, to: str) -> BookingPage:
    """The address of the booking's page: the secret link only in mails to its own address, not to staff or an earlier
    address.
    """
    path = reverse("booking_by_link", args=[booking.reference, booking_secret(booking)])
    link = site_url + path if same_mailbox(to) == same_mailbox(booking.email) else ""
    page = booking_page(booking, now=now, link=link)
    tickets = tuple(MailTicket(**asdict(ticket), qr_cid=_qr_cid(ticket)) for ticket in page.tickets)
    return replace(page, tickets=tickets)


def _other_showtimes_of_sale(booking: Booking, *, now: datetime) -> list[ShowtimeFacts]:
    """The other showtimes of the sale, which a mail about one booking names."""
    if not booking.is_one_of_several:
        return []
    others = Booking.objects.filter(sale=booking.sale_id).exclude(pk=booking.pk).with_names()
    return [showtime_facts(other.showtime, now=now) for other in others.order_by("showtime__starts_at", "pk")]


def _left_by_exchange(mail: OutgoingMail, booking: Booking) -> Booking | None:
    """The booking whose tickets were given for those of this mail, at another showtime: its calendar entry changes too."""
    if mail.kind == MailKind.CONFIRMATION:
        exchange = Exchange.objects.filter(made_booking=booking).first()
    elif mail.kind == MailKind.EXCHANGED:
        exchange = Exchange.objects.filter(pk=mail.facts["about"]).exclude(booking=booking).first()
    else:
        exchange = None
    if exchange is None:
        return None
    return Booking.objects.with_names().with_tickets().get(pk=exchange.booking_id)


def _attach_calendar(
    message: EmailMultiAlternatives, booking: Booking, page: BookingPage, *, site_url: str, is_off: bool
) -> None:
    visit = booking_visit(booking, page, site_url=site_url)
    message.attach(current_house().file_name(visit.name, "ics"), calendar_file(visit, is_off=is_off), "text/calendar")
