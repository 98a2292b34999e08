from django.urls import path, register_converter

from reservations.views import (
    bookings,
    closed_showtimes,
    facts_file,
    favorites,
    find_booking,
    groups,
    links,
    papers,
    party_codes,
    seats,
    shared_blocks,
    tickets_offline,
    told_needs,
    transfers,
    waiting,
)


class ReferenceConverter:
    regex = "[A-Za-z0-9]{4}-[A-Za-z0-9]{4}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


class CodeConverter:
    regex = "[A-Za-z0-9_-]{20,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ReferenceConverter, "reference")
register_converter(CodeConverter, "code")

urlpatterns = [
    path("closed/", closed_showtimes.closed_show, name="closed_show"),
    path("closed/<str:code>/", closed_showtimes.open_closed_show, name="open_closed_show"),
    path("showtimes/<int:showtime_id>/", seats.seat_map, name="seat_map"),
    path("seats/<int:plan_id>/<slug:version>.json", facts_file.seat_facts, name="seat_facts"),
    path("showtimes/<int:showtime_id>/seats/", seats.seats, name="seats"),
    path("showtimes/<int:showtime_id>/extend/", seats.extend, name="extend"),
    path("showtimes/<int:showtime_id>/release/", seats.release, name="release_hold"),
    path("showtimes/<int:showtime_id>/best/", seats.best, name="best"),
    path("showtimes/<int:showtime_id>/events/", seats.events, name="events"),
    path("showtimes/<int:showtime_id>/waiting/", waiting.waiting_list, name="waiting_list"),
    path("showtimes/<int:showtime_id>/group/", shared_blocks.share_seats, name="share_seats"),
    path("showtimes/<int:showtime_id>/group/<code:code>/", shared_blocks.shared_seats, name="shared_seats"),
    path("groups/<code:code>/", groups.group, name="group"),
    path("waiting/<code:code>/", waiting.waiting_entry, name="waiting_entry"),
    path("waiting/<code:code>/leave/", waiting.leave_waiting_list, name="leave_waiting_list"),
    path("movies/<slug:slug>/tell-me/", favorites.favorite_movie, name="favorite_movie"),
    path("series/<slug:slug>/tell-me/", favorites.favorite_series, name="favorite_series"),
    path("favorites/<code:code>/", favorites.favorite, name="favorite"),
    path("favorites/<code:code>/leave/", favorites.leave, name="leave_favorite"),
    path("find-booking/", find_booking.find_booking, name="find_booking"),
    path("bookings/", bookings.bookings, name="bookings"),
    path("bookings/<reference:reference>/", bookings.booking, name="booking"),
    path("bookings/<reference:reference>/calendar.ics", bookings.booking_calendar, name="booking_calendar"),
    path("bookings/<reference:reference>/tickets.pdf", bookings.booking_pdf, name="booking_pdf"),
    path("bookings/<reference:reference>/receipt.pdf", papers.receipt, name="receipt"),
    path("bookings/<reference:reference>/credit-notes/<int:position>.pdf", papers.credit_note, name="credit_note"),
    path(
        "bookings/<reference:reference>/exchanges/<int:position>.pdf", papers.exchange_receipt, name="exchange_receipt"
    ),
    path("bookings/<reference:reference>/codes/", party_codes.choose_codes, name="choose_codes"),
    path("bookings/<reference:reference>/needs/", told_needs.booking_needs, name="booking_needs"),
    path("bookings/<reference:reference>/link/", links.renew_link, name="renew_link"),
    path("bookings/<reference:reference>/<code:secret>/", links.booking_by_link, name="booking_by_link"),
    path("bookings/<reference:reference>/send-again/", links.send_tickets_again, name="send_tickets_again"),
    path("tickets/worker.js", tickets_offline.worker, name="ticket_worker"),
    path("tickets/<code:code>/", bookings.ticket, name="ticket"),
    path("tickets/<code:code>/transfer/", transfers.transfer, name="transfer"),
    path("tickets/<code:code>/needs/", transfers.ticket_needs, name="ticket_needs"),
    path("transfers/<code:code>/", transfers.take_transfer, name="take_transfer"),
    path("tickets/<code:code>.svg", bookings.ticket_qr, name="ticket_qr"),
    path("tickets/<code:code>.pdf", bookings.ticket_pdf, name="ticket_pdf"),
    path("tickets/<code:code>.ics", bookings.ticket_calendar, name="ticket_calendar"),
]
