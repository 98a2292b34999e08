from celery import shared_task

from core.models import Heartbeat


@shared_task(name="core.heartbeat")
def heartbeat(**_: object) -> None:
    """Sent by beat and run by a worker: it proves both alive."""
    Heartbeat.objects.beat("worker")
    Heartbeat.objects.beat("beat")
