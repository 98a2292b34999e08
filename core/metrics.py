"""Prometheus metrics read from the database at scrape time: the same from whichever process answers."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.clock import web_clock_ahead

# Names of tables, not imports: core knows no one, and a scrape must not load the apps above it.
COUNTS = {
    "marquee_bookings": (
        "Bookings by status.",
        "status",
        "SELECT lower(status), count(*) FROM reservations_booking GROUP BY status",
    ),
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
        """SELECT 'mail', count(*) FROM reservations_outgoingmail WHERE sent_at IS NULL AND gave_up_at IS NULL
           UNION ALL SELECT 'account_mail', count(*) FROM accounts_accountmail
                      WHERE sent_at IS NULL AND gave_up_at IS NULL
           UNION ALL SELECT 'provider_events', count(*) FROM payments_providerevent
                      WHERE done_at IS NULL AND set_aside_at IS NULL
           UNION ALL SELECT 'provider_events_set_aside', count(*) FROM payments_providerevent
                      WHERE done_at IS NULL AND set_aside_at IS NOT NULL
           UNION ALL SELECT 'live_holds', count(*) FROM reservations_hold
                      WHERE ended_at IS NULL AND expires_at > clock_timestamp()""",
    ),
    "marquee_invariants": (
        "The last check of seats and money: rules, broken rules, seconds since it ended.",
        "what",
        """WITH last AS (SELECT * FROM payments_invariantrun WHERE finished_at IS NOT NULL ORDER BY id DESC LIMIT 1)
           SELECT 'checked', checked FROM last UNION ALL SELECT 'broken', broken FROM last
           UNION ALL SELECT 'age_seconds', extract(epoch FROM clock_timestamp() - finished_at) FROM last""",
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
    "marquee_sales_paused": (
        "Pauses of all sales that are active, by kind.",
        "kind",
        "SELECT lower(kind), count(*) FROM core_salespause WHERE ended_at IS NULL GROUP BY kind",
    ),
    "marquee_heartbeat_age_seconds": (
        "Seconds since a background process was last seen.",
        "name",
        # A process that was not seen for a week belongs to an earlier release.
        """SELECT name, extract(epoch FROM clock_timestamp() - at) FROM core_heartbeat
            WHERE at > clock_timestamp() - interval '7 days'""",
    ),
}


class DatabaseCollector(Collector):
    def collect(self) -> Iterator[Metric]:
        with connection.cursor() as cursor:
            for name, (says, label, query) in COUNTS.items():
                family = GaugeMetricFamily(name, says, labels=[label])
                cursor.execute(query)
                for value, amount in cursor.fetchall():
                    family.add_metric([value], float(amount))
                yield family
        yield GaugeMetricFamily(
            "marquee_web_clock_ahead_seconds",
            "How far the clock of this web server is ahead of the database's.",
            value=web_clock_ahead(),
        )


def exposition() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(DatabaseCollector())
    return generate_latest(registry)
