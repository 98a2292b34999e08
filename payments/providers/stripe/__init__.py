"""Stripe as a provider: hosted Checkout by redirect. Nothing outside this app imports the SDK or knows Stripe's words."""
