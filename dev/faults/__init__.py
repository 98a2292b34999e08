"""The faults of `make mutants`, each with the test that notices it."""

from dev.faults.auditorium_moves import AUDITORIUM_MOVES
from dev.faults.best_seats import BEST_SEATS
from dev.faults.contacts import CONTACTS
from dev.faults.database import DATABASE
from dev.faults.devices import DEVICES
from dev.faults.exchanges import EXCHANGES
from dev.faults.fault import Fault
from dev.faults.favorites import FAVORITES
from dev.faults.first_week import FIRST_WEEK
from dev.faults.guards import GUARDS
from dev.faults.houses import HOUSES
from dev.faults.limits import LIMITS
from dev.faults.lost_replies import LOST_REPLIES
from dev.faults.money import MONEY
from dev.faults.moving_in import MOVING_IN
from dev.faults.parties import PARTIES
from dev.faults.people import PEOPLE
from dev.faults.price_rules import PRICE_RULES
from dev.faults.provider_answers import PROVIDER_ANSWERS
from dev.faults.refunds import REFUNDS
from dev.faults.seat_categories import SEAT_CATEGORIES
from dev.faults.seats import SEATS
from dev.faults.shared_blocks import SHARED_BLOCKS
from dev.faults.texts import TEXTS
from dev.faults.voids import VOIDS
from dev.faults.waiting import WAITING

__all__ = ["FAULTS", "Fault"]

FAULTS = (
    *SEATS,
    *BEST_SEATS,
    *CONTACTS,
    *MONEY,
    *REFUNDS,
    *VOIDS,
    *MOVING_IN,
    *DEVICES,
    *GUARDS,
    *LIMITS,
    *TEXTS,
    *WAITING,
    *EXCHANGES,
    *FAVORITES,
    *PRICE_RULES,
    *HOUSES,
    *AUDITORIUM_MOVES,
    *SEAT_CATEGORIES,
    *SHARED_BLOCKS,
    *PARTIES,
    *LOST_REPLIES,
    *FIRST_WEEK,
    *PROVIDER_ANSWERS,
    *PEOPLE,
    *DATABASE,
)
