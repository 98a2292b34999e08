"""The metrics of accounts for /metrics."""

from core.monitoring.metrics import Counts

COUNTS: Counts = {
    "marquee_waiting": (
        "Rows that wait for a worker.",
        "what",
        """SELECT 'account_mail', count(*) FROM accounts_accountmail
            WHERE sent_at IS NULL AND gave_up_at IS NULL""",
    ),
}
