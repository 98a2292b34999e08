"""The sandbox inside a test process: `with SandboxServer() as sandbox: …`."""

from fnmatch import fnmatch
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from dev.sandbox import dashboard, disputes, refunds, sessions, webhooks
from dev.sandbox.app import build_app
from dev.sandbox.clock import Clock
from dev.sandbox.courier import Courier
from dev.sandbox.desk import Desk
from dev.sandbox.faults import Fault, Kind
from dev.sandbox.keys import RIGHTS
from dev.sandbox.ledger import Ledger
from dev.sandbox.probe import Probe
from dev.sandbox.server import ServerThread
from dev.sandbox.shapes import present
from dev.sandbox.switches import Action, Switches, WebhookRule
from dev.sandbox.webhooks import Letter, Post

Body = dict[str, Any]


class SandboxServer:
    def __init__(
        self,
        ledger: str | Path = ":memory:",
        webhook_url: str | None = None,
        *,
        secret_key: str = "sk_test_sandbox",  # noqa: S107
        webhook_secret: str = "whsec_sandbox",  # noqa: S107
        clock: Clock | None = None,
        probe: Probe | None = None,
    ) -> None:
        self.secret_key = secret_key
        self.webhook_secret = webhook_secret
        self.desk = Desk(Ledger(ledger), clock or Clock(), secret_key, webhook_secret, webhook_url, probe=probe)
        self._thread = ServerThread(build_app(self.desk, control=True))
        self._courier = Courier(self.desk) if webhook_url else None
        self.base_url = f"http://127.0.0.1:{self._thread.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        if self._courier:
            self._courier.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.desk.faults.clear()
        if self._courier:
            self._courier.stop()
        self._thread.stop()
        if self.desk.probe:
            self.desk.probe.close()
        self.desk.ledger.close()

    # Acts of customers, banks and the dashboard.

    def pay(self, session_id: str, *, card: str = dashboard.GOOD_CARD, email: str | None = None) -> Body:
        return dashboard.pay(self.desk, session_id, card=card, email=email)

    def pay_late(self, session_id: str) -> Body:
        """Pay a session although it is closed, as a late payment does."""
        return dashboard.pay_whatever_its_state(self.desk, session_id)

    def authenticate(self, session_id: str, *, outcome: str = "complete") -> Body:
        return dashboard.authenticate(self.desk, session_id, outcome=outcome)

    def expire(self, session_id: str) -> Body:
        return dashboard.expire(self.desk, session_id)

    def refund(self, payment_id: str, *, amount: int | None = None) -> Body:
        """Refund in the dashboard; the payment is named by its session, intent or charge."""
        return dashboard.refund(self.desk, payment_id, amount=amount)

    def refund_succeeds(self, refund_id: str) -> Body:
        return refunds.succeed(self.desk, refund_id)

    def refund_reference_is_known(self, refund_id: str, reference: str) -> Body:
        return refunds.reference_is_known(self.desk, refund_id, reference)

    def refund_fails(self, refund_id: str, *, reason: str = "expired_or_canceled_card") -> Body:
        return refunds.fail(self.desk, refund_id, reason=reason)

    def dispute(self, payment_id: str, *, reason: str = "fraudulent") -> Body:
        return dashboard.dispute(self.desk, payment_id, reason=reason)

    def win_dispute(self, dispute_id: str) -> Body:
        return disputes.win(self.desk, dispute_id)

    def lose_dispute(self, dispute_id: str) -> Body:
        return disputes.lose(self.desk, dispute_id)

    def reopen_dispute(self, dispute_id: str) -> Body:
        return disputes.reopen(self.desk, dispute_id)

    def settle(self, payment_id: str, *, card: str = dashboard.GOOD_CARD) -> Body:
        """Let the bank decide about a payment that was made with `card="processing"`."""
        return dashboard.settle(self.desk, payment_id, card=card)

    # Switches.

    @property
    def switches(self) -> Switches:
        return self.desk.switches

    def fault(self, kind: Kind, path: str = "*", **values: Any) -> Fault:
        """Plant a fault for one request, or for `times` of them (None: until `heal`)."""
        return self.desk.faults.add(Fault(kind, path, **{"times": 1} | values))

    def restrict(self, key: str, *rights: str) -> str:
        """Make a restricted key with these rights, by Stripe's names such as `charge_read`; returns the key."""
        assert key.startswith("rk_test_")
        assert set(rights) <= RIGHTS, set(rights) - RIGHTS
        self.desk.restricted_keys[key] = frozenset(rights)
        return key

    def go_dead(self) -> None:
        """Cut every connection before anything is done, until `heal`."""
        self.fault("cut", times=None)

    def heal(self) -> None:
        self.desk.faults.clear()

    def rule(self, action: Action, event_type: str = "*", **values: Any) -> None:
        """Set a rule for the next event of that type, or for the next `times`."""
        self.switches.webhook_rules.append(WebhookRule(action, event_type, **{"times": 1} | values))

    def advance(self, seconds: float) -> None:
        """Move the sandbox's own clock; the site's stays."""
        self.desk.clock.advance(seconds)
        sessions.expire_overdue(self.desk)
        self.desk.wake.set()

    def reset(self) -> None:
        self.desk.reset()

    # Webhooks in collect mode: the test posts them, for example with Django's test client.

    def letters(self) -> list[Letter]:
        """The due deliveries, signed, in the order in which they would be sent; they stay due."""
        return webhooks.letters_due(self.desk)

    def collect(self) -> list[Letter]:
        """The due deliveries, which are marked as delivered."""
        letters = self.letters()
        for letter in letters:
            webhooks.note_answer(self.desk, letter, status=200)
        return letters

    def deliver_to(self, post: Post) -> int:
        """Post due deliveries, and those that follow from them, with `post(body, signature) -> status`; returns how
        many got a 2xx.
        """
        delivered = 0
        while self.letters():
            delivered += webhooks.deliver_due(self.desk, post)
        return delivered

    def wait_for_courier(self) -> None:
        """Wait until the deliveries that are being posted are answered and recorded."""
        with self.desk.delivering:
            return

    # Records of what happened.

    def session(self, session_id: str) -> Body:
        return present(sessions.fetch(self.desk, session_id))

    def events(self, event_type: str = "*") -> list[Body]:
        return [present(event) for event in self.desk.ledger.find("event", "type GLOB ?", event_type)]

    def deliveries(self) -> list[Body]:
        return webhooks.deliveries(self.desk)

    def requests(self, path: str = "*", method: str = "*") -> list[Body]:
        """The requests of the site, oldest first."""
        return [
            note for note in list(self.desk.requests) if fnmatch(note["path"], path) and fnmatch(note["method"], method)
        ]

    @property
    def violations(self) -> list[Body]:
        return self.desk.violations
