import pytest


@pytest.fixture(autouse=True)
def stripe_is_asked_again_at_once(monkeypatch):
    """Remove the SDK's pause of half a second before it repeats a call."""
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.001)
