"""The background worker: closes overdue sessions and delivers what is due."""

import logging
import threading

from dev.sandbox import sessions, webhooks
from dev.sandbox.desk import Desk

log = logging.getLogger("sandbox")
LONGEST_SLEEP = 0.5
STOPS_WITHIN = 2.0  # a delivery that takes longer is repeated after the next start


class Courier(threading.Thread):
    def __init__(self, desk: Desk) -> None:
        super().__init__(name="sandbox courier", daemon=True)
        self.desk = desk
        self._stopping = threading.Event()

    def run(self) -> None:
        post = webhooks.http_post(self.desk.webhook_url) if self.desk.webhook_url else None
        while not self._stopping.is_set():
            self.desk.wake.clear()
            try:
                sessions.expire_overdue(self.desk)
                if post and not self.desk.switches.paused:
                    webhooks.deliver_due(self.desk, post)
            except Exception:
                log.exception("The courier stumbled and goes on")
            self.desk.wake.wait(LONGEST_SLEEP)

    def stop(self) -> None:
        self._stopping.set()
        self.desk.wake.set()
        self.join(timeout=STOPS_WITHIN)
