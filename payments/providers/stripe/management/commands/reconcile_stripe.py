import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.clock import database_now
from core.pauses import read_pause, reconciling
from payments.books.ledger_comparison import Difference
from payments.books.reconciliation import EVERYTHING, Reconciliation, compare_books, reconcile
from payments.providers import errors
from payments.providers.registry import provider_named
from payments.providers.stripe.provider import StripeProvider
from payments.sessions.payment_sessions import SESSION_SECONDS
from theaters.schedule.sales_pauses import note_agreement

DIFFER, UNKNOWN = 1, 2
SESSIONS_LIVE = timedelta(seconds=SESSION_SECONDS)


def moment(text: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no moment such as 2026-11-28T20:15 or 2026-11-28T20:15+01:00") from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def from_before_a_restore(since: datetime) -> datetime:
    """In a pause after a restore, begin at the latest an hour before the last moment that the database knows, because a
    payment session lives for an hour.
    """
    pause = read_pause()
    if pause is None or pause.known_until is None:
        return since
    return min(since, pause.known_until - SESSIONS_LIVE)


class Command(BaseCommand):
    help = (
        "Compares Stripe's payments, refunds and disputes with ours, in both directions, and lists what differs. "
        "Exits with 0 only when both agree, with 1 when they differ, with 2 when Stripe could not be asked."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--since", type=moment, required=True, help="from this moment on; UTC unless it says otherwise"
        )
        parser.add_argument(
            "--apply",
            action="store_true",
            help="mend what differs: settle, write lost sales again (only while sales are paused), adopt refunds and disputes",
        )
        parser.add_argument("--json", action="store_true", help="print {since, until, agrees, found, left}")

    def handle(self, *args: Any, **options: Any) -> None:
        since, until = from_before_a_restore(options["since"]), database_now()
        if since >= until:
            raise CommandError("--since must be in the past", returncode=UNKNOWN)
        mine = [provider_named(StripeProvider.name)]
        try:
            with reconciling():
                if options["apply"]:
                    result = reconcile(providers=mine, since=since, until=until, remedies=EVERYTHING, actor="command")
                else:
                    result = compare_books(providers=mine, since=since, until=until)
        except errors.ProviderError as error:
            raise CommandError(f"Stripe could not be asked: {error}", returncode=UNKNOWN) from error
        note_agreement(agrees=result.agrees)
        self._print(result, since, until, as_json=options["json"])
        if not result.agrees:
            raise CommandError(f"Stripe and the database differ: {len(result.left)}", returncode=DIFFER)

    def _print(self, result: Reconciliation, since: datetime, until: datetime, *, as_json: bool) -> None:
        if as_json:
            facts = {"since": since.isoformat(), "until": until.isoformat(), "agrees": result.agrees}
            lists = {"found": result.found, "left": result.left}
            rows = {name: [as_row(difference) for difference in rows] for name, rows in lists.items()}
            self.stdout.write(json.dumps(facts | rows, indent=1))
            return
        for difference in result.mended:
            self.stdout.write(f"mended  {difference.kind} {difference.provider_id}: {difference.says}")
        for difference in result.left:
            self.stdout.write(
                f"differs {difference.kind} {difference.provider_id}: {difference.says}: {difference.remedy}"
            )
        if result.agrees:
            self.stdout.write(f"Stripe and the database agree since {since.isoformat()}")
        pause = read_pause()
        for line in pause.losses_in_words if pause is not None else []:
            self.stdout.write(line)


def as_row(difference: Difference) -> dict[str, str]:
    return {
        "kind": difference.kind,
        "stripe_id": difference.provider_id,
        "booking": difference.booking,
        "says": difference.says,
        "remedy": str(difference.remedy),
    }
