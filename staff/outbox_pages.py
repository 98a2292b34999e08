"""Helpers of admin pages of outboxes: the state of a mail as a word and a filter."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from core.letters.outbox import OutboxRow
from staff.office import state_chip


class MailStateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sent", "Sent"), ("waiting", "Waiting"), ("failed", "Given up or refused"), ("refused", "Refused")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return {
            "sent": queryset.filter(sent_at__isnull=False),
            "waiting": queryset.filter(sent_at__isnull=True, gave_up_at__isnull=True),
            "failed": queryset.filter(gave_up_at__isnull=False),
            "refused": queryset.filter(is_refused=True),
        }.get(self.value() or "", queryset)


def mail_state(mail: OutboxRow) -> SafeString:
    if mail.sent_at:
        return state_chip("sent", "Sent")
    if mail.is_refused:
        return state_chip("failed", "Refused")
    return state_chip("failed", "Given up") if mail.gave_up_at else state_chip("waiting", "Waiting")
