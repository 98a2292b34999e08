"""Seating plans of pretix and in CSV are laid on our grid with every seat, its name, its neighbors and its aisles."""

import json
import math

import pytest

from theaters.plans.plan_files import PlanUnreadable, as_text, read_plan
from theaters.plans.plan_foreign import ForeignPlanError, read_csv, read_pretix
from theaters.plans.plan_rules import problems_of


def pretix(*zones) -> str:
    return json.dumps({"name": "Hall", "categories": [{"name": "Standard", "color": "#fff"}], "zones": list(zones)})


def zone(name, rows, x=0.0, y=0.0):
    return {"name": name, "position": {"x": x, "y": y}, "rows": rows, "areas": []}


def row(name, numbers, y=0.0, x=0.0, category="Standard", bend=0.0):
    return {
        "row_number": name, "row_number_position": "both", "position": {"x": x, "y": y},
        "seats": [
            {"seat_number": str(number), "seat_guid": f"{name}-{number}", "category": category,
             "position": {"x": 25.0 * at, "y": bend * math.sin(math.pi * at / max(1, len(numbers) - 1))}}
            for at, number in enumerate(numbers)
        ],
    }  # fmt: skip


def picture(plan) -> dict[str, list[tuple[int, int]]]:
    """Seats by label, with x and y on the grid."""
    return {seat.label: (seat.x, seat.y) for seat in plan.seats}


class TestPretix:
    def test_rows_that_bend_become_straight(self):
        plan = read_pretix(
            pretix(zone("Hall", [row(name, [1, 2, 3, 4], y=30.0 * at, bend=9) for at, name in enumerate("ABC")]))
        )
        assert picture(plan)["B3"] == (4, 1) and len(plan.seats) == 12 and not problems_of(plan.seats)

    def test_an_aisle_and_a_wider_gap_between_rows_stay(self):
        rows = [row("A", [1, 2]), row("B", [1, 2], y=30), row("C", [1, 2], y=60), row("D", [1, 2], y=120)]
        for at in rows:
            at["seats"][1]["position"]["x"] = 75.0 if at["row_number"] == "C" else 25.0
        plan = read_pretix(pretix(zone("", rows)))
        assert [picture(plan)[label] for label in ("A2", "C2", "D1")] == [(2, 0), (6, 2), (0, 4)]

    def test_blocks_side_by_side_go_on_under_one_name(self):
        left = zone("Left", [row("A", [1, 2]), row("B", [1, 2], y=30)], y=100)
        right = zone("Right", [row("A", [3, 4]), row("B", [3, 4], y=30)], x=100, y=102)
        plan = read_pretix(pretix(left, right))
        assert picture(plan)["A3"] == (8, 0) and plan.sections == ("Left / Right",) and not problems_of(plan.seats)

    def test_blocks_with_the_same_numbers_stand_one_behind_the_other(self):
        left, right = zone("Left", [row("A", [1, 2])]), zone("Right", [row("A", [1, 2])], x=100)
        plan = read_pretix(pretix(left, right))
        assert plan.sections == ("Left", "Right") and plan.height == 2 and not problems_of(plan.seats)

    def test_a_balcony_behind_the_stalls(self):
        plan = read_pretix(pretix(zone("Balcony", [row("AA", [1, 2])], y=500), zone("Stalls", [row("A", [1, 2])])))
        assert plan.sections == ("Stalls", "Balcony") and not problems_of(plan.seats)

    def test_categories_by_their_names(self):
        names = ["VIP Lounge", "Rollstuhlplätze", "Begleitperson", "Parkett", "Couch"]
        rows = [
            row(name, [1, 2, 3], y=30.0 * at, category=category)
            for at, (name, category) in enumerate(zip("ABCDE", names, strict=True))
        ]
        found = [seat.category for seat in read_pretix(pretix(zone("", rows))).seats if seat.number == 1]
        assert found == ["PREMIUM", "WHEELCHAIR", "COMPANION", "STANDARD", "SOFA"]

    @pytest.mark.parametrize(
        ("count", "sizes"), [(1, []), (2, [2]), (3, [3]), (4, [2, 2]), (5, [2, 3]), (6, [2, 2, 2])]
    )
    def test_sofas_join_two_or_three(self, count, sizes):
        plan = read_pretix(pretix(zone("", [row("A", list(range(1, count + 1)), category="Sofa")])))
        units = [seat.unit for seat in plan.seats if seat.unit]
        assert [units.count(unit) for unit in dict.fromkeys(units)] == sizes and not problems_of(plan.seats)

    @pytest.mark.parametrize(
        ("name", "number", "label"),
        [
            ("Row b", "12", "B12"),
            ("3", "A7", "3-7"),
            ("", "", "1-1"),
            ("rang", "0", "1-1"),
            ("ÄÖ!", "1", "AO1"),
            ("ряд", "٣", "RYAD3"),
            ("ا", "1", "1-1"),
        ],
    )
    def test_names_that_are_not_as_ours(self, name, number, label):
        plan = read_pretix(pretix(zone("[Hall]\x00", [row(name, [number])])))
        assert plan.seats[0].label.replace("-", "") == label.replace("-", "") and plan.sections == ("Hall",)

    @pytest.mark.parametrize(
        "data",
        [
            {"zones": None}, {"zones": []}, {"zones": [{"rows": 5}]}, {"zones": [{"rows": [{"seats": 5}]}]},
            {"zones": [{"rows": [{"seats": [{"position": 5}]}]}]}, {"zones": [1, None]},
            {"zones": [{"rows": [{"seats": [{"position": {"x": "far", "y": 0}}]}]}]},
            {"zones": [{"rows": [{"seats": [{"position": {"x": 1e300, "y": 0}}]}]}]},
            {"zones": [{"rows": [{"row_number": "A", "seats": [{}] * 3001}]}]},
        ],
    )  # fmt: skip
    def test_what_is_no_plan_says_so(self, data):
        with pytest.raises(ForeignPlanError):
            read_pretix(json.dumps(data))


