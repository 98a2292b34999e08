"""The columns of a file of tickets that another system sold, and what else they are called in such files."""

import unicodedata
from collections.abc import Sequence

# Our name of each column first, then the best of the others. Compared without case, accents, blanks and signs.
COLUMNS: dict[str, tuple[str, ...]] = {
    "barcode": (
        "barcode", "ticket_barcode", "barcode_number", "qr", "qr_code", "secret", "ticket_secret", "strichcode", "ticket_code",
        "code", "ticket_id", "ticket_number", "ticket_no", "ticketnummer", "ticketnr", "kartennummer", "kartennr",
    ),
    "starts": (
        "starts", "starts_at", "start", "date_time", "show_start", "showtime", "showing", "session", "session_date_time",
        "performance", "performance_date_time", "event_start", "start_date_time", "event_date", "performance_date",
        "event_start_date", "start_date", "beginn", "vorstellungsbeginn", "veranstaltungsbeginn", "termin", "vorstellung",
        "datum_uhrzeit",
    ),
    "date": (
        "date", "day", "show_date", "session_date", "perf_date", "datum", "tag", "vorstellungsdatum",
        "vorstellungstag", "spieltag",
    ),
    "time": (
        "time", "start_time", "show_time", "session_time", "perf_time", "performance_time", "event_time", "event_start_time",
        "uhrzeit", "zeit", "startzeit", "anfangszeit", "spielzeit",
    ),
    "auditorium": (
        "auditorium", "auditorium_name", "screen", "screen_name", "hall", "hall_name", "room", "saal", "kinosaal", "raum",
    ),
    "movie": (
        "movie", "movie_title", "movie_name", "film", "film_title", "film_name", "title", "event", "event_name", "feature",
        "production", "titel", "filmtitel", "veranstaltung", "veranstaltungstitel",
    ),
    "version": ("version", "format", "fassung"),
    "section": ("section", "zone", "seat_zone", "seat_section", "block", "area", "bereich", "rang"),
    "row": ("row", "row_name", "row_number", "seat_row", "reihe", "sitzreihe"),
    "seat": (
        "seat", "seat_label", "seat_name", "seat_number", "seat_no", "number", "platz", "sitz", "sitzplatz", "platznummer",
        "sitznummer",
    ),
    "type": (
        "type", "ticket_type", "ticket_type_name", "item", "product", "price_type", "tarif", "preisart", "ticketart", "kartenart",
        "category", "kategorie",
    ),
    "price": (
        "price", "paid", "price_paid", "amount", "gross", "ticket_price", "value", "preis", "betrag", "endpreis", "brutto",
        "bruttopreis",
    ),
    "full_price": (
        "full_price", "list_price", "original_price", "price_before_discount", "face_value", "normalpreis", "vollpreis",
        "listenpreis",
    ),
    "order": (
        "order", "order_number", "order_no", "order_code", "order_id", "booking", "booking_number", "booking_no",
        "booking_reference", "booking_id", "reference", "transaction", "transaction_number", "transaction_id", "bestellung",
        "bestellnummer", "bestellnr", "buchung", "buchungsnummer", "buchungsnr", "auftragsnummer",
    ),
    "email": ("email", "e_mail", "email_address", "mail", "customer_email", "kunden_email"),
    "name": ("name", "customer", "customer_name", "buyer", "attendee_name", "kunde", "kundenname", "besteller"),
    "status": ("status", "ticket_status", "order_status"),
}  # fmt: skip
# Names of the seat column that are better than the others where the row stands in a column of its own.
_BESIDE_A_ROW = {"seat_number", "seat_no", "platznummer", "sitznummer"}


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in decomposed if sign.isalnum())


# Our column for each name, and how good the name is for it: the lowest is the best.
_NAMES = {_plain(name): (column, rank) for column, names in COLUMNS.items() for rank, name in enumerate(names)}
_PREFERRED_BESIDE_A_ROW = {_plain(name) for name in _BESIDE_A_ROW}


def read_columns(names: Sequence[str]) -> list[str]:
    """Our name for each column of a file; '' for one that is not read, because nobody knows it or a better one is there."""
    ranked = [_NAMES.get(_plain(name), ("", 0)) for name in names]
    if any(column == "row" for column, _ in ranked):
        ranked = [
            (column, rank - len(COLUMNS["seat"]) if _plain(name) in _PREFERRED_BESIDE_A_ROW else rank)
            for (column, rank), name in zip(ranked, names, strict=True)
        ]
    best: dict[str, int] = {}
    for column, rank in ranked:
        best[column] = min(rank, best.get(column, rank))
    return [column if rank == best[column] else "" for column, rank in ranked]
