"""Stripe as a provider: hosted Checkout by redirect. Nothing outside this app imports the SDK or uses Stripe's terms."""
