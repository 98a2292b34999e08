"""The hosted payment page: plain HTML and forms, no script.

A declined card is no error of the page: it answers 200, as Checkout does, and browsers log nothing.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dev.sandbox import payments, sessions, views, wire
from dev.sandbox.cards import find_card
from dev.sandbox.desk import Desk
from dev.sandbox.errors import StripeError
from dev.sandbox.forms import CardForm
from dev.sandbox.html import Markup, stylesheet
from dev.sandbox.payments import Attempt

Body = dict[str, Any]
Work = Callable[[Body, dict[str, str]], Response]


class Page:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def routes(self) -> list[Route]:
        return [
            Route("/c/page.css", self.style),
            Route("/c/pay/{session_id}", self.form, methods=["GET"]),
            Route("/c/pay/{session_id}", self.pay, methods=["POST"]),
            Route("/c/pay/{session_id}/authenticate", self.challenge, methods=["GET"]),
            Route("/c/pay/{session_id}/authenticate", self.authenticate, methods=["POST"]),
        ]

    async def style(self, _request: Request) -> Response:
        return Response(stylesheet(), media_type="text/css", headers={"cache-control": "no-cache"})

    async def form(self, request: Request) -> Response:
        return await self._answer(request, self._show_form, dict(request.query_params))

    async def pay(self, request: Request) -> Response:
        return await self._answer(request, self._take_payment, await sent_fields(request))

    async def challenge(self, request: Request) -> Response:
        return await self._answer(request, self._show_challenge, {})

    async def authenticate(self, request: Request) -> Response:
        return await self._answer(request, self._take_authentication, await sent_fields(request))

    async def _answer(self, request: Request, work: Work, sent: dict[str, str]) -> Response:
        """The faults of the wire, and the pages of sessions nobody can pay."""
        faults = self.desk.faults.take(request.method, request.url.path)
        planned = [fault.status for fault in faults if fault.kind == "error"]
        if planned:
            return html(views.trouble(), planned[0])

        def run() -> Response:
            try:
                session = sessions.fetch(self.desk, request.path_params["session_id"])
            except StripeError:
                return html(views.unknown(), 404)
            return closed_page(session, returning=request.method == "POST") or work(session, sent)

        with self.desk.in_flight.one():
            silence = await wire.play_dead(request, faults)
            return silence or await wire.play(request, faults, lambda: run_in_threadpool(run))

    def _show_form(self, session: Body, sent: dict[str, str]) -> Response:
        form = CardForm()
        if sent.get("card"):
            form = CardForm(number=sent["card"], expiry="12 / 34", cvc="123", name="Test Customer")
        return html(views.payment(session, form, problem=self._problem(session)), session=session)

    def _take_payment(self, session: Body, sent: dict[str, str]) -> Response:
        form = CardForm.read(sent, now=self.desk.clock.now(), needs_email=session["customer_email"] is None)
        if form.errors:
            return html(views.payment(session, form, problem=None), session=session)
        attempt = Attempt(find_card(form.number), form.email or None, form.name)
        session = payments.pay(self.desk, session["id"], attempt)
        closed = closed_page(session, returning=True)
        if closed:
            return closed
        if payments.challenged_intent(self.desk, session):
            return RedirectResponse(f"/c/pay/{session['id']}/authenticate", 303)
        return html(views.payment(session, form, problem=self._problem(session)), session=session)

    def _problem(self, session: Body) -> str | None:
        """The reason why the last attempt failed, if it did."""
        intent = self.desk.ledger.get("payment_intent", session["payment_intent"] or "")
        error = intent["last_payment_error"] if intent else None
        return error["message"] if error else None

    def _show_challenge(self, session: Body, _sent: dict[str, str]) -> Response:
        if payments.challenged_intent(self.desk, session) is None:
            return RedirectResponse(f"/c/pay/{session['id']}", 303)
        return html(views.challenge(session), session=session)

    def _take_authentication(self, session: Body, sent: dict[str, str]) -> Response:
        answer = payments.complete_authentication
        if sent.get("outcome") != "complete":
            answer = payments.fail_authentication
        session = answer(self.desk, session["id"])
        return closed_page(session, returning=True) or RedirectResponse(f"/c/pay/{session['id']}", 303)


async def sent_fields(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode(errors="replace")))


def closed_page(session: Body, *, returning: bool = False) -> Response | None:
    """None while the session can be paid. Whoever has just paid, or pressed twice, goes back to the site."""
    if session["status"] == "open":
        return None
    if session["status"] == "expired":
        return html(views.expired(session))
    if returning:
        return RedirectResponse(views.success_url(session), 303)
    return html(views.already_paid(session))


def html(content: Markup, status: int = 200, session: Body | None = None) -> Response:
    """Chrome checks the way back to the site against form-action, so the site's origin stands in it."""
    origins = {"'self'"}
    if session:
        parts = urlsplit(session["success_url"])
        origins.add(f"{parts.scheme}://{parts.netloc}")
    policy = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action {' '.join(sorted(origins))}"
    )
    headers = {"content-security-policy": policy, "cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Response(content, status, headers, media_type="text/html; charset=utf-8")
