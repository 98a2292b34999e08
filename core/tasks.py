from celery import shared_task

from core.models import Heartbeat


@shared_task(name="core.heartbeat", goes_on_after_restore=True)
def heartbeat(*, queue: str, **_: object) -> None:
    """Sent by beat to each queue and run by its worker: it proves both alive."""
    Heartbeat.objects.beat(f"worker {queue}")
    Heartbeat.objects.beat("beat")
