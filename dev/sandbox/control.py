"""The switches over HTTP: `/_control/…`, JSON in, JSON out. `docs/sandbox.md` lists them."""

import json
import re
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dev.sandbox import dashboard, disputes, events, refunds, webhooks
from dev.sandbox.desk import Desk
from dev.sandbox.errors import StripeError
from dev.sandbox.faults import Fault
from dev.sandbox.keys import RIGHTS
from dev.sandbox.shapes import present
from dev.sandbox.switches import WebhookRule

Body = dict[str, Any]
Handler = Callable[..., Any]
ID = r"([A-Za-z0-9_]+)"


class Control:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.acts: list[tuple[str, str, Handler]] = [
            ("GET", "", self.overview),
            ("POST", "reset", self.reset),
            ("POST", "clock", self.move_clock),
            ("POST", f"sessions/{ID}/pay", self._on_desk(dashboard.pay)),
            ("POST", f"sessions/{ID}/pay-late", self._on_desk(dashboard.pay_whatever_its_state)),
            ("POST", f"sessions/{ID}/authenticate", self._on_desk(dashboard.authenticate)),
            ("POST", f"sessions/{ID}/expire", self._on_desk(dashboard.expire)),
            ("POST", f"payments/{ID}/refund", self._on_desk(dashboard.refund)),
            ("POST", f"payments/{ID}/dispute", self._on_desk(dashboard.dispute)),
            ("POST", f"payments/{ID}/settle", self._on_desk(dashboard.settle)),
            ("POST", f"refunds/{ID}/succeed", self._on_desk(refunds.succeed)),
            ("POST", f"refunds/{ID}/fail", self._on_desk(refunds.fail)),
            ("POST", f"disputes/{ID}/win", self._on_desk(disputes.win)),
            ("POST", f"disputes/{ID}/lose", self._on_desk(disputes.lose)),
            ("POST", f"disputes/{ID}/reopen", self._on_desk(disputes.reopen)),
            ("POST", "keys", self.restrict),
            ("POST", "switches", self.turn),
            ("GET", "faults", self.faults),
            ("POST", "faults", self.add_fault),
            ("POST", "faults/release", self.release),
            ("DELETE", "faults", self.heal),
            ("POST", "dead", self.die),
            ("POST", "alive", self.heal),
            ("GET", "webhooks", self.deliveries),
            ("POST", "webhooks/pause", self.pause),
            ("POST", "webhooks/resume", self.resume),
            ("POST", "webhooks/deliver", self.deliver),
            ("POST", f"webhooks/resend/{ID}", self.resend),
            ("POST", "webhooks/rules", self.add_rule),
            ("DELETE", "webhooks/rules", self.clear_rules),
            ("GET", "events", self.events),
            ("GET", "requests", self.requests),
            ("DELETE", "requests", self.forget_requests),
            ("GET", "violations", self.violations),
            ("DELETE", "violations", self.forget_violations),
        ]

    def routes(self) -> list[Route]:
        return [Route("/_control/{rest:path}", self.answer, methods=["GET", "POST", "DELETE"])]

    async def answer(self, request: Request) -> Response:
        path = request.path_params["rest"].strip("/")
        text = await request.body()
        try:
            data = json.loads(text) if text else {}
            for method, pattern, act in self.acts:
                match = re.fullmatch(pattern, path)
                if match and method == request.method:
                    return JSONResponse(await run_in_threadpool(act, *match.groups(), **data))
        except StripeError as error:
            return JSONResponse({"error": error.message}, error.status)
        except (TypeError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)
        return JSONResponse({"error": f"There is no {request.method} /_control/{path}"}, 404)

    def _on_desk(self, act: Handler) -> Handler:
        return lambda *found, **data: present(act(self.desk, *found, **data))

    def overview(self) -> Body:
        rows = self.desk.ledger.query("SELECT kind, count(*) AS n FROM objects GROUP BY kind ORDER BY kind")
        return {
            "now": self.desk.clock.now(),
            "objects": {row["kind"]: row["n"] for row in rows},
            "switches": self.desk.switches.as_json(),
            "faults": self.faults(),
            "webhook_url": self.desk.webhook_url,
            "violations": len(self.desk.violations),
        }

    def reset(self) -> Body:
        self.desk.reset()
        return self.overview()

    def move_clock(self, *, advance: float) -> Body:
        self.desk.clock.advance(advance)
        self.desk.wake.set()
        return {"now": self.desk.clock.now()}

    def turn(self, **values: Any) -> Body:
        self.desk.switches.turn(**values)
        self.desk.wake.set()
        return self.desk.switches.as_json()

    def restrict(self, *, key: str, rights: list[str]) -> Body:
        unknown = set(rights) - RIGHTS
        if unknown or not key.startswith("rk_test_"):
            raise ValueError(f"Not a restricted test key, or unknown rights: {', '.join(sorted(unknown))}")
        self.desk.restricted_keys[key] = frozenset(rights)
        return {"key": key, "rights": sorted(rights)}

    def faults(self) -> list[Body]:
        return self.desk.faults.as_json()

    def add_fault(self, **values: Any) -> Body:
        return self.desk.faults.add(Fault(**values)).as_json()

    def release(self) -> list[Body]:
        self.desk.faults.release()
        return self.faults()

    def heal(self) -> list[Body]:
        self.desk.faults.clear()
        return self.faults()

    def die(self, *, mode: str = "cut") -> Body:
        return self.desk.faults.add(Fault("hang" if mode == "hang" else "cut")).as_json()

    def deliveries(self) -> list[Body]:
        return webhooks.deliveries(self.desk)

    def pause(self) -> Body:
        return self.turn(paused=True)

    def resume(self) -> Body:
        return self.turn(paused=False)

    def deliver(self) -> Body:
        """Now, also while paused, also what waits for its next try."""
        if not self.desk.webhook_url:
            raise ValueError("The sandbox was started without --webhook-url")
        webhooks.make_due(self.desk)
        delivered = webhooks.deliver_due(self.desk, webhooks.http_post(self.desk.webhook_url))
        return {"delivered": delivered, "waiting": len(webhooks.waiting(self.desk))}

    def resend(self, event_id: str) -> Body:
        return {"queued": webhooks.resend(self.desk, event_id)}

    def add_rule(self, **values: Any) -> Body:
        self.desk.switches.webhook_rules.append(WebhookRule(**values))
        return self.desk.switches.as_json()

    def clear_rules(self) -> Body:
        self.desk.switches.webhook_rules.clear()
        return self.desk.switches.as_json()

    def events(self) -> list[Body]:
        return [present(events.counted(self.desk, event)) for event in self.desk.ledger.find("event")]

    def requests(self) -> list[Body]:
        return list(self.desk.requests)

    def forget_requests(self) -> list[Body]:
        self.desk.requests.clear()
        return []

    def violations(self) -> list[Body]:
        return list(self.desk.violations)

    def forget_violations(self) -> list[Body]:
        self.desk.violations.clear()
        return []
