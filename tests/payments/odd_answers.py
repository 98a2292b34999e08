"""Answers that prove nothing, by name: faults for the sandbox that stand for something between Stripe and us."""

import json

STRIPE_HAS_ANOTHER = '{"id": "ch_1", "object": "charge", "amount": 1450, "currency": "gbp"}'
NOT_STRIPES_OWN = {
    "a page with 200": ("proxy", 200, ""),
    "a page with 403": ("proxy", 403, ""),
    "a page with 404": ("proxy", 404, ""),
    "a page with 408": ("proxy", 408, ""),
    "a page with 502": ("proxy", 502, ""),
    "half of the JSON": ("truncate", 200, ""),
    "nothing": ("reply", 200, ""),
    "an empty object": ("reply", 200, "{}"),
    "an empty list": ("reply", 200, '{"data": []}'),
    "no object at all": ("reply", 200, "[1, null]"),
    "null": ("reply", 200, "null"),
    "another object": ("reply", 200, STRIPE_HAS_ANOTHER),
    "a refund without an id": ("reply", 200, '{"object": "refund", "status": "succeeded"}'),
    "a session without an id": ("reply", 200, '{"object": "checkout.session", "status": "open"}'),
    "a session whose address is none": (
        "reply", 200, '{"object": "checkout.session", "id": "cs_1", "status": "open", "url": 7}',
    ),
    "nested too deep": ("reply", 200, "[" * 5000 + "]" * 5000),
    "a sentence of a gateway": ("reply", 403, '{"message": "Forbidden"}'),
    "an error that is a word": ("reply", 403, '{"error": "forbidden"}'),
    "an error that is null": ("reply", 400, '{"error": null}'),
    "an error that is a list": ("reply", 400, '{"error": ["forbidden"]}'),
    "an error without a type": ("reply", 400, '{"error": {"code": "no", "message": "No."}}'),
    "an error with a foreign type": ("reply", 400, '{"error": {"type": "firewall", "code": "no", "message": "No."}}'),
    "an error without a code": ("reply", 400, '{"error": {"type": "invalid_request_error", "message": "No."}}'),
    **{
        f"{kind} without a code and with a request's id": (
            "stripes_reply", status, json.dumps({"error": {"type": kind, "message": "No.", "code": code}}),
        )
        for kind, status, code in [
            ("invalid_request_error", 400, None), ("card_error", 402, ""), ("invalid_request_error", 404, 7),
        ]
    },
    "a key that was used for something else": (
        "stripes_reply", 400, '{"error": {"type": "idempotency_error", "message": "Keys can only be used with…"}}',
    ),
    "a key in use": (
        "stripes_reply", 400,
        '{"error": {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": "In use."}}',
    ),
}  # fmt: skip


def put_between(sandbox, name: str, path: str, *, stage: str = "after", method: str = "*") -> None:
    """Give this answer to these requests until the sandbox is healed."""
    kind, status, body = NOT_STRIPES_OWN[name]
    sandbox.fault(kind, path, times=None, stage=stage, status=status, body=body, method=method)
