"""Faults of seats that are held for friends."""

from tests.payments.invariants.faults import breaks, copied, one, sql

HOLDS = "reservations_hold"
BLOCK = """
INSERT INTO reservations_sharedblock (showtime_id, hold_id, code, name, holder, customer, labels)
SELECT showtime_id, id, 'code' || id, 'Ada', 'x', 'ada@example.com',
       ARRAY(SELECT label FROM reservations_showtimeseat WHERE hold_id = hold.id)
  FROM reservations_hold AS hold WHERE id = %s RETURNING id"""


@breaks("friends_have_seats_of_their_block")
def a_seat_came_into_a_block_later(world):
    block = one(BLOCK, world.hold.pk)
    sql("UPDATE reservations_sharedblock SET labels = array_remove(labels, 'C3') WHERE id = %s", block)
    return f"showtime {world.showtime.pk}, seat C3"


@breaks("friends_hold_no_longer_than_their_block")
def a_friend_holds_a_seat_after_the_end(world):
    hold = copied(
        HOLDS, world.hold.pk, holder="z", shared_block_id=one(BLOCK, world.hold.pk), cap_at="2099-01-01T00:00Z"
    )
    return f"hold {hold}"


@breaks("one_shared_block_at_a_time")
def somebody_has_two(world):
    first, second = one(BLOCK, world.hold.pk), one(BLOCK, copied(HOLDS, world.hold.pk, holder="z"))
    return f"showtime {world.showtime.pk}, blocks {first} and {second}"
