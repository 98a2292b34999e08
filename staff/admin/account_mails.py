"""The outbox of accounts, for staff who help with "I never got that mail". No page shows the text of a mail, because
its links open accounts.
"""

from zoneinfo import ZoneInfo

from django.contrib import admin
from django.utils.safestring import SafeString

from accounts.models import AccountMail
from core.texts.lazy_text import gettext_lazy as _
from staff.office import HOUSE, NOTHING, LedgerAdmin, moment_text
from staff.outbox_pages import MailStateFilter, mail_state

UTC = ZoneInfo("UTC")


@admin.register(AccountMail)
class AccountMailAdmin(LedgerAdmin):
    """Mails of customers' accounts, which belong to no theater: for superusers only."""

    theater_path = HOUSE
    nothing_here = _("No mail has been written yet.")
    list_display = ["written", "about", "to", "state", "attempts", "last_error"]
    list_display_links = ["written"]
    list_filter = [MailStateFilter]
    search_fields = ["to"]
    search_help_text = "E-mail"
    ordering = ["-pk"]
    fields = ["written", "about", "to", "state", "next_try", "sent", "attempts", "last_error"]

    @admin.display(description="written", ordering="pk")
    def written(self, mail: AccountMail) -> str:
        return moment_text(mail.created_at, UTC)

    @admin.display(description="about")
    def about(self, mail: AccountMail) -> str:
        """What the mail is about, from its template: "password reset key", "invitation"."""
        return mail.kind.rsplit("/", maxsplit=1)[-1].replace("_", " ")

    @admin.display(description="state")
    def state(self, mail: AccountMail) -> SafeString:
        return mail_state(mail)

    @admin.display(description=_("next try"))
    def next_try(self, mail: AccountMail) -> str:
        return NOTHING if mail.sent_at or mail.gave_up_at else moment_text(mail.try_at, UTC)

    @admin.display(description="sent")
    def sent(self, mail: AccountMail) -> str:
        return moment_text(mail.sent_at, UTC)
