"""The columns of a file of tickets that another system sold, and what else they are called in such files."""

import unicodedata

# Our name of each column first. Compared without case, accents, blanks and signs.
COLUMNS: dict[str, tuple[str, ...]] = {
    "barcode": (
        "barcode", "ticket_barcode", "ticket_code", "ticket_id", "ticket_number", "qr", "qr_code", "secret", "ticket_secret",
        "strichcode", "ticketnummer", "kartennummer", "code",
    ),
    "starts": (
        "starts", "starts_at", "start", "date_time", "show_start", "event_date", "performance", "performance_date",
        "beginn", "vorstellungsbeginn", "datum_uhrzeit",
    ),
    "date": ("date", "day", "show_date", "datum", "tag", "vorstellungsdatum"),
    "time": ("time", "start_time", "show_time", "uhrzeit", "zeit"),
    "auditorium": ("auditorium", "screen", "screen_name", "hall", "room", "saal", "kinosaal", "raum"),
    "movie": ("movie", "movie_title", "film", "film_title", "title", "event", "event_name", "titel", "filmtitel"),
    "version": ("version", "format", "fassung"),
    "section": ("section", "zone", "block", "area", "bereich", "rang"),
    "row": ("row", "row_name", "row_number", "reihe"),
    "seat": ("seat", "seat_label", "seat_name", "seat_number", "seat_no", "number", "platz", "sitz", "sitzplatz", "platznummer"),
    "type": ("type", "ticket_type", "item", "price_type", "tarif", "preisart", "ticketart", "kartenart"),
    "price": ("price", "paid", "amount", "gross", "ticket_price", "preis", "betrag", "endpreis"),
    "full_price": (
        "full_price", "list_price", "original_price", "price_before_discount", "face_value", "normalpreis", "vollpreis",
        "listenpreis",
    ),
    "order": (
        "order", "order_number", "order_code", "order_id", "booking", "booking_number", "booking_reference", "reference",
        "transaction", "bestellung", "bestellnummer", "buchung", "buchungsnummer",
    ),
    "email": ("email", "e_mail", "email_address", "mail", "customer_email", "kunden_email"),
    "name": ("name", "customer", "customer_name", "buyer", "attendee_name", "kunde", "kundenname"),
}  # fmt: skip


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


_NAMES = {_plain(name): column for column, names in COLUMNS.items() for name in names}


def column_called(name: str) -> str:
    """Return our name of a column in the file; '' for a column that we do not know."""
    return _NAMES.get(_plain(name), "")
