"""One code for a whole party, in addition to those of its tickets, if the customer chooses it on the page of the
booking.
"""

from django.db import transaction

from core.clock import ClockTimestamp
from core.refusals import Refusal, WayOn
from core.texts.lazy_text import gettext_lazy as _
from reservations import locks
from reservations.models import Booking, new_code
from reservations.records.status_changes import log_moves
from reservations.selectors.party_codes import may_have_party_code


class NoPartyCode(Refusal):
    staff_can = "Nothing: the code of each ticket lets its person in."
    title = _("One code for all of you")
    way_on = WayOn(_("See the booking"), to="booking")
    sentence = _("One code for all is for bookings with two or more valid tickets. The code of each ticket is good.")


def choose_party_code(*, booking_id: int, wanted: bool) -> None:
    """Switch the party code on or off. A code that was switched off never lets anybody in again. Raises NoPartyCode."""
    with transaction.atomic():
        locks.booking(booking_id)
        booking = Booking.objects.with_tickets().get(pk=booking_id)
        if wanted and not may_have_party_code(booking):
            raise NoPartyCode
        if wanted == (booking.party_code is not None):
            return
        booking.party_code, booking.changed_at = new_code() if wanted else None, ClockTimestamp()
        booking.save(update_fields=["party_code", "changed_at"])
        codes = ("EACH", "PARTY") if wanted else ("PARTY", "EACH")
        log_moves("codes", [(booking.pk, *codes)], actor="customer")
