"""Reads a text that a scanner or a person typed at the door: a ticket's code, a booking's reference, or neither.

Tickets have 28 letters and digits, bookings eight; in neither alphabet two characters look alike. Case, blanks, dashes
and line ends carry no information and are dropped. A scanner that is set to an American keyboard sends other characters
to a computer with another layout: `https://` arrives as `httpsÖ--`. The letters y and z arrive exchanged with some
layouts (German, Czech, Hungarian) and unchanged with others (Swedish, Spanish), and the other characters do not tell
which: then both readings are returned. Codes are random (132 bits): of two readings one at most is a ticket.
"""

import re
import unicodedata
from dataclasses import dataclass

from reservations.models.bookings import CODE_ALPHABET
from sales.models import REFERENCE_ALPHABET

CODE = f"[{CODE_ALPHABET}]{{28}}"
REFERENCE = f"[{REFERENCE_ALPHABET.lower()}]{{4}}[^a-z0-9]?[{REFERENCE_ALPHABET.lower()}]{{4}}"
# Scanners put the kind of bar code before the text when they are told to: "]Q1" for a QR code.
PREFIX = re.compile(r"^[\]+][a-z][0-9a-z]")
# The addresses on our tickets and in our mails, with any characters in place of ":", "/", "?" and "#". A reference can
# begin with HTTP as well, and ends after four letters more.
ADDRESS = re.compile(r"https?[^a-z0-9]{1,3}.{5}", re.DOTALL)
TICKET_ADDRESS = re.compile(rf"[^a-z0-9]tickets([^a-z0-9])({CODE})(?![a-z0-9])")
BOOKING_ADDRESS = re.compile(rf"[^a-z0-9]bookings[^a-z0-9]({REFERENCE})(?![a-z0-9])")
YZ = str.maketrans("yz", "zy")


@dataclass(frozen=True)
class Scanned:
    """Ticket codes (two where the keyboard is in doubt) or a booking's reference; both are empty for an unreadable text."""

    codes: tuple[str, ...] = ()
    reference: str = ""

    @property
    def is_readable(self) -> bool:
        return bool(self.codes or self.reference)


UNREADABLE = Scanned()


def read_scanned_text(text: str) -> Scanned:
    """The ticket or booking that a text names. A text that names two counts as unreadable, because two scans ran
    together.
    """
    written = _without_blanks(text)
    if ADDRESS.match(written):
        return _from_address(written)
    signs = "".join(sign for sign in written if unicodedata.category(sign)[0] in "LN" and sign != "ß")
    if re.fullmatch(CODE, signs):
        return Scanned(codes=_readings(signs, is_moved="ß" in written))
    if re.fullmatch(f"[{REFERENCE_ALPHABET.lower()}]{{8}}", signs):
        return Scanned(reference=_reference(signs))
    return UNREADABLE


def _without_blanks(text: str) -> str:
    """Return the text in lower case, without blanks, line ends and invisible characters; wide letters become usual ones."""
    plain = unicodedata.normalize("NFKC", text).lower()
    written = "".join(sign for sign in plain if unicodedata.category(sign)[0] not in "ZC")
    return PREFIX.sub("", written)


def _from_address(address: str) -> Scanned:
    tickets, bookings = TICKET_ADDRESS.findall(address), BOOKING_ADDRESS.findall(address)
    if len(tickets) + len(bookings) != 1 or len(re.findall(r"https?[^a-z0-9]{2}", address)) > 1:
        return UNREADABLE
    if bookings:
        return Scanned(reference=_reference(re.sub(r"[^a-z0-9]", "", bookings[0])))
    slash, code = tickets[0]
    return Scanned(codes=_readings(code, is_moved=slash != "/"))


def _readings(code: str, *, is_moved: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys([code, code.translate(YZ)])) if is_moved else (code,)


def _reference(letters: str) -> str:
    return f"{letters[:4]}-{letters[4:]}".upper()
