"""Invariants of shared blocks."""

from payments.books.invariants.rule import Invariant

SHARED_BLOCKS = (
    Invariant(
        "friends_have_seats_of_their_block",
        "What a shared block or a friend holds was in the block when it began, or when its showtime moved.",
        """SELECT 'showtime ' || seat.showtime_id || ', seat ' || seat.label FROM reservations_sharedblock block
             JOIN reservations_hold hold ON hold.id = block.hold_id OR hold.shared_block_id = block.id
             JOIN reservations_showtimeseat seat ON seat.hold_id = hold.id
            WHERE NOT seat.label = ANY(block.labels)""",
    ),
    Invariant(
        "friends_hold_no_longer_than_their_block",
        "A friend's hold ends with its shared block, and so does the time to pay after it.",
        """SELECT 'hold ' || hold.id FROM reservations_sharedblock block
             JOIN reservations_hold kept ON kept.id = block.hold_id
             JOIN reservations_hold hold ON hold.shared_block_id = block.id
            WHERE hold.cap_at > kept.cap_at""",
    ),
    Invariant(
        "one_shared_block_at_a_time",
        "Nobody has two open shared blocks at one showtime.",
        """SELECT 'showtime ' || block.showtime_id || ', blocks ' || min(block.id) || ' and ' || max(block.id)
             FROM reservations_sharedblock block JOIN reservations_hold hold ON hold.id = block.hold_id
            WHERE hold.ended_at IS NULL AND hold.expires_at > clock_timestamp()
            GROUP BY block.showtime_id, block.customer HAVING count(*) > 1""",
    ),
)
