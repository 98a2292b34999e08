"""A stand-in for Stripe on this machine: its HTTP API, its payment page and its webhooks.

Development and tests only. Nothing of the product is imported here, and the product imports nothing from here:
the two meet over HTTP, as they would with Stripe.
"""
