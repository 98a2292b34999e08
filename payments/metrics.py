"""The metrics of payments, providers and checks for /metrics."""

from core.monitoring.metrics import Counts

COUNTS: Counts = {
    "marquee_payments": (
        "Payments by status.",
        "status",
        "SELECT lower(status), count(*) FROM payments_payment GROUP BY status",
    ),
    "marquee_refunds": (
        "Refunds by status.",
        "status",
        "SELECT lower(status), count(*) FROM payments_refund GROUP BY status",
    ),
    "marquee_waiting": (
        "Rows that wait for a worker.",
        "what",
        """SELECT 'provider_events', count(*) FROM payments_providerevent
            WHERE done_at IS NULL AND set_aside_at IS NULL
           UNION ALL SELECT 'provider_events_set_aside', count(*) FROM payments_providerevent
                      WHERE done_at IS NULL AND set_aside_at IS NOT NULL""",
    ),
    "marquee_invariants": (
        "The last check of seats and money: rules, broken rules, seconds since it ended.",
        "what",
        """WITH last AS (SELECT * FROM payments_invariantrun WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1)
           SELECT 'checked', checked FROM last UNION ALL SELECT 'broken', broken FROM last
           UNION ALL SELECT 'age_seconds', extract(epoch FROM clock_timestamp() - finished_at) FROM last""",
    ),
    "marquee_retention": (
        "The last night of the job that forgets: seconds since it ended, and what it emptied or deleted.",
        "what",
        """WITH last AS (SELECT * FROM payments_retentionrun WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1)
           SELECT 'age_seconds', extract(epoch FROM clock_timestamp() - finished_at) FROM last
           UNION ALL SELECT key, value::numeric FROM last, jsonb_each_text(last.counts)""",
    ),
    "marquee_ledger_comparison": (
        "The last comparison with providers: differences left, seconds since it ended, 1 while one cannot be asked.",
        "what",
        """WITH last AS (SELECT * FROM payments_ledgercomparison WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1)
           SELECT 'differences', differences FROM last
           UNION ALL SELECT 'age_seconds', extract(epoch FROM clock_timestamp() - finished_at) FROM last
           UNION ALL SELECT 'unasked', count(*) FROM payments_ledgercomparison WHERE finished_at IS NULL AND error <> ''""",
    ),
    "marquee_provider_key_refused": (
        "Rights that a payment provider said our key lacks, within the last 26 hours.",
        "right",
        """SELECT "right", count(*) FROM payments_keyrefusal WHERE last_at > clock_timestamp() - interval '26 hours'
            GROUP BY 1""",
    ),
}
