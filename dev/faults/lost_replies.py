"""Faults that show when a reply is lost and its form is sent again."""

from dev.faults.fault import Fault

OF_REPLIES = "tests/payments/test_lost_replies.py::"

LOST_REPLIES = (
    Fault(
        "A ticket that was taken, and the cookie in the lost answer, are nobody's",
        "        response = view(request, *args, **kwargs)\n        ensure_holder(request)\n",
        "        response = view(request, *args, **kwargs)\n",
        f"{OF_REPLIES}test_a_friend_who_took_a_ticket_has_it",
    ),
    Fault(
        "Who took offered seats reads that they went on to the next",
        "            if was_taken_by(entry, browser.holder):\n                return entry\n",
        "",
        f"{OF_REPLIES}test_who_waits_takes_the_offered_seats_once",
    ),
    Fault(
        "Another press on the same page renews the link again, and the first mail opens nothing",
        "        if before is not None and before != booking.sale.link_version:\n            return\n",
        "",
        f"{OF_REPLIES}test_a_new_link_is_one_and_works",
    ),
    Fault(
        "A sale at the counter whose answer was lost is refused once the counter has closed",
        "    except Refusal:\n        # Sold already",
        "    except BadChoice:\n        # Sold already",
        f"{OF_REPLIES}test_a_sale_is_made_once_whatever_ends_meanwhile",
    ),
    Fault(
        "Who shared their seats reads that their time ran out",
        "    if block is not None and not held_labels(showtime_id=showtime_id, holder=holder_of(request)):\n",
        "    if block is None and not held_labels(showtime_id=showtime_id, holder=holder_of(request)):\n",
        f"{OF_REPLIES}test_seats_that_were_shared_show_the_link",
    ),
)
