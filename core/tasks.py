from celery import shared_task

from core.models import Heartbeat


@shared_task(name="core.heartbeat", goes_on_after_restore=True)
def heartbeat(*, queue: str, **_: object) -> None:
    """A task that beat sends to each queue, which proves that beat and worker are alive."""
    Heartbeat.objects.beat(f"worker {queue}")
    Heartbeat.objects.beat("beat")
