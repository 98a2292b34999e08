"""What a plan says about its seats in text, JSON and CSV. What nobody said stays unknown."""

import json

import pytest

from theaters.plans.plan_foreign import ForeignPlanError, read_csv, read_pretix
from theaters.plans.plan_json import parse_json, read_areas, read_rows, render_json
from theaters.plans.plan_text import PlanTextError, parse_plan
from theaters.plans.plan_writing import render_plan
from theaters.seat_facts import (
    UNKNOWN,
    SeatFacts,
    armrest_at_any,
    known_facts,
    loop_at_all,
    most_steps,
)

HOUSE = """\
[Stalls]
steps 0
hearing loop yes
A  oo.oo
seats 1-2: steps 2
seats 4: note Behind a pillar
numbered 4 2 1 3
B  oo.oo
steps 3
hearing loop unknown
armrest lifts no
C  oooo

[Balcony]
D  oo
[Floor]
steps 0
hearing loop no
note Standing room
unreserved 9
"""


def facts_of(plan):
    return {seat.label: seat.facts for seat in plan.seats}


def test_a_line_counts_from_here_on_in_its_section_and_one_with_seats_for_the_row_below():
    plan = parse_plan(HOUSE)
    stalls, row_c = SeatFacts(0, True), SeatFacts(3, None, False)
    assert facts_of(plan) == {
        "A1": stalls, "A2": stalls, "A3": stalls, "A4": stalls,
        "B4": SeatFacts(0, True, None, "Behind a pillar"), "B2": SeatFacts(2, True), "B1": SeatFacts(2, True), "B3": stalls,
        "C1": row_c, "C2": row_c, "C3": row_c, "C4": row_c,
        "D1": UNKNOWN, "D2": UNKNOWN,
    }  # fmt: skip
    assert [area.facts for area in plan.areas] == [SeatFacts(0, False, None, "Standing room")]
    assert parse_plan(render_plan(plan)) == parse_json(render_json(plan)) == plan


def test_the_text_that_goes_out_says_a_fact_once_where_many_rows_share_it():
    text = "steps 0\nhearing loop yes\nA  oo\nB  oo\nseats 2: note Beside the door\nC  oo\n"
    assert render_plan(parse_plan(text)) == text


def test_a_row_may_still_be_called_note():
    assert facts_of(parse_plan("NOTE oo")) == {"NOTE1": UNKNOWN, "NOTE2": UNKNOWN}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("steps\nA oo", 1, "from 0 to 99"),
        ("steps 100\nA oo", 1, "from 0 to 99"),
        ("steps -1\nA oo", 1, "from 0 to 99"),
        ("steps ²\nA oo", 1, "from 0 to 99"),
        ("hearing loop perhaps\nA oo", 1, "Say it like one of these"),
        ("hearing\nA oo", 1, "Say it like one of these"),
        ("armrest lifts\nA oo", 1, "Say it like one of these"),
        ("seats\nA oo", 1, "Say it like one of these"),
        ("seats 1:\nA oo", 1, "Say it like one of these"),
        ("seats 0: steps 1\nA oo", 1, "from 1 to 999"),
        ("seats 3: steps 1\nA oo", 2, "there is no seat 3 in it"),
        ("A oo\nseats 1: steps 1", 2, "no row follows"),
        ("seats 1: steps 1\n[B]\nA oo", 2, "no row follows"),
        ("[B]\nseats 1: steps 1\nunreserved 9", 3, "no row follows"),
        (f"note {'x' * 81}\nA oo", 1, "one line of up to 80 letters"),
        ("note turned \u202e around\nA oo", 1, "one line of up to 80 letters"),
    ],
)
def test_an_error_in_a_fact_is_reported_with_its_line(text, line, words):
    with pytest.raises(PlanTextError) as slip:
        parse_plan(text)
    assert slip.value.line == line and words in slip.value.sentence


