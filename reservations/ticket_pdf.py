"""A ticket to print: one small page with the facts of the screen, made without system libraries."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from core.money import format_money
from reservations.qr_codes import qr_png
from reservations.selectors.bookings import TicketCard
from theaters.seat_labels import seat_words
from theaters.selectors import ShowtimeFacts

MARGIN = 9 * mm
QR_SIZE = 46 * mm
# A font every PDF reader brings for what Latin-1 does not have; ours draws the rest.
WIDE_FONT = "HeiseiKakuGo-W5"


@dataclass(frozen=True)
class TicketPage:
    """What stands on the page of one ticket."""

    ticket: TicketCard
    showtime: ShowtimeFacts
    qr_content: str


def ticket_pdf(*, ticket: TicketCard, showtime: ShowtimeFacts, qr_content: str) -> bytes:
    """One A6 page."""
    return tickets_pdf([TicketPage(ticket, showtime, qr_content)])


def tickets_pdf(pages: Sequence[TicketPage]) -> bytes:
    """An A6 page for each ticket."""
    pdfmetrics.registerFont(UnicodeCIDFont(WIDE_FONT))
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A6, invariant=True)
    seats = ", ".join(seat_words(page.ticket) for page in pages)
    canvas.setTitle(f"{pages[0].showtime.movie_title}, {seats}")
    for page in pages:
        _draw(canvas, page.ticket, page.showtime, page.qr_content)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(page: Canvas, ticket: TicketCard, showtime: ShowtimeFacts, qr_content: str) -> None:
    width, height = A6
    y = height - MARGIN
    for size, leading, text in _lines(ticket, showtime):
        font = _font(text, is_bold=size > 10)
        for line in simpleSplit(text, font, size, width - 2 * MARGIN):
            y -= leading
            page.setFont(font, size)
            page.drawString(MARGIN, y, line)
    code = ImageReader(BytesIO(qr_png(qr_content)))
    page.drawImage(code, (width - QR_SIZE) / 2, MARGIN + 4 * mm, QR_SIZE, QR_SIZE)
    page.setFont("Helvetica", 7)
    page.drawCentredString(width / 2, MARGIN, ticket.code)
    page.drawCentredString(width / 2, MARGIN - 3.5 * mm, f"Booking {ticket.reference}")


def _lines(ticket: TicketCard, showtime: ShowtimeFacts) -> list[tuple[int, int, str]]:
    """Size, leading and text, from the top."""
    starts = showtime.starts_at
    night = f" ({showtime.night_note})" if showtime.night_note else ""
    kind = f"{ticket.type_name}, {ticket.category_label}"
    off = f" ({ticket.discount_text})" if ticket.discount else ""
    section = f"{ticket.section}, " if ticket.section else ""
    return [
        (9, 10, showtime.theater_name),
        (18, 21, showtime.movie_title),
        (9, 12, ", ".join(filter(None, [showtime.version, showtime.note]))),
        (12, 17, f"{starts:%H:%M}, {starts:%A} {starts.day} {starts:%B %Y}{night}"),
        (14, 20, f"{section}Row {ticket.row}, seat {ticket.number}"),
        (9, 13, f"{showtime.auditorium_name}. {kind}, {format_money(ticket.price, ticket.currency)}{off}"),
        (9, 12, showtime.address),
    ]


def _font(text: str, *, is_bold: bool) -> str:
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return WIDE_FONT
    return "Helvetica-Bold" if is_bold else "Helvetica"