class TestCsv:
    def test_a_line_for_each_seat(self):
        seats = "Stalls;A;1;0;0;standard\nStalls;A;2;1,5;0;vip\nStalls;B;1;0;1;\n\nBalcony;A;1;0;5;\n"
        plan = read_csv("Section;Row;Seat;X;Y;Category\n" + seats)
        assert [(seat.section, seat.label, seat.x, seat.y, seat.category) for seat in plan.seats] == [
            ("Stalls", "Stalls A1", 0, 0, "STANDARD"), ("Stalls", "Stalls A2", 2, 0, "PREMIUM"),
            ("Stalls", "B1", 0, 1, "STANDARD"), ("Balcony", "Balcony A1", 0, 2, "STANDARD"),
        ]  # fmt: skip

    def test_without_coordinates_the_order_of_the_file_counts(self):
        plan = read_csv("row,seat\nA,3\nA,1\nB,1\n")
        assert picture(plan) == {"A3": (0, 0), "A1": (2, 0), "B1": (0, 1)}

    @pytest.mark.parametrize("text", ["row,seat\n", "row,seat,x\nA,1,left\n", 'row,seat\n"A,1\n' + "x" * 140_000])
    def test_what_is_no_plan_says_so(self, text):
        with pytest.raises(ForeignPlanError):
            read_csv(text)