def test_in_json_a_row_speaks_for_its_seats_and_null_takes_it_back():
    row = {"row": "A", "y": 0, "steps": 0, "hearing_loop": True, "note": "Front"}
    seats = [{"number": 1, "x": 0, "category": "STANDARD"},
             {"number": 2, "x": 2, "category": "STANDARD", "steps": 1, "hearing_loop": None, "note": ""}]  # fmt: skip
    one, two = read_rows([{**row, "seats": seats}])
    assert (one.facts, two.facts) == (SeatFacts(0, True, None, "Front"), SeatFacts(1))
    [area] = read_areas([{"name": "Floor", "capacity": 9, "steps": 0, "hearing_loop": False}])
    assert area.facts == SeatFacts(0, False)


def test_json_says_of_a_plan_without_facts_what_it_said_before():
    assert render_json(parse_plan("A o")) == (
        '{"format": "marquee-plan", "version": 1, "rows": [\n'
        '{"row": "A", "section": "", "y": 0, "seats": [{"number": 1, "x": 0, "category": "STANDARD"}]}\n]}\n'
    )


def test_csv_has_columns_for_them_and_an_empty_cell_is_unknown():
    text = "row;seat;Steps;Hearing loop;Armrest;Note;Am Gang\nA;1;0;yes;no;Behind a  pillar;\nA;2;;;;;\n"
    text += "A;3;12;Nein;x;;ja\nA;4;unknown;?;;;"
    assert [one.facts for one in read_csv(text).seats] == [
        SeatFacts(0, True, False, "Behind a pillar"), UNKNOWN, SeatFacts(12, False, True, beside_aisle=True), UNKNOWN,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ("many,,,", "Line 2: steps are a number from 0 to 99"),
        ("yes,,,", "Line 2: steps are a number"),
        ("-1,,,", "Line 2: steps are a number"),
        (",perhaps,,", "Line 2: hearing_loop is yes, no, or empty"),
        (",,2,", "Line 2: armrest_lifts is yes, no, or empty"),
        (f",,,{'x' * 81}", "Line 2: a note is one line of up to 80 letters"),
        (",,,turned \u202e around", "Line 2: a note is one line"),
    ],
)
def test_what_csv_says_unclearly_is_told_and_never_taken_for_yes_or_no(cells, words):
    with pytest.raises(ForeignPlanError) as slip:
        read_csv(f"row,seat,steps,hearing loop,armrest,note\nA,1,{cells}")
    assert len(slip.value.sentences) == 1 and words in slip.value.sentences[0]


def test_files_of_pretix_say_no_facts():
    seats = [{"seat_number": "1", "category": "Wheelchair", "position": {"x": 0, "y": 0}}]
    zones = [{"name": "Hall", "position": {"x": 0, "y": 0}, "rows": [{"row_number": "A", "seats": seats}]}]
    assert [seat.facts for seat in read_pretix(json.dumps({"zones": zones})).seats] == [UNKNOWN]


def test_what_is_known_of_several_seats():
    step_free, two_steps = SeatFacts(0, True, False), SeatFacts(2, False, True)
    assert most_steps([step_free, two_steps]) == 2 and most_steps([step_free, UNKNOWN]) is None
    assert loop_at_all([step_free, two_steps]) is False and loop_at_all([step_free, step_free]) is True
    assert (
        loop_at_all([step_free, UNKNOWN]) is None
        and loop_at_all([UNKNOWN]) is None
        and loop_at_all([two_steps, UNKNOWN]) is False
    )
    assert armrest_at_any([step_free, two_steps]) is True and armrest_at_any([step_free]) is False
    assert armrest_at_any([step_free, UNKNOWN]) is None and armrest_at_any([UNKNOWN, two_steps]) is True
    assert not any(getattr(known_facts([UNKNOWN]), name) for name in ("steps", "hearing_loop", "armrest_lifts"))
    assert (
        known_facts([UNKNOWN, SeatFacts(steps=0)]).steps and known_facts([SeatFacts(hearing_loop=False)]).hearing_loop
    )
