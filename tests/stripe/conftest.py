import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
import stripe

from dev.sandbox.clock import Clock
from dev.sandbox.testing import SandboxServer

STARTED = float(int(time.time()))


@pytest.fixture(scope="session")
def server() -> Iterator[SandboxServer]:
    """A sandbox whose clock stands still until a test moves it."""
    with SandboxServer(clock=Clock(lambda: STARTED)) as running:
        yield running


@pytest.fixture
def sandbox(server: SandboxServer) -> Iterator[SandboxServer]:
    server.reset()
    yield server
    server.reset()


@pytest.fixture
def client(sandbox: SandboxServer) -> Iterator[stripe.StripeClient]:
    yield from make_client(sandbox.base_url, sandbox.secret_key)


def make_client(base_url: str, key: str) -> Iterator[stripe.StripeClient]:
    with requests.Session() as session:
        yield stripe.StripeClient(
            key,
            base_addresses={"api": base_url},
            http_client=stripe.RequestsClient(timeout=5, session=session),
            max_network_retries=0,
        )


@pytest.fixture
def now(sandbox: SandboxServer) -> Callable[[], int]:
    return sandbox.desk.clock.stamp


def line(amount: int = 1450, currency: str = "usd", quantity: int = 1, **product: str) -> dict:
    named = {"name": "Metropolis"} | product
    return {
        "price_data": {"currency": currency, "unit_amount": amount, "product_data": named},
        "quantity": quantity,
    }


@pytest.fixture
def params(now: Callable[[], int]) -> dict:
    """What the site sends to open a session for two seats."""
    return {
        "mode": "payment",
        "line_items": [line(quantity=2, description="Row C, seats 7 and 8")],
        "client_reference_id": "booking-1",
        "customer_email": "guest@example.com",
        "metadata": {"payment": "17"},
        "payment_intent_data": {"metadata": {"payment": "17"}},
        "success_url": "https://marquee.test/back/?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://marquee.test/checkout/4/",
        "expires_at": now() + 3600,
    }


@pytest.fixture
def open_session(client: stripe.StripeClient, params: dict) -> Callable[..., stripe.checkout.Session]:
    def create(key: str | None = None, **changes: object) -> stripe.checkout.Session:
        options = {"idempotency_key": key} if key else {}
        return client.v1.checkout.sessions.create(params=params | changes, options=options)

    return create


@pytest.fixture
def paid(sandbox: SandboxServer, open_session: Callable) -> Callable[..., str]:
    """The PaymentIntent of a session that has been paid."""

    def create(**how: str) -> str:
        return sandbox.pay(open_session().id, **how)["payment_intent"]

    return create


@pytest.fixture
def visitor() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


class Endpoint:
    """A site that receives webhooks, answers as the test says, and shows a page to customers who come back."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.received: list[tuple[bytes, str]] = []
        self.arrived = threading.Condition()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                with endpoint.arrived:
                    status = endpoint.answers.pop(0) if endpoint.answers else 200
                    endpoint.received.append((body, self.headers["stripe-signature"]))
                    endpoint.arrived.notify_all()
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                page = b"<!doctype html><title>The site</title><p>Welcome back</p>"
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.send_header("content-length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.url = f"{self.origin}/hook/"

    def wait_for(self, count: int) -> list[tuple[bytes, str]]:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.received) >= count, timeout=30), self.received
            return list(self.received)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    receiver = Endpoint()
    thread = threading.Thread(target=receiver.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield receiver
    receiver.server.shutdown()
    thread.join()
    receiver.server.server_close()


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
