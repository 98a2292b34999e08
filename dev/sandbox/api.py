"""Stripe's HTTP API: keys, idempotency, faults, errors; the resources themselves live in their own modules."""

import base64
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dev.sandbox import (
    balance,
    disputes,
    errors,
    events,
    idempotency,
    intents,
    keys,
    params,
    probe,
    refunds,
    sessions,
    wire,
)
from dev.sandbox.desk import API_VERSION, Cause, Desk, cause
from dev.sandbox.faults import Fault
from dev.sandbox.ids import new_request_id

Body = dict[str, Any]
Resource = Callable[..., Body]
ID = r"([A-Za-z0-9_]+)"
ROUTES: list[tuple[str, str, Resource]] = [
    ("POST", "/v1/checkout/sessions", sessions.create),
    ("GET", "/v1/checkout/sessions", sessions.list_all),
    ("GET", f"/v1/checkout/sessions/{ID}", sessions.retrieve),
    ("POST", f"/v1/checkout/sessions/{ID}/expire", sessions.expire),
    ("GET", f"/v1/checkout/sessions/{ID}/line_items", sessions.list_lines),
    ("GET", "/v1/payment_intents", intents.list_all),
    ("GET", f"/v1/payment_intents/{ID}", intents.retrieve),
    ("GET", "/v1/charges", intents.list_charges),
    ("GET", f"/v1/charges/{ID}", intents.retrieve_charge),
    ("POST", "/v1/refunds", refunds.create),
    ("GET", "/v1/refunds", refunds.list_all),
    ("GET", f"/v1/refunds/{ID}", refunds.retrieve),
    ("GET", "/v1/disputes", disputes.list_all),
    ("GET", f"/v1/disputes/{ID}", disputes.retrieve),
    ("GET", "/v1/balance_transactions", balance.list_all),
    ("GET", f"/v1/balance_transactions/{ID}", balance.retrieve),
    ("GET", "/v1/events", events.list_all),
    ("GET", f"/v1/events/{ID}", events.retrieve),
]


@dataclass
class Call:
    """One request to the API, read."""

    method: str
    path: str
    params: Body
    key: str | None
    request_id: str
    url_base: str
    faults: list[Fault]
    kept: bool = False
    replayed: bool = False
    original: str | None = None


class Api:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.keys = idempotency.KeysInUse()

    async def __call__(self, request: Request) -> Response:
        with self.desk.in_flight.one():
            return await self._answer(request)

    async def _answer(self, request: Request) -> Response:
        call = self._read(request)
        note = self._note(request, call)
        silence = await wire.play_dead(request, call.faults)
        if silence:
            return silence
        text = (await request.body()).decode(errors="replace") if request.method == "POST" else request.url.query
        try:
            key = self._key_of(request)
            note["params"] = call.params = params.decode(parse_qsl(text, keep_blank_values=True))
            if key in self.desk.restricted_keys:
                rights = self.desk.restricted_keys[key]
                keys.require_rights(key, rights, method=call.method, path=call.path, params=call.params)
            await run_in_threadpool(probe.look, self.desk, call.method, call.path)
            response = await self._keyed(request, call)
        except errors.StripeError as error:
            response = self._respond(call, error.status, json.dumps(error.body(call.request_id)))
        note |= {"status": response.status_code, "replayed": call.replayed}
        return response

    def _read(self, request: Request) -> Call:
        path = request.url.path
        return Call(
            method=request.method,
            path=path,
            params={},
            key=request.headers.get("idempotency-key") if request.method == "POST" else None,
            request_id=new_request_id(),
            url_base=self.desk.public_url or f"{request.url.scheme}://{request.url.netloc}",
            faults=self.desk.faults.take(request.method, path),
        )

    def _note(self, request: Request, call: Call) -> Body:
        note: Body = {
            "at": self.desk.clock.now(),
            "method": call.method,
            "path": call.path,
            "params": {},
            "idempotency_key": call.key,
            "request_id": call.request_id,
            "stripe_version": request.headers.get("stripe-version"),
            "faults": [fault.kind for fault in call.faults],
            "status": None,
        }
        self.desk.requests.append(note)
        return note

    def _key_of(self, request: Request) -> str:
        """The key that was given. Raises Stripe's error for one that is not known."""
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "basic":
            given = base64.b64decode(given, validate=False).decode(errors="replace").partition(":")[0]
        known = (self.desk.secret_key, *self.desk.restricted_keys)
        if not any(secrets.compare_digest(given.encode(), key.encode()) for key in known):
            raise errors.wrong_key(given)
        return given

    async def _keyed(self, request: Request, call: Call) -> Response:
        """Errors of stage `before` come from the edge: the key is not even looked at."""
        self._raise_planned(call, "before")
        if call.key is None:
            return await wire.play(request, call.faults, lambda: run_in_threadpool(self._execute, call))
        with self.keys.claimed(call.key):
            return await wire.play(request, call.faults, lambda: run_in_threadpool(self._replay_or_execute, call))

    def _raise_planned(self, call: Call, stage: str) -> None:
        for fault in call.faults:
            if fault.kind == "error" and fault.stage == stage:
                error = errors.broken(fault.status)
                error.ran = stage != "before"
                raise error

    def _replay_or_execute(self, call: Call) -> Response:
        assert call.key is not None
        print_now = idempotency.fingerprint(call.method, call.path, call.params)
        earlier = idempotency.earlier_answer(self.desk, call.key, print_now)
        if earlier:
            call.kept, call.replayed, call.original = True, True, earlier.request_id
            return self._respond(call, earlier.status, earlier.body)
        return self._execute(call)

    def _execute(self, call: Call) -> Response:
        """Execute the request; its changes and its stored answer are committed together."""
        token = cause.set(Cause(call.request_id, call.key))
        try:
            with self.desk.ledger.transaction():
                self._raise_planned(call, "during")
                body = json.dumps(self._work(call), indent=2)
                planned = [fault for fault in call.faults if fault.kind == "error" and fault.stage == "after"]
                status = 200
                if planned:
                    status = planned[0].status
                    body = json.dumps(errors.broken(status).body(call.request_id))
                self._keep(call, status, body)
        except errors.StripeError as error:
            body, status = json.dumps(error.body(call.request_id)), error.status
            if error.ran:
                self._keep(call, status, body)
        finally:
            cause.reset(token)
        return self._respond(call, status, body)

    def _work(self, call: Call) -> Body:
        for method, pattern, resource in ROUTES:
            match = re.fullmatch(pattern, call.path)
            if match and method == call.method:
                extra = (call.url_base,) if resource is sessions.create else match.groups()
                return resource(self.desk, call.params, *extra)
        raise errors.unknown_url(call.method, call.path)

    def _keep(self, call: Call, status: int, body: str) -> None:
        if call.key is not None:
            call.kept = True
            print_now = idempotency.fingerprint(call.method, call.path, call.params)
            idempotency.keep(self.desk, call.key, print_now, idempotency.Answer(status, body, call.request_id))

    def _respond(self, call: Call, status: int, body: str) -> Response:
        headers = {"request-id": call.request_id, "stripe-version": API_VERSION, "cache-control": "no-store"}
        if call.key is not None:
            headers["idempotency-key"] = call.key
        if status >= 500 and call.kept:
            headers["stripe-should-retry"] = "false"  # the same key would only bring the same answer again
        if call.replayed:
            headers |= {"idempotent-replayed": "true", "original-request": call.original or ""}
        return Response(body, status, headers, media_type="application/json")
