from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from core.addresses import client_address


class AccountAdapter(DefaultAccountAdapter):
    """allauth with the site's own idea of a client's address (exactly as many proxies as we run)."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)
