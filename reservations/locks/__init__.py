"""The only row locks of reservations.

Lock order of every transaction: turn for best seats or to move in (advisory), Showtimes by id, WaitingEntry,
SharedBlock, Hold, network of the hold (advisory), Sale, Booking, (Payment, Refund,) Ticket by id, GroupBlock by id,
ShowtimeArea, ShowtimeSeat by id, persons in sorted order (advisory), PromoCode. A promo code comes last, and Pay alone
locks one: a transaction that has it waits for nothing any more. Giving a use back needs no lock of the code, because a
redemption belongs to its locked booking and fewer uses break no limit. Notices of a change come after them, by
conditional updates alone. The hold of seats that come back to a waiting list is locked after the tickets whose seats
they were: it is nobody's, and who makes offers from it locks no sale, and the turns of networks (in sorted order) and
all areas of the showtime before its holds, which are nobody's. A shared block is locked before the hold of the friend
who takes seats of it, and that before the block's own hold, which is nobody's: a friend's booking that runs out locks
it after itself. A Favorite is locked alone, after the turn of its person (advisory). A PaperCounter is locked in a
transaction of its own that locks nothing else.

The seat statements are SQL on purpose: the shape was raced against many others
(docs/adr/0003-seats-in-one-statement.md). What breaks it: a clock read before the last lock, a NULL in bool_and,
judging on a snapshot instead of the locked rows.
"""

from reservations.locks.areas import AreaPlaces, lock_area, lock_areas
from reservations.locks.bookings import (
    booking,
    ticket,
    ticket_by_code,
    tickets_of,
    tickets_of_showtime,
    unlocked_bookings,
)
from reservations.locks.favorites import favorite, favorite_by_code
from reservations.locks.holds import (
    LockedHold,
    holds_of_showtime,
    lapsed_holds,
    live_hold,
    lock_or_create_hold,
    turn_of_network,
)
from reservations.locks.house_seats import group_blocks, keep_back, mark_taken_seats, release_house_seats
from reservations.locks.papers_and_persons import (
    next_link_request,
    paper_counter,
    persons,
    promo_code,
    turn_to_move_in,
)
from reservations.locks.sales import LockedSale, gates_of_sale, sale_behind, whole_sale
from reservations.locks.seats import (
    hand_over,
    lengthen_seats,
    lock_seats,
    lock_seats_of_holds,
    release_seats,
    seats_by_seat,
    seats_of_booking,
    seats_of_hold,
    seats_of_showtime,
    seats_to_exchange,
    seats_to_swap,
    turn_for_best_seats,
)
from reservations.locks.shared_blocks import seats_of_two_holds, shared_block, shared_blocks_of
from reservations.locks.showtimes import ShowtimeGate, showtime_gate
from reservations.locks.taking import TakeLimits, TakeOutcome, take_seats
from reservations.locks.waiting import hold_by_id, waiting_entries, waiting_entry, waiting_entry_by_code

__all__ = [
    "AreaPlaces",
    "LockedHold",
    "LockedSale",
    "ShowtimeGate",
    "TakeLimits",
    "TakeOutcome",
    "booking",
    "favorite",
    "favorite_by_code",
    "gates_of_sale",
    "group_blocks",
    "hand_over",
    "hold_by_id",
    "holds_of_showtime",
    "keep_back",
    "lapsed_holds",
    "lengthen_seats",
    "live_hold",
    "lock_area",
    "lock_areas",
    "lock_or_create_hold",
    "lock_seats",
    "lock_seats_of_holds",
    "mark_taken_seats",
    "next_link_request",
    "paper_counter",
    "persons",
    "promo_code",
    "release_house_seats",
    "release_seats",
    "sale_behind",
    "seats_by_seat",
    "seats_of_booking",
    "seats_of_hold",
    "seats_of_showtime",
    "seats_of_two_holds",
    "seats_to_exchange",
    "seats_to_swap",
    "shared_block",
    "shared_blocks_of",
    "showtime_gate",
    "take_seats",
    "ticket",
    "ticket_by_code",
    "tickets_of",
    "tickets_of_showtime",
    "turn_for_best_seats",
    "turn_of_network",
    "turn_to_move_in",
    "unlocked_bookings",
    "waiting_entries",
    "waiting_entry",
    "waiting_entry_by_code",
    "whole_sale",
]
