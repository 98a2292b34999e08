"""Prometheus metrics read from the database at scrape time: the same from whichever process answers."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.clock import web_clock_ahead

# Name of a metric: what it says, its label, and the query for value and number. Apps name theirs in settings.METRICS; what
# several of them count under one name becomes one metric.
type Counts = dict[str, tuple[str, str, str]]
COUNTS: Counts = {
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
        families: dict[str, GaugeMetricFamily] = {}
        with connection.cursor() as cursor:
            for counts in map(import_string, settings.METRICS):
                for name, (says, label, query) in counts.items():
                    family = families.setdefault(name, GaugeMetricFamily(name, says, labels=[label]))
                    cursor.execute(query)
                    for value, amount in cursor.fetchall():
                        family.add_metric([value], float(amount))
        yield from families.values()
        yield GaugeMetricFamily(
            "marquee_web_clock_ahead_seconds",
            "How far the clock of this web server is ahead of the database's.",
            value=web_clock_ahead(),
        )


def exposition() -> bytes:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(DatabaseCollector())
    return generate_latest(registry)
