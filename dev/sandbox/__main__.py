"""`python -m dev.sandbox`: the sandbox as a process of its own."""

import argparse
import signal
import sys

from dev.sandbox.app import build_app
from dev.sandbox.clock import Clock
from dev.sandbox.courier import Courier
from dev.sandbox.desk import Desk
from dev.sandbox.ledger import Ledger
from dev.sandbox.probe import Probe
from dev.sandbox.server import listen, make_server


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dev.sandbox", description="A stand-in for Stripe.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ledger", required=True, help="the SQLite file that remembers everything")
    parser.add_argument("--webhook-url", help="where events are posted; without it none are")
    parser.add_argument("--webhook-secret", required=True)
    parser.add_argument("--secret-key", required=True, help="the sk_test_… key the site uses")
    parser.add_argument("--public-url", help="origin of the payment page; default: the address the site called")
    parser.add_argument("--control", action="store_true", help="open the switches at /_control/")
    parser.add_argument("--probe-database-url", help="look for open transactions of the site in this database")
    parser.add_argument("--probe-application", help="application_name (or its beginning) of the site's connections")
    options = parser.parse_args(arguments)
    if "_live" in options.secret_key or "_live" in options.webhook_secret:
        parser.error("a live key was given; the sandbox runs beside test keys only")
    if not options.secret_key.startswith(("sk_test_", "rk_test_")):
        parser.error("--secret-key must begin with sk_test_")
    if not options.webhook_secret.strip():
        parser.error("--webhook-secret must not be empty")
    if bool(options.probe_database_url) != bool(options.probe_application):
        parser.error("--probe-database-url and --probe-application belong together")
    return options


def make_probe(options: argparse.Namespace) -> Probe | None:
    if not options.probe_database_url:
        return None
    # Only where it is wanted: the driver takes as long to import as all the rest.
    from dev.sandbox.postgres_probe import PostgresProbe  # noqa: PLC0415

    return PostgresProbe(options.probe_database_url, options.probe_application)


def make_desk(options: argparse.Namespace) -> Desk:
    return Desk(
        ledger=Ledger(options.ledger),
        clock=Clock(),
        secret_key=options.secret_key,
        webhook_secret=options.webhook_secret,
        webhook_url=options.webhook_url,
        has_endpoint=bool(options.webhook_url),
        public_url=options.public_url,
        probe=make_probe(options),
    )


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    try:
        listener = listen(options.host, options.port)
    except OSError as error:
        sys.exit(f"Port {options.port} cannot be used: {error}")
    desk = make_desk(options)
    courier = Courier(desk)
    courier.start()
    print(f"Stripe sandbox on http://{options.host}:{options.port}, ledger {options.ledger}", flush=True)
    # The server puts the signal it was stopped by on again when it is done: end quietly then.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        make_server(build_app(desk, control=options.control)).run(sockets=[listener])
    except KeyboardInterrupt:
        pass
    finally:
        courier.stop()
        desk.ledger.close()


if __name__ == "__main__":
    main()
