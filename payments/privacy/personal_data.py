"""The stored data of a person as plain values, for a file and for a page.

Moments by ISO 8601 in UTC, amounts as decimals. Notes of staff and secrets (passwords, codes of links) are left out.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from accounts.selectors import account_data, verified_emails
from payments.models import Payment
from reservations.groups.group_blocks import data_of_groups
from reservations.links.booking_access import claim_bookings
from reservations.models import Booking, Favorite, OutgoingMail, SharedBlock, Ticket, WaitingEntry
from sales.models import Sale


def data_of_account(user: User) -> dict[str, Any]:
    """The account and everything bought with it, also as a guest with one of its verified addresses."""
    claim_bookings(user_id=user.pk, emails=verified_emails(user.pk))
    sales = data_of_sales(Sale.objects.filter(user=user))
    return {
        "account": account_data(user),
        "sales": sales,
        "waiting_lists": _waiting_lists(user),
        "favorites": _favorites(user),
        "held_for_friends": _held_for_friends(user),
        "groups": _groups(user),
    }


def _groups(user: User) -> list[dict[str, Any]]:
    """Export the group seats for which this person is the contact."""
    blocks = data_of_groups(verified_emails(user.pk)).select_related("showtime__movie").prefetch_related("seats")
    return [
        {
            "name": block.name,
            "email": block.contact,
            "movie": block.showtime.movie.title,
            "starts_at": _moment(block.showtime.starts_at),
            "seats": sorted(seat.label for seat in block.seats.all()),
            "until": _moment(block.until),
        }
        for block in blocks
    ]


def _held_for_friends(user: User) -> list[dict[str, Any]]:
    """Export the seats this person holds for friends, without the friends' names."""
    mine = SharedBlock.objects.filter(user=user).select_related("showtime__movie").order_by("-pk")
    return [
        {
            "movie": block.showtime.movie.title,
            "starts_at": _moment(block.showtime.starts_at),
            "first_name": block.name,
            "email": block.email,
            "seats": block.labels,
            "held_at": _moment(block.made_at),
        }
        for block in mine
    ]


def _favorites(user: User) -> list[dict[str, Any]]:
    mine = Favorite.objects.filter(user=user).select_related("contact", "movie", "series", "theater").order_by("-pk")
    return [
        {
            "movie": favorite.movie.title if favorite.movie else "",
            "series": favorite.series.name if favorite.series else "",
            "theater": favorite.theater.name if favorite.theater else "",
            "email": favorite.contact.email,
            "asked_at": _moment(favorite.created_at),
            "told_at": _moment(favorite.told_at),
            "ended_at": _moment(favorite.ended_at),
        }
        for favorite in mine
    ]


def _waiting_lists(user: User) -> list[dict[str, Any]]:
    entries = WaitingEntry.objects.filter(user=user).select_related("contact", "showtime__movie").order_by("-pk")
    return [
        {
            "movie": entry.showtime.movie.title,
            "starts_at": _moment(entry.showtime.starts_at),
            "email": entry.contact.email,
            "seats": entry.count,
            "wheelchair_spaces": entry.wheelchairs,
            "no_steps": entry.is_step_free,
            "hearing_loop": entry.has_hearing_loop,
            "armrest_that_lifts": entry.has_lifting_armrest,
            "near_exit": entry.is_near_exit,
            "beside_aisle": entry.is_beside_aisle,
            "changes_from_wheelchair": entry.has_transfer,
            "assistance_dog": entry.has_dog,
            "section": entry.section,
            "numbered_seats_only": entry.is_numbered,
            "until": _moment(entry.until),
            "status": entry.status,
            "joined_at": _moment(entry.joined_at),
        }
        for entry in entries
    ]


def data_of_sales(sales: QuerySet[Sale]) -> list[dict[str, Any]]:
    """Export the sales, newest first."""
    tickets = Ticket.objects.select_related("seat").order_by("pk")
    bookings = Booking.objects.select_related(
        "hold", "promo_code", "showtime__movie", "showtime__auditorium__theater"
    ).prefetch_related(Prefetch("tickets", tickets), Prefetch("mails", _mails_to_customers()))
    found = sales.select_related("theater", "contact").prefetch_related(
        Prefetch("bookings", bookings.order_by("pk")),
        Prefetch("payments", Payment.objects.order_by("pk").prefetch_related("refunds")),
        "papers",
    )
    return [_sale(sale) for sale in found.order_by("-pk")]


def _mails_to_customers() -> QuerySet[OutgoingMail]:
    return OutgoingMail.objects.filter(contact__isnull=False).select_related("contact").order_by("pk")


def _sale(sale: Sale) -> dict[str, Any]:
    return {
        "reference": sale.reference,
        "theater": sale.theater.name,
        "email": sale.contact.email,
        "name_on_payment": sale.contact.payer_name,
        "needs_told_to_staff": sale.contact.told_needs,
        "channel": sale.channel,
        "bought_at": _moment(sale.created_at),
        "language": sale.language,
        "total": str(sale.total),
        "currency": sale.currency,
        "owed_back": str(sale.refund_due),
        "terms": sale.terms,
        "bookings": [_booking(booking) for booking in sale.bookings.all()],
        "payments": [_payment(payment) for payment in sale.payments.all()],
        "papers": [{"number": paper.name, "issued_at": _moment(paper.issued_at)} for paper in sale.papers.all()],
        "mails": _mails(sale.bookings.all()),
    }


def _booking(booking: Booking) -> dict[str, Any]:
    showtime = booking.showtime
    return {
        "movie": showtime.movie.title,
        "starts_at": showtime.starts_at.astimezone(showtime.auditorium.theater.zone).isoformat(),
        "auditorium": showtime.auditorium.name,
        "status": booking.status,
        "promo_code": booking.promo_code.code if booking.promo_code else "",
        "network_address_of_hold": booking.hold.address,
        "tickets": [
            {
                "seat": ticket.seat.label,
                "type": ticket.type_name,
                "price": str(ticket.price),
                "price_made_of": ticket.price_text,
                "status": ticket.status,
                "code": "" if ticket.given_at or ticket.stays_empty else ticket.code,
            }
            for ticket in booking.tickets.all()
        ],
    }


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "amount": str(payment.amount),
        "currency": payment.currency,
        "method": payment.method,
        "status": payment.status,
        "begun_at": _moment(payment.created_at),
        "ended_at": _moment(payment.ended_at),
        "card_last_digits": payment.card_last4,
        "card_fingerprint": payment.card,
        "network_address": payment.address,
        "reference_at_provider": payment.provider_id or "",
        "refunds": [
            {
                "amount": str(refund.amount),
                "currency": refund.currency,
                "status": refund.status,
                "reference_for_your_bank": refund.bank_reference,
                "asked_for_at": _moment(refund.created_at),
                "ended_at": _moment(refund.ended_at),
            }
            for refund in payment.refunds.all()
        ],
    }


def _mails(bookings: Iterable[Booking]) -> list[dict[str, Any]]:
    return [
        {
            "about": mail.kind,
            "to": mail.recipient,
            "written_at": _moment(mail.created_at),
            "sent_at": _moment(mail.sent_at),
        }
        for booking in bookings
        for mail in booking.mails.all()
    ]


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()
