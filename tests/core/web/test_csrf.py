"""A form of another site does nothing here: which addresses take a POST without a token, by name."""

from inspect import unwrap

from core.monitoring.redaction import all_routes

# Signed by the provider; and asked for by mail programs, with a random code as the proof (RFC 8058).
WITHOUT_TOKEN = {"webhook", "leave_waiting_list", "leave_favorite"}


def is_exempt(callback) -> bool:
    """At the outermost view alone, which is where Django looks; a wrapper inside would not count, and is not wanted either."""
    return any(getattr(view, "csrf_exempt", False) for view in (callback, unwrap(callback)))


def test_only_these_take_a_post_without_a_token():
    assert {entry.name for entry, _route in all_routes() if is_exempt(entry.callback)} == WITHOUT_TOKEN
