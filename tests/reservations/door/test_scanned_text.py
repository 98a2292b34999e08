"""Text that a scanner or a person types at the door is read as what was meant, or not at all."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reservations.door.scanned_text import UNREADABLE, Scanned, read_scanned_text
from reservations.models.bookings import CODE_ALPHABET
from sales.models import REFERENCE_ALPHABET

codes = st.text(alphabet=CODE_ALPHABET, min_size=28, max_size=28)
references = st.text(alphabet=REFERENCE_ALPHABET, min_size=8, max_size=8).map(lambda text: f"{text[:4]}-{text[4:]}")
hosts = st.sampled_from(["http://localhost:8000", "https://tickets.lantern.example", "https://kino-yz.example:8443"])
# An American scanner on a German computer: the keys that it presses, and the characters that arrive.
AMERICAN = "yzYZ-_=+[]{};:'\"\\|/?.,#@&"
GERMAN = "zyZYß?´`ü+Ü*öÖäÄ#'-_.,§\"/"
SWEDISH = "yzYZ+?´`å¨Å^öÖäÄ'*-_.,#\"/"
SPANISH = "yzYZ'?¡¿`+^*ñÑ´¨çÇ-_.,·\"/"


def on(keyboard):
    return lambda text: text.translate(str.maketrans(AMERICAN, keyboard))


def grouped(sign):
    return lambda text: sign.join(re.findall(".{4}", text.replace("-", "")))


DRESS = [
    str,
    lambda text: text.replace("ß", "ẞ").upper(),
    lambda text: text.replace("ß", "ẞ").swapcase(),
    lambda text: f"  {text} \r\n",
    lambda text: f"\x02{text}\x03\t",
    lambda text: f"]Q1{text}",
    lambda text: "\ufeff" + "\u200b".join(text),
    lambda text: text.translate({ord(sign): ord(sign) + 0xFEE0 for sign in "abcxyzABCXYZ2346789"}),
]
BARE = [str, grouped(" "), grouped("-"), grouped(" - "), grouped("\n"), grouped("–"), grouped("_"), grouped(".")]
TAILS = ["/", "", ".svg", ".pdf", "/calendar.ics", "/?utm_source=mail", "#qr", "/\r\n"]


@given(codes, st.sampled_from(BARE), st.sampled_from(DRESS))
def test_a_code_is_read_however_it_is_written(code, group, dress):
    assert read_scanned_text(dress(group(code))) == Scanned(codes=(code,))


@given(codes, hosts, st.sampled_from(TAILS), st.sampled_from(DRESS))
def test_the_address_of_a_ticket_is_its_code(code, host, tail, dress):
    assert read_scanned_text(dress(f"{host}/tickets/{code}{tail}")) == Scanned(codes=(code,))


@given(codes, hosts, st.sampled_from(TAILS), st.sampled_from([GERMAN, SWEDISH, SPANISH]), st.sampled_from(DRESS))
def test_the_keyboard_of_another_country_does_not_hide_the_code(code, host, tail, keyboard, dress):
    read = read_scanned_text(dress(on(keyboard)(f"{host}/tickets/{code}{tail}")))
    assert code in read.codes
    assert len(read.codes) == len({code, code.translate(str.maketrans("yz", "zy"))})


@given(codes, st.sampled_from(DRESS))
def test_a_code_in_groups_from_a_german_keyboard(code, dress):
    assert code in read_scanned_text(dress(on(GERMAN)(grouped("-")(code)))).codes


@example("HTTP-3467", grouped("-"), str)
@given(references, st.sampled_from(BARE), st.sampled_from(DRESS))
def test_a_reference_is_read_however_it_is_written(reference, group, dress):
    assert read_scanned_text(dress(group(reference))) == Scanned(reference=reference)


@given(references, hosts, st.sampled_from(["/", "/k3v9-secret/", "/cancel/"]), st.sampled_from(DRESS))
def test_the_address_of_a_booking_is_its_reference(reference, host, tail, dress):
    assert read_scanned_text(dress(f"{host}/bookings/{reference}{tail}")) == Scanned(reference=reference)


@given(codes, codes)
def test_no_two_codes_are_read_alike(one, other):
    read = [set(read_scanned_text(code).codes) for code in (one, other)]
    assert (one == other) is bool(read[0] & read[1])


@given(st.text(max_size=80) | st.text(alphabet=CODE_ALPHABET + REFERENCE_ALPHABET + "-/ ", max_size=60))
def test_nothing_else_becomes_a_code(text):
    """Text that is read as a code has exactly the letters and digits of one, and as many as ours have."""
    read = read_scanned_text(text)
    for code in read.codes:
        assert re.fullmatch(f"[{CODE_ALPHABET}]{{28}}", code)
    if read.is_readable and "http" not in text.lower():
        kept = {re.sub(r"[^a-z0-9]", "", value.lower()) for value in (*read.codes, read.reference) if value}
        typed = re.sub(r"[^a-z0-9]", "", text.lower())
        assert typed in kept or not text.isascii()


@given(codes, codes, hosts)
def test_scans_that_were_glued_together_are_no_code(one, other, host):
    for glued in (one + other, f"{host}/tickets/{one}/{host}/tickets/{other}/", f"{host}/tickets/{one}{other}"):
        assert read_scanned_text(glued) == UNREADABLE
    assert read_scanned_text(f"{host}/tickets/{one}/" * 2) == UNREADABLE


@given(codes, st.integers(0, 27))
def test_a_part_of_a_code_is_no_code(code, length):
    assert not read_scanned_text(code[:length]).codes
    assert not read_scanned_text(f"https://x.example/tickets/{code[:length]}/").is_readable


@pytest.mark.parametrize(
    "text",
    [
        *("", "A3", "https://elsewhere.example/", "x" * 400, "ü" * 28, "\x00", "o" * 28, "KX7M-4QP0", "9783161484100"),
        *("https://x.example/tickets/" + "a" * 29, "https://x.example/movies/" + "a" * 28),
    ],
)
def test_what_is_not_ours_to_read(text):
    assert read_scanned_text(text) == UNREADABLE
