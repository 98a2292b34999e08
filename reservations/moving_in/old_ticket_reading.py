"""Finds the showtime, seat and ticket type of each line in a file of old tickets. Nothing is written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from core.letters.mailboxes import clean_address
from core.money import decimals, in_coins
from core.refusals import Refusal
from core.texts.search_text import folded
from houses.models import Theater
from reservations.models.moved_in import LONGEST_BARCODE
from reservations.moving_in.old_ticket_files import OldTicketLine
from theaters.models import Auditorium, Movie, Seat, SeatingPlan, Showtime, TicketType
from theaters.plans.plans import current_plans
from theaters.schedule.wall_clock import wall_moment
from theaters.seat_labels import clean_label, is_place, row_and_number
from theaters.states import ShowtimeStatus

DATE = re.compile(
    r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})|(?P<a>\d{1,2})(?P<sign>[./])(?P<b>\d{1,2})[./](?P<year>\d{4}|\d{2})\b"
)
TIME = re.compile(
    r"(?:(?:um|at)\s+)?(?P<h>\d{1,2})(?:[:.h](?P<min>\d{2}))?(?::\d{2}(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?)?(?:\s*uhr)?",
    re.IGNORECASE,
)
IN_WORDS = re.compile(r"(?:row|reihe|r)[.:]?\s*(\w{1,4})\W+(?:seat|platz|sitz|nr|s)[.:]?\s*(\d{1,3})", re.IGNORECASE)
# A sign before the first digit counts unless it ends a word: .50 is a half, Fr.20 is twenty.
AMOUNT = re.compile(r"-?(?:(?<![^\W\d_])[.,](?=\d))?\d[\d.,'\s]*")
# Words before the number of a ticket for an area, which is no seat: "Foyer, Nr. 12".
NUMBER_WORDS = {"nr", "no", "seat", "place", "platz"}
# How other systems write that a ticket has no seat of its own, as `folded` writes it.
FREE_SEATING = {
    "-", "–", "n/a", "none", "ga", "free", "free seating", "free seats", "general admission", "open seating", "unreserved",
    "unnumbered", "not numbered", "no seat", "frei", "freie platzwahl", "freie sitzplatzwahl", "ohne platz",
    "ohne platznummer", "keine", "placement libre", "posto unico",
}  # fmt: skip
MONTH_FIRST = {"US"}
# How other systems write that a ticket is not good, or was never paid for, as `folded` writes it.
NOT_SOLD = {
    "canceled", "cancelled", "refunded", "returned", "void", "voided", "expired", "pending", "unpaid", "storniert", "erstattet",
    "ungultig", "verfallen", "offen", "nicht bezahlt",
}  # fmt: skip
LONGEST_TYPE_NAME = 40
LONGEST_ORDER_NUMBER = 60


class LineRefused(Refusal):
    """A line that cannot be moved in; the sentence says why."""


@dataclass(frozen=True)
class ShowtimeKey:
    auditorium_id: int
    starts_at: datetime


@dataclass(frozen=True)
class OldTicket:
    """A line that was understood. Without a seat it only names a showtime. `remarks`: values that were read in another
    way than written.
    """

    number: int
    key: ShowtimeKey
    movie: Movie
    version: str
    seat: Seat | None = None
    places: tuple[Seat, ...] = ()
    """The places of an area, where the line names no one of them: it gets the first free one."""
    barcode: str = ""
    ticket_type: TicketType | None = None
    type_name: str = ""
    price: Decimal = Decimal(0)
    full_price: Decimal = Decimal(0)
    """Before what the other system took off; the price, where the file does not say it."""
    order: str = ""
    email: str = ""
    name: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def seat_label(self) -> str:
        """The label of the seat, the name of the area where no place is chosen; '' for a showtime alone."""
        return self.seat.label if self.seat else self.area

    @property
    def area(self) -> str:
        return self.places[0].section if self.places else ""

    @property
    def booking_key(self) -> str:
        """Tickets of a showtime with the same key become one booking. Without a number of the old order a sofa is one."""
        if self.order:
            return f"order {self.order}"
        return f"unit {self.seat.unit}" if self.seat and self.seat.unit else f"line {self.number}"


@dataclass
class OldTicketReader:
    """Reads lines for one theater; caches what it looked up."""

    theater: Theater
    auditoriums: Mapping[str, Auditorium]
    movies: Mapping[str, list[Movie]]
    translated: Mapping[str, list[Movie]]
    """Movies by their titles in other languages."""
    types: Mapping[str, TicketType]
    usual_type: TicketType | None
    plans: Mapping[int, SeatingPlan]
    showtimes: dict[ShowtimeKey, Showtime | None] = field(default_factory=dict)
    seats: dict[int, list[Seat]] = field(default_factory=dict)
    areas: dict[int, dict[str, tuple[Seat, ...]]] = field(default_factory=dict)
    """By plan, then by the folded name of the area."""
    moments: dict[tuple[str, str, str], datetime] = field(default_factory=dict)

    @classmethod
    def of(cls, theater: Theater) -> "OldTicketReader":
        auditoriums = list(theater.auditoriums.all())
        movies: dict[str, list[Movie]] = {}
        translated: dict[str, list[Movie]] = {}
        for movie in Movie.objects.works().prefetch_related("versions"):
            for name in {movie.title, movie.original_title, movie.code or "", movie.slug, str(movie)} - {""}:
                movies.setdefault(folded(name), []).append(movie)
            for name in {texts.get("title", "") for texts in movie.translations.values()} - {""}:
                translated.setdefault(folded(name), []).append(movie)
        types = list(theater.ticket_types.order_by("-is_default", "position", "pk"))
        by_name = {folded(name): kind for kind in reversed(types) for name in (kind.code, kind.name)}
        return cls(
            theater,
            {folded(auditorium.name): auditorium for auditorium in auditoriums},
            movies,
            translated,
            by_name,
            types[0] if types else None,
            current_plans(auditoriums),
        )

    def read(self, line: OldTicketLine) -> OldTicket:
        """Read a line. Raises a Refusal with a sentence for the person who uploaded the file."""
        auditorium = self._auditorium(line.cell("auditorium"))
        key = ShowtimeKey(auditorium.pk, self._moment(line))
        movie = self._movie(line.cell("movie"))
        showtime = self.showtime(key)
        if showtime is not None and showtime.movie_id != movie.pk:
            raise LineRefused(gettext("At that time %(auditorium)s shows %(movie)s.") % {
                "auditorium": auditorium.name, "movie": showtime.movie.title,
            })  # fmt: skip
        alone = OldTicket(line.number, key, movie, line.cell("version"))
        if not line.cell("barcode") and not line.cell("seat") and not line.cell("row"):
            return alone
        return self._ticket(line, alone, showtime.plan if showtime else self._plan(auditorium))

    def showtime(self, key: ShowtimeKey) -> Showtime | None:
        """The existing showtime of the line; None if it is missing. Raises LineRefused when it was canceled here."""
        if key not in self.showtimes:
            found = Showtime.objects.with_names().filter(auditorium=key.auditorium_id, starts_at=key.starts_at)
            self.showtimes[key] = next(
                iter(sorted(found, key=lambda showtime: showtime.status == ShowtimeStatus.CANCELED)), None
            )
        showtime = self.showtimes[key]
        if showtime is not None and showtime.status == ShowtimeStatus.CANCELED:
            raise LineRefused(gettext("This showtime was canceled here."))
        return showtime

    def _ticket(self, line: OldTicketLine, alone: OldTicket, plan: SeatingPlan) -> OldTicket:
        barcode = line.cell("barcode")
        if folded(line.cell("status")) in NOT_SOLD:
            raise LineRefused(
                gettext("The old system says “%(status)s” of this ticket.") % {"status": line.cell("status")}
            )
        if not barcode:
            raise LineRefused(gettext("A ticket without a barcode cannot be moved in: nobody could scan it."))
        if len(barcode) > LONGEST_BARCODE:
            raise LineRefused(gettext("A barcode has at most %(most)s signs.") % {"most": LONGEST_BARCODE})
        if self.usual_type is None:
            raise LineRefused(gettext("This theater has no ticket types yet."))
        remarks: list[str] = []
        seat, places = self._seat_or_area(line, plan, remarks)
        written = line.cell("type")
        kind = self.types.get(folded(written), self.usual_type)
        if written and folded(written) not in self.types:
            remarks.append(
                gettext(
                    "“%(written)s” is none of your ticket types: the words stay on the ticket, it counts as %(type)s."
                )
                % {"written": written, "type": kind.name}
            )
        price = self._price(line.cell("price"))
        if not line.cell("price"):
            remarks.append(gettext("Without a price nothing can be given back for it."))
        return OldTicket(
            alone.number, alone.key, alone.movie, alone.version, seat, places, barcode, kind,
            (written or kind.name)[:LONGEST_TYPE_NAME], price, self._full_price(line.cell("full_price"), price, remarks),
            line.cell("order")[:LONGEST_ORDER_NUMBER],
            self._address(line.cell("email"), remarks), line.cell("name")[:200], tuple(remarks),
        )  # fmt: skip

    def _auditorium(self, name: str) -> Auditorium:
        found = self.auditoriums.get(folded(name))
        if found is None:
            names = ", ".join(auditorium.name for auditorium in self.auditoriums.values())
            raise LineRefused(
                gettext("There is no auditorium “%(name)s” here, but: %(names)s.")
                % {"name": name, "names": names or "–"}
            )
        return found

    def _plan(self, auditorium: Auditorium) -> SeatingPlan:
        plan = self.plans.get(auditorium.pk)
        if plan is None:
            raise LineRefused(
                gettext("%(auditorium)s has no published seating plan yet.") % {"auditorium": auditorium.name}
            )
        return plan

    def _movie(self, title: str) -> Movie:
        name = folded(title)
        found = {movie.pk: movie for movie in self.movies.get(name) or self.translated.get(name, [])}
        if len(found) > 1:
            names = ", ".join(sorted(str(movie) for movie in found.values()))
            raise LineRefused(
                gettext("There are several movies “%(title)s”. Write which: %(names)s.")
                % {"title": title, "names": names}
            )
        if not found:
            raise LineRefused(
                gettext("There is no movie “%(title)s”. Import the movies first, or add it.") % {"title": title}
            )
        return next(iter(found.values()))

    def _moment(self, line: OldTicketLine) -> datetime:
        written = (line.cell("starts"), line.cell("date"), line.cell("time"))
        if written not in self.moments:
            self.moments[written] = read_moment(self.theater, *written)
        return self.moments[written]

    def _seat_or_area(
        self, line: OldTicketLine, plan: SeatingPlan, remarks: list[str]
    ) -> tuple[Seat | None, tuple[Seat, ...]]:
        """The seat of a line; or no seat, and the places of the area that it is for."""
        if plan.pk not in self.seats:
            self.seats[plan.pk] = list(plan.seats.order_by("pk"))
            self.areas[plan.pk] = _areas_of(self.seats[plan.pk])
        areas = self.areas[plan.pk]
        written = [line.cell(column) for column in ("section", "row", "seat")]
        name = " ".join(filter(None, written))
        for places in areas.values():
            if (place := next((place for place in places if folded(place.label) == folded(name)), None)) is not None:
                return place, ()
        if places := areas.get(folded(written[0]), ()):
            return None, places
        if found := self._seats_named(plan, line):
            return found[0], ()
        if places := _area_named(areas, [*written, name]):
            return None, places
        if areas and all(folded(part) in FREE_SEATING for part in written if part):
            if len(areas) > 1:
                names = ", ".join(places[0].section for places in areas.values())
                raise LineRefused(
                    gettext("This ticket has no seat, and the plan has several areas. Write which: %(names)s.")
                    % {"names": names}
                )
            (places,) = areas.values()
            remarks.append(
                gettext("It has no seat in the file: it counts as unreserved, %(area)s.") % {"area": places[0].section}
            )
            return None, places
        if not name:
            raise LineRefused(gettext("This ticket has no seat, and the plan has no unreserved places."))
        raise LineRefused(gettext("There is no seat “%(name)s” in the plan of that showtime.") % {"name": name})

    def _seats_named(self, plan: SeatingPlan, line: OldTicketLine) -> list[Seat]:
        """The seat that is called so, or none. Raises LineRefused where it may be several."""
        section, row, seat = line.cell("section"), line.cell("row"), line.cell("seat")
        found = _seats_called(self.seats[plan.pk], row, seat)
        if len(found) > 1 and section:
            found = [seat for seat in found if folded(seat.section) == folded(section)]
        if len(found) > 1:
            labels = ", ".join(seat.label for seat in found)
            raise LineRefused(
                gettext("“%(name)s” may be several seats: %(labels)s. Say the section.")
                % {"name": " ".join(filter(None, [section, row, seat])), "labels": labels}
            )
        return found

    def _price(self, written: str) -> Decimal:
        if not written:
            return Decimal(0)
        price = read_amount(written, decimals(self.theater.currency))
        if price is None or price < 0 or price >= 10**8 or in_coins(price, self.theater.currency) != price:
            raise LineRefused(gettext("“%(written)s” is no price.") % {"written": written})
        return price

    def _full_price(self, written: str, price: Decimal, remarks: list[str]) -> Decimal:
        full = self._price(written) if written else price
        if full < price:
            remarks.append(gettext("“%(written)s” is less than what was paid and is left out.") % {"written": written})
        return max(full, price)

    def _address(self, written: str, remarks: list[str]) -> str:
        if not written:
            return ""
        try:
            return clean_address(written)
        except ValidationError:
            remarks.append(gettext("“%(written)s” is no e-mail address and is left out.") % {"written": written})
            return ""


def _seats_called(seats: Iterable[Seat], row: str, seat: str) -> list[Seat]:
    """Find seats by row and number, or by the label alone: "C7", "c 7", "Balcony C7", "Row C, seat 7"."""
    number = seat.removesuffix(".0")
    if row and number.isdecimal():
        wanted: tuple[str, int] | None = (row.removesuffix(".0").upper(), int(number))
    else:
        label = clean_label(seat)
        exact = [seat for seat in seats if seat.label.casefold() == label.casefold()] if label else []
        if exact:
            return exact
        words = IN_WORDS.search(seat)
        wanted = (words[1].upper(), int(words[2])) if words else row_and_number("".join(seat.split()))
    if wanted is None:
        return []
    # Written with zeros before it or without: row 07 is row 7.
    # The places of areas have no row.
    return [
        seat for seat in seats if seat.row and (seat.row.lstrip("0"), seat.number) == (wanted[0].lstrip("0"), wanted[1])
    ]


def _areas_of(seats: Iterable[Seat]) -> dict[str, tuple[Seat, ...]]:
    areas: dict[str, list[Seat]] = {}
    for seat in seats:
        if is_place(seat.label):
            areas.setdefault(folded(seat.section), []).append(seat)
    return {name: tuple(sorted(places, key=lambda place: place.number)) for name, places in areas.items()}


def _area_named(areas: Mapping[str, tuple[Seat, ...]], written: Iterable[str]) -> tuple[Seat, ...]:
    """The places of the area that a line names, in any case and with or without the number of a ticket behind it."""
    names = [folded(text) for part in written for text in (part, _without_number(part))]
    return next((areas[name] for name in names if name in areas), ())


def _without_number(text: str) -> str:
    """Foyer for "Foyer 3" and "Foyer, Nr. 12"."""
    words = text.rstrip("0123456789").replace(",", " ").replace("#", " ").split()
    if words and words[-1].strip(".:").casefold() in NUMBER_WORDS:
        words.pop()
    return " ".join(words).rstrip(" -/:")


def read_amount(written: str, places: int = 2) -> Decimal | None:
    """12.50, 12,5000 and "£ 1,250.00". `places`: how many decimals the currency has. None for what is no amount.

    Three digits behind a single sign are thousands in a currency without decimals, decimals in one with three, and else
    refused: 12,500 may be either.
    Raises LineRefused.
    """
    found = AMOUNT.search(written.replace("\xa0", " ").replace("\u202f", " "))
    if found is None:
        return None
    minus = "-" if found[0].startswith("-") else ""
    parts = re.split(r"([.,'\s]+)", found[0].removeprefix("-").rstrip(".,' \t\n"))
    numbers, signs = parts[::2], [sign.strip() for sign in parts[1::2]]
    cents = ""
    if _ends_in_decimals(numbers, signs, places, written):
        cents = f".{numbers.pop()}"
    if len(numbers) > 1 and (len(numbers[-1]) != 3 or any(len(group) not in {2, 3} for group in numbers[1:])):
        return None  # no groups of thousands, lakhs or crores
    try:
        return Decimal(f"{minus}{''.join(numbers) or 0}{cents}")
    except InvalidOperation:
        return None


def _ends_in_decimals(numbers: list[str], signs: list[str], places: int, written: str) -> bool:
    """Whether the digits behind the last sign are decimals: always, unless they are a group of three and the currency has not
    three decimals.
    """
    if not signs or signs[-1] not in {".", ","}:
        return False
    if len(numbers[-1]) != 3 or numbers[0].startswith("0") or not 1 <= len(numbers[0]) <= 3:
        return True
    if len(signs) > 1:
        return signs[-1] != signs[-2]
    if places == len(numbers[-1]):
        return True
    if places:
        raise LineRefused(
            gettext("“%(written)s” may be thousands or decimals. Write it with %(places)s decimals.")
            % {"written": written, "places": places}
        )
    return False


def read_moment(theater: Theater, starts: str, day: str, at: str) -> datetime:
    """A moment with its offset, or as the clock in the theater shows it. Raises a Refusal."""
    ways = [starts, f"{starts} {at}", f"{day} {at}"]
    for written in ways:
        try:
            return _moment(theater, written)
        except ValueError:
            continue
    written = next((way.strip() for way in ways if way.strip()), "")
    raise LineRefused(gettext("“%(written)s” is no start. Write it as 2027-03-14 20:15.") % {"written": written})


def _moment(theater: Theater, written: str) -> datetime:
    """Raises ValueError."""
    if (exact := _with_offset(written)) is not None:
        return exact
    found = DATE.search(written)
    clock = TIME.fullmatch(written[found.end() :].strip(" ,T-–|")) if found else None
    if found is None or clock is None:
        raise ValueError("a date and a time are needed")
    return wall_moment(theater=theater, on=_date(found, theater.country), at=_time(clock))


def _with_offset(written: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(written.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _date(found: re.Match[str], country: str) -> date:
    if found["y"]:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    first, second, year = int(found["a"]), int(found["b"]), int(found["year"])
    year += 0 if year > 99 else 2000
    month_first = country in MONTH_FIRST and found["sign"] == "/"
    return date(year, first, second) if month_first else date(year, second, first)


def _time(found: re.Match[str]) -> time:
    hour, half = int(found["h"]), (found["half"] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif found["min"] is None:
        raise ValueError("an hour alone is no time")
    return time(hour, int(found["min"] or 0))
