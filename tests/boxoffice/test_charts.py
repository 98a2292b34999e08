"""The bars of a report are as high as their amounts."""

import re

from boxoffice.charts import GAP, HEIGHT, bars


def drawn(*amounts):
    """(upper edge, height) of each bar, in pixels."""
    svg = bars([(f"day {number}", amount, str(amount)) for number, amount in enumerate(amounts)], label="Takings").svg
    return [
        (float(y), float(height)) for y, height in re.findall(r'<rect x="[^"]*" y="([^"]*)"[^>]* height="([^"]*)"', svg)
    ]


def test_the_highest_bar_fills_the_chart_and_half_of_it_is_half_as_high():
    most = HEIGHT - GAP
    assert drawn(500, 250, 0) == [(GAP, most), (GAP + most / 2, most / 2), (HEIGHT, 0)]


def test_negative_amounts_hang_below_the_line():
    half = (HEIGHT - GAP) / 2
    assert drawn(30, -30) == [(GAP, half), (GAP + half, half)]


def test_without_takings_nothing_is_high():
    assert drawn(0, 0) == [(GAP, 0), (GAP, 0)]


def names_below(*names):
    """The names below the bars, and those of them that a phone shows."""
    svg = bars([(name, 1, "1") for name in names], label="Takings").svg
    feet = re.findall(r'<text class="(foot[^"]*)"[^>]*>([^<]*)<', svg)
    return [name for _, name in feet], [name for kind, name in feet if kind == "foot"]


def test_a_phone_shows_every_other_name_where_the_names_are_too_long_for_it():
    days = [f"2026-11-{day}" for day in range(24, 31)]
    assert names_below(*days) == ([day[5:] for day in days], [day[5:] for day in days])
    theaters = [f"Theater {number:03}" for number in range(7)]
    assert names_below(*theaters) == (theaters, theaters[::2])
