"""Gunicorn's ASGI worker, with live seat maps that end as soon as the process is told to stop.

They would stay open for as long as gunicorn waits for answers under way, and the site would be away that long.
"""

from gunicorn.workers.gasgi import ASGIWorker


class WebWorker(ASGIWorker):
    def handle_exit_signal(self) -> None:
        from config.live_maps import hub  # noqa: PLC0415  (only importable in the worker's process, with its settings)

        super().handle_exit_signal()
        hub.stop()
