"""Writing a note for the next operator. Its text is stored in its row alone, in no log."""

from django.utils.translation import gettext

from core.refusals import BadChoice
from reservations.models import Booking, BookingNote
from reservations.models.notes import LONGEST_NOTE
from staff.services.audit import record


def write_note(*, booking: Booking, text: str, author_id: int, actor: str) -> BookingNote:
    """Save a note; a repeat of the last one is ignored. Raises BadChoice for an empty or too long text."""
    text = " ".join(text.split())
    if not text:
        raise BadChoice("note", gettext("Write the note first: it is empty."))
    if len(text) > LONGEST_NOTE:
        raise BadChoice("note", gettext("A note has at most %(most)s letters.") % {"most": LONGEST_NOTE})
    last = BookingNote.objects.filter(booking=booking).last()
    if last is not None and (last.text, last.author_id) == (text, author_id):
        return last
    note = BookingNote.objects.create(booking=booking, text=text, author_id=author_id)
    record(actor=actor, action="write a note", thing=booking, theater=booking.sale.theater_id, after={"note": note.pk})
    return note
