"""Each rule finds the fault that is planted for it, in that row alone, and finds nothing in a clean world."""

import pytest

from payments.books.invariants import INVARIANTS, check_invariants
from payments.models import Payment, ProviderEvent, Refund
from reservations.models import Booking, Move, OutgoingMail, Ticket
from tests.payments.invariants import (
    faults_of_counter,
    faults_of_disputes,
    faults_of_exchanges,
    faults_of_money,
    faults_of_papers,
    faults_of_promotions,
    faults_of_records,
    faults_of_seats,
    faults_of_shared_blocks,
)
from tests.payments.invariants.faults import FAULTS

pytestmark = pytest.mark.long

# Importing these modules fills FAULTS.
assert faults_of_disputes and faults_of_seats and faults_of_money and faults_of_records and faults_of_promotions
assert faults_of_papers and faults_of_counter and faults_of_exchanges and faults_of_shared_blocks


def broken():
    return {found.name: found.rows for found in check_invariants() if not found.is_clean}


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_found(world, fault):
    row = fault.plant(world)
    assert broken()[fault.rule] == (row,)


def test_nothing_is_found_in_a_clean_world(world):
    assert broken() == {}


def test_the_clean_world_has_a_bit_of_everything(world):
    def statuses(model):
        return set(model.objects.values_list("status", flat=True))

    assert statuses(Booking) >= {"PENDING", "CONFIRMED", "EXPIRED", "REFUNDED"}
    assert statuses(Payment) >= {"OPEN", "SUCCEEDED", "CLOSED", "DISPUTED"}
    assert statuses(Ticket) >= {"RESERVED", "VALID", "VOID"}
    assert set(Move.objects.values_list("what", flat=True)) >= {"booking", "ticket", "payment", "refund", "dispute"}
    assert Refund.objects.filter(status="SUCCEEDED").exists() and ProviderEvent.objects.exists()
    assert OutgoingMail.objects.filter(sent_at__isnull=False).exists()


def test_every_rule_has_a_fault_that_it_finds():
    assert {fault.rule for fault in FAULTS} == {rule.name for rule in INVARIANTS}
