"""The text and the JSON of a plan hold all of it: an exported plan is read back unchanged."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.theaters.plans import plans
from tests.variants import some
from theaters.plans.plan_json import PlanJsonError, parse_json, read_rows, render_json
from theaters.plans.plan_rules import problems_of, warnings_of
from theaters.plans.plan_text import PlanTextError, parse_plan
from theaters.plans.plan_writing import render_plan

HOUSE = """\
[Stalls]
numbered 7 5 3 1 2 4 6
A   ooo.oooo
12  xxp:ppp
numbered right to left
CC  ttt.ss.wc

[Balcony]
numbered 120-125
D   oooooo
"""


def seat(**facts):
    return {"number": 1, "x": 0, "category": "STANDARD", **facts}


def row(*seats, **facts):
    return {"row": "A", "section": "", "y": 0, "seats": list(seats), **facts}


def told(*rows):
    return problems_of(read_rows(list(rows)))


@given(plans())
def test_text_goes_out_and_comes_in_as_the_same_plan(plan):
    assert problems_of(plan.seats) == []
    text = render_plan(plan)
    assert parse_plan(text) == plan
    assert render_plan(parse_plan(text)) == text


@given(plans())
def test_json_goes_out_and_comes_in_as_the_same_plan(plan):
    text = render_json(plan)
    assert parse_json(text) == plan
    assert render_json(parse_json(text)) == text


@given(plans())
def test_text_and_json_tell_the_same(plan):
    assert parse_json(render_json(parse_plan(render_plan(plan)))) == plan


def test_text_says_numbers_of_every_kind_and_both_sofas():
    seats = parse_plan(HOUSE).seats
    assert [one.number for one in seats if one.row == "A"] == [7, 5, 3, 1, 2, 4, 6]
    assert [one.label for one in seats if one.row == "12"] == ["12-3", "12-4", "12-5", "12-6"]
    assert [(one.label, one.unit) for one in seats if one.row == "CC"] == [
        ("CC7", "S1"), ("CC6", "S1"), ("CC5", "S1"), ("CC4", "S2"), ("CC3", "S2"), ("CC2", None), ("CC1", None),
    ]  # fmt: skip
    assert [one.number for one in seats if one.row == "D"] == [120, 121, 122, 123, 124, 125]
    assert render_plan(parse_plan(HOUSE)) == HOUSE


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("A tt", 1, "a sofa for three is ttt"),
        ("A tttt", 1, "a sofa for three is ttt"),
        ("numbered 1 2\nA ooo", 2, "has 3 seats, and 2 numbers"),
        ("numbered 1-2 2\nA ooo", 2, "a number stands twice"),
        ("numbered 1 2\nA o.xo", 2, "no x is needed"),
        ("numbered 0\nA o", 1, "from 1 to 999"),
        ("numbered 1 2\n[Stalls]\nA oo", 2, "no row follows"),
        ("A oo\nnumbered 1 2", 2, "no row follows"),
    ],
)
def test_an_error_in_the_text_is_reported_with_its_line(text, line, words):
    with pytest.raises(PlanTextError) as slip:
        parse_plan(text)
    assert slip.value.line == line
    assert words in slip.value.sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not JSON"),
        ('{"format": "marquee-plan",\n "version": 1 "rows"}', "not JSON (line 2)"),
        ("[" * 100_000, "not JSON"),
        ("9" * 5_000, "not JSON"),
        ("[]", "not a plan"),
        ('{"format": "other"}', "not a plan"),
        ('{"format": "marquee-plan", "version": true}', "Only version 1"),
        ('{"format": "marquee-plan", "version": 2}', "Only version 1"),
        ('{"format": "marquee-plan", "version": 1}', "“rows” is a list"),
        ('{"format": "marquee-plan", "version": 1, "color": 1}', "“color” is nothing a plan has"),
    ],
)
def test_what_is_no_plan_is_said(text, words):
    with pytest.raises(PlanJsonError) as slip:
        parse_json(text)
    assert words in str(slip.value)


@pytest.mark.parametrize(
    ("one", "words"),
    some(
        [
            (7, "Row 1 of the list is not an object"),
            (row(), "at least one seat"),
            (row(seat(), row="a"), "“row” is its name"),
            (row(seat(), row=1), "“row” is its name"),
            (row(seat(), y=-1), "“y” is a whole number"),
            (row(seat(), y=True), "“y” is a whole number"),
            (row(seat(), section="x" * 41), "“section” is a name"),
            (row(seat(), section="zero\x00byte"), "“section” is a name"),
            (row(seat(), section="\ud800"), "“section” is a name"),
            (
                row(seat(), color="red"),
                "a row has nothing but armrest_lifts, beside_aisle, hearing_loop, note, row, seats, section, steps, y",
            ),
            (row(seat(), steps=100), "“steps” is a whole number from 0 to 99"),
            (row(seat(steps=True)), "“steps” is a whole number from 0 to 99"),
            (row(seat(steps="0")), "“steps” is a whole number from 0 to 99"),
            (row(seat(hearing_loop=1)), "“hearing_loop” is true, false or null"),
            (row(seat(armrest_lifts="yes")), "“armrest_lifts” is true, false or null"),
            (row(seat(note="x" * 81)), "“note” is one line of up to 80 letters"),
            (row(seat(note="two\nlines")), "“note” is one line of up to 80 letters"),
            (row(seat(note="turned \u202e around")), "“note” is one line of up to 80 letters"),
            (row(seat(note="zero\x00byte")), "“note” is one line of up to 80 letters"),
            (row(seat(note=["x"])), "“note” is one line of up to 80 letters"),
            (row("seat"), "Row A, seat 1 of the list is not an object"),
            (row(seat(number=0)), "“number” is a whole number from 1"),
            (row(seat(number=1.0)), "“number” is a whole number from 1"),
            (row(seat(x=10**9)), "“x” is a whole number"),
            (row(seat(category="standard")), "“category” is the code of"),
            (row(seat(category=["STANDARD"])), "“category” is the code of"),
            (row(seat(unit="the first sofa")), "“unit” is up to eight"),
            (
                row(seat(memo="mine")),
                "a seat has nothing but armrest_lifts, beside_aisle, category, hearing_loop, note, number, steps, unit, x",
            ),
        ],
        every=3,
    ),
)
def test_each_fact_is_looked_at(one, words):
    with pytest.raises(PlanJsonError) as slip:
        read_rows([one])
    assert len(slip.value.sentences) == 1
    assert words in slip.value.sentences[0]


def test_many_mistakes_are_told_at_once_but_not_all():
    with pytest.raises(PlanJsonError) as slip:
        read_rows([row(*[seat(number=0, x=-1)] * 50)])
    assert len(slip.value.sentences) == 10


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda some: (
            st.lists(some)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "format",
                        "version",
                        "rows",
                        "row",
                        "y",
                        "seats",
                        "number",
                        "x",
                        "category",
                        "unit",
                        "steps",
                        "note",
                    ]
                ),
                some,
            )
        ),
        max_leaves=30,
    )
)
def test_any_json_is_a_plan_or_sentences(data):
    for read in (lambda: parse_json(json.dumps(data)), lambda: read_rows(data)):
        with suppress(PlanJsonError):
            read()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "There are no seats yet."),
        ([row(seat()), row(seat(), y=1)], "There are 2 rows A. Give each row a name of its own."),
        (
            [row(seat(), section="X"), row(seat(), y=1, section="X")],
            "There are 2 rows A in X. Give each row a name of its own.",
        ),
        (
            [row(seat()), row(seat(), y=1, section="X")],
            "Several sections have a row A, and one of them has no name. Name it, so that tickets can say which.",
        ),
        ([row(seat(), seat(x=2))], "Row A has 2 seats with the number 1."),
        ([row(seat(), seat(x=1, number=2))], "Row A: seats 1 and 2 stand on each other."),
        ([row(seat(), seat(x=126, number=2))], "This plan is 64 seats wide, aisles included; 63 is the most a map can show."),
        ([row(seat(category="SOFA"))], "Row A, seat 1 is a sofa for one. A sofa joins two or three seats."),
        (
            [row(seat(category="SOFA", unit="a"))],
            "The sofa of row A, seat 1 is too short or too long (1): it joins two or three seats.",
        ),
        (
            [row(seat(category="SOFA", unit="a"), seat(number=2, x=3, category="SOFA", unit="a"))],
            "The sofa of row A, seat 1 is not in one piece: its seats stand side by side.",
        ),
        (
            [row(seat(unit="a"), seat(number=2, x=2, category="SOFA", unit="a"))],
            "The sofa of row A, seat 1 holds a seat of another category.",
        ),
        (
            [row(seat(), section="Stalls"), row(seat(), row="B", y=1)],
            "A row without a section stands behind one that has one. Give it a section too.",
        ),
        (
            [row(seat(), section="X"), row(seat(), row="B", y=1, section="Y"), row(seat(), row="C", y=2, section="X")],
            "The section X is in 2 parts. Its rows stand one behind the other.",
        ),
        ([row(seat(), section="a]b")], "A section's name has up to 40 letters and no brackets."),
    ],
)  # fmt: skip
def test_what_a_plan_must_not_be(rows, sentence):
    assert told(*rows) == [sentence]


def test_a_plan_is_not_deeper_than_a_map():
    assert told(row(seat()), row(seat(), row="B", y=100)) == [
        "This plan is 101 rows deep, empty ones included; 100 is the most a map can show."
    ]


def test_odd_plans_are_reported_but_allowed():
    lonely = read_rows([row(seat(category="COMPANION"), seat(number=2, x=4, category="WHEELCHAIR"))])
    assert problems_of(lonely) == []
    assert warnings_of(lonely) == ["Row A, seat 1 is a companion seat without a wheelchair space beside it."]
    beside = read_rows([row(seat(category="COMPANION"), seat(number=2, x=2, category="WHEELCHAIR"))])
    assert warnings_of(beside) == []
    large = parse_plan("".join(f"{name}{'o' * 60}\n" for name in [f"A{chr(65 + at)} " for at in range(17)]))
    assert warnings_of(large.seats) == [
        "This plan has 1,020 seats; above 1,000 the editor and the map become slow on old devices."
    ]
