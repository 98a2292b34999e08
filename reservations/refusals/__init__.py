"""Refusals that several services raise: an exception for each reason, with a sentence for the customer.

A module for each thing that is refused.
"""