class TestNamesOfRows:
    """The same rows are written in two ways: a line for each seat, and pretix's rows."""

    @pytest.mark.parametrize(
        ("written", "ours"),
        [
            (["А", "Б", "Ц"], ["A", "B", "TS"]),
            (["Ä", "A", "Z"], ["A2", "A", "Z"]),
            (["Parkett 1", "Parkett 2", "Rang 10"], ["P1", "P2", "10"]),
            (["Parkett", "Parkettloge", "PARK"], ["PAR2", "PAR3", "PARK"]),
            (["1A", "1B"], ["1A", "1B"]),
            (["ا", "ب"], ["1", "B"]),
            (["", "1"], ["2", "1"]),
            (["A-1", "A1"], ["A12", "A1"]),
            (["Row a", "b"], ["A", "B"]),
            (["Rang 1", "Reihe 1", "1"], ["R1", "REIH", "1"]),
        ],
    )
    def test_each_row_stays_one_row_with_a_name_of_its_own(self, written, ours):
        text = "row,seat\n" + "".join(f"{name},{number}\n" for name in written for number in (1, 2, 3))
        rows = pretix(zone("", [row(name, [1, 2, 3], y=30.0 * at) for at, name in enumerate(written)]))
        for plan in (read_csv(text), read_pretix(rows)):
            assert [seat.row for seat in plan.seats] == [name for name in ours for _ in range(3)]
            assert [seat.y for seat in plan.seats] == [at for at in range(len(ours)) for _ in range(3)]
            assert [seat.number for seat in plan.seats] == [1, 2, 3] * len(ours) and not problems_of(plan.seats)

    def test_what_is_called_differently_is_said(self):
        plan = read_csv("row,seat\nÄ,1\nA,A2\nA,1B\n,3\nRow C,4\n")
        assert plan.remarks == (
            "Row “Ä” is row A2 here.", "A row without a name is row 1 here.", "Row A: seat “1B” is seat 1 here.",
        )  # fmt: skip
        many = read_csv("row,seat\n" + "".join(f"Loge Nummer {number},1\n" for number in range(12)))
        assert len(many.remarks) == 11 and many.remarks[-1] == "2 more names are changed."
        assert read_csv("row,seat\nA,1\nb,02\nRow c,3.0\n").remarks == ()

    def test_rows_without_a_name_are_parted_by_their_depth(self):
        plan = read_csv("row,seat,x,y\n,1,0,0\n,2,1,0\n,1,0,1\n")
        assert [(seat.row, seat.number) for seat in plan.seats] == [("1", 1), ("1", 2), ("2", 1)]

    @pytest.mark.parametrize(("one", "other", "number"), [("1A", "1B", 1), ("1001", "2", 2)])
    def test_seats_that_would_have_one_number_are_refused_by_name(self, one, other, number):
        pair = f"{one}\nA,{other}" if one == "1A" else f"{other}\nA,{one}"
        first, second = pair.split("\nA,")
        with pytest.raises(ForeignPlanError) as refused:
            read_csv(f"row,seat\nA,{pair}\n")
        assert refused.value.sentences == [
            f"Row A: the seats “{first}” and “{second}” would both have the number {number}. Give them numbers."
        ]

    def test_a_long_name_of_a_section_is_cut_and_said_and_two_of_them_stay_two(self):
        left, right = f"{'Upper balcony ' * 3}left", f"{'Upper balcony ' * 3}right"
        plan = read_csv(f"section,row,seat\n{left},A,1\n{right},A,1\nStalls,A,1\n")
        sections = {seat.section for seat in plan.seats}
        assert len(sections) == 3 and "Stalls" in sections and all(len(name) <= 40 for name in sections)
        assert [remark for remark in plan.remarks if "up to 40 letters" in remark] == [
            f"Section “{left}” is “Upper balcony Upper balcony Upper balcon” here: a name has up to 40 letters.",
            f"Section “{right}” is “Upper balcony Upper balcony Upper bal 2” here: a name has up to 40 letters.",
        ]

    def test_the_preview_shows_the_remarks(self):
        assert read_plan("row,seat\nБ,1\n").remarks == ("Row “Б” is row B here.",)


def test_the_office_reads_them_as_any_other_plan():
    plan = read_plan(pretix(zone("Hall", [row("A", [1, 2, 3]), row("B", [1, 2, 3], y=30)])))
    assert read_plan(as_text(plan)) == plan
    assert read_plan("row,seat\nA,1\nA,2\n").width == 4
    with pytest.raises(PlanUnreadable):
        read_plan('{"zones": []}')
