"""Random plans that keep every rule: names, gaps, numbers of any kind, sofas of both sizes, sections."""

from hypothesis import strategies as st

from theaters.plans.plan_drawing import SEAT_WIDTH, AreaDrawing, SeatDrawing, drawn
from theaters.seat_facts import UNKNOWN, SeatFacts, is_note

SINGLE = ("STANDARD", "PREMIUM", "WHEELCHAIR", "COMPANION")
NAMES = st.from_regex(r"[A-Z0-9]{1,4}", fullmatch=True)
SECTIONS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12)

NOTES = st.text(max_size=80).map(lambda text: " ".join(text.split())).filter(is_note)
FACTS = st.builds(
    SeatFacts,
    steps=st.none() | st.integers(0, 99),
    hearing_loop=st.none() | st.booleans(),
    armrest_lifts=st.none() | st.booleans(),
    beside_aisle=st.none() | st.booleans(),
    note=st.just("") | NOTES,
)


@st.composite
def numberings(draw, size):
    kind = draw(st.sampled_from(["along", "back", "later", "odd and even", "any"]))
    first = draw(st.integers(1, 12))
    if kind == "any":
        return draw(st.lists(st.integers(1, 999), min_size=size, max_size=size, unique=True))
    if kind == "odd and even":
        return [*reversed(range(1, size + 1, 2)), *range(2, size + 1, 2)]
    along = list(range(first, first + size)) if kind == "later" else list(range(1, size + 1))
    return along[::-1] if kind == "back" else along


@st.composite
def rows(draw, name, section, y):
    pieces = draw(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([*SINGLE, 2, 3])), min_size=1, max_size=9))
    places, x = [], draw(st.integers(0, 3))
    for at, (gap, kind) in enumerate(pieces):
        x += gap
        for _ in range(kind if isinstance(kind, int) else 1):
            places.append((x, "SOFA", f"{y}u{at}") if isinstance(kind, int) else (x, kind, None))
            x += SEAT_WIDTH
    numbers = draw(numberings(len(places)))
    kinds = draw(st.lists(FACTS | st.just(UNKNOWN), min_size=1, max_size=3))
    facts = [draw(st.sampled_from(kinds)) for _ in places] if draw(st.booleans()) else [kinds[0]] * len(places)
    return [
        SeatDrawing("", name, number, section, x, y, category, unit, one)
        for (x, category, unit), number, one in zip(places, numbers, facts, strict=True)
    ]


@st.composite
def plans(draw):
    """Rows in different sections may have the same name, if each of these sections has a name."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4, unique=True))
    sections = ["", *draw(st.lists(SECTIONS, max_size=3, unique=True))]
    seats, y, at = [], 0, 0
    used = set()
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=7)):
        at = draw(st.integers(at, len(sections) - 1))
        if (name, at) in used or (name, 0) in used:
            continue
        used.add((name, at))
        seats += draw(rows(name, sections[at], y))
        y += draw(st.integers(1, 3))
    names = draw(st.lists(SECTIONS.filter(lambda name: name not in sections), max_size=2, unique=True))
    return drawn(seats, [AreaDrawing(name, draw(st.integers(1, 9)), facts=draw(FACTS)) for name in names])
