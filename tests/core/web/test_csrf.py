"""A form on another site can do nothing here; the few addresses that accept a POST without a token are named."""

from inspect import unwrap

from core.monitoring.redaction import all_routes

# The provider signs the first. Mail programs post to the others, with a random code as the proof (RFC 8058).
WITHOUT_TOKEN = {"webhook", "leave_waiting_list", "leave_favorite"}


def is_exempt(callback) -> bool:
    """Only the outermost view is checked, because Django looks there; an exemption inside a wrapper has no effect."""
    return any(getattr(view, "csrf_exempt", False) for view in (callback, unwrap(callback)))


def test_only_these_take_a_post_without_a_token():
    assert {entry.name for entry, _route in all_routes() if is_exempt(entry.callback)} == WITHOUT_TOKEN
