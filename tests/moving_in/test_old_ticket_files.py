"""Files of other systems: encodings, separators, column names, dates, amounts and seats as people write them."""

from datetime import UTC, date
from decimal import Decimal

import pytest
from django.utils import timezone

from payments.books.moving_in import preview_moving_in
from reservations.moving_in.old_ticket_files import OldFileRefused, decode_old_tickets, read_old_tickets
from reservations.moving_in.old_ticket_reading import LineRefused, read_amount, read_moment
from tests.clock import evening
from tests.factories import make_movie, make_theater
from tests.moving_in.old_files import old_file, old_line

GERMAN = "Strichcode;Kinosaal;Datum;Uhrzeit;Film;Reihe;Platz;Ticketart;Preis;Buchungsnummer"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_in_any_usual_encoding(encoding):
    assert decode_old_tickets("Æon Flux, Straße, 12 €".encode(encoding)).lstrip("\ufeff") == "Æon Flux, Straße, 12 €"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_usual_separator_and_line_end(separator, end):
    text = end.join(
        [
            separator.join(["Barcode", "Screen", "Date time", "Film", "Seat"]),
            separator.join(["007", "1", "x", "y", "C7"]),
        ]
    )
    (line,) = read_old_tickets(text).lines
    assert (line.number, line.cell("barcode"), line.cell("auditorium"), line.cell("seat")) == (2, "007", "1", "C7")


def test_what_keeps_a_spreadsheet_from_spoiling_a_barcode_is_no_part_of_it():
    file = old_file('"=""0042""",S,d,m,A1,,,,,', "'+49-7,S,d,m,A2,,,,,", "'tis,S,d,m,A3,,,,,", "'007,S,d,m,A4,,,,,")
    assert [line.cell("barcode") for line in file.lines] == ["0042", "+49-7", "'tis", "007"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing in this file"),
        (
            "barcode,seat\n1,A1",
            "These columns are missing: auditorium, movie, starts. The file has: barcode, seat. All",
        ),
        ("movie,auditorium,starts", "only a line with the names"),
        ("Movie,movie,auditorium,starts\na,b,c,d", "Two columns say the same thing: movie"),
        ("a\0b", "not a text file"),
    ],
)
def test_a_file_that_says_nothing_is_refused_with_the_reason(text, says):
    with pytest.raises(OldFileRefused, match=says):
        read_old_tickets(text)


EXPORTS = {
    # Headers as other systems export them, a line, and what is read of it.
    "separate moment and status": (
        "Booking Number,Ticket Barcode,Film,Screen,Session Date,Session Time,Seat,Ticket Type,Ticket Price,Status",
        "V1,000417,Kid,One,04/12/2026,8:00 PM,A1,Adult,€12.50,Sold",
        {"order": "V1", "barcode": "000417", "date": "04/12/2026", "time": "8:00 PM", "seat": "A1", "price": "€12.50"},
        [],
    ),
    "two numbers": (
        "OrderNo,PerfDate,PerfTime,ScreenName,EventName,SeatRow,SeatNo,PriceType,Value,Ticket Number,Barcode",
        "7,05/12/2026,17:00,One,Kid,C,7,Adult,12.50,9,0007",
        {"order": "7", "auditorium": "One", "movie": "Kid", "row": "C", "seat": "7", "price": "12.50", "barcode": "0007"},
        ["Ticket Number"],
    ),
    "german": (
        "Ticketnr.,Veranstaltung,Saal,Termin,Reihe,Sitz,Kategorie,Brutto,Barcode,Besteller",
        "1,Kid,One,So. 06.12.2026 20:00 Uhr,D,3,Kind,12.50,0012,Ada",
        {"movie": "Kid", "starts": "So. 06.12.2026 20:00 Uhr", "row": "D", "seat": "3", "type": "Kind", "name": "Ada"},
        ["Ticketnr."],
    ),
    "seat by name and by number": (
        "Order code,Product,Ticket secret,Seat name,Seat zone,Seat row,Seat number,Start date,Screen,Event",
        "A,Adult,wz4q,\"Row E, Seat 1\",Stalls,E,1,2026-12-07T20:00:00+00:00,One,Kid",
        {"section": "Stalls", "row": "E", "seat": "1", "barcode": "wz4q", "type": "Adult"},
        ["Seat name"],
    ),
    "seat by name alone": (
        "Ticket secret,Seat name,Seat number,Start,Screen,Event", "w,C7,7,x,One,Kid", {"seat": "C7"}, ["Seat number"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("names", "line", "cells", "not_read"), EXPORTS.values(), ids=EXPORTS)
def test_exports_of_other_systems_are_read_as_they_are(names, line, cells, not_read):
    file = read_old_tickets(f"{names}\n{line}\n")
    assert {name: file.lines[0].cell(name) for name in cells} == cells
    assert list(file.unknown_columns) == not_read


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("12.50", "12.50"),
        ("12,5", "12.5"),
        ("£ 1,250.00", "1250.00"),
        ("1.250,00 €", "1250.00"),
        ("1'250.-", "1250"),
        ("1.250.000", "1250000"),
        ("1,25,000", "125000"),
        ("12,5000", "12.5"),
        ("12.500000", "12.5"),
        ("1.250,5000", "1250.5"),
        ("1,250.000", "1250"),
        ("1 250,50", "1250.5"),
        ("0.500", "0.5"),
        ("1250,000", "1250"),
        (".50", "0.5"),
        ("Fr.20", "20"),
        ("-.50", "-0.5"),
        ("9", "9"),
    ],
)
def test_amounts(written, amount):
    assert read_amount(written) == Decimal(amount)


