"""Faults of receipts."""

from reservations.letters.papers import receipt_of
from tests.payments.invariants.faults import breaks, sql, unguarded

PAPERS = "reservations_paper"
COUNTERS = "reservations_papercounter"


def receipt_in(world):
    return receipt_of(booking_id=world.confirmed.pk)


@breaks("papers_are_numbered_without_gaps")
def a_number_was_lost(world):
    paper = receipt_in(world)
    sql(f"UPDATE {COUNTERS} SET last = last + 1")
    return f"theater {paper.theater_id}"


@breaks("papers_are_numbered_without_gaps")
def a_receipt_is_gone(world):
    paper = receipt_in(world)
    unguarded(PAPERS)
    sql(f"DELETE FROM {PAPERS}")
    return f"theater {paper.theater_id}"


@breaks("papers_are_numbered_without_gaps")
def a_receipt_has_another_number(world):
    paper = receipt_in(world)
    unguarded(PAPERS)
    sql(f"UPDATE {PAPERS} SET number = 7")
    return f"theater {paper.theater_id}"


@breaks("papers_are_numbered_without_gaps")
def nobody_counted(world):
    paper = receipt_in(world)
    sql(f"DELETE FROM {COUNTERS}")
    return f"theater {paper.theater_id}"
