"""Files as other ticket systems write them."""

from reservations.moving_in.old_ticket_files import read_old_tickets
from tests.clock import evening

HEADER = "barcode,auditorium,starts,movie,seat,type,price,order,email,name"


def old_line(showtime, barcode, seat, *, kind="Adult", price="12.50", order="", email="", name="") -> str:
    local = showtime.starts_at.astimezone(showtime.auditorium.theater.zone)
    return ",".join(
        [
            barcode,
            showtime.auditorium.name,
            f"{local:%Y-%m-%d %H:%M}",
            showtime.movie.title,
            seat,
            kind,
            price,
            order,
            email,
            name,
        ]
    )


def old_file(*lines, header=HEADER):
    return read_old_tickets("\n".join([header, *lines]))


def line_of_new_show(auditorium, movie, *, barcode="", seat="", days=5) -> str:
    local = evening(days, theater=auditorium.theater)
    return ",".join(
        [barcode, auditorium.name, f"{local:%Y-%m-%d %H:%M}", movie.title, seat, "Adult", "12.50", "", "", ""]
    )
