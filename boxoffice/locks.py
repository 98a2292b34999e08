"""The only row locks of boxoffice.

A refund request is locked before everything else: RefundRequest, Showtime, Hold, Booking, (Payment, Refund,) Ticket,
Seat.
"""

from boxoffice.models import RefundRequest


def refund_request(request_id: int) -> RefundRequest:
    """Lock a refund request. Raises RefundRequest.DoesNotExist."""
    return RefundRequest.objects.select_for_update(no_key=True).get(pk=request_id)
