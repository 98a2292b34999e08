"""Accounts of customers and staff: signing in, sessions, and their mails."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