def test_three_digits_behind_a_single_sign_are_thousands_only_where_the_currency_has_no_decimals():
    assert read_amount("1.250", 0) == 1250
    for written in ("1.250", "12,500 €"):
        with pytest.raises(LineRefused) as refused:
            read_amount(written, 2)
        assert refused.value.sentence == f"“{written}” may be thousands or decimals. Write it with 2 decimals."


@pytest.mark.parametrize("written", ["free", "12.50 13", "1.2,5,5", "1,2345,678"])
def test_what_is_no_amount(written):
    assert read_amount(written) is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "written",
    [
        ("2027-03-14 20:15", "", ""), ("14.03.2027 20:15", "", ""), ("14/03/2027 8:15 PM", "", ""),
        ("2027-03-14T20:15:00Z", "", ""),
        ("", "14.3.2027", "20.15 Uhr"), ("2027/03/14, 20h15", "", ""), ("2027-03-14T21:15+01:00", "", ""),
        ("So. 14.03.2027 20:15 Uhr", "", ""), ("So, 14.03.2027, um 20.15 Uhr", "", ""), ("14/03/27 20:15", "", ""),
        ("14.03.2027 - 20:15", "", ""), ("14.03.2027", "", "20:15"), ("", "14.03.2027 20:15", ""), ("", "", "14.03.2027 20:15"),
    ],
)  # fmt: skip
def test_moments_as_the_clock_of_the_theater_shows_them(written):
    moment = read_moment(make_theater(), *written).astimezone(UTC)
    assert f"{moment:%Y-%m-%d %H:%M}" == "2027-03-14 20:15"


@pytest.mark.django_db
def test_in_america_the_month_stands_first():
    theater = make_theater(country="US", currency="USD", timezone_name="America/New_York")
    moment = read_moment(theater, "03/14/2027 20:15", "", "").astimezone(theater.zone)
    assert moment.date() == date(2027, 3, 14)


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["", "tomorrow", "2027-03-14", "2027-13-01 20:00", "2027-03-14 25:00"])
def test_what_is_no_moment_is_refused(written):
    with pytest.raises(LineRefused, match="is no start"):
        read_moment(make_theater(), written, "", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("seat", "says"),
    [("A3", ""), ("a 3", ""), ("A03", ""), ("Row A, seat 3", ""), ("Reihe A Platz 3", ""), ("Z9", "no seat"),
     ("", "no unreserved places")],
)  # fmt: skip
def test_seats_as_people_write_them(showtime, seat, says):
    file = old_file(old_line(showtime, "b1", f'"{seat}"') if seat else old_line(showtime, "b1", ""))
    (line,) = preview_moving_in(theater=showtime.auditorium.theater, file=file, now=timezone.now()).lines
    assert (says in line.sentence) if says else (line.seat, line.sentence) == ("A3", "")


@pytest.mark.django_db
def test_a_german_file_with_row_and_seat_apart(showtime):
    local = evening(theater=showtime.auditorium.theater)
    assert local == showtime.starts_at
    line = f"0815;{showtime.auditorium.name};{local:%d.%m.%Y};{local:%H:%M};{showtime.movie.title};A;3;Adult;12,50;77"
    file = read_old_tickets(f"{GERMAN}\n{line}")
    assert file.unknown_columns == ()
    (seen,) = preview_moving_in(theater=showtime.auditorium.theater, file=file, now=timezone.now()).lines
    assert (seen.outcome, seen.seat, seen.barcode) == ("NEW", "A3", "0815")


@pytest.mark.django_db
def test_a_movie_is_found_by_its_title_in_another_language_unless_another_is_called_so(showtime):
    showtime.movie.translations = {"de": {"title": "Panzerkreuzer Potemkin"}}
    showtime.movie.save(update_fields=["translations"])
    line = old_line(showtime, "b1", "A3").replace(showtime.movie.title, "Panzerkreuzer POTEMKIN")
    theater = showtime.auditorium.theater
    (seen,) = preview_moving_in(theater=theater, file=old_file(line), now=timezone.now()).lines
    assert (seen.outcome, seen.seat) == ("NEW", "A3")
    make_movie(title="Panzerkreuzer Potemkin")
    (seen,) = preview_moving_in(theater=theater, file=old_file(line), now=timezone.now()).lines
    assert seen.sentence == f"At that time {showtime.auditorium.name} shows {showtime.movie.title}."


@pytest.mark.django_db
def test_two_movies_of_one_name_are_told_apart_by_their_year(showtime):
    make_movie(title=showtime.movie.title, year=1978)
    line = old_line(showtime, "b1", "A3")
    theater = showtime.auditorium.theater
    (seen,) = preview_moving_in(theater=theater, file=old_file(line), now=timezone.now()).lines
    assert seen.outcome == "REFUSED" and "(1978)" in seen.sentence
    named = line.replace(showtime.movie.title, str(showtime.movie))
    (seen,) = preview_moving_in(theater=theater, file=old_file(named), now=timezone.now()).lines
    assert seen.outcome == "NEW"
