import time
from contextlib import suppress
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from theaters.plans.plan_drawing import MOST_SEATS
from theaters.plans.plan_text import PlanTextError, parse_plan
from theaters.plans.plan_writing import render_plan

HOUSE = dedent("""\
    # A house with everything in it.
    [Stalls]
    A    .oooo..oooo.   A
    B    ppppp..ppppp   B
    C    :pppp..pppp    C

    D    ssss....ssss   D
    E    wc.oooooo.cw   E

    [Balcony]
    numbered right to left
    BA   oooxoooo
    """)


def seats_of(text):
    return {seat.label: seat for seat in parse_plan(text).seats}


def numbers_of(text, row="A"):
    return [seat.number for seat in parse_plan(text).seats if seat.row == row]


def test_a_drawing_becomes_seats_in_reading_order():
    plan = parse_plan(HOUSE)
    assert [seat.label for seat in plan.seats[:9]] == ["A1", "A2", "A3", "A4", "A5", "A6", "A7", "A8", "B1"]
    assert plan.sections == ("Stalls", "Balcony")
    assert (plan.width, plan.height, len(plan.seats)) == (24, 8, 8 + 10 + 8 + 8 + 10 + 7)


def test_x_counts_half_seats_from_the_leftmost_seat_and_air_is_kept():
    seats = seats_of(HOUSE)
    assert (seats["B1"].x, seats["A1"].x, seats["C1"].x) == (0, 2, 1)
    assert seats["A4"].x + 2 + 4 == seats["A5"].x


def test_y_counts_rows_and_rows_of_air_from_the_first_row():
    seats = seats_of("\n\n" + HOUSE)
    assert [seats[label].y for label in ("A1", "B1", "C1", "D1", "E1", "BA1")] == [0, 1, 2, 4, 5, 7]


def test_letters_are_categories():
    seats = seats_of("A opwc.ss")
    assert [seat.category for seat in seats.values()] == [
        "STANDARD",
        "PREMIUM",
        "WHEELCHAIR",
        "COMPANION",
        "SOFA",
        "SOFA",
    ]


def test_neighboring_sofa_halves_share_a_unit_unique_in_the_plan():
    seats = seats_of("A ssss.ss\nB oss")
    assert [seat.unit for seat in seats.values()] == ["S1", "S1", "S2", "S2", "S3", "S3", None, "S4", "S4"]


def test_numbers_skip_air_and_run_either_way():
    assert numbers_of("A oo..oo") == [1, 2, 3, 4]
    assert numbers_of("numbered right to left\nA oo..oo") == [4, 3, 2, 1]
    assert numbers_of("numbered Right to  Left\nA oo\nNUMBERED LEFT TO RIGHT\nB oo", row="B") == [1, 2]


def test_x_is_air_that_keeps_a_number():
    assert numbers_of("A xxoo.xoo") == [3, 4, 6, 7]
    assert numbers_of("numbered right to left\nA oxoox") == [5, 3, 2]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no seats yet"),
        ("# only a note\n\n", 2, "no seats yet"),
        ("[Stalls]\nA oo\n\n[Balcony]\n", 4, "Balcony has no rows"),
        ("[Stalls]\n[Balcony]\nA oo", 2, "Stalls has no rows"),
        ("[Stalls]\nA oo\n[Stalls]\nB oo", 3, "begun in line 1"),
        ("[]\nA oo", 1, "A section is a name"),
        ("[Stalls\nA oo", 1, "A section is a name"),
        (f"[{'S' * 41}]\nA oo", 1, "up to 40 letters"),
        ("A oo\nA oo", 2, "two rows A; the other is in line 1"),
        ("[Stalls]\nA oo\nA oo", 3, "two rows A in Stalls; the other is in line 2"),
        ("A oo B", 1, "begins as A and ends as B"),
        ("A oo\nB ..", 2, "Row B has no seats"),
        ("A oozo", 1, "“z” is not a seat"),
        ("A ooWo", 1, "write w, not W"),
        ("A osoo", 1, "a sofa is two s"),
        ("A ss.s", 1, "a sofa is two s"),
        ("A sss:s", 1, "a sofa is two s"),
        ("A\too", 1, "tab"),
        ("a oo", 1, "capital letters"),
        ("  A oo", 1, "at the very left"),
        ("ABCDE oo", 1, "capital letters"),
        ("A " + "o" * 300, 1, "no auditorium is that wide"),
    ],
)
def test_an_error_in_the_drawing_is_reported_with_its_line(text, line, words):
    with pytest.raises(PlanTextError) as slip:
        parse_plan(text)
    assert slip.value.line == line
    assert words in slip.value.sentence
    assert slip.value.sentence == str(slip.value)
    assert slip.value.sentence.startswith(f"Line {line}: ")


def test_a_plan_has_a_largest_size():
    rows = [f"{chr(65 + n // 26)}{chr(65 + n % 26)} " + "o" * 250 for n in range(MOST_SEATS // 250 + 1)]
    with pytest.raises(PlanTextError, match="at most 3,000 seats"):
        parse_plan("\n".join(rows))


def test_windows_lines_and_a_byte_order_mark_are_nothing_special():
    assert parse_plan("\ufeff" + HOUSE.replace("\n", "\r\n")) == parse_plan(HOUSE)


def test_drawing_again_gives_the_same_plan():
    assert parse_plan(render_plan(parse_plan(HOUSE))) == parse_plan(HOUSE)


def test_a_large_house_is_read_quickly():
    text = "\n".join(f"{chr(65 + n // 26)}{chr(65 + n % 26)} " + "o" * 50 for n in range(30))
    start = time.process_time()
    assert len(parse_plan(text).seats) == 1_500
    assert time.process_time() - start < 0.5


cells = st.lists(st.sampled_from(["o", "p", "ss", "w", "c", ".", " ", ":", "x"]), min_size=1, max_size=20).map("".join)
airy_rows = st.lists(
    st.tuples(cells, st.sampled_from(["", "\n", "[Circle]\n", "numbered right to left\n"])), max_size=8
)


@given(airy_rows)
def test_whatever_can_be_drawn_survives_the_round_trip(rows):
    text = "".join(f"{before}{chr(65 + n)}  {row}o\n" for n, (row, before) in enumerate(rows))
    try:
        plan = parse_plan(text)
    except PlanTextError:
        return
    assert parse_plan(render_plan(plan)) == plan
    assert len({seat.label for seat in plan.seats}) == len(plan.seats)
    assert list(plan.seats) == sorted(plan.seats, key=lambda seat: (seat.y, seat.x))
    assert min(seat.x for seat in plan.seats) == 0


@given(st.text(max_size=80))
def test_any_text_is_a_plan_or_a_sentence(text):
    with suppress(PlanTextError):
        assert parse_plan(text).seats
