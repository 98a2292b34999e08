"""Only reservations/seats/ judges the columns of a seat's row; all other code asks it for the state."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PRODUCT = (
    "accounts",
    "bench",
    "boxoffice",
    "config",
    "core",
    "dev",
    "houses",
    "payments",
    "reservations",
    "sales",
    "staff",
    "theaters",
)
ROOM = "reservations/seats/"
# Texts of the product with faults in them, for `make mutants`.
FAULTS = "dev/faults/"
COLUMNS = r"(?:held_until|house_reason|house_release_minutes)"
# In SQL every mention counts; the last part means "nobody has it".
IN_SQL = re.compile(rf"\b{COLUMNS}\b|\b(?:hold|booking)_id IS (?:NOT )?NULL")
LOOKUPS = re.compile(rf"{COLUMNS}(?:__\w+)?|(?:hold|booking)(?:_id)?__isnull")
# A file without any of these words does not use the columns.
MENTIONED = re.compile(r"held_until|house_reason|house_release_minutes|hold_id|booking_id|isnull")
ASKING = {"filter", "exclude", "get", "get_or_create", "update_or_create", "update", "Q", "When", "aggregate"}

# Places outside that use the columns nevertheless, each with its reason.
EXCEPTIONS = {
    "bench/ceiling/views.py": ({"held_until"}, "a table of its own, without our rules"),
    "bench/rows/expiry.py": ({"held_until"}, "puts rows into a state"),
    "bench/rows/holds.py": ({"held_until", "hold_id IS NOT NULL"}, "puts rows into a state"),
    "bench/rows/sales.py": ({"held_until", "house_reason"}, "puts rows into a state"),
    "bench/sweeping.py": ({"held_until"}, "puts rows into a state"),
    "payments/books/invariants/counter.py": (
        {"house_reason"},
        "invariants do not believe the rule that they check",
    ),
    "payments/books/invariants/seats.py": (
        {"held_until", "hold_id IS NULL", "hold_id IS NOT NULL", "booking_id IS NULL", "booking_id IS NOT NULL"},
        "invariants do not believe the rule that they check",
    ),
    "payments/books/invariants/times.py": ({"held_until"}, "invariants do not believe the rule that they check"),
    "reservations/locks/house_seats.py": (
        {"held_until", "house_reason", "house_release_minutes"},
        "writes locked rows, and finds those whose time has come",
    ),
    "reservations/groups/friends_seats.py": ({"held_until"}, "gives locked rows to another hold"),
    "reservations/locks/seats.py": ({"held_until"}, "writes locked rows"),
    "reservations/models/seats.py": (
        {
            "booking__isnull",
            "hold__isnull",
            "held_until",
            "held_until__isnull",
            "house_reason",
            "house_release_minutes",
            "house_release_minutes__isnull",
        },
        "the constraints and the indexes of the columns",
    ),
    "reservations/selling/bookings.py": ({"held_until"}, "the end of a booking"),
    "reservations/selling/payment_doubts.py": ({"held_until"}, "the end of a booking"),
    "sales/models/sales.py": ({"held_until__gte"}, "a column of the sale: until when its seats wait for money"),
}


def conditions_of(path):
    """What a file's code asks about these columns: in lookups, in SQL, and in Python conditions."""
    text = path.read_text()
    if not MENTIONED.search(text):
        return
    tree = ast.parse(text)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node, clean=False)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ASKING:
            yield from (word.arg for word in node.keywords if word.arg and LOOKUPS.fullmatch(word.arg))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from IN_SQL.findall(node.value) if " " in node.value else []
        for test in deciding_parts(node):
            for part in ast.walk(test):
                if isinstance(part, ast.Attribute) and re.fullmatch(COLUMNS, part.attr):
                    yield part.attr


def deciding_parts(node):
    if isinstance(node, ast.If | ast.IfExp | ast.While | ast.Assert):
        return [node.test]
    if isinstance(node, ast.comprehension):
        return node.ifs
    return [node] if isinstance(node, ast.BoolOp | ast.Compare) or is_not(node) else []


def is_not(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def judgments():
    found = {}
    for path in sorted(path for app in PRODUCT for path in (ROOT / app).rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if not name.startswith((ROOM, FAULTS)) and "/migrations/" not in name and (words := set(conditions_of(path))):
            found[name] = words
    return found


def test_nobody_else_judges_the_columns_of_a_seat():
    found = judgments()
    allowed = {name: words for name, (words, _) in EXCEPTIONS.items()}
    assert {name: sorted(words - allowed.get(name, set())) for name, words in found.items()} == {
        name: [] for name in found
    }
    assert {name: sorted(words - found.get(name, set())) for name, words in allowed.items()} == {
        name: [] for name in allowed
    }


@pytest.mark.parametrize(
    "code",
    [
        "if row.house_reason: pass",
        "free = row.held_until is None or row.held_until <= now",
        "[row for row in rows if not row.house_reason]",
        "seats.filter(held_until__lte=now)",
        "seats.exclude(house_reason='')",
        "Q(booking__isnull=True)",
        "FREE = 'SELECT id FROM reservations_showtimeseat WHERE hold_id IS NULL'",
    ],
)
def test_a_condition_is_seen_wherever_it_stands(tmp_path, code):
    file = tmp_path / "code.py"
    file.write_text(code)
    assert set(conditions_of(file))
