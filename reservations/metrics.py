"""The metrics of bookings, mails and holds for /metrics."""

from core.monitoring.metrics import Counts

COUNTS: Counts = {
    "marquee_bookings": (
        "Bookings by status.",
        "status",
        "SELECT lower(status), count(*) FROM reservations_booking GROUP BY status",
    ),
    "marquee_waiting": (
        "Rows that wait for a worker.",
        "what",
        """SELECT 'mail', count(*) FROM reservations_outgoingmail WHERE sent_at IS NULL AND gave_up_at IS NULL
           UNION ALL SELECT 'live_holds', count(*) FROM reservations_hold
                      WHERE ended_at IS NULL AND expires_at > clock_timestamp()""",
    ),
}
