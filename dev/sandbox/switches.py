"""The settings a test may turn while the sandbox runs: webhooks, refunds, and what is taken of a payment."""

from dataclasses import asdict, dataclass, field
from fnmatch import fnmatch
from typing import Any, Literal, get_args

Order = Literal["normal", "reversed"]
RefundMode = Literal["succeeded", "pending", "failed", "insufficient_balance"]
Action = Literal["duplicate", "delay", "drop", "swallow"]
CHOICES: dict[str, Any] = {"paused": bool, "order": Order, "refunds": RefundMode, "takes": int}


def check_choice(choices: Any, value: str) -> None:
    """Values come as JSON too; a misspelt one must not pass for a switch that was turned."""
    known = get_args(choices)
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")


@dataclass
class WebhookRule:
    """What happens to the next `times` deliveries of events whose type matches.

    `drop`: the endpoint never answered 2xx; Stripe lists the event as undelivered.
    `swallow`: something answered 2xx, but the site never saw it; Stripe thinks all is well.
    """

    action: Action
    type: str = "*"
    times: int | None = None
    copies: int = 1
    seconds: float = 0.0

    def __post_init__(self) -> None:
        check_choice(Action, self.action)


@dataclass
class Switches:
    """`takes`: the smallest coins that a payment really brings, whatever its session asked for; None: what was asked."""

    paused: bool = False
    order: Order = "normal"
    refunds: RefundMode = "succeeded"
    takes: int | None = None
    webhook_rules: list[WebhookRule] = field(default_factory=list)

    def rules_for(self, event_type: str) -> list[WebhookRule]:
        """Those that apply to one event; each is used up by one."""
        found = [rule for rule in self.webhook_rules if fnmatch(event_type, rule.type)]
        for rule in found:
            if rule.times is not None:
                rule.times -= 1
        self.webhook_rules = [rule for rule in self.webhook_rules if rule.times is None or rule.times > 0]
        return found

    def turn(self, **values: Any) -> None:
        for name, value in values.items():
            if name not in CHOICES:
                raise ValueError(f"There is no switch {name}; there are {', '.join(CHOICES)}")
            if name == "paused":
                self.paused = bool(value)
            elif name == "takes":
                self.takes = None if value is None else int(value)
            else:
                check_choice(CHOICES[name], value)
                setattr(self, name, value)

    def reset(self) -> None:
        self.paused, self.order, self.refunds, self.takes = False, "normal", "succeeded", None
        self.webhook_rules.clear()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)
