"""Why the box office says no: one exception per reason, each with a sentence for the customer.

One module for each thing that is refused.
"""
