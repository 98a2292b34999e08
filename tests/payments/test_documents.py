"""docs/money-and-seats.md says what the code does: the same changes of status, the same rules."""

import re

import pytest

from dev.state import CHECKOUT
from payments.books.invariants import INVARIANTS
from payments.states import DISPUTE_MOVES, PAYMENT_MOVES, REFUND_MOVES
from reservations.states import BOOKING_MOVES, TICKET_MOVES, HoldEnd
from theaters.states import SHOWTIME_MOVES

TEXT = (CHECKOUT / "docs" / "money-and-seats.md").read_text()


def drawn(heading):
    """The arrows of the diagram below a heading, without those that start nowhere."""
    section = TEXT.split(f"\n### {heading}\n")[1].split("\n### ")[0]
    return set(re.findall(r"^    (\w+) --> (\w+)", section.split("```mermaid")[1].split("```")[0], re.MULTILINE))


@pytest.mark.parametrize(
    ("heading", "table"),
    [
        ("A showtime", SHOWTIME_MOVES), ("A booking", BOOKING_MOVES), ("A ticket", TICKET_MOVES),
        ("A payment", PAYMENT_MOVES), ("A refund", REFUND_MOVES), ("A dispute", DISPUTE_MOVES),
    ],
)  # fmt: skip
def test_the_diagram_of_a_machine_is_its_table(heading, table):
    assert drawn(heading) == {(str(old), str(new)) for old, steps in table.items() for new in steps}


def test_the_diagram_of_a_hold_has_every_end():
    assert {to for _, to in drawn("A hold")} == {"live", *HoldEnd.values}


def test_the_document_lists_exactly_the_rules_of_the_code():
    section = " ".join(TEXT.split("\n## What must always be true\n")[1].split("\n## ")[0].split())
    told = re.findall(r"- `(\w+)`: (.*?\.)(?= - `| \*\*| Each rule)", section)
    assert dict(told) == {rule.name: rule.says for rule in INVARIANTS}
